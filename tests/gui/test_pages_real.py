"""Every page over a real engine and the simulator: found by its key, filled, named, plain, uncut, in every size."""

from __future__ import annotations

import asyncio
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from fiscalmon.domain.alerts import Incident
from tests.gui.test_app import press, running, sheet_of
from tests.gui.waiting import until
from tests.gui.walk import clashing, cut_off, marked_up, unnamed
from tests.support.books import sale
from tests.support.simulator import Simulator
from tests.support.tills import Till
from ui.main_window import MainWindow

SIZES = [(920, 512), (1024, 740), (1920, 1040)]
HOSTILE = "<b>Tariro</b> & <img src=x>"
BUYER = {"buyerRegisterName": HOSTILE, "buyerTIN": "2000123456"}


@pytest.fixture(scope="module")
def fdms(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    made = Simulator.fresh(tmp_path_factory, "--close-delay", "0.05")
    yield made
    made.end()


class RealTill:
    """An engine for the window with a morning behind it: two devices, sales of each fate. Lives in its thread."""

    def __init__(self, fdms: Simulator, path: Path) -> None:
        self.till = Till(fdms, path)
        self.sold: list[dict[str, Any]] = []

    async def open(self) -> Any:
        await self.till.start(2)
        self.sold = await self.till.sell(4)
        self.sold += await self.till.sell(1, buyerData=BUYER)
        await self.till.drained()
        return self.till.engine


async def settled() -> None:
    """Layouts and animations have come to rest. No nested Qt loop: it would step into the window's own tasks."""
    for _ in range(4):
        await asyncio.sleep(0.01)


async def shown(window: MainWindow, name: str, ready: Callable[[], object]) -> QWidget:
    """Goes to a page by its act and waits until it shows what it is to show."""
    await until(lambda: window.actions_by_name[name].isEnabled(), "the act")
    window.actions_by_name[name].trigger()
    try:
        await until(ready, f"page {name}", 10)
    except AssertionError:
        assert page_of(window) is not window.overview, f"page {name} was not built"
        assert page_of(window).trouble.text() == "", f"page {name}"
        raise
    page = window.stack.currentWidget()
    assert page is not None and page.name == name  # type: ignore[attr-defined]
    return page


async def look_at(window: MainWindow, name: str, picture: Callable[[QWidget, str], Path]) -> None:
    """The walk, in both schemes and every size."""
    assert unnamed(window) == [] and marked_up(window) == [] and clashing(window) == []
    for scheme in ("light", "dark"):
        window.theme.choose(scheme)  # type: ignore[arg-type]
        for width, height in SIZES:
            window.resize(width, height)
            await settled()
            assert (window.width(), window.height()) == (width, height)
            # Below the smallest screen that is promised (1024 px) a long title gives way to the buttons beside it.
            assert cut_off(window, may_give_way=width < 1024) == [], f"{name} {scheme} {width}x{height}"
            picture(window, f"page-{name}-{scheme}-{width}x{height}")


def page_of(window: MainWindow) -> Any:
    return window.stack.currentWidget()


def test_every_page_is_found_filled_and_whole(
    qapp: QApplication, on_qt_loop: Callable[..., Any], fdms: Simulator, tmp_path: Path, leave_picture: Any
) -> None:
    real = RealTill(fdms, tmp_path / "till")

    async def scene() -> None:
        async with running(qapp, real.open) as (window, _):
            await until(lambda: "Ready to sell" in window.status.sentence(), "the engine", 30)
            await shown(window, "receipts", lambda: page_of(window).model.rowCount() == 5)
            await look_at(window, "receipts", leave_picture)
            page = page_of(window)
            for typed in ("Tariro", real.sold[2]["hash"], real.sold[2]["qrUrl"], real.sold[2]["invoiceNo"]):
                page.search.setText(typed)
                QTest.keyClick(page.search, Qt.Key.Key_Return)
                await until(lambda: page.receipt_id(), f"the one receipt of {typed!r}")
                assert page.receipt_id() == real.sold[4 if typed == "Tariro" else 2]["receiptId"]
                if typed == "Tariro":
                    assert HOSTILE in page.facts.text()
                    await look_at(window, "receipt", leave_picture)
                window.actions_by_name["back"].trigger()
                await until(lambda: not page.receipt_id())
            await shown(window, "device", lambda: "Certificate" in page_of(window).facts.text())
            await look_at(window, "device", leave_picture)
            await shown(window, "log", lambda: page_of(window).model.rowCount() >= 7)
            await look_at(window, "log", leave_picture)
            await shown(window, "waiting", lambda: page_of(window).empty.isVisible())
            await look_at(window, "waiting-empty", leave_picture)
            await shown(window, "doctor", lambda: page_of(window).model.rowCount() >= 5)
            await look_at(window, "doctor", leave_picture)
            bundle = tmp_path / "support.zip"
            page_of(window).work(page_of(window).write_bundle(str(bundle)))
            await until(lambda: "For support" in window.status.detail(), "the bundle")
            assert zipfile.is_zipfile(bundle)
            window.actions_by_name["reprint"].trigger()
            await until(lambda: "Not printed" in window.status.detail(), "a till without a printer to say so")
            await shown(window, "stuck", lambda: "Nothing keeps" in page_of(window).cause.text())
            await look_at(window, "stuck-nothing", leave_picture)
            window.actions_by_name["back"].trigger()
            assert window.stack.currentWidget() is window.overview
            window.actions_by_name["day"].trigger()
            await until(lambda: sheet_of(window) and sheet_of(window).list_page.rows, "the day")  # type: ignore[union-attr]
            sheet: Any = sheet_of(window)
            press(sheet, f"Report of {sheet.list_page.rows[0].view.title}")
            await until(lambda: sheet.report_page.text, "the X report")
            assert "X REPORT" in sheet.report_page.text.toPlainText().upper()
            await settled()
            leave_picture(sheet, "till-day-report")
            press(sheet, "Done")
            await until(lambda: sheet_of(window) is None)
            await look_at(window, "overview", leave_picture)

    on_qt_loop(scene())


def test_what_waits_is_shown_with_its_reason_and_sent_by_a_key(
    qapp: QApplication, on_qt_loop: Callable[..., Any], fdms: Simulator, tmp_path: Path, leave_picture: Any
) -> None:
    real = RealTill(fdms, tmp_path / "till")

    async def scene() -> None:
        async with running(qapp, real.open) as (window, _):
            await until(lambda: "Ready to sell" in window.status.sentence(), "the engine", 30)
            page = await shown(window, "waiting", lambda: page_of(window).empty.isVisible())
            real.till.faults({"operation": "SubmitReceipt", "count": 50, "action": "drop-before"})
            await page.desk.ask(lambda till: till.submit(sale("W-1", deviceID=real.till.id)))  # type: ignore[attr-defined]
            await until(lambda: page.model.rowCount() == 1 and "next try" in page._rows[0]._detail.text())  # type: ignore[attr-defined]
            await look_at(window, "waiting", leave_picture)
            await shown(window, "stuck", lambda: "RECEIPTS_WAIT" in page_of(window).cause.text())
            stuck = page_of(window)
            QTest.mouseClick(stuck.acts.group.buttons()[0], Qt.MouseButton.LeftButton)
            await until(lambda: stuck.dry.toPlainText(), "the dry run")
            assert not stuck.do_it.isEnabled()
            stuck.reason.setText("the customer waits")
            await look_at(window, "stuck-act", leave_picture)
            QTest.mouseClick(stuck.do_it, Qt.MouseButton.LeftButton)
            await until(lambda: "the customer waits" in stuck.outcome.text(), "the result")
            await look_at(window, "stuck-result", leave_picture)
            real.till.fdms.control.delete("/faults")
            await shown(window, "waiting", lambda: page_of(window).model.rowCount() == 1)
            await with_retries(window, page)

    async def with_retries(window: MainWindow, page: Any) -> None:
        await until(lambda: window.actions_by_name["retry"].isEnabled())
        window.actions_by_name["retry"].trigger()
        await until(lambda: page.empty.isVisible(), "the receipt to be gone")

    on_qt_loop(scene())


def test_an_open_alert_is_shown_and_taken_by_a_key(
    qapp: QApplication, on_qt_loop: Callable[..., Any], fdms: Simulator, tmp_path: Path, leave_picture: Any
) -> None:
    real = RealTill(fdms, tmp_path / "till")
    begun = datetime.now(UTC)
    told = f"The certificate of device 10001 expires in 5 days. {HOSTILE}"
    incident = Incident("a1", "certificate", "10001", 10001, told, begun, begun)

    async def scene() -> None:
        async with running(qapp, real.open) as (window, _):
            await until(lambda: "Ready to sell" in window.status.sentence(), "the engine", 30)
            page: Any = await shown(window, "alerts", lambda: page_of(window).empty.isVisible())
            assert not page.seen.isEnabled()
            await look_at(window, "alerts-none", leave_picture)
            await page.desk.ask(lambda till: till._parts.store.write(lambda work: work.alerts.put(incident)))
            window.actions_by_name["refresh"].trigger()
            await until(lambda: page.model.rowCount() == 1 and page.seen.isEnabled(), "the alert")
            await look_at(window, "alerts", leave_picture)
            QTest.keyClick(page.table, Qt.Key.Key_Return)
            await until(lambda: not page.seen.isEnabled(), "somebody to look after it")
            (listed,) = await page.desk.operate("alerts.list")
            assert (listed["state"], listed["acknowledgedBy"]) == ("acknowledged", "till")

    on_qt_loop(scene())
