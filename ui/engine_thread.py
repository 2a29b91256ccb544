"""The engine's own thread: one asyncio loop that opens the engine, follows its news and stops it in order.

Must not touch Qt: everything it has to say goes through the Port it is given (ui/bridge.py).
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

log = logging.getLogger("fiscalmon.ui.engine")
SHOWN_SECONDS = 0.1  # what the window needs, at most, to paint what the engine knew when it opened


class EngineHandle(Protocol):
    """A running engine. It may also carry `summary: str`, one sentence for the window's second line, and `begin()`.

    An engine with `begin` asks FDMS nothing until it is called: setting up TLS keeps the interpreter from painting.
    """

    @property
    def till(self) -> Any: ...
    @property
    def operations(self) -> Any: ...
    @property
    def dashboard_url(self) -> str | None: ...
    async def stop(self) -> None: ...


def _nothing() -> None:
    """An engine without devices to hold back."""


OpenEngine = Callable[[], Awaitable[EngineHandle]]


class Port(Protocol):
    """Where the thread's news go. All are called in the engine's thread."""

    def opened(self, handle: EngineHandle, loop: asyncio.AbstractEventLoop) -> None: ...
    def failed(self, error: BaseException) -> None: ...
    def stopped(self) -> None: ...
    async def follow(self, till: Any) -> None: ...


class EngineThread:
    """Starts once, stops once. A daemon: an engine that will not stop cannot keep the process alive."""

    def __init__(self, open_engine: OpenEngine, port: Port) -> None:
        self._open_engine = open_engine
        self._port = port
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None
        self._lock = threading.Lock()
        self._stop_wanted = False
        self._thread = threading.Thread(target=self._run, name="engine", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def request_stop(self) -> None:
        """Any thread, any number of times, also before the engine is open."""
        with self._lock:
            self._stop_wanted = True
            if self._loop is not None and self._stop is not None and not self._loop.is_closed():
                self._loop.call_soon_threadsafe(self._stop.set)

    def join(self, seconds: float) -> bool:
        """Whether the thread has ended within that time; True if it never started."""
        if self._thread.ident is None:
            return True
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def _run(self) -> None:
        try:
            with asyncio.Runner() as runner:
                try:
                    runner.run(self._live())
                finally:
                    with self._lock:
                        self._loop = None  # from here on there is no loop to call into
        except BaseException as error:  # whatever it was, the window must hear of it
            log.exception("the engine ended with an error")
            self._port.failed(error)
        finally:
            self._port.stopped()

    async def _live(self) -> None:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        with self._lock:
            self._loop, self._stop = loop, stop
            if self._stop_wanted:
                return
        stopping = asyncio.create_task(stop.wait())
        opening = asyncio.ensure_future(self._open_engine())
        await asyncio.wait((stopping, opening), return_when=asyncio.FIRST_COMPLETED)
        if not opening.done():
            opening.cancel()
        try:
            handle = await opening
        except asyncio.CancelledError:
            return
        except Exception as error:
            log.exception("the engine could not be opened")
            self._port.failed(error)
            await stopping
            return
        try:
            await self._follow_until(stopping, handle, loop)
        finally:
            await handle.stop()

    async def _follow_until(
        self, stopping: asyncio.Task[Any], handle: EngineHandle, loop: asyncio.AbstractEventLoop
    ) -> None:
        self._port.opened(handle, loop)
        following = asyncio.create_task(self._port.follow(handle.till))
        beginning = loop.call_later(SHOWN_SECONDS, getattr(handle, "begin", _nothing))
        await asyncio.wait((stopping, following), return_when=asyncio.FIRST_COMPLETED)
        beginning.cancel()
        if following.done():  # it only ends by an error
            following.result()
        following.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await following
