"""Facts in sections, as values: what a page tells about one thing. Must not know Qt."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Fact:
    """`exact`: shown letter by letter in a face of one width; `state`: "", "ok", "attention" or "failed"."""

    name: str
    value: str
    exact: bool = False
    state: str = ""


@dataclass(frozen=True)
class Section:
    """`text` stands under the title as a block of exact text, as a slip does."""

    title: str
    facts: tuple[Fact, ...] = ()
    text: str = ""
