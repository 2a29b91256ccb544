"""A conversation with a framed printer over one open line: asks, tells refusals from losses, waits for paper.

Knows frames through its session and words through `commands`; what a slip is, it does not know.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from .commands import STATUS, Papering, Request
from .exchange import Session
from .failures import NoAnswer, Rejected
from .fp1 import Fp1
from .frames import Codec
from .profile import (
    NOT_NOW,
    OVERFLOW,
    RECEIPT_OPEN,
    SYNTAX,
    TEXT_OPEN,
    UNKNOWN_COMMAND,
    DeviceProfile,
    findings_of,
    has,
)
from .wire import Wire, converse
from .x4 import X4

# While one of these lasts nothing is printed: in the answer to a printing command it means that it was not done.
WAITING = ("E05", "E06", "E08", "E09")
# How long an open slip waits for a person, in seconds, and how often it looks.
PATIENCE = 30.0
_LOOK = 1.0


class Reply(NamedTuple):
    """A command that was done. `again`: its frame went out more than once."""

    data: bytes
    status: bytes
    again: bool


class Conversation:
    """One open line to one printer. Every method raises the failures of `failures.py`."""

    def __init__(
        self, wire: Wire, session: Session, profile: DeviceProfile, words: Papering, seen: Callable[[bytes], None]
    ) -> None:
        self._wire = wire
        self._session = session
        self.profile = profile
        self.words = words
        self._seen = seen
        self.status = b""

    def hello(self) -> None:
        """Two status queries with consecutive numbers: the first answer may be an old one, the second is not."""
        self.ask(STATUS)
        self.ask(STATUS)

    def look(self) -> bytes:
        """The status bytes now."""
        return self.ask(STATUS).status

    @property
    def text_open(self) -> bool:
        return has(self.status, TEXT_OPEN)

    @property
    def receipt_open(self) -> bool:
        return has(self.status, RECEIPT_OPEN)

    def put(self, request: Request) -> None:
        """A printing command of which each execution shows. Raises NoAnswer, too, where it may have been done twice."""
        self.insist(request)
        if self._session.was_silent:
            raise NoAnswer("the printer was silent, and may have been off")

    def ask(self, request: Request) -> Reply:
        """One command. Raises Rejected where the printer says that it did not do it.

        A query that got no answer is asked once more; the rest is sent again only within its own exchange.
        """
        limit = getattr(self._session.timing, request.pace)
        try:
            answer, again = converse(self._wire, self._session, request.command, request.data, limit)
        except NoAnswer:
            if not request.query:
                raise
            answer, again = converse(self._wire, self._session, request.command, request.data, limit)
        self.status = answer.status
        self._seen(answer.status)
        code, why = self._refusal(request, answer.data, answer.status)
        if code:
            raise Rejected(code, why, again=again)
        return Reply(answer.data, answer.status, again)

    def try_ask(self, request: Request) -> Reply | None:
        """The same for what not every printer has; None where it says no."""
        try:
            return self.ask(request)
        except Rejected:
            return None

    def insist(self, request: Request) -> Reply:
        """A printing command; while paper or cover want a person it waits, then says it again with a new number.

        The refused one was answered, so it is final: nothing is printed twice. Raises Rejected after PATIENCE.
        """
        end = self._wire.now() + PATIENCE
        while True:
            try:
                return self.ask(request)
            except Rejected as refusal:
                if refusal.code not in WAITING or self._wire.now() >= end:
                    raise
            self.wait_ready(end)

    def wait_ready(self, end: float) -> None:
        """Look once a second until nothing of WAITING is left, at most until `end`."""
        while self._wire.now() < end:
            moment = min(self._wire.now() + _LOOK, end)
            while self._wire.now() < moment:
                self._wire.read(moment - self._wire.now())
            if not findings_of(self.profile, self.look()) & set(WAITING):
                return

    def _refusal(self, request: Request, data: bytes, status: bytes) -> tuple[str, str]:
        """The code of a refusal and what the printer said; empty where it did the command."""
        if request is STATUS:
            return "", ""
        found = findings_of(self.profile, status)
        if request.prints and (waiting := sorted(found & set(WAITING))):
            return waiting[0], "not printed"
        if has(status, NOT_NOW):
            if has(status, OVERFLOW):
                return "E28", "overflow"
            return ("E20" if "E20" in found else "E15"), "not permitted now"
        if has(status, SYNTAX) or has(status, UNKNOWN_COMMAND):
            return "E15", "not understood"
        if error := self.words.error(data):
            # The status may be clean all the same.
            return "E22", error
        return "", ""


def session_for(variant: str, profile: DeviceProfile) -> Session:
    """A session of that framing with the profile's limits and times."""
    codec: Codec = X4(profile.data_limit) if variant == "x4" else Fp1(profile.data_limit)
    return Session(codec, profile.timing)
