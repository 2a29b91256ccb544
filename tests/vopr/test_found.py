"""What the seeds have found, each as a history of its own: it stays the same whatever the acts of the seeds become."""

import asyncio
import shutil
from datetime import timedelta

import pytest

from fiscalmon.domain.errors import SaleRefused
from fiscalmon.services.crediting import CreditRequest
from tests.support.books import sale
from tests.vopr.judge import Judge
from tests.vopr.world import place, prepare, run

DEVICE = 10001


@pytest.fixture(scope="module")
def base():
    made = place()
    prepare(made)
    yield made
    shutil.rmtree(made)


async def begin(world) -> None:
    await world.start()
    await world.do(lambda engine: engine.till.open_day(DEVICE))


def test_a_close_is_followed_to_its_end_through_a_full_disk(base):
    async def play(world) -> None:
        await begin(world)
        await world.do(lambda engine: engine.till.close_day(DEVICE, wait=False))
        # No line and no disk at once: the offline message cannot be written.
        world.wire.cut, world.plan.rate = True, 1.0
        await asyncio.sleep(60)
        world.wire.cut, world.plan.rate = False, 0.0
        await asyncio.sleep(60)
        assert world.engine.devices.get(DEVICE).day_status == "FiscalDayClosed"
        await Judge(world).end()
        await world.stop()

    run(1, base, play)


def test_a_note_on_a_receipt_that_fdms_never_took_is_refused(base):
    async def play(world) -> None:
        await begin(world)
        world.wire.cut = True
        original = await world.do(lambda engine: engine.till.submit(sale(1)))
        world.fdms.closing.close_manually(world.book(DEVICE))
        world.wire.cut = False
        await asyncio.sleep(4000)
        await world.do(lambda engine: engine.till.open_day(DEVICE))
        with pytest.raises(SaleRefused) as refused:
            await world.do(lambda engine: engine.till.credit(CreditRequest(original["receiptId"], "Goods came back")))
        assert refused.value.errors[0]["code"] == "RCPT032"
        assert "never took" in refused.value.errors[0]["advice"]
        await world.stop()

    run(2, base, play)


@pytest.mark.parametrize("wrong_by", [86_400, 40 * 86_400])
def test_the_figures_come_back_with_a_clock_that_was_ahead(base, wrong_by):
    async def play(world) -> None:
        await begin(world)
        for number in range(3):
            await world.do(lambda engine, number=number: engine.till.submit(sale(number), wait="completed"))
        world.clock.wrong_by = timedelta(seconds=wrong_by)
        await asyncio.sleep(120)
        assert world.engine.till._parts.metrics.snapshot()["receiptsToday"] == 0
        await world.stop()
        await world.start()
        world.clock.wrong_by = timedelta(0)
        await asyncio.sleep(60)
        assert world.engine.till._parts.metrics.snapshot()["receiptsToday"] == 3
        Judge(world).recount()
        await world.stop()

    run(3, base, play)
