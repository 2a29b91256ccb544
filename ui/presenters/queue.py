"""The waiting list: why receipts wait, how old they are, when the next try is, and each receipt in its place.

Must not know Qt; takes what `waiting.listed` gives.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ui.i18n import translate
from ui.presenters import words
from ui.presenters.receipts import receipt_row


@dataclass(frozen=True)
class QueueView:
    """One device's queue: a state, a sentence, what is known beside it, and what can be done."""

    device: int
    state: str
    sentence: str
    detail: str
    blocked: bool


@dataclass(frozen=True)
class WaitingRow:
    """One receipt that waits."""

    receipt_id: str
    place: str
    number: str
    date: str
    device: str
    amount: str
    tries: str


def queue_views(listed: Mapping[str, Any], now: datetime | None) -> tuple[QueueView, ...]:
    return tuple(_queue(device, now) for device in listed.get("devices") or ())


def _queue(device: Mapping[str, Any], now: datetime | None) -> QueueView:
    number, depth = int(device["deviceID"]), int(device.get("queueDepth") or 0)
    head = (
        translate("queue", "Device {number}: 1 receipt waits").format(number=number)
        if depth == 1
        else translate("queue", "Device {number}: {many} wait").format(
            number=number, many=words.plural(depth, "receipt")
        )
    )
    parts = []
    oldest = words.instant(device.get("oldestQueuedAt"), now.tzinfo if now else None)
    if oldest is not None and now is not None:
        parts.append(translate("queue", "oldest {span}").format(span=words.span((now - oldest).total_seconds())))
    if device.get("blocked"):
        parts.append(translate("queue", "the first one blocks the others"))
        return QueueView(number, "failed", f"{head} — {words.sentence(device['blocked'])}", " · ".join(parts), True)
    if device.get("offlineMode"):
        parts.append(translate("queue", "ZIMRA has set this device to hand over files"))
        return QueueView(
            number, "plain", translate("queue", "{head} for the next file").format(head=head), " · ".join(parts), False
        )
    attention = words.sentence(device.get("attention"))
    next_try = words.instant(device.get("nextTryAt"), now.tzinfo if now else None)
    if next_try is not None and now is not None:
        seconds = (next_try - now).total_seconds()
        parts.append(
            translate("queue", "next try in {span}").format(span=words.span(seconds))
            if seconds >= 1
            else translate("queue", "next try now")
        )
    if not device.get("online"):
        why = attention or translate(
            "queue", "FDMS cannot be reached. Sales go on; receipts go out by themselves later."
        )
        return QueueView(number, "attention", f"{head} — {why}", " · ".join(parts), False)
    return QueueView(
        number,
        "ok",
        translate("queue", "{head}, and is being sent").format(head=head)
        if depth == 1
        else translate("queue", "{head}, and are being sent").format(head=head),
        " · ".join(parts),
        False,
    )


def waiting_row(item: Mapping[str, Any]) -> WaitingRow:
    row, tries = receipt_row(item), int(item.get("attempts") or 0)
    return WaitingRow(
        receipt_id=row.receipt_id,
        place=words.count(int(item.get("place") or 0)),
        number=row.number,
        date=row.date,
        device=row.device,
        amount=row.amount,
        tries=words.count(tries) if tries else translate("queue", "not yet"),
    )
