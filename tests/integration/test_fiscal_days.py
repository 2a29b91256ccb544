"""Fiscal days through our own engine: lost answers, refusals, restarts and midnights; FDMS's ledger is the judge."""

import asyncio
import base64
import json
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509 import load_pem_x509_certificate

from fiscalmon.clocks import VirtualClock
from fiscalmon.domain.errors import DayNotOpen, DayRefused, TillBusy, UnknownDevice
from fiscalmon.domain.fiscal_day import CLOSE_ADVICE
from fiscalmon.store.event_rows import EventRows
from tests.support.tills import Till, new_device, numbers

OPENED, CLOSED, INITIATED, FAILED = (
    "FiscalDayOpened",
    "FiscalDayClosed",
    "FiscalDayCloseInitiated",
    "FiscalDayCloseFailed",
)


@pytest.fixture
async def idle(fdms, tmp_path, impatient):
    """One device whose day is not open yet."""
    made = await Till(fdms, tmp_path / "till").start(1, day=False)
    yield made
    await made.stop()


def at_fdms(till, device_id: int | None = None) -> tuple:
    ledger = till.fdms.ledger(device_id or till.id)
    return ledger["fiscalDayNo"], ledger["fiscalDayStatus"]


async def status(till) -> str:
    return (await till.engine.till.day_status(till.id))["fiscalDayStatus"]


async def test_a_day_from_opening_to_closing(idle):
    assert await status(idle) == CLOSED
    with pytest.raises(DayNotOpen):
        await idle.sell()
    opened = await idle.open_day()
    assert (opened["fiscalDayNo"], opened["fiscalDayStatus"], opened["announced"]) == (1, OPENED, True)
    assert at_fdms(idle) == (1, OPENED)
    with pytest.raises(DayRefused, match="its day 1 is open"):
        await idle.open_day()
    await idle.sell(3)
    await idle.drained()
    closed = await idle.close_day()
    assert (closed["fiscalDayStatus"], closed["fiscalDayClosingErrorCode"]) == (CLOSED, None)
    assert closed["fiscalDayClosed"]
    assert at_fdms(idle) == (1, CLOSED)
    with pytest.raises(DayRefused, match="no day to close: it is closed"):
        await idle.close_day()
    told = await idle.told("fiscal.opened", "fiscal.closed")
    assert [type_ for type_, _ in told] == ["fiscal.opened", "fiscal.closed"]
    assert told[1][1]["receipts"] == 3
    assert {currency: float(total) for currency, total in told[1][1]["totals"].items()} == {"USD": 14.94}
    await idle.open_day()
    await idle.sell()
    await idle.drained()
    await idle.check()
    assert [row[:3] for row in numbers(idle.fdms.ledger(idle.id))] == [(1, 1, 1), (1, 2, 2), (1, 3, 3), (2, 1, 4)]
    assert (await idle.close_day())["fiscalDayNo"] == 2


async def test_a_day_without_receipts_closes(till):
    assert (await till.close_day())["fiscalDayStatus"] == CLOSED
    assert at_fdms(till) == (1, CLOSED)


async def test_a_day_opened_while_fdms_is_away_is_announced_first(idle):
    idle.faults({"action": "drop-before"})
    opened = await idle.open_day()
    assert (opened["fiscalDayStatus"], opened["announced"]) == (OPENED, False)
    await idle.sell(3)
    with pytest.raises(DayRefused, match="3 receipts of day 1 still wait"):
        await idle.close_day()
    idle.faults()
    await idle.drained()
    await idle.check()
    assert idle.fdms.ledger(idle.id)["receipts"][0]["validationErrors"] == []
    assert (await idle.engine.till.day_status(idle.id))["announced"]
    assert (await idle.close_day())["fiscalDayStatus"] == CLOSED


async def test_a_day_that_fdms_does_not_know_yet_is_not_closed(idle):
    idle.faults({"action": "drop-before"})
    await idle.open_day()
    with pytest.raises(DayRefused, match="FDMS does not know day 1 yet"):
        await idle.close_day()
    assert await status(idle) == OPENED


async def test_a_restart_announces_the_day(idle):
    idle.faults({"action": "drop-before"})
    await idle.open_day()
    await idle.sell(2)
    await idle.restart()
    assert await status(idle) == OPENED
    idle.faults()
    await idle.drained()
    await idle.check()


@pytest.mark.parametrize("action", ["drop-before", "drop-after", "garbage", "truncate"])
async def test_a_lost_answer_of_the_opening_opens_no_second_day(idle, action):
    idle.faults({"operation": "OpenDay", "action": action, "count": 1})
    await idle.open_day()
    await idle.until(lambda: idle.device.day.announced)
    assert at_fdms(idle) == (1, OPENED)
    await idle.sell(2)
    await idle.drained()
    await idle.check()
    assert idle.device.blocked is None
    assert await idle.told("device.attention") == []
    assert (await idle.close_day())["fiscalDayNo"] == 1


async def test_a_lost_answer_and_then_no_status_is_no_refusal(idle):
    """The second OpenDay says FISC01 and the question whether it is ours fails: nobody is told that FDMS refused."""
    idle.faults(
        {"operation": "OpenDay", "action": "drop-after", "count": 1},
        {"operation": "GetStatus", "action": "drop-before", "count": 0},
    )
    await idle.open_day()
    idle.faults({"operation": "GetStatus", "action": "drop-before", "count": 2})
    await idle.sell()
    await idle.drained()
    assert await idle.told("device.attention") == []
    await idle.check()


async def test_fdms_refuses_to_open(idle):
    idle.fdms.post(f"/devices/{idle.id}/block")
    with pytest.raises(DayRefused, match=r"does not let device .* open a day.*Ask ZIMRA"):
        await idle.open_day()
    assert await status(idle) == CLOSED
    idle.faults(
        {"operation": "GetConfig", "action": "drop-before"}, {"operation": "GetStatus", "action": "drop-before"}
    )
    with pytest.raises(DayRefused, match="FDMS refused to open day 1"):
        await idle.open_day()
    assert await status(idle) == CLOSED
    assert await idle.rows("SELECT count(*) FROM fiscal_days") == [(0,)]
    idle.faults()
    idle.fdms.post(f"/devices/{idle.id}/unblock")
    assert (await idle.open_day())["fiscalDayNo"] == 1


async def test_a_day_that_another_till_left_open_is_not_opened_again(idle, tmp_path):
    """The books were lost: FDMS holds a day that this till does not know."""
    await idle.open_day()
    await forget_day(idle)
    with pytest.raises(DayRefused, match=r"FDMS holds day 1 of .* as open, but this till does not know that day"):
        await idle.open_day()
    assert await status(idle) == CLOSED


async def forget_day(till) -> None:
    await till.engine.store.write(lambda work: work.days._session.run("DELETE FROM fiscal_days"))
    till.device.day = None


async def test_without_configuration_no_day_opens_while_fdms_is_away(idle):
    idle.device.registered = msgspec.structs.replace(idle.device.registered, config=None)
    idle.faults({"action": "drop-before"})
    with pytest.raises(TillBusy, match="connect to the internet"):
        await idle.open_day()


async def test_an_unknown_device_has_no_day(idle):
    for call in (idle.engine.till.open_day, idle.engine.till.close_day, idle.engine.till.day_status):
        with pytest.raises(UnknownDevice):
            await call(1)
        with pytest.raises(UnknownDevice):
            await call(idle.id, frozenset())


async def test_a_close_waits_for_the_queue(till):
    till.faults({"operation": "SubmitReceipt", "action": "drop-before"})
    await till.sell(2)
    with pytest.raises(DayRefused, match="2 receipts of day 1 still wait for FDMS"):
        await till.close_day()
    assert await status(till) == OPENED
    await till.sell()
    till.faults()
    await till.drained()
    assert (await till.close_day())["fiscalDayStatus"] == CLOSED
    await till.check()


@pytest.mark.parametrize("action", ["drop-before", "drop-after", "garbage", "truncate", "delay"])
async def test_a_lost_answer_of_the_close(till, action):
    await till.sell(2)
    await till.drained()
    till.faults({"operation": "CloseDay", "action": action, "count": 2, "seconds": 1.0})
    closed = await till.close_day()
    assert closed["fiscalDayStatus"] == CLOSED
    assert at_fdms(till) == (1, CLOSED)
    assert [type_ for type_, _ in await till.told("fiscal.closed", "fiscal.close_failed")] == ["fiscal.closed"]
    await till.open_day()
    await till.sell()
    await till.drained()
    await till.check()


async def test_every_answer_about_the_close_may_be_lost(till):
    await till.sell(2)
    await till.drained()
    rules = [
        {"operation": operation, "action": action, "probability": 0.4, "count": 6}
        for operation in ("CloseDay", "GetStatus")
        for action in ("drop-before", "drop-after", "garbage")
    ]
    till.fdms.post("/faults", {"seed": 11, "rules": rules})
    assert (await till.close_day())["fiscalDayStatus"] == CLOSED
    assert at_fdms(till) == (1, CLOSED)


async def test_no_status_after_the_close_was_taken_is_no_failure(till):
    """CloseDay's answer is lost, FDMS closes, and the first question about it fails: the day is not declared failed."""
    await till.sell()
    await till.drained()
    till.faults({"operation": "CloseDay", "action": "drop-after", "count": 1})
    closing = asyncio.ensure_future(till.close_day())
    await till.until(lambda: at_fdms(till) == (1, CLOSED))
    till.faults({"operation": "GetStatus", "action": "drop-before", "count": 1})
    assert (await closing)["fiscalDayStatus"] == CLOSED
    assert await till.told("fiscal.close_failed") == []


async def test_while_a_day_is_being_closed_nothing_is_sold(till):
    await till.sell()
    await till.drained()
    till.faults({"operation": "CloseDay", "action": "drop-before"})
    closing = await till.close_day(wait=False)
    assert closing["fiscalDayStatus"] == INITIATED
    with pytest.raises(DayNotOpen):
        await till.sell()
    with pytest.raises(DayRefused, match="being closed"):
        await till.close_day()
    with pytest.raises(DayRefused, match="being closed"):
        await till.open_day()
    till.faults()
    await till.until(lambda: till.device.day_status == CLOSED)


@pytest.mark.parametrize("reached", [False, True], ids=["before FDMS knew", "after FDMS took it"])
async def test_a_restart_goes_on_with_the_close(till, reached):
    await till.sell(2)
    await till.drained()
    operation = "GetStatus" if reached else "CloseDay"
    till.faults({"operation": operation, "action": "drop-before"})
    await till.close_day(wait=False)
    if reached:
        await till.until(lambda: at_fdms(till) == (1, CLOSED))
    ((before,),) = await till.rows("SELECT close_request FROM fiscal_days")
    await till.stop()
    till.faults()
    await till.start()
    await till.until(lambda: till.device.day_status == CLOSED)
    assert at_fdms(till) == (1, CLOSED)
    ((after,),) = await till.rows("SELECT close_request FROM fiscal_days")
    assert after == before
    assert [type_ for type_, _ in await till.told("fiscal.closed")] == ["fiscal.closed"]


async def spoil_counters(till, sql: str) -> None:
    """As if the books' counters had been changed by somebody."""
    await till.engine.store.write(lambda work: work.days._session.run(sql))


async def test_counters_that_differ_are_explained_and_the_day_goes_on(till):
    await till.sell(2)
    await till.drained()
    await spoil_counters(till, "UPDATE day_counters SET cents = cents + 1 WHERE type = 'SaleByTax'")
    with pytest.raises(DayRefused) as refused:
        await till.close_day()
    assert refused.value.code == "CountersMismatch"
    assert CLOSE_ADVICE["CountersMismatch"] in refused.value.text
    seen = await till.engine.till.day_status(till.id)
    assert (seen["fiscalDayStatus"], seen["fiscalDayClosingErrorCode"]) == (FAILED, "CountersMismatch")
    ((_, told),) = await till.told("fiscal.close_failed")
    assert (told["errorCode"], told["advice"]) == ("CountersMismatch", CLOSE_ADVICE["CountersMismatch"])
    described = await till.engine.till.device(till.id)
    assert (described["health"], described["attention"]) == ("failed", CLOSE_ADVICE["CountersMismatch"])
    report = await till.engine.till.audit.run(till.id)
    assert [found["what"] for found in report["errors"]] == ["the counters of day 1 are not the sum of its receipts"]
    await till.sell()
    await till.drained()
    await spoil_counters(till, "UPDATE day_counters SET cents = cents - 1 WHERE type = 'SaleByTax'")
    assert (await till.close_day())["fiscalDayStatus"] == CLOSED
    assert (await till.engine.till.day_status(till.id))["fiscalDayClosingErrorCode"] is None
    await till.check()


async def test_a_red_receipt_keeps_the_day_open_until_zimra_closes_it(till, tmp_path):
    other = await Till(till.fdms, tmp_path / "other").start(1)
    await other.sell(invoiceNo="SHARED-2")
    await other.drained()
    await other.stop()
    await till.sell(invoiceNo="SHARED-2")
    await till.drained()
    with pytest.raises(DayRefused, match="ask ZIMRA to close it manually") as refused:
        await till.close_day()
    assert refused.value.code == "ReceiptsWithValidationErrors"
    till.fdms.post(f"/devices/{till.id}/close-day-manually").raise_for_status()
    closed = await till.close_day()
    assert closed["fiscalDayStatus"] == CLOSED
    assert await till.rows("SELECT fiscalDayReconciliationMode FROM v_fiscal_days") == [("Manual",)]
    assert (await till.open_day())["fiscalDayNo"] == 2
    await till.sell()
    await till.drained()
    await till.check()


async def test_a_close_that_fdms_refuses_outright_can_be_asked_again(till):
    await till.sell()
    await till.drained()
    till.fdms.post(f"/devices/{till.id}/block")
    with pytest.raises(DayRefused, match="DEV01"):
        await till.close_day()
    assert await status(till) == FAILED
    till.fdms.post(f"/devices/{till.id}/unblock")
    assert (await till.close_day())["fiscalDayStatus"] == CLOSED


async def test_a_close_survives_a_device_that_is_blocked_meanwhile(till):
    await till.sell()
    await till.drained()
    till.faults({"operation": "GetStatus", "action": "drop-before"})
    await till.close_day(wait=False)
    await till.until(lambda: at_fdms(till)[1] == CLOSED)
    till.fdms.post(f"/devices/{till.id}/block")
    till.faults()
    await asyncio.sleep(0.3)
    assert await status(till) == INITIATED
    till.fdms.post(f"/devices/{till.id}/unblock")
    await till.until(lambda: till.device.day_status == CLOSED)


async def test_a_close_whose_answer_was_lost_is_not_taken_for_refused(till, monkeypatch):
    """FDMS closed the day; the next try meets a device that is blocked: nothing may be sold in that day any more."""
    await till.sell()
    await till.drained()
    tries, plain = [], till.device.gateway.close_day

    async def close_day(request):
        tries.append(request)
        return await plain(request)

    monkeypatch.setattr(till.device.gateway, "close_day", close_day)
    till.faults(
        {"operation": "CloseDay", "action": "drop-after", "count": 1},
        {"operation": "CloseDay", "action": "drop-before"},
    )
    await till.close_day(wait=False)
    await till.until(lambda: at_fdms(till)[1] == CLOSED)
    till.fdms.post(f"/devices/{till.id}/block")
    till.faults()
    so_far = len(tries)
    await till.until(lambda: len(tries) > so_far + 2)
    assert await status(till) == INITIATED
    till.fdms.post(f"/devices/{till.id}/unblock")
    await till.until(lambda: till.device.day_status == CLOSED)
    assert await till.told("fiscal.close_failed") == []


async def test_a_close_survives_books_that_cannot_be_written_for_a_while(till, monkeypatch):
    await till.sell()
    await till.drained()
    plain, failing = till.engine.store.write, []

    async def write(job):
        if "_send_close" in getattr(job, "__qualname__", "") and len(failing) < 2:
            failing.append(job)
            raise TillBusy("Another program holds the database.")
        return await plain(job)

    monkeypatch.setattr(till.engine.store, "write", write)
    assert (await till.close_day())["fiscalDayStatus"] == CLOSED
    assert len(failing) == 2


@pytest.mark.parametrize("ends", ["fiscal.closed", "fiscal.close_failed"])
async def test_the_end_of_a_close_and_its_message_are_one_step(till, monkeypatch, ends):
    """If the message cannot be written, the end is not either: a crash between them cannot lose one of both."""
    await till.sell()
    await till.drained()
    if ends == "fiscal.close_failed":
        await spoil_counters(till, "UPDATE day_counters SET cents = cents + 1 WHERE type = 'SaleByTax'")
    plain, failing = EventRows.add, []

    def add(self, type_, *given):
        if type_ == ends and len(failing) < 2:
            failing.append(type_)
            raise TillBusy("The disk is full.")
        return plain(self, type_, *given)

    monkeypatch.setattr(EventRows, "add", add)
    closing = asyncio.ensure_future(till.close_day())
    await till.until(lambda: failing)
    assert await status(till) == INITIATED
    if ends == "fiscal.closed":
        assert (await closing)["fiscalDayStatus"] == CLOSED
    else:
        with pytest.raises(DayRefused, match="CountersMismatch"):
            await closing
    assert [type_ for type_, _ in await till.told("fiscal.closed", "fiscal.close_failed")] == [ends]


async def test_a_day_that_lasts_past_midnight_is_signed_with_its_opening_date(fdms, tmp_path, impatient):
    """Till and FDMS share a virtual clock: opened at half past eleven at night, closed the next day."""

    async def move(seconds: float) -> None:
        fdms.post("/clock", {"offsetSeconds": seconds}).raise_for_status()

    clock = VirtualClock(move)
    now = datetime.now(UTC)
    evening = now.replace(hour=21, minute=30, second=0, microsecond=0) + timedelta(days=1)
    await clock.wait_until(evening - timedelta(seconds=30))
    till = await Till(fdms, tmp_path / "till", clock=clock).start(1)
    opened = (await till.engine.till.day_status(till.id))["fiscalDayOpened"]
    assert opened[11:16] == "23:30"
    await till.sell()
    await clock.wait_until(clock.now() + timedelta(hours=2))
    await till.sell()
    await till.drained()
    closed = await till.close_day()
    assert closed["fiscalDayStatus"] == CLOSED
    assert closed["fiscalDayClosed"][:10] > opened[:10]
    await till.check()
    ((request, certificate),) = await till.rows("SELECT close_request, certificate_pem FROM fiscal_days, devices")
    body = json.loads(request)
    signature = base64.b64decode(body["fiscalDayDeviceSignature"]["signature"])
    key = load_pem_x509_certificate(certificate.encode()).public_key()
    key.verify(signature, close_text(till.id, opened[:10], body).encode(), ec.ECDSA(hashes.SHA256()))
    with pytest.raises(InvalidSignature):
        key.verify(
            signature, close_text(till.id, closed["fiscalDayClosed"][:10], body).encode(), ec.ECDSA(hashes.SHA256())
        )
    await till.stop()


def close_text(device_id: int, date: str, body: dict) -> str:
    """Gateway v7.2 §18.4, by hand, for sales at 15.5 % paid in cash."""
    held = {
        counter["fiscalCounterType"]: round(counter["fiscalCounterValue"] * 100)
        for counter in body["fiscalDayCounters"]
    }
    counters = (
        f"SALEBYTAXUSD15.50{held['SaleByTax']}SALETAXBYTAXUSD15.50{held['SaleTaxByTax']}"
        f"BALANCEBYMONEYTYPEUSDCASH{held['BalanceByMoneyType']}"
    )
    return f"{device_id}{body['fiscalDayNo']}{date}{counters}"


async def test_devices_close_beside_each_other(till):
    other = await till.register(new_device(till.fdms))
    await till.sell(2)
    await till.sell(2, other)
    await till.drained()
    closed = await asyncio.gather(till.close_day(), till.close_day(other))
    assert [day["fiscalDayStatus"] for day in closed] == [CLOSED, CLOSED]


async def test_two_who_open_at_once_open_one_day(idle):
    answers = await asyncio.gather(idle.open_day(), idle.open_day(), return_exceptions=True)
    assert sorted(type(answer).__name__ for answer in answers) == ["DayRefused", "dict"]
    assert at_fdms(idle) == (1, OPENED)


async def test_two_who_close_at_once_close_one_day(till):
    await till.sell()
    await till.drained()
    answers = await asyncio.gather(till.close_day(), till.close_day(), return_exceptions=True)
    assert sorted(type(answer).__name__ for answer in answers) == ["DayRefused", "dict"]
    assert at_fdms(till) == (1, CLOSED)


class Forged:
    """FDMS whose closing signature does not hold."""

    def __init__(self, real) -> None:
        self._real = real

    def __getattr__(self, name: str):
        return getattr(self._real, name)

    async def get_status(self):
        found = await self._real.get_status()
        return msgspec.structs.replace(found, closed="2020-01-01T00:00:00") if found.closed else found


async def test_a_closing_signature_that_does_not_hold_is_told(till):
    await till.sell()
    await till.drained()
    till.device._gateway = Forged(till.device.gateway)
    await till.close_day()
    ((_, told),) = await till.told("device.attention")
    assert "signature over day 1 does not hold" in told["reason"]
