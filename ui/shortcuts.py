"""What the keys do, in one table: the function-key bar, the F1 page and the window's actions all read it.

Must not know what an act does, only its key and its words.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Shortcut:
    """`act` names the act; `bar` is its short word in the key bar, empty to leave it out there."""

    act: str
    key: str
    words: str
    bar: str = ""


SHORTCUTS = (
    Shortcut("keys", "F1", "Show this list of keys", "Keys"),
    Shortcut("refresh", "F5", "Read everything from the engine again", "Refresh"),
    Shortcut("day", "F7", "Open or close the fiscal day", "Open/close day"),
    Shortcut("address", "F10", "Copy the dashboard's address for another screen", "Copy address"),
    Shortcut("scheme", "F11", "Change between light and dark", "Light/dark"),
    Shortcut("quit", "Ctrl+Q", "Close fiscalmon in order", "Quit"),
)
FIXED = (
    ("Esc", "Leave a dialog without doing anything"),
    ("Tab", "Go to the next control"),
    ("↑ ↓", "Move in the activity feed"),
    ("Enter", "Show the chosen row of the feed in full"),
)
