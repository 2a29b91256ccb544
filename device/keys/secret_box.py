"""The secrets of alert channels: one encrypted file KEYS/alerts.sealed, for its owner only. Knows no channel.

What unlocks the keys unlocks it too, by a key derived for it alone; AES-256-GCM seals and proves.
"""

from __future__ import annotations

import json
import secrets
import threading
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from fiscalmon.domain.errors import KeyUnavailable

from .files import read_secret, write_secret
from .passphrase import PassphraseSource

_MARK = b"fiscalmon-secrets-1\n"
_NONCE = 12
_WHAT = "The file of the alert channels' secrets"


class SealedSecrets:
    """Implements ports.SecretBox. Threads may share it."""

    def __init__(self, folder: Path, passphrases: PassphraseSource) -> None:
        self._path = folder / "alerts.sealed"
        self._passphrases = passphrases
        self._lock = threading.Lock()

    def get(self, name: str) -> str | None:
        with self._lock:
            return self._read().get(name)

    def put(self, name: str, secret: str) -> None:
        with self._lock:
            self._write({**self._read(), name: secret})

    def remove(self, name: str) -> None:
        with self._lock:
            held = self._read()
            if held.pop(name, None) is not None:
                self._write(held)

    def _read(self) -> dict[str, str]:
        if not self._path.exists():
            return {}
        content = read_secret(self._path, _WHAT)
        start = len(_MARK)
        try:
            if not content.startswith(_MARK):
                raise ValueError("no mark")
            plain = AESGCM(self._key()).decrypt(content[start : start + _NONCE], content[start + _NONCE :], _MARK)
            held: dict[str, str] = json.loads(plain)
        except (InvalidTag, ValueError) as wrong:
            raise KeyUnavailable(
                f"{_WHAT} does not belong to this till's keys, or is damaged: remove {self._path} and give each "
                "channel its secret again (`fiscalmon alerts add-channel`)."
            ) from wrong
        return held

    def _write(self, held: dict[str, str]) -> None:
        nonce = secrets.token_bytes(_NONCE)
        sealed = AESGCM(self._key()).encrypt(nonce, json.dumps(held).encode(), _MARK)
        write_secret(self._path, _MARK + nonce + sealed, replace=True)

    def _key(self) -> bytes:
        return HKDF(SHA256(), 32, None, b"fiscalmon alert channels").derive(self._passphrases.read_or_make())
