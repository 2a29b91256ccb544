"""A stuck day's way out in six steps: facts, cause, acts, dry run, the act with its reason, the result.

Shows views of presenters/stuck.py; asks the engine through its desk. Steps 1 and 2 work without FDMS.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from ui.dialogs.sheet import push_button
from ui.i18n import QT_TRANSLATE_NOOP, translate
from ui.pages.page import Page, PageDesk
from ui.presenters.device_facts import device_line
from ui.presenters.stuck import ActChoice, StuckView, dry_run, result, stuck_view
from ui.widgets.card import Card
from ui.widgets.choice import Choice
from ui.widgets.facts import ExactText
from ui.widgets.labels import plain, set_property, show_text
from ui.widgets.stuck_parts import ActList, SideBySide

_LEAST_REASON = 5  # letters; a reason is for whoever asks next year
_STEPS = (
    QT_TRANSLATE_NOOP("stuck_day", "1  The facts, side by side"),
    QT_TRANSLATE_NOOP("stuck_day", "2  The cause"),
    QT_TRANSLATE_NOOP("stuck_day", "3  What may be done"),
    QT_TRANSLATE_NOOP("stuck_day", "4  What it would do"),
    QT_TRANSLATE_NOOP("stuck_day", "5  Do it"),
    QT_TRANSLATE_NOOP("stuck_day", "6  The result"),
)


class StuckDayPage(Page):
    """`arrive` with a device's id looks at that device's newest day."""

    def __init__(self, desk: PageDesk) -> None:
        super().__init__(desk, "stuck", translate("stuck_day", "Way out of a stuck day"))
        self.choice = Choice(self.theme, translate("stuck_day", "Device"))
        self.choice.setMinimumWidth(220)
        self.choice.activated.connect(self.refresh)
        self.tools.addWidget(self.choice)
        self.add_tool(translate("stuck_day", "Look again"), self.refresh)
        inner = QWidget()
        inner.setProperty("role", "sheet")
        self._column = QVBoxLayout(inner)
        self._column.setContentsMargins(2, 2, 8, 2)
        self._column.setSpacing(self.theme.tokens.space["2"])
        self._titles = [plain(translate("stuck_day", text), "lead") for text in _STEPS]
        self.sides = SideBySide(self.theme)
        self.cause = plain(wrap=True)
        self.cause.setAccessibleName(translate("stuck_day", "Cause"))
        self.acts = ActList(self.theme)
        self.acts.chose.connect(self._chose)
        for widget in (self._titles[0], self.sides, self._titles[1], self.cause, self._titles[2], self.acts):
            self._column.addWidget(widget)
        self._build_deed()
        self._column.addStretch(1)
        self.scroll = QScrollArea()
        self.scroll.setAccessibleName(translate("stuck_day", "The six steps"))
        self.scroll.setWidgetResizable(True)
        self.scroll.setFrameShape(QFrame.Shape.NoFrame)
        self.scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.scroll.setWidget(inner)
        card = Card(self.theme, self.theme.tokens.space["3"])
        card.body.addWidget(self.scroll)
        self.body.addWidget(card, 1)
        self._show_deed(None)

    def arrive(self, about: str) -> None:
        self.work(self._look(int(about) if about.isdigit() else self.number()))

    def home(self) -> QWidget:
        return self.scroll

    def refresh(self) -> None:
        self.work(self._look(self.number()))

    def number(self) -> int | None:
        number = self.choice.currentData()
        return None if number is None else int(number)

    def chosen(self) -> ActChoice | None:
        """The act that is chosen, if it is one this till can do."""
        return self.acts.chosen()

    # --- the engine

    async def _look(self, wanted: int | None) -> None:
        devices = await self.desk.ask(lambda till: till.devices())
        lines = [device_line(device, self.desk.view.clock.now()) for device in devices]
        if [self.choice.itemData(i) for i in range(self.choice.count())] != [line.device for line in lines]:
            self.choice.clear()
            for line in lines:
                self.choice.addItem(translate("stuck_day", "Device {title}").format(title=line.title), line.device)
        if not lines:
            return
        known = [line.device for line in lines]
        # without a wish, the one that is stuck
        failed = [d["deviceID"] for d in devices if d.get("fiscalDayStatus") == "FiscalDayCloseFailed"]
        number = wanted if wanted in known else (failed or known)[0]
        self.choice.setCurrentIndex(known.index(number))
        show_text(self.cause, translate("stuck_day", "Asking FDMS"))
        self.show_view(stuck_view(await self._mend(number)))
        show_text(self.outcome, "")
        self._show_result("")

    async def _mend(self, number: int, **more: Any) -> Mapping[str, Any]:
        from fiscalmon.services.mending import MendRequest

        told: Mapping[str, Any] = await self.desk.ask(lambda till: till.mending.mend(MendRequest(number, **more)))
        return told

    async def _dry_run(self, act: ActChoice) -> None:
        number, opened = self.number(), self.opened.text().strip() or None
        if number is None or (act.needs_opened and opened is None):
            self._show_dry(
                translate("stuck_day", "Type the time at which the day was opened, to see what would be sent.")
            )
            return
        told = await self._mend(number, act=act.name, dry_run=True, opened=opened)
        self._show_dry(dry_run(told))

    async def _do(self, act: ActChoice, reason: str) -> None:
        number, opened = self.number(), self.opened.text().strip() or None
        if number is None:
            return
        self.do_it.setEnabled(False)
        try:
            told = await self._mend(number, act=act.name, reason=reason, opened=opened)
        finally:
            self._typed()
        now = self.desk.view.clock.now()
        text = result(told, number, act.text, reason, f"{now:%Y-%m-%d %H:%M:%S}" if now else "")
        self.reason.clear()
        self.show_view(stuck_view(await self._mend(number)))
        self._show_result(text)
        self.keep.setFocus()

    # --- what is shown

    def show_view(self, view: StuckView) -> None:
        """Steps 1 to 3; what was chosen before is forgotten."""
        self.sides.show_facts(view)
        # The code is for a telephone call with support, which a day that goes on needs not.
        show_text(self.cause, f"{view.cause}  ({view.code})" if view.stuck else view.cause)
        set_property(self.cause, "state", "failed" if view.stuck else "ok" if view.code == "NOTHING" else "attention")
        self.acts.show_acts(view.acts)
        self._show_deed(None)

    def _show_deed(self, act: ActChoice | None) -> None:
        for widget in (self._titles[3], self._titles[4], self.reason, self.do_it):
            widget.setVisible(act is not None)
        self.opened.setVisible(act is not None and act.needs_opened)
        if act is None:
            self._show_dry("")
        self._typed()

    def _show_dry(self, text: str) -> None:
        self.dry.setPlainText(text)
        self.dry.setVisible(bool(text))
        self.dry.fit()

    def _show_result(self, text: str) -> None:
        show_text(self.outcome, text)
        for widget in (self._titles[5], self.outcome, self.keep):
            widget.setVisible(bool(text))
        if text:
            self.scroll.ensureWidgetVisible(self.keep)

    def _chose(self) -> None:
        act = self.chosen()
        self._show_deed(act)
        if act is not None:
            self.work(self._dry_run(act))
            (self.opened if act.needs_opened else self.reason).setFocus()

    def _typed(self) -> None:
        act = self.chosen()
        enough = len(self.reason.text().strip()) >= _LEAST_REASON
        self.do_it.setEnabled(act is not None and enough and (not act.needs_opened or bool(self.opened.text().strip())))

    def _done(self) -> None:
        act = self.chosen()
        if act is not None and self.do_it.isEnabled():
            self.work(self._do(act, self.reason.text().strip()))

    def _keep(self) -> None:
        QApplication.clipboard().setText(self.outcome.text())
        self.desk.say(translate("stuck_day", "The result was copied; it is also kept in the log"))

    # --- building

    def _build_deed(self) -> None:
        self.opened = QLineEdit()
        self.opened.setAccessibleName(translate("stuck_day", "When the day was opened"))
        self.opened.setPlaceholderText(translate("stuck_day", "When the day was opened, as 2026-11-22T08:00:00"))
        self.opened.textChanged.connect(self._typed)
        self.opened.editingFinished.connect(lambda: self._chosen_again())
        self.dry = ExactText(translate("stuck_day", "What it would send"), "", self.theme)
        self.reason = QLineEdit()
        self.reason.setAccessibleName(translate("stuck_day", "Why it is done"))
        self.reason.setPlaceholderText(
            translate("stuck_day", "Why it is done, in your own words; it is kept beside what was done")
        )
        self.reason.setMaxLength(500)
        self.reason.textChanged.connect(self._typed)
        self.do_it = push_button(translate("stuck_day", "Do it"), act=True)
        self.do_it.clicked.connect(self._done)
        self.outcome = plain(wrap=True)
        self.outcome.setAccessibleName(translate("stuck_day", "Result"))
        self.outcome.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.keep = push_button(translate("stuck_day", "Copy the result"))
        self.keep.clicked.connect(self._keep)
        for widget in (self._titles[3], self.opened, self.dry, self._titles[4], self.reason):
            self._column.addWidget(widget)
        self._column.addWidget(self.do_it, 0, Qt.AlignmentFlag.AlignLeft)
        self._column.addWidget(self._titles[5])
        self._column.addWidget(self.outcome)
        self._column.addWidget(self.keep, 0, Qt.AlignmentFlag.AlignLeft)

    def _chosen_again(self) -> None:
        act = self.chosen()
        if act is not None and act.needs_opened:
            self.work(self._dry_run(act))
