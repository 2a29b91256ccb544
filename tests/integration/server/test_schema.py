"""What the OpenAPI promises, asked with inputs that nobody thought of: no answer outside it, no 500, no hanging."""

import asyncio
from http import HTTPStatus

import hypothesis
import msgspec
import requests
import schemathesis
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from fiscalmon.server.examples import REQUESTS
from fiscalmon.server.openapi import document
from fiscalmon.server.routes import ROUTES, SOCKET
from fiscalmon.server.shapes import ProblemDetail
from tests.integration.server.test_with_the_engine import shop  # noqa: F401

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
# These end the very session that asks; test_gate asks them.
ENDING = {"/api/auth/logout", "/api/auth/sessions/end/"}
SCHEMA = schemathesis.openapi.from_dict(document(ROUTES))
OPERATIONS = {f"{o.method.upper()} {o.path}": o for o in (r.ok() for r in SCHEMA.get_all_operations())}
EXAMPLES = 8


def asked(operation, url, headers, ca):
    """Ask one operation `EXAMPLES` times, seeded, so that a failure comes again."""
    session = requests.Session()
    session.trust_env = False

    @hypothesis.seed(20261122)
    @hypothesis.settings(
        max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(hypothesis.HealthCheck)
    )
    @hypothesis.given(case=operation.as_strategy())
    def ask(case):
        answer = case.call(base_url=url, headers=headers, session=session, verify=ca, timeout=10)
        case.validate_response(answer, checks=CHECKS)

    try:
        ask()
    finally:
        session.close()


async def test_no_answer_that_the_openapi_does_not_know(shop):  # noqa: F811
    """On the real engine: what the simulator's devices answer is what is promised."""
    headers, wrong = await shop.token("mandla"), {}
    for name in sorted(set(OPERATIONS) - {f"GET {SOCKET}"} - {f"POST {path}" for path in ENDING}):
        by = {} if name.startswith("POST /api/auth/") else headers
        try:
            await asyncio.to_thread(asked, OPERATIONS[name], shop.url, by, shop.ca)
        except (FailureGroup, requests.RequestException) as failure:
            wrong[name] = failure
    assert not wrong, "\n".join(f"{name}: {_told(failure)}" for name, failure in wrong.items())


def _told(failure):
    return "; ".join(str(one) for one in getattr(failure, "exceptions", [failure]))[:1500]


def test_every_body_has_an_example_that_its_route_takes():
    for route in ROUTES:
        shown = document(ROUTES)["paths"][route.path][route.method.lower()].get("requestBody")
        assert (shown is None) == (route.request is None)
        if route.path in REQUESTS and route.method == "POST":
            example = shown["content"]["application/json"]["example"]
            assert msgspec.json.decode(msgspec.json.encode(example), type=route.request)


def test_every_refusal_is_shown_in_its_form():
    for path, methods in document(ROUTES)["paths"].items():
        for method, operation in methods.items():
            refusals = {code: answer for code, answer in operation["responses"].items() if code[0] in "45"}
            assert {"400", "421", "429"} <= set(refusals), (method, path)
            assert ("401" in refusals) == (
                operation["security"] != [] or path in ("/api/auth/login", "/api/auth/token")
            )
            for code, answer in refusals.items():
                example = answer["content"]["application/problem+json"]["example"]
                assert msgspec.convert(example, ProblemDetail).status == int(code)
                assert example["title"] == HTTPStatus(int(code)).phrase or code in ("413", "422")
