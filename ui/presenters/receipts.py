"""Receipts as the search shows them: what was typed made searchable, a row a receipt, and one receipt's whole life.

Must not know Qt nor call the engine; takes what `receipts` and `lives.of` give.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import tzinfo
from types import MappingProxyType
from typing import Any

from ui.i18n import QT_TRANSLATE_NOOP, translate
from ui.presenters import words
from ui.presenters.sections import Fact, Section

STATUS = MappingProxyType(
    {
        "completed": ("ok", QT_TRANSLATE_NOOP("receipts", "Accepted")),
        "failed": ("failed", QT_TRANSLATE_NOOP("receipts", "Refused")),
        "queued": ("attention", QT_TRANSLATE_NOOP("receipts", "Waits")),
        "signed": ("plain", QT_TRANSLATE_NOOP("receipts", "Being sent")),
        "sending": ("plain", QT_TRANSLATE_NOOP("receipts", "Being sent")),
    }
)
_TYPES = MappingProxyType(
    {
        "FiscalInvoice": QT_TRANSLATE_NOOP("receipts", "Invoice"),
        "CreditNote": QT_TRANSLATE_NOOP("receipts", "Credit note"),
        "DebitNote": QT_TRANSLATE_NOOP("receipts", "Debit note"),
    }
)
_OUTCOMES = MappingProxyType(
    {
        "done": ("ok", QT_TRANSLATE_NOOP("receipts", "accepted")),
        "refused": ("failed", QT_TRANSLATE_NOOP("receipts", "refused")),
        "unknown": ("attention", QT_TRANSLATE_NOOP("receipts", "no answer, may have arrived")),
        "unreachable": ("attention", QT_TRANSLATE_NOOP("receipts", "not reached")),
    }
)


@dataclass(frozen=True)
class ReceiptRow:
    """One line of the list."""

    receipt_id: str
    number: str
    date: str
    kind: str
    invoice: str
    device: str
    amount: str
    state: str
    word: str


def searched(typed: str) -> str | None:
    """What the books are asked for what a person typed or scanned; None for everything.

    "USD 1,234.50" is its amount, "4,711" its number, a hash in hexadecimal the hash as it is kept.
    """
    text = words.sentence(typed)
    if not text:
        return None
    figures = re.fullmatch(r"(?:[A-Z]{3} )?(-?\d{1,3}(?:,\d{3})+(?:\.\d+)?|-?\d+(?:\.\d+)?)(?: [A-Z]{3})?", text)
    if figures:
        return figures[1].replace(",", "")
    if re.fullmatch(r"[0-9a-fA-F]{64}", text):
        try:
            return base64.b64encode(binascii.unhexlify(text)).decode()
        except binascii.Error:
            return text
    return text


def receipt_row(item: Mapping[str, Any]) -> ReceiptRow:
    state, word = STATUS.get(str(item.get("status")), ("plain", words.sentence(item.get("status"))))
    if state == "ok" and item.get("validationErrors"):
        state, word = "attention", QT_TRANSLATE_NOOP("receipts", "Accepted, remark")
    return ReceiptRow(
        receipt_id=str(item.get("receiptId")),
        number=words.count(int(item.get("receiptGlobalNo") or 0)),
        date=words.sentence(item.get("receiptDate")).replace("T", " "),
        kind=translate("receipts", _TYPES.get(str(item.get("receiptType")), words.sentence(item.get("receiptType")))),
        invoice=words.sentence(item.get("invoiceNo")),
        device=str(item.get("deviceID")),
        amount=f"{words.sentence(item.get('receiptCurrency'))} {words.money(item.get('receiptTotal'))}".strip(),
        state=state,
        word=translate("receipts", word),
    )


def life_title(life: Mapping[str, Any]) -> str:
    row = receipt_row(life)
    return f"{row.kind} {row.number} · {row.amount}"


def life(told: Mapping[str, Any], zone: tzinfo | None) -> tuple[Section, ...]:
    """The receipt from the sale to FDMS's answer."""
    return (
        _fate(told, zone),
        _sale(told),
        *_buyer(told),
        _signed(told),
        _tries(told, zone),
        *_answer(told),
        *([Section(translate("receipts", "On paper"), text=str(told["slip"]))] if told.get("slip") else []),
    )


def _fate(told: Mapping[str, Any], zone: tzinfo | None) -> Section:
    row, way = receipt_row(told), told.get("life") or {}
    facts = [Fact(translate("receipts", "State"), row.word, state=row.state if row.state != "plain" else "")]
    for error in told.get("validationErrors") or ():
        code, colour = words.sentence(error.get("code")), words.sentence(error.get("color"))
        facts.append(Fact(f"{code} {colour}".strip(), words.sentence(error.get("advice")), state=_error_state(colour)))
    facts.append(Fact(translate("receipts", "Signed"), _moment(way.get("signedAt"), zone)))
    if way.get("settledAt"):
        facts.append(Fact(translate("receipts", "Answered"), _moment(way.get("settledAt"), zone)))
    if told.get("latencyMs") is not None:
        facts.append(Fact(translate("receipts", "Took"), words.milliseconds(float(told["latencyMs"]))))
    return Section(translate("receipts", "What became of it"), tuple(facts))


def _error_state(colour: str) -> str:
    return "failed" if colour.lower() == "red" else "attention"


def _sale(told: Mapping[str, Any]) -> Section:
    row, sent = receipt_row(told), told.get("receipt") or {}
    facts = [
        Fact(
            translate("receipts", "Number"),
            translate("receipts", "{number} of the device, {counter} of day {day}").format(
                number=row.number, counter=told.get("receiptCounter"), day=told.get("fiscalDayNo")
            ),
        ),
        Fact(translate("receipts", "Invoice"), row.invoice),
        Fact(translate("receipts", "Device"), row.device),
        Fact(translate("receipts", "Date on the receipt"), row.date),
        Fact(translate("receipts", "Total"), row.amount),
    ]
    lines = sent.get("receiptLines") or ()
    for line in lines:
        what = words.sentence(line.get("receiptLineName"))
        facts.append(
            Fact(
                translate("receipts", "Line {number}").format(number=line.get("receiptLineNo", "")).strip(),
                f"{what} · {words.sentence(line.get('receiptLineQuantity'))} × {_price(line)} = "
                f"{words.money(line.get('receiptLineTotal'))}",
            )
        )
    for tax in told.get("receiptTaxes") or ():
        percent = tax.get("taxPercent")
        facts.append(
            Fact(
                translate("receipts", "Exempt")
                if percent is None
                else translate("receipts", "Tax {percent} %").format(percent=percent),
                translate("receipts", "{tax} in {sales}").format(
                    tax=words.money(tax.get("taxAmount")),
                    sales=words.money(tax.get("salesAmountWithTax")),
                ),
            )
        )
    facts.extend(
        Fact(
            translate("receipts", "Paid, {kind}").format(kind=words.sentence(payment.get("moneyTypeCode"))),
            words.money(payment.get("paymentAmount")),
        )
        for payment in sent.get("receiptPayments") or ()
    )
    facts.append(Fact(translate("receipts", "Sale of the POS"), words.sentence(told.get("saleId"))))
    return Section(translate("receipts", "The sale"), tuple(facts))


def _price(line: Mapping[str, Any]) -> str:
    price = line.get("receiptLinePrice")
    return words.money(price) if price is not None else words.UNKNOWN


def _buyer(told: Mapping[str, Any]) -> list[Section]:
    buyer = (told.get("receipt") or {}).get("buyerData")
    if not buyer:
        return []
    facts = [
        Fact(name, words.sentence(buyer[member]))
        for name, member in (
            (translate("receipts", "Name"), "buyerRegisterName"),
            (translate("receipts", "Trades as"), "buyerTradeName"),
            ("TIN", "buyerTIN"),
            (translate("receipts", "VAT number"), "VATNumber"),
        )
        if buyer.get(member)
    ]
    return [Section(translate("receipts", "The buyer"), tuple(facts))]


def _signed(told: Mapping[str, Any]) -> Section:
    signed = told.get("signed") or {}
    facts = []
    if signed.get("canonical"):
        facts.append(Fact(translate("receipts", "Signed text"), str(signed["canonical"]), exact=True))
    elif told.get("signedTrouble"):
        facts.append(
            Fact(translate("receipts", "Signed text"), words.sentence(told["signedTrouble"]), state="attention")
        )
    facts.append(Fact(translate("receipts", "Hash"), str(told.get("hash") or words.UNKNOWN), exact=True))
    if signed.get("sha256Hex"):
        facts.append(Fact(translate("receipts", "Hash, hexadecimal"), str(signed["sha256Hex"]), exact=True))
    if signed.get("sha256Base64") and signed["sha256Base64"] != told.get("hash"):
        facts.append(
            Fact(
                translate("receipts", "Derived again"),
                translate("receipts", "{hash} — not the same: run an audit").format(hash=signed["sha256Base64"]),
                state="failed",
            )
        )
    previous = told.get("previousReceiptHash")
    facts.append(
        Fact(translate("receipts", "Previous hash"), str(previous), exact=True)
        if previous
        else Fact(translate("receipts", "Previous hash"), translate("receipts", "none, it is the first of its day"))
    )
    facts.append(Fact(translate("receipts", "Signature"), str(told.get("signature") or words.UNKNOWN), exact=True))
    facts.append(
        Fact(translate("receipts", "Verification code"), str(told.get("verificationCode") or words.UNKNOWN), exact=True)
    )
    facts.append(Fact(translate("receipts", "QR code says"), str(told.get("qrUrl") or words.UNKNOWN), exact=True))
    return Section(translate("receipts", "The signature"), tuple(facts))


def _tries(told: Mapping[str, Any], zone: tzinfo | None) -> Section:
    tries = (told.get("life") or {}).get("attempts") or ()
    facts = []
    for number, one in enumerate(tries, 1):
        state, word = _OUTCOMES.get(str(one.get("outcome")), ("", words.sentence(one.get("outcome"))))
        parts = [
            _moment(one.get("at"), zone),
            translate("receipts", word),
            f"HTTP {one['httpStatus']}" if one.get("httpStatus") else "",
            words.milliseconds(float(one["latencyMs"])) if one.get("latencyMs") is not None else "",
            words.sentence(one.get("error")),
        ]
        facts.append(
            Fact(
                translate("receipts", "Try {number}").format(number=number),
                " · ".join(part for part in parts if part),
                state=state,
            )
        )
    return Section(
        translate("receipts", "On its way to FDMS"),
        tuple(facts or [Fact(translate("receipts", "Tries"), translate("receipts", "none yet"))]),
    )


def _answer(told: Mapping[str, Any]) -> list[Section]:
    way = told.get("life") or {}
    if told.get("fdmsReceiptId") is None and not way.get("serverDate"):
        return []
    facts = [Fact(translate("receipts", "Receipt at FDMS"), words.sentence(told.get("fdmsReceiptId")) or words.UNKNOWN)]
    if way.get("serverDate"):
        facts.append(Fact(translate("receipts", "Taken there"), words.sentence(way["serverDate"]).replace("T", " ")))
    signature = way.get("serverSignature")
    if isinstance(signature, Mapping):
        facts.extend(
            Fact(translate("receipts", "FDMS's {name}").format(name=name), str(value), exact=True)
            for name, value in signature.items()
            if value
        )
    return [Section(translate("receipts", "FDMS's answer"), tuple(facts))]


def _moment(text: object, zone: tzinfo | None) -> str:
    moment = words.instant(text, zone)
    return f"{moment:%Y-%m-%d %H:%M:%S}" if moment else words.UNKNOWN
