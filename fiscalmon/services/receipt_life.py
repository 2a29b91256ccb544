"""A receipt's whole life for whoever has to explain it: signed text, hash and its predecessor, tries, answer, paper.

Reads the books and derives; signs and sends nothing.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import msgspec

from ..books import Archive
from ..documents.slip import slip_text
from ..domain.errors import BadInput, FiscalmonError
from .details import receipt_details
from .inspection import inspect
from .parts import Parts
from .reports import receipt_document

Seen = frozenset[int] | None


class ReceiptLives:
    """Use on the engine's loop."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def of(self, receipt_id: str, devices: Seen = None) -> dict[str, Any]:
        """`receipt_life` of the running till. Raises UnknownReceipt."""
        return await self._parts.store.read(lambda archive: receipt_life(archive, receipt_id, devices))

    async def save_pdf(self, receipt_id: str, file: str, devices: Seen = None) -> None:
        """The receipt as a PDF, marked as a copy, in a file.

        Raises UnknownReceipt, BadInput where the file cannot be written.
        """
        from ..documents.pdf import receipt_pdf  # here: the fonts take a while, and few ask

        document = await self._parts.store.read(lambda archive: receipt_document(archive, receipt_id, devices))
        copy = msgspec.structs.replace(document, copy=True)
        try:
            await asyncio.to_thread(lambda: Path(file).write_bytes(receipt_pdf(copy)))
        except OSError as wrong:
            raise BadInput(f"{file} cannot be written: {wrong.strerror}. Choose another place.") from None


def receipt_life(archive: Archive, receipt_id: str, seen: Seen = None) -> dict[str, Any]:
    """The receipt in full with, beside it:

    `previousReceiptHash`, `signed` ({parts, canonical, sha256Hex, sha256Base64, …} as `inspect` explains it, None where
    it cannot be derived, with the reason in `signedTrouble`), and `slip`, its paper as text ("" without configuration).
    Raises UnknownReceipt.
    """
    details = receipt_details(archive, receipt_id, seen)
    entry = archive.receipt(receipt_id)
    rows = archive.chain(details["deviceID"], entry.row - 1, 1) if entry else []
    previous = rows[0].previous_hash if rows else None
    signed, trouble = _signed(details, previous)
    return {
        **details,
        "previousReceiptHash": previous,
        "signed": signed,
        "signedTrouble": trouble,
        "slip": _paper(archive, receipt_id),
    }


def _signed(details: dict[str, Any], previous: str | None) -> tuple[dict[str, Any] | None, str]:
    document = {
        "deviceID": details["deviceID"],
        "previousReceiptHash": previous,
        "qrUrl": details["qrUrl"],
        "receipt": details["receipt"],
    }
    try:
        return inspect(document), ""
    except BadInput as wrong:
        return None, wrong.text


def _paper(archive: Archive, receipt_id: str) -> str:
    try:
        return slip_text(receipt_document(archive, receipt_id))
    except FiscalmonError:
        return ""
