"""Files of devices in Offline mode: how they are wrapped, refused, queued, judged and listed (Gateway v7.2 §17)."""

import base64
import json
from datetime import timedelta

import pytest

from tests.support.fdms_schema import Judge
from tests.support.simulator import Simulator, Till, codes, line, now, text


@pytest.fixture(scope="module")
def simulator(tmp_path_factory):
    running = Simulator.fresh(tmp_path_factory)
    running.hooks.append(Judge())
    yield running
    assert running.end() == 0


@pytest.fixture
def offline(simulator):
    """A registered device in Offline mode with its first day begun."""
    simulator.post("/reset")
    simulator.post("/settings", {"fileDelay": 0, "closeDelay": 0})
    till = Till(simulator, simulator.ready["devices"][0]).register()
    assert simulator.post(f"/devices/{till.device_id}/offline").status_code == 200
    return till.begin_offline()


def outcome(row: dict) -> tuple[str, str | None]:
    return row["fileProcessingStatus"], row.get("fileProcessingError")


def refusal(answer) -> str:
    assert answer.status_code == 422, answer.text
    return answer.json()["errorCode"]


def multipart(content: bytes, name: str = "file") -> tuple[bytes, str]:
    head = f'--edge\r\nContent-Disposition: form-data; name="{name}"; filename="day-1.json"\r\n\r\n'.encode()
    return head + content + b"\r\n--edge--\r\n", "multipart/form-data; boundary=edge"


def test_a_day_in_three_files(simulator, offline):
    first = offline.send_file(offline.offline_file(1))
    assert first.status_code == 200
    assert list(first.json()) == ["operationID"]
    offline.send_file(offline.offline_file(2, offline.sell_offline(3)))
    offline.send_file(offline.offline_file(3, offline.sell_offline(2), footer=True))
    rows = offline.processed(3)
    assert [outcome(row) for row in rows] == [("CompleteSuccessful", None)] * 3
    assert [row["hasFooter"] for row in rows] == [False, False, True]
    assert rows[0]["operationId"] == first.json()["operationID"]
    assert rows[0]["ipAddress"] == "127.0.0.1"
    assert rows[0]["fiscalDayOpenedAt"] == text(offline.opened)
    ledger = simulator.ledger(offline.device_id)
    assert ledger["fiscalDayStatus"] == "FiscalDayClosed"
    assert [receipt["receiptGlobalNo"] for receipt in ledger["receipts"]] == [1, 2, 3, 4, 5]
    assert all(receipt["validationErrors"] == [] for receipt in ledger["receipts"])
    assert refusal(offline.send_file(offline.offline_file(4))) == "FILE04"


@pytest.mark.parametrize("wrap", ["raw", "base64", "multipart", "multipart-base64", "bom"])
def test_every_wrapping_is_taken(offline, wrap):
    content, kind = json.dumps(offline.offline_file(1, offline.sell_offline())).encode(), "text/plain"
    if "base64" in wrap:
        content = base64.encodebytes(content)
    if wrap == "bom":
        content = b"\xef\xbb\xbf" + content
    if wrap.startswith("multipart"):
        content, kind = multipart(content)
    assert offline.send_file(content, kind).status_code == 200
    (row,) = offline.processed(1)
    assert outcome(row) == ("CompleteSuccessful", None)
    assert row["fileName"] == ("day-1.json" if kind != "text/plain" else f"{offline.device_id}-1-1.json")


def test_names_in_any_case_and_both_names_of_the_counters(offline):
    file = offline.offline_file(1, offline.sell_offline(), footer=True)
    file["header"]["deviceId"] = file["header"].pop("deviceID")
    file["content"]["receipts"][0]["receiptType"] = "fiscalInvoice"
    file["footer"]["fiscalCounters"] = file["footer"]["fiscalDayCounters"]
    offline.send_file({name.upper(): part for name, part in file.items()})
    assert outcome(offline.processed(1)[0]) == ("CompleteSuccessful", None)


def test_what_is_refused_at_once(simulator, offline):
    file = offline.offline_file(1, offline.sell_offline())
    header, content = file["header"], file["content"]
    assert refusal(offline.send_file(b" " * 10 + json.dumps({**file, "x": "y" * 3_200_000}).encode())) == "FILE01"
    assert refusal(offline.send_file(*multipart(b"{" + b" " * 7_000_000 + b"}"))) == "FILE01"
    for wrong in (
        {"content": content, "header": header},
        {"header": header, "footer": {}, "content": content},
        {"content": content},
        {"header": {**header, "fileSequence": 0}},
        {"header": {**header, "fiscalDayOpened": "yesterday"}},
        {"header": {name: value for name, value in header.items() if name != "fiscalDayNo"}},
        {"header": header, "content": []},
        [1],
        b"{not json",
        b"!!!",
    ):
        assert refusal(offline.send_file(wrong)) == "FILE02", wrong
    assert refusal(offline.send_file(*multipart(json.dumps(file).encode(), "upload"))) == "FILE02"
    assert refusal(offline.send_file({"header": {**header, "deviceID": 10002}})) == "FILE05"
    empty = offline.send_file(b"")
    assert empty.status_code == 400
    assert offline.files()["total"] == 0
    simulator.post(f"/devices/{offline.device_id}/online")
    assert refusal(offline.send_file(file)) == "FILE03"
    assert offline.files()["errorCode"] == "FILE03"


def test_an_online_device_goes_offline_and_back(simulator, offline):
    assert offline.post("OpenDay", {"fiscalDayOpened": text(now())}).json()["errorCode"] == "DEV01"
    receipts = offline.sell_offline(2)
    offline.send_file(offline.offline_file(1, receipts))
    assert outcome(offline.processed(1)[0]) == ("CompleteSuccessful", None)
    simulator.post(f"/devices/{offline.device_id}/online")
    assert offline.get("GetConfig")["deviceOperatingMode"] == "Online"
    again = offline.post("SubmitReceipt", {"receipt": receipts[1]}).json()
    assert again["receiptServerSignature"]["hash"]
    assert (
        again["receiptServerSignature"]
        == (offline.post("SubmitReceipt", {"receipt": receipts[1]}).json()["receiptServerSignature"])
    )
    offline.submit()
    assert offline.close()["fiscalDayStatus"] == "FiscalDayClosed"


def test_files_wait_for_the_ones_before_them(simulator, offline):
    one = offline.offline_file(1, offline.sell_offline())
    two = offline.offline_file(2, offline.sell_offline(), footer=True)
    offline.begin_offline()
    next_day = offline.offline_file(1, offline.sell_offline(), footer=True)
    offline.send_file(next_day)
    offline.send_file(two)
    rows = offline.processed(2)
    assert {outcome(row) for row in rows} == {("WaitingForPreviousFile", None)}
    assert all("fileProcessingDate" not in row for row in rows)
    assert simulator.ledger(offline.device_id)["fiscalDayNo"] is None
    simulator.restart()
    offline.client = offline.connect()
    offline.send_file(one)
    rows = offline.processed(3, "CompleteSuccessful")
    assert [outcome(row) for row in rows] == [("CompleteSuccessful", None)] * 3
    ledger = simulator.ledger(offline.device_id)
    assert (ledger["fiscalDayNo"], ledger["fiscalDayStatus"]) == (2, "FiscalDayClosed")


def test_a_file_does_not_wait_for_ever(simulator, offline):
    offline.send_file(offline.offline_file(2, offline.sell_offline()))
    assert outcome(offline.processed(1)[0]) == ("WaitingForPreviousFile", None)
    simulator.post("/clock", {"offsetSeconds": 3599})
    simulator.post("/settings", {"fileWait": 3600})
    assert outcome(offline.files()["rows"][0]) == ("WaitingForPreviousFile", None)
    simulator.post("/clock", {"offsetSeconds": 3700})
    assert outcome(offline.files()["rows"][0]) == ("FailedWithErrors", "FileExceededAllowedWaitingTime")
    assert simulator.ledger(offline.device_id)["receipts"] == []


def test_stored_receipts_are_skipped_and_the_first_opening_stands(simulator, offline):
    receipts = offline.sell_offline(2)
    offline.send_file(offline.offline_file(1, receipts[:1]))
    offline.processed(1)
    later = offline.offline_file(2, receipts)
    later["header"]["fiscalDayOpened"] = text(offline.opened - timedelta(hours=1))
    offline.send_file(later)
    offline.send_file(offline.offline_file(3, footer=True))
    assert [outcome(row) for row in offline.processed(3)] == [("CompleteSuccessful", None)] * 3
    assert len(simulator.ledger(offline.device_id)["receipts"]) == 2


def test_content_and_footer_fail_apart(simulator, offline):
    bad = offline.offline_file(1, [{"receiptType": "FiscalInvoice"}], footer=True)
    offline.send_file(bad)
    assert outcome(offline.processed(1)[0]) == ("FailedWithErrors", "IncorrectFileFormat")
    assert simulator.ledger(offline.device_id)["fiscalDayNo"] is None

    wrong_close = offline.offline_file(2, offline.sell_offline(), footer=True)
    wrong_close["footer"]["fiscalDayDeviceSignature"] = offline.signature("something else")
    offline.send_file(wrong_close)
    assert outcome(offline.processed(2)[1]) == ("FailedWithErrors", "BadCertificateSignature")
    ledger = simulator.ledger(offline.device_id)
    assert (len(ledger["receipts"]), ledger["fiscalDayStatus"]) == (1, "FiscalDayCloseFailed")

    offline.send_file(offline.offline_file(3, footer=True))
    assert outcome(offline.processed(3)[2]) == ("CompleteSuccessful", None)


def test_missing_receipts_and_other_totals_stop_the_footer(simulator, offline):
    receipts = offline.sell_offline(3)
    offline.send_file(offline.offline_file(1, [receipts[0], receipts[2]], footer=True))
    row = offline.processed(1)[0]
    assert outcome(row) == ("FailedWithErrors", "MissingReceipts")
    (invalid,) = row["invoiceWithValidationErrors"]
    assert (invalid["receiptCounter"], invalid["receiptGlobalNo"]) == (3, 3)
    assert codes(invalid) == {"RCPT011": "Gray", "RCPT012": "Gray"}
    file = offline.offline_file(2, [receipts[1]], footer=True)
    file["footer"] = {**file["footer"], "receiptCounter": 2}
    offline.send_file(file)
    assert outcome(offline.processed(2)[1]) == ("FailedWithErrors", "CountersMismatch")
    offline.send_file(offline.offline_file(3, footer=True))
    assert outcome(offline.processed(3)[2]) == ("CompleteSuccessful", None)


def test_red_receipts_are_listed_and_the_footer_is_skipped(simulator, offline):
    red = offline.sell_offline(receiptLines=[line(receiptLineQuantity=2)])
    offline.send_file(offline.offline_file(1, red, footer=True))
    row = offline.processed(1)[0]
    assert outcome(row) == ("FailedWithErrors", "ReceiptsWithValidationErrors")
    assert codes(row["invoiceWithValidationErrors"][0]) == {"RCPT024": "Red"}
    assert simulator.ledger(offline.device_id)["fiscalDayStatus"] == "FiscalDayOpened"
    assert simulator.post(f"/devices/{offline.device_id}/close-day-manually").status_code == 200
    assert refusal(offline.send_file(offline.offline_file(2, footer=True))) == "FILE04"


def test_a_day_that_was_closed_meanwhile(simulator, offline):
    offline.send_file(offline.offline_file(1, offline.sell_offline()))
    waiting = offline.sell_offline(2)
    offline.send_file(offline.offline_file(3, waiting[1:]))
    assert outcome(offline.processed(2)[1]) == ("WaitingForPreviousFile", None)
    simulator.post(f"/devices/{offline.device_id}/close-day-manually")
    for _ in range(100):
        row = offline.files()["rows"][1]
        if row["fileProcessingStatus"] == "FailedWithErrors":
            break
    assert outcome(row) == ("FailedWithErrors", "FileSentForClosedDay")


def test_the_list(offline):
    numbers = []
    for sequence in (1, 2, 3):
        answer = offline.send_file(offline.offline_file(sequence, offline.sell_offline()))
        numbers.append(answer.json()["operationID"])
    offline.processed(3)
    one = offline.files(OperationID=numbers[1])
    assert (one["total"], one["rows"][0]["fileSequence"]) == (1, 2)
    page = offline.files(Offset=1, Limit=1, Sort="FileName", Order="desc")
    assert (page["total"], [row["fileSequence"] for row in page["rows"]]) == (3, [2])
    early = offline.files(FileUploadedTill=text(now() - timedelta(days=1)))
    assert early == {"total": 0, "rows": []}
    long = {"FileUploadedFrom": text(now() - timedelta(days=101)), "FileUploadedTill": text(now())}
    assert offline.files(**long)["errorCode"] == "FILE02"
    for wrong in (
        {"Offset": ""},
        {"Limit": "ten"},
        {"Limit": 0},
        {"FileUploadedFrom": "2026-01-01"},
        {"Sort": "Weight"},
        {"OperationID": "x" * 101},
    ):
        assert list(offline.files(**wrong)["errors"]) == list(wrong)
