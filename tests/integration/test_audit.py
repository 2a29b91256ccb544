"""The audit against books that somebody changed behind the till's back, against FDMS, and while the till sells."""

import asyncio
import base64
import sqlite3

import pytest

from fiscalmon.domain.errors import UnknownDevice
from fiscalmon.store.database import FILE_NAME
from fiscalmon.store.support_views import TRIGGERS
from tests.support.tills import Till, new_device


@pytest.fixture
async def sold(till):
    """Five receipts at FDMS."""
    await till.sell(5)
    await till.drained()
    return till


def tamper(till, sql: str, *values) -> None:
    """With the triggers gone, as somebody with the file in his hands could."""
    database = sqlite3.connect(till.path / FILE_NAME)
    for name in TRIGGERS:
        database.execute(f"DROP TRIGGER IF EXISTS {name}")
    database.execute(sql, values)
    database.commit()
    database.close()


async def found(till) -> set[tuple]:
    report = await till.engine.till.audit.run()
    assert report["auditErrors"] == len(report["errors"])
    return {(error["receiptGlobalNo"], error["what"]) for error in report["errors"]}


async def test_sound_books(sold):
    report = await sold.engine.till.audit.run()
    assert report == {
        "devices": 1, "receipts": 5, "auditErrors": 0, "errors": [], "fdms": {str(sold.id): "agrees"},
    }  # fmt: skip


async def test_one_device_or_all(sold):
    other = await sold.register(new_device(sold.fdms))
    await sold.sell(2, other)
    await sold.drained()
    assert (await sold.engine.till.audit.run())["receipts"] == 7
    assert (await sold.engine.till.audit.run(other))["receipts"] == 2
    with pytest.raises(UnknownDevice):
        await sold.engine.till.audit.run(1)


TAMPERED = [
    (
        "UPDATE receipts SET receipt_total = '99.00' WHERE id = 3",
        {(3, "its row's numbers differ from the signed bytes")},
    ),
    ("UPDATE receipts SET invoice_no = 'X' WHERE id = 3", {(3, "its row's numbers differ from the signed bytes")}),
    (
        "UPDATE day_counters SET cents = cents + 1 WHERE type = 'SaleTaxByTax'",
        {(None, "the counters of day 1 are not the sum of its receipts")},
    ),
    ("UPDATE rollup_sales SET cents = cents - 1", {(None, "the live figures are not the sum of the receipts")}),
    ("DELETE FROM rollup_taxes", {(None, "the live figures are not the sum of the receipts")}),
    (
        "UPDATE receipts SET previous_hash = NULL WHERE id = 4",
        {(4, "it was chained to another hash than the receipt before has")},
    ),
]


@pytest.mark.parametrize(("sql", "expected"), TAMPERED, ids=[sql[:48] for sql, _ in TAMPERED])
async def test_what_was_changed_is_named(sold, sql, expected):
    tamper(sold, sql)
    assert await found(sold) == expected


async def test_a_changed_payload_breaks_hash_and_counters(sold):
    """The signed bytes themselves: an amount of 4.98 becomes 9.98."""
    ((payload,),) = await sold.rows("SELECT payload FROM receipts WHERE id = 2")
    tamper(sold, "UPDATE receipts SET payload = ? WHERE id = 2", payload.replace(b"4.98", b"9.98"))
    breaks = await found(sold)
    assert (2, "its hash is not that of its canonical string") in breaks
    assert (2, "its signature does not verify") in breaks
    assert (None, "the counters of day 1 are not the sum of its receipts") in breaks


async def test_bytes_that_are_no_receipt_are_a_break_and_no_fault(sold):
    tamper(sold, "UPDATE receipts SET payload = X'00ff', signature = 'é' WHERE id = 2")
    assert (2, "its signed bytes cannot be read") in await found(sold)
    report = await sold.engine.till.audit.run()
    assert "keep the database as it is" in report["errors"][0]["advice"]


async def test_a_foreign_signature_does_not_verify(sold):
    ((signature,),) = await sold.rows("SELECT signature FROM receipts WHERE id = 1")
    raw = bytearray(base64.b64decode(signature))
    raw[-1] ^= 1
    tamper(sold, "UPDATE receipts SET signature = ? WHERE id = 2", base64.b64encode(raw).decode())
    assert await found(sold) >= {(2, "its signature does not verify"), (2, "its row differs from the signed bytes")}


async def test_a_receipt_taken_out_leaves_a_gap(sold):
    tamper(sold, "DELETE FROM outbox WHERE receipt = 3")
    tamper(sold, "DELETE FROM receipts WHERE id = 3")
    breaks = await found(sold)
    assert (4, "its number leaves a gap") in breaks
    assert (4, "its counter does not follow the one before") in breaks
    assert (None, "the counters of day 1 are not the sum of its receipts") in breaks


async def test_the_end_cut_off_is_seen_by_what_fdms_holds(sold):
    await sold.stop()
    for table in ("attempts", "outbox"):
        tamper(sold, f"DELETE FROM {table} WHERE receipt > 3")
    tamper(sold, "DELETE FROM receipts WHERE id > 3")
    await sold.start()
    report = await sold.engine.till.audit.run()
    assert "FDMS holds receipt 5, but the books end at 3" in {error["what"] for error in report["errors"]}
    assert report["fdms"][str(sold.id)] == "differs"


async def test_fdms_that_forgot_is_seen(sold):
    sold.fdms.post(f"/devices/{sold.id}/reset").raise_for_status()
    report = await sold.engine.till.audit.run()
    assert report["fdms"][str(sold.id)].startswith(("not compared", "differs"))


async def test_without_fdms_the_books_alone_are_audited(sold):
    sold.faults({"action": "drop-before"})
    report = await sold.engine.till.audit.run()
    assert report["errors"] == []
    assert report["fdms"][str(sold.id)].startswith("not compared: ")


async def test_an_audit_while_the_till_sells_finds_nothing(fdms, tmp_path, impatient):
    """Sales go on and reach FDMS between the audit's look at the books and its question to FDMS."""
    till = await Till(fdms, tmp_path / "till").start(3)
    stop = asyncio.Event()

    async def selling(device_id: int) -> None:
        for _ in range(28):
            await till.sell(1, device_id)
            if stop.is_set():
                return

    sellers = [asyncio.ensure_future(selling(device_id)) for device_id in till.ids]
    runs = 0
    while not all(seller.done() for seller in sellers):
        report = await till.engine.till.audit.run()
        assert report["errors"] == []
        runs += 1
    assert runs >= 3
    stop.set()
    await till.drained()
    await till.check()
    await till.stop()


async def test_a_sale_between_the_two_looks_is_no_break(sold, monkeypatch):
    """The books were walked, a receipt reaches FDMS, then FDMS is asked: it holds more than the walk has seen."""
    plain = sold.device.gateway.get_status

    async def get_status():
        await sold.sell()
        await sold.drained()
        return await plain()

    monkeypatch.setattr(sold.device.gateway, "get_status", get_status)
    assert (await sold.engine.till.audit.run())["errors"] == []


async def test_no_secret_is_in_any_file_but_the_key_folder(fdms, tmp_path, impatient):
    """The database, its log and the logs are searched for everything that is secret on a till."""
    till = await Till(fdms, tmp_path / "till").start(1)
    await till.sell(3)
    await till.drained()
    await till.close_day()
    token = till.engine.folder.running().token
    passphrase = (till.path / "keys" / "passphrase").read_bytes()
    key = (till.path / "keys" / f"{till.id}.key").read_bytes()
    number = till.device.signer._key.private_numbers().private_value
    body = b"".join(key.split(b"-----")[2].split())
    secrets = {
        "activation key": till.entries[0]["activationKey"].encode(),
        "passphrase": passphrase,
        "passphrase in base64": base64.b64encode(passphrase),
        "passphrase in hex": passphrase.hex().encode(),
        "encrypted key": body[:60],
        "private number": number.to_bytes(32, "big"),
        "private number in hex": f"{number:064x}".encode(),
        "a private key's PEM": b"PRIVATE KEY",
        "control token": token.encode(),
    }
    before = {path: path.read_bytes() for path in till.path.rglob("*") if path.is_file()}
    await till.stop()
    after = {path: path.read_bytes() for path in till.path.rglob("*") if path.is_file()}
    looked_at = set()
    for path, content in [*before.items(), *after.items()]:
        if "keys" in path.relative_to(till.path).parts or path.name in ("engine.json", "engine.lock"):
            continue
        looked_at.add(path.name)
        lower = content.lower()
        assert [name for name, value in secrets.items() if value in content or value.lower() in lower] == [], path
    assert {FILE_NAME, f"{FILE_NAME}-wal"} <= looked_at
    for path in (till.path / "keys").iterdir():
        assert path.stat().st_mode & 0o077 == 0
