"""Which certificates FDMS issued to which device, and the public keys in them. Knows no TLS and no receipt."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives import serialization

from .archive import Archive
from .clock import utc_text
from .csr import PublicKey
from .records import Certificate


class Certificates:
    """A device may have several at a time: renewal leaves the old one valid unless the setting says otherwise (§8)."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._by_fingerprint: dict[str, Certificate] = {}
        self._by_device: dict[int, list[Certificate]] = {}
        self._keys: dict[str, PublicKey] = {}
        for record in archive.all("certificate", Certificate):
            self.remember(record)
        for records in self._by_device.values():
            records.sort(key=lambda record: record.not_after)

    def record(self, device_id: int, issued: x509.Certificate) -> Certificate:
        """The record of a certificate just issued; still to be stored with `put`."""
        return Certificate(
            fingerprint(issued.public_bytes(serialization.Encoding.DER)),
            device_id,
            issued.public_bytes(serialization.Encoding.PEM).decode(),
            issued.not_valid_before_utc.timestamp(),
            issued.not_valid_after_utc.timestamp(),
        )

    def put(self, record: Certificate) -> None:
        """Store it; call within a transaction, and `remember` it afterwards."""
        self._archive.put("certificate", f"{record.device_id}/{record.fingerprint}", record)

    def presented(self, der: bytes, now: float) -> Certificate | None:
        """The record of a client's certificate if FDMS issued it, did not revoke it, and it is valid now."""
        record = self._by_fingerprint.get(fingerprint(der))
        if record is None or record.revoked or not record.not_before <= now <= record.not_after:
            return None
        return record

    def keys(self, device_id: int, *, revoked: bool = False) -> list[PublicKey]:
        """The public keys a device may have signed with, newest first; `revoked`: those taken from it as well."""
        records = self._by_device.get(device_id, [])
        return [self._key(record) for record in reversed(records) if revoked or not record.revoked]

    def revoke(self, device_id: int) -> int:
        """Take all certificates of a device from it; how many those were."""
        taken = [record for record in self._by_device.get(device_id, []) if not record.revoked]
        with self._archive.transaction():
            for record in taken:
                self.put(msgspec.structs.replace(record, revoked=True))
        for record in taken:
            record.revoked = True
        return len(taken)

    def forget(self, device_id: int) -> None:
        """The archive has wiped the device."""
        for record in self._by_device.pop(device_id, []):
            self._by_fingerprint.pop(record.fingerprint, None)
            self._keys.pop(record.fingerprint, None)

    def valid_till(self, device_id: int) -> str:
        """UTC text of the newest certificate's end, "" for a device without one (§9)."""
        records = [record for record in self._by_device.get(device_id, []) if not record.revoked]
        return utc_text(datetime.fromtimestamp(records[-1].not_after, UTC)) if records else ""

    def remember(self, record: Certificate) -> None:
        """Know a certificate that the archive holds."""
        self._by_fingerprint[record.fingerprint] = record
        self._by_device.setdefault(record.device_id, []).append(record)

    def _key(self, record: Certificate) -> PublicKey:
        known = self._keys.get(record.fingerprint)
        if known is not None:
            return known
        loaded = x509.load_pem_x509_certificate(record.pem.encode()).public_key()
        return self._keys.setdefault(record.fingerprint, loaded)  # type: ignore[arg-type]  # csr.py lets in two kinds


def fingerprint(der: bytes) -> str:
    """SHA-256 of a certificate's DER, hex."""
    return hashlib.sha256(der).hexdigest()
