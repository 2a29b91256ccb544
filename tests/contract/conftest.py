"""A registered device with a real encrypted key, and servers for it to speak to."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from device.keys.keystore import FileKeyStore
from device.keys.passphrase import PassphraseFile
from fiscalmon.fdms.gateways import FdmsGateways
from tests.support.pki import Authority
from tests.support.rough_gateway import RoughGateway

TIMEOUT = 0.4


class WallClock:
    """The engine's clock, off by so many seconds."""

    def __init__(self, ahead: float = 0.0) -> None:
        self.ahead = timedelta(seconds=ahead)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    async def wait_until(self, moment: datetime) -> None:
        raise AssertionError("the client never waits by the clock")


@dataclass(frozen=True)
class Identity:
    """ports.DeviceIdentity."""

    device_id: int
    gateway_url: str
    ca_pem: str | None
    certificate_pem: str
    model_name: str = "Server"
    model_version: str = "v1"


@pytest.fixture(scope="session")
def authority():
    return Authority()


@pytest.fixture(scope="session")
def keys(tmp_path_factory):
    folder = tmp_path_factory.mktemp("data") / "keys"
    made = FileKeyStore(folder, PassphraseFile(folder))
    made.create(12345)
    return made


@pytest.fixture(scope="session")
def certificate(authority, keys):
    return authority.device(keys.certificate_request(12345, "SN-1"))


@pytest.fixture
def clock():
    return WallClock()


@pytest.fixture
def gateways(keys, tmp_path, clock):
    return FdmsGateways(keys, tmp_path / "certificates", clock, timeout=TIMEOUT)


@pytest.fixture
def serve(authority):
    """Start a server with this identity; all are ended with the test."""
    running = []

    def start(identity: bytes | None = None, *, open_to_all: bool = False, **more) -> RoughGateway:
        identity = authority.server("127.0.0.1", "localhost") if identity is None else identity
        running.append(RoughGateway(identity, None if open_to_all else authority.pem, **more))
        return running[-1]

    yield start
    for server in running:
        server.end()


@pytest.fixture
async def connect(gateways, authority, certificate):
    """A gateway for the device at an address; closed with the test."""
    made = []

    def start(url: str, **changes):
        identity = replace(Identity(12345, url, authority.pem, certificate), **changes)
        made.append(gateways.for_device(identity))
        return made[-1]

    yield start
    for gateway in made:
        await gateway.close()
