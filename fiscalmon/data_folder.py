"""The data folder of a till: where everything it keeps lies, and the lock that lets one engine own it.

The engine that holds the lock leaves the address of its control channel beside it.
"""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from .domain.errors import FiscalmonError

if TYPE_CHECKING:
    from filelock import BaseFileLock

ENVIRONMENT = "FISCALMON_DATA_DIR"
CHOSEN = "data-folder"  # in the platform's folder: the name of the one that is used instead
TRAINING = "training"  # a till's folder holds that of its training till


class FolderInUse(FiscalmonError):
    """Another fiscalmon runs on this data folder."""

    code = "FOLDER_IN_USE"


class ControlAddress(NamedTuple):
    """Where the running engine listens for commands of this machine; `token` proves the right to read the folder.

    `stays`: it runs until it is stopped; otherwise it is one command's and soon gone.
    """

    port: int
    token: str
    pid: int
    stays: bool = False


class DataFolder:
    """A folder that only its owner may read. Raises FiscalmonError when it cannot be used."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            path.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as wrong:
            raise FiscalmonError(
                f"The data folder {path} cannot be made: choose another with --data-dir.", str(wrong), code="FOLDER"
            ) from None
        self._lock: BaseFileLock | None = None
        # Whether the engine before left without a word, by a crash or a power cut; known once the folder is claimed.
        self.unclean = False

    @property
    def keys(self) -> Path:
        return self.path / "keys"

    @property
    def certificates(self) -> Path:
        return self.path / "certificates"

    @property
    def logs(self) -> Path:
        return self.path / "logs"

    def claim(self) -> None:
        """Own the folder until `release` or the end of the process, however it ends. Raises FolderInUse."""
        # Imported here: a command that only reads needs no lock, and is to answer at once.
        from filelock import FileLock, Timeout

        self._lock = self._lock or FileLock(self.path / "engine.lock")
        try:
            self._lock.acquire(timeout=0)
        except Timeout:
            raise FolderInUse(
                f"fiscalmon already runs on {self.path}: use that one, or choose another folder with --data-dir."
            ) from None
        except OSError as wrong:
            raise FiscalmonError(
                f"The data folder {self.path} cannot be written: give this user the right to write there.",
                str(wrong),
                code="FOLDER",
            ) from None
        self.unclean = self._control_file.exists()

    async def claim_within(self, seconds: float) -> None:
        """As `claim`; what a command has for a moment is waited for, an engine that stays is not."""
        import asyncio

        end = time.monotonic() + seconds
        while True:
            try:
                return self.claim()
            except FolderInUse:
                holder = self.running()
                if (holder is not None and holder.stays) or time.monotonic() >= end:
                    raise
            await asyncio.sleep(0.1)

    def release(self) -> None:
        """Let another engine own the folder."""
        self._control_file.unlink(missing_ok=True)
        if self._lock is not None:
            self._lock.release()

    @property
    def _control_file(self) -> Path:
        return self.path / "engine.json"

    def publish(self, address: ControlAddress) -> None:
        """Say where this engine takes commands; readable by the owner alone."""
        draft = self.path / "engine.json.new"
        draft.unlink(missing_ok=True)
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(address._asdict(), file)
        draft.replace(self._control_file)

    def running(self) -> ControlAddress | None:
        """Where a running engine takes commands, None when none says so. The address may be a dead engine's."""
        try:
            said = json.loads(self._control_file.read_text())
            return ControlAddress(int(said["port"]), str(said["token"]), int(said["pid"]), said.get("stays") is True)
        except (OSError, ValueError, KeyError, TypeError):
            return None


def named_folder() -> Path | None:
    """FISCALMON_DATA_DIR, where it is set."""
    named = os.environ.get(ENVIRONMENT)
    return Path(named) if named else None


def default_folder() -> Path:
    """FISCALMON_DATA_DIR, else the folder chosen in the window's first run, else the platform's user-data folder."""
    named = named_folder()
    if named is not None:
        return named
    from platformdirs import user_data_path

    usual = user_data_path("fiscalmon", appauthor=False)
    try:
        chosen = Path((usual / CHOSEN).read_text(encoding="utf-8").strip())
    except (OSError, ValueError):
        return usual
    return chosen if chosen.is_absolute() else usual


def choose_folder(path: Path) -> None:
    """Make it this user's usual folder from the next start on. Raises FiscalmonError where it cannot be."""
    from platformdirs import user_data_path

    if not path.is_absolute():
        raise FiscalmonError(f"Name the whole way to the folder, not only {path}.", code="FOLDER")
    folder = DataFolder(path)
    folder.claim()
    folder.release()
    usual = user_data_path("fiscalmon", appauthor=False)
    try:
        usual.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = usual / f".{CHOSEN}"
        draft.write_text(f"{path}\n", encoding="utf-8")
        draft.replace(usual / CHOSEN)
    except OSError as wrong:
        raise FiscalmonError(f"The choice cannot be kept in {usual}.", str(wrong), code="FOLDER") from None
