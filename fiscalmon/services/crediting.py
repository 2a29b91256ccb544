"""Crediting a receipt of this till, whole or by lines: the credit note is made here and takes the way of any sale."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from ..books import Archive
from ..domain.crediting import Credit, credit_note, default_sale_id, same_credit
from ..domain.errors import SaleConflict, UnknownReceipt
from ..domain.gateway import SubmitReceiptRequest
from ..domain.receipt import NoteReference, Receipt
from ..domain.recorded import Recorded
from .fiscalise import Fiscaliser
from .parts import Parts

_sent = msgspec.json.Decoder(SubmitReceiptRequest)


class CreditRequest(NamedTuple):
    """What a person or program asks for. `lines`: line numbers of the original, empty for all; `device_id`: who issues
    the note, the original's device where it is None; `sale_id`: made from receipt and lines where it is None.
    """

    receipt_id: str
    notes: str
    lines: tuple[int, ...] = ()
    sale_id: str | None = None
    device_id: int | None = None


class _Known(NamedTuple):
    entry: Recorded
    receipt: Receipt
    notes: list[Receipt]
    same_sale: Recorded | None
    same_note: Receipt | None


class Crediting:
    """One for all devices."""

    def __init__(self, parts: Parts, fiscaliser: Fiscaliser) -> None:
        self._store = parts.store
        self._fiscaliser = fiscaliser

    async def credit(self, asked: CreditRequest, seen: frozenset[int] | None = None) -> tuple[Recorded, bool]:
        """The signed credit note; True when the same credit had been recorded before.

        Raises UnknownReceipt, BadInput, SaleConflict, SaleRefused, DayNotOpen, UnknownDevice.
        """
        sale_id = asked.sale_id or default_sale_id(asked.receipt_id, asked.lines)
        known = await self._store.read(lambda archive: _look_up(archive, asked.receipt_id, sale_id))
        if known is None or (seen is not None and known.entry.device_id not in seen):
            raise UnknownReceipt(f"There is no receipt {asked.receipt_id} on this till.")
        entry = known.entry
        reference = NoteReference(
            device_id=entry.device_id, receipt_global_no=entry.receipt_global_no, fiscal_day_no=entry.fiscal_day_no
        )
        device_id = asked.device_id or entry.device_id
        wanted = Credit(sale_id, reference, asked.notes, asked.lines, device_id)
        sale = credit_note(known.receipt, known.notes, wanted)
        if known.same_sale is not None:
            # Its own payments count among the notes so far: what it credits is compared, not how it was built.
            if known.same_note is not None and same_credit(known.same_note, sale):
                return known.same_sale, True
            raise SaleConflict(f"saleId {sale_id} was used before with other content; give this credit a new one.")
        return await self._fiscaliser.fiscalise(sale, seen)


def _look_up(archive: Archive, receipt_id: str, sale_id: str) -> _Known | None:
    entry, payload = archive.receipt(receipt_id), archive.payload(receipt_id)
    if entry is None or payload is None:
        return None
    notes = [_sent.decode(body).receipt for body in archive.notes_on(receipt_id)]
    same_sale = archive.sale(sale_id)
    body = archive.payload(same_sale.receipt_id) if same_sale else None
    same_note = _sent.decode(body).receipt if body else None
    return _Known(entry, _sent.decode(payload).receipt, notes, same_sale, same_note)
