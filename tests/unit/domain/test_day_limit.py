"""How long a day may last, when people are told, and which number a new day's first receipt follows."""

import pytest
from msgspec.structs import replace

from fiscalmon.domain.day_limit import day_end, end_warning, hours_left, number_before
from tests.unit.domain.samples import CONFIG

CONFIG_24_2 = replace(CONFIG, day_max_hours=24, day_end_notification_hours=2)
OPENED = "2026-11-22T08:00:00"


@pytest.mark.parametrize(
    ("now", "left", "words"),
    [
        ("2026-11-22T08:00:00", 24.0, None),
        ("2026-11-23T05:59:59", 2.0, None),
        ("2026-11-23T06:00:00", 2.0, "within 2 hours, by 08:00"),
        ("2026-11-23T07:30:00", 0.5, "within 0.5 hours"),
        ("2026-11-23T08:00:00", 0.0, "within 0 hours"),
        ("2026-11-23T08:00:01", -0.0, "Until then nothing can be sold"),
        ("2026-11-23T20:00:00", -12.0, "more than 24 hours"),
    ],
)
def test_the_end_of_a_day_is_told_in_time(now, left, words):
    assert day_end(OPENED, CONFIG_24_2) == "2026-11-23T08:00:00"
    assert hours_left(OPENED, CONFIG_24_2, now) == left
    warning = end_warning(7, OPENED, CONFIG_24_2, now)
    assert (warning is None) == (words is None)
    assert words is None or words in warning


@pytest.mark.parametrize(
    ("own", "fdms", "untaken", "before"),
    [
        (5, 5, False, None),
        (5, 3, False, None),
        (5, None, False, None),
        (0, 7, False, 7),
        (5, 9, False, 9),
        (5, 3, True, 0),
        (5, 9, True, 0),
    ],
)
def test_numbers_leave_no_gap_at_fdms(own, fdms, untaken, before):
    assert number_before(own, fdms, untaken=untaken) == before
