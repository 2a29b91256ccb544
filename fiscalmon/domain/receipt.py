"""A fiscal receipt as FDMS takes it (Gateway v7.2 §13): values only, no rule and no computation.

Python names are short; the wire names beside them are FDMS's own. Amounts are Decimal in major units.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

ReceiptType = Literal["FiscalInvoice", "CreditNote", "DebitNote"]
LineType = Literal["Sale", "Discount"]
MoneyType = Literal["Cash", "Card", "MobileWallet", "Coupon", "Credit", "BankTransfer", "Other"]
PrintForm = Literal["Receipt48", "InvoiceA4"]

Text3 = Annotated[str, Meta(max_length=3)]
Text8 = Annotated[str, Meta(max_length=8)]
Text20 = Annotated[str, Meta(max_length=20)]
Text50 = Annotated[str, Meta(min_length=1, max_length=50)]
Text100 = Annotated[str, Meta(max_length=100)]
Text200 = Annotated[str, Meta(min_length=1, max_length=200)]
Text250 = Annotated[str, Meta(max_length=250)]
Text500 = Annotated[str, Meta(max_length=500)]
# The lengths are needed beside the patterns: "$" alone would let a line feed through at the end.
Currency = Annotated[str, Meta(pattern="^[A-Za-z]{3}$", max_length=3)]
Tin = Annotated[str, Meta(pattern="^[0-9]{10}$", max_length=10)]
VatNumber = Annotated[str, Meta(pattern="^[0-9]{9}$", max_length=9)]
LocalTime = Annotated[str, Meta(pattern="^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}$", max_length=19)]
Int32 = Annotated[int, Meta(ge=-(2**31), le=2**31 - 1)]
PositiveInt = Annotated[int, Meta(ge=1, le=2**31 - 1)]
PositiveLong = Annotated[int, Meta(ge=1, le=2**63 - 1)]

RECEIPT_TYPES: tuple[ReceiptType, ...] = ("FiscalInvoice", "CreditNote", "DebitNote")
MONEY_TYPES: tuple[MoneyType, ...] = (
    "Cash",
    "Card",
    "MobileWallet",
    "Coupon",
    "Credit",
    "BankTransfer",
    "Other",
)


class Value(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """Base of all receipt values: immutable, absent members left out of the JSON.

    Values hold values and nothing that could lead back to them, so the cycle collector need not look at them.
    """


class Address(Value, frozen=True, rename={"house_no": "houseNo"}):
    province: Text100 | None = None
    city: Text100 | None = None
    street: Text100 | None = None
    house_no: Text250 | None = None
    district: Text100 | None = None


class Contacts(Value, frozen=True, rename={"phone_no": "phoneNo"}):
    phone_no: Text20 | None = None
    email: Text100 | None = None


class Buyer(
    Value,
    frozen=True,
    rename={
        "register_name": "buyerRegisterName",
        "trade_name": "buyerTradeName",
        "tin": "buyerTIN",
        "vat_number": "vatNumber",
        "contacts": "buyerContacts",
        "address": "buyerAddress",
    },
):
    """§13.2. Name and TIN are both needed when a buyer is named at all (RCPT043)."""

    register_name: Text250 | None = None
    tin: Tin | None = None
    trade_name: Text250 | None = None
    vat_number: VatNumber | None = None
    contacts: Contacts | None = None
    address: Address | None = None


class NoteReference(
    Value,
    frozen=True,
    rename={
        "receipt_id": "receiptID",
        "device_id": "deviceID",
        "receipt_global_no": "receiptGlobalNo",
        "fiscal_day_no": "fiscalDayNo",
    },
):
    """§13.7: the receipt that a note credits or debits, by FDMS's id or by device, number and day."""

    receipt_id: PositiveLong | None = None
    device_id: PositiveInt | None = None
    receipt_global_no: PositiveInt | None = None
    fiscal_day_no: PositiveInt | None = None


class Line(
    Value,
    frozen=True,
    rename={
        "type": "receiptLineType",
        "no": "receiptLineNo",
        "name": "receiptLineName",
        "quantity": "receiptLineQuantity",
        "total": "receiptLineTotal",
        "tax_id": "taxID",
        "hs_code": "receiptLineHSCode",
        "price": "receiptLinePrice",
        "tax_code": "taxCode",
        "tax_percent": "taxPercent",
    },
):
    """§13.3. Discounts are lines of their own with a negative total. `tax_percent` is absent for exempt."""

    type: LineType
    no: Int32
    name: Text200
    quantity: Decimal
    total: Decimal
    tax_id: Int32
    hs_code: Text8 | None = None
    price: Decimal | None = None
    tax_code: Text3 | None = None
    tax_percent: Decimal | None = None


class TaxLine(
    Value,
    frozen=True,
    rename={
        "tax_id": "taxID",
        "amount": "taxAmount",
        "sales_with_tax": "salesAmountWithTax",
        "tax_code": "taxCode",
        "percent": "taxPercent",
    },
):
    """§13.4: one entry per distinct tax of the lines."""

    tax_id: Int32
    amount: Decimal
    sales_with_tax: Decimal
    percent: Decimal | None = None
    tax_code: Text3 | None = None


class Payment(Value, frozen=True, rename={"money_type": "moneyTypeCode", "amount": "paymentAmount"}):
    """§13.5, in the receipt's currency."""

    money_type: MoneyType
    amount: Decimal


class SignatureData(Value, frozen=True):
    """§7: base64 of the SHA-256 and of the signature."""

    hash: str
    signature: str


class Receipt(
    Value,
    frozen=True,
    rename={
        "type": "receiptType",
        "currency": "receiptCurrency",
        "counter": "receiptCounter",
        "global_no": "receiptGlobalNo",
        "invoice_no": "invoiceNo",
        "date": "receiptDate",
        "lines_tax_inclusive": "receiptLinesTaxInclusive",
        "lines": "receiptLines",
        "taxes": "receiptTaxes",
        "payments": "receiptPayments",
        "total": "receiptTotal",
        "print_form": "receiptPrintForm",
        "buyer": "buyerData",
        "notes": "receiptNotes",
        "reference": "creditDebitNote",
        "signature": "receiptDeviceSignature",
    },
):
    """§13.1. `counter`, `global_no` and `date` are 0, 0 and "" in a draft: the chain gives them."""

    type: ReceiptType
    currency: Currency
    counter: Int32
    global_no: Int32
    invoice_no: Text50
    date: LocalTime
    lines_tax_inclusive: bool
    lines: tuple[Line, ...]
    taxes: tuple[TaxLine, ...]
    payments: tuple[Payment, ...]
    total: Decimal
    print_form: PrintForm | None = None
    buyer: Buyer | None = None
    notes: Text500 | None = None
    reference: NoteReference | None = None
    signature: SignatureData | None = None
