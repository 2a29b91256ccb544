"""What commands print: one JSON document, JSON lines, or plain words and tables. Nothing else goes to stdout.

The encoder is imported where it is used: the desktop window must not wait for it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import Any


def json_line(value: Any) -> None:
    """One JSON document on one line, at once."""
    from ..events import encode

    sys.stdout.buffer.write(encode(value) + b"\n")
    sys.stdout.buffer.flush()


def say(text: str) -> None:
    """A line for people on stdout."""
    print(text, flush=True)


def complain(text: str) -> None:
    """A line for people on stderr."""
    print(text, file=sys.stderr, flush=True)


def table(rows: Iterable[dict[str, Any]], columns: Sequence[tuple[str, str]], empty: str) -> None:
    """Rows as aligned columns: (key, heading); a sentence where there is none."""
    cells = [[_cell(row.get(key)) for key, _ in columns] for row in rows]
    if not cells:
        say(empty)
        return
    heads = [heading for _, heading in columns]
    widths = [max(len(line[i]) for line in (heads, *cells)) for i in range(len(columns))]
    for line in (heads, *cells):
        say("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


def facts(value: dict[str, Any]) -> None:
    """An object as "name: value" lines; lists and objects inside as JSON."""
    from ..events import encode

    width = max((len(key) for key in value), default=0)
    for key, held in value.items():
        text = encode(held).decode() if isinstance(held, list | dict) else _cell(held)
        say(f"{key.ljust(width)}  {text}")


def _cell(value: Any) -> str:
    if value is None:
        return "—"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "".join(char if char.isprintable() else " " for char in str(value))
