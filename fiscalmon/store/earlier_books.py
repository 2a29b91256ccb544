"""The books as they were before a new version changes their schema: a verified copy in DATA_DIR/backups.

An update that turns out wrong can then be taken back, with the program it came with. Knows no receipt.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import sqlite3
from pathlib import Path
from typing import Final

from ..domain.errors import StoreDamaged
from .backup_file import copy_books, integrity_problems, sync_file, sync_folder

FOLDER: Final = "backups"
KEPT: Final = 3
SPARE_BYTES: Final = 16 * 2**20
_NAME = re.compile(r"before-schema-(\d+)\.db")


def keep(books: Path, schema: str) -> Path:
    """Copy the books before they get this schema; at most three such copies are kept.

    Raises StoreDamaged, with nothing changed, where no good copy can be made.
    """
    folder = books.parent / FOLDER
    target = folder / f"before-schema-{schema}.db"
    draft = folder / f".{target.name}.new"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        needed = sum(path.stat().st_size for path in books.parent.glob(books.name + "*")) + SPARE_BYTES
        if shutil.disk_usage(folder).free < needed:
            raise StoreDamaged(
                f"This version changes the books and wants a copy of them first, which needs {needed // 2**20} MiB in "
                f"{folder}: make room, then start again. Nothing was changed."
            )
        copy_books(books, draft)
        _verify(draft)
        sync_file(draft)
        draft.replace(target)
        sync_folder(folder)
        _tidy(folder)
    except OSError as wrong:
        raise StoreDamaged(
            f"This version changes the books and wants a copy of them first, which cannot be written in {folder} "
            f"({wrong.strerror or os.strerror(wrong.errno or 0)}): mend that, then start again. Nothing was changed.",
            str(wrong),
        ) from wrong
    finally:
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)
    return target


def _verify(draft: Path) -> None:
    with contextlib.closing(sqlite3.connect(f"{draft.absolute().as_uri()}?mode=ro", uri=True)) as copy:
        problems = integrity_problems(copy)
    if problems:
        raise StoreDamaged(
            "The database has damaged pages, so this version does not change it: keep a copy of the data folder and "
            "restore the last backup.",
            "; ".join(problems),
        )


def _tidy(folder: Path) -> None:
    held = sorted((int(named[1]), path) for path in folder.iterdir() if (named := _NAME.fullmatch(path.name)))
    for _, path in held[:-KEPT]:
        path.unlink(missing_ok=True)
