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

from ui.presenters import words
from ui.presenters.sections import Fact, Section

STATUS = MappingProxyType(
    {
        "completed": ("ok", "Accepted"),
        "failed": ("failed", "Refused"),
        "queued": ("attention", "Waits"),
        "signed": ("plain", "Being sent"),
        "sending": ("plain", "Being sent"),
    }
)
_TYPES = MappingProxyType({"FiscalInvoice": "Invoice", "CreditNote": "Credit note", "DebitNote": "Debit note"})
_OUTCOMES = MappingProxyType(
    {
        "done": ("ok", "accepted"),
        "refused": ("failed", "refused"),
        "unknown": ("attention", "no answer, may have arrived"),
        "unreachable": ("attention", "not reached"),
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
        state, word = "attention", "Accepted, remark"
    return ReceiptRow(
        receipt_id=str(item.get("receiptId")),
        number=words.count(int(item.get("receiptGlobalNo") or 0)),
        date=words.sentence(item.get("receiptDate")).replace("T", " "),
        kind=_TYPES.get(str(item.get("receiptType")), words.sentence(item.get("receiptType"))),
        invoice=words.sentence(item.get("invoiceNo")),
        device=str(item.get("deviceID")),
        amount=f"{words.sentence(item.get('receiptCurrency'))} {words.money(item.get('receiptTotal'))}".strip(),
        state=state,
        word=word,
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
        *([Section("On paper", text=str(told["slip"]))] if told.get("slip") else []),
    )


def _fate(told: Mapping[str, Any], zone: tzinfo | None) -> Section:
    row, way = receipt_row(told), told.get("life") or {}
    facts = [Fact("State", row.word, state=row.state if row.state != "plain" else "")]
    for error in told.get("validationErrors") or ():
        code, colour = words.sentence(error.get("code")), words.sentence(error.get("color"))
        facts.append(Fact(f"{code} {colour}".strip(), words.sentence(error.get("advice")), state=_error_state(colour)))
    facts.append(Fact("Signed", _moment(way.get("signedAt"), zone)))
    if way.get("settledAt"):
        facts.append(Fact("Answered", _moment(way.get("settledAt"), zone)))
    if told.get("latencyMs") is not None:
        facts.append(Fact("Took", words.milliseconds(float(told["latencyMs"]))))
    return Section("What became of it", tuple(facts))


def _error_state(colour: str) -> str:
    return "failed" if colour.lower() == "red" else "attention"


def _sale(told: Mapping[str, Any]) -> Section:
    row, sent = receipt_row(told), told.get("receipt") or {}
    facts = [
        Fact("Number", f"{row.number} of the device, {told.get('receiptCounter')} of day {told.get('fiscalDayNo')}"),
        Fact("Invoice", row.invoice),
        Fact("Device", row.device),
        Fact("Date on the receipt", row.date),
        Fact("Total", row.amount),
    ]
    lines = sent.get("receiptLines") or ()
    for line in lines:
        what = words.sentence(line.get("receiptLineName"))
        facts.append(
            Fact(
                f"Line {line.get('receiptLineNo', '')}".strip(),
                f"{what} · {line.get('receiptLineQuantity')} × {_price(line)} = "
                f"{words.money(line.get('receiptLineTotal'))}",
            )
        )
    for tax in told.get("receiptTaxes") or ():
        percent = tax.get("taxPercent")
        facts.append(
            Fact(
                "Exempt" if percent is None else f"Tax {percent} %",
                f"{words.money(tax.get('taxAmount'))} in {words.money(tax.get('salesAmountWithTax'))}",
            )
        )
    facts.extend(
        Fact(f"Paid, {words.sentence(payment.get('moneyTypeCode'))}", words.money(payment.get("paymentAmount")))
        for payment in sent.get("receiptPayments") or ()
    )
    facts.append(Fact("Sale of the POS", words.sentence(told.get("saleId"))))
    return Section("The sale", tuple(facts))


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
            ("Name", "buyerRegisterName"),
            ("Trades as", "buyerTradeName"),
            ("TIN", "buyerTIN"),
            ("VAT number", "VATNumber"),
        )
        if buyer.get(member)
    ]
    return [Section("The buyer", tuple(facts))]


def _signed(told: Mapping[str, Any]) -> Section:
    signed = told.get("signed") or {}
    facts = []
    if signed.get("canonical"):
        facts.append(Fact("Signed text", str(signed["canonical"]), exact=True))
    elif told.get("signedTrouble"):
        facts.append(Fact("Signed text", words.sentence(told["signedTrouble"]), state="attention"))
    facts.append(Fact("Hash", str(told.get("hash") or words.UNKNOWN), exact=True))
    if signed.get("sha256Hex"):
        facts.append(Fact("Hash, hexadecimal", str(signed["sha256Hex"]), exact=True))
    if signed.get("sha256Base64") and signed["sha256Base64"] != told.get("hash"):
        facts.append(Fact("Derived again", f"{signed['sha256Base64']} — not the same: run an audit", state="failed"))
    previous = told.get("previousReceiptHash")
    facts.append(
        Fact("Previous hash", str(previous), exact=True)
        if previous
        else Fact("Previous hash", "none, it is the first of its day")
    )
    facts.append(Fact("Signature", str(told.get("signature") or words.UNKNOWN), exact=True))
    facts.append(Fact("Verification code", str(told.get("verificationCode") or words.UNKNOWN), exact=True))
    facts.append(Fact("QR code says", str(told.get("qrUrl") or words.UNKNOWN), exact=True))
    return Section("The signature", tuple(facts))


def _tries(told: Mapping[str, Any], zone: tzinfo | None) -> Section:
    tries = (told.get("life") or {}).get("attempts") or ()
    facts = []
    for number, one in enumerate(tries, 1):
        state, word = _OUTCOMES.get(str(one.get("outcome")), ("", words.sentence(one.get("outcome"))))
        parts = [
            _moment(one.get("at"), zone),
            word,
            f"HTTP {one['httpStatus']}" if one.get("httpStatus") else "",
            words.milliseconds(float(one["latencyMs"])) if one.get("latencyMs") is not None else "",
            words.sentence(one.get("error")),
        ]
        facts.append(Fact(f"Try {number}", " · ".join(part for part in parts if part), state=state))
    return Section("On its way to FDMS", tuple(facts or [Fact("Tries", "none yet")]))


def _answer(told: Mapping[str, Any]) -> list[Section]:
    way = told.get("life") or {}
    if told.get("fdmsReceiptId") is None and not way.get("serverDate"):
        return []
    facts = [Fact("Receipt at FDMS", words.sentence(told.get("fdmsReceiptId")) or words.UNKNOWN)]
    if way.get("serverDate"):
        facts.append(Fact("Taken there", words.sentence(way["serverDate"]).replace("T", " ")))
    signature = way.get("serverSignature")
    if isinstance(signature, Mapping):
        facts.extend(Fact(f"FDMS's {name}", str(value), exact=True) for name, value in signature.items() if value)
    return [Section("FDMS's answer", tuple(facts))]


def _moment(text: object, zone: tzinfo | None) -> str:
    moment = words.instant(text, zone)
    return f"{moment:%Y-%m-%d %H:%M:%S}" if moment else words.UNKNOWN
