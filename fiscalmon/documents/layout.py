"""Putting plain text into columns: what may be shown, how wide it is, where it breaks. Must not know receipts.

Text comes from outside (names of goods, of shops): it is made harmless here, once, before it is measured.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence

# More marks on one letter would paint over the lines above and below it.
MOST_MARKS = 2
# Soft hyphen, zero-width space and joiners, marks of direction, byte-order mark: nothing on paper.
_JOINING = frozenset("\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff")
Measure = Callable[[str], float]


def safe(text: str) -> str:
    """The text on one line and without anything that steers a printer, a terminal or the direction of writing.

    White space becomes a space; control, format and unassigned characters become "?"; what only joins or parts letters
    and surplus marks are dropped.
    """
    if text.isascii() and text.isprintable():
        return text
    kept: list[str] = []
    marks = 0
    for char in text:
        if char.isspace():
            kept.append(" ")
        elif char in _JOINING:
            continue
        elif not char.isprintable():
            kept.append("?")
        elif unicodedata.category(char) in ("Mn", "Me"):
            marks += 1
            if marks <= MOST_MARKS and kept:
                kept.append(char)
            continue
        else:
            kept.append(char)
        marks = 0
    return "".join(kept)


def cells(text: str) -> int:
    """How many columns of a fixed-width line a text takes: two for wide characters, none for marks."""
    if text.isascii():
        return len(text)
    return sum(_cells_of(char) for char in text)


def wrapped(text: str, room: float, measure: Measure = cells) -> list[str]:
    """The text in lines no wider than `room`, broken between words, inside a word only where it is too long by itself.

    `text` must be safe. An empty text is one empty line.
    """
    lines: list[str] = []
    line = ""
    for word in text.split():
        longer = f"{line} {word}" if line else word
        if measure(longer) <= room:
            line = longer
            continue
        if line:
            lines.append(line)
        *full, line = _broken(word, room, measure)
        lines += full
    return [*lines, line] if line or not lines else lines


def centred(text: str, width: int) -> list[str]:
    """The text in the middle of as many lines as it needs."""
    return [" " * ((width - cells(line)) // 2) + line for line in wrapped(text, width)]


def pair(left: str, right: str, width: int) -> list[str]:
    """`left` wrapped at the left and `right` at the right end of its last line, or of a line of its own.

    Text that runs from right to left never shares a line with an amount: a screen would move the digits.
    """
    room = width - cells(right) - 1
    if room < width // 3 or right_to_left(left):
        return [*wrapped(left, width), *flush_right(right, width)]
    *above, last = wrapped(left, room)
    return [*above, last + " " * (width - cells(last) - cells(right)) + right]


def flush_right(text: str, width: int) -> list[str]:
    """The text at the right end of as many lines as it needs."""
    return [" " * (width - cells(line)) + line for line in wrapped(text, width)]


def row(texts: Sequence[str], widths: Sequence[int]) -> str:
    """One line of a table: the first column at the left, the others at the right of theirs."""
    first, *others = zip(texts, widths, strict=True)
    line = first[0] + " " * (first[1] - cells(first[0]))
    return line + "".join(" " * (width - cells(text)) + text for text, width in others)


def right_to_left(text: str) -> bool:
    """Whether any letter is written from right to left."""
    return not text.isascii() and any(unicodedata.bidirectional(char) in ("R", "AL") for char in text)


def as_seen(text: str) -> str:
    """The text in the order in which it is seen from left to right, for paper that knows no direction of writing.

    Runs of letters that go from right to left are turned around; letters are not joined.
    """
    if not right_to_left(text):
        return text
    seen: list[str] = []
    run: list[str] = []
    neutral: list[str] = []
    for char in text:
        direction = unicodedata.bidirectional(char)
        if direction in ("R", "AL", "NSM") and (run or direction != "NSM"):
            run += [*neutral, char]
            neutral = []
        elif run and direction in ("WS", "ON", "CS"):
            neutral.append(char)
        else:
            seen += [*reversed(run), *neutral, char]
            run, neutral = [], []
    return "".join([*seen, *reversed(run), *neutral])


def _cells_of(char: str) -> int:
    if unicodedata.category(char) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in ("W", "F") else 1


def _broken(word: str, room: float, measure: Measure) -> list[str]:
    """A word in pieces that fit; a single character always counts as fitting."""
    pieces = [""]
    for char in word:
        if pieces[-1] and measure(pieces[-1] + char) > room:
            pieces.append("")
        pieces[-1] += char
    return pieces
