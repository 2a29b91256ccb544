"""What mending a stuck day would do, does, and will not do: each act against the real simulator."""

import pytest
from msgspec.structs import replace

from fiscalmon.domain.errors import BadInput, DayRefused
from tests.integration.test_day_trouble import (  # noqa: F401 - fixtures
    at_fdms,
    calm,
    close,
    close_by_hand,
    happened,
    lost,
    mend,
    opened,
    shop,
    simulator,
    sold,
    sound,
    status,
)


@pytest.fixture
def slow(simulator):  # noqa: F811
    """FDMS thinks about a close for some seconds."""
    simulator.post("/settings", {"closeDelay": 4})
    yield simulator
    simulator.post("/settings", {"closeDelay": 0.05})


async def test_a_day_open_for_too_long_is_closed(shop):  # noqa: F811
    await sold(shop, "1")
    shop.clock.move(hours=24, minutes=5)
    dry = await mend(shop, dry_run=True)
    assert (dry["cause"]["code"], dry["wouldDo"], dry["done"]) == ("DAY_TOO_LONG", "close", None)
    assert dry["wouldSend"]["request"]["receiptCounter"] == 1
    assert (await status(shop))["fiscalDayStatus"] == "FiscalDayOpened"
    done = await mend(shop, reason="forgotten", act="close")
    assert (done["done"], done["result"]["fiscalDayStatus"]) == ("close", "FiscalDayClosed")
    await sound(shop)


async def test_nothing_to_do_is_said(shop):  # noqa: F811
    with pytest.raises(BadInput, match="can be done now: none"):
        await mend(shop, reason="x", act="close")


async def test_a_lost_day_needs_its_opening_time(lost):  # noqa: F811
    dry = await mend(lost, dry_run=True)
    assert (dry["wouldDo"], "--opened" in dry["wouldSend"]) == ("recover", True)
    with pytest.raises(BadInput, match="--opened"):
        await mend(lost, reason="disk was exchanged")
    dry = await mend(lost, dry_run=True, opened=lost.opened_at)
    assert (dry["wouldSend"]["fiscalDayNo"], dry["wouldSend"]["dryRun"]) == (2, True)
    assert at_fdms(lost)["fiscalDayStatus"] == "FiscalDayOpened"


async def test_a_close_is_taken_over_only_while_fdms_says_so(shop, monkeypatch):  # noqa: F811
    await sold(shop, "1")
    close_by_hand(shop)
    device = shop.engine.devices.get(shop.device)
    ask, answers = device.gateway.get_status, []

    async def says_open_the_second_time():
        answers.append(await ask())
        if len(answers) == 2:
            return replace(answers[-1], day_status="FiscalDayOpened")
        return answers[-1]

    with monkeypatch.context() as patched:
        patched.setattr(device.gateway, "get_status", says_open_the_second_time)
        with pytest.raises(DayRefused, match="look again"):
            await mend(shop, reason="the office called")
    assert (await status(shop))["fiscalDayStatus"] == "FiscalDayOpened"
    done = await mend(shop, reason="the office called")
    assert (done["done"], done["result"]["fiscalDayStatus"]) == ("take_over", "FiscalDayClosed")


async def test_a_close_under_way_is_followed(shop, slow):  # noqa: F811
    await sold(shop, "1")
    await shop.operate("day.close", {"deviceID": shop.device, "wait": False})
    told = await mend(shop)
    assert [act["name"] for act in told["acts"]] == ["wait"]
    done = await mend(shop, reason="impatient")
    assert (done["done"], done["result"]["fiscalDayStatus"]) == ("wait", "FiscalDayClosed")


async def test_recovering_wants_a_time_and_fdmss_counters(lost, simulator):  # noqa: F811
    given = {"deviceID": lost.device}
    with pytest.raises(BadInput, match="local time like"):
        await lost.operate("day.recover", {**given, "opened": "this morning"})
    simulator.post("/faults", {"rules": [{"action": "drop-before", "operation": "GetStatus"}]})
    with pytest.raises(DayRefused, match="own counters are needed"):
        await lost.operate("day.recover", {**given, "opened": lost.opened_at})
    simulator.post("/faults", {"rules": []})


async def test_a_day_of_ones_own_is_not_recovered(shop):  # noqa: F811
    since = (await status(shop))["fiscalDayOpened"]
    with pytest.raises(DayRefused, match="kept day 1 itself"):
        await shop.operate("day.recover", {"deviceID": shop.device, "opened": since})


def says(monkeypatch, device, **changes) -> None:
    """FDMS's own answer, with a few members of it changed."""
    ask = device.gateway.get_status

    async def bent():
        return replace(await ask(), **changes)

    monkeypatch.setattr(device.gateway, "get_status", bent)


async def test_recovering_waits_for_the_day_that_is_open_here(shop, monkeypatch):  # noqa: F811
    since = (await status(shop))["fiscalDayOpened"]
    says(monkeypatch, shop.engine.devices.get(shop.device), last_day_no=7)
    with pytest.raises(DayRefused, match="Day 1 of this till is open: close it first"):
        await shop.operate("day.recover", {"deviceID": shop.device, "opened": since})


async def test_recovering_without_fdmss_counters_is_zimras_work(lost, monkeypatch):  # noqa: F811
    says(monkeypatch, lost.engine.devices.get(lost.device), counters=None)
    with pytest.raises(DayRefused, match="does not give out the counters of day 2: ask ZIMRA"):
        await lost.operate("day.recover", {"deviceID": lost.device, "opened": lost.opened_at})


def watch_of(shop):  # noqa: F811
    return shop.engine.operations._till.mending._watch


async def test_a_receipt_is_given_up_only_when_its_day_is_over_there(shop):  # noqa: F811
    device, sale = shop.engine.devices.get(shop.device), await sold(shop, "1")
    entry = await shop.engine.store.read(lambda archive: archive.receipt(sale["receiptId"]))
    assert await watch_of(shop).give_up(device, entry) is False, "the day is open on both sides"
    later = replace(entry, fiscal_day_no=9)
    assert await watch_of(shop).give_up(device, later) is False, "of a day that is not here yet"
    await close(shop)
    assert await watch_of(shop).give_up(device, entry) is True
    kept = await shop.operate("receipts.show", {"receiptId": sale["receiptId"]})
    assert kept["status"] == "completed", "FDMS has answered it: nothing is taken back"
    assert await happened(shop, "receipt.failed") == []


async def test_a_close_by_hand_is_taken_into_the_books_once(shop):  # noqa: F811
    device = shop.engine.devices.get(shop.device)
    day, open_there = device.day, await device.gateway.get_status()
    assert await watch_of(shop).take(device, day, open_there) is False
    close_by_hand(shop)
    closed_there = await device.gateway.get_status()
    assert await watch_of(shop).take(device, day, closed_there) is True
    assert await watch_of(shop).take(device, day, closed_there) is False
    assert len(await happened(shop, "fiscal.closed")) == 1
    assert await watch_of(shop).compare(device) is False
