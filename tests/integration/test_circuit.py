"""The line to FDMS as people see it: open, blocked or carrying, what is first in the queue and why, and "try now"."""

import statistics

import pytest

from fiscalmon.domain.circuit import Line, state
from fiscalmon.domain.errors import UnknownDevice
from fiscalmon.domain.retry import FIRST_SECONDS, LONGEST_SECONDS, delay
from fiscalmon.services.accounts import Accounts
from fiscalmon.store.accounts import AccountFile
from tests.support.lan import PASSWORD, Lan


@pytest.mark.parametrize(
    ("line", "word"),
    [
        (Line(True, False, 0, False, False), "closed"),
        (Line(None, False, 0, False, False), "closed"),
        (Line(False, False, 3, True, False), "open"),
        (Line(False, False, 3, False, False), "trying"),
        (Line(True, False, 1, True, False), "open"),
        (Line(True, True, 1, True, False), "blocked"),
        (Line(True, True, 1, True, True), "files"),
    ],
)
def test_the_word_for_a_line(line, word):
    assert state(line) == word


def test_full_jitter_spreads_over_the_whole_of_a_growing_and_bounded_time():
    draws = [place / 1000 for place in range(1000)]
    for failures, ceiling in ((1, FIRST_SECONDS), (3, 4 * FIRST_SECONDS), (50, LONGEST_SECONDS)):
        seconds = [delay(failures, lambda drawn=drawn: drawn) for drawn in draws]
        assert min(seconds) == 0.05
        assert ceiling * 0.99 < max(seconds) < ceiling
        assert statistics.mean(seconds) == pytest.approx(ceiling / 2, rel=0.05)


@pytest.fixture
def patient(monkeypatch):
    """The next try is far off: only somebody who asks for it brings it."""
    monkeypatch.setattr("fiscalmon.services.submit.delay", lambda failures, random: 60.0)
    monkeypatch.setattr("fiscalmon.services.submit.REFUSED_SECONDS", 6000.0)


async def seen(till) -> dict:
    return await till.engine.till.device(till.id)


async def test_a_line_that_is_down_says_when_it_is_tried_and_is_tried_when_asked(till, patient):
    await till.sell(1)
    await till.drained()
    assert (await seen(till))["circuit"]["state"] == "closed"
    till.faults({"operation": "SubmitReceipt", "action": "drop-before"}, {"operation": "Ping", "action": "drop-before"})
    await till.sell(2)
    await till.until(lambda: till.device.circuit()["nextTryAt"])
    device = await seen(till)
    assert (device["circuit"]["state"], device["circuit"]["failures"]) == ("open", 1)
    head = device["queue"]["head"]
    assert (head["receiptGlobalNo"], head["attempts"]) == (2, 1)
    assert 0 <= head["ageSeconds"] < 60
    assert head["reason"]
    assert [act["act"] for act in device["queue"]["acts"]] == ["retry"]
    assert (await till.engine.till.snapshot())["circuits"] == {"open": 1}
    till.fdms.control.delete("/faults").raise_for_status()
    assert await till.engine.operations.run("queue.retry", {"deviceID": till.id}) == {"devices": 1, "receipts": 2}
    await till.drained()
    assert (await seen(till))["circuit"] == {"state": "closed", "failures": 0, "nextTryAt": None, "blocked": None}
    assert (await seen(till))["queue"] == {"head": None, "acts": []}


async def test_a_refused_head_says_why_and_what_may_be_done(till, patient):
    till.fdms.post(f"/devices/{till.id}/block").raise_for_status()
    await till.sell(2)
    await till.until(lambda: till.device.blocked and till.device.next_try)
    listed = await till.engine.operations.run("queue.list", {})
    (device,) = listed["devices"]
    assert device["circuit"]["state"] == "blocked"
    assert device["head"]["reason"] == device["blocked"]
    assert [act["act"] for act in device["acts"]] == ["retry", "mend"]
    assert [item["place"] for item in listed["items"]] == [1, 2]
    till.fdms.post(f"/devices/{till.id}/unblock").raise_for_status()
    await till.engine.operations.run("queue.retry", {})
    await till.drained()
    await till.check()


async def test_an_unknown_device_is_named(till):
    for operation in ("queue.list", "queue.retry"):
        with pytest.raises(UnknownDevice, match="no device 999"):
            await till.engine.operations.run(operation, {"deviceID": 999})


async def test_who_may_ask_for_a_try_over_the_lan(till, patient, tmp_path):
    accounts = Accounts(AccountFile(tmp_path / "till"))
    roles = ("viewer", "pos", "manager", "support", "owner")
    for role in roles:
        accounts.add(role, role, PASSWORD)
    accounts.add("elsewhere", "manager", PASSWORD, [999])
    accounts.close()
    codes = {}
    async with Lan(till.engine.till, tmp_path / "till") as lan, lan.client() as http:
        for name in (*roles, "elsewhere"):
            answer = await http.post(f"/api/devices/{till.id}/retry/", headers=await lan.token(name))
            codes[name] = answer.status_code
        assert (await http.post(f"/api/devices/{till.id}/retry/")).status_code == 401
    assert codes == {"viewer": 403, "pos": 403, "manager": 200, "support": 200, "owner": 200, "elsewhere": 404}
