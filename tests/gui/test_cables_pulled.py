"""Cables pulled at a till that sells: what is wrong and what to do is on the window within two seconds, in words."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import msgspec
import pytest
from PySide6.QtWidgets import QApplication

from tests.gui.test_app import running
from tests.gui.waiting import until
from tests.support import emulated_printer
from tests.support.books import sale
from tests.support.simulator import Simulator
from tests.support.tills import Till
from ui.main_window import MainWindow

SOON = 2.0  # seconds from the cause's effect in the engine to words on the window


@pytest.fixture(scope="module")
def fdms(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    made = Simulator.fresh(tmp_path_factory, "--close-delay", "0.05")
    yield made
    made.end()


class Scene:
    """A window over a real engine; `ask` runs in the engine's thread."""

    def __init__(self, window: MainWindow, till: Till, folder: Path) -> None:
        self.window, self.till, self.folder = window, till, folder
        self.numbers = iter(range(1, 1000))

    async def ask(self, question: Callable[[Any], Any]) -> Any:
        return await self.page.desk.ask(question)

    @property
    def page(self) -> Any:
        return self.window.stack.currentWidget()

    async def sell(self) -> None:
        number = f"CUT-{self.till.id}-{next(self.numbers)}"
        await self.ask(lambda till: till.submit(sale(number, deviceID=self.till.id)))

    async def on_paper(self, printer: str, seconds: float = 40.0) -> None:
        """Waits until the last slip of that printer has come out whole."""
        deadline = time.monotonic() + seconds
        while (job := (await self.page.desk.operate("printer.jobs", printer=printer))[0])["state"] != "printed":
            assert time.monotonic() < deadline, f"{job}; the strip says {self.window.status.sentence()!r}"
            await asyncio.sleep(0.1)

    async def said(self, *texts: str, since: float) -> None:
        strip = self.window.status
        try:
            await until(lambda: all(text in strip.sentence() for text in texts), "", 10)
        except AssertionError:
            pytest.fail(f"{texts} expected, the strip says {strip.sentence()!r}")
        assert time.monotonic() - since < SOON, self.window.status.sentence()


async def gateway_gone(scene: Scene) -> tuple[str, ...]:
    scene.till.faults(
        *({"operation": name, "action": "drop-before"} for name in ("SubmitReceipt", "GetStatus", "Ping"))
    )
    await scene.sell()
    return "Selling offline", "1 receipt waits", "goes out by itself"


async def device_blocked(scene: Scene) -> tuple[str, ...]:
    scene.till.fdms.post(f"/devices/{scene.till.id}/block", {}).raise_for_status()
    await scene.sell()
    return "Stop", "ZIMRA"


async def certificate_revoked(scene: Scene) -> tuple[str, ...]:
    scene.till.fdms.post(f"/devices/{scene.till.id}/revoke-certificate", {}).raise_for_status()
    await scene.sell()
    return "Stop", "ertificate"


async def certificate_expired(scene: Scene) -> tuple[str, ...]:
    async def expire(_: Any) -> None:
        device = scene.till.device
        device.registered = msgspec.structs.replace(device.registered, certificate_till="2026-01-01T00:00:00Z")

    await scene.ask(expire)
    scene.window.actions_by_name["refresh"].trigger()
    return "Stop", "certificate has expired", "ask ZIMRA"


async def clock_wrong(scene: Scene) -> tuple[str, ...]:
    scene.till.fdms.post("/clock", {"offsetSeconds": 400}).raise_for_status()
    await scene.sell()
    return "clock is", "behind FDMS's", "correct it"


CAUSES = (gateway_gone, device_blocked, certificate_revoked, certificate_expired, clock_wrong)


def play(qapp: QApplication, fdms: Simulator, folder: Path, act: Callable[[Scene], Any]) -> Any:
    till = Till(fdms, folder / "till")

    async def opening() -> Any:
        await till.start(1)
        return till.engine

    async def whole() -> None:
        async with running(qapp, opening) as (window, _):
            await until(lambda: "Ready to sell" in window.status.sentence(), "the engine", 30)
            window.actions_by_name["sale"].trigger()
            await until(lambda: window.stack.currentWidget() is not window.overview, "the sale page")
            await act(Scene(window, till, folder))

    return whole()


@pytest.mark.parametrize("cause", CAUSES, ids=[cause.__name__ for cause in CAUSES])
def test_it_is_said_in_words_with_what_to_do(
    qapp: QApplication,
    on_qt_loop: Callable[..., Any],
    fdms: Simulator,
    tmp_path: Path,
    leave_picture: Any,
    cause: Callable[[Scene], Any],
) -> None:
    async def act(scene: Scene) -> None:
        begun = time.monotonic()
        texts = await cause(scene)
        try:
            await scene.said(*texts, since=max(begun, time.monotonic() - 0.5))
        finally:
            scene.till.fdms.control.delete("/faults")
            scene.till.fdms.post("/clock", {"offsetSeconds": 0})
        await asyncio.sleep(0.05)
        leave_picture(scene.window, f"cable-{cause.__name__}-light")
        scene.window.theme.choose("dark")
        scene.window.resize(1024, 740)
        await asyncio.sleep(0.1)
        leave_picture(scene.window, f"cable-{cause.__name__}-dark")

    on_qt_loop(play(qapp, fdms, tmp_path, act))


def test_a_printer_that_is_gone_is_said_and_that_it_is_back(
    qapp: QApplication, on_qt_loop: Callable[..., Any], fdms: Simulator, tmp_path: Path, leave_picture: Any
) -> None:
    async def act(scene: Scene) -> None:
        with ExitStack() as cable:
            printer = cable.enter_context(emulated_printer.running(tmp_path, "escpos"))
            wanted = {"name": "kitchen", "family": "escpos", "port": printer.port, "device_id": scene.till.id}
            await scene.page.desk.operate("printer.add", **wanted)
            await scene.sell()
            await scene.on_paper("kitchen")
        begun = time.monotonic()
        await scene.sell()
        await scene.said("You may sell", "printer kitchen", since=begun)
        leave_picture(scene.window, "cable-printer-gone-light")
        with emulated_printer.running(tmp_path, "escpos"):
            await until(lambda: "Ready to sell" in scene.window.status.sentence(), "the printer's return", 40)

    on_qt_loop(play(qapp, fdms, tmp_path, act))


def test_a_full_disk_is_said_at_the_sale_and_nothing_is_lost(
    qapp: QApplication, on_qt_loop: Callable[..., Any], fdms: Simulator, tmp_path: Path, leave_picture: Any
) -> None:
    async def act(scene: Scene) -> None:
        page = scene.page

        async def fill(_: Any) -> None:
            """SQLite's own full disk: from now on no page more than the books have."""
            await scene.till.engine.store.write(
                lambda work: work.open_sales._session.one("PRAGMA max_page_count = 1", ())
            )

        await scene.ask(fill)
        large = "A long word on the receipt. " * 20_000
        page.work(page.checkout.change(lambda now: msgspec.structs.replace(now, notes=large)))
        await until(lambda: "disk is full" in page.said.text() and "make room" in page.said.text(), "the words", SOON)
        leave_picture(scene.window, "cable-disk-full-light")

    on_qt_loop(play(qapp, fdms, tmp_path, act))
