"""The body of a printer: paper, cover, knife, head, clock, drawer, and the journal of what it printed.

Must not know any protocol: it is told what to print and raises when it cannot."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any, Literal

from .faults import Faults, Rule
from .paper import Cut, Feed, Image, Piece, Qr, Roll, as_text

PaperState = Literal["ok", "near-end", "out"]
DocumentState = Literal["open", "whole", "torn", "cancelled"]
# The journal of a long soak must not fill the memory.
MOST_DOCUMENTS = 5_000


class NotPrinting(Exception):
    """Nothing was printed: no paper, cover open, head broken."""


class PowerLost(Exception):
    """The printer is without power for `seconds`."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class CableOut(Exception):
    """The line is gone for `seconds`; the printer itself goes on."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


# A printer of a Zimbabwean shop shows Zimbabwe's time wherever the emulator runs; there is no summer time.
HARARE = timezone(timedelta(hours=2))


def time_in_zimbabwe() -> datetime:
    return datetime.now(HARARE).replace(tzinfo=None)


class DeviceClock:
    """The printer's own clock: Zimbabwe's, moved by `offset`. Local time without a zone, as printers have it."""

    def __init__(self, now: Callable[[], datetime] = time_in_zimbabwe) -> None:
        self._now = now
        self.offset = timedelta()
        # What a fault put it wrong by, apart from how it was set.
        self.error = timedelta()
        self.is_set = True

    def now(self) -> datetime:
        return self._now() + self.offset + self.error

    def put(self, moment: datetime) -> None:
        self.offset = moment - self._now()
        self.error, self.is_set = timedelta(), True


@dataclass
class Document:
    """One document of the journal. `interrupted`: the power went while it was open."""

    kind: str
    state: DocumentState = "open"
    number: int | None = None
    interrupted: bool = False
    pieces: list[Piece] = field(default_factory=list)

    def view(self, columns: int) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "number": self.number,
            "state": self.state,
            "interrupted": self.interrupted,
            "text": as_text(self.pieces, columns),
            "qrCodes": [piece.data.decode("utf-8", "replace") for piece in self.pieces if isinstance(piece, Qr)],
            "pictures": sum(isinstance(piece, Image) for piece in self.pieces),
            "cut": any(isinstance(piece, Cut) for piece in self.pieces),
        }


class Machine:
    """Paper and mechanics of one printer; everything that a hand can do to it."""

    def __init__(self, columns: int, faults: Faults, clock: DeviceClock | None = None) -> None:
        self.roll = Roll(columns)
        self.faults = faults
        self.clock = clock or DeviceClock()
        self.paper: PaperState = "ok"
        self.cover_open = False
        self.cutter_jammed = False
        self.head_failed = False
        self.overheated = False
        self.drawer_kicks = 0
        self.beeps = 0
        self.display = ["", ""]
        self.documents: deque[Document] = deque(maxlen=MOST_DOCUMENTS)
        self.document: Document | None = None

    @property
    def ready(self) -> bool:
        """Whether it could print a line now."""
        return not (self.paper == "out" or self.cover_open or self.head_failed or self.overheated)

    def print(self, pieces: Sequence[Piece]) -> None:
        """All of it or nothing.

        Raises NotPrinting when the printer cannot, also when a fault strikes at one of the lines; then none is printed.
        """
        for piece in pieces:
            if not isinstance(piece, Feed | Cut):
                self.strike_line()
        if not self.ready:
            raise NotPrinting
        self.roll.append(pieces)
        if self.document is not None:
            self.document.pieces.extend(pieces)

    def strike_line(self) -> None:
        """Let a fault of the operation "line" strike."""
        rule = self.faults.draw("line")
        if rule is not None:
            self.suffer(rule)

    def cut(self, *, partial: bool = False) -> bool:
        """Whether the knife went through."""
        if self.cutter_jammed or not self.ready:
            return False
        self.roll.append((Cut(partial),))
        if self.document is not None:
            self.document.pieces.append(Cut(partial))
        return True

    def begin(self, kind: str) -> Document:
        """What is printed from now on belongs to a new document."""
        self.document = Document(kind)
        self.documents.append(self.document)
        return self.document

    def end(self, state: DocumentState, number: int | None = None) -> None:
        if self.document is not None:
            self.document.state, self.document.number = state, number
        self.document = None

    def suffer(self, rule: Rule) -> None:
        """A change of the printer's condition; does nothing for faults of other kinds.

        Raises PowerLost and CableOut for those of a loss before the work.
        """
        match rule.action:
            case "paper-out":
                self.paper = "out"
            case "paper-near-end":
                self.paper = "near-end"
            case "cover-open":
                self.cover_open = True
            case "cutter-error":
                self.cutter_jammed = True
            case "mechanism-error":
                self.head_failed = True
            case "overheated":
                self.overheated = True
            case "clock-wrong":
                self.clock.error += timedelta(seconds=rule.duration)
            case "clock-not-set":
                self.clock.is_set = False
            case "power-cycle":
                raise PowerLost(rule.duration)
            case "cable-out":
                raise CableOut(rule.duration)

    def mend(self) -> None:
        """Paper in, cover closed, knife free, head cool, clock right."""
        self.paper = "ok"
        self.cover_open = self.cutter_jammed = self.head_failed = self.overheated = False
        self.clock.error, self.clock.is_set = timedelta(), True

    def view(self) -> dict[str, Any]:
        return {
            "paper": self.paper,
            "cover": "open" if self.cover_open else "closed",
            "cutter": "jammed" if self.cutter_jammed else "ok",
            "mechanism": "failed" if self.head_failed else "overheated" if self.overheated else "ok",
            "clock": self.clock.now().isoformat(timespec="seconds"),
            "clockSet": self.clock.is_set,
            "drawerKicks": self.drawer_kicks,
            "beeps": self.beeps,
            "display": list(self.display),
            "columns": self.roll.columns,
        }
