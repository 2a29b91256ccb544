"""Hypothesis chooses what happens in a world, act by act, and shortens what goes wrong; the judge looks after each.

The same world as that of the seeds: another chooser finds other histories.
"""

import asyncio
import contextlib
import random
import shutil
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from tests.vopr.play import Play
from tests.vopr.world import World, listening, place, prepare

DEVICES = st.sampled_from((10001, 10002))


class Till(RuleBasedStateMachine):
    """Each rule runs on the world's loop until it is done; its time stands still between them."""

    base: Path

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="world-", dir=self.base))
        shutil.copytree(self.base / "registered", self.folder, dirs_exist_ok=True)
        self.chance_before = random.getstate()
        self.world = World(7, self.folder, 3600.0)
        self.logs = contextlib.ExitStack()
        self.logs.enter_context(listening(self.world))
        self.acts = Play(self.world)
        self.do(self.acts.start())
        for device_id in self.world.ids:
            self.do(self.acts.open(device_id))

    def do(self, act) -> None:
        async def whole() -> None:
            await act
            self.acts.judge.step()

        self.world.loop.run_until_complete(whole())

    @rule(device=DEVICES, count=st.integers(1, 3))
    def sell(self, device, count):
        for _ in range(count):
            self.do(self.acts.sell(device))

    @precondition(lambda self: self.acts.sales)
    @rule(data=st.data())
    def repeat(self, data):
        self.do(self.acts.submit(data.draw(st.sampled_from(sorted(self.acts.sales)))))

    @rule()
    def credit(self):
        self.do(self.acts.credit())

    @rule()
    def contradict(self):
        self.do(self.acts.contradict())

    @rule(device=DEVICES)
    def open(self, device):
        self.do(self.acts.open(device))

    @rule(device=DEVICES)
    def close(self, device):
        self.do(self.acts.close(device))

    @rule(rate=st.sampled_from((0.0, 0.3)), disk=st.sampled_from((0.0, 0.1)), cut=st.booleans())
    def weather(self, rate, disk, cut):
        self.acts.weather(rate, disk, cut=cut)

    @precondition(lambda self: self.world.alive)
    @rule(steps=st.integers(0, 120))
    def crash_in(self, steps):
        self.acts.light_fuse(steps)

    @precondition(lambda self: self.world.alive)
    @rule(how=st.sampled_from(("before", "after", "torn", "error")))
    def crash_at_the_next_commit(self, how):
        self.acts.cut_commit(how)

    @rule()
    def stop(self):
        self.do(self.acts.stop())

    @precondition(lambda self: not self.world.alive)
    @rule()
    def start(self):
        self.do(self.acts.start())

    @rule()
    def restart_fdms(self):
        self.do(self._restart_fdms())

    async def _restart_fdms(self) -> None:
        self.world.crash_fdms()

    @rule(device=DEVICES)
    def closed_by_hand(self, device):
        self.acts.close_by_hand(device)

    @rule(seconds=st.sampled_from((-290, -2, 0, 2, 290, 1000)))
    def set_clock(self, seconds):
        self.acts.set_clock(seconds)

    @rule(seconds=st.sampled_from((0.05, 1.0, 60.0, 7200.0)))
    def pass_time(self, seconds):
        self.do(asyncio.sleep(seconds))

    def teardown(self):
        try:
            self.world.loop.run_until_complete(self._end())
        finally:
            self.logs.close()
            self.world.loop.close()
            random.setstate(self.chance_before)
            shutil.rmtree(self.folder)

    async def _end(self) -> None:
        try:
            await self.acts.calm()
        finally:
            await self.world.end()


def test_whatever_happens():
    base = place()
    try:
        prepare(base)
        Till.base = base
        run_state_machine_as_test(
            Till,
            settings=settings(
                max_examples=15,
                stateful_step_count=20,
                deadline=None,
                derandomize=True,
                suppress_health_check=list(HealthCheck),
                database=None,
            ),
        )
    finally:
        shutil.rmtree(base)
