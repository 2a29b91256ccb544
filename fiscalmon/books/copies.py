"""Copies of the books as services see them: made while the till goes on, looked through, and sealed as a backup."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol, TypeVar

from .reading import Archive

T = TypeVar("T")


class Copies(Protocol):
    """Blocking calls, for a thread of their own. All raise FiscalmonError with what to do."""

    @property
    def schema(self) -> str:
        """The schema that copies have."""

    def size(self) -> int:
        """Bytes that a copy will take, about."""

    def copy(self, draft: Path) -> None:
        """The books as they are at one moment; `draft` is replaced."""

    def problems(self, draft: Path) -> list[str]:
        """What is wrong with a copy as a file; empty when it is sound."""

    def problems_of_books(self) -> list[str]:
        """The same of the books themselves, while the till goes on."""

    def look(self, draft: Path, query: Callable[[Archive], T]) -> T:
        """Ask a copy something."""

    def seal(self, draft: Path, about: Mapping[str, Any], files: Mapping[str, bytes]) -> None:
        """Make a copy a backup that says what it is; durable when this returns."""

    def publish(self, draft: Path, target: Path) -> None:
        """Give a sealed draft its name, durably; only a backup is ever replaced."""
