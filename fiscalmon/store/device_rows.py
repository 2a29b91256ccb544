"""Writing devices inside a write transaction."""

from __future__ import annotations

import msgspec

from ..domain.device import DeviceConfig
from ..domain.registered import RegisteredDevice
from .schema import devices
from .session import Session
from .statements import insert_into

_INSERT = insert_into(devices)
_KEEP_CONFIG = """
    INSERT INTO device_configs (device_id, after_receipt, config)
    SELECT :device, coalesce((SELECT max(id) FROM receipts), 0), :config
    WHERE :config IS NOT (SELECT config FROM device_configs WHERE device_id = :device ORDER BY id DESC LIMIT 1)"""


class DeviceRows:
    """The devices' side of a write transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, device: RegisteredDevice) -> None:
        """A device that FDMS has certified."""
        values = msgspec.structs.asdict(device)
        values["config"] = None if device.config is None else encode_config(device.config)
        self._session.run(_INSERT, values)
        if device.config is not None:
            self._keep(device.device_id, values["config"])

    def configured(self, device_id: int, config: DeviceConfig) -> None:
        """getConfig's newest answer; what changed is kept beside the older ones."""
        encoded = encode_config(config)
        self._session.run("UPDATE devices SET config = ? WHERE device_id = ?", (encoded, device_id))
        self._keep(device_id, encoded)

    def _keep(self, device_id: int, config: str) -> None:
        """Add to the device's configurations unless it is the one that holds already."""
        self._session.run(_KEEP_CONFIG, {"device": device_id, "config": config})

    def heard(self, device_id: int, at: str) -> None:
        """FDMS answered this device."""
        self._session.run("UPDATE devices SET heard_at = ? WHERE device_id = ?", (at, device_id))


def encode_config(config: DeviceConfig) -> str:
    """The configuration as JSON text with FDMS's names."""
    return msgspec.json.Encoder(decimal_format="number").encode(config).decode()
