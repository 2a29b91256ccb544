"""From a sale to a signed receipt in the books: numbers, dates, the chain, and what must not disturb it."""

import asyncio
import base64
import hashlib
import itertools
import json
from datetime import UTC, datetime, timedelta

import pytest

from fiscalmon.clocks import SystemClock, VirtualClock
from fiscalmon.domain.errors import (
    BadInput,
    DayNotOpen,
    KeyUnavailable,
    SaleConflict,
    SaleRefused,
    TillBusy,
    UnknownDevice,
)
from fiscalmon.domain.localtime import local_text, parse_local
from tests.support.books import SetClock, Shop, sale, verify
from tests.support.simulator import receipt_text


@pytest.fixture
async def shop(tmp_path):
    made = Shop(tmp_path)
    await made.add_device()
    yield made
    await made.close()


def books(shop) -> dict:
    """Everything that a sale may change."""
    tables = ("receipts", "outbox", "day_counters", "rollup_sales", "rollup_taxes", "rollup_days", "events")
    return {table: shop.rows(f"SELECT * FROM {table}") for table in tables}


def chain(shop, device_id: int = 101) -> list[tuple]:
    return shop.rows(
        "SELECT receipt_counter, receipt_global_no, receipt_date, previous_hash, hash FROM receipts "
        "WHERE device_id = ? ORDER BY id",
        device_id,
    )


async def test_a_receipt_is_signed_numbered_and_chained(shop):
    entries = [await shop.sell(number) for number in range(1, 4)]
    rows = chain(shop)
    assert [row[:2] for row in rows] == [(1, 1), (2, 2), (3, 3)]
    assert [row[3] for row in rows] == [None, entries[0].hash, entries[1].hash]
    for entry in entries:
        ((payload, previous),) = shop.rows("SELECT payload, previous_hash FROM receipts WHERE id = ?", entry.row)
        receipt = json.loads(payload)["receipt"]
        canonical = receipt_text(101, receipt, previous or "")
        assert receipt["receiptDeviceSignature"] == {"hash": entry.hash, "signature": entry.signature}
        assert base64.b64encode(hashlib.sha256(canonical.encode()).digest()).decode() == entry.hash
        verify(shop, 101, canonical, entry.signature)


async def test_dates_are_strictly_later_by_whole_seconds(shop):
    for number in range(10):
        await shop.sell(number)
    shop.clock.pass_(milliseconds=999)
    await shop.sell(10)
    shop.clock.pass_(seconds=60)
    await shop.sell(11)
    dates = [parse_local(row[2]) for row in chain(shop)]
    assert [later - sooner for sooner, later in itertools.pairwise(dates)][:10] == [timedelta(seconds=1)] * 10
    assert dates[11] == shop.clock.now().replace(microsecond=0)


async def test_the_first_receipt_is_later_than_the_opening(tmp_path):
    shop = Shop(tmp_path)
    await shop.add_device(day=False)
    opened = local_text(shop.clock.now())
    await shop.store.write(lambda work: work.days.add(101, 1, opened))
    entry = await shop.sell(1)
    assert entry.receipt_date > opened
    await shop.close()


async def test_numbers_run_on_over_days_and_the_chain_starts_anew(shop):
    one = await shop.sell(1)
    await shop.store.write(lambda work: work.days.closed(work.days.last(101), "2026-11-22T12:00:01", "Auto", None))
    shop.clock.pass_(minutes=10)
    await shop.open_day(day_no=2)
    two = await shop.sell(2)
    assert (two.fiscal_day_no, two.receipt_counter, two.receipt_global_no) == (2, 1, 2)
    assert chain(shop)[1][3] is None
    assert two.receipt_date > one.receipt_date


async def test_thirty_seconds_ahead_is_the_limit(shop):
    """31 receipts within one second: the last is stamped 30 s ahead. The next waits until it may be."""
    for number in range(31):
        await shop.sell(number)
    assert shop.clock.waited == []
    ahead = parse_local(chain(shop)[-1][2]) - shop.clock.now()
    assert ahead == timedelta(seconds=30)
    before = shop.clock.now()
    await shop.sell(31)
    assert shop.clock.waited == [before + timedelta(seconds=1)]
    assert chain(shop)[-1][:2] == (32, 32)


async def test_devices_do_not_wait_for_each_other(shop):
    await shop.add_device(102)
    for number in range(31):
        await shop.sell(number)
    await shop.sell(100, deviceID=102)
    assert shop.clock.waited == []


class WatchedClock(SystemClock):
    """The machine's own clock; counts who waits for it."""

    waits = 0

    async def wait_until(self, moment: datetime) -> None:
        self.waits += 1
        await super().wait_until(moment)


async def test_the_machines_clock_is_waited_for(tmp_path):
    clock = WatchedClock()
    shop = Shop(tmp_path, clock=clock)
    await shop.add_device()
    number = 0
    async with asyncio.timeout(10):
        while not clock.waits:
            entry = await shop.sell(number)
            number += 1
    assert number >= 32
    assert parse_local(entry.receipt_date) - datetime.now(UTC) <= timedelta(seconds=30)
    await shop.close()


async def test_a_virtual_clock_moves_itself_and_tells_fdms_first(tmp_path):
    told = []

    async def move(offset: float) -> None:
        told.append((offset, clock.now()))

    clock = VirtualClock(move)
    shop = Shop(tmp_path, clock=clock)
    await shop.add_device()
    await asyncio.wait_for(asyncio.gather(*[shop.sell(number) for number in range(150)]), 20)
    assert [row[1] for row in chain(shop)] == list(range(1, 151))
    assert told
    assert [offset for offset, _ in told] == sorted({offset for offset, _ in told})
    for (offset, before), (later, _) in itertools.pairwise(told):
        assert later > offset
        assert before < datetime.now(UTC) + timedelta(seconds=offset)
    await shop.close()


async def test_a_clock_that_was_set_back_a_little_is_waited_for(shop):
    await shop.sell(1)
    shop.clock.pass_(seconds=-20)
    two = await shop.sell(2)
    assert shop.clock.waited == []
    assert parse_local(two.receipt_date) - shop.clock.now() == timedelta(seconds=21)


class SetBack(SystemClock):
    """The machine's clock after somebody set it back."""

    def __init__(self) -> None:
        self.back = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) - self.back


async def test_a_clock_that_was_set_back_far_refuses_with_a_sentence(tmp_path):
    clock = SetBack()
    shop = Shop(tmp_path, clock=clock)
    await shop.add_device()
    await shop.sell(1)
    clock.back = timedelta(hours=1)
    before = books(shop)
    with pytest.raises(TillBusy, match="clock was set back"):
        await asyncio.wait_for(shop.sell(2), 5)
    assert books(shop) == before
    clock.back = timedelta()
    assert (await shop.sell(2)).receipt_counter == 2
    await shop.close()


async def test_a_sale_that_waits_for_the_clock_does_not_hold_up_the_end(tmp_path):
    clock = SetBack()
    shop = Shop(tmp_path, clock=clock)
    await shop.add_device()
    await shop.sell(1)
    clock.back = timedelta(seconds=70)
    waiting = asyncio.ensure_future(shop.sell(2))
    await asyncio.sleep(0.1)
    assert not waiting.done()
    await asyncio.wait_for(shop.close(), 2)
    with pytest.raises(TillBusy, match="shutting down"):
        await waiting


async def test_the_same_sale_again_gives_the_first_result(shop):
    first, repeated = await shop.fiscaliser.fiscalise(sale(1))
    assert not repeated
    before = books(shop)
    for given in (sale(1), json.dumps(sale(1)), json.dumps(sale(1), indent=2).encode()):
        again, repeated = await shop.fiscaliser.fiscalise(given)
        assert repeated
        assert again == first
    assert books(shop) == before
    settled = await shop.settle(first)
    assert (await shop.fiscaliser.fiscalise(sale(1)))[0] == settled


async def test_the_same_sale_again_is_known_after_the_day_was_closed(shop):
    first = await shop.sell(1)
    await shop.store.write(lambda work: work.days.closed(work.days.last(101), "2026-11-22T12:00:01", "Auto", None))
    assert await shop.sell(1) == first
    with pytest.raises(DayNotOpen, match="open the day, then sell"):
        await shop.sell(2)


@pytest.mark.parametrize("change", [{"invoiceNo": "INV-9"}, {"price": "2.50"}, {"receiptNotes": "x"}])
async def test_the_same_id_with_other_content_is_refused(shop, change):
    await shop.sell(1)
    before = books(shop)
    with pytest.raises(SaleConflict, match="S-1 was used before"):
        await shop.sell(1, **change)
    assert books(shop) == before


async def test_fifty_at_once_with_one_id_are_one_receipt(shop):
    answers = await asyncio.gather(*[shop.fiscaliser.fiscalise(sale(1)) for _ in range(50)])
    assert len({entry.receipt_id for entry, _ in answers}) == 1
    assert sorted(repeated for _, repeated in answers) == [False] + [True] * 49
    assert len(chain(shop)) == 1
    assert shop.devices.get(101).queued == 1
    assert shop.rows("SELECT receipts, cents FROM rollup_sales") == [(1, 498)]


async def test_many_at_once_leave_no_gap(shop):
    await shop.add_device(102)
    jobs = [shop.sell(number, deviceID=101 + number % 2) for number in range(60)]
    entries = await asyncio.gather(*jobs)
    for device_id in (101, 102):
        rows = chain(shop, device_id)
        assert [row[1] for row in rows] == list(range(1, 31))
        assert [row[3] for row in rows] == [None, *[row[4] for row in rows[:-1]]]
        assert [row[2] for row in rows] == sorted({row[2] for row in rows})
    assert len({entry.receipt_id for entry in entries}) == 60


async def test_without_an_open_day_nothing_is_sold(tmp_path):
    shop = Shop(tmp_path)
    await shop.add_device(day=False)
    before = books(shop)
    with pytest.raises(DayNotOpen):
        await shop.sell(1)
    assert books(shop) == before
    await shop.close()


@pytest.mark.parametrize("status", ["FiscalDayCloseInitiated", "FiscalDayClosed"])
async def test_a_day_that_takes_no_receipts_sells_nothing(shop, status):
    await shop.sell(1)
    day = await shop.store.write(lambda work: work.days.last(101))
    if status == "FiscalDayClosed":
        await shop.store.write(lambda work: work.days.closed(day, "2026-11-22T12:00:01", "Auto", None))
    else:
        await shop.store.write(lambda work: work.days.closing(day, b"{}", 1))
    with pytest.raises(DayNotOpen):
        await shop.sell(2)
    assert len(chain(shop)) == 1


async def test_a_day_whose_close_failed_sells_on(shop):
    one = await shop.sell(1)
    day = await shop.store.write(lambda work: work.days.last(101))
    await shop.store.write(lambda work: work.days.closing(day, b"{}", 1))
    await shop.store.write(lambda work: work.days.close_failed(day, "CountersMismatch"))
    two = await shop.sell(2)
    assert (two.receipt_counter, two.receipt_global_no, chain(shop)[1][3]) == (2, 2, one.hash)


async def test_a_signature_that_fails_numbers_nothing(shop):
    one = await shop.sell(1)
    before = books(shop)
    shop.signers[101].broken = KeyUnavailable("The token was pulled out.")
    with pytest.raises(KeyUnavailable, match="pulled out"):
        await shop.sell(2)
    assert books(shop) == before
    shop.signers[101].broken = None
    two = await shop.sell(2)
    assert (two.receipt_counter, chain(shop)[1][3]) == (2, one.hash)


async def test_a_key_that_cannot_be_read_numbers_nothing(shop):
    device = shop.devices.get(101)

    def locked():
        raise KeyUnavailable("The key of device 101 cannot be decrypted.")

    device._unlock = locked
    before = books(shop)
    with pytest.raises(KeyUnavailable):
        await shop.sell(1)
    assert books(shop) == before


REFUSED = [
    ({"receiptTotal": "1.00"}, "RCPT019"),
    ({"receiptCurrency": "XXX"}, "RCPT010"),
    ({"tax_id": 9}, "RCPT025"),
    ({"receiptLines": []}, "RCPT016"),
    ({"receiptPayments": [{"moneyTypeCode": "Cash", "paymentAmount": "1.00"}]}, "RCPT039"),
    ({"receiptDate": "2026-11-22T11:00:00"}, "RCPT014"),
    ({"receiptDate": "2026-11-22T12:00:31"}, "RCPT031"),
    ({"invoiceNo": "INV-1"}, "RCPT013"),
]


@pytest.mark.parametrize(("change", "code"), REFUSED, ids=[code for _, code in REFUSED])
async def test_a_sale_that_breaks_a_rule_disturbs_nothing(shop, change, code):
    await shop.sell(1)
    before, signed = books(shop), shop.signers[101].signed
    with pytest.raises(SaleRefused) as refused:
        await shop.sell(2, **change)
    assert code in {error["code"] for error in refused.value.errors}
    assert all(error["advice"] and error["color"] in ("Red", "Yellow") for error in refused.value.errors)
    assert books(shop) == before
    assert shop.signers[101].signed == signed
    assert (await shop.sell(3)).receipt_counter == 2


async def test_a_percent_that_is_not_the_devices_is_refused(shop):
    given = sale(1)
    given["receiptLines"][0]["taxPercent"] = "15"
    with pytest.raises(SaleRefused, match=r"tax 3 is 15.5% on this device, not 15%"):
        await shop.fiscaliser.fiscalise(given)
    given["receiptLines"][0]["taxPercent"] = 15.50
    assert (await shop.fiscaliser.fiscalise(given))[0].receipt_counter == 1


@pytest.mark.parametrize("given", [b"", b"5", b"[]", b"{", "null", b"\xff\xfe", {"saleId": "S-1"}, b'{"a":' * 5000])
async def test_what_is_no_sale_is_said_to_be_none(shop, given):
    with pytest.raises((BadInput, SaleRefused)):
        await shop.fiscaliser.fiscalise(given)
    assert chain(shop) == []


async def test_a_sale_for_a_device_that_is_not_here_is_refused(shop):
    with pytest.raises(UnknownDevice, match="no device 999"):
        await shop.sell(1, deviceID=999)
    with pytest.raises(UnknownDevice):
        await shop.fiscaliser.fiscalise(sale(1, deviceID=101), frozenset({102}))


async def test_a_till_without_devices_says_what_to_do(tmp_path):
    shop = Shop(tmp_path)
    with pytest.raises(UnknownDevice, match="device register"):
        await shop.sell(1)
    await shop.close()


async def test_the_first_device_is_the_default(shop):
    shop.clock.pass_(seconds=1)
    await shop.add_device(55)
    assert (await shop.sell(1)).device_id == 101


async def test_a_sale_made_while_the_app_was_down_keeps_its_date(shop):
    shop.clock.pass_(minutes=30)
    entry = await shop.sell(1, receiptDate="2026-11-22T12:10:00")
    assert entry.receipt_date == "2026-11-22T12:10:00"
    with pytest.raises(SaleRefused) as refused:
        await shop.sell(2, receiptDate="2026-11-22T12:10:00")
    assert [error["code"] for error in refused.value.errors] == ["RCPT030"]
    assert (await shop.sell(3, receiptDate="2026-11-22T12:10:01")).receipt_counter == 2
    assert (await shop.sell(4)).receipt_date == "2026-11-22T12:30:00"


async def test_a_caller_that_goes_away_leaves_its_receipt(shop):
    calls = [asyncio.ensure_future(shop.sell(number)) for number in range(5)]
    await asyncio.sleep(0)
    for call in calls:
        call.cancel()
    await asyncio.gather(*calls, return_exceptions=True)
    await shop.fiscaliser.finish()
    assert [row[1] for row in chain(shop)] == [1, 2, 3, 4, 5]
    assert shop.devices.get(101).queued == 5
    assert shop.devices.get(101).wake.is_set()


async def test_notes_are_limited_by_what_is_left(shop):
    await shop.settle(await shop.sell(1, price="10.00", quantity=1))
    note = {
        "receiptType": "CreditNote",
        "creditDebitNote": {"deviceID": 101, "fiscalDayNo": 1, "receiptGlobalNo": 1},
        "receiptNotes": "returned",
    }
    await shop.sell(2, price="-6.00", quantity=1, **note)
    with pytest.raises(SaleRefused) as refused:
        await shop.sell(3, price="-4.01", quantity=1, **note)
    assert [error["code"] for error in refused.value.errors] == ["RCPT035"]
    by_id = {**note, "creditDebitNote": {"receiptID": 1}}
    with pytest.raises(SaleRefused):
        await shop.sell(3, price="-4.01", quantity=1, **by_id)
    assert (await shop.sell(3, price="-4.00", quantity=1, **by_id)).receipt_counter == 3
    with pytest.raises(SaleRefused) as unknown:
        await shop.sell(4, price="-1.00", quantity=1, **{**note, "creditDebitNote": {"receiptID": 77}})
    assert "RCPT032" in {error["code"] for error in unknown.value.errors}


async def test_a_check_signs_and_stores_nothing(shop):
    await shop.sell(1)
    before, signed = books(shop), shop.signers[101].signed
    assert await shop.fiscaliser.check(sale(2)) == {"saleId": "S-2", "errors": []}
    assert await shop.fiscaliser.check(sale(1)) == {"saleId": "S-1", "errors": []}
    found = await shop.fiscaliser.check(sale(3, invoiceNo="INV-1", receiptTotal="1.00"))
    assert {"RCPT013", "RCPT019"} <= {error["code"] for error in found["errors"]}
    assert [e["code"] for e in (await shop.fiscaliser.check({"saleId": "S-9"}))["errors"]] == ["RCPT02"]
    assert books(shop) == before
    assert shop.signers[101].signed == signed


async def test_a_check_needs_no_open_day(tmp_path):
    shop = Shop(tmp_path, clock=SetClock())
    await shop.add_device(day=False)
    assert await shop.fiscaliser.check(sale(1)) == {"saleId": "S-1", "errors": []}
    await shop.close()


async def test_a_device_without_configuration_says_what_to_do(shop):
    import msgspec

    device = shop.devices.get(101)
    device.registered = msgspec.structs.replace(device.registered, config=None)
    with pytest.raises(TillBusy, match="fiscalmon device config 101"):
        await shop.sell(1)
