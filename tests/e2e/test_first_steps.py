"""The first run on a real screen by keys: another data folder and the new start in it, a printer found on its port, a
test page on its paper. And a fault of the window: the report is shown, the till goes on."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.e2e.conftest import ReadyTill
from tests.e2e.program import ROOT, SCREENS, Program, fiscalmon, run, sale, until
from tests.e2e.screen import Screen
from tests.e2e.test_tray import colours, token
from tests.support.printer_process import PrinterProcess

ANY_PORT = "[server]\nport = 0\n"  # the usual one may be taken by a till that runs on this machine
FINISHED = '{"at": "summary", "finished": true, "skipped": [], "answers": {}}'


def wizard(folder: Path) -> dict[str, object]:
    """What the first run keeps on disk; {} before it has kept anything."""
    file = folder / "setup.json"
    return json.loads(file.read_text()) if file.exists() else {}


def shown_anew(folder: Path) -> bool:
    """Whether the first run has been shown since the engine over this folder began."""
    return (folder / "setup.json").stat().st_mtime_ns > (folder / "engine.json").stat().st_mtime_ns


@contextmanager
def whoever_runs(folder: Path) -> Iterator[int]:
    """The process that holds a data folder, which nobody here started; ended when the block is left."""
    pid = until(
        lambda: (folder / "engine.json").exists() and json.loads((folder / "engine.json").read_text())["pid"], "it"
    )
    try:
        yield pid
    finally:
        os.kill(pid, signal.SIGTERM)
        until(lambda: not (folder / "engine.json").exists(), "the window that was started anew to end")


def test_another_folder_a_new_start_and_a_printer_that_is_found(tmp_path: Path) -> None:
    usual, chosen = tmp_path / "share" / "fiscalmon", tmp_path / "big disk" / "till"
    for folder in (usual, chosen):
        folder.mkdir(parents=True)
        (folder / "settings.toml").write_text(ANY_PORT)
    emulator = PrinterProcess("--family", "zfp")
    try:
        with Screen(1280, 800) as screen:
            env = screen.env | {"XDG_DATA_HOME": str(tmp_path / "share"), "HOME": str(tmp_path)}
            env.pop("FISCALMON_DATA_DIR", None)
            with fiscalmon("app", env=env) as app:
                window = screen.window("fiscalmon", app)
                until(lambda: wizard(usual).get("at") == "shop", "the first step")
                screen.press(window, "Tab")
                screen.press(window, "Tab")
                screen.type(window, "Muonde Kiosk\n", delay=40)
                until(lambda: wizard(usual).get("at") == "folder", "the folder's step")
                screen.press(window, "Down")
                screen.press(window, "Tab")
                screen.type(window, str(chosen), delay=40)
                screen.picture(SCREENS / "first-steps-folder.png")
                screen.press(window, "Return")
                assert app.code(seconds=30) == 0
                # Within the block: what it starts keeps its standard output, and only their end ends the reading.
                with whoever_runs(chosen) as pid:
                    assert pid != app.pid
                    window = until(lambda: screen.windows("fiscalmon"), "the window over the other folder")[0]
                    until(lambda: shown_anew(chosen), "the first run to go on")
                    assert (wizard(chosen)["at"], wizard(chosen)["answers"]["shop"]) == ("printer", "Muonde Kiosk")
                    screen.type(window, emulator.port, delay=40)
                    screen.press(window, "shift+Tab")
                    screen.press(window, "shift+Tab")
                    screen.press(window, "space")  # Look for printers
                    until(lambda: token("okGround") in colours(screen, window), "a printer to have answered")
                    screen.picture(SCREENS / "first-steps-printer.png")
                    screen.press(window, "shift+Tab")
                    screen.press(window, "space")  # Print a test page; only its own kind of printer understands it
                    until(lambda: emulator.paper, "the test page")
                    ((printer,),) = run("--data-dir", chosen, "printer", "list")
                    assert (printer["name"], printer["family"], printer["port"]) == ("counter", "zfp", emulator.port)
                    screen.picture(SCREENS / "first-steps-test-page.png")
            assert app.complaints() == ""
    finally:
        emulator.end()


def test_a_fault_is_shown_and_the_till_goes_on(till: ReadyTill, tmp_path: Path) -> None:
    (till.folder / "setup.json").write_text(FINISHED)
    command = [sys.executable, "-m", "tests.e2e.faulty_window", "--data-dir", str(till.folder), "app"]
    with Screen(1024, 768) as screen, Program(command, screen.env, cwd=ROOT) as app:
        window = screen.window("fiscalmon", app)
        until(lambda: (till.folder / "engine.json").exists(), "the engine")
        for key, fault in (("F11", "ValueError"), ("F5", "LookupError")):
            before = set((till.folder / "crashes").glob("*"))
            screen.press(window, key)
            sheet = screen.window("fiscalmon had a fault", app)
            (file,) = set((till.folder / "crashes").glob("*")) - before
            left, top, width, height = screen.place(sheet)
            assert left >= 0 and top >= 0 and left + width <= screen.width and top + height <= screen.height
            screen.picture(SCREENS / f"fault-{key}.png")
            assert fault in file.read_text()
            screen.press(sheet, "space")  # Close has the keyboard
            until(lambda: not screen.windows("fiscalmon had a fault"), "the report to be gone")
        screen.press(window, "F1")
        screen.press(screen.window("Keys", app), "Escape")
        (result,) = run("--data-dir", till.folder, "submit", "--wait", "completed", sale(tmp_path, "AFTER-FAULT"))
        assert result["status"] == "completed"
        assert app.end(seconds=5) == 0
