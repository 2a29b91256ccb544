"""What is kept of a crash, for the support bundle: its kind and its place, nothing that was being worked on.

DATA_DIR/crashes/<moment>-<part>.json, the newest few; nobody is told of them but whoever makes a bundle.
"""

from __future__ import annotations

import contextlib
import json
import os
import platform
import re
import secrets
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from . import __version__, correlation
from .domain.localtime import utc_text
from .logs import told

MOST: Final = 20


def keep_crash(folder: Path, part: str, wrong: BaseException) -> Path | None:
    """Write one file into the data folder; its path, None where it cannot be written. Raises nothing."""
    now = datetime.now(UTC)
    named = re.sub(r"[^a-z0-9-]+", "-", part.lower())[:40].strip("-") or "part"
    crashes = folder / "crashes"
    path = crashes / f"{now:%Y%m%dT%H%M%S}{now.microsecond // 1000:03d}Z-{named}-{secrets.token_hex(2)}.json"
    facts = {
        "at": utc_text(now),
        "part": named,
        "fiscalmon": __version__,
        "python": sys.version.split()[0],
        "system": platform.system(),
        "correlation": correlation.current(),
        "error": told(wrong),
    }
    try:
        crashes.mkdir(mode=0o700, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(facts, file, indent=1)
        for old in sorted(crashes.glob("*.json"))[:-MOST]:
            with contextlib.suppress(OSError):
                old.unlink()
    except OSError:
        # A full or lost disk: the log has the crash too, where it can.
        return None
    return path
