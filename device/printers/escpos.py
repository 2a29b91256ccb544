"""ESC/POS printers: a stream without frames, so that what came of a slip is known by asking before, during and after.

The bytes come from `escpos_bytes.py`. What was sent stays in the printer and is printed once paper is in again; so
nothing is ever sent twice within a slip.
"""

from __future__ import annotations

from datetime import datetime

from fiscalmon.domain.paper import Finding, Outcome, Paper, PrinterStatus, PrintMark, PrintResult

from .driver import Mark, not_printed, printed, said
from .escpos_bytes import QrForm, compose
from .escpos_status import (
    ERROR_CAUSE,
    JOB_STATUS,
    OFFLINE_CAUSE,
    PAPER,
    PRINTER,
    Automatic,
    InTurn,
    RealTime,
    StatusParser,
    codes_of,
    codes_of_automatic,
    real_time,
)
from .failures import PrinterFailure, Rejected
from .findings import findings
from .wire import Wire

# Seconds: for an answer to one question; between two looks at a printer that stands still; for somebody to put in
# paper; for the proof that all is printed, once the line is empty; without any answer at all.
_ANSWER, _LOOK, PATIENCE, _PROOF, _SILENCE = 0.6, 0.5, 30.0, 30.0, 8.0
# A printer that does not know GS r is believed so long after its last byte.
_UNPROVEN = 3.0
# A look at the paper is sent along every so many bytes: a percent or two of the line.
_BETWEEN_LOOKS = 512
_STANDING = frozenset({"E05", "E06", "E07", "E08", "E09", "E10"})


class EscposDriver:
    """Implements driver.Driver."""

    def __init__(self, width: int, qr: QrForm) -> None:
        self.columns = width
        self.latest: PrinterStatus | None = None
        self._qr = qr
        # What came out last may have no end: the next slip is not to hang on to it.
        self._torn = False
        self._heard_once = False

    def print(self, wire: Wire, paper: Paper, mark: Mark) -> PrintResult:
        talk = _Talk(wire)
        codes = self._look(talk)
        if codes is None and self._heard_once:
            return said(Outcome.NOTHING, "E04")
        if stopping := sorted((codes or set()) & _STANDING):
            return said(Outcome.NOTHING, stopping[0])
        slip = compose(paper, self.columns, self._qr, apart=self._torn)
        mark(PrintMark("opening"))
        self._torn = True
        worst = Outcome.TORN
        try:
            for place, block in enumerate(slip.blocks):
                if place == slip.last:
                    self._wait_while_standing(talk)
                    mark(PrintMark("closing"))
                    worst = Outcome.UNKNOWN
                talk.send(block)
                self._overhear(talk)
                if talk.codes & _STANDING:
                    self._wait_while_standing(talk)
            if codes is None:
                return said(Outcome.UNKNOWN, "W07")._replace(away=False)
            result = self._proven(talk)
            self._torn = result.outcome is not Outcome.PRINTED
            return result
        except PrinterFailure as failure:
            return not_printed(worst, failure)

    def settle(self, wire: Wire, paper: Paper, mark: PrintMark) -> PrintResult:
        """The printer keeps no count: what was not sent to its last block is torn, the rest cannot be known."""
        self._torn = True
        codes = self._look(_Talk(wire))
        if codes is None:
            return said(Outcome.UNKNOWN, "E04" if self._heard_once else "W07")
        if stopping := sorted(codes & _STANDING):
            return said(Outcome.UNKNOWN, stopping[0])
        return said(Outcome.TORN, "E27") if mark.state in ("opening", "open") else said(Outcome.UNKNOWN, "E26")

    def status(self, wire: Wire) -> PrinterStatus:
        codes = self._look(_Talk(wire))
        if codes is None:
            silent = {"E04"} if self._heard_once else {"E04", "W07"}
            return PrinterStatus(reachable=False, findings=findings(silent))
        return PrinterStatus(reachable=True, findings=self._told(codes))

    def set_clock(self, wire: Wire, local: datetime) -> PrintResult:
        return PrintResult(Outcome.NOTHING, "E15", "This printer has no clock; there is nothing to set.")

    def _look(self, talk: _Talk) -> set[str] | None:
        """Everything asked for; None where nothing at all answers."""
        codes = talk.ask_all()
        if codes is not None:
            self._heard_once = True
            self._overhear(talk)
        return codes

    def _told(self, codes: set[str]) -> tuple[Finding, ...]:
        extra = {"W06"} if self._qr == "text" else set()
        return findings(codes | extra)

    def _overhear(self, talk: _Talk) -> None:
        self.latest = PrinterStatus(reachable=True, findings=self._told(talk.codes))

    def _wait_while_standing(self, talk: _Talk) -> None:
        """Paper is out or the cover open in the middle: hold the rest back until somebody has seen to it."""
        end = talk.now + PATIENCE
        while talk.codes & _STANDING:
            if talk.now >= end:
                raise Rejected(sorted(talk.codes & _STANDING)[0], "nobody came")
            talk.pause(_LOOK)
            talk.ask_all(job=False)
            self._overhear(talk)

    def _proven(self, talk: _Talk) -> PrintResult:
        """All is sent: wait for the answer that comes in its turn, while looking at what could hold it up."""
        if talk.knows_job:
            talk.begin_proof()
        # Looks at the printer go over the same line: what is waited for is the end of the slip's own bytes.
        sent = talk.line_empty
        end = sent + (_PROOF if talk.knows_job else _UNPROVEN)
        next_look, next_proof = sent + _LOOK, sent + _UNPROVEN
        while not talk.proven:
            talk.listen(_LOOK)
            if talk.now >= next_look and not talk.proven:
                talk.ask_all(job=False)
                self._overhear(talk)
                next_look = talk.now + _LOOK
            if talk.codes & _STANDING:
                end = max(end, min(talk.now + _UNPROVEN, sent + PATIENCE))
            elif talk.knows_job and talk.now >= next_proof and not talk.proven:
                # A long slip may still be at work, or the answer was lost, and perhaps the slip with the power: who
                # answers the second question without the first proves nothing.
                if talk.half_proven:
                    return said(Outcome.UNKNOWN, "E26")
                talk.send_job()
                next_proof = talk.now + _UNPROVEN
            if talk.now >= end and not talk.proven:
                if not talk.knows_job and not talk.codes & _STANDING and talk.now - talk.heard < _SILENCE:
                    return printed()
                stopping = sorted(talk.codes & _STANDING)
                return said(Outcome.UNKNOWN, stopping[0] if stopping else "E04")
            if talk.now - max(talk.heard, sent) > _SILENCE:
                return said(Outcome.UNKNOWN, "E04")
        self._overhear(talk)
        return printed()


class _Talk:
    """One open line: what was asked, what was heard, and when the last byte will have left."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._parser = StatusParser()
        self._asked: list[int] = []
        self._answers: dict[int, set[str]] = {}
        self._automatic: set[str] = set()
        self._questions = self._proofs = 0
        self._since_look = 0
        self.heard = self.line_empty = wire.now()
        self.knows_job = False
        self.answers_real_time = False
        wire.discard()

    @property
    def now(self) -> float:
        return self._wire.now()

    @property
    def codes(self) -> set[str]:
        """All that is known to be wrong now."""
        return set().union(self._automatic, *self._answers.values())

    @property
    def proven(self) -> bool:
        """Whether every question that was to be answered in its turn has its answer: all before it was done."""
        return self.knows_job and self._proofs >= self._questions

    @property
    def half_proven(self) -> bool:
        """Whether later questions were answered and an earlier one was not."""
        return 0 < self._proofs < self._questions

    def ask_all(self, *, job: bool = True) -> set[str] | None:
        """The printer's state and paper, and the causes where it is off-line; None where nothing answers.

        `job`: also whether it answers in its turn, which proves that nothing of an earlier slip is left in it.
        """
        alone = self._ask(PRINTER)
        paper = self._ask(PAPER)
        if not alone and not paper and self.answers_real_time is False and job:
            paper = self._ask(PRINTER)
        if alone and self._answers[PRINTER]:
            self._ask(OFFLINE_CAUSE)
            self._ask(ERROR_CAUSE)
        elif alone:
            self._answers.pop(OFFLINE_CAUSE, None)
            self._answers.pop(ERROR_CAUSE, None)
        if job and not self.codes & _STANDING:
            self.send_job()
            end = self.now + _ANSWER
            while self._proofs < self._questions and self.now < end:
                self.listen(end - self.now)
            self.knows_job = self._proofs >= self._questions
        if not (alone or paper or self.knows_job):
            return None
        if len([code for code in self.codes if code.startswith("E")]) > 1:
            self._answers.get(PRINTER, set()).discard("E10")
        return self.codes

    def send(self, block: bytes) -> None:
        """A block of the slip, with a look at the paper now and then, and whatever has come meanwhile heard."""
        self._write(block)
        self._since_look += len(block)
        if self.answers_real_time and self._since_look >= _BETWEEN_LOOKS and not self._asked:
            self._since_look = 0
            self._asked.append(PAPER)
            self._write(real_time(PAPER))
        self._hear(self._wire.read(0))

    def begin_proof(self) -> None:
        """The first question after the slip; answers to earlier ones, or repeated, count no more."""
        self.listen(0)
        self._questions = self._proofs = 0
        self.send_job()

    def send_job(self) -> None:
        """Ask for an answer in its turn."""
        self._questions += 1
        self._write(JOB_STATUS)

    def pause(self, seconds: float) -> None:
        """Listen all that time."""
        end = self.now + seconds
        while self.now < end:
            self.listen(end - self.now)

    def listen(self, seconds: float) -> None:
        """Hear what comes next, at most so long."""
        self._hear(self._wire.read(seconds))

    def _ask(self, what: int) -> bool:
        """One question in real time, once the line is empty so that the answer is about now."""
        self._asked.append(what)
        self._write(real_time(what))
        end = max(self.now, self.line_empty) + _ANSWER
        while self._asked and self.now < end:
            self.listen(end - self.now)
        answered = not self._asked
        self._asked.clear()
        return answered

    def _write(self, data: bytes) -> None:
        self._wire.write(data)
        self.line_empty = max(self.line_empty, self.now) + len(data) * 10 / self._wire.baud

    def _hear(self, chunk: bytes) -> None:
        for one in self._parser.feed(chunk):
            self.heard = self.now
            match one:
                case RealTime(value):
                    self.answers_real_time = True
                    if self._asked:
                        what = self._asked.pop(0)
                        self._answers[what] = codes_of(what, value)
                case Automatic(values):
                    self._automatic = codes_of_automatic(values)
                case InTurn(_, alone):
                    # Among noise it may be none; it is asked for again.
                    self._proofs += alone
