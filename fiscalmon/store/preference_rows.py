"""Writing what the owner set inside a write transaction: one row a section, the whole section as JSON."""

from __future__ import annotations

import msgspec

from ..domain.preferences import Section, name_of
from .session import Session

_PUT = """
    INSERT INTO preferences (section, value, changed_at, changed_by) VALUES (?, ?, ?, ?)
    ON CONFLICT (section) DO UPDATE SET value = excluded.value, changed_at = excluded.changed_at,
        changed_by = excluded.changed_by"""


class PreferenceRows:
    """The preferences' side of a write transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def put(self, section: Section, at: str, by: str) -> None:
        """The section as it is from now on."""
        self._session.run(_PUT, (name_of(type(section)), msgspec.json.encode(section).decode(), at, by))
