"""An event loop whose time is virtual, and lives that can end between any two of its steps. Knows nothing of tills.

Nobody sleeps: where a real loop would wait, this one moves its time on. Everything runs in one thread and in an order
that follows from the seed alone: no threads, no sockets, no order of addresses in memory.
"""

import asyncio
import contextvars
import functools
import itertools
import random
import selectors

LIFE: contextvars.ContextVar["Life | None"] = contextvars.ContextVar("life", default=None)


class Deadlock(Exception):
    """Everybody waits and nothing is left that could stir anybody."""


class _Idle(selectors.SelectSelector):
    """Nothing ever arrives from outside; waiting is time that passes."""

    def __init__(self) -> None:
        super().__init__()
        self.loop: VirtualLoop

    def select(self, timeout=None):
        if timeout is None:
            raise Deadlock
        self.loop.now += timeout
        return []


class _Counted:
    """Hashes by its number, so that sets of tasks have the same order in every run."""

    def __hash__(self) -> int:
        return self.number

    def __eq__(self, other: object) -> bool:
        return self is other


class _Task(_Counted, asyncio.Task):
    pass


class _Future(_Counted, asyncio.Future):
    pass


class VirtualLoop(asyncio.SelectorEventLoop):
    """`chance`: the one source of chance for how long work takes."""

    def __init__(self, chance: random.Random) -> None:
        self.now = 0.0
        idle = _Idle()
        super().__init__(idle)
        idle.loop = self
        self.chance = chance
        self._clock_resolution = 1e-6
        self._numbers = itertools.count(1)
        self.complaints: list[str] = []
        self._held: list[asyncio.Task] = []
        self.set_task_factory(self._make_task)
        self.set_exception_handler(self._complain)

    def time(self) -> float:
        return self.now

    def _make_task(self, _loop, coro, **more) -> _Task:
        # The number comes first: the task's first step is queued while it is made.
        task = _Task.__new__(_Task)
        task.number = next(self._numbers)
        task.__init__(coro, loop=self, **more)
        # What a dead life was waiting for is nobody's any more: the collector must not end it at a moment of its own.
        self._held.append(task)
        return task

    def create_future(self) -> _Future:
        future = _Future(loop=self)
        future.number = next(self._numbers)
        return future

    def _complain(self, _loop, told) -> None:
        self.complaints.append(f"{told.get('message')}: {told.get('exception')!r}")

    def call_soon(self, callback, *args, context=None):
        context = context or contextvars.copy_context()
        life = context.get(LIFE)
        if life is not None:
            callback = functools.partial(life.step, context, callback)
        return super().call_soon(callback, *args, context=context)

    def call_at(self, when, callback, *args, context=None):
        context = context or contextvars.copy_context()
        life = context.get(LIFE)
        if life is not None:
            callback = functools.partial(life.step, context, callback)
        return super().call_at(when, callback, *args, context=context)

    def run_in_executor(self, executor, func, *args):
        """What a thread would do, at once but a moment later."""
        future = self.create_future()

        def run() -> None:
            if future.cancelled():
                return
            try:
                value = func(*args)
            except Exception as wrong:
                future.set_exception(wrong)
            else:
                future.set_result(value)

        self.call_later(self.chance.uniform(0.0001, 0.004), run)
        return future

    async def create_server(self, *given, **named):
        """Nobody can call in from outside of this world."""
        return _Deaf()


class _Deaf:
    """A server without a socket."""

    def __init__(self) -> None:
        self.sockets = (self,)

    def getsockname(self) -> tuple[str, int]:
        return ("127.0.0.1", 1)

    def close(self) -> None: ...

    def close_clients(self) -> None: ...

    async def wait_closed(self) -> None: ...


class Died(Exception):
    """The life ended before it answered."""


class Life:
    """Everything that runs between a start and the next crash: it can be stopped between any two steps, for good.

    `fuse`: so many steps are left, None for no end in sight. `on_death` is called at the end.
    """

    def __init__(self, loop: VirtualLoop, name: str) -> None:
        self.loop = loop
        self.name = name
        self.dead = False
        self.steps = 0
        self.fuse: int | None = None
        self.on_death: list = []
        self.context = contextvars.copy_context()
        self.context.run(LIFE.set, self)
        self._death = loop.create_future()
        self._frozen: list[tuple] = []
        self._buried = False

    def step(self, context, callback, *args) -> None:
        if self.dead:
            if not self._buried:
                self._frozen.append((context, callback, args))
            else:
                callback(*args)
            return
        self.steps += 1
        if self.fuse is not None:
            self.fuse -= 1
            if self.fuse < 0:
                self._frozen.append((context, callback, args))
                self.end()
                return
        callback(*args)

    def end(self) -> None:
        """kill -9: nothing of it runs any more, not even what would tidy up."""
        if self.dead:
            return
        self.dead = True
        for told in self.on_death:
            told()
        self._death.set_result(None)

    async def do(self, coro):
        """The result of something done in this life. Raises Died."""
        if self.dead:
            coro.close()
            raise Died
        task = self.loop.create_task(coro, context=self.context)
        await asyncio.wait({task, self._death}, return_when=asyncio.FIRST_COMPLETED)
        if self.dead or not task.done():
            if task.done() and not task.cancelled():
                task.exception()
            raise Died
        return task.result()

    def spawn(self, coro) -> asyncio.Task:
        return self.loop.create_task(coro, context=self.context)

    def bury(self) -> None:
        """Let the steps that were stopped run out, so that Python can end its coroutines. Changes nothing any more."""
        self.dead = self._buried = True
        for context, callback, args in self._frozen:
            self.loop.call_soon(callback, *args, context=context)
        self._frozen.clear()
