"""The screen on the wall, left to itself: it stays awake and begins anew each night, if the till answers."""

from __future__ import annotations

from typing import Any

from tests.e2e.chromium import TV, Browser, Page
from tests.e2e.test_dashboard import sign_in

WALL = "document.querySelector('.tv')?.dataset.link"
# The browser's own locks, as the page got them.
KEEP_LOCKS = """window.locks = [];
const ask = navigator.wakeLock.request.bind(navigator.wakeLock);
navigator.wakeLock.request = async (kind) => { const lock = await ask(kind); window.locks.push(lock); return lock; };"""
AWAKE = "window.locks.at(-1)?.released === false"


def on_the_wall(browser: Browser, flowing: dict[str, Any], at: str) -> Page:
    page = browser.page(TV, still=True)
    page.before(KEEP_LOCKS)
    page.clock(at)
    sign_in(page, flowing["url"], flowing["username"], flowing["password"])
    page.goto(f"{flowing['url'].rstrip('/')}/tv")
    page.wait(f"{WALL} === 'live'")
    return page


def loads(page: Page) -> int:
    return page.seen()["loads"]


def test_the_screen_stays_awake(browser: Browser, flowing: dict[str, Any]) -> None:
    page = on_the_wall(browser, flowing, "2026-03-02T12:00:00Z")
    page.wait(AWAKE)
    assert page.read("window.locks.map((lock) => lock.type)") == ["screen"]
    # A browser lets go of it when the page is hidden; seen again, the page takes it anew.
    page.read("window.locks[0].release()")
    assert page.read("window.locks[0].released") is True
    page.read("void document.dispatchEvent(new Event('visibilitychange'))")
    page.wait(f"window.locks.length === 2 && {AWAKE}")
    page.close()


def test_it_begins_anew_at_night_and_never_without_the_till(browser: Browser, flowing: dict[str, Any]) -> None:
    # Eleven at night at the shop, whatever the till's own clock says.
    page = on_the_wall(browser, flowing, "2026-03-02T21:00:00Z")
    before = loads(page)
    page.later(hours=3, minutes=58)
    page.wait(f"{WALL} === 'live'")
    assert loads(page) == before, "not before three"
    page.network(up=False)
    page.wait(f"{WALL} === 'offline'")
    page.later(hours=1, minutes=4)
    page.wait("document.querySelector('.link-status').textContent.startsWith('Offline')")
    assert loads(page) == before, "an error page would stay on the wall"
    shown = page.read("document.querySelector('.tv__value').textContent")
    assert shown == "3", "the last numbers stay, greyed"
    page.read("void (window.old = true)")
    page.network(up=True)
    page.wait(f"!window.old && {WALL} === 'live'", 60)
    assert loads(page) == before + 1
    page.wait(AWAKE)
    # Once a night: the next is a day away.
    page.later(hours=1)
    page.wait(f"{WALL} === 'live'")
    assert loads(page) == before + 1
    page.read("void (window.old = true)")
    page.later(hours=23)
    page.wait(f"!window.old && {WALL} === 'live'", 60)
    assert loads(page) == before + 2
    page.close()
