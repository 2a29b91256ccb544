"""The alert rules as tables, and what must hold whatever happens: one message an incident, no flapping."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fiscalmon.domain.alert_channels import channel_from
from fiscalmon.domain.alerts import (
    Incident,
    Policy,
    Watch,
    level_above,
    level_below,
    quiet_until,
    step,
    watch_of,
)
from fiscalmon.domain.errors import BadInput

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
POLICY = Policy(hold=2 * MINUTE, calm=5 * MINUTE, repeat=60 * MINUTE, cool_down=15 * MINUTE)


def played(levels, policy=POLICY, watch=None):
    """(minute, verdict) of each message of a run of levels, one a minute; the state in the end."""
    watch, told = watch or Watch(), []
    for minute, level in enumerate(levels):
        watch, verdict = step(watch, level, policy, NOON + minute * MINUTE)
        if verdict:
            told.append((minute, verdict))
    return told, watch


@pytest.mark.parametrize(
    ("levels", "told"),
    [
        (["on"] * 2, []),
        (["on"] * 3, [(2, "raise")]),
        (["on", "on", "off", "on", "on"], []),
        (["on", "on", "between", "on", "on"], []),
        (["on"] * 10 + ["between"] * 30, [(2, "raise")]),
        (["on"] * 4 + ["off"] * 5, [(2, "raise")]),
        (["on"] * 4 + ["off"] * 6, [(2, "raise"), (9, "resolve")]),
        (["on"] * 4 + (["off"] * 3 + ["on"]) * 8, [(2, "raise")]),
        (["on"] * 4 + ["off"] * 6 + ["on"] * 14, [(2, "raise"), (9, "resolve")]),
        (["on"] * 4 + ["off"] * 6 + ["on"] * 16, [(2, "raise"), (9, "resolve"), (24, "raise")]),
        (["on"] * 123, [(2, "raise"), (62, "repeat"), (122, "repeat")]),
        (["on"] * 30 + ["between"] * 40 + ["on"], [(2, "raise"), (70, "repeat")]),
    ],
)
def test_what_people_are_told_minute_by_minute(levels, told):
    assert played(levels)[0] == told


def test_an_acknowledged_incident_is_not_repeated_but_still_ends():
    _, watch = played(["on"] * 3)
    later = played(["on"] * 200 + ["off"] * 6, watch=watch._replace(acknowledged=True))[0]
    assert [verdict for _, verdict in later] == ["resolve"]


def test_without_repeat_an_incident_is_told_once():
    assert played(["on"] * 500, POLICY._replace(repeat=timedelta(0)))[0] == [(2, "raise")]


def test_a_clock_that_was_set_back_tells_nothing_and_waits_anew():
    watch, verdict = step(Watch(), "on", POLICY, NOON)
    assert verdict is None
    for back in (60, 59):
        watch, verdict = step(watch, "on", POLICY, NOON - back * MINUTE)
        assert verdict is None
    assert step(watch, "on", POLICY, NOON - 58 * MINUTE)[1] == "raise"


def test_what_the_books_hold_goes_on_after_a_restart():
    raised = Incident("i", "disk", "", None, "low", NOON, NOON)
    assert played(["on"] * 30, watch=watch_of(raised))[0] == []
    over = raised._replace(resolved_at=NOON)
    assert played(["on"] * 17, watch=watch_of(over))[0] == [(15, "raise")]
    acknowledged = raised._replace(acknowledged_at=NOON)
    assert played(["on"] * 200, watch=watch_of(acknowledged))[0] == []


steps = st.lists(
    st.tuples(st.sampled_from(["on", "between", "off"]), st.integers(0, 4 * 3600)), min_size=1, max_size=120
)
policies = st.builds(
    lambda *minutes: Policy(*(one * MINUTE for one in minutes)),
    st.integers(0, 30),
    st.integers(0, 30),
    st.integers(0, 120),
    st.integers(0, 60),
)


@given(steps, policies)
def test_it_never_flaps_and_never_repeats_inside_the_cool_down(moves, policy):
    watch, now, history, run = Watch(), NOON, [], None
    for level, seconds in moves:
        now += timedelta(seconds=seconds)
        run = (level, run[1] if run and run[0] == level else now)
        watch, verdict = step(watch, level, policy, now)
        if verdict is None:
            continue
        before = history[-1] if history else None
        history.append((verdict, now))
        if verdict == "raise":
            assert before is None or before[0] == "resolve"
            assert before is None or now - before[1] >= policy.cool_down
            assert run[0] == "on" and now - run[1] >= policy.hold
        elif verdict == "repeat":
            assert before[0] in ("raise", "repeat") and now - before[1] >= policy.repeat > timedelta(0)
            assert level == "on"
        else:
            assert before[0] in ("raise", "repeat")
            assert run[0] == "off" and now - run[1] >= policy.calm


@given(steps, policies)
def test_what_lasts_is_always_told(moves, policy):
    watch, now = Watch(), NOON
    for level, seconds in moves:
        now += timedelta(seconds=seconds)
        watch, _ = step(watch, level, policy, now)
    for _ in range(2):
        watch, _ = step(watch, "on", policy, now)
        now += policy.hold + policy.cool_down
    assert step(watch, "on", policy, now)[0].raised


@given(st.lists(st.integers(-86_400, 86_400), max_size=60), policies)
def test_a_clock_that_jumps_never_tells_of_what_is_not_there(jumps, policy):
    watch = Watch()
    for jump in jumps:
        watch, verdict = step(watch, "off", policy, NOON + timedelta(seconds=jump))
        assert verdict is None


@pytest.mark.parametrize(
    ("value", "above", "below"),
    [
        (0, "off", "on"),
        (5, "off", "on"),
        (6, "between", "on"),
        (10, "on", "on"),
        (11, "on", "between"),
        (13, "on", "off"),
    ],
)
def test_limits_have_a_gap(value, above, below):
    assert level_above(value, 10, 6) == above
    assert level_below(value, 10, 12) == below


@pytest.mark.parametrize(
    ("clock", "begin", "end", "until"),
    [
        ("19:59", "22:00", "06:00", None),
        ("20:00", "22:00", "06:00", "04:00"),
        ("23:30", "22:00", "06:00", "04:00"),
        ("03:59", "22:00", "06:00", "04:00"),
        ("04:00", "22:00", "06:00", None),
        ("11:00", "13:00", "14:00", "12:00"),
        ("12:00", "13:00", "14:00", None),
        ("12:00", None, "14:00", None),
        ("12:00", "14:00", "14:00", None),
    ],
)
def test_quiet_hours_are_the_shops_and_may_pass_midnight(clock, begin, end, until):
    now = datetime.fromisoformat(f"2026-11-22T{clock}:00+00:00")
    found = quiet_until(now, begin, end)
    assert (found and f"{found:%H:%M}") == until
    assert found is None or timedelta(0) < found - now <= timedelta(days=1)


MAIL = {"kind": "e-mail", "name": "m", "host": "mail.shop.zw", "sender": "till@shop.zw", "to": ["owner@shop.zw"]}


@pytest.mark.parametrize(
    ("given", "has_secret"),
    [
        ({"kind": "pigeon", "name": "p"}, False),
        ({"kind": "webhook", "name": "a b", "url": "https://hooks.example.org/"}, False),
        ({"kind": "webhook", "name": "w"}, False),
        ({"kind": "webhook", "name": "w", "url": "http://hooks.example.org/"}, False),
        ({"kind": "webhook", "name": "w", "url": "https://me:word@hooks.example.org/"}, False),
        ({"kind": "webhook", "name": "w", "url": "https://hooks.example.org/?token=1"}, False),
        ({"kind": "webhook", "name": "w", "url": "file:///etc/passwd"}, False),
        ({"kind": "webhook", "name": "w", "url": "https://[::1"}, False),
        ({"kind": "telegram", "name": "t", "chat": "12"}, False),
        ({"kind": "telegram", "name": "t", "chat": "a chat"}, True),
        ({**MAIL, "to": []}, False),
        ({**MAIL, "to": ["owner@shop.zw\nBcc: all@shop.zw"]}, False),
        ({**MAIL, "user": "till"}, False),
        (MAIL, True),
        ({**MAIL, "user": "till", "security": "none"}, True),
    ],
)
def test_a_channel_that_cannot_be_is_refused(given, has_secret):
    with pytest.raises(BadInput):
        channel_from(given, has_secret=has_secret)


def test_a_channel_says_where_it_goes_without_its_secret():
    assert channel_from({"kind": "webhook", "name": "w"}, has_secret=True).target == "(kept secret)"
    open_one = {"kind": "webhook", "name": "w", "url": "https://hooks.example.org/a/b"}
    assert channel_from(open_one, has_secret=False).target == "https://hooks.example.org"
    assert channel_from({**MAIL, "user": "till"}, has_secret=True).target == "owner@shop.zw"
