"""What the keys do: pages, dialogs, refresh, copy, light and dark, and the question before leaving.

Lives in Qt's thread; asks the engine only through the bridge.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from PySide6.QtWidgets import QApplication

from fiscalmon.domain.errors import FiscalmonError
from ui.bridge import Bridge
from ui.desktop import Desktop
from ui.dialogs.sheet import Sheet
from ui.failures import explain
from ui.i18n import translate
from ui.main_window import MainWindow
from ui.navigation import BACK, Navigator
from ui.pages.registry import PAGES
from ui.presenters import words
from ui.presenters.feed import FeedRow
from ui.presenters.till_view import TillView
from ui.shortcuts import SHORTCUTS
from ui.tasks import Tasks
from ui.widgets.act_menu import ActMenu

BEFORE_ENGINE = ("keys", "scheme", "menu", "back", "quit")
ALL = tuple(shortcut.act for shortcut in SHORTCUTS)


class Desk(Protocol):
    """The session, as far as the acts need it."""

    window: MainWindow
    view: TillView
    bridge: Bridge
    tasks: Tasks
    pages: Navigator
    desktop: Desktop

    def address(self) -> str | None: ...
    async def reread(self) -> None: ...
    def close_now(self) -> None: ...
    def must_ask(self) -> bool: ...


class Acts:
    """One dialog at a time; after each the keyboard is back in the window."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._sheet: Sheet | None = None
        self._menu_shown: ActMenu | None = None
        self._acts: dict[str, Callable[[], None]] = {
            "keys": lambda: desk.tasks.spawn(self._keys()),
            "refresh": lambda: desk.tasks.spawn(self._refresh()),
            "day": lambda: desk.tasks.spawn(self._day()),
            "retry": lambda: desk.tasks.spawn(self._retry()),
            "reprint": lambda: desk.tasks.spawn(self._reprint()),
            "bundle": lambda: desk.pages.go("doctor", "bundle"),
            "menu": self._menu,
            "address": self._copy_address,
            "scheme": desk.window.theme.toggle,
            "lock": lambda: desk.desktop.lock(),
            "quit": self.ask_close,
            "back": lambda: desk.pages.go(BACK),
            **{entry.name: self._going(entry.name) for entry in PAGES},
        }

    @property
    def asking(self) -> bool:
        """Whether a dialog is open."""
        return self._sheet is not None

    def do(self, name: str) -> None:
        self._acts[name]()

    def ask_close(self) -> None:
        """The window's close button and Ctrl+Q: asks first if receipts wait."""
        if self.asking:
            return
        if self._desk.must_ask():
            self._desk.tasks.spawn(self._quit())
        else:
            self._desk.close_now()

    def open_row(self, row: FeedRow) -> None:
        """A receipt's row opens its receipt, unless it stands for many; every other one is shown in full."""
        if row.receipt and row.times == 1:
            self._desk.pages.go("receipts", row.receipt)
            return
        self._desk.tasks.spawn(self._row(row))

    def _going(self, page: str) -> Callable[[], None]:
        return lambda: self._desk.pages.go(page)

    def _menu(self) -> None:
        window = self._desk.window
        if self._menu_shown is None:
            acts = [window.actions_by_name[act] for act in ALL if act != "menu"]
            self._menu_shown = ActMenu(window, acts)
        self._menu_shown.over(window.keys)

    def _copy_address(self) -> None:
        address = self._desk.address()
        if address:
            QApplication.clipboard().setText(address)
            self._desk.window.say(translate("acts", "Copied: {address}").format(address=address))

    async def _refresh(self) -> None:
        self._desk.view.refreshed(await self._desk.bridge.ask(lambda till: till.snapshot()))
        await self._desk.reread()
        self._desk.pages.refresh()

    async def _retry(self) -> None:
        sent = await self._desk.bridge.ask(lambda till: till.waiting.send_now())
        number = int(sent["receipts"])
        self._desk.window.say(
            translate("acts", "Sending {many} now").format(many=words.plural(number, "receipt"))
            if number
            else translate("acts", "Nothing waits to be sent")
        )

    async def _reprint(self) -> None:
        """A copy of the receipt the page is about, else of the last one that was signed."""
        desk, receipt_id = self._desk, self._desk.pages.receipt()
        try:
            if not receipt_id:
                page = await desk.bridge.ask(lambda till: till.receipts(limit=1))
                if not page["items"]:
                    desk.window.say(translate("acts", "There is no receipt to print yet"))
                    return
                receipt_id = page["items"][0]["receiptId"]
            job = await desk.bridge.ask(lambda till: till.printing.print_receipt(receipt_id))
        except FiscalmonError as refused:
            desk.window.say(translate("acts", "Not printed: {text}").format(text=refused.text))
            return
        desk.window.say(
            translate("acts", "Receipt {number} goes to printer {printer}").format(
                number=words.count(job.receipt_global_no or 0), printer=job.printer
            )
        )

    async def _keys(self) -> None:
        from ui.dialogs.keys_sheet import KeysSheet

        window, selling = self._desk.window, self._desk.pages.current == "sale"
        await self.dialog(lambda: KeysSheet(window, window.theme, selling=selling))

    async def _row(self, row: FeedRow) -> None:
        from ui.dialogs.notices import row_sheet

        await self.dialog(lambda: row_sheet(self._desk.window, self._desk.window.theme, row))

    async def _day(self) -> None:
        from ui.dialogs.day_sheet import DayCalls, DaySheet

        desk, ask = self._desk, self._desk.bridge.ask
        calls = DayCalls(
            devices=lambda: ask(lambda till: till.devices()),
            device=lambda number: ask(lambda till: till.device(number)),
            open_day=lambda number: ask(lambda till: till.open_day(number)),
            close_day=lambda number: ask(lambda till: till.close_day(number, wait=True)),
            explain=explain,
            now=desk.view.clock.now,
            report=self._report,
            way_out=lambda number: desk.pages.go("stuck", str(number)),
        )
        await self.dialog(lambda: DaySheet(desk.window, desk.window.theme, calls))
        await desk.reread()

    async def _report(self, number: int) -> str:
        from fiscalmon.documents.day_report import report_text

        return report_text(await self._desk.bridge.ask(lambda till: till.reports.day_report(number)))

    async def _quit(self) -> None:
        from ui.dialogs.notices import quit_sheet

        desk = self._desk
        if await self.dialog(
            lambda: quit_sheet(desk.window, desk.window.theme, desk.view.waiting(), desk.view.open_days())
        ):
            desk.close_now()

    async def dialog(self, make: Callable[[], Sheet]) -> bool:
        """Shows a dialog unless one is shown already; True if it was accepted."""
        if self.asking:
            return False
        self._sheet = sheet = make()
        # In the moment it is left, not when the task that awaits it has its turn: the next key may come between.
        sheet.finished.connect(lambda: self._left(sheet))
        try:
            return await sheet.answer()
        finally:
            self._left(sheet)

    def _left(self, sheet: Sheet) -> None:
        if self._sheet is sheet:
            self._sheet = None
            self._desk.pages.rest()
