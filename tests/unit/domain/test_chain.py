"""The chain: a draft gets its place, its seal, and the next receipt follows it."""

import base64
import hashlib
import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fiscalmon.domain.chain import Link, encode_payload, follow, next_date, place, seal
from fiscalmon.domain.receipt import Receipt
from tests.unit.domain.samples import invoice, note

LINK = Link(7, "2026-03-02T08:00:00", 2, 101, "2026-03-02T08:05:10", "previous")


@pytest.mark.parametrize(
    ("now", "date"),
    [
        ("2026-03-02T08:05:11", "2026-03-02T08:05:11"),
        ("2026-03-02T08:05:10", "2026-03-02T08:05:11"),
        ("2026-03-01T23:00:00", "2026-03-02T08:05:11"),
    ],
)
def test_a_date_is_later_than_the_one_before(now, date):
    assert next_date(LINK, now) == date


def test_a_full_minute_turns_over():
    at_59 = msgspec.structs.replace(LINK, date="2026-03-02T08:59:59")
    assert next_date(at_59, "2026-03-02T08:59:59") == "2026-03-02T09:00:00"


def test_a_days_first_date_is_later_than_its_opening():
    first = Link(8, "2026-03-03T08:00:00", 0, 101, "2026-03-02T18:00:00", None)
    assert next_date(first, "2026-03-03T08:00:00") == "2026-03-03T08:00:01"
    behind = Link(8, "2026-03-03T08:00:00", 0, 101, "2026-03-03T08:00:30", None)
    assert next_date(behind, "2026-03-03T08:00:10") == "2026-03-03T08:00:31"


def test_a_draft_gets_its_place():
    placed = place(invoice(counter=0, global_no=0), LINK, "2026-03-02T08:06:00")
    assert (placed.counter, placed.global_no, placed.date) == (3, 102, "2026-03-02T08:06:00")
    assert placed.lines == invoice().lines


def test_a_seal_and_what_follows():
    placed = place(note(), LINK, "2026-03-02T08:06:00")
    signed = seal(12345, placed, LINK.day_hash, lambda sha256: b"over " + sha256)
    assert signed.canonical.startswith("12345CREDITNOTEUSD1022026-03-02T08:06:00-1155")
    assert signed.canonical.endswith("previous")
    assert base64.b64decode(signed.signature) == b"over " + hashlib.sha256(signed.canonical.encode()).digest()
    assert (signed.receipt.signature.hash, signed.receipt.signature.signature) == (signed.hash, signed.signature)
    assert signed.previous_hash == "previous"
    assert signed.payload == encode_payload(signed.receipt)
    assert follow(LINK, signed) == Link(7, LINK.day_opened, 3, 102, "2026-03-02T08:06:00", signed.hash)


def test_a_key_that_fails_seals_nothing():
    def fails(data: bytes) -> bytes:
        raise OSError("token is gone")

    with pytest.raises(OSError, match="token is gone"):
        seal(12345, place(invoice(), LINK, "2026-03-02T08:06:00"), None, fails)


def test_the_payload_is_what_fdms_wants():
    signed = seal(12345, invoice(), None, lambda data: b"s")
    body = json.loads(signed.payload, parse_float=str, parse_int=str)["receipt"]
    assert body["receiptLines"][0] == {
        "receiptLineType": "Sale",
        "receiptLineNo": "1",
        "receiptLineName": "BREAD",
        "receiptLineQuantity": "2",
        "receiptLineTotal": "2.50",
        "taxID": "2",
        "receiptLineHSCode": "19059000",
        "receiptLinePrice": "1.25",
        "taxPercent": "0",
    }
    assert body["receiptTaxes"][1] == {
        "taxID": "517",
        "taxAmount": "2.95",
        "salesAmountWithTax": "22.00",
        "taxPercent": "15.5",
    }
    assert body["receiptTotal"] == "24.50"
    assert "buyerData" not in body
    assert msgspec.json.decode(signed.payload, type=dict[str, Receipt])["receipt"] == signed.receipt


@given(st.lists(st.datetimes(), min_size=1, max_size=20))
def test_dates_of_a_chain_always_rise(clock):
    link = Link(1, "2026-03-02T08:00:00", 0, 0, "", None)
    last = link.day_opened
    for moment in clock:
        now = moment.replace(year=2026).isoformat(timespec="seconds") if moment.month != 2 else last
        signed = seal(1, place(invoice(), link, next_date(link, now)), link.day_hash, lambda data: b"s")
        assert signed.receipt.date > last
        assert signed.receipt.date >= now
        last = signed.receipt.date
        link = follow(link, signed)
    assert (link.counter, link.global_no) == (len(clock), len(clock))
