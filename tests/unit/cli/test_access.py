"""Which engine a command works with, and how it goes on when that one ends in the middle of its work."""

import asyncio

import pytest

from fiscalmon import control
from fiscalmon.cli import till_access
from fiscalmon.cli.till_access import access
from fiscalmon.control import ControlServer, EngineGone
from fiscalmon.data_folder import DataFolder, FolderInUse
from fiscalmon.domain.errors import TillStopping
from tests.support.waiting import until


@pytest.fixture
def folder(tmp_path):
    made = DataFolder(tmp_path / "data")
    made.claim()
    yield made
    made.release()


class Engine:
    """A running engine of that name, for tests: says its name; `hold` leaves a command without an answer."""

    def __init__(self, folder: DataFolder, name: str) -> None:
        self.name = name
        self.begun: list[str] = []
        self.hold = False
        self.stopping = False
        self.server = ControlServer(folder, self.operate)

    async def operate(self, operation: str, arguments: dict):
        self.begun.append(operation)
        if self.stopping:
            raise TillStopping("The till is shutting down.")
        if self.hold:
            await asyncio.sleep(60)
        return self.name


@pytest.fixture(autouse=True)
def short(monkeypatch):
    monkeypatch.setattr(control, "GRACE_SECONDS", 0.05)
    monkeypatch.setattr(till_access, "TAKEOVER_SECONDS", 5.0)
    monkeypatch.setattr("fiscalmon.logs.log_to", lambda folder: None)


async def test_a_command_goes_on_with_the_next_engine(folder):
    first, second = Engine(folder, "first"), Engine(folder, "second")
    await first.server.start()
    async with access(folder, "submit") as engine:
        assert await engine.operate("submit", {}) == "first"
        first.hold = True
        waiting = [asyncio.ensure_future(engine.operate("submit", {})) for _ in range(5)]
        await until(lambda: len(first.begun) == 6)
        await first.server.stop()
        await second.server.start()
        assert await asyncio.wait_for(asyncio.gather(*waiting), 5) == ["second"] * 5
        assert await engine.operate("audit", {}) == "second"
    await second.server.stop()


async def test_an_engine_on_its_way_out_is_left_for_the_next(folder):
    """It still answers, but takes nothing any more."""
    first, second = Engine(folder, "first"), Engine(folder, "second")
    first.stopping = True
    await first.server.start()
    async with access(folder, "submit") as engine:
        asked = asyncio.ensure_future(engine.operate("submit", {}))
        await until(lambda: first.begun)
        await first.server.stop()
        await second.server.start()
        assert await asyncio.wait_for(asked, 5) == "second"
    await second.server.stop()


@pytest.mark.parametrize("operation", ["device.register", "day.open", "day.close"])
async def test_what_may_not_be_done_twice_is_not_asked_again(folder, operation):
    first, second = Engine(folder, "first"), Engine(folder, "second")
    first.hold = True
    await first.server.start()
    async with access(folder, operation) as engine:
        asked = asyncio.ensure_future(engine.operate(operation, {}))
        await until(lambda: first.begun)
        await first.server.stop()
        await second.server.start()
        with pytest.raises(EngineGone, match="run the command again"):
            await asyncio.wait_for(asked, 5)
    assert second.begun == []
    await second.server.stop()


async def test_an_engine_that_is_just_starting_is_waited_for(folder):
    """The folder is owned and its address not yet said."""
    starting = Engine(folder, "starting")

    async def ask():
        async with access(DataFolder(folder.path), "submit") as engine:
            return await engine.operate("submit", {})

    asked = asyncio.ensure_future(ask())
    await asyncio.sleep(0.3)
    assert not asked.done()
    await starting.server.start()
    assert await asyncio.wait_for(asked, 10) == "starting"
    await starting.server.stop()


async def test_an_owner_that_says_nothing_is_not_waited_for_for_ever(folder, monkeypatch):
    monkeypatch.setattr(till_access, "TAKEOVER_SECONDS", 0.2)
    with pytest.raises(FolderInUse):
        async with access(DataFolder(folder.path), "submit"):
            pass


async def test_looking_needs_no_engine(folder):
    async with access(DataFolder(folder.path), "device.list") as engine:
        assert await engine.operate("device.list", {}) == []
