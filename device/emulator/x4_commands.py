"""The commands of the four-nibble variant (X4): fields that each end with TAB, answers that begin with an error code.

A handler takes the fields and gives the answer's, without the error code; it raises Refusal and has changed nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import NamedTuple

from .fp1_commands import moment_of
from .fp1_queries import TAX_RATES
from .paper import Align, Piece, Run, Text
from .printer import FiscalPrinter
from .refusals import Refusal, demand
from .register import ZERO, Kind, cents

Fields = list[str]
Handler = Callable[[FiscalPrinter, Fields], Fields]

SYNTAX_ERROR, PAYMENT_ERROR = -112001, -111016
# Beside these two, which were seen on devices, the numbers are this emulator's own.
_CODES = (
    ("syntax", SYNTAX_ERROR, "SYNTAX ERROR"),
    ("payment", PAYMENT_ERROR, "PAYMENT NOT POSSIBLE"),
    ("command", -112002, "UNKNOWN COMMAND"),
    ("state", -111018, "NOT PERMITTED IN THIS STATE"),
    ("overflow", -111019, "SUM OVERFLOW"),
    ("password", -111020, "WRONG PASSWORD"),
    ("print", -111021, "PRINTER NOT READY"),
    ("memory", -100003, "FISCAL MEMORY"),
    ("code", -111022, "QR CODE DOES NOT FIT"),
)
_AMOUNT = re.compile(r"[+-]?\d{1,9}(?:\.\d{1,2})?")
_QUANTITY = re.compile(r"\d{1,6}(?:\.\d{1,3})?")
_ALIGN: tuple[Align, ...] = ("left", "centre", "right")


class Command(NamedTuple):
    """One command: its name in fault rules, and what does it."""

    name: str
    handler: Handler


def error_code(refusal: Refusal) -> int:
    """The number that the answer begins with; a fault may name its own."""
    if refusal.reason == "code" and refusal.code < 0:
        return refusal.code
    return next(number for reason, number, _ in _CODES if reason == refusal.reason)


def x4_commands() -> dict[int, Command]:
    """The table by command code; 4Ah is the session's own, as it answers with the status."""
    return {
        0x5A: Command("identify", identify),
        0x3E: Command("read-clock", read_clock),
        0x3D: Command("set-clock", set_clock),
        0x26: Command("open-nonfiscal", open_nonfiscal),
        0x2A: Command("text", lambda printer, fields: text(printer, fields, fiscal=False)),
        0x27: Command("close-nonfiscal", close_nonfiscal),
        0x30: Command("open-fiscal", lambda printer, fields: open_receipt(printer, fields, "fiscal")),
        0x2B: Command("open-refund", lambda printer, fields: open_receipt(printer, fields, "refund")),
        0x31: Command("sell", sell),
        0x33: Command("subtotal", subtotal),
        0x36: Command("fiscal-text", lambda printer, fields: text(printer, fields, fiscal=True)),
        0x35: Command("total", total),
        0x38: Command("close-fiscal", close_fiscal),
        0x3C: Command("cancel", cancel),
        0x4C: Command("receipt-state", receipt_state),
        0x71: Command("last-document", last_document),
        0x67: Command("receipt-sums", receipt_sums),
        0x6E: Command("day-payments", day_payments),
        0x40: Command("last-z", last_z),
        0x32: Command("tax-rates", tax_rates),
        0x45: Command("report", report),
        0x54: Command("barcode", barcode),
        0x2C: Command("feed", feed),
        0x2E: Command("cut", cut),
        0x2D: Command("pc-mode", lambda printer, fields: []),
        0x6A: Command("drawer", drawer),
        0x21: Command("display", display_clear),
        0x23: Command("display", display_lower),
        0x2F: Command("display", display_upper),
        0x50: Command("beep", beep),
        0x64: Command("error-text", error_text),
        0x6D: Command("duplicate", duplicate),
        0x46: Command("cash", cash),
        0x63: Command("tax-number", lambda printer, fields: [printer.identity.tax_number]),
        0x7D: Command("reprint", reprint),
    }


def fields_of(command: int, data: str) -> Fields:
    """The fields, each without its TAB. Raises Refusal where the last TAB is missing; 5Ah alone may go without."""
    if not data:
        return []
    if command == 0x5A and data == "1":
        return ["1"]
    demand(data.endswith("\t"), "syntax")
    return data[:-1].split("\t")


def _take(fields: Fields, least: int, most: int) -> Fields:
    """The fields, the optional ones filled up with empty text."""
    demand(least <= len(fields) <= most, "syntax")
    return fields + [""] * (most - len(fields))


def _money(text_: str) -> Decimal:
    demand(_AMOUNT.fullmatch(text_) is not None, "syntax")
    return Decimal(text_).quantize(Decimal("0.01"))


def _whole(text_: str, least: int, most: int) -> int:
    demand(text_.isdigit() and len(text_) < 10 and least <= int(text_) <= most, "syntax")
    return int(text_)


def identify(printer: FiscalPrinter, fields: Fields) -> Fields:
    it = printer.identity
    return [f"{it.model},{it.firmware} {it.built},{it.check},{it.switches},{it.serial} {it.memory}"]


def read_clock(printer: FiscalPrinter, fields: Fields) -> Fields:
    demand(not fields, "syntax")
    return [printer.machine.clock.now().strftime(printer.dialect.date)]


def set_clock(printer: FiscalPrinter, fields: Fields) -> Fields:
    printer.set_clock(moment_of(_take(fields, 1, 1)[0]))
    return []


def _slip(printer: FiscalPrinter, ahead: int = 0) -> Fields:
    return [str(printer.register.last_document + ahead)]


def open_nonfiscal(printer: FiscalPrinter, fields: Fields) -> Fields:
    demand(not any(fields), "syntax")
    printer.receipts.open_nonfiscal()
    return _slip(printer)


def text(printer: FiscalPrinter, fields: Fields, *, fiscal: bool) -> Fields:
    """Text, then perhaps bold, italic, height, underline, alignment."""
    words, bold, _italic, height, underline, align = _take(fields, 1, 6)
    tall = _whole(height or "0", 0, 2)
    run = Run(words[: printer.comment], bold == "1", underline == "1", high=2 if tall else 1)
    line: Piece = Text((run,), _ALIGN[_whole(align or "0", 0, 2)])
    printer.receipts.text([line], fiscal=fiscal)
    return []


def close_nonfiscal(printer: FiscalPrinter, fields: Fields) -> Fields:
    demand(not any(fields), "syntax")
    printer.receipts.close_nonfiscal()
    return _slip(printer)


def open_receipt(printer: FiscalPrinter, fields: Fields, kind: Kind) -> Fields:
    """Operator, password, till, invoice; the Bulgarian form has a number of sale before the till."""
    demand(len(fields) >= 4, "syntax")
    operator = _whole(fields[0], 1, 30)
    printer.register.may_open(kind)
    printer.check_password(fields[1])
    printer.receipts.open_fiscal(kind, str(operator))
    return _slip(printer, 1)


def sell(printer: FiscalPrinter, fields: Fields) -> Fields:
    name, tax, price, quantity, discount, by, dept, _unit = _take(fields, 4, 8)
    demand(len(name) <= 72 and (not dept or dept.isdigit()), "syntax")
    demand(not quantity or _QUANTITY.fullmatch(quantity) is not None, "syntax")
    amount = cents(_money(price) * Decimal(quantity or 1))
    amount += _change(discount, by, amount)
    detail = f"{quantity} x {price}" if quantity else ""
    width = printer.machine.roll.columns
    lines = [name[start : start + width] for start in range(0, len(name), width)]
    printer.receipts.sell(lines, _whole(tax, 1, 8) - 1, amount, detail)
    return _slip(printer, 1)


def _change(kind: str, value: str, amount: Decimal) -> Decimal:
    """0 none, 1 plus per cent, 2 minus per cent, 3 plus a sum, 4 minus a sum."""
    which = _whole(kind or "0", 0, 4)
    if which == 0:
        return ZERO
    given = _money(value)
    change = cents(amount * given / 100) if which in (1, 2) else given
    return change if which in (1, 3) else -change


def subtotal(printer: FiscalPrinter, fields: Fields) -> Fields:
    shown, _display, discount, by = _take(fields, 0, 4)
    receipt = printer.register.selling()
    sub = printer.receipts.subtotal(_change(discount, by, receipt.total), printed=shown == "1")
    return [*_slip(printer, 1), str(sub), *(str(tax) for tax in receipt.taxes)]


def total(printer: FiscalPrinter, fields: Fields) -> Fields:
    mode, amount, _type = _take(fields, 1, 3)
    _whole(mode, 0, 6)
    code, left = printer.receipts.pay(mode, _money(amount) if amount else None, [])
    demand(code in ("D", "R"), "payment")
    return [code, str(left)]


def close_fiscal(printer: FiscalPrinter, fields: Fields) -> Fields:
    demand(not any(fields), "syntax")
    printer.receipts.close_fiscal()
    return _slip(printer)


def cancel(printer: FiscalPrinter, fields: Fields) -> Fields:
    demand(not any(fields), "syntax")
    printer.receipts.cancel()
    return []


def receipt_state(printer: FiscalPrinter, fields: Fields) -> Fields:
    """Open, number, items, amount, paid."""
    register = printer.register
    receipt = register.receipt
    if receipt is None:
        return ["0", str(register.last_document), "0", "0.00", "0.00"]
    number = str(register.last_document + 1)
    return ["1", number, str(receipt.items), str(receipt.total), str(receipt.paid)]


def last_document(printer: FiscalPrinter, fields: Fields) -> Fields:
    return _slip(printer)


def receipt_sums(printer: FiscalPrinter, fields: Fields) -> Fields:
    receipt = printer.register.receipt
    can_void = receipt is not None and receipt.kind != "nonfiscal" and not receipt.tendered
    taxes = [ZERO] * 8 if receipt is None else receipt.taxes
    return ["1" if can_void else "0", *(str(tax) for tax in taxes)]


def day_payments(printer: FiscalPrinter, fields: Fields) -> Fields:
    register = printer.register
    sums = [str(register.day.payments.get(mode, ZERO)) for mode in ("P", "1", "2", "3", "4", "5")]
    return [*sums, str(register.closures + 1), str(register.last_document + 1)]


def last_z(printer: FiscalPrinter, fields: Fields) -> Fields:
    kind = _whole(_take(fields, 0, 1)[0] or "0", 0, 3)
    closure = printer.register.last_closure
    sums = closure.refunds if kind in (2, 3) else closure.totals
    at = "" if closure.at is None else closure.at.strftime("%d-%m-%y")
    return [str(closure.number), *(str(value) for value in sums), at]


def tax_rates(printer: FiscalPrinter, fields: Fields) -> Fields:
    rates = [*TAX_RATES, *["100.00"] * (8 - len(TAX_RATES))]
    return [str(printer.register.closures), *rates, "22-11-26"]


def report(printer: FiscalPrinter, fields: Fields) -> Fields:
    kind = _take(fields, 1, 1)[0]
    demand(kind in ("X", "Z"), "syntax")
    refunds = list(printer.register.day.refunds)
    totals = printer.receipts.report(closing=kind == "Z")
    return [str(printer.register.closures), *(str(value) for value in (*totals, *refunds))]


def barcode(printer: FiscalPrinter, fields: Fields) -> Fields:
    kind, data, size = _take(fields, 2, 3)
    which = _whole(kind, 1, 7)
    demand(bool(data), "syntax")
    if which == 4:
        printer.receipts.qr(data.encode(printer.dialect.encoding, "replace"), _whole(size or "6", 1, 10))
    else:
        demand(which > 2 or data.isdigit(), "syntax")
        names = ("", "EAN8", "EAN13", "CODE128", "", "ITF", "PDF417", "PDF417")
        printer.receipts.barcode(names[which], data)
    return []


def feed(printer: FiscalPrinter, fields: Fields) -> Fields:
    printer.receipts.feed(_whole(_take(fields, 0, 1)[0] or "1", 0, 99))
    return []


def cut(printer: FiscalPrinter, fields: Fields) -> Fields:
    demand(printer.register.receipt is None)
    demand(printer.machine.cut(), "print")
    return []


def drawer(printer: FiscalPrinter, fields: Fields) -> Fields:
    _whole(_take(fields, 0, 1)[0] or "100", 0, 65535)
    printer.machine.drawer_kicks += 1
    return []


def display_clear(printer: FiscalPrinter, fields: Fields) -> Fields:
    printer.machine.display[:] = ["", ""]
    return []


def display_upper(printer: FiscalPrinter, fields: Fields) -> Fields:
    printer.machine.display[0] = _take(fields, 1, 1)[0][:20]
    return []


def display_lower(printer: FiscalPrinter, fields: Fields) -> Fields:
    printer.machine.display[1] = _take(fields, 1, 1)[0][:20]
    return []


def beep(printer: FiscalPrinter, fields: Fields) -> Fields:
    printer.machine.beeps += 1
    return []


def error_text(printer: FiscalPrinter, fields: Fields) -> Fields:
    code = _take(fields, 1, 1)[0]
    words = next((words for _, number, words in _CODES if str(number) == code), "UNKNOWN ERROR")
    return [code, words]


def duplicate(printer: FiscalPrinter, fields: Fields) -> Fields:
    printer.receipts.duplicate()
    return []


def cash(printer: FiscalPrinter, fields: Fields) -> Fields:
    kind, amount = _take(fields, 2, 2)
    given = _money(amount)
    printer.receipts.move_cash(-given if _whole(kind, 0, 1) == 1 else given)
    day = printer.register.day
    return [str(day.cash), str(day.cash_in), str(day.cash_out)]


def reprint(printer: FiscalPrinter, fields: Fields) -> Fields:
    kind, number, _ = _take(fields, 2, 3)
    demand(kind == "3", "syntax")
    printer.receipts.reprint(_whole(number, 1, 10**8))
    return []
