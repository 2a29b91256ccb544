"""How FP1 printers word it: fields without separators of their own, answers as comma-separated text (Daisy v1.8.1,
Datecs FP-2000 v3.10). Implements commands.Papering and commands.Registering; knows no frame and no port.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from fiscalmon.domain.paper import PaperLine

from .commands import Identity, ReceiptState, Request, Sale, clock_of, money_of
from .profile import DeviceProfile
from .text import encoded, pieces, printable

CONSTANTS = Request(0x80, query=True)


class Fp1Paper:
    """Text, state and clock. `columns` is the printer's own limit, which it may have told."""

    def __init__(self, profile: DeviceProfile, columns: int) -> None:
        self._profile = profile
        self.columns = columns

    def error(self, data: bytes) -> str | None:
        return None

    def identify(self) -> Request:
        return Request(0x5A, b"1", query=True)

    def read_identity(self, data: bytes) -> Identity:
        fields = [part.strip() for part in data.decode("latin-1").split(",")]
        where = self._profile.identity
        if len(fields) < 5:
            return Identity(fields[0], "", "", "")
        # Fewer fields than the dialect has (some firmware leaves out the fiscal memory): the serial number is the last.
        short = len(fields) < where.length
        serial = fields[-1] if short else fields[where.serial]
        model = "" if where.model is None else fields[where.model]
        return Identity(model, fields[where.firmware], serial, "" if short else fields[where.memory])

    def read_clock(self, data: bytes) -> datetime | None:
        return clock_of(data.decode("latin-1"))

    def set_clock(self, local: datetime) -> Request:
        return Request(0x3D, local.strftime(self._profile.clock).encode())

    def text(self, line: PaperLine) -> list[Request]:
        shown = printable(line.text, self._profile.code_page)
        parts = pieces(shown, self.columns)
        return [Request(0x2A, part.encode(self._profile.code_page, "replace"), prints=True) for part in parts]

    def qr(self, text: str) -> Request | None:
        content = encoded(text, "ascii")
        if self._profile.qr == "barcode":
            request = Request(0x54, b"Q,C," + content, prints=True)
        elif self._profile.qr == "daisy":
            request = Request(0x55, b"Q," + content, prints=True)
        else:
            return None
        return request if len(request.data) <= self._profile.data_limit else None

    def cut(self) -> list[Request]:
        if self._profile.cut is None:
            return []
        return [Request(0x2D, self._profile.cut)]

    def read_number(self, data: bytes) -> str | None:
        last = data.decode("latin-1").rsplit(",", 1)[-1].strip()
        return last if last.isdigit() else None

    def last_closure(self) -> Request:
        return Request(0x40, b"0", query=True)

    def read_closure(self, data: bytes) -> str | None:
        first = data.decode("latin-1").split(",", 1)[0].strip()
        return first if first.isdigit() else None

    def drawer(self) -> Request:
        return Request(0x6A)

    def read_constants(self, data: bytes) -> int | None:
        """The characters of a comment, from the printer's own constants; None where it does not say."""
        fields = data.decode("latin-1").split(",")
        if len(fields) < 11 or not fields[9].strip().isdigit():
            return None
        columns = int(fields[9])
        return columns if 16 <= columns <= 80 else None


class Fp1Registering:
    """Fiscal receipts and reports."""

    def __init__(self, profile: DeviceProfile, columns: int) -> None:
        self._profile = profile
        self._columns = columns

    def rates(self) -> Request:
        return Request(0x61, query=True)

    def read_rates(self, data: bytes) -> list[tuple[str, Decimal]]:
        """Group A is the first; a group without a number ("DT") is not in use."""
        found = []
        for place, text in enumerate(data.decode("latin-1").split(",")[:8]):
            if text.strip().replace(".", "", 1).isdigit():
                found.append((chr(0x41 + place), Decimal(text.strip())))
        return found

    def open_receipt(self) -> Request:
        command, words = self._profile.open_receipt
        return Request(command, words.encode(), "slow", prints=True)

    def sale(self, sale: Sale) -> Request:
        name = encoded(sale.name, self._profile.code_page)[: self._profile.name]
        data = name + f"\t{sale.tax}{sale.price:.2f}".encode()
        if sale.quantity != 1:
            data += f"*{sale.quantity:.3f}".encode()
        if sale.discount:
            data += f"{self._profile.discount}-{sale.discount:.2f}".encode()
        return Request(0x31, data, prints=True)

    def comment(self, text: str) -> list[Request]:
        shown = printable(text, self._profile.code_page)
        return [
            Request(0x36, part.encode(self._profile.code_page, "replace"), prints=True)
            for part in pieces(shown, self._columns)
        ]

    def subtotal(self) -> Request:
        return Request(0x33, b"00")

    def read_subtotal(self, data: bytes) -> Decimal | None:
        return money_of(data.decode("latin-1").split(",", 1)[0])

    def pay(self, money_type: str, amount: Decimal | None) -> Request:
        if amount is None:
            return Request(0x35, b"\t", "slow", prints=True)
        letter = self._profile.payments.get(money_type, "P")
        return Request(0x35, f"\t{letter}{amount:.2f}".encode(), "slow", prints=True)

    def read_payment(self, data: bytes) -> str:
        return data[:1].decode("latin-1")

    def cancel(self) -> Request:
        return Request(self._profile.cancel, pace="slow", prints=True)

    def receipt_state(self) -> Request:
        return Request(0x4C, b"T", query=True)

    def read_state(self, data: bytes) -> ReceiptState | None:
        fields = data.decode("latin-1").split(",")
        if len(fields) < 3 or not fields[1].strip().isdigit():
            return None
        amount = money_of(fields[2])
        paid = money_of(fields[3]) if len(fields) > 3 else Decimal(0)
        if amount is None or paid is None:
            return None
        return ReceiptState(fields[0].strip() == "1", int(fields[1]), amount, paid)

    def report(self, closing: bool) -> Request:
        return Request(0x45, b"0" if closing else b"2", "report", prints=True)
