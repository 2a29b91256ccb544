"""A folder in which a POS leaves its sales as files: looked at, read whole or not at all, and cleared away.

Nothing in it is trusted: links are not followed, sizes and names are bounded. Blocks. Knows no till.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
import zlib
from pathlib import Path
from typing import Any, Final

from .domain.errors import BadInput
from .sale_files import split_sales
from .services.watched_folder import Found, Unsettled

RESULTS, DONE, REJECTED = "results", "done", "rejected"
LARGEST_BYTES: Final = 16 * 2**20
_KINDS: Final = (".json", ".jsonl", ".ndjson", ".json.gz", ".jsonl.gz", ".ndjson.gz")
# Names under which programs write what is not ready yet.
_DRAFTS: Final = (".tmp", ".part", ".partial", ".crdownload", "~")
_GZIP: Final = b"\x1f\x8b"
_LONGEST_NAME: Final = 255
# Of another platform, or not: a link must not be followed, a pipe must not keep us waiting.
_READ_FLAGS: Final = (
    os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
)


class SaleFolder:
    """One folder; its own `results`, `done` and `rejected` are made in it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def look(self) -> list[Found]:
        """What lies there for us, oldest first; makes the folders of its own. Raises OSError."""
        for name in (RESULTS, DONE, REJECTED):
            own = self.path / name
            with contextlib.suppress(FileExistsError):
                own.mkdir()
            if not stat.S_ISDIR(own.lstat().st_mode):
                raise NotADirectoryError(20, f"{name} in it is no folder")
        found = []
        with os.scandir(self.path) as entries:
            for entry in entries:
                if not is_ours(entry.name):
                    continue
                with contextlib.suppress(FileNotFoundError):
                    state = entry.stat(follow_symlinks=False)
                    if not stat.S_ISDIR(state.st_mode):
                        found.append(Found(entry.name, shown(entry.name), _marks(state)))
        return sorted(found, key=lambda one: (one.marks[1], one.name))

    def read(self, found: Found) -> list[Any]:
        """The file's sales, parsed. Raises BadInput with what to change, Unsettled where it is still written to."""
        data = self._bytes(found)
        data = _unpacked(data)
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as wrong:
            kind = "UTF-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in data[:64] else "something else"
            raise BadInput(
                f"The file is not UTF-8 but {kind} (byte {wrong.start + 1}): write it in UTF-8 and leave it here again."
            ) from None
        sales = list(split_sales(text.encode()))
        if not sales:
            raise BadInput("The file holds no sale: write one JSON object, an array of them, or one a line.")
        broken = next((place for place, sale in enumerate(sales, 1) if isinstance(sale, str)), None)
        if broken is not None and len(sales) == 1:
            raise BadInput("The file is no JSON: it may have been cut off. Write it whole and leave it here again.")
        if broken == len(sales) and not text.endswith("\n"):
            raise BadInput(f"The file breaks off in line {broken}: write it whole and leave it here again.")
        return sales

    def put_result(self, name: str, content: bytes) -> None:
        """Write NAME.result.json at once; durable when this returns. Raises OSError."""
        self._put(self.path / RESULTS, fitting(stem(name), ".result.json"), content)

    def explain(self, name: str, reason: str) -> None:
        """Write rejected/NAME.reason.txt. Raises OSError."""
        self._put(self.path / REJECTED, fitting(stem(name), ".reason.txt"), reason.encode("utf-8", "replace") + b"\n")

    def clear(self, found: Found, *, rejected: bool) -> bool:
        """Put the file away; False when it was written to since it was read. Raises OSError."""
        source = self.path / found.name
        try:
            if _marks(source.lstat()) != found.marks:
                return False
        except FileNotFoundError:
            return True
        folder = self.path / (REJECTED if rejected else DONE)
        source.rename(_free(folder, found.name))
        _sync(folder)
        _sync(self.path)
        return True

    def _bytes(self, found: Found) -> bytes:
        try:
            handle = os.open(self.path / found.name, _READ_FLAGS)
        except OSError as wrong:
            if (self.path / found.name).is_symlink():
                raise BadInput("This is a link, not a file: leave the file itself here.") from None
            raise BadInput(
                f"The file cannot be read ({wrong.strerror}): give this user the right to read it."
            ) from None
        with os.fdopen(handle, "rb") as file:
            state = os.fstat(file.fileno())
            if not stat.S_ISREG(state.st_mode):
                raise BadInput("This is no ordinary file: leave a file with sales here.")
            if state.st_size > LARGEST_BYTES:
                raise BadInput(
                    f"The file has {state.st_size // 2**20} MiB; {LARGEST_BYTES // 2**20} are taken at most: split it."
                )
            data = file.read(LARGEST_BYTES + 1)
            if _marks(state) != found.marks or _marks(os.fstat(file.fileno())) != found.marks:
                raise Unsettled
        return data

    def _put(self, folder: Path, name: str, content: bytes) -> None:
        draft = folder / fitting("." + name, ".new")
        with contextlib.suppress(FileNotFoundError):
            draft.unlink()
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        with os.fdopen(os.open(draft, flags, 0o666), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(folder / name)
        _sync(folder)


def open_sale_folder(data: Path, path: str) -> SaleFolder:
    """The folder that the owner named. Raises BadInput where it cannot be one; `data`: the till's own."""
    named = Path(path)
    if not named.is_absolute():
        raise BadInput(
            f"The watched folder {path} needs its full path: `fiscalmon settings set watched-folder path=…`."
        )
    if data.resolve() in (named.resolve(), *named.resolve().parents):
        raise BadInput(f"The watched folder {path} lies in the till's own data folder: choose another one.")
    return SaleFolder(named)


def is_ours(name: str) -> bool:
    """Whether a file of this name is a sale that is ready, and no draft, result or reason."""
    lowered = name.lower()
    if lowered.startswith((".", "~")) or lowered.endswith((*_DRAFTS, ".result.json")):
        return False
    return lowered.endswith(_KINDS)


def stem(name: str) -> str:
    """The name without what says that it holds JSON."""
    for kind in sorted(_KINDS, key=len, reverse=True):
        if name.lower().endswith(kind) and len(name) > len(kind):
            return name[: -len(kind)]
    return name


def fitting(first: str, last: str) -> str:
    """The two as one file name; a name that would be too long is cut, and kept apart from others by a hash."""
    whole = os.fsencode(first + last)
    if len(whole) <= _LONGEST_NAME:
        return first + last
    mark = hashlib.sha256(os.fsencode(first)).hexdigest()[:12]
    room = _LONGEST_NAME - len(last) - len(mark) - 1
    return os.fsencode(first)[:room].decode("utf-8", "ignore") + "-" + mark + last


def shown(name: str) -> str:
    """A name as people may be shown it: one line, nothing that steers a screen."""
    text = os.fsencode(name).decode("utf-8", "replace")
    return "".join(char if char.isprintable() else "�" for char in text)


def _marks(state: os.stat_result) -> tuple[int, int, int]:
    return state.st_size, state.st_mtime_ns, state.st_ino


def _unpacked(data: bytes) -> bytes:
    if data[:2] != _GZIP:
        return data
    unpacker = zlib.decompressobj(wbits=31)
    try:
        content = unpacker.decompress(data, LARGEST_BYTES + 1)
    except zlib.error as wrong:
        raise BadInput(f"This gzip file is broken ({wrong}): copy it again.") from None
    if len(content) > LARGEST_BYTES:
        raise BadInput(f"Unpacked the file has more than {LARGEST_BYTES // 2**20} MiB: split it.")
    if not unpacker.eof:
        raise BadInput("This gzip file breaks off: copy it again.")
    return content


def _free(folder: Path, name: str) -> Path:
    """A name in the folder that is not taken: nothing that was put away before is replaced."""
    number = 1
    target = folder / name
    while os.path.lexists(target):
        number += 1
        target = folder / fitting(stem(name), f"~{number}{name[len(stem(name)) :]}")
    return target


def _sync(folder: Path) -> None:
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
