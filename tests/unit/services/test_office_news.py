"""What the office is told of the doors: an attack does not drown the feed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from fiscalmon.events import SIGNIN_FAILED
from fiscalmon.services.office_news import MOST_TOLD_AN_HOUR, OfficeNews
from tests.support.books import Shop


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    shop = Shop(tmp_path)
    yield shop
    await shop.close()


async def told(shop: Shop) -> list[dict[str, object]]:
    events = await shop.store.read(lambda archive: archive.events(0, 500))
    return [event.data for event in events if event.type == SIGNIN_FAILED]


async def test_one_attack_is_told_as_it_doubles(shop: Shop) -> None:
    news = OfficeNews(shop.store, shop.clock, shop.announcer, lambda: 0.0)
    for _ in range(45):
        await news.failed("vera", "10.0.0.9")
    assert [one["tries"] for one in await told(shop)] == [1, 5, 10, 20, 40]
    assert news.failures == 45


async def test_many_attacks_are_told_so_often_an_hour(shop: Shop) -> None:
    seconds = 0.0
    news = OfficeNews(shop.store, shop.clock, shop.announcer, lambda: seconds)
    for number in range(MOST_TOLD_AN_HOUR + 20):
        await news.failed("(no such account)", f"10.0.0.{number}")
    assert len(await told(shop)) == MOST_TOLD_AN_HOUR
    seconds = 3_600.0
    await news.failed("vera", "10.0.1.1")
    assert len(await told(shop)) == MOST_TOLD_AN_HOUR + 1
