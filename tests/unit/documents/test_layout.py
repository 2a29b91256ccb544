"""Plain text in columns: nothing is lost, nothing is too wide, nothing steers a printer or a screen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fiscalmon.documents.layout import as_seen, cells, centred, pair, row, safe, wrapped

WORDS = st.text(max_size=80).map(safe)
WIDTHS = st.integers(min_value=24, max_value=60)


@given(WORDS, WIDTHS)
def test_wrapped_text_fits_and_loses_no_letter(text, width):
    lines = wrapped(text, width)
    assert max(cells(line) for line in lines) <= width
    assert "".join(lines).replace(" ", "") == "".join(text.split())


@given(WORDS, st.decimals(min_value=-(10**9), max_value=10**9, places=2).map(str), WIDTHS)
def test_an_amount_stands_whole_at_the_right_end(text, amount, width):
    lines = pair(text, amount, width)
    assert lines[-1].endswith(amount)
    assert cells(lines[-1]) == width
    assert all(cells(line) <= width for line in lines)


@given(st.text())
def test_nothing_that_steers_is_left(text):
    made = safe(text)
    assert made.isprintable()
    assert safe(made) == made


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("Milk 2 L", "Milk 2 L"),
        ("a\x1b@b\nc\td", "a?@b c d"),
        ("right\u202eleft", "right?left"),
        ("no\u00a0break", "no break"),
        ("join\u200ded \ufeffsoft\u00adly", "joined softly"),
        ("unknown \U000e0fff", "unknown ?"),
        ("z\u0301\u0302\u0303\u0304\u0305", "z\u0301\u0302"),
        ("\u0301x", "x"),
        ("Crème brûlée ₦ ₹ €", "Crème brûlée ₦ ₹ €"),
    ],
)
def test_text_made_harmless(text, made):
    assert safe(text) == made


def test_wide_characters_take_two_columns():
    assert cells("漢字 ab") == 7
    assert wrapped("漢字漢字", 5) == ["漢字", "漢字"]


def test_words_stay_whole_where_they_fit():
    assert wrapped("one two three", 7) == ["one two", "three"]
    assert wrapped("abcdefghij kl", 4) == ["abcd", "efgh", "ij", "kl"]
    assert wrapped("   ", 4) == [""]
    assert centred("ab", 6) == ["  ab"]
    assert row(("a", "1.00", "2"), (4, 6, 3)) == "a     1.00  2"


def test_text_from_right_to_left_never_shares_a_line_with_an_amount():
    assert pair("שלום", "12.00", 24) == ["שלום", " " * 19 + "12.00"]
    assert pair("Salt", "12.00", 24) == ["Salt" + " " * 15 + "12.00"]


def test_paper_shows_the_order_of_the_eye():
    assert as_seen("tea שלום עולם 3") == "tea םלוע םולש 3"
    assert as_seen("plain") == "plain"
