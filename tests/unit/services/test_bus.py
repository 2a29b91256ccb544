"""The bus and its subscriptions: order, bounds, filters, and resuming without a gap or a duplicate."""

import asyncio

import pytest

from fiscalmon.bus import Bus, Overflow
from fiscalmon.events import HELLO, METRICS_UPDATED, RECEIPT_COMPLETED, RECEIPT_PROGRESS, Message


def lasting(seq: int, device: int | None = 1) -> Message:
    return Message(RECEIPT_COMPLETED, seq, "now", device, {"n": seq})


def passing(type_: str, seq: int = 0, device: int | None = 1, **data) -> Message:
    return Message(type_, seq, "now", device, data)


async def drained(subscription) -> list[Message]:
    """What can be read now."""
    found = []
    while True:
        try:
            found.append(await asyncio.wait_for(anext(subscription), 0.02))
        except (TimeoutError, StopAsyncIteration):
            return found


async def test_messages_come_in_order_to_everybody():
    bus = Bus()
    both = [bus.subscribe(), bus.subscribe()]
    for seq in range(1, 101):
        bus.publish(lasting(seq))
    for one in both:
        assert [message.seq for message in await drained(one)] == list(range(1, 101))
    assert bus.last_seq == 100


async def test_a_listener_sees_its_devices_and_what_concerns_all():
    bus = Bus()
    some = bus.subscribe(frozenset({2, 3}))
    nobody = bus.subscribe(frozenset())
    for seq, device in enumerate((1, 2, 3, None), 1):
        bus.publish(lasting(seq, device))
    assert [message.seq for message in await drained(some)] == [2, 3, 4]
    assert [message.seq for message in await drained(nobody)] == [4]


async def test_a_reader_that_waits_is_woken():
    bus = Bus()
    one = bus.subscribe()
    reading = asyncio.ensure_future(anext(one))
    await asyncio.sleep(0)
    bus.publish(lasting(1))
    assert (await asyncio.wait_for(reading, 1)).seq == 1
    assert one.last_seq == 1


async def test_past_the_bound_lasting_messages_end_it_after_what_is_queued():
    bus = Bus()
    slow = bus.subscribe(bound=4)
    quick = bus.subscribe()
    for seq in range(1, 11):
        bus.publish(lasting(seq))
    assert [(await anext(slow)).seq for _ in range(4)] == [1, 2, 3, 4]
    with pytest.raises(Overflow):
        await anext(slow)
    assert len(await drained(quick)) == 10


async def test_a_slow_listener_loses_progress_first_and_keeps_the_newest_metrics():
    bus = Bus()
    slow = bus.subscribe(bound=8)
    for seq in range(1, 5):
        bus.publish(lasting(seq))
    for turn in range(20):
        bus.publish(passing(RECEIPT_PROGRESS, turn=turn))
        bus.publish(passing(METRICS_UPDATED, turn=turn))
    bus.publish(lasting(5))
    found = await drained(slow)
    assert [message.type for message in found] == [RECEIPT_COMPLETED] * 4 + [METRICS_UPDATED, RECEIPT_COMPLETED]
    assert found[4].data == {"turn": 19}
    assert not slow.overflowed


async def test_a_listener_that_keeps_up_loses_nothing():
    bus = Bus()
    one = bus.subscribe(bound=8)
    read = []
    for turn in range(50):
        bus.publish(passing(RECEIPT_PROGRESS, turn=turn))
        read.append((await anext(one)).data["turn"])
    assert read == list(range(50))


async def test_a_reader_takes_what_is_queued_at_once_and_in_order():
    bus = Bus()
    one, held = bus.subscribe(), bus.subscribe(held=True)
    for seq in range(1, 6):
        bus.publish(lasting(seq))
    assert (await anext(one)).seq == 1
    assert [message.seq for message in one.more(3)] == [2, 3, 4]
    assert [message.seq for message in one.more(3)] == [5]
    assert one.more(3) == []
    assert one.last_seq == 5
    assert held.more(3) == []


async def test_a_rest_lasts_its_time_and_no_longer_than_there_is_room():
    bus = Bus()
    one = bus.subscribe(bound=40)
    loop = asyncio.get_running_loop()
    started = loop.time()
    await one.rest(0.05)
    assert loop.time() - started >= 0.049
    resting = asyncio.ensure_future(one.rest(60))
    await asyncio.sleep(0)
    for seq in range(1, 10):
        bus.publish(lasting(seq))
    await asyncio.sleep(0)
    assert not resting.done()
    bus.publish(lasting(10))
    await asyncio.wait_for(resting, 1)
    await asyncio.wait_for(one.rest(60), 1)


async def test_figures_end_a_rest():
    bus = Bus()
    one = bus.subscribe()
    resting = asyncio.ensure_future(one.rest(60))
    await asyncio.sleep(0)
    bus.publish(passing(RECEIPT_PROGRESS))
    await asyncio.sleep(0)
    assert not resting.done()
    bus.publish(passing(METRICS_UPDATED))
    await asyncio.wait_for(resting, 1)


async def test_a_rest_ends_when_the_reader_is_closed():
    bus = Bus()
    one = bus.subscribe()
    resting = asyncio.ensure_future(one.rest(60))
    await asyncio.sleep(0)
    one.close()
    await asyncio.wait_for(resting, 1)
    await asyncio.wait_for(one.rest(60), 1)


async def test_nothing_is_read_before_the_greeting():
    bus = Bus()
    held = bus.subscribe(held=True)
    bus.publish(lasting(1))
    assert await drained(held) == []
    held.put_first([Message(HELLO, 0, "now", None, {})])
    assert [(message.type, message.seq) for message in await drained(held)] == [(HELLO, 0), (RECEIPT_COMPLETED, 1)]


async def test_what_the_greeting_holds_comes_once():
    bus = Bus()
    held = bus.subscribe(held=True)
    bus.publish(lasting(1))
    bus.publish(passing(METRICS_UPDATED, 1))
    bus.publish(lasting(2))
    held.put_first([lasting(1)])
    assert [(message.type, message.seq) for message in await drained(held)] == [
        (RECEIPT_COMPLETED, 1),
        (METRICS_UPDATED, 1),
        (RECEIPT_COMPLETED, 2),
    ]


async def test_what_the_greeting_holds_comes_once_even_if_it_is_published_later():
    """The log is written before the bus is told: a replay may already hold what is about to be published."""
    bus = Bus()
    held = bus.subscribe(held=True)
    held.put_first([lasting(1), lasting(2)])
    bus.publish(lasting(2))
    bus.publish(passing(RECEIPT_PROGRESS, 2))
    bus.publish(lasting(3))
    assert [(message.type, message.seq) for message in await drained(held)] == [
        (RECEIPT_COMPLETED, 1),
        (RECEIPT_COMPLETED, 2),
        (RECEIPT_PROGRESS, 2),
        (RECEIPT_COMPLETED, 3),
    ]


async def test_closing_ends_a_waiting_reader_and_forgets_it():
    bus = Bus()
    one, held = bus.subscribe(), bus.subscribe(held=True)
    assert bus.listeners == 2
    reading = [asyncio.ensure_future(drained(one)), asyncio.ensure_future(drained(held))]
    await asyncio.sleep(0)
    bus.close()
    assert await asyncio.gather(*reading) == [[], []]
    assert bus.listeners == 0
    bus.publish(lasting(1))
    one.close()
    assert await drained(one) == []
