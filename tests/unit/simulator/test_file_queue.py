"""The queue of files across kills: what was stored, closed or interrupted before is taken up as it lies."""

import asyncio
from base64 import b64encode

import msgspec
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from msgspec.structs import replace

from fiscalmon.domain.canonical import digest, fiscal_day_parts
from fiscalmon.domain.counters import from_totals
from fiscalmon.domain.receipt import SignatureData
from fiscalmon.simulator.file_content import Header, Unreadable, read_header, read_parts, unwrap
from fiscalmon.simulator.file_queue import FileQueue
from fiscalmon.simulator.file_rows import SubmittedFile
from fiscalmon.simulator.problems import Problem
from tests.support.simulation import KEY, OPENED
from tests.unit.domain.samples import line, receipt_of

encode = msgspec.json.Encoder(decimal_format="number").encode


@pytest.fixture
def offline(fresh):
    """The device in Offline mode, nothing opened yet, without delays."""
    fresh.change(operating_mode="Offline")
    ledger = fresh.simulation.ledger
    ledger.change_settings(replace(ledger.settings, file_delay=0, close_delay=0))
    return fresh


def file_of(device, sequence: int, receipts=(), footer=None) -> tuple[SubmittedFile, bytes]:
    no = device.book.day.no
    header = {"deviceID": device.device_id, "fiscalDayNo": no, "fiscalDayOpened": OPENED, "fileSequence": sequence}
    parts = {"header": header, "content": {"receipts": receipts}, "footer": footer}
    shown = SubmittedFile(device.device_id, no, OPENED, sequence, "InProgress", has_footer=footer is not None)
    return shown, encode({name: part for name, part in parts.items() if part})


def footer_of(device, receipt_counter: int) -> dict:
    """The close of what the device has sold so far."""
    counters = from_totals(device.book.chain.totals)
    made = digest(fiscal_day_parts(device.device_id, device.book.day.no, OPENED[:10], counters))
    signature = b64encode(KEY.sign(made.canonical.encode(), ec.ECDSA(hashes.SHA256()))).decode()
    return {
        "fiscalDayCounters": counters,
        "fiscalDayDeviceSignature": SignatureData(made.base64, signature),
        "receiptCounter": receipt_counter,
        "fiscalDayClosed": "2026-03-02T11:00:00",
    }


async def settled(queue: FileQueue, device) -> list[tuple[str, str | None]]:
    for _ in range(500):
        rows = queue.listed(device.book)
        if all(row.status != "InProgress" for row in rows):
            return [(row.status, row.error) for row in rows]
        await asyncio.sleep(0.005)
    raise AssertionError("the queue never settled")


async def test_a_kill_between_receipts_loses_and_doubles_nothing(offline):
    simulation = offline.simulation
    receipts = [offline.sign(offline.placed(receipt_of(line("11.55"))))]
    offline.counter, offline.previous = 1, receipts[0].signature.hash
    receipts.append(
        offline.sign(offline.placed(receipt_of(line("5.00")), global_no=2, invoice_no="2", date="2026-03-02T08:00:09"))
    )
    simulation.receiving.import_offline(offline.book, receipts[0])  # as far as it came before the kill
    simulation.files.add(offline.book, *file_of(offline, 1, receipts))
    await simulation.files.stop()
    again = FileQueue(simulation.ledger, simulation.receiving, simulation.closing)
    again.resume()
    assert await settled(again, offline) == [("CompleteSuccessful", None)]
    assert [held.global_no for held in simulation.archive.receipts.of_device(offline.device_id)] == [1, 2]
    assert all(held.server_signature == "" for held in simulation.archive.receipts.of_device(offline.device_id))
    assert simulation.archive.all("file-content", str) == []


async def test_a_kill_after_the_close_but_before_its_note(offline):
    simulation = offline.simulation
    offline.sell(receipt_of(line("11.55")))
    shown, content = file_of(offline, 1, footer=footer_of(offline, 1))
    simulation.files.add(offline.book, shown, content)
    assert await settled(simulation.files, offline) == [("CompleteSuccessful", None)]
    # The note is lost, the day is closed: the same file once more is its own close, any other comes too late.
    simulation.files.add(offline.book, replace(shown, sequence=2), content)
    later, other = file_of(offline, 3, footer=footer_of(offline, 1))
    simulation.files.add(offline.book, later, other)
    assert await settled(simulation.files, offline) == [
        ("CompleteSuccessful", None),
        ("CompleteSuccessful", None),
        ("FailedWithErrors", "FileSentForClosedDay"),
    ]


async def test_a_reset_in_the_middle_ends_the_work(offline):
    simulation = offline.simulation
    simulation.files.add(offline.book, *file_of(offline, 1, [offline.sign(offline.placed(receipt_of(line("1.00"))))]))
    await asyncio.sleep(0)
    simulation.ledger.forget(offline.book)
    await asyncio.sleep(0.05)
    assert simulation.files.listed(offline.book) == []
    assert list(simulation.archive.receipts.of_device(offline.device_id)) == []


async def test_what_comes_right_after_a_reset_is_worked_on(offline):
    simulation = offline.simulation
    shown, content = file_of(offline, 1, [offline.sign(offline.placed(receipt_of(line("1.00"))))])
    simulation.files.add(offline.book, shown, content)
    await asyncio.sleep(0)  # the task has begun, and looks at the ledger next
    offline.start_over()
    offline.change(operating_mode="Offline")
    simulation.files.add(offline.book, shown, content)
    for _ in range(200):
        await asyncio.sleep(0.005)
        if simulation.archive.receipts.latest(offline.device_id) is not None:
            break
    assert [held.global_no for held in simulation.archive.receipts.of_device(offline.device_id)] == [1]


def test_what_a_file_may_look_like():
    file = b'{"header":{"deviceId":7,"fiscalDayNo":1,"fiscalDayOpened":"2026-03-02T08:00:00","fileSequence":2}}'
    assert read_header(file, 7) == (Header(7, 1, "2026-03-02T08:00:00", 2), False, False)
    assert read_parts(file) == ((), None)
    assert unwrap(b" \n" + file, "text/binary") == (file, None)
    with pytest.raises(Unreadable, match="Receipts"):
        read_parts(file[:-1] + b',"content":{}}')
    with pytest.raises(Problem) as caught:
        unwrap(b"{}", "multipart/form-data; boundary=x")
    assert caught.value.code == "FILE02"
