"""Chromium as a person in front of the dashboard would use it: click what is named, read what is written.

Speaks to ui/web/e2e/driver.mjs; must not know what the dashboard shows.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.e2e.program import ROOT, Program

DRIVER = ROOT / "ui" / "web" / "e2e" / "driver.mjs"
NAMES = ("chromium", "chromium-browser", "google-chrome")
ANSWER_SECONDS = 90.0


@dataclass(frozen=True)
class Size:
    """A screen in CSS pixels."""

    name: str
    width: int
    height: int


PHONE = Size("phone", 360, 780)
TABLET = Size("tablet", 820, 1180)
LAPTOP = Size("laptop", 1366, 768)
TV = Size("tv", 1920, 1080)
UHD = Size("4k", 3840, 2160)
SIZES = (PHONE, TABLET, LAPTOP, TV, UHD)


class Browser:
    """A running Chromium. Use it in a `with`."""

    def __init__(self) -> None:
        found = next(filter(None, map(shutil.which, NAMES)), None)
        assert found, f"none of {', '.join(NAMES)} is installed: run packaging/setup.sh"
        self._driver = Program(["node", str(DRIVER), found])

    def __enter__(self) -> Browser:
        return self

    def __exit__(self, *_: object) -> None:
        with self._driver:
            self._driver.finish()

    def page(self, size: Size = LAPTOP, scheme: str = "light", *, still: bool = False) -> Page:
        """A page of its own, with no cookie of another. `still`: for a reader who wants no motion."""
        touch = size in (PHONE, TABLET)
        look = {"width": size.width, "height": size.height, "scheme": scheme, "touch": touch, "still": still}
        number = self.ask("open", **look)
        return Page(self, number)

    def ask(self, verb: str, page: int | None = None, **wanted: Any) -> Any:
        self._driver.say(json.dumps({"verb": verb, "page": page, **wanted}))
        answer = self._driver.line(ANSWER_SECONDS)
        assert "error" not in answer, f"{verb} {wanted}: {answer['error']}"
        return answer["value"]


class Page:
    """One tab. Expressions are JavaScript whose value is JSON."""

    def __init__(self, browser: Browser, number: int) -> None:
        self._browser, self._number = browser, number

    def goto(self, url: str) -> None:
        self._ask("goto", url=url)

    def before(self, script: str) -> None:
        """A script that runs in each document before any of its own."""
        self._ask("before", script=script)

    def clock(self, at: str) -> None:
        """From the next document on its clock and its timers begin at a moment (ISO 8601), and `later` moves them."""
        self._ask("clock", at=at)

    def later(self, *, ticking: bool = False, **span: float) -> None:
        """So much time passes, as `timedelta` takes it: in one leap, as over a sleep, or `ticking`, as on a desk."""
        self._ask("later", ms=timedelta(**span) / timedelta(milliseconds=1), ticking=ticking)

    def fill(self, label: str, text: str) -> None:
        self._ask("fill", label=label, text=text)

    def click(self, name: str, role: str = "button") -> None:
        self._ask("click", name=name, role=role)

    def select(self, label: str, option: str) -> None:
        self._ask("select", label=label, option=option)

    def read(self, expression: str) -> Any:
        return self._ask("read", expression=expression)

    def wait(self, expression: str, seconds: float = 30.0) -> Any:
        """The expression's value once it is true."""
        return self._ask("wait", expression=expression, seconds=seconds)

    def press(self, key: str) -> None:
        self._ask("press", key=key)

    def network(self, *, up: bool) -> None:
        """Cut this page's network, or give it back."""
        self._ask("network", up=up)

    def freeze(self, *, asleep: bool) -> None:
        """Let its scripts and timers stand still, or go on."""
        self._ask("freeze", asleep=asleep)

    def heap(self) -> int:
        """Bytes of live script objects."""
        return self._ask("heap")

    def wheel(self, selector: str, down: int) -> None:
        """Turn the mouse wheel over an element."""
        self._ask("wheel", selector=selector, down=down)

    def look(self, size: Size, scheme: str) -> None:
        """Another window size, another scheme of the system."""
        self._ask("look", width=size.width, height=size.height, scheme=scheme)

    def shoot(self, file: Path, *, whole: bool = False) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        self._ask("shoot", file=str(file), whole=whole)

    def axe(self) -> dict[str, Any]:
        """What axe finds: `violations` with impact and places, and how many rules passed."""
        return self._ask("axe")

    def seen(self) -> dict[str, Any]:
        """`errors` of the console, content `refused` by the policy, hosts of `requests`, `loads` of documents."""
        return self._ask("seen")

    def close(self) -> None:
        self._ask("close")

    def _ask(self, verb: str, **wanted: Any) -> Any:
        return self._browser.ask(verb, self._number, **wanted)
