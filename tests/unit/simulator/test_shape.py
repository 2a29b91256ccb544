"""Numbers and texts of a request body, as they are written."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fiscalmon.simulator.problems import Problem
from fiscalmon.simulator.shape import Amount, Choice, Many, Member, Part, Text, Unfit, Whole, read_body

PLACE = Part(dict, Member("cityName", "city", Text(10, 1), True), Member("size", "size", Amount(5, 2)))
BODY = Part(dict, Member("places", "places", Many(PLACE), True), Member("kind", "kind", Choice(("Big", "Small"))))


def errors(body: bytes) -> dict:
    with pytest.raises(Problem) as caught:
        read_body(BODY, body)
    assert caught.value.status == 400
    return dict(caught.value.errors or {})


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (b"1", Decimal(1)),
        (b"1.50", Decimal("1.50")),
        (b"-999.99", Decimal("-999.99")),
        (b"1E+2", Decimal(100)),
        (b"0e9", Decimal(0)),
        (b"null", "absent"),
        (b"1.500", None),
        (b"0.000", None),
        (b"1000", None),
        (b"1E+3", None),
        (b"1e999999999999999999999", None),
        (b'"1"', None),
        (b"true", None),
        (b"[]", None),
    ],
)
def test_decimals_are_judged_as_written(written, expected):
    body = b'{"places":[{"cityName":"Mutare","size":' + written + b"}]}"
    if expected is None:
        assert set(errors(body)) <= {"places[0].Size", "$"}
    else:
        assert read_body(BODY, body)["places"][0].get("size", "absent") == expected


@given(st.decimals(allow_nan=False, allow_infinity=False))
def test_what_passes_fits_its_declared_size(number):
    try:
        taken = Amount(21, 2).take(number, "X")
    except Unfit:
        return
    assert taken == number
    assert abs(taken) < 10**19
    assert -2 <= taken.as_tuple().exponent <= 0


@given(st.binary(max_size=60))
def test_any_bytes_give_a_value_or_a_problem(body):
    try:
        assert isinstance(read_body(BODY, body), dict)
    except Problem as problem:
        assert problem.status == 400
        assert problem.errors


def test_every_wrong_member_is_named():
    body = b'{"places":[{"cityName":"","size":1.234},{},7],"kind":"huge"}'
    assert set(errors(body)) == {
        "places[0].CityName",
        "places[0].Size",
        "places[1].CityName",
        "places[2]",
        "Kind",
    }
    assert errors(b"{}") == {"Places": ["The Places field is required."]}
    assert errors(b'{"places":null}') == {"Places": ["The Places field is required."]}


def test_names_and_enumerations_are_forgiven_their_case():
    assert read_body(BODY, b'{"PLACES":[],"Kind":"SMALL","other":1}') == {"places": (), "kind": "Small"}
    assert read_body(BODY, b'{"places":[],"kind":0}')["kind"] == "Big"
    assert set(errors(b'{"places":[],"kind":2}')) == {"Kind"}
    assert set(errors(b'{"places":[],"kind":true}')) == {"Kind"}


def test_whole_numbers_have_bits():
    assert Whole().take(-(2**31), "X") == -(2**31)
    assert Whole(64).take(2**63 - 1, "X") == 2**63 - 1
    for wrong in (2**31, -(2**31) - 1, True, Decimal(1), "1"):
        with pytest.raises(Unfit):
            Whole().take(wrong, "X")
