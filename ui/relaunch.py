"""Starts fiscalmon's window anew with other options: another data folder, training. The caller closes this one."""

from __future__ import annotations

import sys

from PySide6.QtCore import QProcess


def command(*options: str) -> tuple[str, list[str]]:
    """(program, arguments) of `fiscalmon app`, from sources as from a frozen program."""
    before = [] if getattr(sys, "frozen", False) else ["-m", "fiscalmon"]
    return sys.executable, [*before, "app", *options]


def relaunch(*options: str) -> bool:
    """False where it could not be started. The new process outlives this one."""
    program, arguments = command(*options)
    started = QProcess.startDetached(program, arguments)
    return bool(started[0] if isinstance(started, tuple) else started)
