"""Days that open and close by the shop's clock: late starts, queues, refusals, midnight, clocks that are set."""

import pytest

from fiscalmon.services.chores import Chores
from fiscalmon.services.day_automation import DayTimes
from fiscalmon.services.day_closing import DayClosing
from fiscalmon.services.day_opening import DayOpening
from fiscalmon.services.fiscal_days import DayNews
from tests.support.running_till import Till, enter, line, sale
from tests.support.simulator import Simulator

NUMBERS = iter(range(41_001, 42_000))


@pytest.fixture(scope="module")
def simulator(tmp_path_factory):
    running_one = Simulator.fresh(tmp_path_factory)
    running_one.post("/settings", {"closeDelay": 0.05})
    yield running_one
    running_one.end()


@pytest.fixture
async def shop(simulator, tmp_path, monkeypatch):
    monkeypatch.setattr("fiscalmon.services.day_closing.POLL_FIRST", 0.02)
    monkeypatch.setattr("fiscalmon.services.submit.delay", lambda failures, random: 0.05)
    till = await Till(simulator, tmp_path / "data").start()
    till.device = await till.register(enter(simulator, next(NUMBERS)))
    till.clock.move_to(7)
    await renew(till)
    yield till
    await till.stop()
    simulator.post("/faults", {"rules": []})
    simulator.post("/clock", {"offsetSeconds": 0})


async def renew(till) -> None:
    """The automation as after a start: it knows what the books and the clock say."""
    engine = till.engine
    parts = engine._parts
    news = DayNews(parts)
    chores = Chores(parts.store, parts.clock)
    await chores.load()
    till.times = DayTimes(parts, engine.preferences, chores, DayOpening(parts, news), DayClosing(parts, news))


async def restart(till) -> None:
    await till.stop()
    await till.start()
    await renew(till)


async def plan(till, **values) -> None:
    await till.engine.preferences.set("day", values, by="till")
    await till.times.turn()


def day(till):
    return till.engine.devices.get(till.device).day


def standing(till) -> tuple[int, str]:
    return (day(till).fiscal_day_no, day(till).status.removeprefix("FiscalDay")) if day(till) else (0, "none")


async def at(till, hour: int, minute: int = 0) -> tuple[int, str]:
    """The next time the shop's clock shows this: what the day is then."""
    till.clock.move_to(hour, minute)
    await till.times.turn()
    return standing(till)


async def sold(till, name: str, wait="completed"):
    given = sale(f"{till.device}-{name}", [line("5.00")], [("Cash", "5.00")], deviceID=till.device)
    return await till.sell(given, wait)


async def reasons(till) -> list[str]:
    events = await till.till.events(limit=1000)
    return [event["data"]["reason"] for event in events if event["type"] == "device.attention"]


async def test_days_follow_the_clock(shop):
    await plan(shop, open_at="08:00", close_at="18:00")
    assert standing(shop) == (0, "none")
    assert await at(shop, 7, 59) == (0, "none")
    assert await at(shop, 8) == (1, "Opened")
    await sold(shop, "a")
    assert await at(shop, 17, 59) == (1, "Opened")
    assert await at(shop, 18) == (1, "Closed")
    assert await at(shop, 23) == (1, "Closed")
    assert await at(shop, 8, 1) == (2, "Opened")
    assert await at(shop, 18, 1) == (2, "Closed")


async def test_hours_that_had_passed_when_the_plan_was_made_are_not_made_up_for(shop):
    await shop.till.open_day(shop.device)
    shop.clock.move_to(20)
    await plan(shop, close_at="18:00")
    assert standing(shop) == (1, "Opened")
    await restart(shop)
    await shop.times.turn()
    assert standing(shop) == (1, "Opened")
    assert await at(shop, 18) == (1, "Closed")


async def test_a_till_that_was_off_at_closing_time_closes_when_it_starts_and_opens_the_next_day(shop):
    await plan(shop, open_at="08:00", close_at="18:00")
    assert await at(shop, 8) == (1, "Opened")
    await sold(shop, "a")
    await shop.stop()
    shop.clock.move_to(20)
    shop.clock.move_to(8, 30)
    await shop.start()
    await renew(shop)
    await shop.times.turn()
    assert standing(shop) == (2, "Opened")
    days = shop.simulator.ledger(shop.device)
    assert (days["fiscalDayNo"], days["fiscalDayStatus"]) == (2, "FiscalDayOpened")


async def test_who_closes_by_hand_wants_it_closed_and_who_opens_late_stays_open(shop):
    await plan(shop, open_at="08:00", close_at="18:00")
    assert await at(shop, 8) == (1, "Opened")
    shop.clock.move_to(12)
    await shop.till.close_day(shop.device)
    assert await at(shop, 13) == (1, "Closed")
    shop.clock.move_to(19)
    await shop.till.open_day(shop.device)
    assert await at(shop, 20) == (2, "Opened")
    assert await at(shop, 18) == (2, "Closed")


async def test_a_close_after_midnight_closes_the_day_of_before(shop):
    shop.clock.move_to(9)
    await shop.till.open_day(shop.device)
    await plan(shop, close_at="00:30")
    await sold(shop, "a")
    assert await at(shop, 23, 50) == (1, "Opened")
    await sold(shop, "b")
    assert await at(shop, 0, 15) == (1, "Opened")
    assert await at(shop, 0, 31) == (1, "Closed")
    ledger = shop.simulator.ledger(shop.device)
    assert ledger["fiscalDayStatus"] == "FiscalDayClosed"
    assert day(shop).opened[:10] < day(shop).closed[:10]


async def test_a_close_waits_for_the_queue_and_goes_on_when_it_is_empty(shop, simulator):
    await shop.till.open_day(shop.device)
    await plan(shop, close_at="18:00", close_waits_minutes=30)
    simulator.post("/faults", {"rules": [{"operation": "SubmitReceipt", "action": "status", "status": 503}]})
    await sold(shop, "a", wait="signed")
    assert await at(shop, 18) == (1, "Opened")
    simulator.post("/faults", {"rules": []})
    await shop.drained(shop.device)
    assert await at(shop, 18, 10) == (1, "Closed")
    assert await reasons(shop) == []


async def test_the_wait_is_bounded_and_its_end_names_the_way_out(shop, simulator):
    await shop.till.open_day(shop.device)
    await plan(shop, close_at="18:00", close_waits_minutes=30)
    simulator.post("/faults", {"rules": [{"operation": "SubmitReceipt", "action": "status", "status": 503}]})
    await sold(shop, "a", wait="signed")
    assert await at(shop, 18) == (1, "Opened")
    assert await at(shop, 18, 31) == (1, "Opened")
    (reason,) = await reasons(shop)
    assert "timed close of fiscal day 1 did not go through. 1 receipt of day 1 still waits for FDMS" in reason
    assert "close the day by hand once the queue is empty" in reason
    simulator.post("/faults", {"rules": []})
    await shop.drained(shop.device)
    # Nobody is surprised by a close in the middle of the next morning.
    assert await at(shop, 10) == (1, "Opened")
    assert len(await reasons(shop)) == 1


async def test_a_close_that_fdms_refuses_is_told_with_its_way_out_and_not_repeated(shop, simulator):
    await shop.till.open_day(shop.device)
    await plan(shop, close_at="18:00")
    await sold(shop, "a")
    simulator.post("/faults", {"rules": [{"operation": "CloseDay", "action": "status", "status": 422, "count": 1}]})
    number, status = await at(shop, 18)
    assert (number, status) == (1, "CloseFailed")
    (reason,) = [text for text in await reasons(shop) if "timed close" in text]
    assert "FDMS refused to close day 1" in reason
    assert await at(shop, 18, 30) == (1, "CloseFailed")


async def test_an_opening_that_fails_is_told_once_and_tried_again(shop, simulator):
    simulator.post("/faults", {"rules": [{"operation": "OpenDay", "action": "status", "status": 422, "count": 2}]})
    await plan(shop, open_at="08:00")
    assert await at(shop, 8) == (0, "none")
    assert await at(shop, 8, 1) == (0, "none")
    assert await at(shop, 8, 6) == (0, "none")
    assert await at(shop, 8, 12) == (1, "Opened")
    assert len([text for text in await reasons(shop) if "timed opening" in text]) == 1


async def test_a_clock_that_is_set_closes_and_opens_nothing_twice(shop):
    await plan(shop, open_at="08:00", close_at="18:00")
    assert await at(shop, 8) == (1, "Opened")
    assert await at(shop, 18) == (1, "Closed")
    for minutes in (-45, 30, -600, 600):
        shop.clock.move(minutes=minutes)
        await shop.times.turn()
        assert standing(shop) == (1, "Closed")
    assert await at(shop, 8) == (2, "Opened")


async def test_a_plan_made_while_the_clock_was_ahead_works_once_it_is_right(shop):
    shop.clock.move(days=3)
    await plan(shop, open_at="08:00")
    shop.clock.move(days=-3)
    await shop.times.turn()
    assert await at(shop, 8) == (1, "Opened")
