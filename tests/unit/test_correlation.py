"""One id from what somebody set off to the tries at FDMS: in tasks, in the books, in the views."""

import asyncio

import pytest

from fiscalmon import correlation
from tests.support.books import Shop


async def test_tasks_and_timers_carry_it():
    seen = []
    with correlation.correlated("counter-0001") as named:
        task = asyncio.create_task(asyncio.sleep(0, correlation.current()))
        asyncio.get_running_loop().call_soon(lambda: seen.append(correlation.current()))
    assert correlation.current() is None
    assert [await task, *seen, named] == ["counter-0001"] * 3


@pytest.mark.parametrize(
    "text", [None, "", "short", "x" * 65, "with space1", "line\nbreak1", 'quote"quote', "ümlaut-1234"]
)
def test_an_id_from_outside_has_to_look_like_one(text):
    assert correlation.known_form(text) is None
    assert correlation.known_form("a1-B2c3d4") == "a1-B2c3d4"


async def test_a_receipt_keeps_what_set_it_off(tmp_path):
    shop = Shop(tmp_path)
    await shop.add_device()
    with correlation.correlated("till-key-0042"):
        entry = await shop.sell(1)
    assert entry.correlation_id == "till-key-0042"
    assert (await shop.store.read(lambda archive: archive.receipt(entry.receipt_id))).correlation_id == "till-key-0042"
    assert (await shop.sell(2)).correlation_id is None
    await shop.close()
