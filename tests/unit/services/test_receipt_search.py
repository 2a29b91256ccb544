"""What is asked of the list of receipts, made exact."""

from datetime import UTC, datetime

import pytest

from fiscalmon.domain.errors import BadInput
from fiscalmon.services.receipt_search import receipt_filter

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


def test_cursor_and_times():
    made = receipt_filter(NOW, before="17", since="2026-11-20", until="2026-11-21", status="failed")
    assert (made.before, made.since, made.status) == (17, "2026-11-20T00:00:00", "failed")
    assert made.until.startswith("2026-11-2")
    assert made.until > "2026-11-21T"
    nothing = receipt_filter(NOW)
    assert (nothing.before, nothing.since, nothing.until) == (None, None, None)
    assert receipt_filter(NOW, before=5).before == 5


@pytest.mark.parametrize("cursor", ["", "x", "-1", "1.5", "²", "9" * 19, "9" * 40])
def test_what_is_no_cursor(cursor):
    with pytest.raises(BadInput, match="no cursor"):
        receipt_filter(NOW, before=cursor)


@pytest.mark.parametrize("name", ["since", "until"])
@pytest.mark.parametrize("text", ["", "yesterdayish", "2026-13-01", "9" * 30 + "d"])
def test_what_is_no_time(name, text):
    with pytest.raises(BadInput, match=name):
        receipt_filter(NOW, **{name: text})
