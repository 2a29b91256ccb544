"""Writing and finding receipts, their counters and rollups, their outbox, inside a write transaction."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from types import MappingProxyType

import msgspec

from ..books import Attempt, Tail
from ..domain.chain import Link, SignedReceipt
from ..domain.counters import CounterKey, moves
from ..domain.gateway import Acknowledgement
from ..domain.kpi import Board, Delta
from ..domain.recorded import Recorded
from .note_rows import NoteRows
from .print_rows import PrintRows
from .reading import RECORDED, recorded
from .rollup_rows import board
from .schema import ROLLUPS, day_counters, receipts
from .session import Session
from .statements import add_to, insert_into

_INSERT_RECEIPT = insert_into(receipts)
_ADD_COUNTER = add_to(day_counters)
_ADD_ROLLUP = MappingProxyType({bucket: add_to(table) for bucket, table in ROLLUPS.items()})
_LINK = """
    SELECT d.fiscal_day_no, d.opened, d.number_before, r.fiscal_day_no AS last_day, r.receipt_counter,
           r.receipt_global_no, r.receipt_date, r.hash
    FROM fiscal_days d LEFT JOIN receipts r ON r.id = (SELECT max(id) FROM receipts WHERE device_id = d.device_id)
    WHERE d.device_id = ? AND d.status IN ('FiscalDayOpened', 'FiscalDayCloseFailed')
        AND NOT d.adopted"""
_TAIL = """
    SELECT r.receipt_global_no, o.settled_at IS NOT NULL AND o.server_date IS NULL
           AND o.validation_errors LIKE '%DAY_CLOSED%' AS untaken
    FROM receipts r JOIN outbox o ON o.receipt = r.id WHERE r.device_id = ? ORDER BY r.id DESC LIMIT 1"""
_SETTLE = """
    UPDATE outbox SET status = ?, attempts = attempts + 1, fdms_receipt_id = ?, server_date = ?, server_signature = ?,
           validation_errors = ?, latency_ms = ?, settled_at = ? WHERE receipt = ? AND settled_at IS NULL"""


class ReceiptRows:
    """The receipts' side of a write transaction. Chain ends are remembered until a transaction fails."""

    def __init__(self, session: Session, notes: NoteRows, prints: PrintRows) -> None:
        self._session = session
        self._notes = notes
        self._prints = prints
        self._links: dict[int, Link] = {}

    def forget_links(self) -> None:
        """Read the chain's ends from the rows again: a transaction was rolled back or a day changed."""
        self._links.clear()
        self._prints.forget()

    def find_sale(self, sale_id: str) -> Recorded | None:
        """The receipt that a saleId led to."""
        row = self._session.one(RECORDED + " WHERE r.sale_id = ?", (sale_id,))
        return recorded(row) if row else None

    def link(self, device_id: int) -> Link | None:
        """Where the device's chain stands; None when no fiscal day takes receipts."""
        held = self._links.get(device_id)
        if held is None:
            row = self._session.one(_LINK, (device_id,))
            if row is None:
                return None
            same_day = row["last_day"] == row["fiscal_day_no"]
            given = None if same_day else row["number_before"]
            held = Link(
                row["fiscal_day_no"],
                row["opened"],
                row["receipt_counter"] if same_day else 0,
                (row["receipt_global_no"] or 0) if given is None else given,
                row["receipt_date"] or "",
                row["hash"] if same_day else None,
            )
            self._links[device_id] = held
        return held

    def tail(self, device_id: int) -> Tail:
        """The device's last receipt; what has a final answer without one of FDMS in it was never taken there."""
        row = self._session.one(_TAIL, (device_id,))
        return Tail(row["receipt_global_no"], bool(row["untaken"])) if row else Tail(0, False)

    def invoice_no_taken(self, invoice_no: str) -> bool:
        """Whether any receipt of this till has the invoice number."""
        return self._session.one("SELECT 1 FROM receipts WHERE invoice_no = ?", (invoice_no,)) is not None

    def add(self, entry: Recorded, signed: SignedReceipt, link: Link, signed_at: str) -> Recorded:
        """The signed receipt, its place in the outbox and its counters. `link`: the chain after this receipt."""
        receipt = signed.receipt
        row = self._session.insert(
            _INSERT_RECEIPT,
            {
                "id": None,
                "receipt_id": entry.receipt_id,
                "sale_id": entry.sale_id,
                "sale_digest": entry.sale_digest,
                "device_id": entry.device_id,
                "fiscal_day_no": entry.fiscal_day_no,
                "receipt_counter": receipt.counter,
                "receipt_global_no": receipt.global_no,
                "receipt_type": receipt.type,
                "receipt_currency": receipt.currency,
                "invoice_no": receipt.invoice_no,
                "receipt_date": receipt.date,
                "receipt_total": entry.receipt_total,
                "receipt_taxes": entry.receipt_taxes,
                "hash": signed.hash,
                "previous_hash": signed.previous_hash,
                "signature": signed.signature,
                "payload": signed.payload,
                "qr_url": entry.qr_url,
                "verification_code": entry.verification_code,
                "signed_at": signed_at,
            },
        )
        self._session.run(_ENQUEUE, (row, entry.device_id, entry.correlation_id))
        self._notes.add(row, receipt)
        self._prints.receipt_signed(row, entry.device_id, signed_at)
        counters = [(entry.device_id, entry.fiscal_day_no, *key, cents) for key, cents in moves(receipt)]
        self._session.many(_ADD_COUNTER, counters)
        self._links[entry.device_id] = link
        return msgspec.structs.replace(entry, row=row)

    def add_deltas(self, deltas: Iterable[Delta]) -> None:
        """Add to the rollups."""
        for bucket, key, add in deltas:
            self._session.run(_ADD_ROLLUP[bucket], (*key, *add))

    def board(self, now: datetime) -> Board:
        """The live figures with exactly what was committed before this transaction, and what it has done so far."""
        return board(self._session.all, now)

    def settle(self, entry: Recorded, answer: Acknowledgement, settled_at: str) -> bool:
        """FDMS's final answer, as `entry` tells it. False when the receipt was settled before."""
        signature = msgspec.json.encode(answer.server_signature).decode()
        values = (
            entry.status,
            answer.receipt_id,
            answer.server_date,
            signature,
            entry.validation_errors,
            entry.latency_ms,
            settled_at,
            entry.row,
        )
        return self._session.run(_SETTLE, values) == 1

    def mark_queued(self, row: int) -> bool:
        """FDMS could not be asked: the receipt waits. True when this is news."""
        self._session.run("UPDATE outbox SET attempts = attempts + 1 WHERE receipt = ?", (row,))
        return (
            self._session.run("UPDATE outbox SET status = 'queued' WHERE receipt = ? AND status = 'signed'", (row,))
            == 1
        )

    def queue_behind(self, device_id: int, row: int, limit: int) -> list[Recorded]:
        """FDMS cannot be reached: the signed receipts after `row` that were not asked about wait, too; they as news."""
        found = self._session.all(
            RECORDED + " WHERE o.device_id = ? AND o.settled_at IS NULL AND o.receipt > ? AND o.status = 'signed' "
            "ORDER BY o.receipt LIMIT ?",
            (device_id, row, limit),
        )
        waiting = [msgspec.structs.replace(recorded(one), status="queued") for one in found]
        for entry in waiting:
            self._session.run("UPDATE outbox SET status = 'queued' WHERE receipt = ?", (entry.row,))
        return waiting

    def add_attempt(self, entry: Recorded, attempt: Attempt) -> None:
        """One try to deliver a receipt, for support."""
        self._session.run(
            "INSERT INTO attempts (receipt, device_id, at, outcome, http_status, latency_ms, error, operation_id, "
            "correlation_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (entry.row, entry.device_id, *attempt, entry.correlation_id),
        )

    def counters(self, device_id: int, day_no: int) -> dict[CounterKey, int]:
        """A day's counters in cents, as they stand."""
        rows = self._session.all(
            "SELECT type, currency, tax_id, percent, money_type, cents FROM day_counters "
            "WHERE device_id = ? AND fiscal_day_no = ?",
            (device_id, day_no),
        )
        return {CounterKey(*tuple(row)[:5]): row["cents"] for row in rows}

    def unsettled(self, device_id: int, day_no: int) -> int:
        """How many receipts of a day FDMS has not answered yet."""
        row = self._session.one(
            "SELECT count(*) AS n FROM outbox o JOIN receipts r ON r.id = o.receipt "
            "WHERE o.device_id = ? AND o.settled_at IS NULL AND r.fiscal_day_no = ?",
            (device_id, day_no),
        )
        return int(row["n"]) if row else 0

    def given_up(self, entry: Recorded, errors: str, at: str) -> bool:
        """FDMS will never take the receipt: final without an answer. False when it was settled before."""
        values = ("failed", errors, at, entry.row)
        return self._session.run(_GIVE_UP, values) == 1


_GIVE_UP = (
    "UPDATE outbox SET status = ?, validation_errors = ?, settled_at = ? WHERE receipt = ? AND settled_at IS NULL"
)
_ENQUEUE = "INSERT INTO outbox (receipt, device_id, status, attempts, correlation_id) VALUES (?, ?, 'signed', 0, ?)"
