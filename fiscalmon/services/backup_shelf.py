"""The folder of nightly backups: one file a day by its date, the newest days and one a week for longer.

Touches only files that carry its own names. Knows no content.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from pathlib import Path

from ..domain.localtime import shop_day

_NAME = re.compile(r"fiscalmon-(\d{4}-\d{2}-\d{2})\.backup")


class Shelf:
    """One folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def place(self, now: datetime) -> Path:
        """Where the backup of the shop's day goes; the folder exists afterwards. Raises OSError."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return self.folder.absolute() / f"fiscalmon-{shop_day(now).isoformat()}.backup"

    def tidy(self, daily: int, weekly: int) -> list[Path]:
        """Remove what is too old; what was removed."""
        held = self._held()
        keep = kept_days(list(held), daily, weekly)
        gone = [path for day, path in held.items() if day not in keep]
        for path in gone:
            path.unlink(missing_ok=True)
        return gone

    def _held(self) -> dict[date, Path]:
        held: dict[date, Path] = {}
        for path in self.folder.iterdir():
            named = _NAME.fullmatch(path.name)
            if named is None:
                continue
            try:
                held[date.fromisoformat(named[1])] = path
            except ValueError:
                # No day of any calendar: not a file of ours.
                continue
        return held


def kept_days(days: list[date], daily: int, weekly: int) -> set[date]:
    """The newest days, and of each calendar week before those its newest, for so many weeks."""
    newest = sorted(days, reverse=True)
    keep = set(newest[:daily])
    weeks: dict[tuple[int, int], date] = {}
    for day in newest[daily:]:
        weeks.setdefault(day.isocalendar()[:2], day)
    return keep | set(list(weeks.values())[:weekly])
