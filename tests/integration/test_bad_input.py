"""What a broken POS may send, through `submit`, `check` and REST: a plain error with code and line, at once, nothing
stored, and the next sale goes through.
"""

import json
import re
import time
from datetime import timedelta

import pytest

from fiscalmon.domain.errors import SaleRefused
from fiscalmon.sale_files import split_sales
from tests.support.books import sale
from tests.support.lan import PASSWORD, Lan
from tests.support.simulator import Till as Foreign
from tests.support.simulator import codes
from tests.support.tills import new_device

LINE = sale(1)["receiptLines"][0]
WRONG = {**LINE, "taxCode": "\n", "receiptLineQuantity": "NaN"}
SECONDS = 1.0


def second_line(**members) -> dict:
    return sale("bad", receiptLines=[LINE, {**LINE, **members}])


def raw(member: str, text: str) -> str:
    """A sale whose second line has a number that no JSON library of ours would write."""
    return json.dumps(second_line(**{member: "@"})).replace('"@"', text)


def number(member: str, text: str) -> tuple[str, str]:
    return raw(member, text), f"receiptLines[1].{member}"


def member(name: str, value) -> tuple[str, str]:
    return json.dumps(second_line(**{name: value})), f"receiptLines[1].{name}"


BAD = {
    "ten thousand lines": (json.dumps(sale("bad", receiptLines=[LINE] * 10_000)), "receiptLines"),
    "bad lines by the thousand": (json.dumps(sale("bad", receiptLines=[WRONG] * 10_000)), "receiptLines"),
    "1e30": number("receiptLinePrice", "1e30"),
    "1e30 as text": member("receiptLinePrice", "1e30"),
    "an exponent without end": number("receiptLineTotal", "1e999999999"),
    "next to nothing": number("receiptLineQuantity", "1e-999999"),
    "six thousand digits": number("receiptLineQuantity", "9" * 6_000),
    "seven decimals": number("receiptLineQuantity", "1.1234567"),
    "three decimals of a total": number("receiptLineTotal", "4.981"),
    "NaN": number("receiptLinePrice", "NaN"),
    "NaN as text": member("receiptLinePrice", "NaN"),
    "a signalling NaN": member("receiptLineTotal", "sNaN"),
    "Infinity": number("receiptLineQuantity", "-Infinity"),
    "true": member("receiptLineQuantity", True),
    "a list": member("receiptLineQuantity", [1]),
    "words": member("receiptLineTotal", "much"),
    "nothing": member("receiptLineName", None),
    "a control character": member("receiptLineName", "MILK\x1b@\x00"),
    "a line feed": member("receiptLineName", "MILK\nTOTAL 0.00"),
    "a turned direction": member("receiptLineName", "MILK\u202e00.0"),
    "half a character": member("receiptLineName", "MILK\ud83e"),
    "three hundred letters": member("receiptLineName", "x" * 300),
    "three hundred emoji": member("receiptLineName", "🥛" * 300),
    "a tax of text": member("taxID", "3"),
    "a tax of 2^70": member("taxID", 2**70),
}  # fmt: skip


# What FDMS does not mind: its tables name no most lines and no direction of letters, and a note may have paragraphs.
TAKEN = ("ten thousand lines", "a line feed", "a turned direction")


def at_fdms(text: str, field: str, signed: dict) -> tuple[bytes, str]:
    """Another till's receipt that is as broken as a sale of BAD, and the path that FDMS names."""
    first, (_, _, name) = signed["receiptLines"][0], field.partition(".")
    if not name:
        one = {**first, **({"receiptLineQuantity": "NaN"} if "NaN" in text else {})}
        lines = [{**one, "receiptLineNo": number} for number in range(1, 10_001)]
        return json.dumps({"receipt": {**signed, "receiptLines": lines}}).encode(), "receipt.receiptLines[0]"
    value = re.match(r'"(?:[^"\\]|\\.)*"|\[1\]|[^,}]+', text[text.rindex(f'"{name}": ') + len(name) + 4 :]).group()
    lines = [first, {**first, "receiptLineNo": 2, name: "@"}]
    body = json.dumps({"receipt": {**signed, "receiptLines": lines}}).replace('"@"', value)
    return body.encode("utf-8", "surrogatepass"), f"receipt.receiptLines[1].{name[0].upper()}{name[1:]}"


async def answers(till, text: str) -> list[dict]:
    """What submit and check say, each at once."""
    (given,) = split_sales(text.encode("utf-8", "surrogatepass"))
    started = time.monotonic()
    with pytest.raises(SaleRefused) as refused:
        await till.engine.operations.run("submit", {"sale": given, "deviceID": till.id})
    checked = await till.engine.operations.run("check", {"sale": given, "deviceID": till.id})
    assert time.monotonic() - started < SECONDS
    assert checked["errors"] == refused.value.errors
    return checked["errors"]


async def test_every_way_in_names_the_line_and_keeps_nothing(till, tmp_path):
    slips = {}
    async with Lan(till.engine.till, tmp_path) as lan:
        lan.accounts.add("pos", "pos", PASSWORD)
        headers = {**await lan.token("pos"), "Content-Type": "application/json"}
        async with lan.client(headers=headers) as http:
            for name, (text, field) in BAD.items():
                errors = await answers(till, text)
                assert all(error["code"] == "RCPT02" and error["color"] == "Red" for error in errors)
                assert all(error["advice"].isprintable() and len(error["advice"]) < 300 for error in errors)
                slips[name] = (errors[0]["field"], len(errors))
                if field.endswith("]") or "." in field:
                    assert errors[0]["advice"].startswith("Line 2, ")
                started = time.monotonic()
                rest = await http.post("/api/receipts/", content=text.encode("utf-8", "replace"))
                assert rest.status_code in ((413,) if len(text) > 65_536 else (400, 422)), (name, rest.text)
                assert rest.headers["content-type"] == "application/problem+json"
                assert rest.json()["status"] == rest.status_code
                assert time.monotonic() - started < SECONDS
    assert slips == {name: (field, 1) for name, (_, field) in BAD.items()}
    assert (await till.engine.till.receipts())["items"] == []
    assert await till.rows("SELECT count(*) FROM outbox") == [(0,)]
    (sold,) = await till.sell()
    assert (sold["receiptGlobalNo"], sold["receiptCounter"]) == (1, 1)


async def test_names_that_people_use_are_sold_and_taken_by_fdms(till):
    names = [
        "🥛 MILK",
        "👨\u200d👩\u200d👧 SIZE",
        "MILK\u00a02\u202fL",
        "שלום",
        "牛奶",
        "x" * 200,
        "'; DROP TABLE receipts;--",
    ]
    for name in names:
        await till.sell(receiptLines=[{**LINE, "receiptLineName": name}])
    await till.drained(timedelta(seconds=15).total_seconds())
    items = (await till.engine.till.receipts())["items"]
    assert [item["status"] for item in items] == ["completed"] * len(names)
    assert all(not item["validationErrors"] for item in items)


async def test_what_a_sale_states_itself_has_to_have_a_shape_too(till):
    stated = [{"taxID": 3, "taxPercent": 15.5, "taxAmount": "NaN", "salesAmountWithTax": "4.981"}]
    found = await till.engine.till.check(sale("s", deviceID=till.id, receiptTaxes=stated))
    assert [error["field"] for error in found["errors"]] == [
        "receiptTaxes[0].taxAmount",
        "receiptTaxes[0].salesAmountWithTax",
    ]
    found = await till.engine.till.check(sale("s", deviceID=till.id, receiptTaxes=7))
    assert [(error["code"], error["field"]) for error in found["errors"]] == [("RCPT02", "receiptTaxes")]
    found = await till.engine.till.check(json.dumps(sale("s", deviceID=till.id, receiptCounter=1)).encode())
    assert found["errors"] == []


def test_fdms_names_the_field_and_keeps_nothing(fdms):
    device = Foreign(fdms, new_device(fdms)).register()
    assert device.open().status_code == 200
    for name, (text, field) in BAD.items():
        if name in TAKEN:
            continue
        body, path = at_fdms(text, field, device.sign(device.receipt()))
        started = time.monotonic()
        answer = device.client.post(f"/Device/v1/{device.device_id}/SubmitReceipt", content=body)
        assert time.monotonic() - started < 2 * SECONDS
        assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json"), name
        told = answer.json()["errors"]
        # JSON has no NaN: who sends one is told so, as no part of the body can be read.
        assert any(each.startswith(path) or (each == "$" and "no JSON number" in told[each][0]) for each in told), name
        assert all(each.isprintable() and len(each) < 300 for texts in told.values() for each in texts)
    assert fdms.ledger(device.device_id)["receipts"] == []
    assert codes(device.submit()) == {}
