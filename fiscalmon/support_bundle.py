"""A file for support: what was chosen, member by member, from logs and books. Never a filtered copy of anything.

No key, password, token or receipt's content is read for it; names of people, their folders and machines are left out.
A part that cannot be made is named in the manifest with the reason, so that a bundle comes out of a damaged till too.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import re
import sqlite3
import sys
import zipfile
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final

from cryptography import x509

from . import __version__
from .data_folder import DataFolder
from .domain.errors import FiscalmonError
from .domain.localtime import utc_text
from .logs import ALLOWED, files_of, masked
from .settings import Settings, load_settings
from .store.book_file import FILE_NAME

MOST_LINES: Final = 2_000
MOST_ATTEMPTS: Final = 200
MOST_EVENTS: Final = 1_000
MOST_CRASHES: Final = 10
LIBRARIES: Final = (
    "cryptography", "httpx", "msgspec", "pyside6-essentials", "sqlalchemy", "starlette", "structlog", "uvicorn",
    "websockets",
)  # fmt: skip
LEFT_OUT: Final = (
    "keys, certificates' files and TLS secrets",
    "accounts, sessions and tokens",
    "receipts, buyers and amounts of single sales",
    "requests to FDMS and its answers",
    "values of settings that name folders, addresses or people",
    "names of this machine, its users and their folders",
)
# Of a log line everything but what can name people or machines; of an event what says how things went.
_LINE_KEYS: Final = ALLOWED - {"account", "address", "host", "path", "url", "port", "name", "printer"}
_EVENT_KEYS: Final = frozenset(
    {
        "bytes", "code", "codes", "daysLeft", "fiscalDayClosingErrorCode", "fiscalDayNo", "freeBytes",
        "latencyMs", "level", "notAfter", "reason", "receiptCounter", "receiptGlobalNo", "receiptId",
        "receiptType", "receipts", "seconds", "section", "status", "verified"
    }
)  # fmt: skip
_CODES: Final = frozenset({"code", "color", "field"})
_SAFE_SETTINGS: Final = (("server", "port"), ("gateway", "timeout_seconds"), ("gateway", "file_transport"))


class _Scrub:
    """Takes folders, users and machines out of texts that were chosen for the bundle."""

    def __init__(self, folder: Path) -> None:
        places = {str(folder), str(folder.absolute()), str(folder.resolve())}
        home = str(Path.home())
        self._words = [(place, "DATA_DIR") for place in sorted(places, key=len, reverse=True)]
        if len(home) > 1:
            self._words.append((home, "HOME"))
        for name in {platform.node(), os.environ.get("USER", ""), os.environ.get("USERNAME", "")}:
            if len(name) > 2:
                self._words.append((name, "…"))
        self._paths = re.compile(r"(?:[A-Za-z]:)?[\\/](?:home|Users)[\\/][^\\/\s\"']+")

    def __call__(self, text: str) -> str:
        for word, instead in self._words:
            text = text.replace(word, instead)
        return masked(self._paths.sub("HOME", text))

    def deep(self, value: Any) -> Any:
        """The same for every text inside."""
        if isinstance(value, str):
            return self(value)
        if isinstance(value, dict):
            return {key: self.deep(held) for key, held in value.items()}
        return [self.deep(held) for held in value] if isinstance(value, list | tuple) else value


def write_bundle(folder: DataFolder, report: dict[str, Any], target: Path) -> dict[str, Any]:
    """Write the file: {"file", "files": [{name, bytes, sha256}], "leftOut", "missing"}. Raises FiscalmonError."""
    scrub = _Scrub(folder.path)
    parts: dict[str, bytes] = {}
    missing: list[dict[str, str]] = []
    makers: tuple[tuple[str, Callable[[], Any]], ...] = (
        ("doctor.json", lambda: _doctor(report)),
        ("versions.json", _versions),
        ("settings.json", lambda: _settings(folder.path)),
        ("database.json", lambda: _in_books(folder.path, _database)),
        ("preferences.json", lambda: _in_books(folder.path, _preferences)),
        ("attempts.json", lambda: _in_books(folder.path, _attempts)),
        ("counters.json", lambda: _in_books(folder.path, _counters)),
        ("certificates.json", lambda: _in_books(folder.path, _certificates)),
        ("events.json", lambda: _in_books(folder.path, _events)),
        ("log.json", lambda: _log(folder.logs)),
        ("crashes.json", lambda: _crashes(folder.path / "crashes")),
    )
    for name, make in makers:
        try:
            parts[name] = json.dumps(scrub.deep(make()), indent=1, ensure_ascii=False, default=str).encode()
        except (OSError, ValueError, sqlite3.Error, FiscalmonError) as wrong:
            # Words of an exception may quote what must not leave: its kind says enough.
            missing.append({"name": name, "reason": type(wrong).__name__})
    listed = [
        {"name": name, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        for name, content in parts.items()
    ]
    manifest = {
        "madeAt": utc_text(datetime.now(UTC)), "fiscalmon": __version__, "files": listed, "leftOut": list(LEFT_OUT),
        "missing": missing,
    }  # fmt: skip
    _zip(target, {"manifest.json": json.dumps(manifest, indent=1).encode(), **parts})
    return {"file": str(target), "files": listed, "leftOut": list(LEFT_OUT), "missing": missing}


def _zip(target: Path, parts: dict[str, bytes]) -> None:
    draft = target.with_name(f".{target.name}.new")
    try:
        with (
            os.fdopen(os.open(draft, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), "w+b") as file,
            zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as bundle,
        ):
            for name, content in parts.items():
                bundle.writestr(name, content)
        draft.replace(target)
    except OSError as wrong:
        draft.unlink(missing_ok=True)
        text = f"The bundle {target} cannot be written: {wrong.strerror or wrong}. Choose another place."
        raise FiscalmonError(text, str(wrong), code="BUNDLE") from wrong


def _doctor(report: dict[str, Any]) -> dict[str, Any]:
    """The report without the address at which the till is reached."""
    checks = [{**check, "what": "…"} if check["code"] == "LAN" else check for check in report["checks"]]
    return {**report, "checks": checks}


def _versions() -> dict[str, Any]:
    found: dict[str, str | None] = {}
    for name in LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = None
    return {
        "fiscalmon": __version__,
        "python": sys.version.split()[0],
        "frozen": bool(getattr(sys, "frozen", False)),
        "system": platform.system(),
        "release": platform.release(),
        "machine": platform.machine(),
        "cores": os.cpu_count(),
        "sqlite": sqlite3.sqlite_version,
        "display": bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")),
        "timeZone": datetime.now().astimezone().tzname(),
        "libraries": found,
    }


def _settings(folder: Path) -> dict[str, Any]:
    """Values that name nobody; of the others only whether they differ from what they are by themselves."""
    held, plain = load_settings(folder, None), Settings()
    values = {f"{section}.{name}": getattr(getattr(held, section), name) for section, name in _SAFE_SETTINGS}
    changed = [
        f"{section}.{name}"
        for section in ("server", "gateway")
        for name in getattr(held, section).__struct_fields__
        if getattr(getattr(held, section), name) != getattr(getattr(plain, section), name)
    ]
    return {"values": values, "changed": changed}


def _in_books(folder: Path, query: Callable[[sqlite3.Connection], Any]) -> Any:
    address = f"{(folder / FILE_NAME).absolute().as_uri()}?mode=rw"
    with closing(sqlite3.connect(address, uri=True, timeout=5)) as books:
        return query(books)


def _database(books: sqlite3.Connection) -> dict[str, Any]:
    tables = [row[0] for row in books.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
    sizes = {name: books.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in tables}  # noqa: S608 - names of its own schema
    pragmas = ("journal_mode", "page_size", "page_count", "freelist_count", "user_version")
    return {
        "schema": [row[0] for row in books.execute("SELECT version_num FROM alembic_version")],
        "rows": sizes,
        "pragmas": {name: books.execute(f"PRAGMA {name}").fetchone()[0] for name in pragmas},
        "integrity": [row[0] for row in books.execute("PRAGMA integrity_check(20)")],
        "waiting": _rows(
            books,
            "SELECT device_id, status, count(*) AS receipts, min(receipt) AS first_row FROM outbox "
            "WHERE settled_at IS NULL GROUP BY 1, 2",
        ),
        "days": _rows(
            books,
            "SELECT device_id, fiscal_day_no, status, announced, closing_error, reconciliation_mode, receipt_counter "
            "FROM fiscal_days ORDER BY device_id, fiscal_day_no DESC LIMIT 60",
        ),
        "chores": _rows(books, "SELECT name, at, outcome FROM chores"),
    }


def _preferences(books: sqlite3.Connection) -> list[dict[str, Any]]:
    """Which settings were changed; numbers and switches by value, texts only as set."""
    told = []
    for section, value in books.execute("SELECT section, value FROM preferences"):
        members = json.loads(value)
        told.append(
            {
                "section": section,
                "values": {name: held if not isinstance(held, str) else "set" for name, held in members.items()},
            }
        )
    return told


def _attempts(books: sqlite3.Connection) -> list[dict[str, Any]]:
    return _rows(
        books,
        "SELECT a.at, a.device_id, r.receipt_global_no, a.outcome, a.http_status, a.latency_ms, a.error, "
        "a.correlation_id, a.operation_id FROM attempts a JOIN receipts r ON r.id = a.receipt "
        "ORDER BY a.id DESC LIMIT ?",
        (MOST_ATTEMPTS,),
    )


def _counters(books: sqlite3.Connection) -> list[dict[str, Any]]:
    first = (datetime.now(UTC) - timedelta(days=7)).date().isoformat()
    return _rows(
        books, "SELECT device_id, day, completed, failed FROM rollup_days WHERE day >= ? ORDER BY 2, 1", (first,)
    )


def _certificates(books: sqlite3.Connection) -> list[dict[str, Any]]:
    told = []
    for device_id, pem in books.execute("SELECT device_id, certificate_pem FROM devices"):
        found = x509.load_pem_x509_certificate(pem.encode())
        told.append(
            {
                "deviceID": device_id,
                "subject": found.subject.rfc4514_string(),
                "issuer": found.issuer.rfc4514_string(),
                "notBefore": utc_text(found.not_valid_before_utc),
                "notAfter": utc_text(found.not_valid_after_utc),
            }
        )
    return told


def _events(books: sqlite3.Connection) -> list[dict[str, Any]]:
    told = []
    rows = books.execute("SELECT seq, at, type, device_id, data FROM events ORDER BY seq DESC LIMIT ?", (MOST_EVENTS,))
    for seq, at, type_, device_id, data in rows:
        held = json.loads(data)
        chosen = {
            key: value for key, value in held.items() if key in _EVENT_KEYS and not isinstance(value, dict | list)
        }
        errors = held.get("validationErrors")
        if isinstance(errors, list):
            chosen["validationErrors"] = [{k: v for k, v in error.items() if k in _CODES} for error in errors]
        told.append({"seq": seq, "at": at, "type": type_, "deviceID": device_id, "data": chosen})
    return told[::-1]


def _log(folder: Path) -> list[dict[str, Any]]:
    last: deque[bytes] = deque(maxlen=MOST_LINES)
    for path in files_of(folder):
        with path.open("rb") as file:
            last.extend(file)
    return list(_lines(last))


def _lines(last: deque[bytes]) -> Iterator[dict[str, Any]]:
    for line in last:
        try:
            held = json.loads(line)
        except ValueError:
            continue
        if isinstance(held, dict):
            yield {key: value for key, value in held.items() if key in _LINE_KEYS}


def _crashes(folder: Path) -> list[Any]:
    newest = sorted(folder.glob("*.json"))[-MOST_CRASHES:]
    return [json.loads(path.read_bytes()) for path in newest]


def _rows(books: sqlite3.Connection, sql: str, values: tuple[Any, ...] = ()) -> list[dict[str, Any]]:
    found = books.execute(sql, values)
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found]
