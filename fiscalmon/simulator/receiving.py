"""submitReceipt's work (Gateway v7.2 §13, §14): find the receipt's place, judge it, sign and store it.

The rules themselves are the domain's rulebook. Everything that is well-formed and comes in an open day is stored.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

import msgspec

from fiscalmon.domain.canonical import receipt_parts, receipt_server_parts
from fiscalmon.domain.fiscal_day import allows
from fiscalmon.domain.gateway import Acknowledgement, ServerSignature, ValidationError
from fiscalmon.domain.localtime import local_text
from fiscalmon.domain.receipt import NoteReference, Receipt, SignatureData
from fiscalmon.domain.rulebook import GREY, Finding, Original, Situation, judge, judge_position

from .authority import Authority
from .book import Book, Place
from .csr import PublicKey
from .ledger import Ledger
from .problems import refused
from .records import Day, Held
from .rounding import judge_rounded
from .signatures import signed, signed_hash

CHAIN_RULES = frozenset(("RCPT011", "RCPT012", "RCPT030", "RCPT020"))


class Standing(msgspec.Struct, frozen=True):
    """Where a receipt stands: after `previous`, in a gap (`missing`), or where another stands already (`reused`).

    `link` is the receipt of the same day whose hash is signed with it, None for a day's first.
    """

    previous: Place | None
    link: Place | None
    missing: bool = False
    reused: bool = False


class Receiving:
    """Called from one thread; each call is one transaction."""

    def __init__(self, ledger: Ledger, authority: Authority) -> None:
        self._ledger = ledger
        self._authority = authority

    def submit(self, book: Book, receipt: Receipt) -> Acknowledgement:
        """FDMS's answer. Raises Problem RCPT01 or RCPT02; then nothing is stored."""
        return self._acknowledge(self._take(book, receipt, signs=True))

    def import_offline(self, book: Book, receipt: Receipt) -> None:
        """A receipt out of a file: judged alike, but FDMS does not sign it (§17). One stored before is skipped."""
        self._take(book, receipt, signs=False)

    def _take(self, book: Book, receipt: Receipt, *, signs: bool) -> Held:
        device_id, archive = book.device.device_id, self._ledger.archive.receipts
        signature = receipt.signature
        if signature is None:
            raise refused("RCPT02", "receiptDeviceSignature is missing.")
        if any(line.no != index for index, line in enumerate(receipt.lines, 1)):
            raise refused("RCPT02", "receiptLineNo must count the lines from 1.")
        known = archive.by_hash(device_id, receipt.global_no, signature.hash)
        if known is not None:
            return known
        day = book.day
        if day is None or not allows(day.status, "receipt"):
            raise refused("RCPT01", f"Receipts are not accepted while the fiscal day is {book.status}.")
        standing = self._standing(book, day, receipt)
        original_id, original = self._original(book, receipt)
        situation = self._situation(book, day, receipt, standing, original)
        judged = judge_rounded(judge(receipt, situation), receipt, self._ledger.settings.rounding)
        errors = self._settle(judged, day, receipt)
        held = self._entry(book, day, receipt, original_id, errors)
        if signs:
            held = self._seal(held, signature)
        rechecked = None if standing.reused else self._recheck(book, day, Place.of(held))
        self._ledger.add_receipt(book, held, receipt, rechecked)
        return held

    def _standing(self, book: Book, day: Day, receipt: Receipt) -> Standing:
        archive, device_id, chain = self._ledger.archive.receipts, book.device.device_id, book.chain
        counter, tail = receipt.counter, chain.tail
        if tail is not None and counter == tail.counter + 1:
            return Standing(tail, tail)
        link = self._place(device_id, day, counter - 1) if counter > 1 else None
        if counter < 1 or (tail is not None and counter <= tail.counter and self._place(device_id, day, counter)):
            return Standing(tail or chain.before, link, reused=True)
        if counter == 1:
            return Standing(chain.before, None)
        if link is not None:
            return Standing(link, link)
        number_used = archive.by_number(device_id, day.no, receipt.global_no) is not None
        return Standing(None, None, missing=True, reused=number_used)

    def _place(self, device_id: int, day: Day, counter: int) -> Place | None:
        held = self._ledger.archive.receipts.at_counter(device_id, day.no, counter)
        return None if held is None else Place.of(held)

    def _situation(
        self, book: Book, day: Day, receipt: Receipt, standing: Standing, original: Original | None
    ) -> Situation:
        ledger, previous = self._ledger, standing.previous
        # A day's first receipt follows the last of the day before: its counter starts anew, number and date run on.
        first = previous is not None and previous is book.chain.before
        keys = ledger.certificates.keys(book.device.device_id)
        return Situation(
            config=book.config,
            day_opened=day.opened,
            previous_counter=0 if first or previous is None else previous.counter,
            previous_global_no=0 if previous is None else previous.global_no,
            previous_date="" if previous is None else previous.date,
            previous_missing=standing.missing,
            latest_date=ledger.clock.local(ledger.settings.future_tolerance),
            global_no_taken=standing.missing and standing.reused,
            invoice_no_taken=ledger.archive.receipts.invoice_taken(book.taxpayer.taxpayer_id, receipt.invoice_no),
            original=original,
            signature_valid=self._signed(book, receipt, standing, keys),
            per_line_rounding=ledger.settings.per_line_rounding,
        )

    def _signed(self, book: Book, receipt: Receipt, standing: Standing, keys: Iterable[PublicKey]) -> bool:
        given = receipt.signature
        if given is None:
            return False
        if standing.missing:
            return signed_hash(given, keys)
        # A counter that was used before: the receipt before it, or the last one, may be meant as the one it follows.
        links = {standing.link, standing.previous} if standing.reused else {standing.link}
        hashes = {None if link is None else link.hash for link in links}
        tried = tuple(keys)
        return any(signed(receipt_parts(book.device.device_id, receipt, link), given, tried) for link in hashes)

    def _settle(self, findings: list[Finding], day: Day, receipt: Receipt) -> tuple[ValidationError, ...]:
        """One error a rule, as FDMS reports them, with the settings' say."""
        settings = self._ledger.settings
        errors: dict[str, ValidationError] = {}
        for finding in findings:
            if finding.code == "RCPT014" and not settings.strict_opening and receipt.date == day.opened:
                continue
            color = settings.grey if finding.color == GREY else finding.color
            errors.setdefault(finding.code, ValidationError(finding.code, color, finding.advice))
        return tuple(errors.values())

    def _original(self, book: Book, receipt: Receipt) -> tuple[int | None, Original | None]:
        """The receipt that a note names, of whichever device of the taxpayer, with what is left of it (§13.7)."""
        if receipt.type == "FiscalInvoice" or receipt.reference is None:
            return None, None
        held = self._named(receipt.reference)
        if held is None or held.taxpayer_id != book.taxpayer.taxpayer_id:
            return None, None
        notes = self._ledger.archive.receipts.notes_on(held.receipt_id)
        balance = sum([Decimal(total) for total in notes], held.amount)
        body = held.receipt
        taxes = frozenset([(line.tax_id, line.tax_percent) for line in body.lines])
        return held.receipt_id, Original(held.date, held.currency, taxes, balance)

    def _named(self, reference: NoteReference) -> Held | None:
        archive = self._ledger.archive.receipts
        if reference.receipt_id is not None:
            return archive.by_id(reference.receipt_id)
        device_id, number, day_no = reference.device_id, reference.receipt_global_no, reference.fiscal_day_no
        if device_id is None or number is None or day_no is None:
            return None
        return archive.by_number(device_id, day_no, number)

    def _entry(
        self,
        book: Book,
        day: Day,
        receipt: Receipt,
        original_id: int | None,
        errors: tuple[ValidationError, ...],
    ) -> Held:
        """The receipt as it will be stored, not yet signed by FDMS."""
        return Held(
            receipt_id=self._ledger.next_receipt_id,
            device_id=book.device.device_id,
            taxpayer_id=book.taxpayer.taxpayer_id,
            day_no=day.no,
            counter=receipt.counter,
            global_no=receipt.global_no,
            type=receipt.type,
            currency=receipt.currency,
            total=str(receipt.total),
            invoice_no=receipt.invoice_no,
            date=receipt.date,
            hash="" if receipt.signature is None else receipt.signature.hash,
            original_id=original_id,
            server_date=local_text(self._ledger.clock.now()),
            server_hash="",
            server_signature="",
            thumbprint="",
            errors=msgspec.json.encode(errors),
            body=msgspec.json.encode(receipt),
        )

    def _seal(self, held: Held, signature: SignatureData) -> Held:
        """With FDMS's signature over what it received (§18.3)."""
        sealed = self._authority.sign(receipt_server_parts(signature.signature, held.receipt_id, held.server_date))
        return msgspec.structs.replace(
            held, server_hash=sealed.hash, server_signature=sealed.signature, thumbprint=sealed.thumbprint
        )

    def _acknowledge(self, held: Held) -> Acknowledgement:
        """The stored answer. A receipt that came in a file is signed when it is asked for online."""
        signature = held.receipt.signature if not held.server_hash else None
        if signature is not None:
            held = self._seal(held, signature)
        return Acknowledgement(
            held.receipt_id,
            held.server_date,
            ServerSignature(held.server_hash, held.server_signature, held.thumbprint),
            held.validation_errors or None,
        )

    def _recheck(self, book: Book, day: Day, filled: Place) -> tuple[int, bytes] | None:
        """The successor's errors by the chain rules, now that its predecessor has come (§14); None without one."""
        tail = book.chain.tail
        if tail is None or tail.counter <= filled.counter:
            return None
        held = self._ledger.archive.receipts.at_counter(book.device.device_id, day.no, filled.counter + 1)
        if held is None:
            return None
        receipt = held.receipt
        keys = self._ledger.certificates.keys(book.device.device_id, revoked=True)
        standing = Standing(filled, filled)
        situation = Situation(
            config=book.config,
            day_opened=day.opened,
            previous_counter=filled.counter,
            previous_global_no=filled.global_no,
            previous_date=filled.date,
            signature_valid=self._signed(book, receipt, standing, keys),
        )
        found = [finding for finding in judge_position(receipt, situation) if finding.code in CHAIN_RULES]
        kept = [error for error in held.validation_errors if error.code not in CHAIN_RULES]
        errors = kept + list(self._settle(found, day, receipt))
        return held.receipt_id, msgspec.json.encode(sorted(errors, key=lambda error: error.code))
