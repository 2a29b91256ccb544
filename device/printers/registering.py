"""A sale as the printer's own fiscal receipt, only where its owner set `hardware-fiscal`: lines, total, close, reports.

The printer's numbers are its own and never take the place of FDMS's. A lost answer is asked for, never said again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal

from fiscalmon.domain.paper import Outcome, Paper, PaperLine, PrintMark, PrintResult
from fiscalmon.domain.receipt import Line, Receipt

from .commands import CLOSE_RECEIPT, LAST_DOCUMENT, READ_CLOCK, ReceiptState, Registering, Request, Sale
from .driver import LocalNow, Mark, not_printed, printed, said
from .failures import NoAnswer, PrinterFailure, Rejected
from .framed import WAITING, Conversation
from .profile import findings_of

_ONE = Decimal(1)
_CENT = Decimal("0.01")
_GRAM = Decimal("0.001")
# A clock further off than this makes the printer's own records wrong.
_WRONG_CLOCK = 300.0


class Registrar:
    """Fiscal receipts over one conversation. `serial`: the printer's serial number, None or empty where unknown."""

    def __init__(
        self, talk: Conversation, words: Registering, serial: str | None, qr_as_text: bool, local_now: LocalNow
    ) -> None:
        self._talk = talk
        self._words = words
        self._serial = serial or None
        self._qr_as_text = qr_as_text
        self._local_now = local_now

    def takes(self, paper: Paper) -> bool:
        """Invoices with prices that include tax, printed for the first time; all else is text."""
        receipt = paper.receipt
        return (
            paper.kind == "receipt"
            and receipt is not None
            and receipt.type == "FiscalInvoice"
            and receipt.lines_tax_inclusive
        )

    def print(self, paper: Paper, mark: Mark) -> PrintResult:
        """The receipt from its opening to its close. Needs a paper that it takes and nothing open on the printer."""
        receipt = paper.receipt
        assert receipt is not None  # noqa: S101 - `takes` said so
        try:
            self._may_register()
            sales = list(self._sales(receipt))
            before = self._document()
        except PrinterFailure as failure:
            return not_printed(Outcome.NOTHING, failure)
        closure = self.closure()
        step = PrintMark("opening", before, closure, self._serial)
        try:
            mark(step)
            self._open()
            step = PrintMark("open", before, closure, self._serial)
            mark(step)
            for sale in sales:
                self._talk.insist(self._words.sale(sale))
            self._same_total(receipt)
            step = PrintMark("paying", before, closure, self._serial)
            mark(step)
            self._pay(receipt)
            whole = self._verify(paper)
            step = PrintMark("closing", before, closure, self._serial)
            mark(step)
            self._talk.insist(CLOSE_RECEIPT)
            return printed(self._document()) if whole else said(Outcome.TORN, "E27", self._document())
        except (Rejected, NoAnswer) as failure:
            return self._ended(paper, step, failure)
        except PrinterFailure as failure:
            return not_printed(Outcome.UNKNOWN, failure)

    def settle(self, paper: Paper, mark: PrintMark, *, ours: bool = False) -> PrintResult:
        """What became of it: by what is open, the printer's last number and how far we had come.

        `ours`: whatever is open was opened by us, on this very line.
        """
        if paper.kind in ("x", "z"):
            return self._settled_report(mark)
        self._talk.look()
        if self._talk.receipt_open:
            return self._end_open(paper, mark, ours)
        now = self._document()
        if now is None or mark.document_before is None:
            return said(Outcome.UNKNOWN, "E26")
        gone_on = int(now) - int(mark.document_before)
        if gone_on == 0:
            # Not issued, whatever of it is on paper: it may be registered again.
            return said(Outcome.NOTHING, "E27")
        if gone_on == 1 and mark.state == "closing":
            # Issued; whoever wants another paper of it gets a copy.
            return printed(now)
        return said(Outcome.UNKNOWN, "E26")

    def report(self, paper: Paper, mark: Mark) -> PrintResult:
        """The printer's own X, or its Z: said once, and a lost answer compared with the printer's count of Zs."""
        closing = paper.kind == "z"
        before = self.closure()
        step = PrintMark("closing", None, before, self._serial)
        try:
            mark(step)
            self._talk.ask(self._words.report(closing))
        except (Rejected, NoAnswer) as failure:
            if isinstance(failure, NoAnswer) or failure.again:
                try:
                    return self._settled_report(step) if closing else said(Outcome.UNKNOWN, "E26")
                except PrinterFailure as later:
                    return not_printed(Outcome.UNKNOWN, later)
            return not_printed(Outcome.TORN, failure)
        except PrinterFailure as failure:
            return not_printed(Outcome.UNKNOWN, failure)
        return printed(self.closure() if closing else None)

    def closure(self) -> str | None:
        """The number of the printer's last Z."""
        reply = self._talk.try_ask(self._talk.words.last_closure())
        return self._talk.words.read_closure(reply.data) if reply else None

    def _settled_report(self, mark: PrintMark) -> PrintResult:
        now = self.closure()
        if now is None or mark.closure_before is None:
            return said(Outcome.UNKNOWN, "E26")
        return printed(now) if now != mark.closure_before else said(Outcome.TORN, "E27")

    def _may_register(self) -> None:
        found = findings_of(self._talk.profile, self._talk.look())
        if stopping := sorted(code for code in found if code in (*WAITING, "E11", "E12", "E13", "E14")):
            raise Rejected(stopping[0])
        reply = self._talk.ask(READ_CLOCK)
        clock = self._talk.words.read_clock(reply.data)
        if clock is None or abs((clock - self._local_now().replace(tzinfo=None)).total_seconds()) > _WRONG_CLOCK:
            raise Rejected("E21")

    def _sales(self, receipt: Receipt) -> Iterator[Sale]:
        """Each line with the discount that follows it. Raises Rejected for what a printer cannot register exactly."""
        reply = self._talk.ask(self._words.rates())
        letters = {percent: letter for letter, percent in reversed(self._words.read_rates(reply.data))}
        pending: Sale | None = None
        for line in receipt.lines:
            letter = letters.get(Decimal(0) if line.tax_percent is None else line.tax_percent)
            if letter is None:
                raise Rejected("E19", str(line.tax_percent))
            if line.type == "Discount":
                if pending is None or pending.tax != letter:
                    raise Rejected("E23", "a discount without a line of its tax")
                pending = pending._replace(discount=pending.discount - line.total)
                continue
            if pending is not None:
                yield _checked(pending)
            pending = _sale(line, letter)
        if pending is not None:
            yield _checked(pending)

    def _open(self) -> None:
        try:
            self._talk.insist(self._words.open_receipt())
        except (NoAnswer, Rejected) as failure:
            if isinstance(failure, Rejected) and not failure.again:
                raise
            self._talk.look()
            if not self._talk.receipt_open:
                self._talk.insist(self._words.open_receipt())

    def _same_total(self, receipt: Receipt) -> None:
        """Before money is named: a line that came twice or not at all shows here and can still be cancelled."""
        told = self._words.read_subtotal(self._talk.ask(self._words.subtotal()).data)
        if told != receipt.total:
            raise Rejected("E24", f"{told}")

    def _pay(self, receipt: Receipt) -> None:
        payments = [payment for payment in receipt.payments if payment.amount > 0]
        code = "D"
        for payment in payments:
            reply = self._talk.insist(self._words.pay(payment.money_type, payment.amount))
            code = self._words.read_payment(reply.data)
            if code == "R":
                return
            if code != "D":
                raise Rejected("E15", f"payment answered {code}")
        if code != "R":
            self._talk.insist(self._words.pay("Cash", None))

    def _ended(self, paper: Paper, step: PrintMark, failure: PrinterFailure) -> PrintResult:
        """The line still stands: find out at once what became of the receipt and leave nothing open."""
        if step.state == "opening" and isinstance(failure, Rejected) and not failure.again:
            return not_printed(Outcome.NOTHING, failure)
        try:
            found = self.settle(paper, step, ours=True)
        except PrinterFailure as later:
            return not_printed(Outcome.UNKNOWN, later)
        if found.outcome is Outcome.PRINTED or not isinstance(failure, Rejected):
            return found
        return not_printed(found.outcome, failure)

    def _end_open(self, paper: Paper, mark: PrintMark, ours: bool) -> PrintResult:
        """A receipt of ours stands open: before it is paid it is cancelled, after that paid up and closed."""
        state = self._state()
        receipt = paper.receipt
        if receipt is None or (not ours and state is not None and state.amount > receipt.total):
            return said(Outcome.UNKNOWN, "E16")
        unpaid = state is not None and not state.paid
        if (mark.state in ("opening", "open") and state is None) or (mark.state != "closing" and unpaid):
            # Its paper says that it was cancelled; nothing was registered, so it may begin again.
            self._talk.insist(self._words.cancel())
            return said(Outcome.NOTHING, "E27")
        if state is not None and state.paid < state.amount:
            self._talk.insist(self._words.pay("Cash", None))
        # What may stand on it already stands on it twice rather than not at all.
        whole = self._verify(paper)
        self._talk.insist(CLOSE_RECEIPT)
        if state is not None and state.amount != receipt.total:
            return said(Outcome.UNKNOWN, "E24")
        return printed(self._document()) if whole else said(Outcome.TORN, "E27", self._document())

    def _verify(self, paper: Paper) -> bool:
        """Verification code and QR code as free text of the receipt; False where the printer takes a line of it not."""
        whole = True
        for line in _verification(paper):
            code = self._talk.words.qr(line.text) if line.qr and not self._qr_as_text else None
            if code is not None and self._put([code]):
                continue
            whole = self._put(self._words.comment(line.text.strip())) and whole
        return whole

    def _put(self, requests: list[Request]) -> bool:
        try:
            for request in requests:
                self._talk.insist(request)
        except Rejected as refusal:
            if refusal.code in WAITING:
                raise
            return False
        return True

    def _state(self) -> ReceiptState | None:
        reply = self._talk.try_ask(self._words.receipt_state())
        return self._words.read_state(reply.data) if reply else None

    def _document(self) -> str | None:
        reply = self._talk.try_ask(LAST_DOCUMENT)
        return self._talk.words.read_number(reply.data) if reply else None


def _sale(line: Line, letter: str) -> Sale:
    """Price and quantity where the printer's cents give the line's total, else one piece at the total."""
    price, quantity = line.price, line.quantity
    if (
        price is not None
        and price == price.quantize(_CENT)
        and quantity == quantity.quantize(_GRAM)
        and (price * quantity).quantize(_CENT, ROUND_HALF_UP) == line.total
    ):
        return Sale(line.name, letter, price, quantity, Decimal(0))
    return Sale(line.name, letter, line.total, _ONE, Decimal(0))


def _checked(sale: Sale) -> Sale:
    if sale.price < 0 or sale.quantity <= 0 or sale.discount < 0 or sale.discount > sale.price * sale.quantity:
        raise Rejected("E23", sale.name)
    return sale


def _verification(paper: Paper) -> Sequence[PaperLine]:
    """What FDMS wants on paper and the printer does not know: the lines from the last rule before the QR code on."""
    places = [place for place, line in enumerate(paper.lines) if line.qr]
    if not places:
        return ()
    start = places[0]
    while start and set(paper.lines[start - 1].text.strip()) != {"-"}:
        start -= 1
    return paper.lines[start:]
