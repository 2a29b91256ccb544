"""What must hold in every world: FDMS's ledger, the books, the audit, the messages and the live figures agree.

Reads the books as any SQLite tool would, and FDMS's own file.
"""

import sqlite3
from collections import Counter

from fiscalmon.store.database import FILE_NAME
from tests.support.recount import counted, figures

from .world import World

OPEN = ("FiscalDayOpened", "FiscalDayCloseFailed")
_BOOKS = """
    SELECT r.fiscal_day_no, r.receipt_counter, r.receipt_global_no, r.hash, o.status, o.settled_at IS NOT NULL,
           o.validation_errors, r.receipt_id
    FROM receipts r JOIN outbox o ON o.receipt = r.id WHERE r.device_id = ? ORDER BY r.id"""


class Wrong(AssertionError):
    """An invariant does not hold."""


class Judge:
    """`answers`: what the till answered to each sale. `closed_by_hand`: days that ZIMRA ended, (device, number)."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.answers: dict[str, dict] = {}
        self.closed_by_hand: set[tuple[int, int]] = set()

    def rows(self, sql: str, *values) -> list[tuple]:
        database = sqlite3.connect(self.world.folder / "till" / FILE_NAME, isolation_level=None)
        try:
            return database.execute(sql, values).fetchall()
        finally:
            database.close()

    def answered(self, sale_id: str, result: dict) -> None:
        """A sale's answer is for ever: number, hash and signature stay whatever happens."""
        told = self.answers.setdefault(sale_id, result)
        for name in ("receiptId", "deviceID", "receiptGlobalNo", "receiptCounter", "fiscalDayNo", "hash", "signature"):
            self._must(told[name] == result[name], f"sale {sale_id} was answered with two values of {name}")

    def step(self) -> None:
        """What holds at every moment, whoever is dead and whatever is on its way."""
        kept = {row[0]: row[1:] for row in self.rows("SELECT sale_id, receipt_id, receipt_global_no FROM receipts")}
        for sale_id, told in self.answers.items():
            same = kept.get(sale_id) == (told["receiptId"], told["receiptGlobalNo"])
            self._must(same, f"the answered sale {sale_id} is not in the books")
        for device_id in self.world.ids:
            self._arrived(device_id)

    def _arrived(self, device_id: int) -> tuple[list[tuple], list[tuple]]:
        """FDMS holds a beginning of what the books hold, each receipt once and in order; both as (day, counter, …)."""
        theirs = [
            (row["fiscalDayNo"], row["receiptCounter"], row["receiptGlobalNo"], row["hash"])
            for row in self.world.ledger(device_id)
        ]
        ours = self.rows(_BOOKS, device_id)
        taken = [row[:4] for row in ours if "DAY_CLOSED" not in (row[6] or "")]
        self._must(taken[: len(theirs)] == theirs, f"device {device_id}: FDMS's ledger is no beginning of the books")
        settled = sum(bool(row[5]) for row in ours if "DAY_CLOSED" not in (row[6] or ""))
        self._must(settled <= len(theirs), f"device {device_id}: a receipt is settled that FDMS does not have")
        return ours, theirs

    async def end(self) -> None:
        """What holds once faults have stopped, everything was repeated and the queues have emptied."""
        self.step()
        for device_id in self.world.ids:
            self._device(device_id)
        self._messages()
        report = await self.world.do(lambda engine: engine.till.audit.run())
        self._must(report["errors"] == [], f"audit: {report['errors']}")
        self._must(set(report["fdms"].values()) <= {"agrees"}, f"audit: {report['fdms']}")
        self.recount()
        self._must(not self.world.faults, f"faults of the product's own: {self.world.faults[:2]}")
        self._must(not self.world.loop.complaints, f"lost exceptions: {self.world.loop.complaints[:2]}")

    def recount(self) -> None:
        """The snapshot is what all receipts, counted anew, come to."""
        engine = self.world.engine
        snapshot = engine._parts.metrics.snapshot()
        expected = counted(self.rows, engine.clock.now(), frozenset(self.world.ids))
        found = figures(snapshot)
        different = {name: (found[name], expected[name]) for name in expected if found[name] != expected[name]}
        self._must(not different, f"the snapshot is no recount: {different}")
        waiting = self.rows("SELECT count(*) FROM outbox WHERE settled_at IS NULL")[0][0]
        self._must(snapshot["queueDepth"] == waiting, f"{waiting} wait, the snapshot says {snapshot['queueDepth']}")

    def _device(self, device_id: int) -> None:
        ours, theirs = self._arrived(device_id)
        taken = [row for row in ours if "DAY_CLOSED" not in (row[6] or "")]
        self._must(len(taken) == len(theirs), f"device {device_id}: {len(taken) - len(theirs)} receipts never arrived")
        waiting = [row[2] for row in ours if not row[5]]
        self._must(not waiting, f"device {device_id}: {waiting} still wait")
        lost = {row[0] for row in ours if "DAY_CLOSED" in (row[6] or "")}
        by_hand = {day for device, day in self.closed_by_hand if device == device_id}
        self._must(lost <= by_hand, f"device {device_id}: days {lost - by_hand} were given up, nobody closed them")
        failed = [row[2] for row in taken if row[4] != "completed"]
        self._must(not failed, f"device {device_id}: {failed} failed: {[row[6] for row in taken if row[2] in failed]}")
        before = 0
        for row in ours:
            self._must(
                row[2] == before + 1 or (row[2] == 1 and row[1] == 1), f"device {device_id}: {row[2]} follows {before}"
            )
            before = row[2]

    def _messages(self) -> None:
        """One message for each fact that lasts."""
        told = self.rows("SELECT type, device_id, data ->> '$.fiscalDayNo', data ->> '$.receiptId', seq FROM events")
        self._must([row[4] for row in told] == sorted({row[4] for row in told}), "seq does not increase")
        days = Counter((row[0], row[1], row[2]) for row in told if row[0] in ("fiscal.opened", "fiscal.closed"))
        expected = Counter()
        for device_id, number, status in self.rows("SELECT device_id, fiscal_day_no, status FROM fiscal_days"):
            expected["fiscal.opened", device_id, number] = 1
            if status == "FiscalDayClosed":
                expected["fiscal.closed", device_id, number] = 1
        self._must(days == expected, f"messages of days: {days - expected} too many, {expected - days} missing")
        ends = Counter(row[3] for row in told if row[0] in ("receipt.completed", "receipt.failed"))
        settled = Counter(row[0] for row in self.rows(
            "SELECT r.receipt_id FROM receipts r JOIN outbox o ON o.receipt = r.id WHERE o.settled_at IS NOT NULL"
        ))  # fmt: skip
        self._must(ends == settled, f"messages of receipts: {ends - settled} too many, {settled - ends} missing")

    def _must(self, holds: bool, what: str) -> None:
        if not holds:
            raise Wrong(what)
