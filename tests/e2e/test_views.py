"""What opens from the dashboard: a device, a receipt, a day gone by, the account, the screen on the wall."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest

from tests.e2e.chromium import LAPTOP, PHONE, SIZES, TV, Browser, Page, Size
from tests.e2e.program import SCREENS, books
from tests.e2e.test_dashboard import CUT_OFF, WIDER, open_demo, sign_in

DIALOG = "document.querySelector('dialog[open] .dialog__title')?.textContent"
CELLS = "document.querySelectorAll('.cell').length"
INSIDE = "document.querySelector('dialog[open]').contains(document.activeElement)"
# Whatever reaches out of its window, or out of the screen, to the side.
OUT_OF_DIALOG = """[...document.querySelectorAll('dialog[open] *')].filter((part) =>
    !part.matches('.only-read, summary *') && part.getBoundingClientRect().width > 0
    && part.getBoundingClientRect().right > document.querySelector('dialog[open]').getBoundingClientRect().right + 1)
    .map((part) => part.textContent.slice(0, 60))"""


def judge(page: Page, size: Size, scheme: str, name: str) -> None:
    """A picture, axe's opinion, no sideways scrolling."""
    page.look(size, scheme)
    page.wait(f"innerWidth === {size.width}")
    page.shoot(SCREENS / f"web-{name}-{size.name}-{scheme}.png")
    found = page.axe()
    assert found["passes"] > 10
    grave = [one for one in found["violations"] if one["impact"] in ("serious", "critical")]
    assert not grave, grave
    assert page.read(WIDER) == 0, f"{name} scrolls sideways"


@pytest.fixture(scope="module")
def viewed(browser: Browser, flowing: dict[str, Any]) -> Page:
    page = open_demo(browser, flowing, still=True)
    page.wait(f"{CELLS} === 3 && document.querySelectorAll('.feed__link').length > 5")
    return page


def address(page: Page, flowing: dict[str, Any], fragment: str) -> None:
    page.read(f"void (location.hash = {fragment!r})")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_device_in_full(viewed: Page, flowing: dict[str, Any], scheme: str) -> None:
    page = viewed
    page.look(LAPTOP, scheme)
    (first, *_) = books(flowing["dataDir"], "SELECT DISTINCT deviceID FROM v_receipts ORDER BY 1")
    device = first["deviceID"]
    page.click(f"Device {device}, Fine", "link")
    assert page.wait(DIALOG) == f"Device {device}"
    assert page.read("location.hash") == f"#/devices/{device}"
    page.wait("document.querySelectorAll('dialog .recent__row').length > 2 && document.querySelector('.latency')")
    for _ in range(14):
        page.press("Tab")
        assert page.read(f"{INSIDE} || document.activeElement === document.body"), "the focus left the window"
    for size in SIZES if scheme == "light" else (LAPTOP,):
        judge(page, size, scheme, "device")
        assert page.read(OUT_OF_DIALOG) == []
    page.press("Escape")
    page.wait("!document.querySelector('dialog[open]') && location.hash === ''")
    assert page.read("document.activeElement.textContent") == str(device), "the focus is where it was"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_receipts_whole_life(viewed: Page, flowing: dict[str, Any], scheme: str) -> None:
    page = viewed
    page.look(LAPTOP, scheme)
    query = "SELECT * FROM v_receipts WHERE status = 'completed' ORDER BY receiptGlobalNo LIMIT 1"
    (receipt,) = books(flowing["dataDir"], query)
    address(page, flowing, f"#/receipts/{receipt['receiptId']}")
    page.wait(f"{DIALOG} === 'Receipt {receipt['receiptGlobalNo']}'")
    page.wait("document.querySelectorAll('.steps__row').length > 2")
    total = f"{receipt['receiptCurrency']} {float(receipt['receiptTotal']):,.2f}"
    assert page.read("document.querySelector('.drawer__total').textContent").replace("\u00a0", " ") == total
    page.read("void (document.querySelector('dialog details').open = true)")
    for size in SIZES if scheme == "light" else (LAPTOP,):
        judge(page, size, scheme, "receipt")
        assert page.read(OUT_OF_DIALOG) == []
    page.click("Close")
    page.wait("!document.querySelector('dialog[open]')")


def test_a_row_of_the_feed_opens_its_receipt(viewed: Page) -> None:
    page = viewed
    page.look(LAPTOP, "light")
    page.read("void document.querySelector('.feed__link').focus()")
    page.press("Enter")
    assert page.wait(DIALOG).startswith("Receipt ")
    page.press("Escape")
    page.wait("!document.querySelector('dialog[open]')")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_day_gone_by(viewed: Page, flowing: dict[str, Any], scheme: str) -> None:
    page = viewed
    day = page.read("document.querySelector('.picker input').value")
    address(page, flowing, f"#/days/{day}")
    page.wait("document.querySelectorAll('.kpis--day .kpi').length === 4")
    page.wait("document.querySelectorAll('.panel canvas').length === 3")
    for size in SIZES if scheme == "light" else (LAPTOP,):
        judge(page, size, scheme, "history")
        assert page.read(CUT_OFF) == []
    page.look(LAPTOP, scheme)
    assert page.read("document.querySelector('[aria-label=\"The day before\"]').disabled"), "nothing was before"
    address(page, flowing, "#/days/2026-01-31")
    page.wait("document.querySelector('h1').textContent === 'History'")
    page.wait("document.querySelector('#kpi-dayReceipts ~ .kpi__value')?.textContent === '0'")
    judge(page, LAPTOP, scheme, "history-empty")
    page.click("Today")
    page.wait("document.querySelectorAll('.kpis .kpi').length === 6")


def test_the_spreadsheet_is_that_of_the_books(viewed: Page, flowing: dict[str, Any]) -> None:
    page = viewed
    link = page.wait("document.querySelector('a[download]')?.getAttribute('href')")
    text = page.read(f"fetch({link!r}).then((answer) => answer.text())")
    rows = list(csv.reader(io.StringIO(text.lstrip("\ufeff"), newline="")))
    named = [dict(zip(rows[8], row, strict=True)) for row in rows[9:]]
    true = {row["receiptId"]: row for row in books(flowing["dataDir"], "SELECT * FROM v_receipts")}
    by_sale = {row["saleId"]: row for row in true.values()}
    assert len(named) > 5
    for row in named:
        assert row["receiptTotal"] == by_sale[row["saleId"]]["receiptTotal"]
        assert row["receiptDate"] == by_sale[row["saleId"]]["receiptDate"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_account(browser: Browser, viewed: Page, flowing: dict[str, Any], scheme: str) -> None:
    page = viewed
    page.look(LAPTOP, scheme)
    other = open_demo(browser, flowing)
    page.click(f"Account: {flowing['username']} owner")
    page.wait("document.querySelectorAll('.menu__row').length > 1")
    for size in (PHONE, LAPTOP) if scheme == "light" else (LAPTOP,):
        judge(page, size, scheme, "account")
    page.look(LAPTOP, scheme)
    page.read("void document.querySelector('.menu__row .button').click()")
    other.wait("document.querySelector('.login__lead')?.textContent.startsWith('You were signed out')", 10)
    page.press("Escape")
    page.wait("!document.querySelector('.menu')")
    assert page.read("document.activeElement.textContent").startswith("Account: ")
    other.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_screen_on_the_wall(browser: Browser, flowing: dict[str, Any], scheme: str) -> None:
    page = browser.page(TV, scheme, still=True)
    sign_in(page, flowing["url"], flowing["username"], flowing["password"])
    login = f"JSON.stringify({{username: {flowing['username']!r}, password: {flowing['password']!r}}})"
    token = page.read(
        "fetch('/api/auth/token', {method: 'POST', headers: {'Content-Type': 'application/json'}, "
        f"body: {login}}}).then((answer) => answer.json()).then((answer) => answer.access_token)"
    )
    page.close()
    # A browser that never signed in: the token in the address lets it see, and nothing else does.
    page = browser.page(TV, scheme, still=True)
    page.goto(f"{flowing['url'].rstrip('/')}/tv#token={token}")
    page.wait("document.querySelector('.tv')?.dataset.link === 'live'")
    page.wait("document.querySelector('.tv__value').textContent === '3'")
    assert page.read("document.querySelectorAll('button, a, input, select').length") == 0
    assert page.read("parseFloat(getComputedStyle(document.querySelector('.tv__value')).fontSize)") == 72
    for size in (TV, PHONE) if scheme == "light" else (TV,):
        judge(page, size, scheme, "wall")
    page.look(TV, scheme)
    over = "[...document.querySelectorAll('.tv *')].filter((p) => p.scrollWidth > p.clientWidth + 1 && "
    assert (
        page.read(over + "getComputedStyle(p).display !== 'inline' && !p.matches('.tv__last, .only-read')).length") == 0
    )
    assert page.read("document.querySelector('.tv__foot').getBoundingClientRect().bottom <= innerHeight") is True
    page.close()
    page = browser.page(TV, scheme)
    page.goto(f"{flowing['url'].rstrip('/')}/tv#token=not.a.token")
    page.wait("document.querySelector('.full-page__title')?.textContent.startsWith('This screen')")
    page.close()


def test_the_page_that_says_how_to_trust_this_till(browser: Browser, flowing: dict[str, Any]) -> None:
    page = browser.page(still=True)
    page.goto(f"{flowing['url'].rstrip('/')}/trust")
    page.wait("document.querySelectorAll('details').length === 6")
    for scheme in ("light", "dark"):
        for size in (PHONE, LAPTOP):
            judge(page, size, scheme, "trust")
            # What people compare is never broken within a byte, nor wider than the screen.
            rows = page.read("[...document.querySelectorAll('.print span')].map(one => one.getClientRects().length)")
            assert rows == [1] * 4
            tops = page.read("[...document.querySelectorAll('.print span')].map(one => one.offsetTop)")
            assert len(set(tops)) == (4 if size == PHONE else 2)
    page.read("void (document.querySelector('details').open = true)")
    judge(page, PHONE, "light", "trust-steps")
    page.shoot(SCREENS / "web-trust-whole-phone-light.png", whole=True)
    page.close()
