"""Who waits for FDMS's answer to a receipt that has it already gets it at once, not after half a minute."""

import asyncio

from tests.support.books import Shop


async def test_settled_between_the_look_and_the_wait(tmp_path):
    shop = Shop(tmp_path)
    await shop.add_device()
    entry = await shop.sell(1)
    settled = await shop.settle(entry)

    async def read():
        return await shop.store.read(lambda archive: archive.receipt(entry.receipt_id))

    async with asyncio.timeout(5):
        assert await shop.announcer.wait_settled(entry, 30.0, read) == settled
    await shop.close()
