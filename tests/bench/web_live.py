"""`web_live`: the dashboard in Chromium while 50 events a second flow: longest task, heap, needless redraws.

The page is the built one, over TLS from a real engine; the events are put on its bus.
"""

from __future__ import annotations

import asyncio
import os
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime

from fiscalmon.bootstrap import Engine, server_settings, start_engine
from fiscalmon.events import METRICS_UPDATED, RECEIPT_COMPLETED, Message
from fiscalmon.services.accounts import Accounts
from fiscalmon.store.accounts import AccountFile
from tests.e2e.chromium import Browser, Page

from .line import Line, single
from .shop import scratch, stock
from .timing import FULL

SECONDS = float(os.environ.get("WEB_LIVE_SECONDS", "60" if FULL else "10"))
RATE = 50
SNAPSHOTS = 4
FEED = 520
# Data does not grow from the first event on; compiled code does, until the compiler has seen it all.
WARM_SECONDS = 20.0
LONGEST_MS = 50.0
MOST_GROWTH = 1.05
FIRST_SEQ = 1_000_000
STAGES = ((0, "Validating"), (40, "Signing"), (60, "Sending to FDMS"), (100, "Completed"))
WATCH = """window.longest = 0; window.redrawn = 0; window.counted = 0;
new PerformanceObserver((list) => list.getEntries().forEach((task) => {
    window.longest = Math.max(window.longest, task.duration);
})).observe({ type: 'longtask', buffered: false });
const see = (id, note) => new MutationObserver(note).observe(
    document.querySelector(`#kpi-${id}`).closest('.kpi'),
    { subtree: true, childList: true, characterData: true, attributes: true });
['activeDevices', 'failedReceipts', 'successRate', 'fdmsLatency'].forEach(
    (id) => see(id, () => { window.redrawn += 1; }));
see('receiptsToday', () => { window.counted += 1; });"""


def web_live() -> Iterator[Line]:
    yield from asyncio.run(_web_live())


async def _web_live() -> list[Line]:
    password = secrets.token_urlsafe(16)
    with scratch() as folder:
        await stock(folder, 1, datetime.now(UTC))
        accounts = Accounts(AccountFile(folder.path))
        accounts.add("bench", "owner", password)
        accounts.close()
        engine = await start_engine(folder, server=server_settings(folder, "127.0.0.1", 0, tls=True))
        try:
            with await asyncio.to_thread(Browser) as browser:
                page = await asyncio.to_thread(_open, browser, engine.dashboard_url or "", password)
                await _fill(engine)
                await _flow(engine, FIRST_SEQ + 500_000, WARM_SECONDS)
                await asyncio.to_thread(page.read, f"void (() => {{{WATCH}}})()")
                before = await asyncio.to_thread(page.heap)
                sent = await _flow(engine, FIRST_SEQ + 1_000_000, SECONDS)
                longest, redrawn, counted = await asyncio.to_thread(
                    page.read, "[window.longest, window.redrawn, window.counted]"
                )
                after = await asyncio.to_thread(page.heap)
        finally:
            await engine.stop()
    if not counted:
        raise AssertionError("the page did not follow: its count of receipts stood still")
    more = {"events": sent, "seconds": SECONDS, "floor_is": "the longest task that nobody notices"}
    return [
        single("web_live", "ms", longest, LONGEST_MS, 1.0, "lower", **more),
        single("web_live_heap", "kB", after / 1e3, before / 1e3, MOST_GROWTH, "lower", floor_is="before the flow"),
        single(
            "web_live_redraws", "redraws", redrawn, counted, 0.0, "lower", floor_is="redraws of the card that counts"
        ),
    ]


def _open(browser: Browser, url: str, password: str) -> Page:
    page = browser.page()
    page.goto(url)
    page.wait("document.querySelector('h1')?.textContent === 'Sign in'")
    page.fill("User name", "bench")
    page.fill("Password", password)
    page.click("Sign in")
    page.wait("document.querySelector('.page')?.dataset.link === 'live' && document.querySelector('.feed')")
    return page


async def _fill(engine: Engine) -> None:
    """The feed up to its bound: from then on it keeps no more than it lets go."""
    for number in range(FEED):
        engine.bus.publish(_receipt(FIRST_SEQ + number))
        await asyncio.sleep(0.005)


def _receipt(seq: int) -> Message:
    told = {"receiptId": f"r{seq}", "receiptGlobalNo": seq, "invoiceNo": f"INV-{seq}", "status": "completed"}
    amount = {"receiptCurrency": "USD", "receiptTotal": 12.4}
    return Message(RECEIPT_COMPLETED, seq, datetime.now(UTC).isoformat(), 20_001, {**told, **amount})


async def _flow(engine: Engine, first: int, seconds: float) -> int:
    """Receipts, their stages and snapshots, evenly; how many events were sent."""
    loop = asyncio.get_running_loop()
    snapshot = await engine.till.snapshot()
    started, number = loop.time(), 0
    while loop.time() - started < seconds:
        seq = first + number
        kind = number % (len(STAGES) + 1)
        whole = _receipt(seq - kind + len(STAGES))
        if kind < len(STAGES):
            percent, stage = STAGES[kind]
            engine.bus.publish(
                Message("receipt.progress", seq, "", 20_001, {**whole.data, "percent": percent, "stage": stage})
            )
        else:
            engine.bus.publish(whole)
        if number % (RATE // SNAPSHOTS) == 0:
            figures = {**snapshot, "receiptsToday": seq, "seq": seq, "asOf": datetime.now(UTC).isoformat()}
            engine.bus.publish(Message(METRICS_UPDATED, seq, "", None, figures))
        number += 1
        await asyncio.sleep(max(0.0, started + number / RATE - loop.time()))
    return number
