"""One family of errors: each with a code of its own and a sentence for a person."""

import pytest

from fiscalmon.domain import errors
from fiscalmon.domain.errors import BadInput, FiscalmonError, GatewayError, GatewayRefused, GatewayUnknown, SaleRefused

FAMILY = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, FiscalmonError)]


def test_every_kind_has_a_code_of_its_own():
    codes = [kind.code for kind in FAMILY]
    assert len(codes) > 15
    assert len(set(codes)) == len(codes)
    assert all(code == code.upper() for code in codes)
    assert all(kind.__doc__ for kind in FAMILY)


def test_text_and_detail():
    plain = BadInput("This is no date.", "ValueError: x")
    assert (str(plain), plain.text, plain.detail, plain.code) == (
        "This is no date.",
        "This is no date.",
        "ValueError: x",
        "BAD_INPUT",
    )
    assert BadInput("x", code="NOT_JSON").code == "NOT_JSON"
    assert BadInput.code == "BAD_INPUT"


@pytest.mark.parametrize(("count", "more"), [(1, ""), (2, " (and 1 more)"), (5, " (and 4 more)")])
def test_a_refused_sale_says_the_first_reason(count, more):
    findings = [{"code": "RCPT010", "color": "Red", "advice": f"No {n}.", "field": "f"} for n in range(count)]
    refused = SaleRefused("POS-1", findings)
    assert str(refused) == f"Sale POS-1 was refused: No 0.{more}"
    assert refused.errors == findings
    assert refused.sale_id == "POS-1"


def test_what_the_gateway_said():
    refused = GatewayRefused(422, "RCPT01", "The day is closed.", "body", "0HN:1")
    assert (refused.status, refused.error_code, refused.operation_id) == (422, "RCPT01", "0HN:1")
    assert isinstance(refused, GatewayError)
    assert GatewayUnknown("No answer.").status is None
    assert GatewayUnknown("Garbage.", status=502).status == 502
