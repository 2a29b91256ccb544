"""A sale as another vendor's till would turn it into a receipt: own arithmetic, own names, nothing of the product."""

from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal

RATES = {1: None, 2: 0, 3: 15.5, 4: 5}
TILLS_OWN = ("saleId", "deviceID", "originalReceipt")


def receipt_members(sale: dict) -> dict:
    """The members of the receipt that follow from the sale; what the sale states itself stays as stated."""
    inclusive = sale["receiptLinesTaxInclusive"]
    lines, sums = [], defaultdict(Decimal)
    for number, given in enumerate(sale["receiptLines"], 1):
        percent = given.get("taxPercent", RATES.get(given["taxID"]))
        total = given.get("receiptLineTotal")
        if total is None:
            total = str(_cents(Decimal(given["receiptLinePrice"]) * Decimal(given["receiptLineQuantity"])))
        line = {**given, "receiptLineNo": number, "receiptLineTotal": total, "taxPercent": percent}
        sums[given["taxID"], given.get("taxCode") or "", percent] += _decimal(total)
        lines.append({name: _number(name, value) for name, value in line.items() if value is not None})
    entries = [_entry(*key, total, inclusive) for key, total in sums.items()]
    total = sum((entry["salesAmountWithTax"] for entry in entries), Decimal(0))
    made = {"receiptTaxes": entries, "receiptTotal": total, **sale, "receiptLines": lines}
    made["receiptTaxes"] = [_plain(entry) for entry in made["receiptTaxes"]]
    made["receiptPayments"] = [_plain(payment) for payment in made["receiptPayments"]]
    return _plain({name: value for name, value in made.items() if name not in TILLS_OWN and value is not None})


def _entry(tax_id: int, code: str, percent: float | None, total: Decimal, inclusive: bool) -> dict:
    rate = Decimal(str(percent or 0))
    tax = _cents(total * rate / (100 + rate if inclusive else 100))
    entry = {"taxID": tax_id, "taxAmount": tax, "salesAmountWithTax": total if inclusive else total + tax}
    if code:
        entry["taxCode"] = code
    return entry if percent is None else {**entry, "taxPercent": percent}


def _plain(members: dict) -> dict:
    return {name: _number(name, value) for name, value in members.items()}


def _number(name: str, value):
    """Amounts as JSON numbers; what is no amount stays."""
    if name.endswith(("Total", "Price", "Quantity", "Amount", "WithTax", "Percent")) and isinstance(
        value, str | Decimal
    ):
        try:
            return float(value)
        except ValueError:
            return value
    return value


def _decimal(value) -> Decimal:
    try:
        return Decimal(str(value))
    except ArithmeticError:
        return Decimal(0)


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)
