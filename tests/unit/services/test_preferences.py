"""What the owner sets: durable, told once, refused as a whole."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from fiscalmon.domain.errors import BadInput
from fiscalmon.domain.preferences import DayAutomation
from fiscalmon.events import SETTING_CHANGED
from fiscalmon.services.preferences import Preferences
from tests.support.books import Shop


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    shop = Shop(tmp_path)
    yield shop
    await shop.close()


async def test_a_change_is_kept_and_told(shop: Shop) -> None:
    told: list[str] = []
    shop.preferences.watch(DayAutomation, lambda: told.append("changed"))
    await shop.preferences.set("day", {"close_at": "18:30"}, by="till")
    again = Preferences(shop.store, shop.clock, shop.announcer)
    await again.load()
    assert again.get(DayAutomation) == DayAutomation(close_at="18:30")
    events = await shop.store.read(lambda archive: archive.events(0, 10))
    assert [(e.type, e.data["section"], e.data["changes"], e.data["by"]) for e in events] == [
        (SETTING_CHANGED, "day", {"close_at": {"old": None, "new": "18:30"}}, "till")
    ]
    assert told == ["changed"]


async def test_the_same_again_tells_nothing(shop: Shop) -> None:
    await shop.preferences.set("day", {"close_at": None}, by="till")
    assert await shop.store.read(lambda archive: archive.last_seq()) == 0


@pytest.mark.parametrize(
    ("section", "values", "says"),
    [
        ("day", {"close_at": "25:00"}, r"day\.close_at cannot be so: it must be a time of day such as 18:30"),
        ("day", {"close_waits_minutes": "soon"}, r"day\.close_waits_minutes .* must be a whole number"),
        ("day", {"closes": "18:00"}, "closes"),
        ("backup", {"daily": 0}, "daily"),
        ("nothing", {}, "There are: day"),
    ],
)
async def test_what_is_wrong_changes_nothing(shop: Shop, section: str, values: dict[str, object], says: str) -> None:
    before = shop.preferences.listed()
    with pytest.raises(BadInput, match=says):
        await shop.preferences.set(section, values, by="till")
    assert shop.preferences.listed() == before


async def test_a_section_of_another_version_keeps_its_defaults(shop: Shop, tmp_path: Path) -> None:
    await shop.preferences.set("day", {"close_at": "18:30"}, by="till")
    with sqlite3.connect(tmp_path / "fiscalmon.db") as connection:
        connection.execute('UPDATE preferences SET value = \'{"type":"day","later":1}\'')
    connection.close()
    again = Preferences(shop.store, shop.clock, shop.announcer)
    await again.load()
    assert again.get(DayAutomation) == DayAutomation()
