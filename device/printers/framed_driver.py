"""FP1 and X4 printers: slips as non-fiscal documents, their state and clock, and what became of a slip.

A signed receipt exists at FDMS already, so the printer's own fiscal memory stays out of it unless the set-up says
otherwise (`registering.py`). Words and bits come from the dialect's profile.
"""

from __future__ import annotations

from datetime import datetime

from fiscalmon.domain.paper import Outcome, Paper, PaperLine, PrinterMode, PrinterStatus, PrintMark, PrintResult

from .commands import CLOSE_TEXT, LAST_DOCUMENT, OPEN_TEXT, READ_CLOCK, Papering, Registering
from .driver import LocalNow, Mark, not_printed, printed, said
from .failures import NoAnswer, PrinterFailure, Rejected
from .findings import findings
from .fp1_commands import CONSTANTS, Fp1Paper, Fp1Registering
from .framed import WAITING, Conversation, session_for
from .profile import DeviceProfile, findings_of
from .registering import Registrar
from .wire import Wire
from .x4_commands import X4Paper, X4Registering

# Seconds that a printer's clock may be off before it is said.
_DRIFT = 30.0
_ORDER = (Outcome.NOTHING, Outcome.TORN, Outcome.UNKNOWN, Outcome.PRINTED)


class FramedDriver:
    """Implements driver.Driver. `variant` is fp1 or x4."""

    def __init__(
        self, variant: str, profile: DeviceProfile, width: int, mode: PrinterMode, qr_as_text: bool, local_now: LocalNow
    ) -> None:
        self._variant = variant
        self._profile = profile
        self._mode = mode
        self._qr_as_text = qr_as_text or profile.qr is None
        self._local_now = local_now
        self.columns = min(width, profile.columns)
        self.latest: PrinterStatus | None = None
        self._limit = profile.columns

    def print(self, wire: Wire, paper: Paper, mark: Mark) -> PrintResult:
        talk, words = self._talk(wire)
        try:
            talk.hello()
            self._end_what_is_open(talk)
        except PrinterFailure as failure:
            return not_printed(Outcome.NOTHING, failure)
        if self._mode is PrinterMode.HARDWARE_FISCAL:
            registrar = Registrar(
                talk, self._registering(words), self._identity(talk), self._qr_as_text, self._local_now
            )
            if registrar.takes(paper):
                return registrar.print(paper, mark)
            if paper.kind in ("x", "z"):
                text = self._print_text(talk, paper, mark)
                return registrar.report(paper, mark) if text.outcome is Outcome.PRINTED else text
        return self._print_text(talk, paper, mark)

    def settle(self, wire: Wire, paper: Paper, mark: PrintMark) -> PrintResult:
        """By the printer's own document number and what is open on it."""
        talk, words = self._talk(wire)
        try:
            talk.hello()
            if mark.printer_serial and (serial := self._identity(talk)) and serial != mark.printer_serial:
                return said(Outcome.UNKNOWN, "E25")
            if self._mode is PrinterMode.HARDWARE_FISCAL:
                registrar = Registrar(
                    talk, self._registering(words), mark.printer_serial, self._qr_as_text, self._local_now
                )
                if registrar.takes(paper) or (paper.kind == "z" and mark.closure_before is not None):
                    return registrar.settle(paper, mark)
            if talk.text_open:
                talk.insist(CLOSE_TEXT)
                return said(Outcome.TORN, "E27")
            return self._by_number(talk, mark)
        except PrinterFailure as failure:
            return not_printed(Outcome.UNKNOWN, failure)

    def status(self, wire: Wire) -> PrinterStatus:
        talk, _ = self._talk(wire)
        try:
            talk.hello()
            named = talk.try_ask(talk.words.identify())
            told = talk.try_ask(READ_CLOCK)
            talk.look()
        except PrinterFailure as failure:
            return PrinterStatus(reachable=False, findings=findings({failure.code}))
        identity = talk.words.read_identity(named.data) if named else None
        codes = set(findings_of(self._profile, talk.status))
        clock = talk.words.read_clock(told.data) if told else None
        drift = None if clock is None else (clock - self._local_now().replace(tzinfo=None)).total_seconds()
        if drift is not None and abs(drift) > _DRIFT:
            codes.add("W04")
        if self._qr_as_text:
            codes.add("W06")
        self.latest = PrinterStatus(
            reachable=True,
            findings=findings(codes),
            model=identity.model or None if identity else None,
            serial_no=identity.serial_no or None if identity else None,
            firmware=identity.firmware or None if identity else None,
            clock_drift=drift,
        )
        return self.latest

    def set_clock(self, wire: Wire, local: datetime) -> PrintResult:
        talk, _ = self._talk(wire)
        try:
            talk.hello()
            self._end_what_is_open(talk)
            talk.ask(talk.words.set_clock(local))
        except PrinterFailure as failure:
            return not_printed(Outcome.NOTHING, failure)
        return printed()

    def _print_text(self, talk: Conversation, paper: Paper, mark: Mark) -> PrintResult:
        """A non-fiscal document from its opening to its close."""
        worst = Outcome.NOTHING
        try:
            if waiting := sorted(findings_of(self._profile, talk.look()) & set(WAITING)):
                return said(Outcome.NOTHING, waiting[0])
            self._learn_width(talk)
            at = PrintMark("opening", self._document(talk), None, self._identity(talk) or None)
            mark(at)
            self._open(talk)
            worst = Outcome.TORN
            for line in paper.lines:
                self._put(talk, line)
            mark(PrintMark("closing", at.document_before, None, at.printer_serial))
            worst = Outcome.UNKNOWN
            number = self._close(talk, at)
        except Rejected as refusal:
            if worst is not Outcome.NOTHING:
                self._close_torn(talk)
            return not_printed(min(worst, Outcome.TORN, key=_ORDER.index), refusal)
        except NoAnswer as failure:
            if worst is not Outcome.UNKNOWN:
                self._close_torn(talk)
            return not_printed(max(worst, Outcome.TORN, key=_ORDER.index), failure)
        except PrinterFailure as failure:
            return not_printed(worst, failure)
        self._afterwards(talk, paper)
        return printed(number)

    def _open(self, talk: Conversation) -> None:
        try:
            talk.insist(OPEN_TEXT)
        except (NoAnswer, Rejected) as failure:
            # The answer was lost, perhaps not the command: what is open now was not open before.
            if isinstance(failure, Rejected) and not failure.again:
                raise
            talk.look()
            if not talk.text_open:
                talk.insist(OPEN_TEXT)

    def _put(self, talk: Conversation, line: PaperLine) -> None:
        if line.qr:
            request = None if self._qr_as_text else talk.words.qr(line.text)
            if request is not None:
                try:
                    talk.put(request)
                    return
                except Rejected as refusal:
                    if refusal.code in WAITING:
                        raise
                    # Older firmware of the same brand has no QR code.
        for request in talk.words.text(line):
            talk.put(request)

    def _close(self, talk: Conversation, at: PrintMark) -> str | None:
        """End the document; an answer that is lost is asked for and the close never repeated blindly."""
        try:
            talk.insist(CLOSE_TEXT)
        except (NoAnswer, Rejected) as failure:
            if isinstance(failure, Rejected) and not failure.again:
                raise
            talk.look()
            if talk.text_open:
                talk.insist(CLOSE_TEXT)
            else:
                found = self._by_number(talk, PrintMark("closing", at.document_before))
                if found.outcome is not Outcome.PRINTED:
                    raise NoAnswer("the close is not in the printer's count") from failure
        return self._document(talk)

    def _by_number(self, talk: Conversation, mark: PrintMark) -> PrintResult:
        """Nothing is open: the document was closed if the printer's count went on by one."""
        now = self._document(talk)
        if now is None or mark.document_before is None or not (now.isdigit() and mark.document_before.isdigit()):
            return said(Outcome.UNKNOWN, "E26")
        if now == mark.document_before:
            return said(Outcome.NOTHING if mark.state == "opening" else Outcome.TORN, "E27")
        if mark.state == "closing" and int(now) == int(mark.document_before) + 1:
            return printed(now)
        # A document that was ended without its last lines, or one of somebody else's.
        return said(Outcome.UNKNOWN if mark.state == "closing" else Outcome.TORN, "E26")

    def _close_torn(self, talk: Conversation) -> None:
        """End what is open, so that the next slip can begin; where that fails too, the next slip does it."""
        try:
            talk.look()
            if talk.text_open and not findings_of(self._profile, talk.status) & set(WAITING):
                talk.ask(CLOSE_TEXT)
        except PrinterFailure:
            return

    def _end_what_is_open(self, talk: Conversation) -> None:
        """Before anything new. A text document is ended; a fiscal receipt that is not ours is left to a person."""
        talk.look()
        if talk.text_open:
            talk.insist(CLOSE_TEXT)
        elif talk.receipt_open:
            raise Rejected("E16", "a fiscal receipt is open")

    def _afterwards(self, talk: Conversation, paper: Paper) -> None:
        """Cut and drawer come after the close, so that they cannot spoil the slip."""
        try:
            for request in talk.words.cut() if paper.cut else []:
                talk.try_ask(request)
            if paper.drawer:
                talk.try_ask(talk.words.drawer())
        except PrinterFailure:
            return

    def _talk(self, wire: Wire) -> tuple[Conversation, Papering]:
        words: Papering
        if self._variant == "x4":
            words = X4Paper(self._profile, self._limit)
        else:
            words = Fp1Paper(self._profile, self._limit)
        return Conversation(wire, session_for(self._variant, self._profile), self._profile, words, self._heard), words

    def _registering(self, words: Papering) -> Registering:
        if self._variant == "x4":
            return X4Registering(self._profile, self._limit)
        return Fp1Registering(self._profile, self._limit)

    def _heard(self, status: bytes) -> None:
        before = self.latest or PrinterStatus(reachable=True)
        self.latest = before._replace(reachable=True, findings=findings(findings_of(self._profile, status)))

    def _learn_width(self, talk: Conversation) -> None:
        """Printers that tell how long a line may be are asked; the lines were laid out before and are broken anew."""
        if not self._profile.constants or not isinstance(talk.words, Fp1Paper):
            return
        reply = talk.try_ask(CONSTANTS)
        told = talk.words.read_constants(reply.data) if reply else None
        if told is not None:
            self._limit = talk.words.columns = min(told, self._profile.columns)
            self.columns = min(self.columns, self._limit)

    def _document(self, talk: Conversation) -> str | None:
        reply = talk.try_ask(LAST_DOCUMENT)
        return talk.words.read_number(reply.data) if reply else None

    def _identity(self, talk: Conversation) -> str:
        """The printer's serial number, empty where it does not say it."""
        reply = talk.try_ask(talk.words.identify())
        return talk.words.read_identity(reply.data).serial_no if reply else ""
