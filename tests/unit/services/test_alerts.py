"""Alerts on real books: what is told of which trouble, once, over restarts, and how the messages get out."""

from datetime import timedelta

import msgspec
import pytest

from fiscalmon.domain.alerts import RULES
from fiscalmon.domain.errors import BadInput, NotDelivered, UnknownAlert
from fiscalmon.domain.fiscal_day import DayStatus
from fiscalmon.domain.localtime import utc_text
from fiscalmon.events import LAN_LISTENING, SIGNIN_NEW_ADDRESS
from fiscalmon.services.alert_channels import Channels
from fiscalmon.services.alert_facts import AlertFacts
from fiscalmon.services.alert_post import AlertPost
from fiscalmon.services.alerts import Alerts, Posting
from tests.support.books import SetClock, Shop

HOOK = {"name": "hook", "kind": "webhook", "url": "https://hooks.example.org/shop"}
CHAT = {"name": "chat", "kind": "telegram", "chat": "42"}
TOKEN = "12345:abcdefghijklmnopqrstuvwxyz"


class Box(dict):
    """Secrets in memory."""

    def put(self, name, secret):
        self[name] = secret

    def remove(self, name):
        self.pop(name, None)


class Pigeons:
    """A notifier that keeps what it carried; `down` channels raise, `lost` ones raise after the message arrived."""

    def __init__(self):
        self.carried, self.down, self.lost = [], set(), set()

    async def send(self, channel, secret, note):
        if channel.name in self.down:
            raise NotDelivered("There is no Internet.")
        self.carried.append((channel.name, note.kind, note.rule, note.id))
        if channel.name in self.lost:
            raise NotDelivered("No answer.")


class Watched(Shop):
    """A shop with alerts; `again` is a restart of them on the same books."""

    async def ready(self, *channels):
        self.cards, self.folder, self.box, self.pigeons = [], None, Box(), Pigeons()
        await self.add_device()
        await self.again()
        for channel in channels:
            await self.alerts.channels.add(channel, TOKEN if channel is CHAT else None, "till")
        return self

    async def again(self):
        async def cards():
            return self.cards

        self.post = AlertPost(self.store, self.clock, self.preferences, self.box, self.pigeons)
        channels = Channels(self.store, self.clock, self.preferences, self.box, self.post)
        facts = AlertFacts(self.parts, cards, self.place)
        self.alerts = Alerts(self.parts, self.preferences, facts, Posting(self.post, channels))
        await self.alerts.load()

    async def look(self, minutes=0):
        self.clock.pass_(minutes=minutes)
        await self.alerts.turn()
        await self.post.turn()

    async def lasting(self, minutes=3):
        """Look, and look again once it has lasted."""
        await self.look()
        await self.look(minutes)

    def told(self, type_="alert.raised"):
        return [row[0] for row in self.rows("SELECT json_extract(data, '$.rule') FROM events WHERE type = ?", type_)]

    @property
    def device(self):
        return self.devices.get(101)

    async def tell(self, type_, **data):
        at = utc_text(self.clock.now())
        await self.store.write(lambda work: work.events.add(type_, at, None, data))


@pytest.fixture
async def shop(tmp_path):
    made = Watched(tmp_path, SetClock())
    made.place = tmp_path
    yield made
    await made.close()


class Gateway:
    clock_drift = -130.0


def _blocked(shop):
    shop.device.blocked = "Receipt 7 was refused."


def _waits(shop):
    shop.device.queued, shop.device.oldest_at = 3, utc_text(shop.clock.now() - timedelta(hours=2))


def _long(shop):
    shop.device.day = msgspec.structs.replace(shop.device.day, opened="2026-01-01T08:00:00")


def _unclosed(shop):
    failed = {"status": DayStatus.CLOSE_FAILED, "closing_error": "CountersMismatch"}
    shop.device.day = msgspec.structs.replace(shop.device.day, **failed)


def _certificate(shop):
    shop.clock.pass_(days=270)


def _clock(shop):
    shop.device.online, shop.device._gateway = True, Gateway()


def _books(shop):
    shop.devices.doubt = "The books are damaged."


def _one_device(shop):
    shop.device.doubt = "Receipt 3 does not fit."


def _printer(shop):
    advice = [{"code": "E01", "advice": "Put paper in."}]
    shop.cards = [{"name": "till", "state": "stopped", "deviceID": 101, "findings": advice}]


TROUBLE = {
    "queue-blocked": _blocked,
    "queue-waiting": _waits,
    "day-long": _long,
    "day-close-failed": _unclosed,
    "certificate": _certificate,
    "clock": _clock,
    "books": _books,
    "printer": _printer,
}


@pytest.mark.parametrize("rule", TROUBLE)
async def test_each_trouble_is_told_once(shop, rule):
    await shop.ready(HOOK)
    await shop.lasting()
    assert shop.told() == []
    if rule == "certificate":
        await shop.preferences.set("alerts", {"off": ["day-long"]}, by="till")
    TROUBLE[rule](shop)
    for _ in range(5):
        await shop.lasting()
    assert shop.told() == [rule]
    assert [(kind, what) for _, kind, what, _ in shop.pigeons.carried] == [("raised", rule)]
    (alert,) = await shop.alerts.listed()
    assert alert["state"] == "open" and alert["reason"] and alert["title"] == RULES[rule].title


async def test_one_devices_books_and_a_full_disk_are_told_too(shop):
    await shop.ready()
    _one_device(shop)
    await shop.preferences.set("alerts", {"disk_gib": 1000}, by="till")
    await shop.lasting()
    assert sorted(shop.told()) == ["books", "disk"]


async def test_what_is_over_is_said_to_whom_it_was_told_once_it_is_over_for_good(shop):
    await shop.ready(HOOK)
    _blocked(shop)
    await shop.lasting()
    shop.device.blocked = None
    await shop.look()
    await shop.look(4)
    _blocked(shop)
    await shop.look(1)
    shop.device.blocked = None
    await shop.look(1)
    assert shop.told("alert.resolved") == []
    await shop.look(5)
    assert shop.told("alert.resolved") == ["queue-blocked"]
    assert [kind for _, kind, _, _ in shop.pigeons.carried] == ["raised", "resolved"]
    assert [alert["state"] for alert in await shop.alerts.listed()] == ["over"]


async def test_a_restart_in_the_middle_tells_nothing_twice(shop):
    await shop.ready(HOOK)
    _blocked(shop)
    await shop.lasting()
    for _ in range(3):
        await shop.again()
        await shop.lasting(30)
    assert shop.told() == ["queue-blocked"] and len(shop.pigeons.carried) == 1
    shop.device.blocked = None
    await shop.lasting(6)
    await shop.again()
    await shop.lasting(6)
    assert [kind for _, kind, _, _ in shop.pigeons.carried] == ["raised", "resolved"]


async def test_a_new_address_and_an_open_network_are_told_also_when_they_came_while_nobody_looked(shop):
    await shop.ready(HOOK)
    await shop.look()
    await shop.tell(SIGNIN_NEW_ADDRESS, account="rudo", address="192.0.2.8")
    await shop.tell(LAN_LISTENING, addresses=["192.0.2.1"])
    await shop.again()
    await shop.look()
    await shop.look()
    assert sorted(shop.told()) == ["lan", "sign-in"]
    await shop.tell(SIGNIN_NEW_ADDRESS, account="rudo", address="192.0.2.8")
    await shop.tell(LAN_LISTENING, addresses=["192.0.2.1"])
    await shop.look(1)
    await shop.again()
    await shop.look()
    assert sorted(shop.told()) == ["lan", "sign-in"]
    reasons = [alert["reason"] for alert in await shop.alerts.listed()]
    assert any("192.0.2.8" in reason for reason in reasons)
    # The feed is read by everybody: it names no address.
    assert not any("192.0.2" in row[0] for row in shop.rows("SELECT data FROM events WHERE type = 'alert.raised'"))
    assert await shop.alerts.listed(office=False) == []


async def test_switching_the_network_on_is_told_each_time(shop):
    await shop.ready()
    for listen in (True, False, True):
        await shop.preferences.set("lan", {"listen": listen}, by="owner")
        await shop.look(20)
    assert shop.told() == ["lan", "lan"]


async def test_what_cannot_go_out_now_waits_and_keeps_its_order_and_its_id(shop):
    await shop.ready(HOOK, CHAT)
    shop.pigeons.down = {"hook"}
    _blocked(shop)
    await shop.lasting()
    shop.device.blocked = None
    await shop.lasting(6)
    assert [name for name, *_ in shop.pigeons.carried] == ["chat", "chat"]
    (hook, chat) = await shop.alerts.channels.listed()
    assert hook["waiting"] == 2 and hook["lastError"] == "There is no Internet." and chat["waiting"] == 0
    await shop.again()
    shop.pigeons.down = set()
    await shop.look(6)
    kinds = [(kind, id_) for name, kind, _, id_ in shop.pigeons.carried if name == "hook"]
    assert [kind for kind, _ in kinds] == ["raised", "resolved"]
    assert {id_ for _, id_ in kinds} == {id_ for name, _, _, id_ in shop.pigeons.carried if name == "chat"}
    assert shop.post.waiting == []


async def test_a_lost_answer_sends_the_same_message_again(shop):
    await shop.ready(HOOK)
    shop.pigeons.lost = {"hook"}
    _blocked(shop)
    await shop.lasting()
    shop.pigeons.lost = set()
    await shop.look(10)
    assert len(shop.pigeons.carried) == 2 and len({id_ for *_, id_ in shop.pigeons.carried}) == 1


async def test_a_message_that_nobody_takes_is_given_up_after_days(shop):
    await shop.ready(HOOK)
    await shop.preferences.set("alerts", {"repeat_hours": 0, "off": ["day-long"]}, by="till")
    shop.pigeons.down = {"hook"}
    _blocked(shop)
    await shop.lasting()
    await shop.look(60 * 71)
    assert len(shop.post.waiting) == 1
    await shop.look(60 * 2)
    assert shop.post.waiting == []


async def test_repeats_do_not_pile_up_while_nothing_goes_out(shop):
    await shop.ready(HOOK)
    await shop.preferences.set("alerts", {"repeat_hours": 1, "off": ["day-long"]}, by="till")
    shop.pigeons.down = {"hook"}
    _blocked(shop)
    await shop.lasting()
    for _ in range(10):
        await shop.look(61)
    assert len(shop.post.waiting) == 1
    shop.pigeons.down = set()
    await shop.look(10)
    await shop.look(61)
    assert [kind for _, kind, _, _ in shop.pigeons.carried] == ["raised", "repeated"]
    assert shop.told() == ["queue-blocked"]


async def test_in_the_quiet_hours_only_what_must_wakes_people(shop):
    await shop.ready(HOOK)
    # All of the day but its first minute is quiet.
    await shop.preferences.set(
        "alerts", {"quiet_from": "00:01", "quiet_until": "00:00", "off": ["day-long"]}, by="till"
    )
    _blocked(shop)
    _books(shop)
    await shop.lasting()
    assert sorted(shop.told()) == ["books", "queue-blocked"]
    assert [rule for _, _, rule, _ in shop.pigeons.carried] == ["books"]
    shop.device.blocked = None
    await shop.lasting(6)
    await shop.look(60 * 24)
    # It was over before anybody was told of it: then there is nothing to tell.
    assert "queue-blocked" not in [rule for _, _, rule, _ in shop.pigeons.carried]
    _blocked(shop)
    await shop.lasting()
    await shop.look(60 * 24)
    assert "queue-blocked" in [rule for _, _, rule, _ in shop.pigeons.carried]


async def test_somebody_looks_after_it(shop):
    await shop.ready(HOOK)
    _blocked(shop)
    await shop.lasting()
    (alert,) = await shop.alerts.listed()
    with pytest.raises(UnknownAlert):
        await shop.alerts.acknowledge(alert["alertId"], by="rudo", devices=frozenset({999}))
    with pytest.raises(UnknownAlert):
        await shop.alerts.acknowledge("nothing", by="rudo")
    for by in ("rudo", "tendai"):
        done = await shop.alerts.acknowledge(alert["alertId"], by=by)
        assert (done["state"], done["acknowledgedBy"]) == ("acknowledged", "rudo")
    assert shop.told("alert.acknowledged") == ["queue-blocked"]
    await shop.preferences.set("alerts", {"off": ["day-long"]}, by="till")
    await shop.look(60 * 25)
    await shop.again()
    await shop.look(60 * 25)
    assert len(shop.pigeons.carried) == 1
    assert await shop.alerts.listed(devices=frozenset({999})) == []


async def test_a_rule_that_is_switched_off_ends_its_incidents(shop):
    await shop.ready(HOOK)
    _blocked(shop)
    await shop.lasting()
    await shop.preferences.set("alerts", {"off": ["queue-blocked"]}, by="till")
    await shop.lasting(6)
    assert shop.told("alert.resolved") == ["queue-blocked"]
    assert not next(rule for rule in await shop.alerts.rules() if rule["rule"] == "queue-blocked")["on"]


async def test_what_the_books_do_not_take_is_not_told_and_tried_again(shop, monkeypatch):
    from fiscalmon.domain.errors import TillBusy
    from fiscalmon.store.alert_rows import AlertRows

    await shop.ready(HOOK)
    _blocked(shop)
    await shop.look()
    put = AlertRows.put

    def full(self, incident):
        raise TillBusy("The disk is full.")

    monkeypatch.setattr(AlertRows, "put", full)
    with pytest.raises(TillBusy):
        await shop.look(3)
    assert shop.told() == [] and shop.pigeons.carried == []
    monkeypatch.setattr(AlertRows, "put", put)
    await shop.look()
    assert shop.told() == ["queue-blocked"] and len(shop.pigeons.carried) == 1


async def test_a_channel_goes_with_its_secret_and_what_waits_for_it(shop):
    await shop.ready(HOOK, CHAT)
    assert shop.box == {"chat": TOKEN}
    shop.pigeons.down = {"chat"}
    _blocked(shop)
    await shop.lasting()
    await shop.alerts.channels.remove("chat", "till")
    assert shop.box == {} and shop.rows("SELECT count(*) FROM alert_deliveries WHERE channel = 'chat'") == [(0,)]
    await shop.look(10)
    assert [name for name, *_ in shop.pigeons.carried] == ["hook"]
    for act in (shop.alerts.channels.remove("chat", "till"), shop.alerts.channels.test("chat")):
        with pytest.raises(BadInput):
            await act


async def test_a_channel_can_be_tried(shop):
    await shop.ready(HOOK)
    assert (await shop.alerts.channels.test("hook"))["sent"]
    assert [kind for _, kind, _, _ in shop.pigeons.carried] == ["test"]
    shop.pigeons.down = {"hook"}
    with pytest.raises(NotDelivered):
        await shop.alerts.channels.test("hook")


async def test_old_incidents_are_forgotten_and_open_ones_kept(shop):
    await shop.ready()
    await shop.preferences.set("alerts", {"off": ["day-long", "certificate"]}, by="till")
    _blocked(shop)
    await shop.lasting()
    shop.device.blocked = None
    await shop.lasting(6)
    _books(shop)
    await shop.lasting()
    await shop.look(60 * 24 * 91)
    assert [alert["rule"] for alert in await shop.alerts.listed()] == ["books"]
