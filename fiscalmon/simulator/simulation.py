"""The parts of the simulator put together over one state folder. Knows no port, no HTTP."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from .archive import Archive
from .authority import Authority
from .clock import SimulatorClock
from .closing import Closing
from .faults import FaultPlan, Faults
from .file_queue import FileQueue
from .ledger import Ledger
from .rates import Rates
from .receiving import Receiving
from .stock import Stock
from .user_records import Users


class Simulation:
    """`names`: host names for the TLS certificate; `preset`: settings that outlive a reset; `time`: seconds since 1970.

    Construct it, then `start` within the running loop.
    """

    def __init__(
        self,
        folder: Path,
        names: Iterable[str],
        preset: Mapping[str, Any] | None = None,
        time: Callable[[], float] = time.time,
    ) -> None:
        self._preset = dict(preset or {})
        folder.mkdir(parents=True, exist_ok=True)
        self.authority = Authority(folder, names)
        self.archive = Archive(folder / "ledger.db")
        self.clock = SimulatorClock(source=time)
        self.ledger = Ledger(self.archive, self.clock)
        self.receiving = Receiving(self.ledger, self.authority)
        self.closing = Closing(self.ledger, self.authority)
        self.files = FileQueue(self.ledger, self.receiving, self.closing)
        self.users = Users(self.archive)
        self.stock = Stock(self.archive)
        self.faults = Faults()
        self.rates = Rates(self.ledger)
        self._apply_preset()

    def start(self) -> None:
        """Go on with what a kill interrupted."""
        self.closing.resume()
        self.files.resume()

    def reset(self) -> None:
        """Everything as at the first start; the authority, its keys and the activation keys stay."""
        self.ledger.reset()
        self._apply_preset()
        self.faults.replace(FaultPlan(()))

    def _apply_preset(self) -> None:
        if self._preset:
            self.ledger.change_settings(msgspec.structs.replace(self.ledger.settings, **self._preset))

    async def stop(self) -> None:
        await self.files.stop()
        await self.closing.stop()
        self.archive.close()
