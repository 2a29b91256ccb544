"""Local texts sort as times do; the store's texts are UTC."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fiscalmon.domain.localtime import (
    add_seconds,
    is_local_text,
    local_text,
    parse_local,
    parse_utc,
    shop_day,
    utc_text,
)

MOMENT = datetime(2026, 11, 22, 22, 30, 5, 987654, tzinfo=UTC)
MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))


def test_a_moment_in_the_shop():
    assert local_text(MOMENT) == "2026-11-23T00:30:05"
    assert shop_day(MOMENT) == date(2026, 11, 23)
    assert utc_text(MOMENT) == "2026-11-22T22:30:05.987Z"


@given(MOMENTS, MOMENTS)
def test_local_texts_sort_as_the_times_do(one, other):
    one, other = one.replace(microsecond=0), other.replace(microsecond=0)
    assert (local_text(one) < local_text(other)) is (one < other)
    assert parse_local(local_text(one)) == one
    assert is_local_text(local_text(one))


@given(MOMENTS)
def test_the_stores_texts_keep_milliseconds(moment):
    kept = parse_utc(utc_text(moment))
    assert timedelta(0) <= moment - kept < timedelta(milliseconds=1)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-11-22",
        "2026-11-22 10:00:00",
        "2026-11-22T10:00:00Z",
        "2026-11-22T10:00:00.5",
        "2026-02-30T10:00:00",
        "2026-11-22T24:00:00",
        "2026-11-22T10:00:60",
        "2026-11-2T10:00:00 ",
        "٢٠٢٦-11-22T10:00:00",
    ],
)
def test_what_is_no_local_text(text):
    assert not is_local_text(text)


def test_a_zone_in_the_text_is_believed():
    assert parse_local("2026-11-22T10:00:00") == datetime(2026, 11, 22, 8, tzinfo=UTC)
    assert parse_local("2026-11-22T10:00:00+00:00") == datetime(2026, 11, 22, 10, tzinfo=UTC)
    with pytest.raises(ValueError, match="isoformat"):
        parse_local("yesterday")


@pytest.mark.parametrize(
    ("text", "seconds", "then"),
    [
        ("2026-12-31T23:59:59", 1, "2027-01-01T00:00:00"),
        ("2028-02-28T10:00:00", 86400, "2028-02-29T10:00:00"),
        ("2026-03-02T08:00:00", -28801, "2026-03-01T23:59:59"),
    ],
)
def test_moving_a_local_text(text, seconds, then):
    assert add_seconds(text, seconds) == then
