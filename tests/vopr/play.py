"""A world's history from its seed: sales, notes and days between faults of every kind, then calm, then the judge.

Each act of the till may meet an error that people would see; what may never happen is the judge's business.
"""

import asyncio
from datetime import timedelta

from fiscalmon.domain.errors import DayRefused, FiscalmonError, SaleConflict
from fiscalmon.services.crediting import CreditRequest
from fiscalmon.simulator.problems import Problem
from tests.support.books import sale

from .judge import OPEN, Judge
from .loop import Died
from .world import World

PRICES = ("0.35", "1.49", "2.49", "11.99", "120.00")
# What the calm at the end may take: receipts wait for FDMS's patience and the clock, not for ever.
LONGEST_CALM = 6 * 3600.0


class Play:
    """Acts on a world; each act is also callable by itself, for other schedules."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.judge = Judge(world)
        self.sales: dict[str, dict] = {}
        self.notes: dict[str, CreditRequest] = {}
        self.background: set[asyncio.Task] = set()
        # How many seconds ahead of the world's time the till may have dated receipts.
        self.furthest = 0.0

    @property
    def chance(self):
        return self.world.chance

    # --- the till's users ------------------------------------------------------------------------------------------

    async def sell(self, device_id: int, *, wait: str = "signed") -> None:
        sale_id = f"S-{len(self.sales) + 1}"
        tax, quantity = self.chance.choice((1, 2, 3)), self.chance.randint(1, 4)
        more = {"receiptCurrency": self.chance.choice(("USD", "USD", "ZWG")), "deviceID": device_id}
        self.sales[sale_id] = sale(sale_id[2:], self.chance.choice(PRICES), quantity, tax, **more)
        await self.submit(sale_id, wait=wait)

    async def submit(self, sale_id: str, *, wait: str = "signed") -> dict | None:
        """The sale as a POS sends it, perhaps not for the first time; the till's answer if there was one."""
        given = self.sales[sale_id]
        result = await self._try(f"sell {sale_id}", lambda engine: engine.till.submit(given, wait=wait))
        if result is not None:
            self.judge.answered(sale_id, result)
        return result

    async def contradict(self) -> None:
        """Another sale under a name that was used: never recorded."""
        if not self.judge.answers:
            return
        sale_id = self.chance.choice(sorted(self.judge.answers))
        if sale_id in self.notes:
            return
        other = {**self.sales[sale_id], "invoiceNo": "ANOTHER"}
        try:
            await self.world.do(lambda engine: engine.till.submit(other))
        except SaleConflict:
            self.world.note(f"{sale_id} with other content is refused")
        except (FiscalmonError, Died):
            pass
        else:
            self.judge._must(False, f"{sale_id} was taken with other content")

    async def credit(self) -> None:
        done = [sale_id for sale_id, told in self.judge.answers.items() if sale_id not in self.notes]
        if not done:
            return
        original = self.chance.choice(sorted(done))
        sale_id = f"C-{len(self.notes) + 1}"
        told = self.judge.answers[original]
        self.notes[sale_id] = CreditRequest(told["receiptId"], "Goods came back", (), sale_id)
        await self.repeat_credit(sale_id)

    async def repeat_credit(self, sale_id: str) -> dict | None:
        asked = self.notes[sale_id]
        result = await self._try(f"credit {sale_id}", lambda engine: engine.till.credit(asked))
        if result is not None:
            self.judge.answered(sale_id, result)
        return result

    async def open(self, device_id: int) -> None:
        await self._try(f"open {device_id}", lambda engine: engine.till.open_day(device_id))

    async def close(self, device_id: int) -> None:
        await self._try(f"close {device_id}", lambda engine: engine.till.close_day(device_id))

    async def _try(self, what: str, work):
        try:
            result = await self.world.do(work)
        except Died:
            self.world.note(f"{what}: the till died")
        except FiscalmonError as wrong:
            self.world.note(f"{what}: {wrong.code}")
        else:
            number = result.get("receiptGlobalNo", result.get("fiscalDayNo"))
            self.world.note(f"{what}: {number} {result.get('hash', result.get('fiscalDayStatus'))}")
            return result
        return None

    # --- what happens to them ---------------------------------------------------------------------------------------

    def cut_commit(self, how: str) -> None:
        self.world.note(f"the next commit ends in a crash: {how}")
        self.world.plan.cut = how

    def light_fuse(self, steps: int) -> None:
        if self.world.alive:
            self.world.note(f"a crash in {steps} steps")
            self.world.life.fuse = steps

    async def stop(self) -> None:
        if self.world.alive:
            try:
                await self.world.stop()
            except Died:
                self.world.note("died while stopping")

    async def start(self) -> None:
        if self.world.alive:
            return
        try:
            await self.world.start()
        except Died:
            self.world.note("died while starting")
        except FiscalmonError as wrong:
            self.world.note(f"start: {wrong.code}")
            self.world.kill()

    def set_clock(self, seconds: float) -> None:
        self.world.note(f"the clock is wrong by {seconds}")
        self.world.clock.wrong_by = timedelta(seconds=seconds)
        self.furthest = max(self.furthest, seconds)

    def close_by_hand(self, device_id: int) -> None:
        book = self.world.book(device_id)
        try:
            self.world.fdms.closing.close_manually(book)
        except Problem:
            return
        self.judge.closed_by_hand.add((device_id, book.day.no))
        self.world.note(f"ZIMRA closes day {book.day.no} of {device_id}")

    def block(self, device_id: int, *, active: bool) -> None:
        self.world.note(f"device {device_id} {'admitted' if active else 'blocked'}")
        self.world.officer(device_id, active=active)

    def weather(self, rate: float, disk: float = 0.0, *, cut: bool = False) -> None:
        self.world.note(f"weather {rate} {disk} {cut}")
        self.world.wire.rate, self.world.plan.rate, self.world.wire.cut = rate, disk, cut

    async def pass_time(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    def beside(self, coro) -> None:
        """Start an act without waiting for its end."""
        task = asyncio.ensure_future(coro)
        self.background.add(task)

    async def together(self) -> None:
        """Wait for the acts that were started beside others; what one of them found wrong is raised."""
        while self.background:
            done = tuple(sorted(self.background, key=hash))
            self.background.clear()
            await asyncio.gather(*done)

    # --- the end ------------------------------------------------------------------------------------------------------

    async def calm(self) -> None:
        """All faults stop; everything is repeated that had no answer; the queues empty; days close."""
        world = self.world
        self.weather(0.0)
        world.plan.cut = None
        self.set_clock(0.0)
        for device_id in world.ids:
            self.block(device_id, active=True)
        if world.alive and world.store.broken:
            world.kill()
        if world.alive:
            world.life.fuse = None
        await self.together()
        await self.start()
        self.judge._must(world.alive, "the till does not start any more")
        # Whatever the clock was ahead, and whatever FDMS asked to wait for, is over then.
        await self.pass_time(3600.0 + max(self.furthest, 0.0))
        self.judge.step()
        await self._drained()
        await self._repeat_all()
        await self._drained()
        await self.judge.end()
        for device_id in world.ids:
            if world.engine.devices.get(device_id).day_status != "FiscalDayClosed":
                await self._close_at_last(device_id)
        await self.judge.end()
        await self.stop()
        await self.start()
        await self._drained()
        await self.judge.end()
        await self.stop()

    async def _repeat_all(self) -> None:
        """As a POS does: what has no answer is sent again, and what has one gets the same."""
        for sale_id, given in self.sales.items():
            result = await self.submit(sale_id)
            if result is None:
                await self._ready(given["deviceID"])
                result = await self.submit(sale_id)
            self.judge._must(result is not None, f"sale {sale_id} cannot be sold in calm")
        for sale_id in self.notes:
            result = await self.repeat_credit(sale_id)
            if sale_id in self.judge.answers:
                self.judge._must(result is not None, f"note {sale_id} had an answer and has none now")

    async def _ready(self, device_id: int) -> None:
        """A day that takes receipts: the old one is closed if it is too old, a new one opened."""
        device = self.world.engine.devices.get(device_id)
        await self._drained()
        if device.day_status in OPEN:
            await self._close_at_last(device_id)
        await self.world.do(lambda engine: engine.till.open_day(device_id))

    async def _close_at_last(self, device_id: int) -> None:
        try:
            closed = await self.world.do(lambda engine: engine.till.close_day(device_id))
        except DayRefused as refused:
            self.judge._must(False, f"day of {device_id} cannot be closed: {refused.text}")
        else:
            self.judge._must(closed["fiscalDayStatus"] == "FiscalDayClosed", f"day of {device_id}: {closed}")

    async def _drained(self) -> None:
        world, began = self.world, self.world.loop.now
        while any(d.queued or d.day_status == "FiscalDayCloseInitiated" for d in world.engine.devices):
            late = world.loop.now - began > LONGEST_CALM
            stuck = {d.device_id: (d.queued, d.day_status, d.blocked, d.refusal) for d in world.engine.devices}
            self.judge._must(not late and world.alive, f"the queue never empties: {stuck}")
            await asyncio.sleep(5.0)


async def play(world: World) -> None:
    """The whole history."""
    acts, chance = Play(world), world.chance
    rates = chance.choice((0.0, 0.05, 0.2, 0.5)), chance.choice((0.0, 0.0, 0.02, 0.15))
    await acts.start()
    for device_id in world.ids:
        await acts.open(device_id)
    acts.weather(*rates)
    for _ in range(chance.randint(8, 24)):
        if not world.alive and chance.random() < 0.9:
            await acts.start()
        await _act(acts, rates)
        acts.judge.step()
    await acts.calm()


async def _act(acts: Play, rates: tuple[float, float]) -> None:
    chance, world = acts.chance, acts.world
    device_id = chance.choice(world.ids)
    kind = chance.choices(*zip(*_WEIGHTS, strict=True))[0]
    if kind == "sell":
        for _ in range(chance.randint(1, 4)):
            acts.beside(acts.sell(chance.choice(world.ids), wait=chance.choice(("signed", "signed", "completed"))))
        if chance.random() < 0.7:
            await acts.together()
    elif kind == "repeat" and acts.sales:
        await acts.submit(chance.choice(sorted(acts.sales)), wait=chance.choice(("signed", "completed")))
    elif kind == "contradict":
        await acts.contradict()
    elif kind == "credit":
        await acts.credit()
    elif kind == "open":
        await acts.open(device_id)
    elif kind == "close":
        if chance.random() < 0.5:
            await acts.close(device_id)
        else:
            acts.beside(acts.close(device_id))
    elif kind == "fuse":
        acts.light_fuse(chance.randint(0, 150))
    elif kind == "fused":
        # At any of the steps of just this.
        acts.light_fuse(chance.randint(0, 60))
        status = world.engine.devices.get(device_id).day_status if world.engine else ""
        await (acts.close(device_id) if status in OPEN and chance.random() < 0.5 else acts.open(device_id))
    elif kind == "cut":
        acts.cut_commit(chance.choice(("before", "after", "torn", "error")))
    elif kind == "kill" and world.alive:
        world.kill()
    elif kind == "stop":
        await acts.stop()
    elif kind == "fdms":
        world.crash_fdms()
    elif kind == "clock":
        acts.set_clock(chance.choice((0, 0, -2, 2, -40, 40, 290, -290, 1000, -1000, 86_400)))
    elif kind == "block":
        acts.block(device_id, active=chance.random() < 0.6)
    elif kind == "by-hand":
        acts.close_by_hand(device_id)
    elif kind == "weather":
        acts.weather(*chance.choice(((0.0, 0.0), rates)), cut=chance.random() < 0.3)
    elif kind == "time":
        await acts.pass_time(chance.choice((0.02, 0.1, 1.0, 10.0, 60.0, 600.0, 7200.0, 40_000.0)))


_WEIGHTS = (
    ("sell", 30),
    ("repeat", 8),
    ("contradict", 2),
    ("credit", 4),
    ("open", 5),
    ("close", 5),
    ("fuse", 6),
    ("fused", 5),
    ("cut", 5),
    ("kill", 3),
    ("stop", 2),
    ("fdms", 2),
    ("clock", 4),
    ("block", 3),
    ("by-hand", 1),
    ("weather", 5),
    ("time", 12),
)
