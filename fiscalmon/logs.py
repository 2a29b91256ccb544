"""Where the engine's log goes: JSON lines in the data folder, rotated by size and day, readable by the owner alone.

A line holds the keys that are allowed by name, nothing else: a key that nobody thought about is left out, and named in
`left_out`. Exceptions are told by type and place; their words only where they are ours. What looks like a secret in an
allowed text is masked all the same.
"""

from __future__ import annotations

import logging
import logging.handlers
import re
import sys
import time
import traceback
from collections.abc import Iterator, MutableMapping
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Final

import structlog

from . import correlation
from .domain.errors import FiscalmonError

FILE_NAME: Final = "fiscalmon.log"
LARGEST_BYTES: Final = 5_000_000
KEPT: Final = 30
KEPT_SECONDS: Final = 30 * 86_400.0
KEPT_BYTES: Final = 50_000_000
LONGEST_TEXT: Final = 600
MOST_FRAMES: Final = 20
OURS: Final = ("fiscalmon", "ui", "device", "resources")
# What may stand in a line. A new key is added here by somebody who has asked whether it can ever hold a secret.
ALLOWED: Final = frozenset(
    {
        "account", "act", "address", "alert", "at", "attempt", "bytes", "channel", "channels", "charset",
        "chore", "code", "correlation", "count", "day", "detail", "device", "devices", "dialect", "error",
        "error_code", "event", "family", "file_id", "health", "host", "job", "kind", "left_out", "level",
        "limit", "logger", "method", "mode", "name", "new_key", "next_key", "number", "operation",
        "operation_id", "outcome", "part", "path", "pid", "port", "printer", "problems", "queued", "reason",
        "receipt", "receipts", "removed", "renewable", "role", "rule", "sale", "schema", "seconds",
        "section", "seq", "size", "state", "status", "step", "subject", "task", "text", "till", "timestamp",
        "tries", "type", "unclean", "url", "verdict", "version", "wait", "what", "which", "why"
    }
)  # fmt: skip
_MASKS: Final = (
    (re.compile(r"-----BEGIN [^-]+-----.*?(-----END [^-]+-----|$)", re.DOTALL), "…"),
    (re.compile(r"(?i)\b(bearer|basic)\s+\S+"), r"\1 …"),
    (
        re.compile(
            r"(?i)([\"']?[\w-]*(?:passw\w*|passphrase|secret|token|api_?key|activation[ _]?key|authorization|cookie)"
            r"[\w-]*[\"']?\s*[=:]\s*)([\"'][^\"']*[\"']|\S+)"
        ),
        r"\1…",
    ),
    (re.compile(r"[A-Za-z0-9_+=.\-]{40,}"), "…"),
)
Line = MutableMapping[str, Any]


def log_to(folder: Path, *, verbose: int = 0) -> None:
    """Send everything to DATA_DIR/logs/fiscalmon.log; the libraries' chatter only when asked for."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / FILE_NAME
    path.touch(mode=0o600)
    handler = DailyHandler(path, maxBytes=LARGEST_BYTES, backupCount=KEPT, encoding="utf-8")
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
            foreign_pre_chain=(_template_only, *_STAMPS),
        )
    )
    root = logging.getLogger()
    for old in root.handlers:
        if isinstance(old, logging.handlers.RotatingFileHandler):
            old.close()
    root.handlers = [handler]
    root.setLevel(logging.DEBUG if verbose > 1 else logging.INFO if verbose else logging.WARNING)
    for name in OURS:
        logging.getLogger(name).setLevel(logging.DEBUG if verbose > 1 else logging.INFO)
    for chatty in ("httpx", "httpcore", "uvicorn.access"):
        logging.getLogger(chatty).setLevel(logging.DEBUG if verbose > 1 else logging.WARNING)
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *_STAMPS, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


def log_nowhere() -> None:
    """For a command that only looks: its output is its own, and no file is made."""
    logging.getLogger().handlers = [logging.NullHandler()]
    structlog.configure(processors=[_drop])


class DailyHandler(logging.handlers.RotatingFileHandler):
    """Begins a new file each day, and when the file is full."""

    _day: str | None = None

    def shouldRollover(self, record: logging.LogRecord) -> bool:
        if self._day is None:
            self._day = _first_day(Path(self.baseFilename)) or _today()
        if self._day != _today():
            return True
        return bool(super().shouldRollover(record))

    def doRollover(self) -> None:
        super().doRollover()
        Path(self.baseFilename).chmod(0o600)
        self._day = _today()


def prune(folder: Path, *, now: float | None = None) -> int:
    """Remove log files that are too old or, from the oldest on, too many bytes; how many went."""
    moment = time.time() if now is None else now
    held, gone = 0, 0
    files = [(path.stat(), path) for path in folder.glob(FILE_NAME + ".*")]
    for state, path in sorted(files, key=lambda one: one[0].st_mtime, reverse=True):
        held += state.st_size
        if moment - state.st_mtime > KEPT_SECONDS or held > KEPT_BYTES:
            path.unlink(missing_ok=True)
            gone += 1
    return gone


def files_of(folder: Path) -> Iterator[Path]:
    """The log files there are, oldest first."""
    numbered = [path for path in folder.glob(FILE_NAME + ".*") if path.suffix[1:].isdigit()]
    yield from sorted(numbered, key=lambda path: -int(path.suffix[1:]))
    if (folder / FILE_NAME).exists():
        yield folder / FILE_NAME


def masked(text: str) -> str:
    """A text without what looks like a secret, cut to a sensible length."""
    for form, instead in _MASKS:
        text = form.sub(instead, text)
    return text if len(text) <= LONGEST_TEXT else text[:LONGEST_TEXT] + "…"


def told(wrong: BaseException) -> dict[str, Any]:
    """An exception for a log: its type, where it came from, and its words where they are ours."""
    frames = [
        f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(wrong.__traceback__)
    ]
    said: dict[str, Any] = {"type": type(wrong).__name__, "where": frames[-MOST_FRAMES:]}
    if isinstance(wrong, FiscalmonError):
        said |= {"code": wrong.code, "text": masked(wrong.text)}
    elif isinstance(wrong, OSError) and wrong.strerror:
        said["text"] = masked(wrong.strerror)
    if wrong.__cause__ is not None:
        said["cause"] = {"type": type(wrong.__cause__).__name__}
    return said


def _drop(_logger: Any, _name: str, _line: Line) -> Line:
    raise structlog.DropEvent


def _today() -> str:
    return datetime.now(UTC).date().isoformat()


def _first_day(path: Path) -> str | None:
    """The day of a file's first line."""
    try:
        with path.open("rb") as file:
            found = re.search(rb'"timestamp": ?"(\d{4}-\d{2}-\d{2})', file.readline(10_000))
    except OSError:
        return None
    return found[1].decode() if found else None


def _short(file: str) -> str:
    """A source file without the folders it was installed in."""
    parts = Path(file).parts
    for name in (*OURS, "site-packages"):
        if name in parts:
            at = len(parts) - 1 - parts[::-1].index(name)
            return "/".join(parts[at + (name == "site-packages") :])
    return Path(file).name


def _template_only(_logger: Any, _name: str, line: Line) -> Line:
    """Other people's messages without what was filled into them: nobody here has looked at that."""
    record = line.get("_record")
    if isinstance(record, logging.LogRecord) and not record.name.startswith(OURS):
        line["event"] = str(record.msg) if record.args else masked(str(record.msg))
        if record.exc_info:
            line["exc_info"] = record.exc_info
    return line


def _correlated(_logger: Any, _name: str, line: Line) -> Line:
    current = correlation.current()
    if current is not None:
        line["correlation"] = current
    return line


def _explained(_logger: Any, _name: str, line: Line) -> Line:
    """The exception of a line, as `told` has it."""
    info = line.pop("exc_info", None)
    record = line.get("_record")
    if info is None and isinstance(record, logging.LogRecord):
        info = record.exc_info
    if isinstance(record, logging.LogRecord):
        # Else the formatter would write it out once more, words and all.
        record.exc_info = record.exc_text = None
    wrong = _exception(info)
    if wrong is not None:
        line["error"] = told(wrong)
    return line


def _exception(info: object) -> BaseException | None:
    if isinstance(info, BaseException):
        return info
    if isinstance(info, tuple):
        return info[1] if isinstance(info[1], BaseException) and isinstance(info[2], TracebackType | None) else None
    return sys.exc_info()[1] if info else None


def _allowed_only(_logger: Any, _name: str, line: Line) -> Line:
    """The allow-list. What is not on it is named, so that somebody can ask for it."""
    left_out = []
    for key in list(line):
        if key in ("_record", "_from_structlog"):
            continue
        if key not in ALLOWED:
            del line[key]
            left_out.append(key)
        elif key != "error":
            value = line[key]
            if not isinstance(value, int | float | bool | None):
                line[key] = masked(str(value))
    if left_out:
        line["left_out"] = sorted(left_out)
    return line


_STAMPS: Final = (
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    _correlated,
    _explained,
    _allowed_only,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
)
