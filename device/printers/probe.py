"""Who answers on a port: asked in each protocol at each speed, never guessed from a maker's number on the USB.

Only questions that change nothing go out, those first that no printer puts on paper. Knows lines, opens none itself.
"""

from __future__ import annotations

from fiscalmon.domain.paper import Dialect, Family, FoundPrinter

from .commands import STATUS, Papering
from .escpos_status import PRINTER, RealTime, StatusParser, real_time
from .exchange import Session, Timing
from .failures import NoAnswer, PrinterFailure
from .fp1 import Fp1
from .fp1_commands import Fp1Paper
from .frames import Codec
from .profile import DATECS, DATECS_X4
from .wire import Wire, converse
from .x4 import X4
from .x4_commands import X4Paper
from .zfp import PING

# As devices leave the factory, the likeliest first.
SPEEDS = (115_200, 9_600, 38_400, 19_200, 57_600)
_ANSWER = 0.3
# A wrong speed or protocol is left soon.
_QUICK = Timing(first=0.3, gap=0.2, syn=0.6, command=2.0, naks=3, silences=0)
_PONGS = (0x40, 0x41, 0x42, 0x43, 0x44, 0x45, 0x48, 0x49)
_SERIALS: tuple[tuple[str, Dialect], ...] = (
    ("DT", "datecs"), ("DA", "datecs"), ("DY", "daisy"), ("ED", "eltrade"), ("IN", "incotex"),
)  # fmt: skip


def probe(wire: Wire) -> FoundPrinter | None:
    """The printer at the other end at the line's speed, None where none answers. Raises LineLost, Stopped."""
    if _answers_in_real_time(wire):
        return FoundPrinter("escpos", wire.baud)
    if _pongs(wire):
        return FoundPrinter("zfp", wire.baud)
    fp1, x4 = Fp1Paper(DATECS, DATECS.columns), X4Paper(DATECS_X4, DATECS_X4.columns)
    return _framed(wire, "fp1", Fp1(), fp1) or _framed(wire, "x4", X4(), x4)


def _answers_in_real_time(wire: Wire) -> bool:
    wire.discard()
    wire.write(real_time(PRINTER))
    said = StatusParser().feed(wire.read(_ANSWER))
    return len(said) == 1 and isinstance(said[0], RealTime)


def _pongs(wire: Wire) -> bool:
    wire.discard()
    wire.write(bytes((PING,)))
    answer = wire.read(_ANSWER)
    return len(answer) == 1 and answer[0] in _PONGS


def _framed(wire: Wire, family: Family, codec: Codec, words: Papering) -> FoundPrinter | None:
    session = Session(codec, _QUICK)
    try:
        # The first answer may be to something older; an answer at all is what is asked for.
        converse(wire, session, STATUS.command, STATUS.data, _QUICK.command)
        request = words.identify()
        answer, _ = converse(wire, session, request.command, request.data, _QUICK.command)
    except NoAnswer:
        return None
    except PrinterFailure as failure:
        if failure.code in ("E17", "E18"):
            return None
        raise
    named = words.read_identity(answer.data)
    dialect = next((name for start, name in _SERIALS if named.serial_no.startswith(start)), None)
    return FoundPrinter(
        family, wire.baud, dialect if family == "fp1" else None, named.model or None, named.serial_no or None
    )
