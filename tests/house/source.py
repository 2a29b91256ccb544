"""The sources as these tests see them: every tracked file, and the Python of the shipped packages.

Knows git and `ast`; must not import anything of the program."""

import ast
import re
import subprocess
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("fiscalmon", "device", "ui", "resources")


@cache
def tracked() -> tuple[Path, ...]:
    """Every file that git tracks and that is there, as an absolute path."""
    names = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.split("\0")
    return tuple(path for name in names if name and (path := ROOT / name).is_file())


def texts() -> Iterator[tuple[Path, str]]:
    """Tracked files that hold text, each with its text; pictures and archives have zero bytes or no UTF-8."""
    for path in tracked():
        content = path.read_bytes()
        if b"\0" not in content:
            yield path, content.decode("utf-8", "replace")


@cache
def modules() -> tuple[tuple[Path, str, ast.Module], ...]:
    """The Python modules that are shipped: path, text, syntax tree; also those not yet tracked."""
    found = []
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            if "node_modules" not in path.parts:
                text = path.read_text(encoding="utf-8")
                found.append((path, text, ast.parse(text, str(path))))
    return tuple(found)


def place(path: Path, line: int) -> str:
    return f"{path.relative_to(ROOT)}:{line}"


def search(pattern: re.Pattern[str], within: Iterable[tuple[Path, str]]) -> list[str]:
    """Places where a compiled pattern occurs in (path, text) pairs, with the line."""
    return [
        f"{place(path, number)}: {line.strip()[:120]}"
        for path, text in within
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]
