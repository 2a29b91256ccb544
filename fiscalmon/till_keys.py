"""What people do to a till's keys, sitting at it: move what unlocks them, take a key out, put one back, give a PIN.

Works on the data folder itself. No operation of an engine and no route of the server leads here.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import structlog

from device.keys.device_keys import KeyRoom
from device.keys.key_file import certified_key, exported, imported, public_half
from device.keys.transfer import write_export
from device.keys.unlocking import Place

from .data_folder import DataFolder
from .domain.errors import BadInput, KeyUnavailable, UnknownDevice
from .domain.registered import RegisteredDevice
from .settings import KeysSection
from .store.book_file import FILE_NAME
from .store.look import Look

log = structlog.get_logger()
Json = dict[str, Any]


class TillKeys:
    """The keys of one data folder. Every act raises KeyUnavailable, BadInput or UnknownDevice with nothing changed."""

    def __init__(self, folder: DataFolder, settings: KeysSection) -> None:
        self._folder = folder
        self._room = KeyRoom(folder.keys, settings.store, settings.token)

    def move(self, to: Place) -> Json:
        """What unlocks the keys goes to the keyring or into the file; {"keyStore", "moved"}."""
        moved = self._room.passphrases.move(to)
        log.warning("keys.moved", which=to, outcome="moved" if moved else "was there")
        return {"keyStore": self._room.passphrases.place, "moved": moved}

    def export(self, device_id: int, target: Path, passphrase: str) -> Json:
        """A device's key and certificate as a file under a passphrase; a file that exists is not replaced."""
        device = self._device(device_id)
        if self._room.keys.place(device_id) == "token":
            raise BadInput(f"The key of device {device_id} is in a token, which never gives it out.")
        content = exported(self._room.transfer.read(device_id), device.certificate_pem, passphrase)
        write_export(target, content)
        log.warning("key.exported", device=device_id)
        return {"deviceID": device_id, "file": str(target)}

    def bring_in(self, source: Path, passphrase: str) -> Json:
        """Put back the key of a device that these books know; {"deviceID", "replaced"}.

        A key of the device that can still be opened is left alone; one that cannot is kept beside as .set-aside.
        """
        try:
            content = source.read_bytes()
        except OSError as wrong:
            raise BadInput(f"The file {source} cannot be read: {wrong.strerror}.") from None
        key, _ = imported(content, passphrase)
        device = self._owner(public_half(key))
        if self._room.keys.place(device.device_id) == "token":
            raise BadInput(f"The key of device {device.device_id} is in a token.")
        replaced = False
        if self._room.files.exists(device.device_id):
            if self._opens(device):
                raise BadInput(f"The key of device {device.device_id} is there and works: nothing was changed.")
            self._room.transfer.set_aside(device.device_id)
            replaced = True
        self._room.transfer.put(device.device_id, key)
        log.warning("key.imported", device=device.device_id)
        return {"deviceID": device.device_id, "replaced": replaced}

    def keep_pin(self, device_id: int, pin: str) -> Json:
        """Keep a token's new PIN, once the token has taken it."""
        if self._room.keys.place(device_id) != "token":
            raise BadInput(f"The key of device {device_id} is in no token, so it has no PIN.")
        note = self._room.tokens.note(device_id)
        self._room.tokens.keep_pin(note.module, note.label, pin)
        log.warning("key.pin", device=device_id)
        return {"deviceID": device_id, "keyStore": "token"}

    def _opens(self, device: RegisteredDevice) -> bool:
        try:
            found = self._room.transfer.read(device.device_id)
        except KeyUnavailable:
            return False
        return public_half(found) == certified_key(device.certificate_pem)

    def _owner(self, public: bytes) -> RegisteredDevice:
        for device in self._devices():
            if certified_key(device.certificate_pem) == public:
                return device
        raise BadInput(
            "This key belongs to no device of this till, as its certificate stands in the books. "
            "Restore the books of that till first."
        )

    def _device(self, device_id: int) -> RegisteredDevice:
        for device in self._devices():
            if device.device_id == device_id:
                return device
        raise UnknownDevice(f"There is no device {device_id} on this till; `fiscalmon device list` shows them.")

    def _devices(self) -> list[RegisteredDevice]:
        if not (self._folder.path / FILE_NAME).exists():
            return []
        look = Look(self._folder.path)
        try:
            return list(look.archive.devices())
        finally:
            look.close()
