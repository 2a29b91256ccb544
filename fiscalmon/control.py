"""The control channel: how a command of this machine works through the engine that already runs.

One JSON object a line over loopback TCP: {"id", "operation", "arguments"} up, {"id", "result"} or {"id", "error"}
down, answers in any order. The first line up is {"token"} from the data folder, which only its owner can read; the
first line down says that it was right. When the engine stops, what it has begun is answered, the rest never begun.
"""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import json
import os
import secrets
from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any

import structlog

from . import correlation
from .data_folder import ControlAddress, DataFolder
from .domain.errors import FiscalmonError, SaleRefused
from .events import encode

LONGEST_LINE = 16 * 1024 * 1024
MOST_AT_ONCE = 64
GREETING_SECONDS = 5
# How long the end waits for operations that have begun; longer ones are cut off.
GRACE_SECONDS = 2
WELCOME = b'{"welcome":true}\n'
Operate = Callable[[str, dict[str, Any]], Awaitable[Any]]


log = structlog.get_logger()


class EngineGone(FiscalmonError):
    """The engine ended before it answered; what it was asked for may or may not be done."""

    code = "CONTROL"


class ControlServer:
    """Listens for the commands of this machine's user."""

    def __init__(self, folder: DataFolder, operate: Operate, *, stays: bool = False) -> None:
        self._folder = folder
        self._stays = stays
        self._operate = operate
        self._token = secrets.token_urlsafe(32)
        self._server: asyncio.Server | None = None
        self._visitors: set[asyncio.Task[None]] = set()

    @property
    def visitors(self) -> int:
        """How many commands work through this engine now."""
        return len(self._visitors)

    async def start(self) -> None:
        """Listen, then say where in the data folder."""
        self._server = await asyncio.start_server(self._visit, "127.0.0.1", 0, limit=LONGEST_LINE)
        port = self._server.sockets[0].getsockname()[1]
        self._folder.publish(ControlAddress(port, self._token, os.getpid(), self._stays))

    async def stop(self) -> None:
        """Stop listening; what commands have begun gets a moment to end, and its answer."""
        if self._server is None:
            return
        self._server.close()
        for visitor in tuple(self._visitors):
            visitor.cancel()
        await asyncio.gather(*self._visitors, return_exceptions=True)

    async def _visit(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._visitors.add(task)
        running: set[asyncio.Task[None]] = set()
        patience: float | None = None
        try:
            async with asyncio.timeout(GREETING_SECONDS):
                first = json.loads(await reader.readline() or b"{}")
            # As bytes: of text only ASCII can be compared so, and a stranger may send any.
            if not hmac.compare_digest(str(first.get("token")).encode(), self._token.encode()):
                return
            writer.write(WELCOME)
            places = asyncio.Semaphore(MOST_AT_ONCE)
            while line := await reader.readline():
                await places.acquire()
                job = asyncio.create_task(self._serve(line, writer))
                running.add(job)
                job.add_done_callback(running.discard)
                job.add_done_callback(lambda _: places.release())
        except (OSError, ValueError, TimeoutError, asyncio.LimitOverrunError, AttributeError):
            return
        except asyncio.CancelledError:
            patience = GRACE_SECONDS
        finally:
            if running:
                _, late = await asyncio.wait(running, timeout=patience)
                for job in late:
                    job.cancel()
                await asyncio.gather(*late, return_exceptions=True)
            if task is not None:
                self._visitors.discard(task)
            writer.close()

    async def _serve(self, line: bytes, writer: asyncio.StreamWriter) -> None:
        answer: dict[str, Any] = {"id": None}
        try:
            asked = json.loads(line, parse_float=Decimal)
            answer["id"] = asked["id"]
            with correlation.correlated(correlation.known_form(asked.get("correlation"))):
                answer["result"] = await self._operate(asked["operation"], asked["arguments"])
        except FiscalmonError as wrong:
            answer["error"] = {"kind": type(wrong).__name__, "code": wrong.code, "text": wrong.text}
            if isinstance(wrong, SaleRefused):
                answer["error"] |= {"saleId": wrong.sale_id, "errors": wrong.errors}
        except Exception:
            # A command must not wait for ever because of a fault of ours.
            log.exception("an operation failed")
            text = "fiscalmon has a fault of its own: the log in the data folder tells more."
            answer["error"] = {"kind": "FiscalmonError", "code": "INTERNAL", "text": text}
        with contextlib.suppress(OSError):
            writer.write(encode(answer) + b"\n")
            await writer.drain()


class ControlClient:
    """Calls operations of the engine that runs on a data folder."""

    def __init__(self, address: ControlAddress) -> None:
        self._address = address
        self._waiting: dict[int, asyncio.Future[Any]] = {}
        self._last_id = 0
        self._reader_task: asyncio.Task[None] | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def connect(self) -> bool:
        """False when nobody listens there any more, or somebody else does."""
        try:
            async with asyncio.timeout(GREETING_SECONDS):
                reader, self._writer = await asyncio.open_connection(
                    "127.0.0.1", self._address.port, limit=LONGEST_LINE
                )
                self._writer.write(json.dumps({"token": self._address.token}).encode() + b"\n")
                if await reader.readline() == WELCOME:
                    self._reader_task = asyncio.create_task(self._read(reader))
                    return True
        except (OSError, ValueError, TimeoutError):
            pass
        await self.close()
        return False

    async def operate(self, operation: str, arguments: dict[str, Any]) -> Any:
        """The operation's result. Raises what it raised there, as FiscalmonError."""
        if self._writer is None or self._reader_task is None or self._reader_task.done():
            raise _gone()
        self._last_id += 1
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting[self._last_id] = future
        try:
            asked = {"id": self._last_id, "operation": operation, "arguments": arguments}
            self._writer.write(encode({**asked, "correlation": correlation.current()}) + b"\n")
            await self._writer.drain()
        except OSError:
            self._waiting.pop(self._last_id, None)
            raise _gone() from None
        return await future

    async def close(self) -> None:
        """Hang up."""
        if self._writer is not None:
            self._writer.close()
        if self._reader_task is not None:
            self._reader_task.cancel()
            await asyncio.gather(self._reader_task, return_exceptions=True)

    async def _read(self, reader: asyncio.StreamReader) -> None:
        try:
            while line := await reader.readline():
                answer = json.loads(line, parse_float=Decimal)
                future = self._waiting.pop(answer["id"])
                if "error" in answer:
                    future.set_exception(_error(answer["error"]))
                else:
                    future.set_result(answer["result"])
        except (OSError, ValueError, KeyError):
            pass
        finally:
            for future in self._waiting.values():
                if not future.done():
                    future.set_exception(_gone())


def _gone() -> EngineGone:
    return EngineGone("fiscalmon stopped while it worked on this: run the command again.")


def _error(said: dict[str, Any]) -> FiscalmonError:
    if said["kind"] == "SaleRefused":
        return SaleRefused(said["saleId"], said["errors"])
    return FiscalmonError(said["text"], code=said["code"])
