"""How a step of the first run looks: the list of steps, the questions of the open one, facts, buttons. Asks nobody."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QListWidget, QListWidgetItem, QScrollArea, QWidget

from ui.dialogs.sheet import push_button
from ui.i18n import translate
from ui.theme import Theme
from ui.widgets.card import Card
from ui.widgets.facts import FactsView
from ui.widgets.form import Form, Question
from ui.widgets.labels import plain, set_property, show_text
from ui.wizard.steps import Facts, Field, Step
from ui.wizard.walk import Walk

_RAIL, _RAIL_WIDEST = 240, 300  # px for the list of steps; the more, the longer its words
_RAIL_ROW = 36


class Stage(QWidget):
    """`entered`: Enter in the last field of the open step."""

    entered = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.form: Form | None = None
        self.rail = QListWidget()
        self.rail.setAccessibleName(translate("wizard", "Steps"))
        self.rail.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.rail.setSelectionMode(QListWidget.SelectionMode.NoSelection)
        self.rail.setFixedWidth(_RAIL)
        self.head, self.why = plain(role="title", wrap=True), plain(role="muted", wrap=True)
        self.notice = plain(role="notice", wrap=True)
        self.notice.setAccessibleName(translate("wizard", "What happened"))
        self.area = QScrollArea()
        self.area.setAccessibleName(translate("wizard", "Questions"))
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.facts = FactsView(theme, translate("wizard", "Facts"))
        self.facts.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.previous = push_button(translate("wizard", "Previous"))
        self.past = push_button("")
        self.look = push_button(translate("wizard", "Look for printers"))
        self.trial = push_button(translate("wizard", "Print a test page"))
        self.file = push_button(translate("wizard", "Save as PDF"))
        self.next = push_button("", act=True)
        self._lay_out(theme)

    def show_step(self, walk: Walk, facts: Facts) -> None:
        """The step that is open, with the answers there are."""
        step = walk.step()
        show_text(self.head, translate("wizard", step.title))
        show_text(self.why, translate("wizard", step.why))
        self.tell("")
        self._show_rail(walk, facts)
        self.form = Form(self._theme, [_question(field) for field in step.fields])
        self.form.setProperty("role", "sheet")
        self.form.entered.connect(self.entered)
        if step.name == "lan":
            self.form.offer("address", [(address, address) for address in facts.addresses])
        self.form.fill(walk.answers)
        self.area.setWidget(self.form)
        self._order_tabs(self.form)
        self.facts.setVisible(step.name in ("taxpayer", "summary"))
        self.area.setVisible(bool(step.fields))
        self.next.setText(translate("wizard", step.forward))
        self.next.setAccessibleName(self.next.text())
        self.past.setText(translate("wizard", step.skip or "Later"))
        self.past.setAccessibleName(self.past.text())
        if step.fields:
            self.form.focus()
        else:
            self.next.setFocus()

    def tell(self, text: str, state: str = "") -> None:
        """What happened, above the questions."""
        set_property(self.notice, "state", state)
        show_text(self.notice, text)
        self.notice.setVisible(bool(text))

    def allow(self, step: Step, *, busy: bool) -> None:
        """Which buttons there are in a step, and whether they can be pressed."""
        self.previous.setEnabled(not busy and bool(self.rail.count()) and step.name != "shop")
        self.past.setVisible(bool(step.skip))
        for button in (self.next, self.past, self.look, self.trial, self.file):
            button.setEnabled(not busy)
        self.look.setVisible(step.name == "printer")
        self.trial.setVisible(step.name == "printer")
        self.file.setVisible(step.name == "summary")

    def _show_rail(self, walk: Walk, facts: Facts) -> None:
        self.rail.clear()
        steps = walk.steps(facts)
        place = [step.name for step in steps].index(walk.at)
        for number, step in enumerate(steps):
            mark = "●" if number == place else "✓" if number < place else "○"
            item = QListWidgetItem(f"{mark}   {translate('wizard', step.title)}")
            item.setSizeHint(QSize(0, _RAIL_ROW))
            self.rail.addItem(item)
        self.rail.setCurrentRow(place)
        words = max(self.rail.fontMetrics().horizontalAdvance(self.rail.item(n).text()) for n in range(len(steps)))
        self.rail.setFixedWidth(max(_RAIL, min(words + _RAIL_ROW, _RAIL_WIDEST)))

    def _order_tabs(self, form: Form) -> None:
        """As things stand on the screen: the tools, the questions, the buttons at the foot."""
        asked = [
            one
            for one in form.findChildren(QWidget)
            if one.focusPolicy() & Qt.FocusPolicy.TabFocus and one.window() is self.window()  # no list of a box
        ]
        chain = [self.look, self.trial, self.file, *asked, self.previous, self.past, self.next]
        for before, after in pairwise(chain):
            QWidget.setTabOrder(before, after)

    def _lay_out(self, theme: Theme) -> None:
        space = theme.tokens.space
        left, right = Card(theme, space["3"]), Card(theme, space["5"])
        left.body.addWidget(self.rail)
        for widget in (self.head, self.why, self.notice):
            right.body.addWidget(widget)
        tools = QHBoxLayout()
        tools.setSpacing(space["2"])
        for button in (self.look, self.trial, self.file):
            tools.addWidget(button)
        tools.addStretch(1)
        right.body.addSpacing(space["2"])
        right.body.addLayout(tools)
        right.body.addWidget(self.facts, 3)
        right.body.addWidget(self.area, 2)
        foot = QHBoxLayout()
        foot.setSpacing(space["2"])
        foot.addWidget(self.previous)
        foot.addStretch(1)
        foot.addWidget(self.past)
        foot.addWidget(self.next)
        right.body.addLayout(foot)
        both = QHBoxLayout()
        both.setContentsMargins(0, 0, 0, 0)
        both.setSpacing(0)
        both.addWidget(left)
        both.addWidget(right, 1)
        self.setLayout(both)


def _question(field: Field) -> Question:
    return Question(
        field.name,
        translate("wizard", field.label),
        field.kind,
        translate("wizard", field.hint),
        tuple((value, translate("wizard", text)) for value, text in field.choices),
        field.on,
    )
