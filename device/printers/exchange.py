"""One command from its first byte to its answer: what is sent again, what is dropped, when it is given up. No I/O.

Time and bytes are arguments. The rules are the vendors': a frame with the number of the last one is not executed again,
its answer is repeated, so the identical frame may be sent again on a live line, and nothing else may.
"""

from __future__ import annotations

import random
from typing import NamedTuple

from .failures import NoAnswer, NotUnderstood, PrinterFailure
from .frames import (
    Answer,
    Broken,
    Busy,
    Codec,
    Echo,
    Event,
    Noise,
    NotNow,
    Refused,
    next_sequence,
)


class Timing(NamedTuple):
    """Seconds and counts. `first`: no byte after writing; `gap`: within a frame; `syn`: after a SYN; `command`: the
    whole command, `slow` for closes and totals, `report` for reports; `naks`, `silences`: frames sent again."""

    first: float = 1.0
    gap: float = 0.5
    syn: float = 5.0
    command: float = 10.0
    slow: float = 60.0
    report: float = 180.0
    naks: int = 5
    silences: int = 2


_ECHO = "the port sends back what is written to it"
# What Tremol's acknowledgement has for a command.
_ACKNOWLEDGEMENT = 0
# SYN and NAK in turn, so often, mean the other framing or another mode.
_WRONG_VARIANT = 3
# Frames in turn that got no answer: time enough for a printer to go off and on, and to forget the last number.
_LONG = 2


class Exchange:
    """One command on one line. Feed it bytes and moments; read `answer` when it is there.

    `begin` and the others return the bytes to write now (perhaps none). Raises the failures named at each.
    """

    def __init__(self, session: Session, command: int, data: bytes, limit: float, now: float) -> None:
        self.answer: Answer | None = None
        self.again = False
        self._session = session
        self._timing = session.timing
        self._command, self._data = command, data
        self._parser = session.codec.parser()
        self._limit = now + limit
        self._naks = self._silences = self._busy_naks = 0
        self._renumbered = self._stale = self._noisy = False
        self._busy = self._doubtful = self._later = False
        self._deadline = self._gap = now
        self._begin(now)

    @property
    def deadline(self) -> float:
        """When `overdue` has to be called if nothing came before."""
        return min(self._gap if self._parser.inside else self._deadline, self._limit)

    @property
    def frame(self) -> bytes:
        """The request as it was last sent."""
        return self._frame

    def receive(self, chunk: bytes, now: float) -> bytes:
        """Bytes came; the bytes to write in turn. Raises NoAnswer, NotUnderstood, PrinterFailure (an echo)."""
        for event in self._parser.feed(chunk):
            out = self._take(event, now)
            if self.answer is not None or out:
                return out
        self._gap = now + self._timing.gap
        return b""

    def overdue(self, now: float) -> bytes:
        """The deadline has passed; the bytes to write. Raises NoAnswer when there is nothing left to try."""
        if now >= self._limit:
            raise NoAnswer("the printer took too long", busy=self._busy)
        if self._parser.inside:
            # The rest of an answer does not come: as good as one with a wrong sum.
            self._parser.give_up()
            return self._refused(now, "its answer was cut short")
        if self._later:
            # However often it says so: the command's own limit ends it.
            self._later = False
            return self._resend(now)
        if self._busy and not self._noisy:
            raise NoAnswer("the printer was at work and fell silent", busy=True)
        # Among noise a SYN may be none, and an answer may have been lost in it.
        if self._silences >= (1 if self._stale else self._timing.silences):
            raise NoAnswer("the printer does not answer")
        self._silences += 1
        self._busy = False
        return self._resend(now)

    def _begin(self, now: float) -> None:
        self._sequence = self._session.take()
        self._frame = self._session.codec.encode(self._sequence, self._command, self._data)
        self._busy = self._doubtful = False
        self._deadline = now + self._timing.first

    def _take(self, event: Event, now: float) -> bytes:
        match event:
            case Busy():
                self._busy = True
                self._deadline = now + (self._timing.first if self._noisy else self._timing.syn)
            case NotNow():
                self._later, self._deadline = True, now + self._timing.gap
            case Refused():
                return self._nak(now)
            case Broken(why):
                self._doubtful = True
                return self._refused(now, why)
            case Noise():
                self._noisy = True
            case Echo():
                raise PrinterFailure("E18", _ECHO, sent=True)
            case Answer():
                return self._answered(event, now)
        return b""

    def _answered(self, answer: Answer, now: float) -> bytes:
        if answer.sequence != self._sequence:
            self._stale = True
            return b""
        if not answer.status and answer.data == self._data:
            raise PrinterFailure("E18", _ECHO, sent=True)
        if answer.command not in (self._command, _ACKNOWLEDGEMENT):
            # The number was that of an older command, whose answer this is: ours was not executed.
            if self._renumbered:
                raise NoAnswer("the printer repeats an older answer")
            self._renumbered = True
            self._begin(now)
            return self._frame
        self._session.understood = True
        self._session.was_silent = self._silences >= _LONG
        self.answer = answer
        return b""

    def _nak(self, now: float) -> bytes:
        if self._busy and not self._session.understood:
            self._busy_naks += 1
            if self._busy_naks >= _WRONG_VARIANT:
                raise NotUnderstood("E17", "the printer refuses every frame")
        self._busy = False
        return self._refused(now, "the printer refuses the frame")

    def _refused(self, now: float, why: str) -> bytes:
        if self._naks >= self._timing.naks:
            if self._doubtful or self._silences:
                raise NoAnswer(why)
            raise NotUnderstood("E17", why, sent=True)
        self._naks += 1
        return self._resend(now)

    def _resend(self, now: float) -> bytes:
        self.again = True
        self._deadline = now + self._timing.first
        return self._frame


class Session:
    """What outlives a command on one line: the number of the next frame, and whether the printer ever understood us."""

    def __init__(self, codec: Codec, timing: Timing, chance: random.Random | None = None) -> None:
        self.codec = codec
        self.timing = timing
        self.understood = False
        # The last answer came after so long a silence that the frame may have been executed twice.
        self.was_silent = False
        # A start at the number used last would be given the old answer; chance makes that rare, the driver's
        # two opening queries make it harmless.
        self._next = (chance or random.Random()).randint(0x20, 0x7F)

    def take(self) -> int:
        """The number for a new command."""
        taken, self._next = self._next, next_sequence(self._next)
        return taken

    def begin(self, command: int, data: bytes, limit: float, now: float) -> Exchange:
        """A new exchange; write its `frame` first. Raises ValueError for data that no frame carries."""
        return Exchange(self, command, data, limit, now)
