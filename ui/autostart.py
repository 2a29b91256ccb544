"""Whether fiscalmon comes back by itself when this user signs in: a file of XDG's autostart, on Windows the Run key.

The Windows half is written from Microsoft's documentation and was not run where this was made. Knows no Qt.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

NAME = "fiscalmon"
_RUN = r"Software\Microsoft\Windows\CurrentVersion\Run"


def command() -> list[str]:
    """What the system starts: the window, minimised."""
    program = [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m", "fiscalmon"]
    return [*program, "app", "--minimised"]


def desktop_entry(arguments: list[str]) -> str:
    """The file's content; arguments are quoted as the Desktop Entry Specification has it."""
    return (
        "[Desktop Entry]\nType=Application\nName=fiscalmon\nComment=The fiscal till\n"
        f"Exec={' '.join(_quoted(one) for one in arguments)}\nTerminal=false\nX-GNOME-Autostart-enabled=true\n"
    )


def entry_path() -> Path:
    home = os.environ.get("XDG_CONFIG_HOME")
    return (Path(home) if home else Path.home() / ".config") / "autostart" / f"{NAME}.desktop"


def is_on() -> bool:
    if sys.platform == "win32":
        return _windows_value() is not None
    return entry_path().is_file()


def switch(on: bool) -> None:
    """Raises OSError where the user may not."""
    if sys.platform == "win32":
        _switch_windows(on)
        return
    path = entry_path()
    if on:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(desktop_entry(command()), encoding="utf-8")
    else:
        path.unlink(missing_ok=True)


def _quoted(argument: str) -> str:
    safe = argument.replace("%", "%%")
    if safe and all(char.isalnum() or char in "-_./=+:,@%" for char in safe):
        return safe
    for char in ("\\", '"', "`", "$"):
        safe = safe.replace(char, "\\" + char)
    return '"' + safe.replace("\\", "\\\\") + '"'


def _windows_value() -> str | None:
    winreg: Any = __import__("winreg")
    try:
        with winreg.OpenKey(winreg.HKEY_CURRENT_USER, _RUN) as key:
            return str(winreg.QueryValueEx(key, NAME)[0])
    except FileNotFoundError:
        return None


def _switch_windows(on: bool) -> None:
    import subprocess

    winreg: Any = __import__("winreg")
    with winreg.OpenKey(winreg.HKEY_CURRENT_USER, _RUN, 0, winreg.KEY_SET_VALUE) as key:
        if on:
            winreg.SetValueEx(key, NAME, 0, winreg.REG_SZ, subprocess.list2cmdline(command()))
        elif _windows_value() is not None:
            winreg.DeleteValue(key, NAME)
