"""Tremol's printers (ZFP): slips as non-fiscal documents, pinged until ready before each command.

Status bits and error digits follow the maker's published meaning. Knows no port.
"""

from __future__ import annotations

from datetime import datetime

from fiscalmon.domain.paper import Outcome, Paper, PrinterStatus, PrintMark, PrintResult

from .commands import clock_of
from .driver import LocalNow, Mark, not_printed, printed, said
from .exchange import Session, Timing
from .failures import NoAnswer, PrinterFailure, Rejected
from .findings import findings
from .framed import PATIENCE, WAITING
from .text import pieces, printable
from .wire import Wire, converse
from .zfp import PING, Zfp

_COLUMNS = 46
_STATUS, _VERSION, _OPEN_TEXT, _CLOSE_TEXT, _TEXT = 0x20, 0x21, 0x2E, 0x2F, 0x37
_CUT, _DRAWER, _READ_CLOCK, _SET_CLOCK, _LAST_DOCUMENT = 0x29, 0x2A, 0x68, 0x48, 0x71
_QUERIES = (_STATUS, _VERSION, _READ_CLOCK, _LAST_DOCUMENT)
_SLOW = (_OPEN_TEXT, _CLOSE_TEXT)
# What a single 09h is answered with.
_READY, _BUSY = 0x40, 0x41
_UNREADY = ((0x42, "E05"), (0x43, "E05"), (0x44, "E09"), (0x45, "E09"), (0x50, "E20"), (0x60, "E03"), (0x70, "E20"))
# Without a customer display it prints all the same.
_FINE = (_READY, 0x48, 0x49)
_DEVICE_ERRORS = (
    (1, "E05"), (2, "E28"), (3, "E14"), (4, "E16"), (5, "E16"), (6, "E15"), (7, "E16"), (8, "E12"), (9, "E20"),
    (0xB, "E15"), (0xC, "E09"), (0xE, "W09"), (0xF, "E15"),
)  # fmt: skip
_BITS = (
    (0, 0, "E12"), (0, 2, "E09"), (0, 3, "E14"), (0, 4, "E14"), (0, 5, "E13"), (0, 6, "E14"), (1, 0, "E05"),
    (1, 1, "E28"), (2, 0, "W08"), (2, 1, "W08"), (2, 2, "W08"), (2, 3, "W08"), (2, 4, "W08"), (2, 5, "W02"),
    (2, 6, "W09"), (3, 0, "E12"), (3, 1, "E12"), (3, 2, "E11"), (3, 3, "W03"), (6, 4, "W01"),
)  # fmt: skip
_TEXT_OPEN = (2, 0)
_RECEIPT_OPEN = ((2, 1), (2, 2), (2, 3), (2, 4))
# Seconds: for the answer to a ping, and between two of them.
_PONG, _LOOK = 0.5, 0.2
_DRIFT = 60.0


class TremolDriver:
    """Implements driver.Driver."""

    def __init__(self, width: int, local_now: LocalNow) -> None:
        self.columns = min(width, _COLUMNS)
        self.latest: PrinterStatus | None = None
        self._local_now = local_now

    def print(self, wire: Wire, paper: Paper, mark: Mark) -> PrintResult:
        talk = _Talk(wire)
        worst = Outcome.NOTHING
        try:
            self._end_what_is_open(talk)
            before = talk.number()
            mark(PrintMark("opening", before))
            self._doubted(talk, _OPEN_TEXT, b"1;0000;0", opened=True)
            worst = Outcome.TORN
            for line in paper.lines:
                for part in pieces(printable(line.text, "ascii"), _COLUMNS):
                    talk.put(_TEXT, part.encode())
            mark(PrintMark("closing", before))
            worst = Outcome.UNKNOWN
            self._doubted(talk, _CLOSE_TEXT, b"", opened=False)
            after = talk.number()
            if paper.cut:
                talk.try_ask(_CUT)
            if paper.drawer:
                talk.try_ask(_DRAWER)
        except Rejected as refusal:
            self._heard(talk)
            return not_printed(Outcome.TORN if worst is not Outcome.NOTHING else worst, refusal)
        except PrinterFailure as failure:
            return not_printed(worst, failure)
        return printed(after)

    def settle(self, wire: Wire, paper: Paper, mark: PrintMark) -> PrintResult:
        """By the printer's own document number and what is open on it."""
        talk = _Talk(wire)
        try:
            status = talk.status()
            if _has(status, _TEXT_OPEN):
                talk.insist(_CLOSE_TEXT)
                return said(Outcome.TORN, "E27")
            now, before = talk.number(), mark.document_before
        except PrinterFailure as failure:
            return not_printed(Outcome.UNKNOWN, failure)
        if now is None or before is None:
            return said(Outcome.UNKNOWN, "E26")
        if int(now) == int(before):
            return said(Outcome.NOTHING if mark.state == "opening" else Outcome.TORN, "E27")
        if mark.state == "closing" and int(now) == int(before) + 1:
            return printed(now)
        return said(Outcome.UNKNOWN if mark.state == "closing" else Outcome.TORN, "E26")

    def status(self, wire: Wire) -> PrinterStatus:
        talk = _Talk(wire)
        try:
            status = talk.status()
            version = talk.try_ask(_VERSION)
            told = talk.try_ask(_READ_CLOCK)
        except PrinterFailure as failure:
            return PrinterStatus(reachable=False, findings=findings({failure.code}))
        codes = _codes(status) | {"W06"}
        clock = _clock(told)
        # Its minutes are compared, since it tells no seconds.
        now = self._local_now().replace(tzinfo=None, second=0, microsecond=0)
        drift = None if clock is None else (clock - now).total_seconds()
        if drift is not None and abs(drift) > _DRIFT:
            codes.add("W04")
        # Type; certificate or serial number; date; model; firmware; memory. Firmware differs in what it leaves out.
        parts = (version or b"").decode("latin-1").split(";")
        named = len(parts) >= 5
        self.latest = PrinterStatus(
            True,
            findings(codes),
            parts[3].strip() or None if named else None,
            parts[1].strip() or None if named else None,
            parts[4].strip() or None if named else None,
            drift,
        )
        return self.latest

    def set_clock(self, wire: Wire, local: datetime) -> PrintResult:
        talk = _Talk(wire)
        try:
            self._end_what_is_open(talk)
            talk.insist(_SET_CLOCK, local.strftime("%d-%m-%y %H:%M:%S").encode())
        except PrinterFailure as failure:
            return not_printed(Outcome.NOTHING, failure)
        return printed()

    def _end_what_is_open(self, talk: _Talk) -> None:
        status = talk.status()
        if stopping := sorted(_codes(status) & set(WAITING)):
            raise Rejected(stopping[0])
        if _has(status, _TEXT_OPEN):
            talk.insist(_CLOSE_TEXT)
        elif any(_has(status, bit) for bit in _RECEIPT_OPEN):
            raise Rejected("E16")

    def _doubted(self, talk: _Talk, command: int, data: bytes, *, opened: bool) -> None:
        """Open or close; where its answer was lost, what is open now tells whether it was done."""
        try:
            talk.insist(command, data)
        except NoAnswer:
            if _has(talk.status(), _TEXT_OPEN) is not opened:
                talk.insist(command, data)
        except Rejected as refusal:
            if not refusal.again or _has(talk.status(), _TEXT_OPEN) is not opened:
                raise

    def _heard(self, talk: _Talk) -> None:
        try:
            self.latest = PrinterStatus(True, findings(_codes(talk.status()) | {"W06"}))
        except PrinterFailure:
            return


class _Talk:
    """One open line."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._session = Session(Zfp(), Timing())

    def status(self) -> bytes:
        """The seven status bytes."""
        answer = self._ask(_STATUS, b"")
        if len(answer) < 7:
            raise NoAnswer("no status")
        return answer

    def number(self) -> str | None:
        """The number of the last document, None where the printer does not tell it."""
        told = (self.try_ask(_LAST_DOCUMENT) or b"").decode("latin-1")
        # Some firmware tells two counts; the last one is of all documents.
        counts = [part.strip() for part in told.split(";") if part.strip()]
        return counts[-1] if counts and all(part.isdigit() for part in counts) else None

    def try_ask(self, command: int) -> bytes | None:
        """What not every printer has; None where it says no."""
        try:
            return self._ask(command, b"")
        except Rejected:
            return None

    def put(self, command: int, data: bytes) -> None:
        """The same for what shows each time it is done. Raises NoAnswer, too, where it may have been done twice."""
        self.insist(command, data)
        if self._session.was_silent:
            raise NoAnswer("the printer was silent, and may have been off")

    def insist(self, command: int, data: bytes = b"") -> bytes:
        """A command that needs paper; waits for a person for a while. Raises Rejected after that."""
        end = self._wire.now() + PATIENCE
        while True:
            try:
                self._until_ready(end)
                return self._ask(command, data)
            except Rejected as refusal:
                if refusal.code not in WAITING or self._wire.now() >= end:
                    raise
            self._pause()

    def _ask(self, command: int, data: bytes) -> bytes:
        timing = self._session.timing
        limit = timing.slow if command in _SLOW else timing.command
        try:
            answer, again = converse(self._wire, self._session, command, data, limit)
        except NoAnswer:
            if command not in _QUERIES:
                raise
            answer, again = converse(self._wire, self._session, command, data, limit)
        if answer.status:
            device, refused = answer.status[0] & 0x0F, answer.status[1] & 0x0F
            if refused or device == 1:
                raise Rejected(dict(_DEVICE_ERRORS).get(device, "E15"), f"{device:x}{refused:x}", again=again)
        return answer.data

    def _until_ready(self, end: float) -> None:
        """Ping until the printer is ready. One that does not know the ping is asked the command all the same."""
        silent = 0
        while silent < 2:
            self._wire.discard()
            self._wire.write(bytes((PING,)))
            chunk = self._wire.read(_PONG)
            if not chunk:
                silent += 1
                continue
            state = chunk[-1]
            if state in _FINE:
                return
            code = dict(_UNREADY).get(state)
            if code is not None and code not in WAITING:
                raise Rejected(code)
            if self._wire.now() >= end:
                raise Rejected(code or "E04")
            self._pause()

    def _pause(self) -> None:
        moment = self._wire.now() + _LOOK
        while self._wire.now() < moment:
            self._wire.read(moment - self._wire.now())


def _has(status: bytes, bit: tuple[int, int]) -> bool:
    return bool(status[bit[0]] >> bit[1] & 1)


def _codes(status: bytes) -> set[str]:
    found = {code for byte, bit, code in _BITS if _has(status, (byte, bit))}
    if "E05" in found:
        found.discard("W01")
    return found


def _clock(told: bytes | None) -> datetime | None:
    """Its clock has four digits of year and no seconds."""
    text = (told or b"").decode("latin-1").strip()
    try:
        return datetime.strptime(text[:16], "%d-%m-%Y %H:%M")
    except ValueError:
        return clock_of(text)
