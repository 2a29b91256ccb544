"""The commands of FP1 that only read: identity, clock, receipt, counters, totals. They change nothing."""

from __future__ import annotations

from decimal import Decimal

from .printer import FiscalPrinter
from .refusals import demand
from .register import ZERO

TAX_RATES = ("0.00", "0.00", "15.50", "5.00")
_ERRORS = (
    (0, "NO ERROR"),
    (16, "QR CODE DOES NOT FIT"),
    (20, "WRONG PASSWORD"),
    (21, "NO PAPER"),
    (22, "COVER OPEN"),
    (24, "PRINTER FAILURE"),
)


def amount(value: Decimal) -> str:
    """Signed integer cents."""
    return f"{int(value * 100):+010d}" if value < 0 else f"{int(value * 100):010d}"


def identify(printer: FiscalPrinter, data: str) -> str:
    demand(data in ("", "1"), "syntax")
    it = printer.identity
    firmware = f"{it.firmware} {it.built}"
    fields: tuple[str, ...]
    match printer.dialect.name:
        case "eltrade":
            fields = (it.model, it.firmware, it.built, it.check, it.switches, it.serial, it.memory)
        case "incotex":
            fields = (it.model, firmware, it.check, it.switches, it.serial, it.memory, it.tax_number)
        case "daisy":
            fields = (firmware, it.check, it.switches, "0", it.serial, it.memory)
        case _:
            fields = (it.model, firmware, it.check, it.switches, it.serial, it.memory)
    return ",".join(fields)


def read_clock(printer: FiscalPrinter, data: str) -> str:
    demand(not data, "syntax")
    return printer.machine.clock.now().strftime(printer.dialect.date)


def receipt_state(printer: FiscalPrinter, data: str) -> str:
    demand(data in ("", "T"), "syntax")
    receipt = printer.register.receipt
    if receipt is None:
        facts = ["0", "0000", amount(ZERO), amount(ZERO)]
        rest = ZERO
    else:
        facts = ["1", f"{receipt.items:04d}", amount(receipt.total), amount(receipt.paid)]
        rest = max(receipt.total - receipt.paid, ZERO)
    return ",".join([*facts, amount(rest)] if data == "T" else facts)


def receipt_sums(printer: FiscalPrinter, data: str) -> str:
    receipt = printer.register.receipt
    can_void = receipt is not None and receipt.kind != "nonfiscal" and not receipt.tendered
    taxes = [ZERO] * 8 if receipt is None else receipt.taxes
    return ",".join(("1" if can_void else "0", *(amount(tax) for tax in taxes)))


def last_document(printer: FiscalPrinter, data: str) -> str:
    demand(not data, "syntax")
    return f"{printer.register.last_document:07d}"


def day_payments(printer: FiscalPrinter, data: str) -> str:
    register = printer.register
    modes = ("P", "N", "C", "D", "I", "J", "K", "L")
    sums = [amount(register.day.payments.get(mode, ZERO)) for mode in modes]
    return ",".join([*sums, f"{register.closures + 1:04d}", f"{register.last_document + 1:07d}"])


def last_z(printer: FiscalPrinter, data: str) -> str:
    demand(data in ("", "0", "1", "T", "N"), "syntax")
    closure = printer.register.last_closure
    at = "" if closure.at is None else closure.at.strftime("%d%m%y")
    return ",".join((f"{closure.number:04d}", *(amount(total) for total in closure.totals), at))


def tax_rates(printer: FiscalPrinter, data: str) -> str:
    return ",".join(TAX_RATES)


def decimals(printer: FiscalPrinter, data: str) -> str:
    """Reads only: the real one can be written some nineteen times in a device's life."""
    demand(not data)
    return ",".join(("2", "11110000", *TAX_RATES))


def tax_number(printer: FiscalPrinter, data: str) -> str:
    return printer.identity.tax_number


def constants(printer: FiscalPrinter, data: str) -> str:
    """26 fields; the 9th to 11th are characters a line, of a comment, of an item's name."""
    fields = ["0"] * 26
    fields[8], fields[9] = str(printer.machine.roll.columns), str(printer.comment)
    fields[10] = str(min(printer.dialect.item, printer.machine.roll.columns))
    return ",".join(fields)


def error_text(printer: FiscalPrinter, data: str) -> str:
    known = dict(_ERRORS)
    code = printer.error_code if not data.isdigit() else int(data)
    return known.get(code, "UNKNOWN ERROR")
