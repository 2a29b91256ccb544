"""The first run over a real engine and the simulator: from nothing to a till that may sell, step by step, by keys and
buttons; interrupted and resumed; seen in both schemes and every size. The settings, the lock, training and the tray."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from fiscalmon.bootstrap import start_engine
from fiscalmon.data_folder import DataFolder
from tests.gui.test_app import running
from tests.gui.waiting import until
from tests.gui.walk import cut_off, marked_up, unnamed
from tests.support.simulator import Simulator
from tests.support.tills import new_device
from ui.ground import Ground
from ui.main_window import MainWindow
from ui.wizard.page import WizardPage
from ui.wizard.walk import load

WORDS = "maize bridge lantern four"


@pytest.fixture(scope="module")
def fdms(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    made = Simulator.fresh(tmp_path_factory, "--close-delay", "0.05")
    yield made
    made.end()


@pytest.fixture
def opening(tmp_path: Path) -> Callable[[], Any]:
    async def open_engine() -> Any:
        return await start_engine(DataFolder(tmp_path))

    return open_engine


async def look_at(window: MainWindow, name: str, picture: Callable[..., Path]) -> None:
    """Named, plain and whole: small in light, large in dark; the scheme is as before afterwards."""
    before = window.theme.chosen
    assert unnamed(window) == [] and marked_up(window) == []
    for scheme, width, height in (("light", 920, 512), ("dark", 1280, 800)):
        window.theme.choose(scheme)  # type: ignore[arg-type]
        window.resize(width, height)
        for _ in range(4):
            await asyncio.sleep(0.01)
        assert cut_off(window) == [], f"{name} {scheme} {width}x{height}"
        picture(window, f"page-{name}-{scheme}-{width}x{height}")
    window.theme.choose(before)


def page_of(window: MainWindow) -> Any:
    return window.stack.currentWidget()


async def wizard_at(window: MainWindow, step: str) -> WizardPage:
    await until(lambda: isinstance(page_of(window), WizardPage), "the wizard", 10)
    page: WizardPage = page_of(window)
    await until(lambda: page.walk.at == step and not page._busy, f"step {step}: {page.notice.text()}", 10)
    return page


def test_from_nothing_to_a_till_that_may_sell(
    qapp: QApplication,
    on_qt_loop: Callable[..., Any],
    fdms: Simulator,
    tmp_path: Path,
    opening: Callable[[], Any],
    leave_picture: Callable[..., Path],
) -> None:
    device = new_device(fdms)
    ground = Ground(folder=tmp_path)

    async def first() -> None:
        async with running(qapp, opening, ground=ground) as (window, _):
            page = await wizard_at(window, "shop")
            await look_at(window, "setup-1-welcome", leave_picture)
            page.next.click()
            assert page.walk.at == "shop" and page.form is not None  # the shop has no name yet
            page.form.fill({"shop": "Muonde Kiosk"})
            QTest.keyClick(page.form._editors["shop"], Qt.Key.Key_Return)
            page = await wizard_at(window, "folder")
            await look_at(window, "setup-2-folder", leave_picture)
            page.next.click()
            page = await wizard_at(window, "printer")
            await look_at(window, "setup-3-printer", leave_picture)
            page.past.click()
            page = await wizard_at(window, "device")
            key = page.form._editors["activation_key"]  # type: ignore[union-attr]
            assert isinstance(key, QLineEdit) and key.echoMode() == QLineEdit.EchoMode.Password
            page.form.fill({"device_id": "12x", "serial": device["serialNo"]})  # type: ignore[union-attr]
            page.next.click()
            await look_at(window, "setup-4-device", leave_picture)
            assert page.walk.at == "device"

    on_qt_loop(first())
    kept = load(tmp_path)
    assert kept is not None and (kept.at, kept.answers["shop"], kept.finished) == ("device", "Muonde Kiosk", False)

    async def second() -> None:
        """The power came back."""
        async with running(qapp, opening, ground=ground) as (window, _):
            page = await wizard_at(window, "device")
            answers = {
                "gateway": "other",
                "gateway_url": fdms.url,
                "ca_file": str(fdms.ca),
                "device_id": str(device["deviceID"]),
                "serial": device["serialNo"],
                "activation_key": "WRONGKEY",
            }
            assert page.form is not None
            page.form.fill(answers)
            page.next.click()
            await until(lambda: page.notice.text() and not page._busy, "the refusal", 10)
            assert page.walk.at == "device" and "code" in page.notice.text()
            page.form.fill({"activation_key": device["activationKey"]})
            page.next.click()
            page = await wizard_at(window, "taxpayer")
            assert "Muonde Family Supermarket" in page.shown_facts.text()
            await look_at(window, "setup-5-taxpayer", leave_picture)
            page.next.click()
            assert page.walk.at == "taxpayer"  # not confirmed
            page.form.fill({"confirmed": "yes"})  # type: ignore[union-attr]
            page.next.click()
            page = await wizard_at(window, "owner")
            page.form.fill({"owner": "Rudo", "password": "short", "again": "other"})  # type: ignore[union-attr]
            page.next.click()
            await look_at(window, "setup-6-owner", leave_picture)
            page.form.fill({"password": WORDS, "again": WORDS})  # type: ignore[union-attr]
            page.next.click()
            page = await wizard_at(window, "lan")
            page.form.fill({"lan": "yes"})  # type: ignore[union-attr]
            await look_at(window, "setup-7-lan", leave_picture)
            page.previous.click()  # what is done stays done: back is the printer
            page = await wizard_at(window, "printer")
            page.past.click()
            page = await wizard_at(window, "lan")
            page.next.click()
            page = await wizard_at(window, "summary")
            await until(lambda: "Muonde Family Supermarket" in page.shown_facts.text(), "the summary")
            await look_at(window, "setup-8-summary", leave_picture)
            page.write_pdf(str(tmp_path / "till.pdf"))
            assert (tmp_path / "till.pdf").read_bytes().startswith(b"%PDF")
            assert WORDS not in page.shown_facts.text()
            page.next.click()
            await until(lambda: page_of(window) is window.overview, "the overview")

    on_qt_loop(second())
    told = (tmp_path / "setup.json").read_text()
    assert '"finished": true' in told
    assert device["activationKey"] not in told and WORDS not in told and "confirmed" not in told


def test_settings_lock_and_the_place_of_the_window(
    qapp: QApplication,
    on_qt_loop: Callable[..., Any],
    fdms: Simulator,
    tmp_path: Path,
    opening: Callable[[], Any],
    leave_picture: Callable[..., Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    (tmp_path / "setup.json").write_text('{"at": "summary", "finished": true, "skipped": [], "answers": {}}')

    async def scene() -> None:
        async with running(qapp, opening, ground=Ground(folder=tmp_path)) as (window, _):
            await until(lambda: "No fiscal device" in window.status.sentence(), "the engine", 10)
            window.actions_by_name["settings"].trigger()
            page: Any = page_of(window)
            for name in page._makers:
                page.arrive(name)
                await until(lambda name=name: page.panel() is page.panels.get(name), name)
                await look_at(window, f"settings-{name}", leave_picture)
                assert page.trouble.isHidden(), page.trouble.text()
            ask = page.desk.operate
            await ask("user.add", name="Rudo", role="owner", password=WORDS)
            await ask("lock.set", pin="4071", before=None)
            page.arrive("day")
            await until(lambda: page.panels["day"].fields.value("close_waits_minutes") == "30", "the section")
            page.panels["day"].fields.fill({"close_at": "25:99"})
            page.panels["day"].save()
            await until(lambda: not page.trouble.isHidden(), "the refusal")
            page.panels["day"].fields.fill({"close_at": "20:15"})
            page.panels["day"].save()
            await until(lambda: page.trouble.isHidden(), "saved")
            assert (await ask("settings.list"))["day"]["close_at"] == "20:15"
            page.arrive("screen")
            await until(lambda: page.panels["screen"]._shown, "the screen's panel")
            page.panels["screen"].fields.fill({"scheme": "dark", "autostart": "yes"})
            await until(lambda: (tmp_path / "config" / "autostart" / "fiscalmon.desktop").exists(), "autostart")
            assert window.theme.dark
            QTest.keyClick(window, Qt.Key.Key_F12)
            desktop = page.desk._session.desktop
            await until(lambda: desktop.locked, "the lock")
            await look_at(window, "locked", leave_picture)
            assert not window.actions_by_name["sale"].isEnabled() and not window.actions_by_name["quit"].isEnabled()
            QTest.keyClicks(desktop.veil.field, "9999")
            QTest.keyClick(desktop.veil.field, Qt.Key.Key_Return)
            await until(lambda: "not the PIN" in desktop.veil.told.text(), "the refusal")
            QTest.keyClicks(desktop.veil.field, "4071")
            QTest.keyClick(desktop.veil.field, Qt.Key.Key_Return)
            await until(lambda: not desktop.locked and window.actions_by_name["sale"].isEnabled(), "unlocked")
            await ask("lock.lock")

    on_qt_loop(scene())

    async def again() -> None:
        async with running(qapp, opening, ground=Ground(folder=tmp_path)) as (window, _):
            await until(lambda: window.findChildren(QLineEdit, "") and _veil(window), "still locked", 10)
            assert window.theme.dark

    on_qt_loop(again())


def _veil(window: MainWindow) -> bool:
    from ui.widgets.veil import Veil

    return any(veil.isVisible() for veil in window.findChildren(Veil))
