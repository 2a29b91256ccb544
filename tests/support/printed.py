"""A till with the printer emulator as its device's printer: paper and journal, and whether they agree."""

import asyncio

from fiscalmon.domain.paper import PrinterSetup


class Printed:
    """A till with the emulator as its device's printer."""

    def __init__(self, till, emulator, family: str) -> None:
        self.till, self.emulator = till, emulator
        self.setup = PrinterSetup("till", family, emulator.port, device_id=till.id)

    @property
    def printing(self):
        return self.till.engine.till.printing

    async def add(self) -> "Printed":
        await self.printing.add(self.setup)
        return self

    async def jobs(self) -> list[dict]:
        return await self.printing.jobs("till")

    async def settled(self, count: int, seconds: float = 30) -> list[dict]:
        """The slips once nothing more happens to them by itself."""
        jobs: list[dict] = []
        end = asyncio.get_running_loop().time() + seconds
        while asyncio.get_running_loop().time() < end:
            jobs = await self.jobs()
            if len(jobs) == count and all(job["state"] in ("printed", "failed") for job in jobs):
                return jobs
            await asyncio.sleep(0.05)
        left = [job for job in jobs if job["state"] not in ("printed", "failed")]
        raise AssertionError(f"{len(jobs)} slips of {count} after {seconds} s, {left} not settled")

    async def agree(self, count: int) -> list[tuple[int, bool, bool]]:
        """All printed, once unmarked at most, each at least once whole, in order; the paper's slips."""
        jobs = await self.settled(count)
        assert [(job["state"], job["reason"]) for job in jobs] == [("printed", None)] * count
        slips = self.emulator.slips()
        for job in jobs:
            own = [slip for slip in slips if slip[0] == job["receiptGlobalNo"]]
            assert sum(not copy for _, copy, _ in own) <= 1, slips
            assert any(whole for _, _, whole in own), slips
        whole = [number for number, _, whole in slips if whole]
        assert whole == sorted(whole)
        return slips
