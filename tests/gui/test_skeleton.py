"""The window's first paint: the places of its parts are theirs, and the parts come without a jump."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRectF, QSize
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from ui.ground import Ground
from ui.main_window import MainWindow
from ui.presenters.till_view import TillView
from ui.skeleton import places, training_words
from ui.theme import Theme

SIZES = [(920, 512), (1024, 740), (1280, 800), (1920, 1080)]
NEAR = 3  # px that rounding may take


@pytest.fixture
def bare(qapp: QApplication, theme: Theme) -> Iterator[MainWindow]:
    made = MainWindow(theme, "test", furnished=False)
    yield made
    made.hide()
    made.deleteLater()


@pytest.fixture
def practising(qapp: QApplication, theme: Theme) -> Iterator[MainWindow]:
    made = MainWindow(theme, "test", Ground(training=True), furnished=False)
    yield made
    made.hide()
    made.deleteLater()


def shown(window: MainWindow) -> MainWindow:
    """As a session shows it before the engine has said anything."""
    view = TillView(lambda: 0.0)
    window.show_status(view.status())
    window.show_kpis(view.kpis())
    window.show_progress(view.progress.view)
    QApplication.processEvents()
    return window


def place(part: QWidget, window: MainWindow) -> QRectF:
    at = part.mapTo(window.centralWidget(), QPoint(0, 0))
    return QRectF(at.x(), at.y(), part.width(), part.height())


def apart(one: QRectF, other: QRectF) -> float:
    return max(abs(a - b) for a, b in zip(one.getCoords(), other.getCoords(), strict=True))


@pytest.mark.parametrize("size", SIZES)
def test_the_parts_come_where_their_places_were(bare: MainWindow, size: tuple[int, int]) -> None:
    bare.resize(*size)
    bare.show()
    for _ in bare.furnish():
        pass
    shown(bare)
    there = places(QSize(*size))
    parts = [bare.status, bare.progress, bare.feed, bare.keys, *bare.cards.values()]
    kept = [there.strip, there.progress, there.feed, there.keys, *there.cards]
    moved = [(p.accessibleName(), place(p, bare), k) for p, k in zip(parts, kept, strict=True)]
    assert [one for one in moved if apart(one[1], one[2]) > NEAR] == []
    deck = bare.overview.deck
    assert deck.isVisible() == (there.deck is not None)
    assert there.deck is None or apart(place(deck, bare), there.deck) <= NEAR


@pytest.mark.parametrize("size", SIZES)
def test_who_practises_is_told_in_the_first_paint_and_nothing_jumps(
    practising: MainWindow, theme: Theme, size: tuple[int, int], leave_picture: Callable[[QWidget, str], Path]
) -> None:
    practising.resize(*size)
    practising.show()
    QApplication.processEvents()
    there = places(practising.size(), training=True)
    assert there.band is not None
    ground = practising.grab().toImage().pixelColor(round(there.band.left()) + 20, round(there.band.center().y()))
    assert ground == theme.colour("attentionGround")
    leave_picture(practising, f"start-training-empty-{size[0]}x{size[1]}")
    for _ in practising.furnish():
        pass
    shown(practising)
    leave_picture(practising, f"start-training-furnished-{size[0]}x{size[1]}")
    band = next(one for one in practising.findChildren(QLabel) if one.text() == training_words())
    parts = [band, practising.status, practising.progress, practising.feed, practising.keys]
    kept = [there.band, there.strip, there.progress, there.feed, there.keys]
    for part, was in zip([*parts, *practising.cards.values()], [*kept, *there.cards], strict=True):
        assert apart(place(part, practising), was) <= NEAR, (part.accessibleName(), place(part, practising), was)
    deck = practising.overview.deck
    assert deck.isVisible() == (there.deck is not None)
    assert there.deck is None or apart(place(deck, practising), there.deck) <= NEAR


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_first_paint_shows_the_places_and_the_last_slice_the_parts(
    bare: MainWindow, theme: Theme, scheme: str, leave_picture: Callable[[QWidget, str], Path]
) -> None:
    theme.choose(scheme)  # type: ignore[arg-type]
    said: list[str] = []
    bare.painted.connect(lambda: said.append("painted"))
    bare.show()
    QApplication.processEvents()
    assert said == ["painted"] and bare.is_painted()
    leave_picture(bare, f"start-empty-{scheme}")
    card = places(bare.size()).cards[0].center().toPoint()
    ground = bare.grab().toImage().pixelColor(card.x(), card.y() - 30)
    assert ground == theme.colour("surface")
    slices = 0
    for _ in bare.furnish():
        slices += 1
        QApplication.processEvents()
        # Half a window is never shown: up to the last slice the places stand there.
        assert bare.centralWidget().findChildren(QWidget) == []
    assert slices >= 4
    leave_picture(shown(bare), f"start-furnished-{scheme}")
    assert bare.keys.isVisible() and bare.centralWidget().layout() is not None
