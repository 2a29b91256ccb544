"""Every request body of the gateway as a table of its members (Gateway v7.2 §8, §12, §13, §15). No rule, no HTTP."""

from __future__ import annotations

from fiscalmon.domain.counters import COUNTER_TYPES, Counter
from fiscalmon.domain.gateway import (
    CloseDayRequest,
    IssueCertificateRequest,
    OpenDayRequest,
    RegisterRequest,
    VerifyTaxpayerRequest,
)
from fiscalmon.domain.receipt import (
    MONEY_TYPES,
    RECEIPT_TYPES,
    Address,
    Buyer,
    Contacts,
    Line,
    NoteReference,
    Payment,
    Receipt,
    SignatureData,
    TaxLine,
)

from .shape import Amount, Binary, Choice, Flag, Many, Member, Moment, Part, Text, Whole


def _digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _letters(text: str) -> bool:
    return text.isascii() and text.isalpha()


def _receipt(user_info: object = None, **members: object) -> Receipt:
    """userInfo (2026 OpenAPI) is checked and then left: no rule looks at it."""
    return Receipt(**members)  # type: ignore[arg-type]  # the tables below give each member its type


TOTAL = Amount(21, 2)
FINE = Amount(25, 6)
PERCENT = Amount(5, 2)
CURRENCY = Text(3, 3, _letters)
PEM = Text(20_000, 1)
KEY = Text(8, 8)
MONEY_TYPE = Choice(MONEY_TYPES)

SIGNATURE = Part(
    SignatureData,
    Member("hash", "hash", Binary(32, exact=True), True),
    Member("signature", "signature", Binary(256), True),
)
LINE = Part(
    Line,
    Member("receiptLineType", "type", Choice(("Sale", "Discount")), True),
    Member("receiptLineNo", "no", Whole(), True),
    Member("receiptLineHSCode", "hs_code", Text(8)),
    Member("receiptLineName", "name", Text(200, 1), True),
    Member("receiptLinePrice", "price", FINE),
    Member("receiptLineQuantity", "quantity", FINE, True),
    Member("receiptLineTotal", "total", TOTAL, True),
    Member("taxCode", "tax_code", Text(3)),
    Member("taxPercent", "tax_percent", PERCENT),
    Member("taxID", "tax_id", Whole(), True),
)
TAX = Part(
    TaxLine,
    Member("taxCode", "tax_code", Text(3)),
    Member("taxPercent", "percent", PERCENT),
    Member("taxID", "tax_id", Whole(), True),
    Member("taxAmount", "amount", TOTAL, True),
    Member("salesAmountWithTax", "sales_with_tax", TOTAL, True),
)
PAYMENT = Part(
    Payment,
    Member("moneyTypeCode", "money_type", MONEY_TYPE, True),
    Member("paymentAmount", "amount", TOTAL, True),
)
BUYER = Part(
    Buyer,
    Member("buyerRegisterName", "register_name", Text(250)),
    Member("buyerTradeName", "trade_name", Text(250)),
    Member("buyerTIN", "tin", Text(10, 10, _digits)),
    Member("vatNumber", "vat_number", Text(9, 9, _digits)),
    Member(
        "buyerContacts",
        "contacts",
        Part(Contacts, Member("phoneNo", "phone_no", Text(20)), Member("email", "email", Text(100))),
    ),
    Member(
        "buyerAddress",
        "address",
        Part(
            Address,
            Member("province", "province", Text(100)),
            Member("city", "city", Text(100)),
            Member("street", "street", Text(100)),
            Member("houseNo", "house_no", Text(250)),
            Member("district", "district", Text(100)),
        ),
    ),
)
REFERENCE = Part(
    NoteReference,
    Member("receiptID", "receipt_id", Whole(64)),
    Member("deviceID", "device_id", Whole()),
    Member("receiptGlobalNo", "receipt_global_no", Whole()),
    Member("fiscalDayNo", "fiscal_day_no", Whole()),
)
USER = Part(
    dict,
    Member("username", "username", Text(100, 1), True),
    Member("userFullName", "full_name", Text(250, 1), True),
)
RECEIPT = Part(
    _receipt,
    Member("receiptType", "type", Choice(RECEIPT_TYPES), True),
    Member("receiptCurrency", "currency", CURRENCY, True),
    Member("receiptCounter", "counter", Whole(), True),
    Member("receiptGlobalNo", "global_no", Whole(), True),
    Member("invoiceNo", "invoice_no", Text(50, 1), True),
    Member("buyerData", "buyer", BUYER),
    Member("receiptNotes", "notes", Text(500)),
    Member("receiptDate", "date", Moment(), True),
    Member("creditDebitNote", "reference", REFERENCE),
    Member("receiptLinesTaxInclusive", "lines_tax_inclusive", Flag(), True),
    Member("receiptLines", "lines", Many(LINE), True),
    Member("receiptTaxes", "taxes", Many(TAX), True),
    Member("receiptPayments", "payments", Many(PAYMENT), True),
    Member("receiptTotal", "total", TOTAL, True),
    Member("receiptPrintForm", "print_form", Choice(("Receipt48", "InvoiceA4"))),
    Member("receiptDeviceSignature", "signature", SIGNATURE, True),
    Member("userInfo", "user_info", USER),
)
SUBMIT_RECEIPT = Part(lambda receipt: receipt, Member("receipt", "receipt", RECEIPT, True))
COUNTER = Part(
    Counter,
    Member("fiscalCounterType", "type", Choice(COUNTER_TYPES), True),
    Member("fiscalCounterCurrency", "currency", CURRENCY, True),
    Member("fiscalCounterTaxID", "tax_id", Whole()),
    Member("fiscalCounterTaxPercent", "tax_percent", PERCENT),
    Member("fiscalCounterMoneyType", "money_type", MONEY_TYPE),
    Member("fiscalCounterValue", "value", TOTAL, True),
)
CLOSE_DAY = Part(
    CloseDayRequest,
    Member("fiscalDayNo", "day_no", Whole(), True),
    Member("fiscalDayCounters", "counters", Many(COUNTER), True),
    Member("fiscalDayDeviceSignature", "signature", SIGNATURE, True),
    Member("receiptCounter", "receipt_counter", Whole(), True),
)
OPEN_DAY = Part(
    OpenDayRequest,
    Member("fiscalDayOpened", "opened", Moment(), True),
    Member("fiscalDayNo", "day_no", Whole()),
)
VERIFY_TAXPAYER = Part(
    VerifyTaxpayerRequest,
    Member("activationKey", "activation_key", KEY, True),
    Member("deviceSerialNo", "serial_no", Text(20, 1), True),
)
REGISTER = Part(
    RegisterRequest,
    Member("certificateRequest", "certificate_request", PEM, True),
    Member("activationKey", "activation_key", KEY, True),
)
ISSUE_CERTIFICATE = Part(IssueCertificateRequest, Member("certificateRequest", "certificate_request", PEM, True))
