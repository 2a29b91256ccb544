"""What is wrong reaches the office: an alert of a running till is taken in a browser, a line that waits is stirred."""

from __future__ import annotations

from pathlib import Path

import httpx

from tests.e2e.chromium import LAPTOP, PHONE, Browser
from tests.e2e.conftest import PASSWORD, ReadyTill
from tests.e2e.program import SCREENS, books, fiscalmon, run, sale, until
from tests.e2e.test_dashboard import LIVE, sign_in

CHIP = "[...document.querySelectorAll('header a, header button')].some(one => /\\b2 alerts\\b/.test(one.textContent))"
TEXT = "document.querySelector('dialog, [role=dialog]')?.textContent ?? ''"


def test_an_alert_is_seen_taken_and_known_at_the_till(browser: Browser, till: ReadyTill) -> None:
    here = ("--data-dir", till.folder)
    page = browser.page(LAPTOP, still=True)
    with fiscalmon(*here, "serve", "--json", "--port", "0") as server:
        url = server.line()["url"]
        sign_in(page, url, "olga", PASSWORD)
        page.wait(LIVE)
        # The day is open for longer than the owner wants to see it open; the sign-in itself is the other alert.
        run(*here, "settings", "set", "alerts", "day_hours=0.0001")
        page.wait(CHIP, 40)
        page.goto(f"{url}#/alerts/open")
        page.wait(f"({TEXT}).includes('open for long')")
        for size, name in ((LAPTOP, "laptop"), (PHONE, "phone")):
            for scheme in ("light", "dark"):
                page.look(size, scheme)
                page.shoot(SCREENS / f"web-alerts-{name}-{scheme}.png")
                assert [found for found in page.axe()["violations"] if found["impact"] in ("serious", "critical")] == []
        page.click("I look after it: A fiscal day is open for long")
        page.wait(f"({TEXT}).includes('olga looks after it')")
        (alerts,) = run(*here, "alerts", "list")
        assert {alert["rule"]: alert["acknowledgedBy"] for alert in alerts} == {"day-long": "olga", "sign-in": None}


def test_a_line_that_waits_is_stirred(browser: Browser, till: ReadyTill, tmp_path: Path) -> None:
    here = ("--data-dir", till.folder)
    page = browser.page(LAPTOP, still=True)
    with fiscalmon(*here, "serve", "--json", "--port", "0") as server:
        url = server.line()["url"]
        sign_in(page, url, "olga", PASSWORD)
        page.wait(LIVE)
        wait = {"operation": "SubmitReceipt", "action": "status", "status": 429}
        httpx.post(f"{till.control}/faults", json={"rules": [wait]}).raise_for_status()
        run(*here, "submit", sale(tmp_path, "WAITS-1"))
        page.goto(f"{url}#/devices/{till.device}")
        page.wait("[...document.querySelectorAll('button')].some(one => one.textContent === 'Send now')", 30)
        for scheme in ("light", "dark"):
            page.look(LAPTOP, scheme)
            page.shoot(SCREENS / f"web-send-now-{scheme}.png")
        httpx.delete(f"{till.control}/faults").raise_for_status()
        page.click("Send now")
        page.wait("document.querySelector('.send-now [role=status]')?.textContent.startsWith('Trying 1 receipt')")
        until(lambda: books(till.folder, "SELECT status FROM v_receipts") == [{"status": "completed"}], "the receipt")
