"""A page that stays open all day: network cut, laptop asleep, clock set, till restarted; it never shows old as new."""

from __future__ import annotations

import signal
from pathlib import Path

from tests.e2e.chromium import LAPTOP, PHONE, Browser, Page
from tests.e2e.conftest import PASSWORD, ReadyTill
from tests.e2e.program import SCREENS, baskets, books, fiscalmon, run, sale
from tests.e2e.test_dashboard import LIVE, MESSAGE, OFFLINE, RECEIPTS, amounts, figures, shown, sign_in

AS_OF = "document.querySelector('.link-status__as-of')?.textContent"
SET_CLOCK = """void ((ms) => { const real = Date; globalThis.Date = class extends real {
    constructor(...given) { super(...(given.length ? given : [real.now() + ms])); }
    static now() { return real.now() + ms; } }; })"""


def true_to_the_books(page: Page, folder: Path) -> None:
    """Today's numbers on the page are those of v_receipts, to the cent."""
    (day,) = books(folder, "SELECT substr(max(receiptDate), 1, 10) AS day FROM v_receipts")
    true = figures(str(folder), day["day"])
    page.wait(f"{RECEIPTS} === {true['receipts']}")
    assert shown(page)["Sales Totals"] == amounts(true["sales"])


def test_network_sleep_clock_and_restart(browser: Browser, till: ReadyTill, tmp_path: Path) -> None:
    here = ("--data-dir", till.folder)
    page = browser.page(LAPTOP, still=True)
    with fiscalmon(*here, "serve", "--json", "--port", "0") as server:
        url = server.line()["url"]
        sign_in(page, url, "olga", PASSWORD)
        page.wait("document.querySelector('.feed .empty__title')?.textContent === 'Nothing has happened yet' || true")
        page.shoot(SCREENS / "web-state-no-sales-laptop-light.png")
        run(*here, "submit", "--wait", "completed", baskets(tmp_path, 4))
        true_to_the_books(page, till.folder)

        # The network is cut: sales go on unseen, the page says since when its numbers are.
        before = page.read(AS_OF)
        page.network(up=False)
        run(*here, "submit", "--wait", "completed", sale(tmp_path, "CUT-1"))
        page.wait(f"({MESSAGE} ?? '').startsWith('Offline since ')", 30)
        assert page.read(AS_OF) >= before
        page.network(up=True)
        page.wait(LIVE, 45)
        true_to_the_books(page, till.folder)

        # The laptop sleeps: its timers stand still while the shop sells.
        page.freeze(asleep=True)
        run(*here, "submit", "--wait", "completed", sale(tmp_path, "ASLEEP-1"))
        page.freeze(asleep=False)
        page.wait(f"{LIVE} && {RECEIPTS} === 6", 30)
        true_to_the_books(page, till.folder)

        # Somebody sets this computer's clock a day ahead: times on the page stay the shop's, and it stays live.
        at = page.read(AS_OF)
        page.read(f"{SET_CLOCK}(86400000)")
        run(*here, "submit", "--wait", "completed", sale(tmp_path, "CLOCK-1"))
        page.wait(f"{LIVE} && {RECEIPTS} === 7", 45)
        page.wait(f"{AS_OF} !== {at!r}", 45)
        true_to_the_books(page, till.folder)
        hour = page.read(AS_OF).removeprefix("as of ")[:2]
        (newest,) = books(till.folder, "SELECT max(receiptDate) AS at FROM v_receipts")
        assert abs(int(hour) - int(newest["at"][11:13])) in (0, 1, 23)

        # The till is stopped in order, and says so; its numbers stay readable, and look old.
        assert server.end(signal.SIGTERM) == 0
    page.wait("document.querySelector('.page')?.dataset.link === 'shuttingDown'")
    assert page.wait(MESSAGE).startswith("The till is shutting down or restarting.")
    for size, name in ((LAPTOP, "laptop"), (PHONE, "phone")):
        page.look(size, "dark")
        page.shoot(SCREENS / f"web-state-shutting-down-{name}-dark.png")
        assert [one for one in page.axe()["violations"] if one["impact"] in ("serious", "critical")] == []
    run(*here, "submit", sale(tmp_path, "AWAY-1"))
    with fiscalmon(*here, "serve", "--json", "--port", url.strip("/").rpartition(":")[2]) as server:
        server.line()
        page.wait(LIVE, 60)
        true_to_the_books(page, till.folder)
        assert server.end(signal.SIGKILL) == -signal.SIGKILL
        page.wait(f"{OFFLINE} && ({MESSAGE} ?? '').startsWith('Offline since ')", 30)
    page.close()


def test_a_till_without_devices_and_an_account_without_the_right(browser: Browser, tmp_path: Path) -> None:
    folder = tmp_path / "till"
    here = ("--data-dir", folder)
    for name, role in (("olga", "owner"), ("pos1", "pos")):
        run(*here, "user", "add", name, "--role", role, "--password-stdin", given=PASSWORD)
    with fiscalmon(*here, "serve", "--json", "--port", "0") as server:
        url = server.line()["url"]
        page = browser.page(LAPTOP, still=True)
        sign_in(page, url, "olga", PASSWORD)
        page.wait(
            "[...document.querySelectorAll('.empty__title')].some((one) => one.textContent === 'No fiscal device yet')"
        )
        assert "NaN" not in page.read("document.body.textContent")
        picture(page, "no-devices")
        page.close()
        page = browser.page(LAPTOP, still=True)
        page.goto(url)
        page.wait("document.querySelector('h1')?.textContent === 'Sign in'")
        page.fill("User name", "pos1")
        page.fill("Password", PASSWORD)
        page.click("Sign in")
        page.wait("document.querySelector('h1')?.textContent === 'You may not see this dashboard'")
        assert page.read("document.querySelectorAll('.kpi').length") == 0
        picture(page, "forbidden")
        page.close()


def picture(page: Page, name: str) -> None:
    """In both looks and sizes, with nothing grave for axe."""
    for size, scheme in ((LAPTOP, "light"), (PHONE, "dark")):
        page.look(size, scheme)
        page.wait(f"innerWidth === {size.width}")
        page.shoot(SCREENS / f"web-state-{name}-{size.name}-{scheme}.png")
        assert [one for one in page.axe()["violations"] if one["impact"] in ("serious", "critical")] == []
