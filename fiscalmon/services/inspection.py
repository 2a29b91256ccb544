"""Explains a signature: which parts of a receipt or of a fiscal-day close were signed, in which order, and whether
the signature holds. Takes a document from anywhere, so only the signed members have to be there.

Pure: no file, no network, no database; must not know how the result is shown.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, TypeVar

import msgspec
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from ..domain.canonical import Parts, digest, fiscal_day_parts, signed_receipt_parts
from ..domain.counters import COUNTER_TYPES, Counter
from ..domain.errors import BadInput
from ..domain.money import is_amount, round_cents
from ..domain.qr import qr_data, qr_url, verification_code
from ..domain.receipt import (
    MONEY_TYPES,
    RECEIPT_TYPES,
    Currency,
    Int32,
    LocalTime,
    PositiveInt,
    ReceiptType,
    TaxLine,
    Text3,
)
from ..domain.structure import explained

PublicKey = ec.EllipticCurvePublicKey | rsa.RSAPublicKey
# decimal(21,2), as §13.1 and §13.4 declare amounts; the live gateway holds counters to the same (§15).
_MOST_WHOLE_DIGITS = 19
LocalDate = Annotated[str, msgspec.Meta(pattern="^[0-9]{4}-[0-9]{2}-[0-9]{2}$", max_length=10)]


Form = TypeVar("Form")


class _Signature(msgspec.Struct):
    hash: str | None = None
    signature: str | None = None


class _Tax(
    msgspec.Struct,
    rename={
        "amount": "taxAmount",
        "sales_with_tax": "salesAmountWithTax",
        "percent": "taxPercent",
        "tax_code": "taxCode",
        "tax_id": "taxID",
    },
):
    """A tax entry; the id is not signed, it only gives the order."""

    amount: Decimal
    sales_with_tax: Decimal
    percent: Decimal | None = None
    tax_code: Text3 | None = None
    tax_id: Int32 | None = None


class _Receipt(
    msgspec.Struct,
    rename={
        "device_id": "deviceID",
        "type": "receiptType",
        "currency": "receiptCurrency",
        "global_no": "receiptGlobalNo",
        "date": "receiptDate",
        "total": "receiptTotal",
        "taxes": "receiptTaxes",
        "previous_hash": "previousReceiptHash",
        "signature": "receiptDeviceSignature",
        "qr_url": "qrUrl",
    },
):
    """The members of a receipt that §18.2 signs, and what may stand beside them."""

    device_id: PositiveInt
    type: ReceiptType
    currency: Currency
    global_no: PositiveInt
    date: LocalTime
    total: Decimal
    taxes: tuple[_Tax, ...]
    previous_hash: str | None = None
    signature: _Signature | None = None
    qr_url: str | None = None


class _FiscalDay(
    msgspec.Struct,
    rename={
        "device_id": "deviceID",
        "day_no": "fiscalDayNo",
        "counters": "fiscalDayCounters",
        "date": "fiscalDayDate",
        "opened": "fiscalDayOpened",
        "signature": "fiscalDayDeviceSignature",
    },
):
    """The members of a close that §18.4 signs; the payload itself lacks the device and the opening date."""

    device_id: PositiveInt
    day_no: PositiveInt
    counters: tuple[Counter, ...]
    date: LocalDate | None = None
    opened: LocalTime | None = None
    signature: _Signature | None = None


def inspect(document: object, *, public_key_pem: str | None = None, qr_site: str | None = None) -> dict[str, Any]:
    """What was signed, and whether it holds.

    `document`: a receipt ({"deviceID", "previousReceiptHash", "receipt": {…}} or the same flat), or a close as FDMS
    takes it with `deviceID` and `fiscalDayOpened` or `fiscalDayDate` beside; `qrUrl`, and `publicKey` or `certificate`
    (PEM) may stand beside. `public_key_pem` goes before a key in the document; `qr_site` is the qrUrl where the
    document has none.

    Returns {kind, parts: [{name, value}], canonical, sha256Hex, sha256Base64, qrData, qrUrl, verificationCode,
    signatureValid}, `hashMatches` (None where the document states no hash) and `notes` (sentences about what FDMS would
    refuse). What cannot be computed is None.
    Raises BadInput with a sentence for a document of another form.
    """
    flat = _flattened(document)
    key = _public_key(flat, public_key_pem)
    if _is_receipt(flat):
        return _inspect_receipt(flat, key, qr_site)
    if "fiscalDayCounters" in flat or "fiscalDayNo" in flat:
        return _inspect_day(flat, key)
    raise BadInput(
        "This is neither a receipt (receiptType, receiptDate, receiptTotal, …) nor the close of a fiscal day "
        "(fiscalDayNo, fiscalDayCounters, …)."
    )


def explain(result: Mapping[str, Any]) -> str:
    """The result of `inspect` as text for a person."""
    width = max(len(part["name"]) for part in result["parts"])
    lines = ["Signed parts, in this order and with nothing between them:", ""]
    lines += [f"  {part['name']:<{width}}  {part['value'] or '(nothing)'}" for part in result["parts"]]
    lines += ["", "Canonical string:", f"  {result['canonical']}", ""]
    lines += [f"SHA-256 (hex):     {result['sha256Hex']}", f"SHA-256 (base64):  {result['sha256Base64']}"]
    if result["qrData"] is not None:
        lines += [f"QR data:           {result['qrData']}", f"Verification code: {result['verificationCode']}"]
    if result["qrUrl"] is not None:
        lines.append(f"QR address:        {result['qrUrl']}")
    if result["hashMatches"] is False:
        lines.append("The hash in the document is another one: it was made from other content.")
    lines += result["notes"]
    if result["signatureValid"] is not None:
        lines.append("Signature: valid." if result["signatureValid"] else "Signature: NOT valid.")
    return "\n".join(lines) + "\n"


def _inspect_receipt(flat: dict[str, Any], key: PublicKey | None, qr_site: str | None) -> dict[str, Any]:
    receipt = _decoded(_with_exact_names(flat, "receiptType", RECEIPT_TYPES), _Receipt)
    amounts = [("receiptTotal", receipt.total)]
    for index, tax in enumerate(receipt.taxes):
        where = f"receiptTaxes[{index}]."
        amounts += [(where + "taxAmount", tax.amount), (where + "salesAmountWithTax", tax.sales_with_tax)]
        _check_percent(where + "taxPercent", tax.percent)
    notes = _amount_notes(amounts)
    parts = signed_receipt_parts(
        receipt.device_id,
        receipt.type,
        receipt.currency,
        receipt.global_no,
        receipt.date,
        receipt.total,
        _tax_lines(receipt.taxes),
        receipt.previous_hash,
    )
    result = _result("receipt", parts, receipt.signature, key, notes)
    signature = _signature_bytes(receipt.signature)
    if signature is not None:
        data = qr_data(signature)
        result["qrData"] = data
        result["verificationCode"] = verification_code(data)
        if site := receipt.qr_url or qr_site:
            result["qrUrl"] = qr_url(site, receipt.device_id, receipt.date, receipt.global_no, data)
    return result


def _tax_lines(taxes: tuple[_Tax, ...]) -> list[TaxLine]:
    """The entries as §18.2 sorts them; where an id is missing, they stay in the order in which they came."""
    as_given = any(tax.tax_id is None for tax in taxes)
    return [
        TaxLine(
            index if as_given or tax.tax_id is None else tax.tax_id,
            tax.amount,
            tax.sales_with_tax,
            tax.percent,
            tax.tax_code,
        )
        for index, tax in enumerate(taxes)
    ]


def _inspect_day(flat: dict[str, Any], key: PublicKey | None) -> dict[str, Any]:
    counters = flat.get("fiscalDayCounters")
    if isinstance(counters, list):
        exact = [_with_exact_names(counter, "fiscalCounterType", COUNTER_TYPES) for counter in counters]
        exact = [_with_exact_names(counter, "fiscalCounterMoneyType", MONEY_TYPES) for counter in exact]
        flat = {**flat, "fiscalDayCounters": exact}
    day = _decoded(flat, _FiscalDay)
    date = day.date or (day.opened or "")[:10]
    if not date:
        raise BadInput("The day's opening is missing: give fiscalDayOpened or fiscalDayDate, as its date is signed.")
    amounts = []
    for index, counter in enumerate(day.counters):
        where = f"fiscalDayCounters[{index}]."
        amounts.append((where + "fiscalCounterValue", counter.value))
        _check_percent(where + "fiscalCounterTaxPercent", counter.tax_percent)
        if counter.money_type is not None and counter.money_type not in MONEY_TYPES:
            raise BadInput(f"{where}fiscalCounterMoneyType: {counter.money_type!r} is no money type of FDMS.")
    parts = fiscal_day_parts(day.device_id, day.day_no, date, day.counters)
    return _result("fiscalDay", parts, day.signature, key, _amount_notes(amounts))


def _result(
    kind: str, parts: Parts, signature: _Signature | None, key: PublicKey | None, notes: list[str]
) -> dict[str, Any]:
    canonical, sha256 = made = digest(parts)
    stated = signature.hash if signature else None
    signed = _signature_bytes(signature)
    return {
        "kind": kind,
        "parts": [{"name": name, "value": value} for name, value in parts],
        "canonical": canonical,
        "sha256Hex": sha256.hex(),
        "sha256Base64": made.base64,
        "qrData": None,
        "qrUrl": None,
        "verificationCode": None,
        "hashMatches": None if stated is None else stated == made.base64,
        "signatureValid": None if signed is None or key is None else _verifies(key, signed, canonical.encode()),
        "notes": notes,
    }


def _verifies(key: PublicKey, signature: bytes, data: bytes) -> bool:
    """§18.1: ECDSA in ASN.1 DER (r||s is refused, as FDMS refuses it), or RSA PKCS#1 v1.5; both with SHA-256."""
    try:
        if isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, data, ec.ECDSA(hashes.SHA256()))
        else:
            key.verify(signature, data, padding.PKCS1v15(), hashes.SHA256())
    except InvalidSignature:
        return False
    return True


def _signature_bytes(signature: _Signature | None) -> bytes | None:
    if signature is None or not signature.signature:
        return None
    try:
        return base64.b64decode(signature.signature, validate=True)
    except (binascii.Error, ValueError):
        raise BadInput("The signature is not base64.") from None


def _public_key(flat: Mapping[str, Any], given: str | None) -> PublicKey | None:
    pem = given or flat.get("publicKey") or flat.get("certificate")
    if pem is None:
        return None
    if not isinstance(pem, str):
        raise BadInput("publicKey and certificate must be PEM texts.")
    try:
        data = pem.encode()
        if b"BEGIN CERTIFICATE" in data:
            key: object = x509.load_pem_x509_certificate(data).public_key()
        else:
            key = load_pem_public_key(data)
    except (ValueError, UnsupportedAlgorithm) as wrong:
        raise BadInput("The public key or certificate cannot be read; give it as PEM.", str(wrong)) from None
    if isinstance(key, ec.EllipticCurvePublicKey | rsa.RSAPublicKey):
        return key
    raise BadInput("FDMS knows keys of the kinds ECDSA P-256 and RSA only.")


def _flattened(document: object) -> dict[str, Any]:
    """The document with its wrapped receipt, if any, on the same level as what stands beside it."""
    if not isinstance(document, dict):
        raise BadInput("A receipt or the close of a fiscal day is one JSON object.")
    inner = document.get("receipt")
    if inner is None:
        return document
    if not isinstance(inner, dict):
        raise BadInput("receipt: must be an object.")
    return {**{name: value for name, value in document.items() if name != "receipt"}, **inner}


def _is_receipt(flat: Mapping[str, Any]) -> bool:
    return any(name in flat for name in ("receiptType", "receiptTotal", "receiptTaxes", "receiptDate"))


def _with_exact_names(value: Any, member: str, names: tuple[str, ...]) -> Any:
    """The object with one enum member spelt as FDMS spells it: its reader takes any case (§3)."""
    said = value.get(member) if isinstance(value, dict) else None
    if not isinstance(said, str):
        return value
    exact = next((name for name in names if name.lower() == said.lower()), said)
    return {**value, member: exact}


def _amount_notes(amounts: list[tuple[str, Decimal]]) -> list[str]:
    """What FDMS would refuse though it can be explained: more than two decimals, signed as rounded cents (§18.2, §5).

    Raises BadInput for what no decimal(21,2) can hold.
    """
    notes = []
    for field, amount in amounts:
        if not amount.is_finite() or amount.adjusted() >= _MOST_WHOLE_DIGITS:
            raise BadInput(
                f"{field}: must be a plain number with at most {_MOST_WHOLE_DIGITS} digits before the point."
            )
        if round_cents(amount) != amount:
            notes.append(f"{field} has more than two decimals, which FDMS refuses; rounded to cents here.")
    return notes


def _check_percent(field: str, percent: Decimal | None) -> None:
    if percent is not None and not is_amount(percent):
        raise BadInput(f"{field}: must be a plain number with at most two decimals.")


def _decoded(flat: dict[str, Any], into: type[Form]) -> Form:
    try:
        return msgspec.convert(flat, into, strict=False)
    except msgspec.ValidationError as wrong:
        problem = explained(str(wrong))
    except UnicodeError:
        raise BadInput("A text in the document is no Unicode.") from None
    raise BadInput(f"{problem.field or 'document'}: {problem.advice}.")
