"""The way out of a stuck day, step by step: facts side by side, cause, legal acts, dry run, act, a note of it.

What the facts mean is decided in `domain/stuck_day.py`; here they are gathered, and the act is done.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from ..domain.counters import to_totals
from ..domain.day_limit import hours_left
from ..domain.errors import BadInput, DayRefused, GatewayError
from ..domain.fiscal_day import DayStatus
from ..domain.gateway import Status
from ..domain.localtime import local_text
from ..domain.stuck_day import Act, BookFacts, Facts, FdmsFacts, acts, cause, differences
from ..events import FISCAL_MENDED
from .day_closing import DayClosing
from .day_recovery import DayRecovery
from .day_watch import DayWatch
from .devices import TillDevice
from .fiscal_days import DayNews, describe_day
from .parts import Parts


class MendRequest(NamedTuple):
    """`reason`: why somebody does it, in their own words; nothing is done without. `opened`: for a day not known here.

    `act`: one of the acts offered, the first that this till can do where it is None.
    """

    device_id: int
    reason: str | None = None
    opened: str | None = None
    act: str | None = None
    dry_run: bool = False


class Mending:
    """One for all devices of a till."""

    def __init__(self, parts: Parts, news: DayNews, closing: DayClosing) -> None:
        self._parts = parts
        self._news = news
        self._closing = closing
        self.recovery = DayRecovery(parts, news, closing)
        self._watch = DayWatch(parts)

    async def mend(self, asked: MendRequest, seen: frozenset[int] | None = None) -> dict[str, Any]:
        """The facts, the cause and the acts; without `dry_run` and with a reason, the act is done too.

        Raises BadInput, DayRefused with the way out, UnknownDevice.
        """
        device = self._parts.devices.get(asked.device_id, seen)
        facts, trouble = await self._facts(device)
        found = cause(facts)
        offered = acts(facts, found)
        told: dict[str, Any] = {
            "deviceID": device.device_id,
            "facts": {
                "books": facts.books._asdict(),
                "device": {
                    "online": bool(device.online),
                    "clockDriftSeconds": device.gateway.clock_drift,
                    "certificateValidTill": device.registered.certificate_till,
                    "blocked": device.blocked,
                },
                "fdms": facts.fdms._asdict() if facts.fdms else None,
            },
            "fdmsTrouble": trouble,
            "differences": [dict(zip(("what", "books", "fdms"), row, strict=True)) for row in differences(facts)],
            "cause": found._asdict(),
            "acts": [act._asdict() for act in offered],
            "dryRun": asked.dry_run,
            "done": None,
        }
        act = _chosen(offered, asked.act)
        if act is None or (not asked.dry_run and asked.reason is None):
            return told
        if asked.dry_run:
            return {**told, "wouldDo": act.name, "wouldSend": await self._would_send(device, act, asked)}
        reason = (asked.reason or "").strip()
        if not reason:
            raise BadInput("Type a reason: it is kept beside what was done.")
        result = await self._do(device, act, asked)
        kept = {"deviceID": device.device_id, "act": act.name, "cause": found.code, "reason": reason}
        await self._news.tell(device, FISCAL_MENDED, {**kept, "fiscalDayNo": facts.books.day_no, "result": result})
        return {**told, "done": act.name, "result": result}

    async def _facts(self, device: TillDevice) -> tuple[Facts, str | None]:
        """What both sides say, and why FDMS says nothing."""
        day, device_id = device.day, device.device_id
        books = BookFacts(None, DayStatus.CLOSED, last_number=device.last_global_no, waiting=device.queued)
        day_no = day.fiscal_day_no if day else 0
        read = self._parts.store.read
        receipts, _ = await read(lambda archive: archive.day_totals(device_id, day_no))
        counters = await read(lambda archive: archive.counters(device_id, day_no))
        if day is not None:
            red = await read(lambda archive: archive.red_numbers(device_id, day_no))
            config, now = device.registered.config, local_text(self._parts.clock.now())
            books = books._replace(
                day_no=day_no,
                status=str(day.status),
                opened=day.opened,
                receipts=receipts,
                red=tuple(red),
                closing_error=day.closing_error,
                adopted=bool(day.adopted),
                announced=bool(day.announced),
                hours_left=hours_left(day.opened, config, now) if config and day.takes_receipts else None,
            )
        try:
            status = await device.gateway.get_status()
        except GatewayError as failed:
            await self._parts.connection.lost(device, failed.text)
            return Facts(books, None, device.blocked), failed.text
        await self._parts.connection.heard(device)
        own = {key: cents for key, cents in counters.items() if cents}
        return Facts(books, _fdms(status, own), device.blocked), None

    async def _would_send(self, device: TillDevice, act: Act, asked: MendRequest) -> Any:
        if act.name == "close" and device.day is not None:
            return await self._closing.preview(device, device.day)
        if act.name == "recover":
            if asked.opened is None:
                return "closeDay with FDMS's counters: give --opened to see it"
            return await self.recovery.recover(device.device_id, asked.opened, dry_run=True)
        return act.sends

    async def _do(self, device: TillDevice, act: Act, asked: MendRequest) -> dict[str, Any]:
        device_id = device.device_id
        if act.name == "close":
            return await self._closing.close(device_id)
        if act.name == "recover":
            if asked.opened is None:
                raise BadInput("Give the time at which the day was opened: --opened 2026-11-22T08:00:00.")
            return await self.recovery.recover(device_id, asked.opened)
        if act.name == "take_over" and not await self._watch.compare(device):
            raise DayRefused("FDMS does not say that this day is closed any more: look again.")
        if act.name == "wait":
            return await self._closing.conclude(device)
        device.stir()
        return describe_day(device, self._parts.clock.now())


def _chosen(offered: tuple[Act, ...], wanted: str | None) -> Act | None:
    possible = [act for act in offered if act.name is not None]
    if wanted is None:
        return possible[0] if possible else None
    for act in possible:
        if act.name == wanted:
            return act
    names = ", ".join(str(act.name) for act in possible) or "none"
    raise BadInput(f"{wanted!r} is not what can be done now: {names}.")


def _fdms(status: Status, own: dict[Any, int]) -> FdmsFacts:
    documents, counters = status.documents, status.counters
    return FdmsFacts(
        day_no=status.last_day_no,
        status=status.day_status,
        receipts=None if documents is None else sum(document.quantity for document in documents),
        last_number=status.last_global_no,
        closing_error=status.closing_error,
        counters_agree=None if counters is None else to_totals(counters) == own,
    )
