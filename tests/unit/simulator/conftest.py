"""One simulator for all tests of a module: its keys take their time."""

import pytest

from tests.support.simulation import Device, at_noon
from tests.unit.domain.samples import TAXES


@pytest.fixture(scope="module")
def simulation(tmp_path_factory):
    made = at_noon(tmp_path_factory.mktemp("simulation"))
    yield made
    made.archive.close()


@pytest.fixture(scope="module")
def device(simulation):
    """Signs for device 12345 with the taxes of the samples."""
    return Device(simulation, taxes=TAXES)


@pytest.fixture
def fresh(simulation, device):
    """The same device with nothing sold, default settings, the default taxpayer."""
    simulation.ledger.change_settings(type(simulation.ledger.settings)())
    device.change(taxpayer_id=1, taxes=TAXES, day_max_hours=24)
    device.start_over()
    return device
