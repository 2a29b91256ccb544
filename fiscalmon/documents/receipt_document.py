"""A receipt as paper needs it, and what stands on every form of it (Gateway v7.2 §20). Words and numbers, no layout.

Must not know where the parts come from: the books are joined in `services/reports.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import NamedTuple

import msgspec

from ..domain.device import DeviceConfig, band_name
from ..domain.drafting import tax_of
from ..domain.money import ZERO, plain
from ..domain.receipt import Address, Line, Receipt
from .layout import safe

# 10 of the device, 8 of the date, 10 of the number, 16 of the signature, and the slash before them (§19).
QR_TAIL = 45
NOT_KNOWN = "not known to this till"
MONEY_WORDS: Mapping[str, str] = MappingProxyType({"MobileWallet": "Mobile wallet", "BankTransfer": "Bank transfer"})
_TITLES: Mapping[tuple[str, bool], str] = MappingProxyType(
    {
        ("FiscalInvoice", True): "FISCAL TAX INVOICE",
        ("FiscalInvoice", False): "FISCAL INVOICE",
        ("CreditNote", True): "CREDIT NOTE",
        ("CreditNote", False): "CREDIT NOTE",
        ("DebitNote", True): "DEBIT NOTE",
        ("DebitNote", False): "DEBIT NOTE",
    }
)
Fact = tuple[str, str]


class Referenced(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """The receipt that a note credits or debits, as far as this till knows it. `date` is FDMS's local text."""

    serial_no: str | None = None
    receipt_global_no: int | None = None
    date: str | None = None
    invoice_no: str | None = None
    fdms_receipt_id: int | None = None


class ReceiptDocument(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """Everything on paper about a receipt. `config` is the device's configuration when it was signed.

    `copy`: this paper is not the first one. The JSON form (`msgspec.to_builtins`) travels through the control channel.
    """

    receipt_id: str
    device_id: int
    fiscal_day_no: int
    receipt: Receipt
    config: DeviceConfig
    qr_url: str
    verification_code: str
    original: Referenced | None = None
    copy: bool = False

    @property
    def title(self) -> str:
        """By type and by whether the taxpayer pays VAT."""
        return _TITLES[self.receipt.type, self.config.vat_payer]

    @property
    def number(self) -> str:
        """receiptCounter/receiptGlobalNo."""
        return f"{self.receipt.counter}/{self.receipt.global_no}"

    @property
    def check_url(self) -> str:
        """Where a person types the verification code: the QR's address without what identifies the receipt."""
        return self.qr_url[:-QR_TAIL]

    @property
    def shows_line_tax(self) -> bool:
        """A column of tax: for VAT payers, and where prices come without a tax that is charged all the same."""
        taxed = any(tax.amount for tax in self.receipt.taxes)
        return self.config.vat_payer or (not self.receipt.lines_tax_inclusive and taxed)


class LineInWords(NamedTuple):
    """A line in words. `net`, `tax` and `gross` are of this line alone, rounded by themselves; `tax` "-" if exempt."""

    name: str
    hs_code: str
    quantity: str
    price: str
    single: bool
    total: str
    net: str
    tax: str
    gross: str


class PaperTax(NamedTuple):
    """A tax of the receipt in words."""

    label: str
    net: str
    tax: str
    gross: str


def seller_facts(config: DeviceConfig) -> tuple[str, list[str]]:
    """The seller's legal name, and the lines under it."""
    lines = [f"TIN: {safe(config.tax_payer_tin)}"]
    if config.vat_number:
        lines.append(f"VAT No: {safe(config.vat_number)}")
    if config.branch_name and config.branch_name != config.tax_payer_name:
        lines.append(safe(config.branch_name))
    if address := address_line(config.branch_address):
        lines.append(address)
    return safe(config.tax_payer_name), lines


def seller_contacts(config: DeviceConfig) -> list[str]:
    """The branch's telephone and e-mail, for forms that have room for them."""
    contacts = config.branch_contacts
    return [] if contacts is None else [safe(text) for text in (contacts.phone_no, contacts.email) if text]


def address_line(address: Address | None) -> str:
    """houseNo, street, city, province: in this order, what there is of them."""
    if address is None:
        return ""
    street = " ".join(safe(part) for part in (address.house_no, address.street) if part)
    return ", ".join(part for part in (street, safe(address.city or ""), safe(address.province or "")) if part)


def buyer_facts(document: ReceiptDocument) -> tuple[str, list[str]] | None:
    """The buyer's register name and the lines under it; None where no buyer is named."""
    buyer = document.receipt.buyer
    if buyer is None:
        return None
    lines = []
    if buyer.trade_name and buyer.trade_name != buyer.register_name:
        lines.append(safe(buyer.trade_name))
    lines += [f"TIN: {buyer.tin}"] if buyer.tin else []
    lines += [f"VAT No: {buyer.vat_number}"] if buyer.vat_number else []
    lines += [address] if (address := address_line(buyer.address)) else []
    if buyer.contacts:
        lines += [safe(text) for text in (buyer.contacts.email, buyer.contacts.phone_no) if text]
    return safe(buyer.register_name or ""), lines


def document_facts(document: ReceiptDocument) -> list[Fact]:
    """Numbers, device and date of the document itself."""
    return [
        ("Invoice No", document.number),
        ("Fiscal day No", str(document.fiscal_day_no)),
        ("Customer reference No", safe(document.receipt.invoice_no)),
        ("Device serial No", safe(document.config.serial_no)),
        ("Device ID", str(document.device_id)),
        ("Date", paper_date(document.receipt.date)),
    ]


def reference_facts(document: ReceiptDocument) -> tuple[str, list[Fact]] | None:
    """The heading and the facts of the receipt that a note refers to; None for an invoice."""
    original = document.original
    if original is None:
        return None
    heading = "CREDITED INVOICE" if document.receipt.type == "CreditNote" else "DEBITED INVOICE"
    facts = [
        ("Device serial No", safe(original.serial_no or NOT_KNOWN)),
        ("Invoice No", str(original.receipt_global_no or NOT_KNOWN)),
        ("Date", paper_date(original.date) if original.date else NOT_KNOWN),
        ("Customer reference No", safe(original.invoice_no or NOT_KNOWN)),
    ]
    if original.invoice_no is None and original.fdms_receipt_id is not None:
        facts.append(("FDMS receipt ID", str(original.fdms_receipt_id)))
    return heading, facts


def paper_lines(document: ReceiptDocument) -> list[LineInWords]:
    """The receipt's lines in words."""
    return [_paper_line(line, document.receipt.lines_tax_inclusive) for line in document.receipt.lines]


def paper_taxes(document: ReceiptDocument) -> list[PaperTax]:
    """The receipt's taxes, or nothing for a taxpayer who pays no VAT. An exempt tax goes by its name."""
    if not document.config.vat_payer:
        return []
    found = []
    for tax in document.receipt.taxes:
        label = band_name(tax.percent)
        if tax.percent is None:
            known = document.config.tax_at(tax.tax_id, document.receipt.date)
            label = safe(known.name) if known else label
        gross = tax.sales_with_tax
        found.append(PaperTax(label, amount(gross - tax.amount), amount(tax.amount), amount(gross)))
    return found


def payments(document: ReceiptDocument) -> list[Fact]:
    """Each payment's method and amount."""
    return [(MONEY_WORDS.get(p.money_type, p.money_type), amount(p.amount)) for p in document.receipt.payments]


def total_before_tax(document: ReceiptDocument) -> str:
    """The total without tax."""
    return amount(document.receipt.total - total_tax(document))


def total_tax(document: ReceiptDocument) -> Decimal:
    """All tax of the receipt."""
    return sum((tax.amount for tax in document.receipt.taxes), ZERO)


def number_of_items(document: ReceiptDocument) -> str:
    """The sum of the quantities of what was sold; discounts are no items. Positive on credit notes too."""
    sold = sum((line.quantity for line in document.receipt.lines if line.type == "Sale"), Decimal(0))
    return quantity(abs(sold))


def amount(value: Decimal) -> str:
    """Two decimals, a dot, a minus sign, no grouping: as the gateway has it. Never -0.00."""
    return f"{value or ZERO:.2f}"


def quantity(value: Decimal) -> str:
    """Without superfluous zeros and without an exponent."""
    return f"{plain(value):f}"


def price(value: Decimal) -> str:
    """At least two decimals, up to the six that a price may have."""
    text = quantity(value)
    return text if len(text.partition(".")[2]) >= 2 else amount(value)


def paper_date(text: str) -> str:
    """FDMS's local text as dd/MM/yy HH:mm."""
    return f"{text[8:10]}/{text[5:7]}/{text[2:4]} {text[11:16]}"


def _paper_line(line: Line, inclusive: bool) -> LineInWords:
    tax = tax_of(line.total, line.tax_percent, inclusive)
    net = line.total - tax if inclusive else line.total
    name = safe(line.name)
    return LineInWords(
        name=f"Discount: {name}" if line.type == "Discount" else name,
        hs_code=line.hs_code or "",
        quantity=quantity(line.quantity),
        price="" if line.price is None else price(line.price),
        single=line.quantity == 1,
        total=amount(line.total),
        net=amount(net),
        tax="-" if line.tax_percent is None else amount(tax),
        gross=amount(net + tax),
    )
