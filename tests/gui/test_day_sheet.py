"""Opening and closing the fiscal day in the window."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from fiscalmon.domain.errors import DayRefused
from tests.gui.scripted_engine import Engine, Till, device
from tests.gui.test_app import press, running, sheet_of, texts
from tests.gui.waiting import until
from ui.dialogs.day_sheet import DaySheet
from ui.main_window import MainWindow


async def opened(window: MainWindow, engine: Engine) -> DaySheet:
    await until(lambda: window.actions_by_name["day"].isEnabled() and "devices" in engine.till.calls)
    window.actions_by_name["day"].trigger()
    await until(lambda: isinstance(sheet_of(window), DaySheet) and sheet_of(window).list_page.rows)  # type: ignore[union-attr]
    sheet = sheet_of(window)
    assert isinstance(sheet, DaySheet)
    return sheet


def test_open_a_day(qapp: QApplication, on_qt_loop: Callable[..., Any]) -> None:
    engine = Engine(Till(devices=[device(fiscalDayStatus="FiscalDayClosed"), device(10002)]))

    async def scene() -> None:
        async with running(qapp, engine.open) as (window, _):
            sheet = await opened(window, engine)
            assert [row.view.word for row in sheet.list_page.rows] == ["Closed", "Open"]
            press(sheet, "Open day of Device 10001 · Harare Main")
            await until(lambda: "Day 119 is open" in sheet.act_page.sentence.text())
            press(sheet, "Back")
            await until(lambda: [row.view.word for row in sheet.list_page.rows] == ["Open", "Open"])
            press(sheet, "Done")
            await until(lambda: sheet_of(window) is None)

    on_qt_loop(scene())
    assert "open 10001" in engine.till.calls


def test_a_close_shows_its_facts_and_needs_a_second_press_that_enter_is_not(
    qapp: QApplication, on_qt_loop: Callable[..., Any], leave_picture: Callable[..., Any]
) -> None:
    engine = Engine(Till(devices=[device(queueDepth=2)]))

    async def z_report(number: int) -> str:
        return f"Z REPORT {number}"

    async def scene() -> None:
        async with running(qapp, engine.open) as (window, _):
            sheet = await opened(window, engine)
            leave_picture(sheet, "till-day-devices")
            press(sheet, "Close day of Device 10001 · Harare Main")
            await until(lambda: sheet.confirm.isVisible())
            shown = texts(sheet)
            for fact in (
                "Close day 118?",
                "9,350.25",
                "212",
                "2 receipts of this device are not at FDMS yet",
            ):
                assert fact in shown
            leave_picture(sheet, "till-day-close")
            assert not sheet.confirm.isDefault() and not sheet.confirm.autoDefault()
            assert sheet.focusWidget() is sheet.back
            for target in (sheet, sheet.back, sheet.confirm):
                QTest.keyClick(target, Qt.Key.Key_Return)
            await asyncio.sleep(0.05)
            assert not any(call.startswith("close") for call in engine.till.calls)
            engine.till.close_gate = asyncio.Event()
            press(sheet, "Close the day")
            await until(lambda: "so far" in sheet.act_page.advice())
            engine.on_loop(engine.till.close_gate.set)
            await until(lambda: "is closed" in sheet.act_page.sentence.text())
            sheet._calls = replace(sheet._calls, report=z_report)
            press(sheet, "Z report")
            await until(lambda: sheet.report_page.text is not None and sheet.report_page.isVisible())
            assert sheet.report_page.text is not None and sheet.report_page.text.toPlainText() == "Z REPORT 10001"
            assert sheet.title.text() == "Report of device 10001" and not sheet.z_report.isVisible()
            QTest.keyClick(sheet, Qt.Key.Key_Escape)
            await until(lambda: sheet_of(window) is None)

    on_qt_loop(scene())
    assert engine.till.calls.count("close 10001") == 1


def test_a_failed_close_is_named_with_its_way_out(
    qapp: QApplication, on_qt_loop: Callable[..., Any], leave_picture: Callable[..., Any]
) -> None:
    engine = Engine(Till(devices=[device()]))
    engine.till.close_result = {
        "fiscalDayStatus": "FiscalDayCloseFailed",
        "fiscalDayNo": 118,
        "fiscalDayClosingErrorCode": "CountersMismatch",
    }

    async def scene() -> None:
        async with running(qapp, engine.open) as (window, _):
            sheet = await opened(window, engine)
            for name in ("Close day of Device 10001 · Harare Main", "Close the day"):
                press(sheet, name)
                await until(lambda: sheet.confirm.isVisible() or "CountersMismatch" in sheet.act_page.sentence.text())
            await until(lambda: "CountersMismatch" in sheet.act_page.sentence.text())
            assert "audit" in sheet.act_page.advice() and not sheet.z_report.isVisible()
            leave_picture(sheet, "till-day-failed")
            engine.till.close_result = DayRefused("FDMS does not answer: try again when the connection is back.")
            press(sheet, "Back")
            await until(lambda: sheet.list_page.rows and sheet.list_page.isVisible())
            await until(lambda: sheet.list_page.rows[0].view.word == "Did not close")
            press(sheet, "Close day of Device 10001 · Harare Main")
            await until(lambda: sheet.confirm.isVisible())
            press(sheet, "Close the day")
            await until(lambda: "try again" in sheet.act_page.sentence.text())
            assert sheet.act_page.advice() == "Code DAY_REFUSED"

    on_qt_loop(scene())


def test_leaving_while_a_close_runs_lets_it_run(qapp: QApplication, on_qt_loop: Callable[..., Any]) -> None:
    engine = Engine(Till(devices=[device()]))
    engine.till.close_gate = asyncio.Event()

    async def scene() -> None:
        async with running(qapp, engine.open) as (window, _):
            sheet = await opened(window, engine)
            press(sheet, "Close day of Device 10001 · Harare Main")
            await until(lambda: sheet.confirm.isVisible())
            press(sheet, "Close the day")
            await until(lambda: "close 10001" in engine.till.calls)
            press(sheet, "Done")
            await until(lambda: sheet_of(window) is None)
            assert engine.till.close_gate is not None
            engine.on_loop(engine.till.close_gate.set)
            await until(lambda: engine.till.device_list[0]["fiscalDayStatus"] == "FiscalDayClosed", "the close")

    on_qt_loop(scene())


def test_long_names_leave_the_buttons_whole(
    qapp: QApplication, on_qt_loop: Callable[..., Any], leave_picture: Callable[..., Any]
) -> None:
    name = "Muonde Family Supermarket and Hardware, Mbare Musika"
    engine = Engine(Till(devices=[device(deviceBranchName=name), device(10002, deviceBranchName=name)]))

    async def scene() -> None:
        async with running(qapp, engine.open) as (window, _):
            sheet = await opened(window, engine)
            sheet.resize(sheet.minimumSize())
            await until(lambda: sheet.list_page.rows[0].button is not None and sheet.list_page.isVisible())
            assert name in texts(sheet)
            view = sheet.list_page.viewport()
            for row in sheet.list_page.rows:
                assert row.button is not None
                await until(
                    lambda row=row: row.button.mapTo(view, row.button.rect().topRight()).x() < view.width()  # type: ignore[misc]
                )
                assert row.button.width() >= row.button.sizeHint().width()
            leave_picture(sheet, "till-day-long-names")

    on_qt_loop(scene())
