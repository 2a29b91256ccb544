"""What the window knows before there is an engine: the data folder it was started on, and how it was started."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Ground:
    """`folder` None: nothing of the screen is remembered, as in the demo. `folder_fixed`: it was named by an option.

    `choose_folder` makes another folder this user's usual one; raises FiscalmonError.
    """

    folder: Path | None = None
    folder_fixed: bool = False
    training: bool = False
    minimised: bool = False
    choose_folder: Callable[[Path], None] | None = None
