"""A screen without glass: Xvfb with openbox. xdotool finds windows and presses keys, ImageMagick takes pictures.

Must not know what the windows show.
"""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.e2e.program import Program, until, without_display


class Screen:
    """A display of its own. Use it in a `with`."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height

    def __enter__(self) -> Screen:
        read, write = os.pipe()
        try:
            self._server = subprocess.Popen(
                [
                    "Xvfb",
                    "-displayfd",
                    str(write),
                    "-screen",
                    "0",
                    f"{self.width}x{self.height}x24",
                    "-nolisten",
                    "tcp",
                ],
                pass_fds=[write],
                stderr=subprocess.DEVNULL,
            )
        finally:
            os.close(write)
        with os.fdopen(read) as told:
            number = told.readline().strip()
        assert number, "Xvfb did not start"
        self.env = without_display() | {"DISPLAY": f":{number}"}
        self._manager = Program(["openbox", "--sm-disable"], self.env)
        until(lambda: self._try("xprop", "-root", "_NET_SUPPORTING_WM_CHECK"), "the window manager")
        return self

    def __exit__(self, *_: object) -> None:
        self._manager.__exit__()
        self._server.terminate()
        self._server.wait()

    def windows(self, title: str) -> list[str]:
        """Numbers of the visible windows whose title holds this text."""
        return self._try("xdotool", "search", "--onlyvisible", "--name", re.escape(title)).split()

    def window(self, title: str, of: Program, seconds: float = 30.0) -> str:
        """The one window of a program with this text in its title, awaited."""
        until(lambda: self.windows(title) or not of.running(), f"a window {title!r}", seconds)
        (found,) = self.windows(title) or pytest.fail(f"it ended without a window; {of.complaints()}")
        return found

    def place(self, window: str) -> tuple[int, int, int, int]:
        """Left, top, width and height of a window's inside."""
        told = self._run("xwininfo", "-id", window)
        left, top = re.search(r"upper-left X: +(-?\d+)\s+Absolute upper-left Y: +(-?\d+)", told).groups()
        width, height = re.search(r"Width: (\d+)\s+Height: (\d+)", told).groups()
        return int(left), int(top), int(width), int(height)

    def press(self, window: str, key: str) -> None:
        """A key, as if pressed while that window has the keyboard."""
        self._run("xdotool", "windowfocus", "--sync", window, "key", "--clearmodifiers", key)

    def type(self, window: str, text: str, delay: int = 130) -> None:
        """As a hand types it, slower than any scanner; a line's end is Enter. `delay`: ms between two keys."""
        keys: list[str] = []
        for line in text.splitlines(keepends=True):
            word = line.rstrip("\n")
            keys += ["type", "--clearmodifiers", "--delay", str(delay), "--args", "1", "--", word] if word else []
            keys += ["key", "Return"] if line.endswith("\n") else []
        self._run("xdotool", "windowfocus", "--sync", window, *keys)

    def scan(self, window: str, code: str) -> None:
        """As a wedge scanner sends it: a burst with Enter behind it."""
        self.type(window, f"{code}\n", delay=2)

    def picture(self, file: Path) -> Path:
        """The whole screen as a PNG."""
        file.parent.mkdir(parents=True, exist_ok=True)
        self._run("import", "-window", "root", str(file))
        return file

    def brightness(self, window: str) -> float:
        """Mean of a window's pixels, 0 black to 1 white."""
        raw = subprocess.run(
            ["import", "-window", window, "-colorspace", "gray", "-resize", "1x1!", "-depth", "8", "gray:-"],
            env=self.env,
            capture_output=True,
            check=True,
            timeout=30,
        )
        return raw.stdout[0] / 255

    def _run(self, *command: str) -> str:
        done = subprocess.run(command, env=self.env, capture_output=True, text=True, timeout=30, check=False)
        assert done.returncode == 0, f"{command}: {done.stderr}"
        return done.stdout

    def _try(self, *command: str) -> str:
        """The output, empty when the command found nothing."""
        done = subprocess.run(command, env=self.env, capture_output=True, text=True, timeout=30, check=False)
        return done.stdout if done.returncode == 0 else ""
