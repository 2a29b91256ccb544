"""msgspec's sentences in plain words; one that is new is passed on rather than lost."""

import pytest

from fiscalmon.domain.structure import Problem, explained, texts_of


@pytest.mark.parametrize(
    ("message", "field", "advice"),
    [
        ("Object missing required field `taxID` - at `$.receiptLines[3]`", "receiptLines[3].taxID", "is missing"),
        ("Object missing required field `saleId`", "saleId", "is missing"),
        ("Expected `str`, got `int` - at `$.saleId`", "saleId", "must be a text, not a whole number"),
        ("Expected `object | null`, got `array` - at `$.a`", "a", "must be an object or nothing, not a list"),
        ("Expected `object`, got `array`", "", "must be an object, not a list"),
        ("Expected `str` of length <= 8 - at `$.a`", "a", "may have at most 8 characters"),
        ("Expected `str` of length >= 1 - at `$.a`", "a", "may not be empty"),
        ("Expected `str` of length >= 8 - at `$.a`", "a", "needs at least 8 characters"),
        ("Expected `int` >= 1 - at `$.a`", "a", "must be at least 1"),
        ("Expected `int` <= 5 - at `$.a`", "a", "must be at most 5"),
        ("Expected `str` matching regex '^[0-9]{10}$' - at `$.a`", "a", "has not the form [0-9]{10}"),
        ("Invalid enum value 'x - at `y`' - at `$.a`", "a", "'x - at `y`' is not one of the values that FDMS knows"),
        ("Expected `str`, got `int` - at `key` in `$`", "", "must be a text, not a whole number"),
        ("Invalid decimal string - at `$.a[0].b`", "a[0].b", "must be a plain number"),
        ("Expected `uuid`, got `str` - at `$.a`", "a", "must be uuid, not a text"),
    ],
)
def test_sentences(message, field, advice):
    assert explained(message) == Problem(field, advice)


def test_every_text_with_its_path():
    data = {"a": "x", "b": {"c": "y", "d": 5}, "e": None}
    assert list(texts_of(data, "top")) == [("top.a", "x"), ("top.b.c", "y")]
    assert list(texts_of({"a": "x"})) == [("a", "x")]
