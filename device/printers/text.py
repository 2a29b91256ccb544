"""Text for a printer: printable characters only, in its code page, never wider than it was laid out.

What a code page lacks becomes its nearest plain letters or "?", so that no character is lost and none steers the
printer. Knows no printer.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from types import MappingProxyType

_PLAIN: Mapping[str, str] = MappingProxyType(
    {
        "’": "'", "‘": "'", "‚": ",", "“": '"', "”": '"', "„": '"', "–": "-", "—": "-", "‑": "-", "−": "-", "…": ".",
        "•": "*", "·": ".", "×": "x", "÷": "/", "€": "E", "£": "L", "ß": "s", "æ": "a", "Æ": "A", "ø": "o", "Ø": "O",
        "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ı": "i", "œ": "o", "Œ": "O", "þ": "t", "ð": "d", "№": "N", "™": "T",
        "°": "o", "²": "2", "³": "3", "½": "/", "¼": "/", "«": '"', "»": '"',
    }
)  # fmt: skip


def printable(text: str, *code_pages: str) -> str:
    """The text with each character replaced that none of the code pages has; it takes as many columns as before.

    Control characters and separators become a space or "?"; a combining mark that joins no letter is dropped.
    """
    return "".join(_shown(char, code_pages) for char in unicodedata.normalize("NFC", text))


def encoded(text: str, code_page: str) -> bytes:
    """The same as bytes of the code page; none is below 20h."""
    return printable(text, code_page).encode(code_page, "replace")


def pieces(text: str, limit: int) -> list[str]:
    """The text in pieces of at most `limit` characters; broken at a space where one is in the last third."""
    found = []
    rest = text.rstrip()
    while len(rest) > limit:
        cut = rest.rfind(" ", limit * 2 // 3, limit + 1)
        cut = limit if cut <= 0 else cut
        found.append(rest[:cut])
        rest = rest[cut:].lstrip()
    return [*found, rest]


def _shown(char: str, code_pages: tuple[str, ...]) -> str:
    if " " <= char <= "~":
        return char
    if char.isspace():
        return " "
    category = unicodedata.category(char)
    if category in ("Mn", "Me"):
        return ""
    if category.startswith("C"):
        return "?"
    if any(_fits(char, page) for page in code_pages):
        return char
    if char in _PLAIN:
        return _PLAIN[char]
    wide = 2 if unicodedata.east_asian_width(char) in ("W", "F") else 1
    base = unicodedata.normalize("NFKD", char)[0]
    return base if wide == 1 and " " < base <= "~" else "?" * wide


def _fits(char: str, code_page: str) -> bool:
    if code_page == "ascii":
        return False
    try:
        return len(char.encode(code_page)) == 1 and char.encode(code_page)[0] >= 0x80
    except UnicodeEncodeError:
        return False
