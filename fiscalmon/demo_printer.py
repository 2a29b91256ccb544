"""The demo's printer: the emulator as a process of its own. The till prints to it as to any other printer."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
from pathlib import Path
from typing import Any

from .domain.paper import PrinterSetup
from .services.printing import Printing

NAME = "demo"
START_SECONDS = 30.0


class DemoPrinter:
    """`paper`: where a browser sees what came out."""

    def __init__(self, process: asyncio.subprocess.Process, ready: dict[str, Any]) -> None:
        self._process = process
        self._port: str = ready["port"]
        self.paper = f"{ready['control']}/"

    @classmethod
    async def start(cls, folder: Path) -> DemoPrinter | None:
        """Start it and wait until it is there; None where it does not start: the demo goes on without paper."""
        program = [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m", "fiscalmon"]
        options = ("--json", "--until-eof", "--family", "escpos", "--link", _link(folder))
        process = await asyncio.create_subprocess_exec(
            *program,
            "printer-emulator",
            *options,
            stdout=asyncio.subprocess.PIPE,
            # Never written to: its end tells the emulator that the demo is gone, however it went.
            stdin=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            async with asyncio.timeout(START_SECONDS):
                line = await process.stdout.readline() if process.stdout else b""
            return cls(process, json.loads(line))
        except (TimeoutError, ValueError):
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            return None
        except asyncio.CancelledError:
            process.kill()
            await process.wait()
            raise

    async def set_up(self, printing: Printing, device_id: int) -> None:
        """Make it the device's printer."""
        known = {card["name"]: card for card in await printing.cards()}
        if NAME in known and known[NAME]["port"] != self._port:
            await printing.remove(NAME)
        await printing.add(PrinterSetup(NAME, "escpos", self._port, device_id=device_id))

    async def stop(self) -> None:
        """End the process."""
        if self._process.returncode is None:
            self._process.terminate()
            try:
                async with asyncio.timeout(4):
                    await self._process.wait()
            except TimeoutError:
                self._process.kill()
                await self._process.wait()


def _link(folder: Path) -> str:
    """A stable name: a second demo on the same data finds its printer again."""
    folder.mkdir(parents=True, exist_ok=True)
    return str(folder / "printer")
