"""Two parts of the way out of a stuck day: the facts side by side, and the acts to choose from.

Show values of presenters/stuck.py; decide nothing.
"""

from __future__ import annotations

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QLayout, QRadioButton, QVBoxLayout, QWidget

from ui.i18n import translate
from ui.presenters.stuck import ActChoice, FactRow, StuckView
from ui.theme import Theme
from ui.widgets.labels import plain, set_property, show_text


class SideBySide(QWidget):
    """What this till and FDMS say of the day; what differs is marked."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(theme.tokens.space["4"])
        self._grid.setVerticalSpacing(theme.tokens.space["1"])
        for place, stretch in enumerate((0, 1, 1, 0)):
            self._grid.setColumnStretch(place, stretch)
        self._grid.setColumnMinimumWidth(0, 150)
        self._device = plain(role="muted", wrap=True)
        self._trouble = plain(wrap=True)
        set_property(self._trouble, "state", "attention")
        self._trouble.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(self._grid)
        column.addWidget(self._device)
        column.addWidget(self._trouble)

    def show_facts(self, view: StuckView) -> None:
        _clear(self._grid)
        for place, title in enumerate(("", translate("stuck_parts", "This till"), "FDMS", "")):
            self._grid.addWidget(plain(title, "small"), 0, place)
        for row, fact in enumerate(view.facts, 1):
            self._fact(row, fact)
        show_text(self._device, translate("stuck_parts", "Device: {device}").format(device=view.device))
        show_text(
            self._trouble,
            translate("stuck_parts", "FDMS says nothing: {trouble}").format(trouble=view.trouble)
            if view.trouble
            else "",
        )
        self._trouble.setVisible(bool(view.trouble))

    def _fact(self, row: int, fact: FactRow) -> None:
        self._grid.addWidget(plain(fact.name, "muted"), row, 0)
        for place, text in ((1, fact.books), (2, fact.fdms)):
            label = plain(text, wrap=True)
            label.setProperty("state", "failed" if fact.differs else "")
            self._grid.addWidget(label, row, place)
        if fact.differs:
            chip = plain("differs", "chip")
            chip.setProperty("state", "failed")
            self._grid.addWidget(chip, row, 3)


class _Choice(QRadioButton):
    """The whole row takes a finger, not the dot alone."""

    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)


class ActList(QWidget):
    """The legal acts with what each sends. `chose` when one is taken."""

    chose = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._least = theme.tokens.target - 12
        self._acts: tuple[ActChoice, ...] = ()
        self.group = QButtonGroup(self)
        self.group.idClicked.connect(lambda _: self.chose.emit())
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)

    def show_acts(self, acts: tuple[ActChoice, ...]) -> None:
        """What was chosen before is forgotten."""
        for button in self.group.buttons():
            self.group.removeButton(button)
        _clear(self._column)
        self._acts = acts
        for place, act in enumerate(acts):
            button = _Choice(act.text)
            button.setAccessibleName(act.text)
            button.setEnabled(bool(act.name))
            button.setMinimumHeight(self._least)
            self.group.addButton(button, place)
            self._column.addWidget(button)
            note = plain(
                translate("stuck_parts", "Sends: {sends}").format(sends=act.sends)
                if act.name
                else translate("stuck_parts", "Only people can do this."),
                "muted",
                wrap=True,
            )
            note.setContentsMargins(28, 0, 0, 4)
            self._column.addWidget(note)
        if not acts:
            self._column.addWidget(plain(translate("stuck_parts", "There is nothing to do."), "muted"))

    def chosen(self) -> ActChoice | None:
        """The act that is chosen, if it is one this till can do."""
        place = self.group.checkedId()
        return self._acts[place] if 0 <= place < len(self._acts) and self._acts[place].name else None


def _clear(layout: QLayout) -> None:
    while (item := layout.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()
