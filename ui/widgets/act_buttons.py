"""The acts of one page as buttons and a menu, each with its key. Shows actions; decides nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from ui.i18n import translate
from ui.theme import Theme
from ui.widgets.key_bar import KeyButton, KeyEntry


@dataclass(frozen=True)
class PageAct:
    """`group`: in which row it stands, "" in the menu alone; `bound`: the key is the action's own, not a field's."""

    name: str
    key: str
    words: str
    word: str
    group: str = ""
    bound: bool = True


class ActButtons:
    """Actions that work while the keyboard is anywhere in their page."""

    def __init__(self, theme: Theme, page: QWidget, acts: Sequence[PageAct], do: Callable[[str], None]) -> None:
        self._theme, self._page = theme, page
        self.actions: dict[str, QAction] = {}
        self.buttons: dict[str, KeyButton] = {}
        self._groups: dict[str, QWidget] = {}
        for act in acts:
            action = QAction(translate("sale_keys", act.words), page)
            if act.bound:
                action.setShortcut(QKeySequence(act.key))
                action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            action.triggered.connect(self._doing(do, act.name))
            page.addAction(action)
            self.actions[act.name] = action
            if act.group:
                self._button(act, action)
        self.menu = QMenu(translate("act_buttons", "More"), page)
        self.menu.setAccessibleName(translate("act_buttons", "More"))
        for act in acts:
            if not act.group:
                self.menu.addAction(self.actions[act.name])

    def of(self, group: str) -> QWidget:
        """The row of a group's buttons."""
        if group not in self._groups:
            row = QWidget()
            line = QHBoxLayout(row)
            line.setContentsMargins(0, 0, 0, 0)
            line.setSpacing(self._theme.tokens.space["2"])
            self._groups[group] = row
        return self._groups[group]

    def open_menu(self, anchor: str) -> None:
        """Below a button, without a nested loop."""
        button = self.buttons[anchor]
        self.menu.popup(button.mapToGlobal(QPoint(0, button.height() + 2)))

    def allow(self, **states: bool) -> None:
        for name, state in states.items():
            self.actions[name].setEnabled(state)

    def set_narrow(self, narrow: bool) -> None:
        """Without the key caps where there is no room; the tips have them still."""
        for button in self.buttons.values():
            button.show_cap(not narrow)

    def _button(self, act: PageAct, action: QAction) -> None:
        button = _ActButton(self._theme, KeyEntry(action, act.key, translate("sale_keys", act.word), 0))
        self.buttons[act.name] = button
        row = self.of(act.group).layout()
        if row is not None:
            row.addWidget(button)

    @staticmethod
    def _doing(do: Callable[[str], None], name: str) -> Callable[[], None]:
        return lambda: do(name)


class _ActButton(KeyButton):
    """A key button that can leave its cap away; what it says stands in its middle."""

    def __init__(self, theme: Theme, entry: KeyEntry) -> None:
        super().__init__(theme, entry)
        row = self.layout()
        if isinstance(row, QHBoxLayout):
            row.insertStretch(0, 1)
            row.addStretch(1)

    def show_cap(self, shown: bool) -> None:
        layout = self.layout()
        item = layout.itemAt(1) if layout else None
        cap = item.widget() if item else None
        if cap is not None and cap.isVisibleTo(self) != shown:
            cap.setVisible(shown)
            self.updateGeometry()
