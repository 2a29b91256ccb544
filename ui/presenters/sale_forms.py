"""What is filled in beside the sale, read: another item, a buyer, a discount, rates. Plain values, no Qt.

Each raises BadInput with a sentence that names the field.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from fiscalmon.domain.device import DeviceConfig
from fiscalmon.domain.errors import BadInput
from fiscalmon.domain.open_sale import Off, OpenLine
from fiscalmon.domain.receipt import Address, Buyer, Contacts
from fiscalmon.domain.typed_number import read_number
from ui.i18n import translate

Values = Mapping[str, str]


def other_item(values: Values) -> OpenLine:
    """A line for something that stands in no list."""
    name = _text(values, "name", 200)
    if not name:
        raise BadInput(translate("sale_forms", "Say what it is: the name stands on the receipt."))
    code = values.get("hs", "").strip()
    if code and not (code.isascii() and code.isdigit() and len(code) in (4, 8)):
        raise BadInput(translate("sale_forms", "An HS code has 4 or 8 digits."))
    return OpenLine(
        name,
        int(values["tax"]),
        _number(values, "price", translate("sale_forms", "The price")),
        _number(values, "quantity", translate("sale_forms", "The quantity"))
        if values.get("quantity", "").strip()
        else Decimal(1),
        code,
    )


def buyer(values: Values) -> Buyer | None:
    """The buyer; None when every field is empty."""
    given = {name: _text(values, name, 250) for name in values}
    if not any(given.values()):
        return None
    if not given.get("name") or not given.get("tin"):
        raise BadInput(
            translate(
                "sale_forms",
                "A buyer needs both the registered name and the TIN of 10 digits; or leave all of it empty.",
            )
        )
    if not (given["tin"].isascii() and given["tin"].isdigit() and len(given["tin"]) == 10):
        raise BadInput(translate("sale_forms", "A TIN has exactly 10 digits."))
    vat = given.get("vat") or None
    if vat and not (vat.isascii() and vat.isdigit() and len(vat) == 9):
        raise BadInput(translate("sale_forms", "A VAT number has exactly 9 digits."))
    for name, word, longest in (
        ("phone", translate("sale_forms", "phone number"), 20),
        ("email", translate("sale_forms", "e-mail address"), 100),
        ("city", translate("sale_forms", "city"), 100),
    ):
        if len(given.get(name, "")) > longest:
            raise BadInput(
                translate("sale_forms", "The {word} may have at most {longest} characters.").format(
                    word=word, longest=longest
                )
            )
    contacts = Contacts(given.get("phone") or None, given.get("email") or None)
    address = Address(city=given.get("city") or None, street=given.get("street", "")[:100] or None)
    return Buyer(
        register_name=given["name"],
        tin=given["tin"],
        trade_name=given.get("trade") or None,
        vat_number=vat,
        contacts=contacts if contacts != Contacts() else None,
        address=address if address != Address() else None,
    )


def buyer_values(held: Buyer | None) -> dict[str, str]:
    """The same the other way, to be changed."""
    if held is None:
        return {}
    contacts, address = held.contacts or Contacts(), held.address or Address()
    return {
        "name": held.register_name or "",
        "tin": held.tin or "",
        "trade": held.trade_name or "",
        "vat": held.vat_number or "",
        "phone": contacts.phone_no or "",
        "email": contacts.email or "",
        "city": address.city or "",
        "street": address.street or "",
    }


def discount(text: str) -> Off:
    """10% or 1.50; empty takes the discount away."""
    text = text.strip()
    if not text:
        return Off()
    number = read_number(text.rstrip("% "))
    if number is None:
        raise BadInput(translate("sale_forms", "A discount is a number like 1.50, or per cent like 10%."))
    return Off(percent=number) if text.endswith("%") else Off(amount=number)


def quantity(text: str) -> Decimal:
    number = _number({"quantity": text}, "quantity", translate("sale_forms", "The quantity"))
    if number <= 0:
        raise BadInput(translate("sale_forms", "The quantity must be above zero; to take the line out, press Del."))
    return number


def rates(values: Values) -> dict[str, str]:
    """Units for one USD by currency, as they are kept; an empty field is a currency that is not taken."""
    found = {}
    for currency, text in values.items():
        if text.strip():
            number = _number(
                values, currency, translate("sale_forms", "The rate of {currency}").format(currency=currency)
            )
            if number <= 0 or number != number.quantize(Decimal("0.000001")):
                raise BadInput(
                    translate(
                        "sale_forms", "The rate of {currency} must be above zero, with at most 6 decimals."
                    ).format(currency=currency)
                )
            found[currency] = f"{number.normalize():f}"
    return found


def tax_choices(config: DeviceConfig, now: str) -> list[tuple[str, str]]:
    """(words, tax id) of the taxes that hold now; what a shop uses most comes first: the highest rate."""
    valid = [tax for tax in config.taxes if config.tax_at(tax.tax_id, now) is tax]
    if not config.vat_payer:
        valid = [tax for tax in valid if not tax.percent or tax.withholding] or valid
    plainly = sorted(valid, key=lambda tax: (tax.withholding, -(tax.percent or Decimal(-1))))
    return [(f"{tax.band} · {tax.name}", str(tax.tax_id)) for tax in plainly]


def _text(values: Values, name: str, longest: int) -> str:
    text = " ".join(values.get(name, "").split())
    if not text.isprintable():
        raise BadInput(translate("sale_forms", "Control characters cannot be printed; remove them."))
    if len(text) > longest:
        raise BadInput(
            translate("sale_forms", "That is longer than the {longest} characters FDMS takes.").format(longest=longest)
        )
    return text


def _number(values: Values, name: str, word: str) -> Decimal:
    number = read_number(values.get(name, ""))
    if number is None:
        raise BadInput(translate("sale_forms", "{word} must be a number, like 2.50.").format(word=word))
    return number
