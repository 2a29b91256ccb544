"""The sale in progress: which receipt the bar follows and how far it has really come.

Follows one receipt to its end, then the newest under way, so that a busy till stays readable. Never ahead of
a stage the engine has reported. Must not know Qt; seconds of a monotonic clock are arguments.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ui.i18n import QT_TRANSLATE_NOOP, translate
from ui.presenters import words

STAGES = (
    (0, QT_TRANSLATE_NOOP("progress", "Validating")),
    (20, QT_TRANSLATE_NOOP("progress", "Building canonical")),
    (40, QT_TRANSLATE_NOOP("progress", "Signing")),
    (60, QT_TRANSLATE_NOOP("progress", "Sending to FDMS")),
    (80, QT_TRANSLATE_NOOP("progress", "Verifying")),
    (100, QT_TRANSLATE_NOOP("progress", "Completed")),
)
PARKED = 60  # where a receipt waits for FDMS
HOLD = 0.3  # seconds a finished receipt stays before the next one is shown
PATIENCE = 3.0  # seconds without news after which a newer receipt may take the bar
AWAITED = 120.0  # seconds an answer of FDMS may take; its own time-out is shorter
_KEPT = 64  # receipts under way, and finished ones remembered, at most


@dataclass(frozen=True)
class ProgressView:
    """`state`: "idle", "running", "done", "waiting", "failed". `percent`: of a reported stage, 0 to 100."""

    state: str = "idle"
    receipt_id: str = ""
    title: str = field(default_factory=lambda: translate("progress", "No sale in progress"))
    percent: int = 0
    note: str = field(default_factory=lambda: translate("progress", "The next sale shows here, stage by stage"))
    elapsed: str = ""

    @property
    def stage(self) -> int:
        """Index into STAGES of the stage reached; -1 when idle."""
        if self.state == "idle":
            return -1
        return max(i for i, (percent, _) in enumerate(STAGES) if percent <= self.percent)

    def spoken(self) -> str:
        if self.state == "idle":
            return self.title
        return (
            translate("progress", "{title}: {stage}, {percent} per cent. {note}")
            .format(
                title=self.title,
                stage=translate("progress", STAGES[self.stage][1]),
                percent=self.percent,
                note=self.note,
            )
            .strip()
        )


class Progress:
    """Folds receipt messages into one ProgressView."""

    def __init__(self) -> None:
        self.view = ProgressView()
        self._under_way: OrderedDict[str, tuple[ProgressView, float]] = OrderedDict()
        self._finished: deque[str] = deque(maxlen=_KEPT)
        self._parked: deque[str] = deque(maxlen=_KEPT)
        self._heard = 0.0

    def stage(self, data: Mapping[str, Any], now: float) -> None:
        """A receipt.progress message's data."""
        receipt = str(data.get("receiptId") or data.get("saleId") or "")
        if not receipt or receipt in self._finished:
            return
        percent = min(100, max(0, int(data.get("percent") or 0)))
        if receipt in self._parked:
            if percent <= PARKED:
                return  # tried once more: it waits for FDMS until something has come of it
            self._parked.remove(receipt)
        known = self._known(receipt)
        if known is not None and percent < known.percent:
            return  # an old word; a bar that runs back tells a lie
        elapsed = data.get("elapsedMs")
        view = ProgressView(
            "done" if percent >= 100 else "running",
            receipt,
            _title(data) or (known.title if known else translate("progress", "Sale")),
            percent,
            _doing(percent),
            words.milliseconds(elapsed) if elapsed is not None else "",
        )
        self._take(view, now)

    def settled(self, kind: str, data: Mapping[str, Any], now: float) -> None:
        """The data of receipt.completed, receipt.failed or receipt.queued."""
        receipt = str(data.get("receiptId") or "")
        if not receipt:
            return
        known = self._known(receipt)
        title = _title(data) or (known.title if known else translate("progress", "Sale"))
        latency = data.get("latencyMs")
        elapsed = (
            known.elapsed if known and known.elapsed else (words.milliseconds(latency) if latency is not None else "")
        )
        if kind == "receipt.completed":
            view = ProgressView("done", receipt, title, 100, translate("progress", "Accepted by FDMS"), elapsed)
        elif kind == "receipt.failed":
            view = ProgressView("failed", receipt, title, known.percent if known else PARKED, refusal(data), elapsed)
        else:
            view = ProgressView(
                "waiting", receipt, title, PARKED, translate("progress", "Signed and kept; waiting for FDMS"), ""
            )
        if known is None and view.receipt_id != self.view.receipt_id and self._busy(now):
            if view.state != "waiting":
                self._finish(receipt)
            return
        self._take(view, now)

    def tick(self, now: float) -> None:
        """Moves on to the newest receipt under way once the shown one has had its time.

        Before it is sent a sale takes milliseconds: one that stands there was refused, and nobody says so here.
        """
        for receipt in [r for r, (view, heard) in self._under_way.items() if now - heard > _patience(view)]:
            del self._under_way[receipt]
            if receipt == self.view.receipt_id:
                self._show(ProgressView(), now)
        if not self._under_way or self._busy(now):
            return
        receipt, (view, _) = next(reversed(self._under_way.items()))
        if receipt != self.view.receipt_id:
            self._show(view, now)

    def pending(self) -> bool:
        """Whether another receipt is waiting for the bar, so that `tick` is worth calling soon."""
        return any(receipt != self.view.receipt_id for receipt in self._under_way)

    def _known(self, receipt: str) -> ProgressView | None:
        if self.view.receipt_id == receipt:
            return self.view
        view, _ = self._under_way.get(receipt, (None, 0.0))
        return view

    def _busy(self, now: float) -> bool:
        age = now - self._heard
        return (self.view.state == "running" and age < PATIENCE) or (
            self.view.state in ("done", "failed", "waiting") and age < HOLD
        )

    def _take(self, view: ProgressView, now: float) -> None:
        if view.state == "running":
            self._under_way[view.receipt_id] = (view, now)
            self._under_way.move_to_end(view.receipt_id)
            while len(self._under_way) > _KEPT:
                self._under_way.popitem(last=False)
        elif view.state == "waiting":
            self._under_way.pop(view.receipt_id, None)  # may still be sent: not finished
            if view.receipt_id not in self._parked:
                self._parked.append(view.receipt_id)
        else:
            self._finish(view.receipt_id)
        if view.receipt_id == self.view.receipt_id or not self._busy(now):
            self._show(view, now)

    def _finish(self, receipt: str) -> None:
        self._under_way.pop(receipt, None)
        if receipt not in self._finished:
            self._finished.append(receipt)

    def _show(self, view: ProgressView, now: float) -> None:
        self.view = replace(view)
        self._heard = now


def _patience(view: ProgressView) -> float:
    """How long a sale may be without news and still count as under way."""
    return PATIENCE if view.percent < PARKED else AWAITED


def refusal(data: Mapping[str, Any]) -> str:
    """Why a receipt was refused, its code first: "RCPT012 — the number is not the next one"."""
    errors = data.get("validationErrors") or ()
    if not errors:
        return words.sentence(data.get("reason")) or translate("progress", "Refused by FDMS")
    first = errors[0]
    code, advice = words.sentence(first.get("code")), words.sentence(first.get("advice"))
    more = translate("progress", " (and {more} more)").format(more=len(errors) - 1) if len(errors) > 1 else ""
    return " — ".join(part for part in (code, advice) if part) + more


def _doing(percent: int) -> str:
    return translate("progress", "Accepted by FDMS") if percent >= 100 else ""


def _title(data: Mapping[str, Any]) -> str:
    number, invoice = data.get("receiptGlobalNo"), words.sentence(data.get("invoiceNo"))
    named = (
        translate("progress", "Receipt {number}").format(number=words.count(int(number))) if number is not None else ""
    )
    return " · ".join(part for part in (named, invoice) if part)
