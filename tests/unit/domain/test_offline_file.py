"""The file of an offline device: members in order, receipts byte for byte, split between receipts only."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fiscalmon.domain.errors import BadInput
from fiscalmon.domain.offline_file import LARGEST_FILE, FileFooter, FileHeader, files_of_day, receipt_of
from fiscalmon.domain.receipt import SignatureData

HEADER = FileHeader(12345, 7, "2026-03-02T08:00:00", 1)
FOOTER = FileFooter((), SignatureData("aGFzaA==", "c2ln"), 3, "2026-03-02T20:00:00")
RECEIPTS = [b'{"receiptGlobalNo":%d,"receiptTotal":1.50}' % number for number in range(1, 4)]
HEAD = '{"header":{"deviceID":12345,"fiscalDayNo":7,"fiscalDayOpened":"2026-03-02T08:00:00","fileSequence":1}'
TAIL = (
    ',"footer":{"fiscalDayCounters":[],"fiscalDayDeviceSignature":{"hash":"aGFzaA==","signature":"c2ln"},'
    '"receiptCounter":3,"fiscalDayClosed":"2026-03-02T20:00:00"}}'
)


def test_a_whole_day_is_one_file_with_its_members_in_order():
    (file,) = files_of_day(HEADER, RECEIPTS, FOOTER)
    content = ',"content":{"receipts":[' + ",".join(text.decode() for text in RECEIPTS) + "]}"
    assert file.content.decode() == HEAD + content + TAIL
    assert (file.sequence, file.receipts, file.has_footer) == (1, 3, True)


def test_content_and_footer_are_each_left_out():
    assert files_of_day(HEADER, [], FOOTER)[0].content.decode() == HEAD + TAIL
    assert files_of_day(HEADER, [], None)[0].content.decode() == HEAD + "}"
    (without,) = files_of_day(HEADER, RECEIPTS[:1], None)
    assert without.content.decode() == HEAD + ',"content":{"receipts":[' + RECEIPTS[0].decode() + "]}}"


def test_a_large_day_is_split_between_receipts():
    size = len(files_of_day(HEADER, RECEIPTS[:2], None)[0].content)
    first, second = files_of_day(HEADER, RECEIPTS, None, size)
    assert (first.receipts, first.sequence, second.receipts, second.sequence) == (2, 1, 1, 2)
    assert json.loads(second.content)["header"]["fileSequence"] == 2
    assert len(files_of_day(HEADER, RECEIPTS, None, size - 1)[0].content) < size - 1


def test_a_footer_that_has_no_room_goes_alone_and_whole():
    receipts = RECEIPTS * 4
    size = len(files_of_day(HEADER, receipts, None)[0].content)
    first, second = files_of_day(HEADER, receipts, FOOTER, size)
    assert (first.receipts, first.has_footer) == (12, False)
    assert second.content.decode() == HEAD.replace('Sequence":1', 'Sequence":2') + TAIL


def test_what_fits_into_no_file_is_said():
    with pytest.raises(BadInput, match="receipt of day 7 is larger"):
        files_of_day(HEADER, [b"x" * 300], None, 300)
    with pytest.raises(BadInput, match="footer of day 7 is larger"):
        files_of_day(HEADER, [], FOOTER, 200)


def test_three_megabytes_are_never_passed():
    receipt = b'{"x":"' + b"y" * 1000 + b'"}'
    files = files_of_day(HEADER, [receipt] * 6500, FOOTER)
    assert [len(file.content) <= LARGEST_FILE for file in files] == [True] * 3
    assert [file.has_footer for file in files] == [False, False, True]
    assert LARGEST_FILE - len(files[0].content) < len(receipt) + 1


@settings(max_examples=150, deadline=None)
@given(
    lengths=st.lists(st.integers(0, 90), max_size=20), footer=st.booleans(), largest=st.integers(330, 900),
    first=st.integers(1, 5),
)  # fmt: skip
def test_every_split_holds_each_receipt_once_and_in_order(lengths, footer, largest, first):
    receipts = [json.dumps({"n": number, "t": "x" * length}).encode() for number, length in enumerate(lengths)]
    header = FileHeader(12345, 7, "2026-03-02T08:00:00", first)
    files = files_of_day(header, receipts, FOOTER if footer else None, largest)
    decoded = [json.loads(file.content) for file in files]
    assert [one["header"]["fileSequence"] for one in decoded] == list(range(first, first + len(files)))
    found = [receipt["n"] for one in decoded for receipt in one.get("content", {}).get("receipts", [])]
    assert found == list(range(len(receipts)))
    assert ["footer" in one for one in decoded] == [file.has_footer for file in files]
    assert [file.has_footer for file in files] == [False] * (len(files) - 1) + [footer]
    assert all(len(file.content) <= largest for file in files)
    assert [len(one.get("content", {}).get("receipts", [])) for one in decoded] == [file.receipts for file in files]


def test_a_signed_receipt_is_taken_out_of_its_body_unchanged():
    assert receipt_of(b'{"receipt":{"receiptTotal":1.50}}') == b'{"receiptTotal":1.50}'
    with pytest.raises(BadInput):
        receipt_of(b'{"receiptTotal":1.50}')
