"""The coroutines the window has under way: kept alive, logged when they fail, ended before the loop does."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

from fiscalmon.correlation import correlated
from ui.bridge import EngineGone

log = logging.getLogger("fiscalmon.ui")
SHOWING_A_FAULT = "crash"


class Tasks:
    """Owns every task it starts. `failed` is told what one of them raised, once it is logged."""

    def __init__(self, failed: Callable[[BaseException], object]) -> None:
        self._failed = failed
        self._running: set[asyncio.Task[Any]] = set()

    def spawn(self, work: Coroutine[Any, Any, Any], name: str = "act") -> None:
        # What a key set off is found under one id, here and in the engine, up to the answer of FDMS.
        with correlated():
            task = asyncio.ensure_future(work)
        task.set_name(name)
        self._running.add(task)
        task.add_done_callback(self._done)

    def running(self, name: str) -> bool:
        return any(task.get_name() == name for task in self._running)

    async def cancel_all(self) -> None:
        """Returns when none is left."""
        tasks = list(self._running)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _done(self, task: asyncio.Task[Any]) -> None:
        self._running.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is not None and not isinstance(error, EngineGone):
            log.error("an act of the window failed", exc_info=error)
            if task.get_name() != SHOWING_A_FAULT:  # that one would show itself for ever
                self._failed(error)
