"""The device (F8): its state, day, certificate and troubles, and the acts that help: ping, day, the way out.

Shows views of presenters/device_facts.py; asks the engine through its desk.
"""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtWidgets import QApplication, QWidget

from ui.i18n import translate
from ui.pages.page import Page, PageDesk
from ui.presenters import words
from ui.presenters.device_facts import device_line, device_sections
from ui.presenters.till_view import Heard
from ui.widgets.card import Card
from ui.widgets.choice import Choice
from ui.widgets.facts import FactsView


class DevicePage(Page):
    """`arrive` with a device's id shows that device."""

    def __init__(self, desk: PageDesk) -> None:
        super().__init__(desk, "device", translate("device", "Device"))
        self.choice = Choice(self.theme, translate("device", "Device"))
        self.choice.setMinimumWidth(220)
        self.choice.activated.connect(self.refresh)
        self.tools.addWidget(self.choice)
        self.add_tool(translate("device", "Ask FDMS"), self._ping).setToolTip(
            translate("device", "Ask FDMS for a sign of life")
        )
        self.add_tool(translate("device", "Stuck day"), lambda: desk.go("stuck", str(self.number() or "")))
        self.add_tool(translate("device", "Copy"), self._copy)
        self.facts = FactsView(self.theme, translate("device", "Facts of the device"))
        card = Card(self.theme, self.theme.tokens.space["3"])
        card.body.addWidget(self.facts)
        self.body.addWidget(card, 1)

    def arrive(self, about: str) -> None:
        self.work(self._list(int(about) if about.isdigit() else self.number()))

    def home(self) -> QWidget:
        return self.facts

    def refresh(self) -> None:
        self.work(self._list(self.number()))

    def told(self, messages: Iterable[Heard]) -> None:
        if any(not m.type.startswith(("receipt.", "metrics.")) for m in messages):
            self.refresh()

    def number(self) -> int | None:
        """The device that is shown; None before any is known."""
        number = self.choice.currentData()
        return None if number is None else int(number)

    async def _list(self, wanted: int | None) -> None:
        devices = await self.desk.ask(lambda till: till.devices())
        now = self.desk.view.clock.now()
        lines = [device_line(device, now) for device in devices]
        if [self.choice.itemData(i) for i in range(self.choice.count())] != [line.device for line in lines]:
            self.choice.clear()
            for line in lines:
                self.choice.addItem(translate("device", "Device {title}").format(title=line.title), line.device)
        if not lines:
            self.facts.show_sections(())
            self.retitle(translate("device", "No fiscal device is registered on this till yet"))
            return
        known = [line.device for line in lines]
        number = wanted if wanted in known else known[0]
        self.choice.setCurrentIndex(known.index(number))
        told = await self.desk.ask(lambda till: till.device(number))
        self.retitle(translate("device", "Device {number}").format(number=number))
        self.facts.show_sections(device_sections(told, self.desk.view.clock.now()))

    def _ping(self) -> None:
        number = self.number()
        if number is not None:
            self.work(self._pinged(number))

    async def _pinged(self, number: int) -> None:
        answer = await self.desk.ask(lambda till: till.ping(number))
        drift = answer.get("clockDriftSeconds")
        clock = (
            translate("device", "; the clocks differ by {span}").format(span=words.span(abs(drift)))
            if drift is not None
            else ""
        )
        self.desk.say(translate("device", "FDMS answered device {number}{time}").format(number=number, time=clock))
        self.refresh()

    def _copy(self) -> None:
        QApplication.clipboard().setText(self.facts.text())
        self.desk.say(translate("device", "The device's facts were copied"))
