"""A program beside the till seen from whoever starts it: a child process that says in one line when it is ready.

Knows this program's own command line only by the words it is given."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
from typing import Any

STOP_SECONDS = 4.0


class Child:
    """`ready`: the JSON object that the program printed."""

    def __init__(self, process: asyncio.subprocess.Process, ready: dict[str, Any]) -> None:
        self._process = process
        self.ready = ready

    @classmethod
    async def start(cls, *words: str, seconds: float, quiet: bool = False) -> Child | None:
        """`fiscalmon WORDS --json --until-eof`, once it is ready; None where it is not by then, and it is ended.

        `quiet`: nobody is shown what it says on stderr."""
        program = [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m", "fiscalmon"]
        process = await asyncio.create_subprocess_exec(
            *program,
            *words,
            "--json",
            "--until-eof",
            stdout=asyncio.subprocess.PIPE,
            # Never written to: its end tells the child that its parent is gone, however it went.
            stdin=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL if quiet else None,
            start_new_session=True,
        )
        try:
            async with asyncio.timeout(seconds):
                line = await process.stdout.readline() if process.stdout else b""
            return cls(process, json.loads(line))
        except (TimeoutError, ValueError):
            await _kill(process)
            return None
        except asyncio.CancelledError:
            await _kill(process)
            raise

    async def stop(self) -> None:
        """End it, kindly first."""
        if self._process.returncode is None:
            self._process.terminate()
            try:
                async with asyncio.timeout(STOP_SECONDS):
                    await self._process.wait()
            except TimeoutError:
                await _kill(self._process)


async def _kill(process: asyncio.subprocess.Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        process.kill()
    await process.wait()
