"""The operating system's keyring (Secret Service, Windows, macOS) as the place of one secret. Knows no key and no file.

Its backends are named here, one a system: what else a machine has installed is never asked, least of all the ones
that keep their secrets in plain files. A keyring that waits for a person is given up after a while.
"""

from __future__ import annotations

import base64
import binascii
import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Protocol, TypeVar

from fiscalmon.domain.errors import KeyUnavailable

SERVICE = "fiscalmon"
# Long enough for a person to type the keyring's password, who is asked for it by the system.
PATIENCE = 30.0
T = TypeVar("T")


class Backend(Protocol):
    """What we use of `keyring`'s own interface."""

    def get_password(self, service: str, username: str) -> str | None: ...

    def set_password(self, service: str, username: str, password: str) -> None: ...

    def delete_password(self, service: str, username: str) -> None: ...


class OsKeyring:
    """Holds secrets by name. Every call raises KeyUnavailable when the keyring refuses or does not answer in time."""

    def __init__(self, backend: Backend, patience: float = PATIENCE) -> None:
        self._backend = backend
        self._patience = patience

    def get(self, account: str) -> bytes | None:
        """The secret, None when the keyring has none of this name."""
        text = self._bounded(lambda: self._backend.get_password(SERVICE, account))
        if text is None:
            return None
        try:
            return base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError):
            raise KeyUnavailable("What the keyring holds for fiscalmon was changed by somebody else.") from None

    def put(self, account: str, secret: bytes) -> None:
        """Keep the secret; it is read back before this returns, as some keyrings forget without a word."""
        text = base64.b64encode(secret).decode()
        self._bounded(lambda: self._backend.set_password(SERVICE, account, text))
        if self.get(account) != secret:
            raise KeyUnavailable("The keyring of this machine did not keep what it was given.")

    def remove(self, account: str) -> None:
        """Forget the secret."""
        self._bounded(lambda: self._backend.delete_password(SERVICE, account))

    def _bounded(self, call: Callable[[], T]) -> T:
        """The call's result, awaited in a thread of its own that nobody has to wait for at the end."""
        results: list[T] = []
        failures: list[BaseException] = []

        def work() -> None:
            try:
                results.append(call())
            except Exception as wrong:
                failures.append(wrong)

        thread = threading.Thread(target=work, name="keyring", daemon=True)
        thread.start()
        thread.join(self._patience)
        if results:
            return results[0]
        if failures:
            # Its own words stay out: a backend may quote what it was given.
            kind = type(failures[0]).__name__
            raise KeyUnavailable(f"The keyring of this machine refuses ({kind}): unlock it, then try again.")
        raise KeyUnavailable("The keyring of this machine does not answer: unlock it, then try again.")


def system_keyring() -> OsKeyring | None:
    """This machine's keyring, None where there is none: a service without a desktop's session has none on Linux."""
    try:
        backend = _backend()
    except Exception:
        # Whatever a missing library or a dead bus raises, it says one thing: there is no keyring to use.
        return None
    return OsKeyring(backend) if backend is not None else None


def _backend() -> Backend | None:
    if sys.platform == "win32":
        from keyring.backends.Windows import WinVaultKeyring

        return WinVaultKeyring() if WinVaultKeyring.viable else None
    if sys.platform == "darwin":
        from keyring.backends.macOS import Keyring

        return Keyring() if Keyring.viable else None
    if not _session_bus():
        return None
    from keyring.backends.SecretService import Keyring as SecretService

    return SecretService() if SecretService.viable else None  # type: ignore[no-untyped-call]


def _session_bus() -> bool:
    """Whether this user has a session bus, asked before its libraries are loaded."""
    address = os.environ.get("DBUS_SESSION_BUS_ADDRESS")
    if address:
        # D-Bus's own word for "none".
        return address != "disabled:"
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    return bool(runtime) and (Path(runtime or "") / "bus").exists()
