"""The window as people have it: a real X11 screen with a window manager, real keys, pictures of what is shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.conftest import ReadyTill
from tests.e2e.program import SCREENS, baskets, books, fiscalmon, run, sale, until
from tests.e2e.screen import Screen

# Width, height, Qt's scale. 1366×768 at 125 % is the small laptop that many shops have.
SCREEN_SIZES = [(1024, 768, "1"), (1280, 800, "1"), (1366, 768, "1.25"), (1920, 1080, "1.5"), (1920, 1080, "2")]
SCREEN_SIZES += [(3840, 2160, "1"), (3840, 2160, "2")]
RECEIPTS_WAIT = "Quit while receipts wait?"
LIGHT, DARK = 0.7, 0.4
WHOLE_SUMMARY = {"refused": 0, "failed": 0, "queued": 0, "auditErrors": 0}


def assert_it_fits(screen: Screen, window: str) -> None:
    left, top, width, height = screen.place(window)
    assert left >= 0 and left + width <= screen.width
    assert top >= 0 and top + height <= screen.height


@pytest.mark.parametrize(("width", "height", "scale"), SCREEN_SIZES)
def test_it_fits_and_its_keys_work(width: int, height: int, scale: str) -> None:
    name = f"till-real-{width}x{height}-{round(float(scale) * 100)}"
    with Screen(width, height) as screen:
        env = screen.env | {"QT_SCALE_FACTOR": scale}
        with fiscalmon("demo", "--json", "--rate", "6", env=env) as demo:
            window = screen.window("fiscalmon", demo)
            ready = demo.line()
            until(lambda: len(books(ready["dataDir"], "SELECT 1 FROM v_receipts")) > 8, "some sales")
            assert_it_fits(screen, window)
            assert screen.brightness(window) > LIGHT
            screen.picture(SCREENS / f"{name}-light.png")
            screen.press(window, "F11")
            until(lambda: screen.brightness(window) < DARK, "the dark scheme")
            screen.picture(SCREENS / f"{name}-dark.png")
            for key, title in (("F1", "Keys"), ("F7", "Fiscal day")):
                screen.press(window, key)
                sheet = screen.window(title, demo)
                assert_it_fits(screen, sheet)
                screen.picture(SCREENS / f"{name}-{key}.png")
                screen.press(sheet, "Escape")
                until(lambda title=title: not screen.windows(title), f"{title} to be gone")
            assert demo.end(seconds=5) == 0
            assert demo.complaints() == ""


def asked(screen: Screen, window: str) -> bool:
    """Whether Ctrl+Q asks about the open day alone; the question while a receipt waits is left with Esc."""
    screen.press(window, "ctrl+q")
    until(lambda: screen.windows("Quit w"), "a question", 10)
    waiting = screen.windows(RECEIPTS_WAIT)
    if waiting:
        screen.press(waiting[0], "Escape")
        until(lambda: not screen.windows(RECEIPTS_WAIT), "the question to be gone")
    return not waiting


def test_the_app_on_a_till_ends_by_key_and_by_signal(till: ReadyTill, tmp_path: Path) -> None:
    with Screen(1280, 800) as screen:
        for way in ("Ctrl+Q", "SIGTERM"):
            with fiscalmon("--data-dir", till.folder, "app", env=screen.env) as app:
                window = screen.window("fiscalmon", app)
                until(lambda: (till.folder / "engine.json").exists(), "the engine")
                (result,) = run("--data-dir", till.folder, "submit", "--wait", "completed", sale(tmp_path, f"BY-{way}"))
                assert result["status"] == "completed"
                screen.picture(SCREENS / f"till-app-{way}.png")
                if way == "SIGTERM":
                    assert app.end(seconds=5) == 0
                else:
                    with fiscalmon("--data-dir", till.folder, "app", env=screen.env) as second:
                        assert second.code(seconds=20) == 0  # the window that is open is raised instead
                    assert app.running() and len(screen.windows("fiscalmon")) == 1
                    until(lambda window=window: asked(screen, window), "the question about the day")
                    sheet = screen.window("Quit with an open day?", app)
                    screen.picture(SCREENS / "till-app-open-day.png")
                    screen.press(sheet, "Tab")
                    screen.press(sheet, "space")
                    assert app.code() == 0
                assert screen.windows("fiscalmon") == []
                assert app.complaints() == ""
    assert [row["status"] for row in books(till.folder, "SELECT status FROM v_receipts")] == ["completed"] * 2


def test_the_demo_shows_its_window_and_ends_when_done(tmp_path: Path) -> None:
    sales = ("--sales", baskets(tmp_path, 12), "--rate", "4")
    with (
        Screen(1280, 800) as screen,
        fiscalmon("demo", "--json", "--exit-when-done", *sales, env=screen.env) as demo,
    ):
        assert screen.window("fiscalmon", demo)
        assert demo.line()["event"] == "ready"
        summary = demo.line()
        assert demo.code(seconds=10) == 0
        assert summary.items() >= (WHOLE_SUMMARY | {"sales": 12, "completed": 12}).items()
        assert demo.complaints() == ""
