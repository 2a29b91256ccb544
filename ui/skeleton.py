"""The window before it has its parts: the places where they will stand, so that nothing jumps when they come.

Painted first, so it knows no part, no presenter and no layout; its measures are those of the parts at the usual faces,
and a test holds them against the real ones.
"""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPen

from ui.i18n import translate
from ui.theme import Theme
from ui.widgets.card import SHADOW, paint_card

EDGE, GAP = 8, 2  # px around everything, px between its rows
STRIP, PROGRESS, KEYS = 64, 94, 44  # heights in px of strip, progress and key bar
BAND = 35  # px, the word TRAINING over everything
FEED_LEAST = 360
CARD_ROWS = (136, 120)  # what the cards of the two rows need
DECK_FROM = 430  # height in px below which the charts leave their room to the numbers
_TABS = 34  # px over the deck's card
_BAR = 12  # px, the grey stroke in place of a line of text


class Places(NamedTuple):
    """Rectangles in the window's middle, each with its shadow's room.

    `band` None but in training; `deck` None where there is no room for it.
    """

    band: QRectF | None
    strip: QRectF
    progress: QRectF
    cards: tuple[QRectF, ...]
    deck: QRectF | None
    feed: QRectF
    keys: QRectF


def places(size: QSize, *, training: bool = False) -> Places:
    """Where everything stands in a window of that size."""
    wide = size.width() - 2 * EDGE
    band = QRectF(EDGE, EDGE, wide, BAND) if training else None
    over = EDGE if band is None else band.bottom() + GAP
    strip = QRectF(EDGE + SHADOW, over + 4, wide - 2 * SHADOW, STRIP - 8)
    progress = QRectF(EDGE, over + STRIP, wide, PROGRESS)
    top = progress.bottom() + GAP
    keys = QRectF(EDGE, size.height() - EDGE - KEYS, wide, KEYS)
    high = keys.top() - GAP - top
    feed = max(FEED_LEAST, round(wide / 3))
    left = wide - feed
    with_deck = high >= DECK_FROM
    both = max(sum(CARD_ROWS), round(high * 3 / 7)) if with_deck else high
    first = max(CARD_ROWS[0], round(both / 2))
    quarter = left / 4
    cards = [QRectF(EDGE + i * quarter, top, quarter, first) for i in range(4)]
    cards += [QRectF(EDGE + i * quarter, top + first, quarter * (2 if i == 2 else 1), both - first) for i in range(3)]
    deck = QRectF(EDGE, top + both, left, high - both) if with_deck else None
    return Places(band, strip, progress, tuple(cards), deck, QRectF(EDGE + left, top, feed, high), keys)


def paint_skeleton(painter: QPainter, theme: Theme, size: QSize, *, training: bool = False) -> None:
    """The whole of it, with the one sentence that is true by now; who practises is told so from the first paint."""
    there = places(size, training=training)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    radius = theme.tokens.radii["card"]
    if there.band is not None:
        _paint_band(painter, theme, there.band)
    painter.setPen(QPen(theme.colour("line"), 1))
    painter.setBrush(theme.colour("surface"))
    painter.drawRoundedRect(there.strip.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
    cards = [there.progress, *there.cards, there.feed]
    if there.deck is not None:
        cards.append(there.deck.adjusted(0, _TABS, 0, 0))
    for place in cards:
        paint_card(painter, theme, place)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour("sunken"))
    for place in cards:
        left, top = place.left() + SHADOW + 12, place.top() + SHADOW + 12
        painter.drawRoundedRect(QRectF(left, top, min(112.0, place.width() / 2), _BAR), 4, 4)
    for place in there.cards:
        painter.drawRoundedRect(QRectF(place.left() + SHADOW + 12, place.center().y() - 10, 64, 24), 4, 4)
    for i in range(int(there.keys.width() // 104)):
        painter.drawRoundedRect(QRectF(there.keys.left() + 6 + i * 104, there.keys.top(), 96, KEYS), 8, 8)
    painter.setFont(theme.font("title", strong=True))
    painter.setPen(theme.colour("text"))
    painter.drawText(
        there.strip.adjusted(68, 0, -20, 0),
        Qt.AlignmentFlag.AlignVCenter,
        translate("status", "Starting — reading the till's book"),
    )


def training_words() -> str:
    """Over every page: nobody may take this for a till that sells."""
    return translate("window", "TRAINING — nothing reaches ZIMRA, and no slip is a fiscal receipt")


def _paint_band(painter: QPainter, theme: Theme, place: QRectF) -> None:
    radius = theme.tokens.radii["control"]
    painter.setPen(QPen(theme.colour("attention"), 2, Qt.PenStyle.DashLine))
    painter.setBrush(theme.colour("attentionGround"))
    painter.drawRoundedRect(place.adjusted(1, 1, -1, -1), radius, radius)
    painter.setFont(theme.font("lead", strong=True))
    painter.drawText(place, Qt.AlignmentFlag.AlignCenter, training_words())
