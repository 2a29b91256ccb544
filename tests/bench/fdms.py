"""The simulator as a process, and tills that are registered with it: for benchmarks that send. Measures nothing."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from collections.abc import AsyncIterator

from fiscalmon.bootstrap import start_engine
from fiscalmon.clocks import VirtualClock
from fiscalmon.data_folder import DataFolder
from fiscalmon.demo import Simulator

from .sales import small_sale
from .shop import Shop, scratch


@contextlib.asynccontextmanager
async def registered_shop(devices: int) -> AsyncIterator[tuple[Shop, Simulator]]:
    """A till whose devices are registered with a fresh simulator, their days open on both sides; nothing is sent."""
    with scratch() as folder:
        simulator = await Simulator.start(folder.path / "simulator")
        try:
            clock = VirtualClock(simulator.move_clock)
            await register(folder, clock, simulator, devices)
            till = Shop(folder, clock)
            try:
                yield till, simulator
            finally:
                await till.close()
        finally:
            await simulator.stop()


async def register(folder: DataFolder, clock: VirtualClock, simulator: Simulator, devices: int) -> None:
    """With an engine of its own, which is stopped again before the first sale."""
    engine = await start_engine(folder, clock=clock)
    try:
        for offered in await simulator.offer(devices):
            who = {
                "device_id": offered["deviceID"],
                "serial_no": offered["serialNo"],
                "activation_key": offered["activationKey"],
                "gateway_url": simulator.url,
                "ca_pem": simulator.ca_pem,
            }
            await engine.operations.run("device.register", who)
            await engine.till.open_day(offered["deviceID"])
    finally:
        await engine.stop()


async def queue_sales(till: Shop, device_id: int, numbers: itertools.count[int], count: int) -> None:
    """Signed and recorded, in order, waiting to be sent."""
    for start in range(0, count, 32):
        sales = [small_sale(next(numbers), device_id) for _ in range(min(32, count - start))]
        await asyncio.gather(*(till.fiscaliser.fiscalise(sale) for sale in sales))
