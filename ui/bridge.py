"""The only thing that crosses threads: engine news into Qt, the window's calls into the engine.

Into Qt goes one signal that carries nothing; the data stay in our own locked inbox (objects sent through
cross-thread signals have crashed PySide). Must not know the window: it tells a Listener, in Qt's thread.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from ui.engine_thread import EngineHandle, EngineThread, OpenEngine
from ui.inbox import Inbox
from ui.presenters.till_view import Heard

log = logging.getLogger("fiscalmon.ui")
T = TypeVar("T")
PACE = 0.05  # seconds between two drains: what comes in between is shown together
AT_ONCE = 200  # entries a drain; the rest waits its turn so that no drain is felt


def _heard_of(answer: asyncio.Future[Any]) -> None:
    """An answer nobody waits for any more is no error of the loop."""
    if not answer.cancelled():
        answer.exception()


class EngineGone(Exception):
    """The engine is not open, or has stopped, so it cannot be asked."""


class Listener(Protocol):
    """Who is told, always in Qt's thread."""

    def engine_opened(self, handle: EngineHandle) -> None: ...
    def engine_failed(self, error: BaseException) -> None: ...
    def engine_stopped(self) -> None: ...
    def heard(self, messages: list[Heard], lost: int) -> None: ...


@dataclass(frozen=True)
class DoorMoved:
    """Heard beside the engine's messages: the door to the LAN, its addresses or their trust are not as before."""

    type: str = "lan.moved"
    seq: int = 0
    at: str = ""
    device_id: int | None = None
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class _Opened:
    handle: EngineHandle


@dataclass(frozen=True)
class _Failed:
    error: BaseException


@dataclass(frozen=True)
class _Stopped:
    pass


class Bridge(QObject):
    """Lives in Qt's thread; `opened`, `failed`, `stopped` and `follow` are for the engine's thread alone."""

    _wake = Signal()

    def __init__(self, listener: Listener, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._listener = listener
        self._inbox = Inbox()
        self._gate = threading.Lock()
        self._deaf = False
        self._thread: EngineThread | None = None
        self._handle: EngineHandle | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._drained = 0.0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._drain)
        self._wake.connect(self._woken, Qt.ConnectionType.QueuedConnection)

    def start(self, open_engine: OpenEngine) -> None:
        self._thread = EngineThread(open_engine, self)
        self._thread.start()

    def request_stop(self) -> None:
        if self._thread is not None:
            self._thread.request_stop()

    def ended(self, seconds: float = 0.0) -> bool:
        """Whether the engine's thread is gone, waiting at most so long for it."""
        return self._thread is None or self._thread.join(seconds)

    def detach(self) -> None:
        """From now on the engine speaks to nobody: one that would not stop must not reach a deleted object."""
        with self._gate:
            self._deaf = True
        self._timer.stop()

    async def ask(self, question: Callable[[Any], Coroutine[Any, Any, T]]) -> T:
        """Runs `question(till)` on the engine's loop, awaits its answer here. EngineGone if there is none."""
        return await self._asked(lambda handle: question(handle.till))

    async def operate(self, operation: str, arguments: dict[str, Any]) -> Any:
        """Runs an operation of the engine by its name, as the command line does. EngineGone if there is none."""
        return await self._asked(lambda handle: handle.operations.run(operation, arguments))

    async def _asked(self, question: Callable[[Any], Coroutine[Any, Any, T]]) -> T:
        handle, loop = self._handle, self._loop
        if handle is None or loop is None or loop.is_closed():
            raise EngineGone
        answer = asyncio.wrap_future(asyncio.run_coroutine_threadsafe(question(handle), loop))
        answer.add_done_callback(_heard_of)
        try:
            return await asyncio.shield(answer)  # who stops waiting does not stop what was asked for
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if task is not None and task.cancelling():
                raise
            raise EngineGone from None  # the engine's loop went away under the question

    # the engine's thread

    def opened(self, handle: EngineHandle, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._push(_Opened(handle))
        lan = getattr(handle, "lan", None)
        if lan is not None:
            lan.watch(lambda: self._push(DoorMoved()))

    def failed(self, error: BaseException) -> None:
        self._push(_Failed(error))

    def stopped(self) -> None:
        self._loop = None
        self._push(_Stopped())

    async def follow(self, till: Any) -> None:
        """Passes on every message until cancelled; where one subscription ends, the next resumes."""
        from fiscalmon.bus import (
            Overflow,
        )  # here: the shell is painted before anything of the engine is loaded

        after: int | None = None
        while True:
            subscription = till.subscribe(after=after)
            try:
                async for message in subscription:
                    after = message.seq
                    self._push(message)
            except Overflow:
                log.warning("the engine's thread was too busy to follow its own news; resuming")
            finally:
                subscription.close()
            await asyncio.sleep(0.2)

    def _push(self, entry: object) -> None:
        with self._gate:
            if not self._deaf and self._inbox.put(entry):
                self._wake.emit()

    # Qt's thread

    @Slot()
    def _woken(self) -> None:
        if not self._timer.isActive():
            due = self._drained + PACE - time.monotonic()
            self._timer.start(max(0, round(due * 1000)))

    @Slot()
    def _drain(self) -> None:
        self._drained = time.monotonic()
        entries, lost = self._inbox.take(AT_ONCE)
        messages: list[Heard] = []
        for entry in entries:
            if isinstance(entry, _Opened | _Failed | _Stopped):
                self._tell(entry, messages)
                messages = []
            else:
                messages.append(entry)
        if messages or lost:
            self._listener.heard(messages, lost)
        if not self._inbox.empty() and not self._timer.isActive():
            self._timer.start(round(PACE * 1000))

    def _tell(self, entry: _Opened | _Failed | _Stopped, before: list[Heard]) -> None:
        if before:
            self._listener.heard(before, 0)
        if isinstance(entry, _Opened):
            self._handle = entry.handle
            self._listener.engine_opened(entry.handle)
        elif isinstance(entry, _Failed):
            self._listener.engine_failed(entry.error)
        else:
            self._handle = None
            self._listener.engine_stopped()
