"""A listener of the till: hello or what was missed, then everything that follows, each lasting message exactly once."""

import asyncio
import random

import pytest

from fiscalmon.events import HELLO
from fiscalmon.services import till as till_module
from fiscalmon.services.till import Till
from tests.support.books import Shop


@pytest.fixture
async def shop(tmp_path):
    made = Shop(tmp_path)
    await made.add_device(101)
    await made.add_device(102)
    yield made
    await made.close()


@pytest.fixture
def till(shop):
    return Till(
        shop.parts, shop.bus, shop.fiscaliser, till_module.Days(None, None, None), till_module.SetUp(*[None] * 4)
    )


async def tell(shop, device_id: int | None = 101) -> int:
    """A lasting message as the services write and publish them."""
    message = await shop.store.write(
        lambda work: work.events.add("device.attention", "now", device_id, {"reason": "x"})
    )
    shop.announcer.tell(message)
    return message.seq


async def some(subscription, count: int):
    return [await asyncio.wait_for(anext(subscription), 5) for _ in range(count)]


async def test_the_first_message_is_hello_with_figures_and_events(shop, till):
    seqs = [await tell(shop) for _ in range(60)]
    (hello,) = await some(till.subscribe(), 1)
    assert hello.type == HELLO
    assert hello.data["seq"] == hello.seq == seqs[-1]
    assert [event["seq"] for event in hello.data["events"]] == seqs[-50:]
    assert hello.data["metrics"]["totalDevices"] == 2


async def test_resuming_gets_what_was_missed(shop, till):
    seqs = [await tell(shop) for _ in range(5)]
    subscription = till.subscribe(after=seqs[1])
    assert [message.seq for message in await some(subscription, 3)] == seqs[2:]
    assert await tell(shop) == (await some(subscription, 1))[0].seq


async def test_resuming_at_the_end_waits_for_the_next(shop, till):
    last = await tell(shop)
    subscription = till.subscribe(after=last)
    await asyncio.sleep(0.05)
    assert await tell(shop) == (await some(subscription, 1))[0].seq


@pytest.mark.parametrize("after", [-1, 10_000])
async def test_a_number_that_is_not_ours_gets_hello(shop, till, after):
    await tell(shop)
    assert (await some(till.subscribe(after=after), 1))[0].type == HELLO


async def test_too_large_a_gap_gets_hello(shop, till, monkeypatch):
    monkeypatch.setattr(till_module, "MOST_REPLAYED", 3)
    for _ in range(4):
        await tell(shop)
    assert (await some(till.subscribe(after=0), 1))[0].type == HELLO
    assert [message.seq for message in await some(till.subscribe(after=1), 3)] == [2, 3, 4]


async def test_a_listener_with_few_devices_sees_no_other(shop, till):
    for device_id in (101, 102, None, 102):
        await tell(shop, device_id)
    hello, *_ = await some(till.subscribe(devices=frozenset({101})), 1)
    assert [event["seq"] for event in hello.data["events"]] == [1]
    assert hello.data["metrics"]["totalDevices"] == 1
    replayed = await some(till.subscribe(devices=frozenset({102}), after=0), 2)
    assert [message.seq for message in replayed] == [2, 4]


async def publishing(shop, seqs: list[int], count: int, chance: random.Random) -> None:
    for _ in range(count):
        seqs.append(await tell(shop, chance.choice((101, 102))))
        await asyncio.sleep(chance.random() * 0.002)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("devices", [None, frozenset({101})], ids=["all", "one device"])
async def test_no_gap_and_no_duplicate_while_much_happens(shop, till, seed, devices):
    """Listeners come at random moments, with hello or with a resume: each lasting message reaches each exactly once."""
    chance = random.Random(seed)
    seqs: list[int] = []
    writers = [asyncio.ensure_future(publishing(shop, seqs, 40, chance)) for _ in range(3)]
    seen: list[tuple[int, asyncio.Future]] = []

    async def listen(after: int | None):
        subscription = till.subscribe(devices=devices, after=after)
        try:
            first = await asyncio.wait_for(anext(subscription), 1)
        except TimeoutError:
            return after, []
        got = [event["seq"] for event in first.data["events"]] if first.type == HELLO else [first.seq]
        since = after if after is not None and first.type != HELLO else (got or [first.seq + 1])[0] - 1
        while True:
            try:
                got.append((await asyncio.wait_for(anext(subscription), 0.5)).seq)
            except TimeoutError:
                return since, got

    for _ in range(30):
        await asyncio.sleep(chance.random() * 0.01)
        after = chance.choice((None, max(0, shop.bus.last_seq - chance.randrange(20))))
        seen.append(asyncio.ensure_future(listen(after)))
    await asyncio.gather(*writers)
    log = await shop.store.read(lambda archive: archive.events(0, 1000, devices))
    for since, got in await asyncio.gather(*seen):
        assert got == [message.seq for message in log if message.seq > since]


async def test_a_listener_whose_greeting_fails_is_closed(shop, till, monkeypatch):
    async def broken(query):
        raise RuntimeError("no disk")

    monkeypatch.setattr(shop.store, "read", broken)
    subscription = till.subscribe()
    with pytest.raises(StopAsyncIteration):
        await asyncio.wait_for(anext(subscription), 5)
    assert shop.bus.listeners == 0
