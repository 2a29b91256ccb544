"""What the owner has set: read once at start, changed one section at a time, each change told as a lasting event.

Lives on the engine's loop. Knows no secret: those have stores of their own.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import msgspec

from ..books import Store, Work
from ..domain.localtime import utc_text
from ..domain.preferences import SECTIONS, Section, changed, name_of, plain, section_named
from ..events import SETTING_CHANGED, Message
from ..ports import Clock
from .announcer import Announcer

S = TypeVar("S", bound=Section)
log = logging.getLogger(__name__)


class Preferences:
    """`by` is who asks for a change: an account's name, or "till" for the person at it."""

    def __init__(self, store: Store, clock: Clock, announcer: Announcer) -> None:
        self._store = store
        self._clock = clock
        self._announcer = announcer
        self._sections: dict[str, Section] = {name_of(section): section() for section in SECTIONS}
        self._watchers: dict[str, list[Callable[[], None]]] = {}
        self._guards: dict[str, Callable[[Any], Awaitable[None]]] = {}

    async def load(self) -> None:
        """Read the books. A section that this version cannot read keeps its defaults, and the log says so."""
        for name, value in (await self._store.read(lambda archive: archive.preferences())).items():
            try:
                self._sections[name] = msgspec.json.decode(value, type=section_named(name))
            except Exception as wrong:
                log.warning("the setting %s is left at its defaults: %s", name, wrong)

    def get(self, section: type[S]) -> S:
        """The section as it is now."""
        held = self._sections[name_of(section)]
        if not isinstance(held, section):
            raise TypeError(name_of(section))
        return held

    def watch(self, section: type[Section], changed: Callable[[], None]) -> None:
        """Call `changed` on the engine's loop after each change of the section."""
        self._watchers.setdefault(name_of(section), []).append(changed)

    def guard(self, section: type[S], check: Callable[[S], Awaitable[None]]) -> None:
        """Ask `check` before the section changes; what it raises refuses the change."""
        self._guards[name_of(section)] = check

    def listed(self) -> dict[str, dict[str, Any]]:
        """Every section with all its members, JSON-ready."""
        return {name: plain(section) for name, section in self._sections.items()}

    async def set(self, name: str, values: dict[str, Any], *, by: str) -> dict[str, Any]:
        """Change some members of a section by name; the section afterwards. Raises BadInput with nothing changed."""
        section = changed(self._sections[name_of(section_named(name))], values)
        await self.change(section, by=by)
        return plain(section)

    async def change(self, section: Section, *, by: str) -> None:
        """Put a section in the place of the one that holds, durably. The same again tells nothing. Raises BadInput."""
        name = name_of(type(section))
        before, now = plain(self._sections[name]), plain(section)
        differing = {key: {"old": before[key], "new": now[key]} for key in now if now[key] != before[key]}
        if not differing:
            return
        if (check := self._guards.get(name)) is not None:
            await check(section)
        at = utc_text(self._clock.now())

        def put(work: Work) -> Message:
            work.preferences.put(section, at, by)
            return work.events.add(SETTING_CHANGED, at, None, {"section": name, "changes": differing, "by": by})

        message = await self._store.write(put)
        self._sections[name] = section
        self._announcer.tell(message)
        for told in self._watchers.get(name, ()):
            told()
