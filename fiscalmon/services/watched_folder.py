"""Sales that a POS leaves as files in a folder: taken once they are whole, answered by a file, put away.

Every step may be cut off: a file that is still there is taken again, and its saleIds make the second time harmless.
Knows no file system: `Drop` is what it asks of one.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any, Final, NamedTuple, Protocol

import structlog

from ..correlation import correlated
from ..domain.errors import BadInput, FiscalmonError, SaleRefused
from ..domain.localtime import utc_text
from ..domain.preferences import WatchedFolder
from ..events import FILE_REJECTED, FOLDER_ATTENTION, FOLDER_OK, encode
from .parts import Parts
from .preferences import Preferences

LOOK_SECONDS: Final = 1.0
# A file that was seen growing, or that is no JSON, may only be half written: its writer gets so long.
GROWN_SECONDS: Final = 5.0
BROKEN_SECONDS: Final = 10.0
AT_ONCE: Final = 16
# What a later try can mend: the file stays where it is.
PASSING: Final = frozenset({"DAY_NOT_OPEN", "TILL_BUSY", "TILL_STOPPING", "STORE_DAMAGED", "KEY_UNAVAILABLE"})
MOST_NAMED: Final = 20
Json = dict[str, Any]

log = structlog.get_logger()


class Found(NamedTuple):
    """A file that lies there: its name, the name as people may see it, and size, time and identity as it was seen."""

    name: str
    shown: str
    marks: tuple[int, int, int]


class Unsettled(Exception):
    """The file changed while it was read."""


class Drop(Protocol):
    """The folder. Every call may raise OSError and blocks."""

    def look(self) -> list[Found]: ...
    def read(self, found: Found) -> list[Any]:
        """The sales, parsed. Raises BadInput with what to change, Unsettled."""

    def put_result(self, name: str, content: bytes) -> None: ...
    def explain(self, name: str, reason: str) -> None: ...
    def clear(self, found: Found, *, rejected: bool) -> bool:
        """Put it away; False when it was written to since."""


class _Sight(NamedTuple):
    """Since when a file looks as it does, and whether it was seen to grow before."""

    marks: tuple[int, int, int]
    since: float
    grew: bool


class _Later(Exception):
    """A sale cannot be taken now, through no fault of the file's."""


class FolderWatch:
    """One folder, as the owner's setting names it. `sell` takes {"sale", "position", "deviceID"}.

    `open_folder` raises BadInput where the setting cannot be used.
    """

    def __init__(
        self,
        parts: Parts,
        preferences: Preferences,
        sell: Callable[[Json], Awaitable[Json]],
        open_folder: Callable[[str], Drop],
    ) -> None:
        self._parts = parts
        self._preferences = preferences
        self._sell = sell
        self._open = open_folder
        self._sights: dict[str, _Sight] = {}
        self._trouble: str | None = None
        self._told: dict[str, str] = {}

    async def run(self) -> None:
        """Look, take what is whole, sleep; for ever."""
        while True:
            try:
                await self.turn()
            except FiscalmonError as wrong:
                log.warning("folder.unrecorded", code=wrong.code, text=wrong.text)
            await asyncio.sleep(LOOK_SECONDS)

    async def turn(self) -> None:
        """One look. Raises FiscalmonError only where people could not be told."""
        path = self._preferences.get(WatchedFolder).path
        if path is None:
            self._sights, self._trouble = {}, None
            return
        try:
            drop = self._open(path)
            found = await asyncio.to_thread(drop.look)
            ready = self._settled(found)
            for one in ready:
                with correlated():
                    await self._take(drop, one)
        except BadInput as wrong:
            await self._complain(wrong.text)
        except OSError as wrong:
            await self._complain(
                f"The watched folder {path} cannot be used ({wrong.strerror or wrong}): make it, and give this user "
                "the right to read and write there. Sales in it wait."
            )
        else:
            await self._complain(None)

    def _settled(self, found: list[Found]) -> list[Found]:
        """The files that have looked the same for long enough."""
        now = time.monotonic()
        before, self._sights = self._sights, {}
        self._told = {name: text for name, text in self._told.items() if name in {one.name for one in found}}
        ready = []
        for one in found:
            sight = before.get(one.name)
            if sight is None or sight.marks != one.marks:
                sight = _Sight(one.marks, now, sight is not None)
            elif now - sight.since >= (GROWN_SECONDS if sight.grew else LOOK_SECONDS / 2):
                ready.append(one)
            self._sights[one.name] = sight
        return ready

    async def _take(self, drop: Drop, found: Found) -> None:
        """A whole file: its sales, its results, its place."""
        try:
            sales = await asyncio.to_thread(drop.read, found)
        except Unsettled:
            return
        except FileNotFoundError:
            return
        except BadInput as wrong:
            if time.monotonic() - self._sights[found.name].since >= BROKEN_SECONDS:
                await self._reject(drop, found, wrong.text)
            return
        try:
            results = await self._results(sales)
        except _Later as later:
            await self._wait(found, str(later))
            return
        await asyncio.to_thread(drop.put_result, found.name, b"".join(encode(one) + b"\n" for one in results))
        refused = [(place, one) for place, one in enumerate(results, 1) if one["status"] == "refused"]
        if refused:
            await self._reject(drop, found, _reason(refused, len(results)))
        elif await asyncio.to_thread(drop.clear, found, rejected=False):
            log.info("folder.taken", name=found.shown, count=len(results))

    async def _results(self, sales: list[Any]) -> list[Json]:
        """One result a sale, in their order. Raises _Later once all that began have ended."""
        device = self._preferences.get(WatchedFolder).device
        results: list[Json] = []
        for first in range(0, len(sales), AT_ONCE):
            tasks = []
            for position, sale in enumerate(sales[first : first + AT_ONCE], first):
                given = {"sale": sale, "position": position, "deviceID": device}
                tasks.append(asyncio.create_task(self._one(given)))
                # The first must be on their way before later ones, or numbers would not follow the file.
                await asyncio.sleep(0)
            ended = await asyncio.gather(*tasks, return_exceptions=True)
            for end in ended:
                if isinstance(end, BaseException):
                    raise end
                results.append(end)
        return results

    async def _one(self, given: Json) -> Json:
        try:
            return await self._sell(given)
        except SaleRefused as refused:
            return {"saleId": refused.sale_id, "status": "refused", "validationErrors": refused.errors}
        except FiscalmonError as wrong:
            if wrong.code in PASSING or (wrong.code == "UNKNOWN_DEVICE" and not len(self._parts.devices)):
                raise _Later(wrong.text) from wrong
            error = {"code": wrong.code, "color": "Red", "advice": wrong.text, "field": None}
            sale = given["sale"]
            name = sale.get("saleId") if isinstance(sale, dict) else None
            return {"saleId": name, "status": "refused", "validationErrors": [error]}

    async def _reject(self, drop: Drop, found: Found, reason: str) -> None:
        await asyncio.to_thread(drop.explain, found.name, reason)
        if await asyncio.to_thread(drop.clear, found, rejected=True):
            log.warning("folder.rejected", name=found.shown, reason=reason)
            await self._tell(FILE_REJECTED, {"file": found.shown, "reason": reason.partition("\n")[0]})

    async def _wait(self, found: Found, reason: str) -> None:
        """The file stays; people are told once why."""
        if self._told.get(found.name) != reason:
            self._told[found.name] = reason
            if list(self._told.values()).count(reason) == 1:
                await self._tell(FOLDER_ATTENTION, {"file": found.shown, "reason": f"{found.shown} waits: {reason}"})

    async def _complain(self, trouble: str | None) -> None:
        """Tell when the folder's trouble has changed."""
        before, self._trouble = self._trouble, trouble
        if trouble == before:
            return
        try:
            if trouble is not None:
                await self._tell(FOLDER_ATTENTION, {"reason": trouble})
            else:
                await self._tell(FOLDER_OK, {"reason": "The watched folder can be used again."})
        except FiscalmonError:
            self._trouble = before
            raise

    async def _tell(self, type_: str, data: Json) -> None:
        at = utc_text(self._parts.clock.now())
        self._parts.announcer.tell(await self._parts.store.write(lambda work: work.events.add(type_, at, None, data)))


def _reason(refused: list[tuple[int, Json]], count: int) -> str:
    """Why a file was set aside, for people: what to change in which sale."""
    head = f"{len(refused)} of {count} sales were refused; nothing of them was signed." + (
        " The others are through. Mend these and leave the file again: what is through is not signed twice."
        if len(refused) < count
        else " Mend the file and leave it again."
    )
    lines = [head]
    for place, one in refused[:MOST_NAMED]:
        first = one["validationErrors"][0]
        field = f" ({first['field']})" if first.get("field") else ""
        lines.append(f"sale {place}, {one['saleId'] or 'without saleId'}: {first['code']}{field}: {first['advice']}")
    if len(refused) > MOST_NAMED:
        lines.append(f"and {len(refused) - MOST_NAMED} more; each is named in the result file.")
    return "\n".join(lines)
