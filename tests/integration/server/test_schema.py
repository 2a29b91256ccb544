"""What the OpenAPI promises, asked with inputs that nobody thought of: no answer outside it, no 500, no hanging."""

import asyncio
from http import HTTPStatus

import hypothesis
import jsonschema_rs
import msgspec
import pytest
import requests
import schemathesis
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from fiscalmon.server.example_answers import ANSWERS, TEXTS
from fiscalmon.server.examples import REQUESTS
from fiscalmon.server.openapi import document
from fiscalmon.server.routes import ROUTES, SOCKET
from fiscalmon.server.shapes import ProblemDetail
from tests.integration.server.test_with_the_engine import shop  # noqa: F401
from tests.support.lan import PASSWORD

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
# These end the very session that asks; test_gate asks them.
ENDING = {"/api/auth/logout", "/api/auth/sessions/end/"}
DOCUMENT = document(ROUTES)
SCHEMA = schemathesis.openapi.from_dict(DOCUMENT)
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


def examples():
    """(where, content) of every example there is, with the schema beside it."""
    for path, methods in DOCUMENT["paths"].items():
        for method, operation in methods.items():
            bodies = {"request": operation.get("requestBody", {}), **operation["responses"]}
            for place, body in bodies.items():
                for media, content in body.get("content", {}).items():
                    yield pytest.param(content, id=f"{method} {path} {place} {media}")


@pytest.mark.parametrize("content", list(examples()))
def test_every_content_has_an_example_that_its_schema_takes(content):
    schema = {**content["schema"], "components": DOCUMENT["components"]}
    jsonschema_rs.Draft202012Validator(schema).validate(content["example"])


def test_every_operation_shows_a_good_answer():
    for route in ROUTES:
        of = (route.method, route.path)
        empty = route.status == 204 or route.path == SOCKET
        assert (of in ANSWERS) + (of in TEXTS) == (not empty), of


# Objects whose names are data: currencies, states, hours; and messages, each of which has its own.
NAMED_BY_DATA = {"sales", "fiscalDayStatus", "circuits", "taxBreakdownByCurrency", "salesPerHour", "data"}


def shape(value, name=""):
    """What a value consists of, without its amounts: an object's names, a list's first item."""
    if isinstance(value, dict):
        if name in NAMED_BY_DATA:
            return "an object"
        return {key: shape(part, key) for key, part in sorted(value.items())}
    if isinstance(value, list):
        return [shape(value[0])] if value else "a list"
    if value is None:
        return "nothing"
    return "a number" if isinstance(value, int | float) and not isinstance(value, bool) else type(value).__name__


def unlike(real, shown, where="$"):
    """Where two shapes differ; what may be nothing or empty is like anything of its kind."""
    if isinstance(real, dict) and isinstance(shown, dict):
        if real.keys() != shown.keys():
            yield f"{where}: {sorted(real.keys() ^ shown.keys())}"
        for key in real.keys() & shown.keys():
            yield from unlike(real[key], shown[key], f"{where}.{key}")
    elif isinstance(real, list) and isinstance(shown, list):
        yield from unlike(real[0], shown[0], f"{where}[]")
    elif "nothing" not in (real, shown) and not (isinstance(real, list | str) and "a list" in (real, shown)):
        yield from [f"{where}: {real} is not {shown}"] * (real != shown)


async def test_a_running_till_answers_as_the_examples_say(shop):  # noqa: F811
    manager = await shop.token("mandla")
    seen = {}
    async with shop.client() as http:

        async def ask(method, path, *, by=manager, body=None, params=None, **named):
            answer = await http.request(method, path.format(**named), headers=by, json=body, params=params)
            assert answer.status_code in (200, 201), answer.text
            seen[method, path] = answer
            return answer.json() if "json" in answer.headers["content-type"] else answer.text

        who = {"username": "mandla", "password": PASSWORD}
        await ask("POST", "/api/auth/token", by={}, body=who)
        await ask("POST", "/api/auth/login", by={}, body=who)
        http.cookies.clear()
        sale = {**REQUESTS["/api/receipts/"], "deviceID": shop.first}
        sold = await ask("POST", "/api/receipts/", body=sale, params={"wait": "completed"})
        named = {"deviceID": shop.first, "receiptId": sold["receiptId"]}
        for method, path in sorted({*ANSWERS, *TEXTS}):
            if method == "GET":
                await ask(method, path, **named)
        await ask("POST", "/api/devices/{deviceID}/retry/", **named)
        for act in ("close", "open"):
            await ask("POST", f"/api/fiscal-days/{act}/", body={"deviceID": shop.first})
    # An alert needs hours of trouble; tests of alerts hold its form.
    assert {*ANSWERS, *TEXTS} - seen.keys() == {("POST", "/api/alerts/{alertId}/acknowledge/")}
    for of, answer in seen.items():
        if of in TEXTS:
            assert answer.headers["content-type"].startswith(TEXTS[of][0])
        else:
            assert list(unlike(shape(answer.json()), shape(ANSWERS[of]))) == [], of
