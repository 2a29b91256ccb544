"""What the page says of itself while the line misbehaves: loading, silent, catching up, another version of the till."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.e2e.chromium import LAPTOP, Browser, Page
from tests.e2e.program import books, until
from tests.e2e.test_dashboard import FEED, LIVE, MESSAGE, sign_in
from tests.e2e.test_trouble import picture

# The browser's own socket, with what comes in held back or changed on its way to the page.
HELD = """window.kept = []; window.hold = () => false; window.change = (text) => text;
window.release = () => { window.hold = () => false; window.kept.splice(0).forEach((give) => give()); };
window.WebSocket = class extends WebSocket {
    set onmessage(hear) {
        super.onmessage = hear && ((told) => {
            const give = () => hear(new MessageEvent('message', { data: window.change(told.data) }));
            if (window.hold(JSON.parse(told.data))) window.kept.push(give); else give();
        });
    }
};"""
CHIP = "document.querySelector('.link-status .chip').textContent"
VALUES = "[...document.querySelectorAll('.kpi__value')].map((one) => one.firstChild.textContent)"


@pytest.fixture
def held(browser: Browser) -> Page:
    page = browser.page(LAPTOP, still=True)
    page.before(HELD)
    return page


def test_before_the_first_numbers(held: Page, flowing: dict[str, Any]) -> None:
    held.before("window.hold = () => true")
    held.goto(flowing["url"])
    held.wait("document.querySelector('h1')?.textContent === 'Sign in'")
    held.fill("User name", flowing["username"])
    held.fill("Password", flowing["password"])
    held.click("Sign in")
    held.wait("document.querySelectorAll('.kpi').length === 6 && document.querySelector('.feed')")
    assert set(held.read(VALUES)) == {"—"}
    picture(held, "loading")
    text = held.read("document.body.textContent")
    assert not [wrong for wrong in ("NaN", "undefined", "null", "0.00") if wrong in text]
    held.read("window.release()")
    # Too late for this line: the page has given it up by then, or takes what it was told.
    held.wait(LIVE, 40)
    held.close()


def test_a_line_that_falls_silent(held: Page, flowing: dict[str, Any]) -> None:
    held.clock("2026-03-02T09:00:00Z")
    sign_in(held, flowing["url"], flowing["username"], flowing["password"])
    held.read("void (window.hold = () => true)")
    before = held.read(VALUES)
    held.later(seconds=80, ticking=True)
    held.wait(f"{CHIP}.startsWith('No news for ')")
    assert held.read(VALUES) == before
    picture(held, "stale")
    # Nothing more comes: it is given up and made anew.
    held.later(seconds=30, ticking=True)
    held.wait(f"!{CHIP}.startsWith('No news')")
    held.read("void (window.hold = () => false)")
    held.later(seconds=40, ticking=True)
    held.wait(LIVE, 40)
    held.close()


def test_what_was_missed_is_caught_up(held: Page, flowing: dict[str, Any]) -> None:
    sign_in(held, flowing["url"], flowing["username"], flowing["password"])
    held.wait("document.querySelector('.feed__row')")
    # It lasts for a moment only: what the page says then is written down as it says it.
    held.read("""void new MutationObserver(() => {
        (window.said ??= []).push(document.querySelector('.link-status .chip').textContent);
    }).observe(document.querySelector('.page'), { attributes: true, attributeFilter: ['data-link'] })""")
    held.network(up=False)
    held.wait("document.querySelector('.page').dataset.link === 'offline'")
    newest = "SELECT max(seq) AS seq FROM v_events"
    (then,) = books(flowing["dataDir"], newest)
    until(lambda: books(flowing["dataDir"], newest)[0]["seq"] > then["seq"] + 3, "more that happens", 60)
    # As after a long while: the greeting tells of the last things only; those before are asked for and on their way.
    held.read("""void (window.change = (text) => {
        const said = JSON.parse(text);
        if (said.type !== 'hello') return text;
        const events = new Array(50).fill(said.data.events.at(-1));
        return JSON.stringify({ ...said, data: { ...said.data, events } });
    })""")
    held.network(up=True)
    held.wait(LIVE, 45)
    said = held.read("window.said")
    assert said[0] in ("Reconnecting…", "Offline")
    assert said[-2:] == ["Catching up…", "Live"]
    accepted = "SELECT data, deviceID FROM v_events WHERE type = 'receipt.completed' AND seq > ? ORDER BY seq LIMIT 3"
    feed = " ".join(held.read(FEED))
    for row in books(flowing["dataDir"], accepted, then["seq"]):
        assert f"Receipt {json.loads(row['data'])['receiptGlobalNo']} accepted" in feed
    held.close()


def test_another_version_of_the_till(held: Page, flowing: dict[str, Any]) -> None:
    held.before("""window.change = (text) => text.replace(/"version":"[^"]*"/, '"version":"99.0.1"')""")
    sign_in(held, flowing["url"], flowing["username"], flowing["password"])
    held.wait(f"({MESSAGE} ?? '').startsWith('The till has another version.')", 45)
    assert "99.0.1" in held.read(MESSAGE)
    loads = held.seen()["loads"]
    assert loads == 2, "it has loaded itself anew once, and once only"
    picture(held, "other-version")
    assert held.seen()["loads"] == loads
    held.close()
