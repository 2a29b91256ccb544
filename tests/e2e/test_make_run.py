"""`make run`, the first thing a newcomer types: a window where there is a display, headless where there is none."""

from __future__ import annotations

from pathlib import Path

from tests.e2e.program import Program, baskets, without_display
from tests.e2e.screen import Screen

SALES = 8


def make_run(folder: Path, env: dict[str, str]) -> Program:
    options = f"--json --rate 4 --exit-when-done --sales {baskets(folder, SALES)}"
    return Program(["make", "run", f"ARGS={options}"], env)


def assert_it_sold(demo: Program) -> None:
    assert demo.line(seconds=100)["event"] == "ready"
    assert demo.line()["completed"] == SALES
    assert demo.code(seconds=15) == 0


def test_with_a_display_there_is_the_window(tmp_path: Path) -> None:
    with Screen(1280, 800) as screen, make_run(tmp_path, screen.env) as demo:
        assert screen.window("fiscalmon", demo, seconds=100)
        assert_it_sold(demo)
        assert not [line for line in demo.said if "--headless" in line]


def test_without_a_display_it_is_headless(tmp_path: Path) -> None:
    with make_run(tmp_path, without_display()) as demo:
        assert_it_sold(demo)
        assert [line for line in demo.said if "fiscalmon demo --headless" in line]
