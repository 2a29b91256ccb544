"""A program of `start_window`'s: a window that says when it was painted, as JSON lines with the monotonic clock.

`bare`: PySide6 alone. `imported`: the same after importing what the app loads. `app FOLDER`: the product, through its
own command line; two of its functions are told to say that they have run. `demo FOLDER SALES`: the demo's window.
`ticks ARGUMENT…`: any command with a window, which then tells how evenly its loop runs.
"""

from __future__ import annotations

import json
import os
import sys
import time
from typing import Any

# All that the desktop app has loaded once its numbers are live.
LIBRARIES = (
    "asyncio",
    "qasync",
    "pyqtgraph",
    "numpy",
    "sqlalchemy",
    "httpx",
    "cryptography.x509",
    "msgspec",
    "structlog",
    "uvicorn",
    "starlette.applications",
    "websockets",
    "argon2",
    "jwt",
    "limits",
    "filelock",
)
TICK_MS = 5


def say(moment: str) -> None:
    print(json.dumps({"moment": moment, "at": time.monotonic()}), flush=True)


def bare() -> None:
    from PySide6.QtGui import QPaintEvent
    from PySide6.QtWidgets import QApplication, QMainWindow, QWidget

    class Ground(QWidget):
        def paintEvent(self, event: QPaintEvent) -> None:
            super().paintEvent(event)
            say("painted")

    app = QApplication(sys.argv[:1])
    window = QMainWindow()
    window.setCentralWidget(Ground())
    window.resize(1280, 800)
    window.show()
    app.exec()


def imported() -> None:
    for name in LIBRARIES:
        __import__(name)
    bare()


def product(folder: str) -> None:
    import ui.app
    from fiscalmon.cli.main import main

    shell = ui.app.shell

    def painted_shell(*args: Any, **more: Any) -> Any:
        window = shell(*args, **more)
        if not window.is_painted():
            raise AssertionError("the shell was shown but not painted")
        say("painted")
        show_kpis = window.show_kpis

        def show_and_say(views: Any) -> None:
            show_kpis(views)
            # Before the engine's first word every card shows a dash.
            if any(any(char.isdigit() for char in view.value) for view in views):
                say("numbers")

        window.show_kpis = show_and_say
        return window

    ui.app.shell = painted_shell
    sys.exit(main(["--data-dir", folder, "app"]))


def demo(folder: str, sales: str) -> None:
    from fiscalmon.cli.main import main

    # What the demo tells people must not fill the pipe that nobody reads.
    sys.stdout = open(os.devnull, "w")  # noqa: SIM115 - for the life of the process
    sys.exit(main(["--data-dir", folder, "demo", "--rate", "0", "--sales", sales]))


def ticks(*arguments: str) -> None:
    """The product, telling each second how many ticks the window's loop had and its longest gaps between them."""
    from PySide6.QtCore import Qt, QTimer

    import ui.app
    from fiscalmon.cli.main import main

    shell = ui.app.shell

    def ticking_shell(*args: Any, **more: Any) -> Any:
        window = shell(*args, **more)
        seen: list[float] = []
        last = [time.monotonic(), time.monotonic()]

        def tick() -> None:
            now = time.monotonic()
            seen.append(now - last[0])
            last[0] = now
            if now - last[1] >= 1:
                last[1] = now
                longest = [round(gap * 1e3, 2) for gap in sorted(seen)[-20:]]
                print(json.dumps({"moment": "ticks", "at": now, "count": len(seen), "longest": longest}), flush=True)
                seen.clear()

        timer = QTimer(window)
        timer.setTimerType(Qt.TimerType.PreciseTimer)
        timer.setInterval(TICK_MS)
        timer.timeout.connect(tick)
        timer.start()
        return window

    ui.app.shell = ticking_shell
    sys.exit(main(list(arguments)))


if __name__ == "__main__":
    programs = {"bare": bare, "imported": imported, "app": product, "demo": demo, "ticks": ticks}
    programs[sys.argv[1]](*sys.argv[2:])
