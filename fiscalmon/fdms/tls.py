"""TLS towards FDMS: who we believe, and the certificate by which FDMS knows the device. Verification has no switch.

The private key is read by OpenSSL from its encrypted file, or stays in its token; it passes through here never.
"""

from __future__ import annotations

import os
import ssl
import tempfile
from pathlib import Path
from typing import Protocol

from ..domain.errors import BadInput, KeyUnavailable


class KeyFiles(Protocol):
    """Where a device's encrypted key is and what unlocks it, for OpenSSL alone."""

    def present(self, context: ssl.SSLContext, certificate: Path, device_id: int, *, next_key: bool = False) -> bool:
        """Let the context show the certificate and prove it by a key that is in no file; False: it is in a file."""

    def key_path(self, device_id: int) -> Path:
        """The PKCS#8 PEM file. Raises KeyUnavailable when it is missing or open to others."""

    def next_key_path(self, device_id: int) -> Path:
        """The same for the key that is to follow it."""

    def passphrase(self) -> bytes:
        """What decrypts it. Raises KeyUnavailable."""


def trusting(ca_pem: str | None) -> ssl.SSLContext:
    """A client context: TLS 1.2 or newer, host name checked, chain up to `ca_pem`, else to the system's authorities.

    Raises BadInput when `ca_pem` holds no certificate.
    """
    try:
        context = ssl.create_default_context(cadata=ca_pem or None)
    except ssl.SSLError as error:
        raise BadInput("The gateway's CA file holds no certificate. Give a PEM file.", str(error)) from error
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def identify(
    context: ssl.SSLContext, certificate: Path, device_id: int, keys: KeyFiles, *, next_key: bool = False
) -> None:
    """Let the context show the device's certificate. Raises KeyUnavailable."""
    if keys.present(context, certificate, device_id, next_key=next_key):
        return
    key = keys.next_key_path(device_id) if next_key else keys.key_path(device_id)
    try:
        context.load_cert_chain(certificate, key, password=keys.passphrase())
    except ssl.SSLError as error:
        if error.reason == "KEY_VALUES_MISMATCH":
            text = f"The certificate of device {device_id} was issued for another key than {key}. Restore that key."
        else:
            text = f"Certificate or key of device {device_id} cannot be used ({key}). Restore both from a backup."
        raise KeyUnavailable(text, str(error)) from error
    except OSError as error:
        text = f"Certificate or key of device {device_id} cannot be read: {error.strerror}."
        raise KeyUnavailable(text, str(error)) from error


def write_certificate(folder: Path, device_id: int, pem: str, *, candidate: bool = False) -> Path:
    """The device's certificate as a file for OpenSSL: the owner's only, whole or not at all. Raises KeyUnavailable.

    A candidate gets a file of its own, so that the certificate in use stays where it is.
    """
    target = folder / f"{device_id}{'.next' if candidate else ''}.pem"
    content = pem.encode()
    temporary: str | None = None
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if target.is_file() and target.read_bytes() == content:
            return target
        handle, temporary = tempfile.mkstemp(dir=folder, prefix=f".{device_id}-")
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(target)
    except OSError as error:
        text = f"The certificate of device {device_id} cannot be written: {error.strerror} ({target})."
        raise KeyUnavailable(text, str(error)) from error
    finally:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)
    return target
