"""The heartbeat: pings at FDMS's interval, warns once at each limit, reads the configuration once a day."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from msgspec.structs import replace

from fiscalmon.domain.errors import GatewayRefused
from fiscalmon.domain.localtime import utc_text
from fiscalmon.services.heartbeat import EARLY, TURNED_AWAY_SECONDS, Heartbeat
from tests.support.books import CONFIG, Shop


class Fdms:
    """Answers calls of the heartbeat; `refusal` is raised instead."""

    clock_drift = None

    def __init__(self) -> None:
        self.config = CONFIG
        self.minutes = 5
        self.refusal: Exception | None = None
        self.configs = 0

    async def get_config(self):
        self.configs += 1
        return self.config

    async def ping(self):
        if self.refusal is not None:
            raise self.refusal
        return self.minutes


@pytest.fixture
async def shop(tmp_path):
    made = Shop(tmp_path)
    made.fdms = Fdms()
    made.device = await made.add_device(gateway=made.fdms)
    resumed = []

    async def resume(device):
        resumed.append(device.device_id)

    made.heartbeat = Heartbeat(made.device, made.parts, SimpleNamespace(resume=resume))
    made.resumed = resumed
    yield made
    await made.close()


def told(shop, type_):
    return shop.rows("SELECT json_extract(data, '$.daysLeft') FROM events WHERE type = ? ORDER BY seq", type_)


async def test_people_are_told_once_at_each_limit(shop):
    def expires_in(days: float) -> None:
        end = utc_text(shop.clock.now() + timedelta(days=days))
        shop.device.registered = replace(shop.device.registered, certificate_till=end)

    for days in (31.5, 30.5, 29, 20, 14.5, 10, 7.5, 3, 1.5, 1.2, 0.5):
        expires_in(days)
        await shop.heartbeat._mind_certificate()
    assert told(shop, "certificate.expiring") == [(30,), (14,), (7,), (1,), (0,)]
    expires_in(300)
    await shop.heartbeat._mind_certificate()
    expires_in(30.5)
    await shop.heartbeat._mind_certificate()
    assert told(shop, "certificate.expiring")[5:] == [(30,)], "a renewed certificate is warned of again"


async def test_the_next_ping_comes_when_fdms_asks_for_it(shop):
    shop.fdms.minutes = 7
    assert await shop.heartbeat._ping() == 7 * 60 * EARLY
    assert shop.resumed == [101], "an interrupted renewal goes on before anything else"


async def test_the_configuration_is_read_once_a_day(shop):
    await shop.heartbeat._ping()
    shop.clock.pass_(hours=23)
    await shop.heartbeat._ping()
    assert shop.fdms.configs == 1
    shop.fdms.config = replace(CONFIG, taxes=CONFIG.taxes[:2])
    shop.clock.pass_(hours=2)
    await shop.heartbeat._ping()
    assert shop.device.config.taxes == CONFIG.taxes[:2]


async def test_who_is_turned_away_asks_more_often_and_says_so_once(shop):
    shop.fdms.refusal = GatewayRefused(401, None, "Ask ZIMRA.")
    for _ in range(2):
        assert await shop.heartbeat._ping() == TURNED_AWAY_SECONDS
    assert shop.device.describe(shop.clock.now())["attention"] == "Ask ZIMRA."
    assert len(told(shop, "device.attention")) == 1
    shop.fdms.refusal = None
    shop.device.wake.clear()
    await shop.heartbeat._ping()
    assert shop.device.refusal is None
    assert shop.device.wake.is_set(), "what waits goes out"
    assert len(told(shop, "device.online")) == 1


async def test_a_mode_that_changes_stirs_the_sender(shop):
    shop.device.wake.clear()
    shop.fdms.config = replace(CONFIG, operating_mode="Offline")
    await shop.heartbeat._ping()
    assert shop.device.offline_mode
    assert shop.device.wake.is_set()
