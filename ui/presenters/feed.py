"""The activity feed: one sentence an event, newest first, repeats folded into one row.

Must not know Qt. `Feed.add` answers with what changed, so that a model can follow row by row.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from types import MappingProxyType
from typing import Any

from ui.i18n import QT_TRANSLATE_NOOP, translate
from ui.presenters import words
from ui.presenters.progress import refusal

LIMIT = 100_000  # rows kept; what is older stands in the log
_LOOK_BACK = 4  # rows among which a repeat is looked for


@dataclass(frozen=True)
class FeedRow:
    """One line. `state`: "ok", "plain", "attention", "failed".

    `times` > 1 means that so many of the same `fold` stand here, since `first`; `many` is then the sentence.
    """

    at: datetime | None
    icon: str
    state: str
    sentence: str
    detail: str = ""
    amount: str = ""
    fold: str = ""
    many: str = ""
    times: int = 1
    first: datetime | None = None
    receipt: str = ""  # its id, for what is about one receipt

    @property
    def time(self) -> str:
        return words.clock(self.at)

    @property
    def note(self) -> str:
        """The second line: the detail, or how often and when it repeated."""
        if self.times == 1:
            return self.detail
        begun, now = words.clock(self.first, seconds=False), words.clock(self.at, seconds=False)
        between = "" if begun == now else f"{begun}–{now}"
        often = (
            between
            if self.many
            else ", ".join(p for p in (translate("feed", "{times} times").format(times=self.times), between) if p)
        )
        return " · ".join(part for part in (often, self.detail) if part)

    def holds(self, text: str) -> bool:
        """Whether the text, in small letters, stands in what the row says."""
        return text in f"{self.sentence} {self.detail} {self.amount}".casefold()

    def spoken(self) -> str:
        return ". ".join(part for part in (self.time, self.sentence, self.amount, self.note) if part)


@dataclass(frozen=True)
class Change:
    """Row `removed` (index, None for none) went away, then `row` came on top."""

    removed: int | None
    row: FeedRow


class Feed:
    """Rows newest first, at most LIMIT."""

    def __init__(self) -> None:
        self.rows: list[FeedRow] = []

    def add(
        self, kind: str, at: object, device: int | None, data: Mapping[str, Any], zone: tzinfo | None
    ) -> Change | None:
        """One lasting event; None if it is of a kind the feed has no sentence for."""
        made = row_of(kind, device, data)
        if made is None:
            return None
        row = replace(made, at=words.instant(at, zone), receipt=str(data.get("receiptId") or ""))
        removed = self._repeat_of(row)
        if removed is not None:
            old = self.rows.pop(removed)
            times = old.times + 1
            row = replace(row, times=times, first=old.first or old.at, amount="")
            if row.many:
                row = replace(row, sentence=row.many.format(times=times))
        self.rows.insert(0, row)
        del self.rows[LIMIT:]
        return Change(removed, row)

    def _repeat_of(self, row: FeedRow) -> int | None:
        if not row.fold:
            return None
        return next((i for i, old in enumerate(self.rows[:_LOOK_BACK]) if old.fold == row.fold), None)


def row_of(kind: str, device: int | None, data: Mapping[str, Any]) -> FeedRow | None:
    """An event's row without its time; None if the feed has no sentence for its kind."""
    maker = _SENTENCES.get(kind)
    return maker(data, device) if maker else None


def _where(data: Mapping[str, Any], device: int | None) -> str:
    number = data.get("deviceID", device)
    return translate("feed", "device {number}").format(number=number) if number is not None else ""


def _join(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def _receipt(data: Mapping[str, Any]) -> str:
    kind = {"CreditNote": translate("feed", "Credit note"), "DebitNote": translate("feed", "Debit note")}.get(
        str(data.get("receiptType")), translate("feed", "Receipt")
    )
    number = data.get("receiptGlobalNo")
    return f"{kind} {words.count(int(number))}" if number is not None else kind


def _amount(data: Mapping[str, Any]) -> str:
    if data.get("receiptTotal") is None:
        return ""
    return f"{words.sentence(data.get('receiptCurrency'))} {words.money(data['receiptTotal'])}".strip()


def _completed(data: Mapping[str, Any], device: int | None) -> FeedRow:
    latency = data.get("latencyMs")
    detail = _join(
        words.sentence(data.get("invoiceNo")),
        _where(data, device),
        words.milliseconds(latency) if latency is not None else "",
    )
    if data.get("validationErrors"):
        return FeedRow(
            None,
            "attention",
            "attention",
            translate("feed", "{receipt} accepted with a remark").format(receipt=_receipt(data)),
            f"{refusal(data)} · {detail}",
            _amount(data),
        )
    return FeedRow(
        None, "ok", "ok", translate("feed", "{receipt} accepted").format(receipt=_receipt(data)), detail, _amount(data)
    )


def _failed(data: Mapping[str, Any], device: int | None) -> FeedRow:
    return FeedRow(
        None,
        "failed",
        "failed",
        translate("feed", "{receipt} refused").format(receipt=_receipt(data)),
        _join(refusal(data), words.sentence(data.get("invoiceNo")), _where(data, device)),
        _amount(data),
    )


def _queued(data: Mapping[str, Any], device: int | None) -> FeedRow:
    reason = words.sentence(data.get("reason")) or translate("feed", "FDMS cannot be reached")
    return FeedRow(
        None,
        "offline",
        "attention",
        translate("feed", "{receipt} waits: {reason}").format(receipt=_receipt(data), reason=reason),
        _join(translate("feed", "signed and kept, goes out by itself"), _where(data, device)),
        _amount(data),
        fold=f"queued {reason}",
        many=translate("feed", "{times} receipts wait: ") + reason.replace("{", "(").replace("}", ")"),
    )


def _totals(data: Mapping[str, Any]) -> list[str]:
    totals = data.get("totals") or {}
    return [f"{words.sentence(currency)} {words.money(amount)}" for currency, amount in totals.items()]


def _opened(data: Mapping[str, Any], device: int | None) -> FeedRow:
    return FeedRow(
        None,
        "day",
        "plain",
        translate("feed", "Day {day} opened").format(day=data.get("fiscalDayNo")),
        _where(data, device),
    )


def _closed(data: Mapping[str, Any], device: int | None) -> FeedRow:
    totals, receipts = _totals(data), data.get("receipts")
    detail = _join(
        words.plural(int(receipts), "receipt") if receipts is not None else "",
        *totals[1:],
        _where(data, device),
    )
    return FeedRow(
        None,
        "day",
        "ok",
        translate("feed", "Day {day} closed").format(day=data.get("fiscalDayNo")),
        detail,
        totals[0] if totals else "",
    )


def _close_failed(data: Mapping[str, Any], device: int | None) -> FeedRow:
    code = words.sentence(data.get("errorCode"))
    return FeedRow(
        None,
        "failed",
        "failed",
        translate("feed", "Day {day} did not close").format(day=data.get("fiscalDayNo"))
        + (f": {code}" if code else ""),
        _join(words.sentence(data.get("advice")) or translate("feed", "press F7 to see why"), _where(data, device)),
    )


def _device(state: str, icon: str, text: str) -> Callable[[Mapping[str, Any], int | None], FeedRow]:
    def make(data: Mapping[str, Any], device: int | None) -> FeedRow:
        reason, who = words.sentence(data.get("reason")), _where(data, device)
        subject = who[:1].upper() + who[1:] if who else translate("feed", "A device")
        told = translate("feed", text).format(device=subject)
        return FeedRow(None, icon, state, told, reason, fold=f"{text} {who} {reason}")

    return make


def _certificate(data: Mapping[str, Any], device: int | None) -> FeedRow:
    days, who = data.get("daysLeft"), _where(data, device)
    if days is not None and int(days) <= 0:
        return FeedRow(
            None,
            "failed",
            "failed",
            translate("feed", "The certificate has expired"),
            _join(translate("feed", "renew it to sell again"), who),
            fold=f"certificate {who}",
        )
    left = (
        translate("feed", "The certificate ends in {many}").format(many=words.plural(int(days), "day"))
        if days is not None
        else translate("feed", "The certificate ends soon")
    )
    return FeedRow(
        None,
        "attention",
        "attention",
        left,
        _join(translate("feed", "renew it"), who),
        fold=f"certificate {who}",
    )


def _drift(data: Mapping[str, Any], device: int | None) -> FeedRow:
    seconds = data.get("seconds")
    return FeedRow(
        None,
        "waiting",
        "attention",
        translate("feed", "The clock differs from FDMS by {span}").format(span=words.span(abs(float(seconds))))
        if seconds is not None
        else translate("feed", "The clock differs from FDMS"),
        _join(translate("feed", "set the clock"), _where(data, device)),
        fold="clock",
    )


def _alert(data: Mapping[str, Any], device: int | None) -> FeedRow:
    grave = bool(data.get("grave"))
    title = words.sentence(data.get("title")) or translate("feed", "Something is wrong")
    icon = "failed" if grave else "attention"
    return FeedRow(
        None,
        icon,
        icon,
        translate("feed", "Alert: {title}").format(title=title),
        words.sentence(data.get("reason")) or _where(data, device),
    )


def _alert_over(data: Mapping[str, Any], device: int | None) -> FeedRow:
    title = words.sentence(data.get("title")) or translate("feed", "What was wrong")
    return FeedRow(
        None,
        "ok",
        "ok",
        translate("feed", "Over: {title}").format(title=title),
        words.sentence(data.get("reason")) or _where(data, device),
    )


def _alert_seen(data: Mapping[str, Any], device: int | None) -> FeedRow:
    title = words.sentence(data.get("title")) or translate("feed", "an alert")
    by = words.sentence(data.get("by")) or translate("feed", "Somebody")
    return FeedRow(
        None,
        "ok",
        "plain",
        translate("feed", "{by} looks after it: {title}").format(by=by, title=title),
        _where(data, device),
    )


def _printer(data: Mapping[str, Any], device: int | None) -> FeedRow:
    name = words.sentence(data.get("printer")) or translate("feed", "A printer")
    told = translate("feed", "Printer {name} wants somebody").format(name=name)
    advice = words.sentence(data.get("advice"))
    return FeedRow(None, "attention", "attention", told, _join(advice, _where(data, device)), fold=f"{name} {advice}")


def _printer_ok(data: Mapping[str, Any], device: int | None) -> FeedRow:
    name = words.sentence(data.get("printer")) or translate("feed", "A printer")
    return FeedRow(
        None, "ok", "ok", translate("feed", "Printer {name} prints again").format(name=name), _where(data, device)
    )


def _of_the_till(state: str, text: str, act: str) -> Callable[[Mapping[str, Any], int | None], FeedRow]:
    def make(data: Mapping[str, Any], device: int | None) -> FeedRow:
        why = words.sentence(data.get("reason")) or translate("feed", act)
        return FeedRow(None, state, state, translate("feed", text), why, fold=text)

    return make


_SENTENCES: Mapping[str, Callable[[Mapping[str, Any], int | None], FeedRow]] = MappingProxyType(
    {
        "receipt.completed": _completed,
        "receipt.failed": _failed,
        "receipt.queued": _queued,
        "fiscal.opened": _opened,
        "fiscal.closed": _closed,
        "fiscal.close_failed": _close_failed,
        "device.online": _device("ok", "ok", QT_TRANSLATE_NOOP("feed", "{device} reaches FDMS again")),
        "device.offline": _device("attention", "offline", QT_TRANSLATE_NOOP("feed", "{device} has lost FDMS")),
        "device.attention": _device("attention", "attention", QT_TRANSLATE_NOOP("feed", "{device} needs attention")),
        "certificate.expiring": _certificate,
        "clock.drift": _drift,
        "printer.attention": _printer,
        "printer.ok": _printer_ok,
        "disk.low": _of_the_till(
            "attention",
            QT_TRANSLATE_NOOP("feed", "The disk is nearly full"),
            QT_TRANSLATE_NOOP("feed", "make room on it"),
        ),
        "integrity.failed": _of_the_till(
            "failed",
            QT_TRANSLATE_NOOP("feed", "The books failed a check"),
            QT_TRANSLATE_NOOP("feed", "stop selling and call support"),
        ),
        "backup.failed": _of_the_till(
            "attention",
            QT_TRANSLATE_NOOP("feed", "The backup failed"),
            QT_TRANSLATE_NOOP("feed", "see the settings, backup"),
        ),
        "alert.raised": _alert,
        "alert.resolved": _alert_over,
        "alert.acknowledged": _alert_seen,
    }
)
