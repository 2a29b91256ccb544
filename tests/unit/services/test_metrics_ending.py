"""The publisher of the figures ends when it is told to, whatever happens at the same moment."""

import asyncio

import pytest

from fiscalmon.bus import Bus
from fiscalmon.clocks import SystemClock
from fiscalmon.domain.kpi import Board
from fiscalmon.services.devices import Devices
from fiscalmon.services.metrics import Metrics


@pytest.mark.parametrize("rounds", range(4))
async def test_a_cancellation_together_with_a_change_is_not_lost(rounds):
    """`asyncio.wait_for` of Python before 3.12 swallows it: stopping the till then hung for ever."""
    metrics = Metrics(Board(), Devices(), Bus(), SystemClock(), None)
    task = asyncio.create_task(metrics.run())
    for _ in range(3):
        await asyncio.sleep(0)
    metrics.changed()
    for _ in range(rounds):
        await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait((task,), timeout=1)
    ended = task.cancelled()
    task.cancel()
    assert ended
