"""The pages as data: name, title and how to build each. Names are the acts of ui/shortcuts.py that lead there.

Nothing of a page is imported before it is built: the window is painted first.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ui.i18n import QT_TRANSLATE_NOOP

if TYPE_CHECKING:
    from ui.pages.page import Page, PageDesk

OVERVIEW = "overview"


@dataclass(frozen=True)
class PageEntry:
    """`progress`: whether the bar of the receipt under way stands above this page."""

    name: str
    title: str
    make: Callable[[PageDesk], Page]
    progress: bool = False


def _receipts(desk: PageDesk) -> Page:
    from ui.pages.receipts import ReceiptsPage

    return ReceiptsPage(desk)


def _waiting(desk: PageDesk) -> Page:
    from ui.pages.waiting import WaitingPage

    return WaitingPage(desk)


def _device(desk: PageDesk) -> Page:
    from ui.pages.device import DevicePage

    return DevicePage(desk)


def _stuck(desk: PageDesk) -> Page:
    from ui.pages.stuck_day import StuckDayPage

    return StuckDayPage(desk)


def _log(desk: PageDesk) -> Page:
    from ui.pages.log import LogPage

    return LogPage(desk)


def _sale(desk: PageDesk) -> Page:
    from ui.pages.sale import SalePage

    return SalePage(desk)


def _doctor(desk: PageDesk) -> Page:
    from ui.pages.doctor import DoctorPage

    return DoctorPage(desk)


def _setup(desk: PageDesk) -> Page:
    from ui.wizard.page import WizardPage

    return WizardPage(desk, desk.ground)


def _alerts(desk: PageDesk) -> Page:
    from ui.pages.alerts import AlertsPage

    return AlertsPage(desk)


def _settings(desk: PageDesk) -> Page:
    from ui.settings.page import SettingsPage

    return SettingsPage(desk, desk.ground)


PAGES: tuple[PageEntry, ...] = (
    PageEntry("sale", QT_TRANSLATE_NOOP("registry", "Sell"), _sale),
    PageEntry("receipts", QT_TRANSLATE_NOOP("registry", "Receipts"), _receipts),
    PageEntry("waiting", QT_TRANSLATE_NOOP("registry", "Waiting for FDMS"), _waiting),
    PageEntry("device", QT_TRANSLATE_NOOP("registry", "Device"), _device),
    PageEntry("stuck", QT_TRANSLATE_NOOP("registry", "Way out of a stuck day"), _stuck),
    PageEntry("log", QT_TRANSLATE_NOOP("registry", "Log"), _log),
    PageEntry("doctor", QT_TRANSLATE_NOOP("registry", "How this till is"), _doctor),
    PageEntry("alerts", QT_TRANSLATE_NOOP("registry", "Alerts"), _alerts),
    PageEntry("settings", QT_TRANSLATE_NOOP("registry", "Settings"), _settings),
    PageEntry("setup", QT_TRANSLATE_NOOP("registry", "Set up this till"), _setup),
)
