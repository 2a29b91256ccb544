"""Writing devices inside a write transaction."""

from __future__ import annotations

import msgspec

from ..domain.device import DeviceConfig
from ..domain.registered import RegisteredDevice
from .schema import devices
from .session import Session, insert_into

_INSERT = insert_into(devices)


class DeviceRows:
    """The devices' side of a write transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, device: RegisteredDevice) -> None:
        """A device that FDMS has certified."""
        values = msgspec.structs.asdict(device)
        values["config"] = None if device.config is None else encode_config(device.config)
        self._session.run(_INSERT, values)

    def configured(self, device_id: int, config: DeviceConfig) -> None:
        """getConfig's newest answer."""
        self._session.run("UPDATE devices SET config = ? WHERE device_id = ?", (encode_config(config), device_id))

    def heard(self, device_id: int, at: str) -> None:
        """FDMS answered this device."""
        self._session.run("UPDATE devices SET heard_at = ? WHERE device_id = ?", (at, device_id))


def encode_config(config: DeviceConfig) -> str:
    """The configuration as JSON text with FDMS's names."""
    return msgspec.json.Encoder(decimal_format="number").encode(config).decode()
