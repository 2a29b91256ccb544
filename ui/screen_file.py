"""What this screen remembers in DATA_DIR/screen.json: its place, light or dark, what closing means, the number pad.

Read before the window is painted, when the books are not open yet; a file that cannot be read costs only comfort.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

FILE_NAME = "screen.json"


@dataclass(frozen=True)
class Screen:
    """`geometry`: Qt's own, in base 64. `keep`: whether closing leaves fiscalmon at work; None: not asked yet.
    `pad`: whether the sale page has its number pad.
    """

    geometry: str = ""
    scheme: Literal["", "light", "dark"] = ""
    language: str = "en"
    keep: bool | None = None
    pad: bool = False


class ScreenFile:
    """`folder` None remembers nothing."""

    def __init__(self, folder: Path | None) -> None:
        self._path = None if folder is None else folder / FILE_NAME
        self.screen = self._read()

    def change(self, **new: object) -> None:
        """Some members anew, on the disk at once."""
        changed = dataclasses.replace(self.screen, **new)  # type: ignore[arg-type]
        if changed == self.screen:
            return
        self.screen = changed
        if self._path is None:
            return
        draft = self._path.with_suffix(".new")
        with contextlib.suppress(OSError):
            draft.write_text(json.dumps(dataclasses.asdict(changed)), encoding="utf-8")
            draft.replace(self._path)

    def _read(self) -> Screen:
        try:
            told = json.loads(self._path.read_text(encoding="utf-8")) if self._path is not None else {}
            scheme = told.get("scheme", "")
            keep = told.get("keep")
            return Screen(
                str(told.get("geometry", "")),
                scheme if scheme in ("light", "dark") else "",
                str(told.get("language", "en")),
                keep if isinstance(keep, bool) else None,
                told.get("pad") is True,
            )
        except (OSError, ValueError, AttributeError):
            return Screen()
