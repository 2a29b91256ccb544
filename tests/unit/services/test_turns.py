"""Sales that wait for the clock keep the order in which they came: that of their file."""

import asyncio
import random

import pytest

from tests.support.books import SetClock, Shop, sale


class UnevenClock(SetClock):
    """Whoever waits for it is woken sooner or later, as a busy machine does it."""

    def __init__(self) -> None:
        super().__init__()
        self.chance = random.Random(4)

    async def wait_until(self, moment) -> None:
        for _ in range(self.chance.randrange(20)):
            await asyncio.sleep(0.0005)
        await super().wait_until(moment)


@pytest.mark.parametrize("ways", [1, 2])
async def test_a_file_of_sales_is_numbered_in_its_order_past_the_clock(tmp_path, ways):
    """Sixty and twenty at once on one device, which may stamp thirty of them at once; a sale of later comes last."""
    shop = Shop(tmp_path, UnevenClock())
    await shop.add_device()
    await shop.add_device(102)
    numbers = range(80)
    asked = []
    for number in numbers:
        device = 101 + number % ways
        asked.append(asyncio.create_task(shop.fiscaliser.fiscalise(sale(number, deviceID=device))))
        await asyncio.sleep(0.001 if number >= 60 else 0)
    done = [entry for entry, _ in await asyncio.gather(*asked)]
    for way in range(ways):
        assert [entry.receipt_global_no for entry in done[way::ways]] == list(range(1, len(done[way::ways]) + 1))
    assert shop.clock.waited
    await shop.close()


async def test_a_refused_sale_among_those_that_wait_holds_up_nobody(tmp_path):
    shop = Shop(tmp_path, UnevenClock())
    await shop.add_device()
    made = [sale(number, **({"receiptPayments": []} if number == 40 else {})) for number in range(50)]
    done = await asyncio.gather(*map(shop.fiscaliser.fiscalise, made), return_exceptions=True)
    assert isinstance(done[40], Exception)
    taken = [entry[0].receipt_global_no for place, entry in enumerate(done) if place != 40]
    assert taken == list(range(1, 50))
    again, repeated = await shop.fiscaliser.fiscalise(made[45])
    assert (again.receipt_global_no, repeated) == (45, True)
    await shop.close()
