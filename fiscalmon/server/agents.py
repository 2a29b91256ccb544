"""A User-Agent in a few words that people know: "Chrome on Android". Unknown ones by their own first word, made safe.

For lists of sign-ins only; nothing is decided by it.
"""

from __future__ import annotations

import re
from typing import Final

# The first that fits: each later browser claims to be the earlier ones too.
_BROWSERS: Final = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS: Final = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)
_WORD: Final = re.compile(r"[A-Za-z0-9][\w.+-]{0,39}")


def agent_words(header: str) -> str | None:
    """The program in a few words; None where it says nothing that can be shown."""
    browser = next((name for sign, name in _BROWSERS if sign in header), None)
    if browser is None:
        word = _WORD.match(header)
        return word.group() if word else None
    system = next((name for sign, name in _SYSTEMS if sign in header), None)
    return browser if system is None else f"{browser} on {system}"
