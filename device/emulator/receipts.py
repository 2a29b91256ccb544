"""What a fiscal printer prints and counts: receipts, slips, reports, codes. Each method does all of it or nothing.

Knows no frame: the protocols' commands call it, the dialects' tables say how wide and in which letters."""

from __future__ import annotations

from decimal import Decimal

from .dialects import Dialect
from .paper import Bars, Feed, Piece, Qr, plain
from .picture import qr_dots
from .printout import Printout
from .refusals import Refusal, demand
from .register import MOST_AMOUNT, ZERO, Kind, Register

GROUP_NAMES = "ABCDEFGH"
# Daisy's number for a code that does not fit.
QR_TOO_LARGE = 16


class Receipts:
    """Raises Refusal and has changed nothing when it may not."""

    def __init__(self, out: Printout, register: Register, dialect: Dialect) -> None:
        self._out, self.register, self._dialect = out, register, dialect
        self._machine = out.machine

    def open_nonfiscal(self) -> None:
        self.register.may_open("nonfiscal")
        demand(self._machine.clock.is_set)
        self._out.begin("nonfiscal", [*self._out.header(), plain("NON-FISCAL RECEIPT", "centre", bold=True)])
        self.register.open("nonfiscal")

    def close_nonfiscal(self) -> int:
        demand(self.register.nonfiscal_open)
        number = self.register.last_document + 1
        self._out.print([*self._out.footer(number), plain("NON-FISCAL RECEIPT", "centre", bold=True), Feed(90)])
        return self._out.end(self.register.close_nonfiscal())

    def text(self, pieces: list[Piece], *, fiscal: bool) -> None:
        demand(self.register.fiscal_open if fiscal else self.register.nonfiscal_open)
        self._out.print(pieces)

    def open_fiscal(self, kind: Kind, operator: str) -> None:
        self.register.may_open(kind)
        demand(self._machine.clock.is_set)
        title = "REFUND" if kind == "refund" else "FISCAL RECEIPT"
        self._out.begin(kind, [*self._out.header(), plain(title, "centre", bold=True), plain(f"Operator {operator}")])
        self.register.open(kind)

    def sell(self, name: list[str], group: int, amount: Decimal, detail: str) -> None:
        self.register.may_sell(group, amount)
        lines: list[Piece] = [plain(line[: self._dialect.item]) for line in name if line]
        if detail:
            lines.append(plain(f"  {detail}"))
        self._out.print([*lines, plain(self._out.pair("", f"{amount} {GROUP_NAMES[group]}"))])
        self.register.sell(group, amount)

    def subtotal(self, change: Decimal | None, *, printed: bool) -> Decimal:
        """The sum after a discount or surcharge in money."""
        receipt = self.register.selling()
        taxes = receipt.taxes if not change else self.register.spread(change)
        lines: list[Piece] = []
        if printed:
            lines.append(plain(self._out.pair("SUBTOTAL", str(receipt.total))))
        if change:
            lines.append(plain(self._out.pair("DISCOUNT" if change < 0 else "SURCHARGE", str(change))))
        self._out.print(lines)
        receipt.taxes = taxes
        return receipt.total

    def pay(self, mode: str, amount: Decimal | None, words: list[str]) -> tuple[str, Decimal]:
        """The code and amount of `Register.pay`; also kicks the drawer when all is paid in cash."""
        receipt = self.register.fiscal()
        rest = receipt.total - receipt.paid
        given = max(rest, ZERO) if amount is None else amount
        demand(ZERO <= given <= MOST_AMOUNT, "payment")
        first = [] if receipt.tendered else [plain(self._out.pair("TOTAL", str(receipt.total)), bold=True, high=2)]
        lines: list[Piece] = [*first, *(plain(line[: self._out.width]) for line in words if line)]
        lines.append(plain(self._out.pair("CASH" if mode in ("P", "0") else f"PAYMENT {mode}", str(given))))
        if given > rest:
            lines.append(plain(self._out.pair("CHANGE", str(given - rest))))
        if receipt.total >= 0 and all(tax >= 0 for tax in receipt.taxes):
            self._out.print(lines)
        code, left = self.register.pay("P" if mode == "0" else mode, amount)
        if code == "R" and mode in ("P", "0"):
            self._machine.drawer_kicks += 1
        return code, left

    def close_fiscal(self) -> int:
        receipt = self.register.may_close()
        number = self.register.last_document + 1
        lines: list[Piece] = [plain(f"{receipt.items} ITEMS"), *self._out.footer(number)]
        self._out.print([*lines, plain("FISCAL RECEIPT", "centre", bold=True), Feed(90)])
        return self._out.end(self.register.close())

    def cancel(self) -> None:
        self.register.may_cancel()
        self._out.print([plain("CANCELLED", "centre", bold=True, high=2), Feed(90)])
        self.register.cancel()
        self._machine.end("cancelled")

    def report(self, *, closing: bool) -> list[Decimal]:
        """X (not closing) or Z: the day's totals by tax group."""
        register = self.register
        register.may_report(closing=closing)
        number = register.closures + (1 if closing else 0)
        totals = list(register.day.totals)
        title = f"DAILY CLOSURE {number:04d}" if closing else "DAILY REPORT WITHOUT CLOSURE"
        lines: list[Piece] = [*self._out.header(), plain(title, "centre", bold=True)]
        lines += [plain(self._out.pair(f"GROUP {GROUP_NAMES[g]}", str(t))) for g, t in enumerate(totals) if t]
        refunds = enumerate(register.day.refunds)
        lines += [plain(self._out.pair(f"REFUND {GROUP_NAMES[g]}", str(t))) for g, t in refunds if t]
        lines += [plain(self._out.pair("RECEIPTS", str(register.day.receipts)))]
        lines += [plain(self._out.pair("CASH IN DRAWER", str(register.day.cash)))]
        lines += [*self._out.footer(register.last_document + 1), Feed(90)]
        self._out.begin("z" if closing else "x", lines)
        if closing:
            register.end_day(self._machine.clock.now())
        self._out.end(register.count())
        return totals

    def duplicate(self) -> None:
        """The last whole fiscal receipt once more."""
        demand(self.register.receipt is None)
        for document in reversed(self._machine.documents):
            if document.kind == "duplicate":
                break
            if document.kind in ("fiscal", "refund") and document.state == "whole":
                self._out.begin("duplicate", [plain("DUPLICATE", "centre", bold=True), *document.pieces])
                self._out.end(self.register.last_document)
                return
        raise Refusal("state")

    def reprint(self, number: int) -> None:
        """A document of the journal by its number."""
        demand(self.register.receipt is None)
        for document in self._machine.documents:
            if document.number == number and document.kind != "duplicate":
                self._out.begin("duplicate", [plain("DUPLICATE", "centre", bold=True), *document.pieces])
                self._out.end(number)
                return
        raise Refusal("state")

    def qr(self, data: bytes, module: int) -> None:
        demand(self.register.receipt is not None)
        code = Qr(data, module)
        try:
            fits = bool(data) and qr_dots(code) <= self._machine.roll.dots
        except ValueError:
            fits = False
        demand(fits, "code", QR_TOO_LARGE)
        self._out.print([Feed(24), code, Feed(24)])

    def barcode(self, kind: str, data: str) -> None:
        demand(self.register.receipt is not None)
        self._out.print([Bars(kind, data)])

    def feed(self, lines: int) -> None:
        demand(0 <= lines <= 99, "syntax")
        self._out.print([Feed(30 * lines)])

    def move_cash(self, amount: Decimal) -> None:
        """Cash into the drawer or out of it; 0 prints nothing. Raises Refusal where there is not so much."""
        demand(self.register.receipt is None)
        demand(self.register.day.cash + amount >= 0, "payment")
        if amount:
            words = self._out.pair("CASH IN" if amount > 0 else "CASH OUT", str(amount))
            self._out.begin("cash", [*self._out.header(), plain(words)])
            self.register.day.move_cash(amount)
            self._out.end(self.register.count())
