"""A clock that is off: told at each limit, no day begun by it, and the till goes on once it is right."""

from datetime import timedelta

import pytest

from fiscalmon.domain.clock_drift import advice, level, worse
from fiscalmon.domain.errors import DayRefused, TillBusy
from fiscalmon.domain.preferences import ClockLimits


@pytest.mark.parametrize(
    ("seconds", "grade"),
    [
        (None, "ok"), (0, "ok"), (29.9, "ok"), (30, "attention"), (-119, "attention"), (120, "warning"),
        (-599, "warning"), (600, "refused"), (-86_400, "refused"),
    ],
)  # fmt: skip
def test_the_limits(seconds, grade):
    assert level(seconds, ClockLimits()) == grade


def test_what_is_told():
    assert worse("warning", "attention")
    assert not worse("attention", "attention")
    assert not worse("ok", "refused")
    assert advice(-45.2, "attention").startswith("This machine's clock is 45 seconds behind FDMS's: correct it")
    assert "5 minutes ahead of" in advice(300, "warning")
    assert "No fiscal day is opened until then" in advice(900, "refused")


async def off(till, seconds: float) -> dict:
    """FDMS's clock goes elsewhere; the till asks it something."""
    till.fdms.post("/clock", {"offsetSeconds": -seconds}).raise_for_status()
    await till.engine.till.ping(till.id)
    return await till.engine.till.device(till.id)


async def test_people_are_told_at_each_limit_and_not_again(till):
    for seconds, grade in (
        (45, "attention"),
        (50, "attention"),
        (-200, "warning"),
        (-700, "refused"),
        (-60, "attention"),
    ):
        device = await off(till, seconds)
        assert device["clock"] == grade
        assert device["clockDriftSeconds"] == pytest.approx(seconds, abs=3)
    told = [(data["level"], data["seconds"] > 0) for _, data in await till.told("clock.drift")]
    assert told == [("attention", True), ("warning", False), ("refused", False)]
    assert "behind FDMS's" in (await off(till, -700))["attention"]
    assert (await off(till, 0))["health"] == "ok"


async def test_no_day_is_opened_by_a_wrong_clock(till):
    await till.close_day()
    till.fdms.post("/clock", {"offsetSeconds": 900}).raise_for_status()
    with pytest.raises(DayRefused, match="15 minutes behind FDMS's") as refused:
        await till.open_day()
    assert refused.value.code == "CLOCK_WRONG"
    assert till.device.day.fiscal_day_no == 1
    await till.engine.preferences.set("clock", {"refuse_seconds": 1800}, by="till")
    await till.open_day()
    assert till.device.day.fiscal_day_no == 2


async def test_a_clock_that_jumps_back_signs_nothing_earlier(till, monkeypatch):
    first = (await till.sell(1))[0]
    real = till.engine.clock.now
    monkeypatch.setattr(till.engine.clock, "now", lambda: real() - timedelta(minutes=10))
    with pytest.raises(TillBusy, match="clock was set back"):
        await till.sell(1)
    monkeypatch.setattr(till.engine.clock, "now", lambda: real() - timedelta(seconds=5))
    later = (await till.sell(1))[0]
    assert later["receiptDate"] > first["receiptDate"]
    assert later["receiptGlobalNo"] == first["receiptGlobalNo"] + 1
