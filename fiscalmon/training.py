"""A till to practise on: FDMS's simulator as a child process, books of its own, a shop whose very name says TRAINING.

Nothing of it reaches ZIMRA: its device is registered with the simulator alone, and every slip carries the shop's name.
"""

from __future__ import annotations

from typing import Any, Final

from .bootstrap import Engine, server_settings, start_engine
from .data_folder import DataFolder
from .demo import Simulator
from .domain.fiscal_day import DayStatus

SHOP: Final = "TRAINING - NOT A FISCAL RECEIPT"
DEVICE: Final = 90_001
_KEY: Final = "TRAINING"
_VAT_NUMBER: Final = "290000001"


class Training:
    """A running training till; also the engine handle that the window takes."""

    training = True

    def __init__(self, simulator: Simulator, engine: Engine) -> None:
        self._simulator = simulator
        self.engine = engine
        self.folder, self.till, self.operations = engine.folder, engine.till, engine.operations
        self.dashboard_url, self.ca_file = engine.dashboard_url, engine.ca_file
        self.summary = "Training: nothing you do here reaches ZIMRA, and no slip is a fiscal receipt"

    @classmethod
    async def start(cls, folder: DataFolder) -> Training:
        """Simulator and engine up, one device registered, its day open. Raises FiscalmonError."""
        # A folder in use is said before anything is started on it.
        folder.claim()
        folder.release()
        simulator = await Simulator.start(folder.path / "simulator")
        try:
            engine = await start_engine(folder, server=server_settings(folder, "127.0.0.1", 0, tls=True))
        except BaseException:
            await simulator.stop()
            raise
        made = cls(simulator, engine)
        try:
            await made._prepare()
        except BaseException:
            await made.stop()
            raise
        return made

    async def stop(self) -> None:
        """Engine first, so that what it still sends is heard."""
        await self.engine.stop()
        await self._simulator.stop()

    async def _prepare(self) -> None:
        device: dict[str, Any] = {
            "deviceID": DEVICE,
            "serialNo": f"TRAINING-{DEVICE}",
            "activationKey": _KEY,
            "vatNumber": _VAT_NUMBER,
            "taxPayerName": SHOP,
        }
        if not any(known.device_id == DEVICE for known in self.engine.devices):
            await self._simulator.enter(device)
            await self.operations.run(
                "device.register",
                {
                    "device_id": DEVICE,
                    "serial_no": device["serialNo"],
                    "activation_key": _KEY,
                    "gateway_url": self._simulator.url,
                    "ca_pem": self._simulator.ca_pem,
                },
            )
        day = await self.till.day_status(DEVICE)
        if day["fiscalDayStatus"] == DayStatus.CLOSED:
            await self.till.open_day(DEVICE)
