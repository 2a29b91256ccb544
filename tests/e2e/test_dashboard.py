"""The dashboard as people see it: real Chromium against the program as it is installed, figures against the books."""

from __future__ import annotations

import json
import re
import signal
import time
from collections import defaultdict
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.chromium import PHONE, SIZES, Browser, Page, Size
from tests.e2e.conftest import PASSWORD, ReadyTill
from tests.e2e.program import SCREENS, baskets, books, fiscalmon, run, sale, until

CARD_NAMES = ["Active Devices", "Receipts Today", "Failed Receipts", "Success Rate", "FDMS Latency", "Sales Totals"]
LIVE = "document.querySelector('.page')?.dataset.link === 'live'"
OFFLINE = "document.querySelector('.page')?.dataset.link === 'offline'"
HEADING = "document.querySelector('h1')?.textContent"
MESSAGE = "document.querySelector('[role=alert]')?.textContent"
RECEIPTS = "Number(document.querySelector('#kpi-receiptsToday ~ .kpi__value').textContent.replace(',', ''))"
CARDS = """[...document.querySelectorAll('.kpi')].map((card) => [
    card.querySelector('.kpi__label').textContent,
    [...card.querySelectorAll('.kpi__value, .kpi__line')].map((part) => part.textContent.replace(/\\s+/g, ' ').trim()),
])"""
TAX = "Object.fromEntries([...document.querySelectorAll('.tax__band')].map((band) => [" + (
    "band.querySelector('.tax__name').textContent, band.querySelector('.tax__amount').textContent]))"
)
FEED = "[...document.querySelectorAll('.feed__row')].map((row) => row.textContent.replace(/\\s+/g, ' '))"
# A row that the browser leaves unpainted until it is scrolled to is blank in print and in a picture of the page.
UNPAINTED = """[...document.querySelectorAll('.feed__sentence')].filter(
    (words) => !words.checkVisibility({ contentVisibilityAuto: true, opacityProperty: true })).length"""
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
CUT_OFF = """[...document.querySelectorAll('.kpi')].flatMap((card) => [...card.querySelectorAll('*')].filter((part) =>
    !part.matches('.only-read') && part.getBoundingClientRect().right > card.getBoundingClientRect().right + 1)
    .map((part) => part.textContent))"""

# Chromium itself writes these two; the page asks who is signed in before anyone is, and says a wrong password in words.
NOT_SIGNED_IN = r"status of 401 .*/api/auth/(me|login)$"
NO_ANSWER = r"ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|WebSocket connection to"


def sign_in(page: Page, url: str, name: str, password: str) -> None:
    page.goto(url)
    page.wait(f"{HEADING} === 'Sign in'")
    page.fill("User name", name)
    page.fill("Password", password)
    page.click("Sign in")
    page.wait(LIVE)


def open_demo(browser: Browser, ready: dict[str, Any], **look: Any) -> Page:
    page = browser.page(**look)
    sign_in(page, ready["url"], ready["username"], ready["password"])
    return page


def assert_clean(page: Page, url: str, but: str = NOT_SIGNED_IN) -> None:
    """No error of script or content policy, nothing asked of any other host, never loaded again."""
    seen = page.seen()
    assert [error for error in seen["errors"] if not re.search(but, error)] == []
    assert seen["refused"] == []
    assert seen["requests"] == [url.partition("://")[2].strip("/")]
    assert seen["loads"] == 1


def shown(page: Page) -> dict[str, list[str]]:
    return dict(page.read(CARDS))


def amounts(totals: dict[str, Decimal]) -> list[str]:
    """Currencies with their amounts as the page writes them, the largest first."""
    return [f"{name} {total:,.2f}" for name, total in sorted(totals.items(), key=lambda item: -item[1])]


def figures(folder: str, day: str) -> dict[str, Any]:
    """What the dashboard must say of a day, from the view that support reads."""
    rows = books(folder, "SELECT * FROM v_receipts WHERE substr(receiptDate, 1, 10) = ?", day)
    sales: dict[str, Decimal] = defaultdict(Decimal)
    tax: dict[str, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for row in rows:
        sales[row["receiptCurrency"]] += Decimal(str(row["receiptTotal"]))
        for part in json.loads(row["receiptTaxes"], parse_float=Decimal):
            band = f"{part['taxPercent']}%" if part.get("taxPercent") is not None else "Exempt"
            tax[row["receiptCurrency"]][band] += Decimal(str(part["taxAmount"]))
    completed = sum(row["status"] == "completed" for row in rows)
    failed = sum(row["status"] == "failed" for row in rows)
    return {
        "receipts": len(rows),
        "settled": completed + failed == len(rows),
        "failed": failed,
        "rate": f"{Decimal(100 * completed) / max(1, completed + failed):.1f} %",
        "latency": sum(row["latencyMs"] or 0 for row in rows) / max(1, len(rows)),
        "sales": sales,
        "tax": tax,
    }


def test_signing_in_and_out(browser: Browser, flowing: dict[str, Any]) -> None:
    page = browser.page()
    page.goto(flowing["url"])
    page.wait(f"{HEADING} === 'Sign in'")
    page.shoot(SCREENS / "web-sign-in.png")
    page.fill("User name", flowing["username"])
    page.fill("Password", "not the password")
    page.click("Sign in")
    assert page.wait(MESSAGE) == "User name or password is wrong."
    page.shoot(SCREENS / "web-sign-in-wrong.png")
    # Its field was emptied and has the keyboard again; the button opens once the delay is over.
    page.wait("document.activeElement.id === 'password' && document.activeElement.value === ''")
    page.fill("Password", flowing["password"])
    page.wait("!document.querySelector('[type=submit]').disabled")
    page.click("Sign in")
    page.wait(LIVE)
    assert [name for name, _ in page.read(CARDS)] == CARD_NAMES
    page.click(f"Account: {flowing['username']} owner")
    page.click("Sign out")
    page.wait("document.querySelector('.login__lead')?.textContent === 'You are signed out.'")
    assert page.read("document.querySelectorAll('.kpi').length") == 0
    assert page.read("fetch('/api/auth/me').then((answer) => answer.status)") == 401
    assert_clean(page, flowing["url"])
    page.close()


def test_a_sale_of_the_command_line_appears_by_itself(
    browser: Browser, flowing: dict[str, Any], tmp_path: Path
) -> None:
    page = open_demo(browser, flowing)
    page.wait("document.querySelector('.feed__list')")
    page.read("""new Promise((done) => {
        new MutationObserver(() => {
            const told = document.querySelector('.feed__list').textContent.includes('E2E-1');
            if (told) window.seenAt ??= Date.now() / 1000;
        }).observe(document.querySelector('.feed'), { childList: true, subtree: true, characterData: true });
        done();
    })""")
    before = page.read(RECEIPTS)
    (result,) = run("--data-dir", flowing["dataDir"], "submit", "--wait", "completed", sale(tmp_path, "E2E-1"))
    printed = time.time()
    assert result["status"] == "completed"
    assert page.wait("window.seenAt") - printed < 2.0
    (row,) = [row for row in page.read(FEED) if "E2E-1" in row]
    assert f"Receipt {result['receiptGlobalNo']} accepted" in row
    assert row.endswith("USD 12.40")
    page.wait(f"{RECEIPTS} > {before}")
    assert_clean(page, flowing["url"])
    page.close()


def test_the_numbers_are_those_of_the_books(browser: Browser, tmp_path: Path) -> None:
    count = 25  # none of these is refused; later ones are
    with fiscalmon("demo", "--headless", "--json", "--rate", "4", "--sales", baskets(tmp_path, count)) as demo:
        ready = demo.line()
        page = open_demo(browser, ready)
        first = page.read(RECEIPTS)
        page.wait(f"{RECEIPTS} > {first}")
        # The shop's day as the page says it, so that a test run over midnight compares the same day.
        words = page.wait("document.querySelector('.heading__date').textContent")
        day = datetime.strptime(words, "%A, %d %B %Y").strftime("%Y-%m-%d")
        settled = "SELECT 1 FROM v_receipts WHERE settledAt > ''"
        until(lambda: len(books(ready["dataDir"], settled)) == count, "FDMS's answer to all sales")
        true = figures(ready["dataDir"], day)
        assert true["settled"]
        assert len(true["sales"]) == 2, "the demo sells in two currencies"
        page.wait(f"{RECEIPTS} === {true['receipts']}")
        cards = until(lambda: (now := shown(page))["Sales Totals"] == amounts(true["sales"]) and now, "the totals", 5)
        assert list(cards) == CARD_NAMES
        assert cards["Active Devices"] == ["3"]
        assert cards["Receipts Today"] == [f"{true['receipts']:,}"]
        assert cards["Failed Receipts"] == [str(true["failed"])]
        assert cards["Success Rate"] == [true["rate"]]
        assert abs(int(cards["FDMS Latency"][0].removesuffix(" ms").replace(",", "")) - true["latency"]) <= 1
        for currency, bands in true["tax"].items():
            page.select("Currency of the tax", currency)
            want = {band: f"{amount:,.2f}" for band, amount in bands.items()}
            until(lambda want=want: page.read(TAX) == want, f"{want} beside the doughnut", 5)
        assert_clean(page, ready["url"])
        page.close()


def test_a_killed_server_comes_back_with_nothing_missing(browser: Browser, till: ReadyTill, tmp_path: Path) -> None:
    here = ("--data-dir", till.folder)
    page = browser.page()
    with fiscalmon(*here, "serve", "--json", "--port", "0") as server:
        url = server.line()["url"]
        sign_in(page, url, "olga", PASSWORD)
        run(*here, "submit", baskets(tmp_path, 5))
        page.wait(f"{RECEIPTS} === 5")
        assert server.end(signal.SIGKILL) == -signal.SIGKILL
    page.wait(OFFLINE)
    assert page.wait(MESSAGE).startswith("Offline since ")
    page.shoot(SCREENS / "web-offline.png")
    run(*here, "submit", sale(tmp_path, "WHILE-AWAY"))
    port = url.strip("/").rpartition(":")[2]
    with fiscalmon(*here, "serve", "--json", "--port", port) as server:
        assert server.line()["url"] == url
        page.wait(LIVE, 45)
        assert page.read(MESSAGE) is None
        page.wait(f"{RECEIPTS} === 6")
        feed = " ".join(page.read(FEED))
        for row in books(till.folder, "SELECT invoiceNo FROM v_receipts"):
            assert row["invoiceNo"] in feed
        # A new password ends the session, and the page says so without being asked.
        run(*here, "user", "passwd", "olga", "--password-stdin", given=PASSWORD + " again")
        page.wait("document.querySelector('.login__lead')?.textContent.startsWith('You were signed out')", 10)
        assert_clean(page, url, but=f"{NOT_SIGNED_IN}|{NO_ANSWER}")
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_looks_right_on_every_screen(browser: Browser, flowing: dict[str, Any], scheme: str) -> None:
    # Still: a row that slides in is half transparent for 120 ms, which axe calls pale text.
    page = browser.page(PHONE, scheme, still=True)
    page.goto(flowing["url"])
    page.wait(f"{HEADING} === 'Sign in'")
    judge(page, PHONE, scheme, "sign-in")
    sign_in(page, flowing["url"], flowing["username"], flowing["password"])
    page.wait(
        "document.querySelectorAll('.panel canvas').length === 3 && document.querySelectorAll('.feed__row').length > 9"
    )
    for size in SIZES:
        page.look(size, scheme)
        page.wait(f"innerWidth === {size.width}")
        judge(page, size, scheme, size.name)
        assert page.read(UNPAINTED) == 0
        page.wheel(".feed__scroll", 400)
        page.wait("document.querySelector('.feed__scroll').scrollTop > 0")
        page.shoot(SCREENS / f"web-{size.name}-{scheme}-feed.png")
        page.wheel(".feed__scroll", -4000)
        page.wait("document.querySelector('.feed__scroll').scrollTop === 0")
        page.read("scrollTo(0, 0)")
    assert page.seen()["refused"] == []
    page.close()


def judge(page: Page, size: Size, scheme: str, name: str) -> None:
    """A picture, axe's opinion, nothing cut off and no sideways scrolling."""
    page.shoot(SCREENS / f"web-{name}-{scheme}.png")
    page.shoot(SCREENS / f"web-{name}-{scheme}-whole.png", whole=True)
    found = page.axe()
    assert found["passes"] > 10
    grave = [violation for violation in found["violations"] if violation["impact"] in ("serious", "critical")]
    assert grave == []
    assert page.read(WIDER) == 0, f"{name} scrolls sideways"
    assert page.read(CUT_OFF) == []
    assert page.read("matchMedia('(prefers-color-scheme: dark)').matches") is (scheme == "dark")
