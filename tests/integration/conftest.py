import pytest

from tests.support.command import Zygote
from tests.support.simulator import Simulator
from tests.support.tills import Till, new_device


@pytest.fixture(scope="session")
def fdms_process(tmp_path_factory):
    """One FDMS for all tests of the till: each brings devices of its own."""
    running = Simulator.fresh(tmp_path_factory, "--close-delay", "0.05")
    yield running
    running.end()


@pytest.fixture
def fdms(fdms_process):
    """FDMS without faults, by this machine's clock."""
    fdms_process.control.delete("/faults").raise_for_status()
    fdms_process.post("/clock", {"offsetSeconds": 0}).raise_for_status()
    yield fdms_process
    fdms_process.control.delete("/faults").raise_for_status()


@pytest.fixture
def impatient(monkeypatch):
    """Short pauses between tries, a short time-out."""
    monkeypatch.setattr("fiscalmon.services.submit.delay", lambda failures, random: 0.05)
    monkeypatch.setattr("fiscalmon.services.submit.REFUSED_SECONDS", 0.1)
    monkeypatch.setattr("fiscalmon.services.day_closing.POLL_FIRST", 0.02)
    monkeypatch.setattr("fiscalmon.services.day_closing.POLL_LONGEST", 0.1)
    monkeypatch.setenv("FISCALMON_GATEWAY_TIMEOUT", "0.6")


@pytest.fixture
async def till(fdms, tmp_path, impatient):
    """One device with an open day."""
    made = await Till(fdms, tmp_path / "till").start(1)
    yield made
    await made.stop()


@pytest.fixture
async def offline_till(fdms, tmp_path, impatient):
    """A device in offline mode with an open day."""
    made = await Till(fdms, tmp_path / "till").start()
    await made.register(new_device(fdms, operatingMode="Offline"))
    yield made
    await made.stop()


@pytest.fixture(scope="module")
def zygote(tmp_path_factory):
    """Commands of the program that cost a fork each."""
    made = Zygote(tmp_path_factory.mktemp("zygote"))
    yield made
    made.end()
