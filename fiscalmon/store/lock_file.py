"""DATA_DIR/till-lock.json: what the cashier's lock has to remember; only a hash of the PIN, mode 0600.

Written whole or not at all. Knows nothing of what stands in it.
"""

from __future__ import annotations

import os
from pathlib import Path

FILE_NAME = "till-lock.json"


class LockFile:
    """Small and synchronous."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE_NAME

    def load(self) -> bytes | None:
        """The content, None before the first."""
        try:
            return self._path.read_bytes()
        except FileNotFoundError:
            return None

    def save(self, content: bytes) -> None:
        """Replace the content, durably."""
        draft = self._path.with_suffix(".new")
        draft.unlink(missing_ok=True)
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self._path)
