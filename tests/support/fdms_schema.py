"""Judges answers of the gateway by the small schema in tests/golden: members, types, lengths, nothing unknown."""

import base64
import json
import re
from decimal import Decimal
from pathlib import Path

import httpx

SCHEMA = json.loads((Path(__file__).parents[1] / "golden" / "fdms_schema.json").read_text())
OPERATIONS = SCHEMA["operations"]
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")
OPERATION_ID = re.compile(r"[0-9A-Z]{13}:\d{8}")
INT_BITS = {"int32": 31, "int64": 63}


def operation_of(path: str) -> str | None:
    for name, operation in OPERATIONS.items():
        pattern = re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(operation["path"]))
        if re.fullmatch(pattern, path):
            return name
    return None


class Judge:
    """A response hook. `seen` keeps (operation, status) of everything that was answered and found right."""

    def __init__(self) -> None:
        self.seen: set[tuple[str | None, int]] = set()
        self.codes: set[str] = set()

    def __call__(self, response: httpx.Response) -> None:
        response.read()
        name = operation_of(response.request.url.path)
        wrong = list(faults(name, response))
        assert wrong == [], f"{name} {response.status_code}: {wrong}\n{response.text[:500]}"
        self.seen.add((name, response.status_code))
        if response.status_code == 422:
            self.codes.add(response.json()["errorCode"])


def faults(name: str | None, response: httpx.Response):
    """Everything that is not as the schema has it."""
    number = response.headers.get("operationId", "")
    if not OPERATION_ID.fullmatch(number):
        yield f"header operationId: {number!r}"
    if "date" not in response.headers:
        yield "no Date header"
    if response.status_code != 200:
        yield from problem_faults(name, response, number)
        return
    shape = OPERATIONS[name]["answer"]
    if shape is None:
        if response.content:
            yield "a body where none belongs"
        return
    if response.headers["content-type"] != "application/json":
        yield f"content type {response.headers['content-type']}"
    body = json.loads(response.content, parse_float=Decimal)
    yield from part_faults(body, shape, "")
    if body.get("operationID", number) != number:
        yield "operationID differs from the header"


def problem_faults(name: str | None, response: httpx.Response, number: str):
    status, body = response.status_code, response.json()
    declared = OPERATIONS[name]["problems"] if name else [404]
    if status not in (*declared, 404, 405, 413, 502, 503):
        yield f"status {status} is not declared"
    if response.headers["content-type"] != "application/problem+json":
        yield f"content type {response.headers['content-type']}"
    yield from members_faults(body, SCHEMA["problem"], "")
    if body.get("type") != f"https://httpstatuses.io/{status}" or body.get("status") != status:
        yield "type or status do not name the status"
    if body.get("operationID") != number:
        yield "operationID differs from the header"
    if ("errorCode" in body) != (status == 422) or body.get("errorCode", "DEV01") not in SCHEMA["errorCodes"]:
        yield f"errorCode {body.get('errorCode')}"
    if ("errors" in body) != (status == 400):
        yield "errors belong to 400 alone"


def part_faults(value, shape: str, path: str):
    yield from members_faults(value, SCHEMA["shapes"][shape], path)


def members_faults(value, members: dict, path: str):
    if not isinstance(value, dict):
        yield f"{path}: no object"
        return
    kinds = {name.rstrip("*"): kind for name, kind in members.items()}
    for name in members:
        if name.endswith("*") and name[:-1] not in value:
            yield f"{path}.{name[:-1]} is missing"
    for name, member in value.items():
        if name not in kinds:
            yield f"{path}.{name} is unknown"
        elif member is None:
            if not kinds[name].endswith("?"):
                yield f"{path}.{name} may not be null"
        else:
            yield from kind_faults(member, kinds[name].rstrip("?"), f"{path}.{name}")


def kind_faults(value, kind: str, path: str):
    head, _, rest = kind.partition(" ")
    if head == "list":
        if not isinstance(value, list):
            yield f"{path}: no list"
            return
        for index, item in enumerate(value):
            yield from kind_faults(item, rest.removeprefix("of "), f"{path}[{index}]")
    elif head in SCHEMA["shapes"]:
        yield from part_faults(value, head, path)
    elif kind == "texts by path":
        if not (isinstance(value, dict) and all(type(text) is str for texts in value.values() for text in texts)):
            yield f"{path}: no lists of texts"
    elif not _fits(value, head, rest.split()):
        yield f"{path}: {value!r} is no {kind}"


def _fits(value, head: str, rest: list[str]) -> bool:
    if head in INT_BITS:
        return type(value) is int and -(2 ** INT_BITS[head]) <= value < 2 ** INT_BITS[head]
    if head == "decimal":
        digits, places = map(int, rest)
        number = Decimal(value) if type(value) is int else value
        if type(number) is not Decimal:
            return False
        return -number.as_tuple().exponent <= places and abs(number) < Decimal(10) ** (digits - places)
    if head == "flag":
        return type(value) is bool
    if type(value) is not str:
        return False
    if head == "text":
        return int(rest[0]) <= len(value) <= int([*rest, "1000000"][1])
    if head == "enum":
        return value in SCHEMA["enums"][rest[0]]
    if head == "bytes":
        size = len(base64.b64decode(value, validate=True))
        return size == int(rest[0]) if len(rest) == 2 else 0 < size <= int(rest[0])
    if head == "hex":
        return re.fullmatch(f"[0-9A-F]{{{rest[0]}}}", value) is not None
    if head == "operation":
        return OPERATION_ID.fullmatch(value) is not None
    assert head == "date-time", head
    return MOMENT.fullmatch(value) is not None
