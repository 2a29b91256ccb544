"""Days gone by, as the dashboard asks for them: a day's figures, older messages, receipts as a spreadsheet.

Reads only, and only what the caller may see; figures come from the rollups, never from adding up receipts.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from typing import Any

from ..books import Archive, ReceiptFilter
from ..documents.receipts_csv import head, table
from ..domain.errors import BadInput
from ..domain.kpi import Board
from ..domain.localtime import SHOP_ZONE, shop_day
from ..domain.recorded import Recorded
from .parts import Parts
from .receipt_search import receipt_filter

EXPORT_PAGE = 500
Seen = frozenset[int] | None


class History:
    """Use on the engine's loop."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def day(self, day: str | None, devices: Seen = None, device_id: int | None = None) -> dict[str, Any]:
        """A shop's calendar day ("YYYY-MM-DD", default today). Raises BadInput, UnknownDevice.

        The snapshot's names where they mean the same; besides `day`, `today`, `firstDay`, `completed`, `failed`,
        `devices` with each device's part.
        """
        now = self._parts.clock.now()
        today = shop_day(now)
        asked = today if day is None else _date(day)
        if device_id is None:
            ids = [one.device_id for one in self._parts.devices if devices is None or one.device_id in devices]
        else:
            ids = [self._parts.devices.get(device_id, devices).device_id]

        def read(archive: Archive) -> tuple[Board, str | None]:
            board = Board()
            board.apply(archive.history.day(asked.isoformat()))
            return board, archive.history.first_day()

        board, first = await self._parts.store.read(read)
        return {
            "day": asked.isoformat(),
            "today": today.isoformat(),
            "firstDay": first,
            "zone": str(SHOP_ZONE),
            "asOf": now.astimezone(SHOP_ZONE).isoformat(timespec="seconds"),
            **board.day(asked.isoformat(), ids),
        }

    async def events_before(self, before: int, limit: int, devices: Seen = None) -> list[dict[str, Any]]:
        """The last lasting messages before a `seq`, oldest first."""
        found = await self._parts.store.read(lambda archive: archive.history.events_before(before, limit, devices))
        return [message.as_dict() for message in found]

    async def receipts_csv(self, *, devices: Seen = None, **wanted: Any) -> AsyncIterator[str]:
        """The spreadsheet in pieces, newest receipts first; `wanted` as for a list of receipts. Raises BadInput.

        What is signed meanwhile is not in it: the pages go backwards from the first one's end.
        """
        now = self._parts.clock.now()
        chosen = receipt_filter(now, devices=devices, **wanted)
        period = f"{chosen.since or 'the first receipt'} to {chosen.until or 'now'}"
        made = now.astimezone(SHOP_ZONE).isoformat(timespec="seconds")
        yield head(period, f"{SHOP_ZONE} (UTC+2)", _words(wanted), made)
        while True:
            entries = await self._page(chosen)
            yield table(entries)
            if len(entries) < EXPORT_PAGE:
                return
            chosen = chosen._replace(before=entries[-1].row)

    async def _page(self, chosen: ReceiptFilter) -> list[Recorded]:
        return await self._parts.store.read(lambda archive: archive.receipts(chosen, EXPORT_PAGE))


def _date(text: str) -> date:
    try:
        if len(text) != len("2026-11-22"):
            raise ValueError(text)
        return date.fromisoformat(text)
    except ValueError:
        raise BadInput("day must be a date like 2026-11-22.") from None


def _words(wanted: dict[str, Any]) -> str:
    names = [name for name in ReceiptFilter._fields if name in ("device", "day", "status", "search")]
    said = [f"{'fiscal day' if name == 'day' else name} {wanted[name]}" for name in names if wanted.get(name)]
    return "; ".join(said) or "none"
