"""How X4 printers word it: every parameter ends with a TAB, also the last and the empty ones; answers begin with an
error number (Datecs X programmer's manual 2.02). Implements commands.Papering and commands.Registering; no frame, no
port.
"""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal, InvalidOperation

from fiscalmon.domain.paper import PaperLine

from .commands import Identity, ReceiptState, Request, Sale, clock_of
from .profile import DeviceProfile
from .text import encoded, pieces, printable

# How the printer's QR modules are sized, in its own steps.
_QR_SIZE = 6
_OFF = Decimal(100)


def parameters(*values: str) -> bytes:
    """The values, each with its TAB."""
    return "".join(f"{value}\t" for value in values).encode("latin-1")


def fields(data: bytes) -> list[str]:
    """The values of an answer after its error number."""
    return data.decode("latin-1").split("\t")[1:]


class X4Paper:
    """Text, state and clock."""

    def __init__(self, profile: DeviceProfile, columns: int) -> None:
        self._profile = profile
        self.columns = columns

    def error(self, data: bytes) -> str | None:
        """The error number, where the answer begins with one other than 0. The status may be clean all the same."""
        first = data.split(b"\t", 1)[0]
        return first.decode("latin-1") if re.fullmatch(rb"-\d+", first) else None

    def identify(self) -> Request:
        return Request(0x5A, parameters("1"), query=True)

    def read_identity(self, data: bytes) -> Identity:
        """Real devices mix commas, spaces and TABs; some leave out fields."""
        parts = [part for part in re.split(r"[,\t ]+", data.decode("latin-1")) if part]
        if parts[:1] == ["0"]:
            parts = parts[1:]
        where = self._profile.identity
        if len(parts) < where.length:
            return Identity(parts[0] if parts else "", "", parts[-2] if len(parts) >= 6 else "", "")
        return Identity(parts[0], parts[1], parts[where.serial], parts[where.memory])

    def read_clock(self, data: bytes) -> datetime | None:
        return clock_of(data.decode("latin-1"))

    def set_clock(self, local: datetime) -> Request:
        return Request(0x3D, parameters(local.strftime(self._profile.clock)))

    def text(self, line: PaperLine) -> list[Request]:
        shown = printable(line.text, self._profile.code_page)
        bold = "1" if line.strong else "0"
        style = (bold, "0", "1" if line.double else "0", "0", "0") if line.strong or line.double else ()
        return [Request(0x2A, parameters(part, *style), prints=True) for part in pieces(shown, self.columns)]

    def qr(self, text: str) -> Request | None:
        data = parameters("4", encoded(text, "ascii").decode(), str(_QR_SIZE))
        return Request(0x54, data, prints=True) if len(data) <= self._profile.data_limit else None

    def cut(self) -> list[Request]:
        # 2Eh is known to the FP-700X class alone, and 2Dh means something else; the printer cuts by itself.
        return []

    def read_number(self, data: bytes) -> str | None:
        values = [value.strip() for value in fields(data) if value.strip()]
        return values[-1] if values and values[-1].isdigit() else None

    def last_closure(self) -> Request:
        return Request(0x40, parameters("0"), query=True)

    def read_closure(self, data: bytes) -> str | None:
        values = fields(data)
        return values[0].strip() if values and values[0].strip().isdigit() else None

    def drawer(self) -> Request:
        return Request(0x6A, parameters("50"))


class X4Registering:
    """Fiscal receipts and reports."""

    def __init__(self, profile: DeviceProfile, columns: int) -> None:
        self._profile = profile
        self._columns = columns

    def rates(self) -> Request:
        return Request(0x32, query=True)

    def read_rates(self, data: bytes) -> list[tuple[str, Decimal]]:
        """The first value counts the changes; 100.00 is a group that is not in use."""
        found = []
        for place, text in enumerate(fields(data)[1:9], 1):
            value = _decimal(text)
            if value is not None and value != _OFF:
                found.append((str(place), value))
        return found

    def open_receipt(self) -> Request:
        command, words = self._profile.open_receipt
        return Request(command, words.encode(), "slow", prints=True)

    def sale(self, sale: Sale) -> Request:
        name = encoded(sale.name, self._profile.code_page)[: self._profile.name].decode("latin-1")
        discount = ("4", f"{sale.discount:.2f}") if sale.discount else ("", "")
        words = (name, sale.tax, f"{sale.price:.2f}", f"{sale.quantity:.3f}", *discount, "0")
        return Request(0x31, parameters(*words), prints=True)

    def comment(self, text: str) -> list[Request]:
        shown = printable(text, self._profile.code_page)
        return [Request(0x36, parameters(part), prints=True) for part in pieces(shown, self._columns)]

    def subtotal(self) -> Request:
        return Request(0x33, parameters("0", "0", "", ""))

    def read_subtotal(self, data: bytes) -> Decimal | None:
        values = fields(data)
        return _decimal(values[1]) if len(values) > 1 else None

    def pay(self, money_type: str, amount: Decimal | None) -> Request:
        if amount is None:
            return Request(0x35, parameters("0", ""), "slow", prints=True)
        return Request(
            0x35, parameters(self._profile.payments.get(money_type, "0"), f"{amount:.2f}"), "slow", prints=True
        )

    def read_payment(self, data: bytes) -> str:
        values = fields(data)
        return values[0][:1] if values else ""

    def cancel(self) -> Request:
        return Request(self._profile.cancel, pace="slow", prints=True)

    def receipt_state(self) -> Request:
        return Request(0x4C, query=True)

    def read_state(self, data: bytes) -> ReceiptState | None:
        values = fields(data)
        if len(values) < 5 or not values[2].strip().isdigit():
            return None
        amount, paid = _decimal(values[3]), _decimal(values[4])
        if amount is None or paid is None:
            return None
        return ReceiptState(values[0].strip() != "0", int(values[2]), amount, paid)

    def report(self, closing: bool) -> Request:
        return Request(0x45, parameters("Z" if closing else "X"), "report", prints=True)


def _decimal(text: str) -> Decimal | None:
    try:
        value = Decimal(text.strip().rstrip("%"))
    except InvalidOperation:
        return None
    return value if value.is_finite() else None
