"""Alerts: compares the world with the rules, remembers incidents in the books, tells the feed and queues messages.

An incident, its event and its messages are one transaction, so a restart in the middle tells nothing twice.
"""

from __future__ import annotations

import asyncio
import contextlib
import uuid
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

import structlog

from ..books import Work
from ..books.alerts import Delivery
from ..books.chores import ChoreRecord
from ..domain.alert_channels import Note
from ..domain.alerts import (
    RULES,
    UNWATCHED,
    Incident,
    Policy,
    Reading,
    RuleName,
    Verdict,
    Watch,
    quiet_until,
    step,
    watch_of,
)
from ..domain.errors import FiscalmonError, UnknownAlert
from ..domain.localtime import utc_text
from ..domain.preferences import AlertRules
from ..events import ALERT_ACKNOWLEDGED, ALERT_RAISED, ALERT_RESOLVED, Message
from .alert_channels import Channels
from .alert_facts import AlertFacts
from .alert_moments import TYPES, of_event
from .alert_post import AlertPost
from .parts import Parts
from .preferences import Preferences

log = structlog.get_logger()
Json = dict[str, Any]
Key = tuple[RuleName, str]
LOOK_SECONDS: Final = 10.0
AT_MOST_EVERY: Final = 2.0
KEPT: Final = timedelta(days=90)
CURSOR: Final = "alerts"
MOST_LISTED: Final = 200
# About the till's doors: for those who look after it. The feed, which everybody sees, has their titles alone.
OFFICE: Final = frozenset[RuleName]({"sign-in", "lan"})


class Posting(NamedTuple):
    """How alerts leave the till."""

    post: AlertPost
    channels: Channels


class Alerts:
    """`load` at a start, `run` for an engine that stays. Used on the engine's loop."""

    def __init__(self, parts: Parts, preferences: Preferences, facts: AlertFacts, posting: Posting) -> None:
        self._parts = parts
        self._preferences = preferences
        self._facts = facts
        self.post, self.channels = posting
        self._watches: dict[Key, Watch] = {}
        self._last: dict[Key, Incident] = {}
        self._cursor = 0
        self._pruned: datetime | None = None
        self._stirred = asyncio.Event()
        self._lock = asyncio.Lock()

    def operations(self) -> dict[str, Callable[[Json], Awaitable[Any]]]:
        """What commands may ask, by name."""
        return {
            "alerts.list": lambda given: self.listed(limit=given.get("limit", 50)),
            "alerts.rules": lambda _: self.rules(),
            "alerts.ack": lambda given: self.acknowledge(given["id"], by="till"),
            "alerts.channels": lambda _: self.channels.listed(),
            "alerts.add-channel": lambda given: self.channels.add(given["channel"], given.get("secret"), "till"),
            "alerts.remove-channel": lambda given: self.channels.remove(given["name"], "till"),
            "alerts.test": lambda given: self.channels.test(given["name"]),
        }

    async def load(self) -> None:
        """Read what people were told before."""
        read = self._parts.store.read
        for incident in await read(lambda archive: archive.alerts.last_of_each()):
            if incident.rule in RULES:
                self._last[incident.key] = incident
                self._watches[incident.key] = watch_of(incident)
        chore = (await read(lambda archive: archive.chores.all())).get(CURSOR)
        # Books that never had alerts: what happened before is no news.
        self._cursor = chore.note["seq"] if chore is not None else await read(lambda archive: archive.last_seq())
        await self.post.load()

    async def run(self) -> None:
        """Look after each event and by time, until cancelled."""
        self._parts.announcer.watch(self._stirred.set)
        while True:
            self._stirred.clear()
            try:
                await self.turn()
            except FiscalmonError as wrong:
                # What was not written was not told: the next look finds it again.
                log.warning("alerts.unwritten", code=wrong.code, text=wrong.text)
            await asyncio.sleep(AT_MOST_EVERY)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LOOK_SECONDS - AT_MOST_EVERY):
                    await self._stirred.wait()

    async def turn(self) -> None:
        """Compare once. Raises StoreDamaged, TillBusy; then nothing was told."""
        rules = self._preferences.get(AlertRules)
        async with self._lock:
            await self._happened(rules)
            readings = {reading.key: reading for reading in await self._facts.readings(rules)}
            for key, watch in self._watches.items():
                if watch.raised and key not in readings:
                    subject, device_id = key[1], self._last[key].device_id
                    readings[key] = Reading(key[0], subject, device_id, "off", UNWATCHED)
            for reading in readings.values():
                await self._judge(reading, rules)
            await self._prune()

    async def rules(self) -> list[Json]:
        """Every rule with how it is set."""
        rules = self._preferences.get(AlertRules)
        return [
            {
                "rule": name,
                "title": rule.title,
                "on": name not in rules.off,
                "grave": rule.grave,
                "holdMinutes": rules.hold_minutes.get(name, rule.hold_minutes),
                "wakes": name in rules.wake_for,
            }
            for name, rule in RULES.items()
        ]

    async def listed(
        self, *, limit: int = 50, devices: frozenset[int] | None = None, office: bool = True
    ) -> list[Json]:
        """Incidents, open ones first. Without `office` those about the till's doors are left out."""
        found = await self._parts.store.read(lambda archive: archive.alerts.incidents(MOST_LISTED))
        return [describe(one) for one in found if _may_see(one, devices, office=office)][:limit]

    async def acknowledge(
        self, alert_id: str, *, by: str, devices: frozenset[int] | None = None, office: bool = True
    ) -> Json:
        """Somebody looks after it: it is not repeated any more. Again changes nothing. Raises UnknownAlert."""
        async with self._lock:
            found = await self._parts.store.read(lambda archive: archive.alerts.incident(alert_id))
            if found is None or not _may_see(found, devices, office=office):
                raise UnknownAlert(f"There is no alert {alert_id[:64]!r} here.")
            if found.acknowledged_at is not None:
                return describe(found)
            now = self._parts.clock.now()
            incident = found._replace(acknowledged_at=now, acknowledged_by=by)

            def job(work: Work) -> Message:
                work.alerts.put(incident)
                return work.events.add(
                    ALERT_ACKNOWLEDGED, utc_text(now), incident.device_id, {**_news(incident), "by": by}
                )

            self._parts.announcer.tell(await self._parts.store.write(job))
            last = self._last.get(incident.key)
            if last is not None and last.id == incident.id:
                self._last[incident.key] = incident
                watch = self._watches[incident.key]
                self._watches[incident.key] = watch._replace(acknowledged=watch.raised)
            return describe(incident)

    async def _judge(self, reading: Reading, rules: AlertRules) -> None:
        """One step of one thing; remembered only once the books have what people are told."""
        now = self._parts.clock.now()
        watch, verdict = step(self._watches.get(reading.key, Watch()), reading.level, _policy(reading.rule, rules), now)
        if verdict is not None:
            await self._tell(_incident(self._last.get(reading.key), reading, verdict, now), verdict, now)
        if verdict is not None or watch != Watch():
            self._watches[reading.key] = watch

    async def _happened(self, rules: AlertRules) -> None:
        """Events since the last look that are alerts by themselves."""
        newest = await self._parts.store.read(lambda archive: archive.last_seq())
        if newest == self._cursor:
            return
        cursor = self._cursor
        for message in await self._parts.store.read(lambda archive: archive.alerts.happened(TYPES, cursor)):
            reading = of_event(message, lan_told=("lan", "") in self._last)
            now = self._parts.clock.now()
            if reading is not None and reading.rule not in rules.off and self._is_news(reading, rules, now):
                incident = _incident(None, reading, "raise", now)._replace(id=f"event-{message.seq}", resolved_at=now)
                await self._tell(incident, "raise", now, cursor=message.seq)
            self._cursor = max(self._cursor, message.seq)
        self._cursor = max(self._cursor, newest)

    def _is_news(self, reading: Reading, rules: AlertRules, now: datetime) -> bool:
        last = self._last.get(reading.key)
        return last is None or abs(now - last.raised_at) >= timedelta(minutes=rules.cool_down_minutes)

    async def _tell(self, incident: Incident, verdict: Verdict, now: datetime, cursor: int | None = None) -> None:
        rules = self._preferences.get(AlertRules)
        held = None if incident.rule in rules.wake_for else quiet_until(now, rules.quiet_from, rules.quiet_until)
        note = self._note(incident, verdict, now)
        names = [name for name in self.post.channels() if not self.post.owes(incident.id, name)]
        at, type_ = utc_text(now), ALERT_RESOLVED if verdict == "resolve" else ALERT_RAISED

        def job(work: Work) -> tuple[Message | None, list[Delivery]]:
            work.alerts.put(incident)
            told = None if verdict == "repeat" else work.events.add(type_, at, incident.device_id, _news(incident))
            # Who never heard that it began need not hear that it is over.
            heard = work.alerts.untold(incident.id) if verdict == "resolve" else None
            to = names if heard is None else [name for name in self.post.channels() if name in heard]
            out = [_delivery(incident, note, name, held or now) for name in to]
            for delivery in out:
                work.alerts.queue(delivery)
            if cursor is not None:
                work.chores.put(CURSOR, ChoreRecord(at, "done", {"seq": cursor}))
            return told, out

        message, deliveries = await self._parts.store.write(job)
        self._last[incident.key] = incident
        if verdict == "resolve":
            self.post.dropped(incident.id)
        log.info("alert", rule=incident.rule, verdict=verdict, alert=incident.id, channels=len(deliveries))
        if message is not None:
            self._parts.announcer.tell(message)
        self.post.added(deliveries)

    def _note(self, incident: Incident, verdict: Verdict, now: datetime) -> Note:
        kind = {"raise": "raised", "repeat": "repeated", "resolve": "resolved"}[verdict]
        key = f"{incident.id}-{kind}" + (f"-{int(now.timestamp())}" if verdict == "repeat" else "")
        title = RULES[incident.rule].title
        return Note(
            key, kind, incident.rule, title, incident.text, utc_text(now), incident.device_id, self._till_name()
        )

    def _till_name(self) -> str:
        """Which of an owner's tills speaks: its branch."""
        for device in self._parts.devices:
            config = device.registered.config
            if config is not None:
                return _line(config.branch_name or config.tax_payer_name)
        return "fiscalmon"

    async def _prune(self) -> None:
        """Once a day: forget what was over long ago, and write down how far the log was read."""
        now = self._parts.clock.now()
        if self._pruned is not None and abs(now - self._pruned) < timedelta(days=1):
            return
        before, at, note = utc_text(now - KEPT), utc_text(now), {"seq": self._cursor}

        def job(work: Work) -> None:
            work.alerts.prune(before)
            work.chores.put(CURSOR, ChoreRecord(at, "done", note))

        await self._parts.store.write(job)
        self._pruned = now


def describe(incident: Incident) -> Json:
    """An incident as REST and command line show it. `state`: open, acknowledged or over."""
    rule = RULES.get(incident.rule)
    over = incident.resolved_at is not None and not incident.is_open
    return {
        "alertId": incident.id,
        "rule": incident.rule,
        "title": rule.title if rule else incident.rule,
        "grave": rule.grave if rule else False,
        "subject": incident.subject,
        "deviceID": incident.device_id,
        "reason": incident.text,
        "state": "over" if over else "acknowledged" if incident.acknowledged_at else "open",
        "raisedAt": utc_text(incident.raised_at),
        "resolvedAt": _moment(incident.resolved_at),
        "acknowledgedAt": _moment(incident.acknowledged_at),
        "acknowledgedBy": incident.acknowledged_by,
    }


def _news(incident: Incident) -> Json:
    title = RULES[incident.rule].title
    return {
        "alertId": incident.id,
        "rule": incident.rule,
        "title": title,
        "grave": RULES[incident.rule].grave,
        "deviceID": incident.device_id,
        "reason": f"{title}." if incident.rule in OFFICE else incident.text,
    }


def _incident(last: Incident | None, reading: Reading, verdict: Verdict, now: datetime) -> Incident:
    text = _line(reading.text)
    if verdict == "raise" or last is None:
        return Incident(uuid.uuid4().hex, reading.rule, reading.subject, reading.device_id, text, now, now)
    if verdict == "repeat":
        return last._replace(text=text, told_at=now)
    return last._replace(text=text, resolved_at=now)


def _delivery(incident: Incident, note: Note, channel: str, when: datetime) -> Delivery:
    return Delivery(f"{note.id}.{channel}", incident.id, channel, note, 0, utc_text(when))


def _policy(rule: RuleName, rules: AlertRules) -> Policy:
    return Policy(
        timedelta(minutes=rules.hold_minutes.get(rule, RULES[rule].hold_minutes)),
        timedelta(minutes=rules.calm_minutes),
        timedelta(hours=rules.repeat_hours),
        timedelta(minutes=rules.cool_down_minutes),
    )


def _may_see(incident: Incident, devices: frozenset[int] | None, *, office: bool) -> bool:
    if incident.rule in OFFICE and not office:
        return False
    return devices is None or incident.device_id is None or incident.device_id in devices


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else utc_text(moment)


def _line(text: str) -> str:
    """One line of what can be printed: it goes into headers and chat rooms."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:500]
