"""Reading the books: short queries on connections of their own, so that no reader ever waits for the writer.

Blocking calls; the store runs them on its reader threads.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from ..books import Pending, Queue, ReceiptFilter
from ..domain.counters import CounterKey
from ..domain.day_record import DayRecord
from ..domain.device import decode_config
from ..domain.kpi import Board, Delta
from ..domain.recorded import Recorded
from ..domain.registered import RegisteredDevice
from ..events import Message
from .alert_rows import AlertArchive
from .chain_archive import ChainArchive
from .chore_rows import ChoreArchive
from .file_archive import CertificateArchive, FileArchive
from .history_archive import HistoryArchive
from .open_sale_rows import OpenSaleArchive
from .papers import Papers
from .print_archive import PrintArchive
from .product_rows import ProductArchive
from .reading import DAY, RECORDED, Ask, recorded
from .rollup_rows import board, rollups

# Most receipts name no buyer: those are passed by without reading their JSON.
_BUYER = (
    "CASE WHEN instr(r.payload, CAST('\"buyerData\":{' AS BLOB)) "
    "THEN json_extract(CAST(r.payload AS TEXT), '$.receipt.buyerData') END"
)
# A step into the index for each device; grouping all receipts would read all of it.
_LAST_NUMBERS = (
    "SELECT d.device_id, (SELECT max(r.receipt_global_no) FROM receipts r WHERE r.device_id = d.device_id) AS last "
    "FROM devices d WHERE last IS NOT NULL"
)


class Archive(ChainArchive):
    """Queries. `None` means not found. Whether all of them see the same moment is up to how they are asked."""

    def __init__(self, ask: Ask) -> None:
        super().__init__(ask)
        self.papers = Papers(ask)
        self.files = FileArchive(ask)
        self.chores = ChoreArchive(ask)
        self.history = HistoryArchive(ask)
        self.certificates = CertificateArchive(ask)
        self.prints = PrintArchive(ask)
        self.products = ProductArchive(ask)
        self.open_sales = OpenSaleArchive(ask)
        self.alerts = AlertArchive(ask)

    def preferences(self) -> dict[str, str]:
        """The sections that were ever set, as JSON by name."""
        return {row[0]: row[1] for row in self._all("SELECT section, value FROM preferences")}

    def devices(self) -> list[RegisteredDevice]:
        """All registered devices by id."""
        columns = ", ".join(RegisteredDevice.__struct_fields__)
        rows = self._all(f"SELECT {columns} FROM devices ORDER BY device_id")  # noqa: S608 - names of our own
        return [_device(row) for row in rows]

    def last_days(self) -> dict[int, DayRecord]:
        """Each device's newest fiscal day."""
        newest = "(SELECT max(fiscal_day_no) FROM fiscal_days n WHERE n.device_id = fiscal_days.device_id)"
        days = [DayRecord(*row) for row in self._all(f"{DAY} WHERE fiscal_day_no = {newest}")]
        return {day.device_id: day for day in days}

    def receipt(self, receipt_id: str) -> Recorded | None:
        """One receipt by our id."""
        rows = self._all(RECORDED + " WHERE r.receipt_id = ?", (receipt_id,))
        return recorded(rows[0]) if rows else None

    def sale(self, sale_id: str) -> Recorded | None:
        """The receipt that a saleId led to."""
        rows = self._all(RECORDED + " WHERE r.sale_id = ?", (sale_id,))
        return recorded(rows[0]) if rows else None

    def payload(self, receipt_id: str) -> bytes | None:
        """The exact body that FDMS got of a receipt."""
        rows = self._all("SELECT payload FROM receipts WHERE receipt_id = ?", (receipt_id,))
        return bytes(rows[0][0]) if rows else None

    def receipts(self, wanted: ReceiptFilter, limit: int) -> list[Recorded]:
        """A page of receipts, newest first."""
        clauses, values = _where(wanted)
        sql = f"{RECORDED} {clauses} ORDER BY r.id DESC LIMIT ?"
        return [recorded(row) for row in self._all(sql, (*values, limit))]

    def pending(self, device_id: int, after_row: int, limit: int) -> list[Pending]:
        """The next receipts to deliver, in the order of signing."""
        sql = RECORDED.replace("FROM receipts", ", r.payload FROM receipts")
        rows = self._all(
            sql + " WHERE o.device_id = ? AND o.settled_at IS NULL AND o.receipt > ? ORDER BY o.receipt LIMIT ?",
            (device_id, after_row, limit),
        )
        return [Pending(recorded(row[:-1]), bytes(row[-1])) for row in rows]

    def last_numbers(self) -> dict[int, int]:
        """Each device's highest receipt number."""
        return {row[0]: row[1] for row in self._all(_LAST_NUMBERS)}

    def queues(self) -> dict[int, Queue]:
        """What waits in each device's outbox; devices with nothing waiting are left out."""
        rows = self._all(
            "SELECT o.device_id, count(*), min(o.receipt) FROM outbox o WHERE o.settled_at IS NULL GROUP BY o.device_id"
        )
        oldest = {row[0]: self._all("SELECT signed_at FROM receipts WHERE id = ?", (row[2],))[0][0] for row in rows}
        return {row[0]: Queue(row[1], oldest[row[0]]) for row in rows}

    def events(
        self, after: int, limit: int, devices: frozenset[int] | None = None, *, newest: bool = False
    ) -> list[Message]:
        """Lasting messages after a `seq`, oldest first; with `newest` the last ones of all that follow it."""
        clause = _in("device_id", devices)
        order = "DESC" if newest else "ASC"
        rows = self._all(
            f"SELECT type, seq, at, device_id, data FROM events WHERE seq > ? {clause} ORDER BY seq {order} LIMIT ?",  # noqa: S608
            (after, limit),
        )
        messages = [Message(row[0], row[1], row[2], row[3], json.loads(row[4], parse_float=Decimal)) for row in rows]
        return messages[::-1] if newest else messages

    def last_seq_of(self, type_: str, device_id: int | None) -> int:
        """The newest message of a type about a device, or about none; 0 before any."""
        sql = "SELECT coalesce(max(seq), 0) FROM events WHERE type = ? AND device_id IS ?"
        return int(self._all(sql, (type_, device_id))[0][0])

    def last_seq(self) -> int:
        """The newest lasting message's `seq`, 0 before any."""
        return int(self._all("SELECT coalesce(max(seq), 0) FROM events")[0][0])

    def board(self, now: datetime) -> Board:
        """The live figures as the rollups have them."""
        return board(self._all, now)

    def rollups(self, first_day: str = "", first_minute: str = "") -> Iterator[Delta]:
        """The rollups as the deltas they are the sum of."""
        return rollups(self._all, first_day, first_minute)

    def counters(self, device_id: int, day_no: int) -> dict[CounterKey, int]:
        """A day's counters in cents."""
        rows = self._all(
            "SELECT type, currency, tax_id, percent, money_type, cents FROM day_counters "
            "WHERE device_id = ? AND fiscal_day_no = ?",
            (device_id, day_no),
        )
        return {CounterKey(*row[:5]): row[5] for row in rows}

    def day_totals(self, device_id: int, day_no: int) -> tuple[int, dict[str, Decimal]]:
        """How many receipts a day has, and their totals by currency."""
        rows = self._all(
            "SELECT receipt_currency, receipt_total FROM receipts WHERE device_id = ? AND fiscal_day_no = ?",
            (device_id, day_no),
        )
        totals: dict[str, Decimal] = {}
        for currency, total in rows:
            totals[currency] = totals.get(currency, Decimal(0)) + Decimal(total)
        return len(rows), dict(sorted(totals.items()))

    def attempts(self, device_id: int, limit: int) -> list[dict[str, Any]]:
        """A device's latest tries to deliver, newest first."""
        rows = self._all(
            "SELECT at, outcome, http_status, latency_ms, error FROM attempts WHERE device_id = ? "
            "ORDER BY id DESC LIMIT ?",
            (device_id, limit),
        )
        names = ("at", "outcome", "httpStatus", "latencyMs", "error")
        return [dict(zip(names, row, strict=True)) for row in rows]


def _device(row: Any) -> RegisteredDevice:
    values = dict(zip(RegisteredDevice.__struct_fields__, row, strict=True))
    values["config"] = decode_config(values["config"]) if values["config"] else None
    return RegisteredDevice(**values)


def _where(wanted: ReceiptFilter) -> tuple[str, list[Any]]:
    clauses: list[str] = []
    values: list[Any] = []
    for sql, value in (
        ("r.device_id = ?", wanted.device),
        ("r.fiscal_day_no = ?", wanted.day),
        ("o.status = ?", wanted.status),
        ("r.receipt_date >= ?", wanted.since),
        ("r.receipt_date <= ?", wanted.until),
        ("r.id < ?", wanted.before),
    ):
        if value is not None:
            clauses.append(sql)
            values.append(value)
    if wanted.search:
        like = "%" + wanted.search.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        fields = (
            "r.invoice_no",
            "r.sale_id",
            "r.receipt_id",
            "r.hash",
            "r.verification_code",
            "r.qr_url",
            "r.receipt_total",
            "replace(r.receipt_date, 'T', ' ')",
            *((_BUYER,) if wanted.buyers else ()),
        )
        clauses.append(
            "(" + " OR ".join(f"{field} LIKE ? ESCAPE '\\'" for field in fields) + " OR r.receipt_global_no = ?)"
        )
        values += [like] * len(fields) + [wanted.search if wanted.search.isdigit() else -1]
    if wanted.devices is not None:
        clauses.append(_in("r.device_id", wanted.devices).removeprefix("AND "))
    return ("WHERE " + " AND ".join(clauses) if clauses else ""), values


def _in(column: str, devices: frozenset[int] | None) -> str:
    """A clause that limits a column to some device ids; integers only, so their text is safe."""
    if devices is None:
        return ""
    return f"AND {column} IN ({','.join(str(int(device)) for device in sorted(devices)) or 'NULL'})"
