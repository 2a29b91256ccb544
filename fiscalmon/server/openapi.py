"""The OpenAPI 3.1 document and the page that shows it, both generated from the route table."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from typing import Any, Final

import msgspec

from .. import __version__
from . import examples
from .example_answers import ANSWERS, TEXTS
from .routes import PUBLIC, SOCKET, Route
from .shapes import ProblemDetail

_TEMPLATE: Final = "#/components/schemas/{name}"
STYLE: Final = """body{font:16px/1.5 system-ui,sans-serif;color:#1b2430;background:#fff;
max-width:62rem;margin:2rem auto;padding:0 1rem}
h2{margin-top:2.5rem;font-size:1.1rem}code,pre{font-family:ui-monospace,monospace;font-size:.9rem}
pre{background:#f2f5f8;padding:1rem;overflow:auto;border-radius:8px}table{border-collapse:collapse}
td,th{text-align:left;padding:.25rem 1rem .25rem 0;vertical-align:top}
b{display:inline-block;min-width:3.5rem}
@media(prefers-color-scheme:dark){body{color:#e6edf3;background:#10161d}pre{background:#1b2430}a{color:#8cc8ff}}
"""


def document(routes: Sequence[Route]) -> dict[str, Any]:
    """The OpenAPI document as a JSON-ready object."""
    types = [kind for route in routes for kind in (route.request, route.response) if kind is not None]
    types = list(dict.fromkeys([*types, ProblemDetail]))
    schemas, components = msgspec.json.schema_components(types, ref_template=_TEMPLATE)
    found = dict(zip(types, schemas, strict=True))
    paths: dict[str, Any] = {}
    for route in routes:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, found)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "fiscalmon",
            "version": __version__,
            "description": "The till's interface on the LAN. Receipt fields have FDMS's own names. "
            "With the session cookie, anything but GET needs Origin and X-CSRF-Token; bearer tokens need neither.",
        },
        "paths": paths,
        "components": {
            "schemas": _plain_decimals(components),
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
                "session": {"type": "apiKey", "in": "cookie", "name": "__Host-fiscalmon-PORT"},
            },
        },
    }


def page(routes: Sequence[Route]) -> bytes:
    """The document as a page for people: no script, no asset from elsewhere."""
    parts = [
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>fiscalmon API</title>',
        '<meta name="viewport" content="width=device-width,initial-scale=1">',
        '<link rel="stylesheet" href="/api/docs/style.css"></head><body><h1>fiscalmon API</h1>',
        '<p>The same as OpenAPI: <a href="/api/openapi.json">/api/openapi.json</a>. Errors are RFC 9457 '
        'problem details. The till\'s own certificate authority: <a href="/ca.pem">/ca.pem</a>.</p>',
    ]
    for route in routes:
        who = "no sign-in" if route.roles is PUBLIC else ", ".join(sorted(route.roles))
        parts.append(f"<h2><b>{escape(route.method)}</b> <code>{escape(route.path)}</code></h2>")
        parts.append(f"<p>{escape(route.summary)}. <i>{escape(who)}</i></p>")
        if route.query:
            rows = "".join(f"<tr><td><code>{escape(k)}</code><td>{escape(v)}" for k, v in route.query.items())
            parts.append(f"<table>{rows}</table>")
        for label, kind in (("takes", route.request), ("answers", route.response)):
            if kind is not None:
                schema = msgspec.json.format(msgspec.json.encode(_plain_decimals(msgspec.json.schema(kind))), indent=2)
                parts.append(f"<details><summary>{label}</summary><pre>{escape(schema.decode())}</pre></details>")
        parts += _shown(route)
    parts.append("</body></html>")
    return "".join(parts).encode()


def _shown(route: Route) -> list[str]:
    """Its examples as text for people."""
    of = (route.method, route.path)
    found = {
        "takes": examples.REQUESTS.get(route.path) if route.request is not None else None,
        "answers": ANSWERS.get(of),
    }
    texts = {label: msgspec.json.format(msgspec.json.encode(value)).decode() for label, value in found.items() if value}
    if of in TEXTS:
        texts["answers"] = TEXTS[of][1]
    return [
        f"<details><summary>{label}, for example</summary><pre>{escape(text)}</pre></details>"
        for label, text in texts.items()
    ]


def _operation(route: Route, schemas: dict[Any, Any]) -> dict[str, Any]:
    problem = {"schema": schemas[ProblemDetail]}
    answers: dict[str, Any] = {
        "default": {
            "description": "A problem",
            "content": {"application/problem+json": {**problem, "example": dict(examples.UNFORESEEN)}},
        }
    }
    for status in sorted(_refusals(route)):
        when, example = examples.PROBLEMS[status]
        content = {"application/problem+json": {**problem, "example": example}}
        answers[str(status)] = {"description": when, "content": content}
    good: dict[str, Any] = {"description": route.summary, **_content(route, schemas)}
    if route.path == SOCKET:
        answers["101"] = good
    else:
        answers[str(route.status)] = good
    if route.status == 201:
        answers["200"] = {**_repeated(good), "description": "The first result of a repeated saleId"}
    found: dict[str, Any] = {
        "summary": route.summary,
        "operationId": re.sub(r"\W+", "_", f"{route.method.lower()} {route.path}").strip("_"),
        "responses": answers,
        "security": [] if route.roles is PUBLIC else [{"token": []}, {"session": []}],
    }
    if route.roles is not PUBLIC:
        found["x-roles"] = sorted(route.roles)
    in_path = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in re.findall(r"\{(\w+)\}", route.path)
    ]
    in_query = [
        {"name": name, "in": "query", "description": text, "schema": {"type": "string"}}
        for name, text in route.query.items()
    ]
    if in_path or in_query:
        found["parameters"] = in_path + in_query
    if route.request is not None:
        found["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": schemas[route.request], **_example(route)}},
        }
    return found


def _content(route: Route, schemas: dict[Any, Any]) -> dict[str, Any]:
    """What a good answer consists of, none where it is empty or no answer of HTTP."""
    of = (route.method, route.path)
    if of in TEXTS:
        media, text = TEXTS[of]
        return {"content": {media: {"schema": {"type": "string"}, "example": text}}}
    if route.response is None:
        return {}
    return {"content": {"application/json": {"schema": schemas[route.response], "example": ANSWERS[of]}}}


def _repeated(good: dict[str, Any]) -> dict[str, Any]:
    """The same answer to a saleId that was used before, as its example says."""
    shown = good["content"]["application/json"]
    return {"content": {"application/json": {**shown, "example": {**shown["example"], "repeated": True}}}}


def _refusals(route: Route) -> frozenset[int]:
    """The statuses of problems that the route can answer with."""
    found = examples.EVERYWHERE | examples.OWN.get(route.path, frozenset())
    if route.roles is not PUBLIC:
        found |= examples.SIGNED_IN
    if route.request is not None:
        found |= examples.WITH_BODY
    return found | examples.NAMED if "{" in route.path else found


def _example(route: Route) -> dict[str, Any]:
    shown = examples.REQUESTS.get(route.path)
    return {} if shown is None else {"example": shown}


def _plain_decimals(schema: Any) -> Any:
    """Amounts are taken as text or number; msgspec's schema names the text alone."""
    if isinstance(schema, dict):
        if schema.get("format") == "decimal":
            return {"type": ["string", "number"]}
        return {key: _plain_decimals(part) for key, part in schema.items()}
    if isinstance(schema, list):
        return [_plain_decimals(part) for part in schema]
    return schema
