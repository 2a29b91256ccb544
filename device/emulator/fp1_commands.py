"""The commands of the one-byte-length variant (FP1): what stands in their data, and what the answer says.

A handler takes the data as text and gives the answer's; it raises Refusal and has changed nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from . import fp1_queries as queries
from .dialects import Dialect
from .paper import Piece, plain
from .printer import FiscalPrinter
from .receipts import GROUP_NAMES
from .refusals import Refusal, demand
from .register import Kind, cents

Handler = Callable[[FiscalPrinter, str], str]

_NUMBER = r"\d{1,9}(?:\.\d{1,2})?"
_SALE = re.compile(
    rf"(?P<tax>[A-HА-З ])?(?P<price>[+-]?{_NUMBER})(?:\*(?P<quantity>\d{{1,6}}(?:\.\d{{1,3}})?))?"
    rf"(?:,(?P<percent>[+-]?\d{{1,2}}(?:\.\d{{1,2}})?)|(?P<sign>[;$])(?P<sum>[+-]?{_NUMBER}))?"
)
_SUBTOTAL = re.compile(
    rf"[01][01](?:,(?P<percent>[+-]?\d{{1,2}}(?:\.\d{{1,2}})?)|(?P<sign>[;$])(?P<sum>[+-]?{_NUMBER}))?"
)
_TENDER = re.compile(rf"(?P<mode>[A-Za-z])?(?P<amount>{_NUMBER})?")
_CYRILLIC = "АБВГДЕЖЗ"
_MOMENT = re.compile(r"(\d\d)[-./](\d\d)[-./](\d\d)  ?(\d\d):(\d\d)(?::(\d\d))?(?: DST)?")
_CODE = re.compile(r"(?P<kind>[QDP1-5])(?:,[LRC])?(?:,\*)?[,;](?P<data>.+)", re.DOTALL)
_BARCODES = ("", "EAN8", "EAN13", "CODE128", "ITF", "ITF-CHECK")


class Command(NamedTuple):
    """One command: its name in fault rules, and what does it."""

    name: str
    handler: Handler


def fp1_commands(dialect: Dialect) -> dict[int, Command]:
    """The table of one brand by command code."""
    table = {
        0x5A: Command("identify", queries.identify),
        0x3E: Command("read-clock", queries.read_clock),
        0x3D: Command("set-clock", set_clock),
        0x26: Command("open-nonfiscal", open_nonfiscal),
        0x2A: Command("text", nonfiscal_text),
        0x27: Command("close-nonfiscal", close_nonfiscal),
        dialect.open_command: Command("open-fiscal", open_fiscal),
        0x31: Command("sell", sell),
        0x33: Command("subtotal", subtotal),
        0x36: Command("fiscal-text", fiscal_text),
        0x35: Command("total", total),
        0x38: Command("close-fiscal", close_fiscal),
        dialect.cancel: Command("cancel", cancel),
        0x4C: Command("receipt-state", queries.receipt_state),
        0x67: Command("receipt-sums", queries.receipt_sums),
        0x71: Command("last-document", queries.last_document),
        0x6E: Command("day-payments", queries.day_payments),
        0x40: Command("last-z", queries.last_z),
        0x45: Command("report", report),
        0x61: Command("tax-rates", queries.tax_rates),
        0x53: Command("decimals", queries.decimals),
        0x63: Command("tax-number", queries.tax_number),
        0x54: Command("barcode", barcode),
        0x2C: Command("feed", feed),
        0x2D: Command("cut", cut),
        0x6A: Command("drawer", drawer),
        0x21: Command("display", display_clear),
        0x23: Command("display", display_lower),
        0x2F: Command("display", display_upper),
        0x64: Command("display", display_upper),
        0x50: Command("beep", beep),
        0x6D: Command("duplicate", duplicate),
        0x46: Command("cash", cash),
        0x7D: Command("reprint", reprint),
    }
    if dialect.qr == "55":
        table[0x55] = Command("qr", qr)
    if dialect.error_text_command is not None:
        table[dialect.error_text_command] = Command("error-text", queries.error_text)
        table[0x80] = Command("constants", queries.constants)
    if dialect.name == "datecs":
        table[0x2E] = Command("open-refund", open_refund)
    if dialect.name == "daisy":
        table[0x2E] = Command("display", display_upper)
    return table


def set_clock(printer: FiscalPrinter, data: str) -> str:
    printer.set_clock(moment_of(data))
    return ""


def moment_of(text: str) -> datetime:
    """A moment as devices write it; raises Refusal."""
    found = _MOMENT.fullmatch(text)
    if found is None:
        raise Refusal("syntax")
    day, month, year, hour, minute, second = (int(part or 0) for part in found.groups())
    try:
        return datetime(2000 + year, month, day, hour, minute, second)  # noqa: DTZ001 - a printer's clock knows no zone
    except ValueError:
        raise Refusal("syntax") from None


def open_nonfiscal(printer: FiscalPrinter, data: str) -> str:
    demand(not data, "syntax")
    printer.receipts.open_nonfiscal()
    return queries.last_document(printer, "")


def nonfiscal_text(printer: FiscalPrinter, data: str) -> str:
    printer.receipts.text(_comment(printer, data), fiscal=False)
    return ""


def fiscal_text(printer: FiscalPrinter, data: str) -> str:
    printer.receipts.text(_comment(printer, data), fiscal=True)
    return ""


def _comment(printer: FiscalPrinter, data: str) -> list[Piece]:
    text = data[: printer.comment]
    return [plain(f"#{text.ljust(printer.comment)}#" if printer.dialect.framed_comment else text)]


def close_nonfiscal(printer: FiscalPrinter, data: str) -> str:
    printer.receipts.close_nonfiscal()
    return queries.last_document(printer, "")


def open_fiscal(printer: FiscalPrinter, data: str) -> str:
    return _open(printer, data, "fiscal")


def open_refund(printer: FiscalPrinter, data: str) -> str:
    return _open(printer, data, "refund")


def _open(printer: FiscalPrinter, data: str, kind: Kind) -> str:
    head = data.split("\t")[0].split(",")
    if printer.dialect.name == "eltrade":
        demand(1 <= len(head) <= 2 and bool(head[0]), "syntax")
        printer.receipts.open_fiscal(kind, head[0])
    else:
        demand(len(head) >= 2 and head[0].isdigit() and 1 <= int(head[0]) <= 30, "syntax")
        demand(printer.dialect.name not in ("datecs",) or len(head) >= 3, "syntax")
        if printer.dialect.name != "incotex":
            printer.register.may_open(kind)
            printer.check_password(head[1])
        printer.receipts.open_fiscal(kind, head[0])
    return _counters(printer, 1)


def _counters(printer: FiscalPrinter, ahead: int) -> str:
    """Datecs numbers the receipt at hand; the others count the documents and fiscal receipts that are closed."""
    register = printer.register
    if printer.dialect.name == "datecs":
        return f"{register.day.receipts + ahead:04d},{register.last_document + ahead:08d}"
    return f"{register.last_document:06d},{register.last_fiscal:06d}"


def sell(printer: FiscalPrinter, data: str) -> str:
    """`[L1][LF L2] TAB tax price[*quantity][discount]`, or `L1 TAB department TAB price`."""
    parts = data.split("\t")
    demand(len(parts) in (2, 3), "syntax")
    if len(parts) == 3:
        demand(parts[1].isdigit() and 1 <= int(parts[1]) <= 99, "syntax")
        parts = [parts[0], parts[2]]
    found = _SALE.fullmatch(parts[1])
    if found is None or (found["sign"] is not None and found["sign"] != printer.dialect.absolute_discount):
        raise Refusal("syntax")
    price, quantity = Decimal(found["price"]), Decimal(found["quantity"] or 1)
    amount = cents(price * quantity)
    amount += _change(found, amount)
    detail = "" if found["quantity"] is None else f"{quantity} x {price}"
    printer.receipts.sell(parts[0].split("\n"), _group(found["tax"]), amount, detail)
    return ""


def _group(letter: str | None) -> int:
    if letter is None or letter == " ":
        return 0
    return GROUP_NAMES.index(letter) if letter in GROUP_NAMES else _CYRILLIC.index(letter)


def _change(found: re.Match[str], amount: Decimal) -> Decimal:
    if found["percent"] is not None:
        return cents(amount * Decimal(found["percent"]) / 100)
    return Decimal(found["sum"] or 0).quantize(Decimal("0.01"))


def subtotal(printer: FiscalPrinter, data: str) -> str:
    found = _SUBTOTAL.fullmatch(data or "00")
    if found is None or (found["sign"] is not None and found["sign"] != printer.dialect.absolute_discount):
        raise Refusal("syntax")
    receipt = printer.register.selling()
    sub = printer.receipts.subtotal(_change(found, receipt.total), printed=data.startswith("1"))
    return ",".join(queries.amount(value) for value in (sub, *receipt.taxes))


def total(printer: FiscalPrinter, data: str) -> str:
    words, tab, tender = data.partition("\t")
    found = _TENDER.fullmatch(tender)
    if not tab or found is None:
        raise Refusal("syntax")
    given = None if found["amount"] is None else Decimal(found["amount"]).quantize(Decimal("0.01"))
    try:
        code, left = printer.receipts.pay((found["mode"] or "P").upper(), given, words.split("\n"))
    except Refusal as refused:
        if refused.reason != "payment":
            raise
        return "F"
    return f"{code}{int(left * 100):09d}"


def close_fiscal(printer: FiscalPrinter, data: str) -> str:
    demand(not data, "syntax")
    printer.receipts.close_fiscal()
    return _counters(printer, 0)


def cancel(printer: FiscalPrinter, data: str) -> str:
    demand(not data, "syntax")
    printer.receipts.cancel()
    return ""


def report(printer: FiscalPrinter, data: str) -> str:
    """2 is X, 0 or nothing is Z; N and A keep details that this register has none of."""
    kind = data.rstrip("NA")
    demand(kind in ("", "0", "2"), "syntax")
    totals = printer.receipts.report(closing=kind != "2")
    return ",".join((f"{printer.register.closures:04d}", *(queries.amount(value) for value in totals)))


def barcode(printer: FiscalPrinter, data: str) -> str:
    found = _CODE.fullmatch(data)
    if found is None or (found["kind"] in "QDP" and printer.dialect.qr != "54"):
        raise Refusal("syntax")
    kind, content = found["kind"], found["data"]
    if kind == "Q":
        printer.receipts.qr(content.encode(printer.dialect.encoding, "replace"), 6)
        return ""
    if kind in "DP":
        printer.receipts.barcode("DATAMATRIX" if kind == "D" else "PDF417", content)
        return ""
    digits = {"1": (7, 8), "2": (12, 13)}.get(kind)
    demand(kind == "3" or content.isdigit(), "syntax")
    demand(digits is None or len(content) in digits, "syntax")
    printer.receipts.barcode(_BARCODES[int(kind)], content)
    return ""


def qr(printer: FiscalPrinter, data: str) -> str:
    demand(data.startswith("Q,") and len(data) > 2, "syntax")
    printer.receipts.qr(data[2:].encode(printer.dialect.encoding, "replace"), 6)
    return ""


def feed(printer: FiscalPrinter, data: str) -> str:
    demand(data == "" or (data.isdigit() and len(data) <= 2), "syntax")
    printer.receipts.feed(int(data or 1))
    return ""


def cut(printer: FiscalPrinter, data: str) -> str:
    demand(data in ("", "1", "2"), "syntax")
    demand(printer.register.receipt is None)
    return "P" if printer.machine.cut(partial=data == "2") else "F"


def drawer(printer: FiscalPrinter, data: str) -> str:
    demand(data == "" or (data.isdigit() and 5 <= int(data) <= 1000), "syntax")
    printer.machine.drawer_kicks += 1
    return ""


def display_clear(printer: FiscalPrinter, data: str) -> str:
    printer.machine.display[:] = ["", ""]
    return ""


def display_upper(printer: FiscalPrinter, data: str) -> str:
    printer.machine.display[0] = data[:20]
    return ""


def display_lower(printer: FiscalPrinter, data: str) -> str:
    printer.machine.display[1] = data[:20]
    return ""


def beep(printer: FiscalPrinter, data: str) -> str:
    printer.machine.beeps += 1
    return ""


def duplicate(printer: FiscalPrinter, data: str) -> str:
    demand(data in ("", "1"), "syntax")
    printer.receipts.duplicate()
    return ""


def reprint(printer: FiscalPrinter, data: str) -> str:
    parts = data.split(",")
    demand(len(parts) == 3 and parts[0] == "3" and parts[1].isdigit(), "syntax")
    printer.receipts.reprint(int(parts[1]))
    return ""


def cash(printer: FiscalPrinter, data: str) -> str:
    demand(re.fullmatch(rf"[+-]?{_NUMBER}", data or "0") is not None, "syntax")
    day, said = printer.register.day, "P"
    try:
        printer.receipts.move_cash(Decimal(data or 0).quantize(Decimal("0.01")))
    except Refusal as refused:
        if refused.reason != "payment":
            raise
        said = "F"
    return ",".join((said, *(queries.amount(value) for value in (day.cash, day.cash_in, day.cash_out))))
