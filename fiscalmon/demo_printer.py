"""The demo's printer: the emulator as a process of its own. The till prints to it as to any other printer."""

from __future__ import annotations

from pathlib import Path

from .companions.child import Child
from .domain.paper import PrinterSetup
from .services.printing import Printing

NAME = "demo"
START_SECONDS = 30.0


class DemoPrinter:
    """`paper`: where a browser sees what came out."""

    def __init__(self, child: Child) -> None:
        self._child = child
        self._port: str = child.ready["port"]
        self.paper = f"{child.ready['control']}/"

    @classmethod
    async def start(cls, folder: Path) -> DemoPrinter | None:
        """Start it and wait until it is there; None where it does not start: the demo goes on without paper."""
        words = ("printer-emulator", "--family", "escpos", "--link", _link(folder))
        child = await Child.start(*words, seconds=START_SECONDS, quiet=True)
        return None if child is None else cls(child)

    async def set_up(self, printing: Printing, device_id: int) -> None:
        """Make it the device's printer."""
        known = {card["name"]: card for card in await printing.cards()}
        if NAME in known and known[NAME]["port"] != self._port:
            await printing.remove(NAME)
        await printing.add(PrinterSetup(NAME, "escpos", self._port, device_id=device_id))

    async def stop(self) -> None:
        """End the process."""
        await self._child.stop()


def _link(folder: Path) -> str:
    """A stable name: a second demo on the same data finds its printer again."""
    folder.mkdir(parents=True, exist_ok=True)
    return str(folder / "printer")
