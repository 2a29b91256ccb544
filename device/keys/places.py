"""What keeps a device's key, told by names in the key folder alone: for commands that look and load little."""

from __future__ import annotations

from pathlib import Path

from fiscalmon.ports import KeyPlace


def key_place(folder: Path, device_id: int) -> KeyPlace:
    """The same answer as `DeviceKeys.place`."""
    if (folder / f"{device_id:d}.token").exists():
        return "token"
    return "keyring" if (folder / "keyring").exists() and not (folder / "passphrase").exists() else "file"
