"""The icon beside the clock in a real system tray: the state's colour, its menu, closing to it, what it tells.

A small tray (Debian's trayer) on a screen without glass; driven with the mouse and the keyboard as a person would.
"""

from __future__ import annotations

import json
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.e2e.conftest import ReadyTill
from tests.e2e.program import ROOT, SCREENS, Program, fiscalmon, run, sale, until
from tests.e2e.screen import Screen

TRAY = ("--edge", "bottom", "--align", "right", "--widthtype", "pixel", "--width", "60", "--heighttype", "pixel")
SIDE = 24
FIRST_QUESTION = "Keep fiscalmon at work?"
FINISHED = '{"at": "summary", "finished": true, "skipped": [], "answers": {}}'


@contextmanager
def tray(screen: Screen) -> Iterator[str]:
    """The tray's window."""
    with Program(["trayer", *TRAY, "--height", str(SIDE), "--transparent", "false"], screen.env):
        yield until(lambda: screen._try("xdotool", "search", "--class", "trayer").split(), "the tray", 15)[-1]


def colours(screen: Screen, window: str) -> set[tuple[int, int, int]]:
    """Every colour a window shows."""
    command = ["import", "-window", window, "-depth", "8", "rgb:-"]
    raw = subprocess.run(command, env=screen.env, capture_output=True, check=True, timeout=30).stdout
    return {(raw[i], raw[i + 1], raw[i + 2]) for i in range(0, len(raw), 3)}


def token(name: str) -> tuple[int, int, int]:
    """A colour of the light scheme."""
    told = json.loads((ROOT / "resources" / "tokens.json").read_text())["colors"]["light"][name]
    return int(told[1:3], 16), int(told[3:5], 16), int(told[5:7], 16)


def shown(screen: Screen) -> int:
    """How many windows of the program are to be seen, menus and the icon's own too."""
    return len(screen._try("xdotool", "search", "--onlyvisible", "--class", "fiscalmon").split())


def click(screen: Screen, window: str, button: int) -> None:
    left, top, width, _ = screen.place(window)
    screen._run("xdotool", "mousemove", str(left + width - SIDE // 2), str(top + SIDE // 2), "click", str(button))


def close(screen: Screen, window: str) -> None:
    """The button at the right end of the frame's title."""
    left, top, width, _ = screen.place(window)
    screen._run("xdotool", "mousemove", str(left + width - 9), str(top - 10), "click", "1")


def faults(till: ReadyTill, rule: dict[str, object]) -> None:
    body = json.dumps({"rules": [rule]}).encode()
    urllib.request.urlopen(urllib.request.Request(f"{till.control}/faults", body, method="POST"), timeout=10).close()


def test_a_till_lives_on_beside_the_clock(till: ReadyTill, tmp_path: Path) -> None:
    (till.folder / "setup.json").write_text(FINISHED)
    (till.folder / "screen.json").write_text('{"scheme": "light"}')
    with (
        Screen(1280, 800) as screen,
        tray(screen) as bar,
        fiscalmon("--data-dir", till.folder, "app", env=screen.env) as app,
    ):
        window = screen.window("fiscalmon", app)
        until(lambda: (till.folder / "engine.json").exists(), "the engine")
        until(lambda: token("ok") in colours(screen, bar), "the icon in the colour of a till that may sell")
        screen.picture(SCREENS / "tray-ready.png")

        close(screen, window)
        sheet = screen.window(FIRST_QUESTION, app)
        screen.picture(SCREENS / "tray-first-closing.png")
        screen.press(sheet, "space")  # "Keep it at work" has the keyboard
        until(lambda: not screen.windows("fiscalmon"), "the window to be hidden")
        assert app.running()
        (result,) = run("--data-dir", till.folder, "submit", "--wait", "completed", sale(tmp_path, "TRAY-1"))
        assert result["status"] == "completed"  # at work without a window

        click(screen, bar, 1)
        window = screen.window("fiscalmon", app)
        close(screen, window)
        until(lambda: not screen.windows("fiscalmon"), "the window to be hidden without a question")
        assert not screen.windows(FIRST_QUESTION)

        before = shown(screen)
        gone = ("--family", "escpos", "--port", tmp_path / "unplugged", "--device", till.device)
        run("--data-dir", till.folder, "printer", "add", "COUNTER", *gone)
        run("--data-dir", till.folder, "submit", "--wait", "completed", sale(tmp_path, "TRAY-PRINT"))
        until(lambda: shown(screen) > before, "a notification about the printer", 30)
        screen.picture(SCREENS / "tray-notice.png")
        until(lambda: shown(screen) == before, "the notification to go by itself", 30)

        faults(till, {"operation": "SubmitReceipt", "count": 500, "action": "drop-before"})
        run("--data-dir", till.folder, "submit", sale(tmp_path, "TRAY-2"))
        until(lambda: token("attention") in colours(screen, bar), "the icon in the colour of a till offline")
        assert app.running() and not screen.windows("fiscalmon")
        screen.picture(SCREENS / "tray-offline.png")

        before = shown(screen)
        click(screen, bar, 3)
        until(lambda: shown(screen) > before, "the menu")
        screen.picture(SCREENS / "tray-menu.png")
        screen._run("xdotool", "key", "--delay", "60", "Up", "Return")  # from below: Quit
        question = screen.window("Quit while receipts wait?", app)
        screen.picture(SCREENS / "tray-quit.png")
        screen.press(question, "Tab")
        screen.press(question, "space")
        assert app.code(seconds=10) == 0
        assert app.complaints() == ""
