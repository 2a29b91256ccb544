"""An engine that can be held back asks FDMS nothing until the window has been given what the books know."""

from __future__ import annotations

import asyncio
from typing import Any

from ui.engine_thread import EngineThread


class Handle:
    """An engine that tells when it is let go."""

    till = None
    operations = None
    dashboard_url = None

    def __init__(self, told: list[str]) -> None:
        self._told = told
        self.let_go = asyncio.Event()

    def begin(self) -> None:
        self._told.append("begun")
        self.let_go.set()

    async def stop(self) -> None:
        self._told.append("stopped")


class Port:
    """What the thread says, in its order; ends the engine's life once it has begun, or at once."""

    def __init__(self, told: list[str], *, patient: bool) -> None:
        self._told, self._patient = told, patient
        self.thread: EngineThread | None = None
        self._handle: Any = None

    def opened(self, handle: Any, loop: asyncio.AbstractEventLoop) -> None:
        self._told.append("opened")
        self._handle = handle

    def failed(self, error: BaseException) -> None:
        self._told.append(f"failed: {error!r}")

    def stopped(self) -> None:
        self._told.append("ended")

    async def follow(self, till: Any) -> None:
        self._told.append("followed")
        if self._patient:
            await self._handle.let_go.wait()
        assert self.thread is not None
        self.thread.request_stop()
        await asyncio.Event().wait()


def _life(*, patient: bool) -> list[str]:
    told: list[str] = []

    async def open_engine() -> Handle:
        return Handle(told)

    port = Port(told, patient=patient)
    port.thread = EngineThread(open_engine, port)
    port.thread.start()
    assert port.thread.join(5)
    return told


def test_the_window_follows_before_fdms_is_asked() -> None:
    assert _life(patient=True) == ["opened", "followed", "begun", "stopped", "ended"]


def test_a_window_closed_at_once_asks_fdms_nothing() -> None:
    assert _life(patient=False) == ["opened", "followed", "stopped", "ended"]
