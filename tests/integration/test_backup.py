"""Backups made while the till sells, and put back: one file, verified on both ways, nothing lost when it goes wrong."""

import asyncio
import contextlib
import os
import shutil
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from device.keys.sealed import open_keys
from fiscalmon import restoring
from fiscalmon.data_folder import DataFolder
from fiscalmon.domain.errors import BadInput, FiscalmonError
from fiscalmon.services.backup_shelf import Shelf, kept_days
from fiscalmon.store.backup_file import BackupUnusable, open_backup
from fiscalmon.store.database import FILE_NAME
from fiscalmon.store.migrations import HEAD
from fiscalmon.store.support_views import TRIGGERS
from tests.support.tills import Till, new_device

PASSPHRASE = "correct horse battery"


async def back_up(till: Till, target: Path, passphrase: str | None = None) -> dict:
    return await till.engine.operations.run("backup", {"file": str(target), "passphrase": passphrase})


def run_sql(path: Path, *statements: str) -> None:
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for name in TRIGGERS:
            connection.execute(f"DROP TRIGGER IF EXISTS {name}")
        for statement in statements:
            connection.execute(statement)


@pytest.fixture
async def sold(till):
    await till.sell(4)
    await till.drained()
    return till


async def test_a_folder_that_is_not_there_is_not_made_up(sold, tmp_path):
    with pytest.raises(FiscalmonError, match=r"There is no folder .*usb: make it, or put the stick in"):
        await back_up(sold, tmp_path / "usb" / "books.backup")
    assert not (tmp_path / "usb").exists()


async def test_a_backup_is_made_while_the_till_sells_and_holds_one_moment(sold, tmp_path):
    target = tmp_path / "usb" / "books.backup"
    target.parent.mkdir()
    selling = asyncio.create_task(sold.sell(20))
    made = await back_up(sold, target)
    await selling
    assert made["file"] == str(target)
    assert made["verified"] is True
    assert 4 <= made["receipts"] <= 24
    assert made["schema"] == HEAD
    with contextlib.closing(sqlite3.connect(f"file:{target}?mode=ro", uri=True)) as connection:
        numbers = [row[0] for row in connection.execute("SELECT receiptGlobalNo FROM v_receipts ORDER BY 1")]
    assert numbers == list(range(1, made["receipts"] + 1))
    assert target.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in target.parent.iterdir()] == [target.name]
    assert ("backup.made", made["receipts"]) in [(type_, data.get("receipts")) for type_, data in await sold.told()]


async def test_no_secret_is_in_a_backup_unless_asked_for_and_then_sealed(sold, tmp_path):
    await back_up(sold, tmp_path / "plain.backup")
    await back_up(sold, tmp_path / "keys.backup", PASSPHRASE)
    keys = sold.path / "keys"
    secrets = [path.read_bytes() for path in keys.iterdir()]
    for name in ("plain.backup", "keys.backup"):
        content = (tmp_path / name).read_bytes()
        assert not [secret for secret in secrets if secret in content]
        assert PASSPHRASE.encode() not in content
        assert b"PRIVATE KEY" not in content
    about, files = open_backup(tmp_path / "plain.backup")
    assert (about["withKeys"], "keys" in files) == (False, False)
    _, files = open_backup(tmp_path / "keys.backup")
    assert open_keys(files["keys"], PASSPHRASE) == {path.name: path.read_bytes() for path in keys.iterdir()}
    with pytest.raises(BadInput, match="does not open"):
        open_keys(files["keys"], PASSPHRASE + "!")
    with pytest.raises(BadInput, match="12 characters"):
        await back_up(sold, tmp_path / "short.backup", "short")
    assert not (tmp_path / "short.backup").exists()


async def test_a_backup_replaces_a_backup_and_nothing_else(sold, tmp_path):
    target = tmp_path / "books.backup"
    await back_up(sold, target)
    await sold.sell(1)
    assert (await back_up(sold, target))["receipts"] == 5
    letter = tmp_path / "letter.txt"
    letter.write_text("dear tax office")
    with pytest.raises(FiscalmonError, match="exists and is no backup"):
        await back_up(sold, letter)
    with pytest.raises(FiscalmonError, match="exists and is no backup"):
        await back_up(sold, sold.path / FILE_NAME)
    assert letter.read_text() == "dear tax office"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["books.backup", "letter.txt", "till"]


async def test_books_that_do_not_hold_are_no_backup(sold, tmp_path):
    run_sql(sold.path / FILE_NAME, "UPDATE receipts SET invoice_no = 'X' WHERE id = 2")
    with pytest.raises(FiscalmonError, match="chain of receipts does not hold"):
        await back_up(sold, tmp_path / "books.backup")
    assert not (tmp_path / "books.backup").exists()
    assert "backup.failed" in [type_ for type_, _ in await sold.told()]


async def test_a_full_disk_says_so_and_leaves_nothing(sold, tmp_path, monkeypatch):
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr("fiscalmon.services.backup.shutil.disk_usage", lambda _: usage._replace(free=1_000_000))
    with pytest.raises(FiscalmonError, match="make room or choose another folder"):
        await back_up(sold, tmp_path / "books.backup")
    monkeypatch.undo()

    def full(*_):
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr("fiscalmon.store.backup_file.sync_file", full)
    with pytest.raises(FiscalmonError, match=r"disk of .* is full"):
        await back_up(sold, tmp_path / "books.backup")
    assert [path.name for path in tmp_path.iterdir()] == ["till"]


async def restored(till: Till, backup: Path, passphrase: str | None = None) -> dict:
    folder = DataFolder(till.path)
    folder.claim()
    try:
        return await asyncio.to_thread(restoring.restore, folder, backup, passphrase)
    finally:
        folder.release()


async def test_a_restore_brings_back_the_moment_and_keeps_what_was_there(sold, tmp_path):
    target = tmp_path / "books.backup"
    await back_up(sold, target)
    await sold.sell(2)
    await sold.drained()
    await sold.stop()
    done = await restored(sold, target)
    assert (done["receipts"], done["keys"]) == (4, False)
    kept = Path(done["keptIn"])
    with contextlib.closing(sqlite3.connect(kept / FILE_NAME)) as old:
        assert old.execute("SELECT count(*) FROM receipts").fetchone() == (6,)
    await sold.start()
    assert await sold.rows("SELECT max(receipt_global_no) FROM receipts") == [(4,)]
    assert "books.restored" in [type_ for type_, _ in await sold.told()]
    tables = await sold.rows("SELECT name FROM sqlite_master WHERE name LIKE 'backup%'")
    assert tables == []
    # FDMS holds two receipts more: the audit sees that these books are old.
    report = await sold.engine.till.audit.run()
    assert "FDMS holds receipt 6, but the books end at 4" in {error["what"] for error in report["errors"]}


async def test_on_a_new_machine_books_and_keys_make_the_till_again(sold, tmp_path):
    target = tmp_path / "books.backup"
    await back_up(sold, target, PASSPHRASE)
    other = Till(sold.fdms, tmp_path / "other")
    other.ids = sold.ids
    await sold.stop()
    done = await restored(other, target, PASSPHRASE)
    assert done["keys"] is True
    await other.start()
    assert (other.path / "keys" / f"{other.id}.key").stat().st_mode & 0o777 == 0o600
    result = await other.engine.till.submit(
        {**SALE, "saleId": "after-restore", "invoiceNo": "after-restore", "deviceID": other.id}
    )
    assert result["receiptGlobalNo"] == 5
    await other.drained()
    await other.check()
    await other.stop()
    await sold.start()


SALE = {
    "receiptType": "FiscalInvoice", "receiptCurrency": "USD", "receiptLinesTaxInclusive": True,
    "receiptLines": [{"receiptLineType": "Sale", "receiptLineName": "MILK", "receiptLineHSCode": "04012000",
                      "receiptLinePrice": "2.49", "receiptLineQuantity": "2", "taxID": 3}],
    "receiptPayments": [{"moneyTypeCode": "Cash", "paymentAmount": "4.98"}], "receiptPrintForm": "Receipt48",
}  # fmt: skip


def flip_a_byte(path: Path, around: bytes) -> None:
    content = bytearray(path.read_bytes())
    content[content.index(around) + len(around) // 2] ^= 1
    path.write_bytes(content)


SPOILT = {
    "cut": (lambda path: os.truncate(path, path.stat().st_size // 2), "damaged|cannot be read"),
    "empty": (lambda path: path.write_bytes(b""), "no backup"),
    "letter": (lambda path: path.write_bytes(b"dear tax office" * 100), "no backup"),
    "a bit of an event": (lambda path: flip_a_byte(path, b"fiscal.opened"), "not as it was written"),
    "a bit of a receipt": (lambda path: flip_a_byte(path, b'"receiptLineName":"'), "not as it was written"),
    "a receipt less": (
        lambda path: run_sql(path, "DELETE FROM outbox WHERE receipt = 2", "DELETE FROM receipts WHERE id = 2"),
        "damaged|not as it was written",
    ),
    "newer": (
        lambda path: run_sql(path, "UPDATE backup_about SET value = '\"9999\"' WHERE name = 'schema'"),
        "newer fiscalmon",
    ),
    "no backup": (lambda path: run_sql(path, "DROP TABLE backup_about"), "no backup"),
}


@pytest.mark.parametrize("spoil", SPOILT)
async def test_a_spoilt_backup_replaces_nothing(sold, tmp_path, spoil):
    target = tmp_path / "books.backup"
    await back_up(sold, target)
    await sold.stop()
    how, words = SPOILT[spoil]
    how(target)
    before = {path.name: path.read_bytes() for path in sold.path.iterdir() if path.is_file()}
    with pytest.raises(BackupUnusable, match=words):
        await restored(sold, target)
    assert {path.name: path.read_bytes() for path in sold.path.iterdir() if path.is_file()} == before
    await sold.start()


async def test_a_forged_backup_falls_with_its_chain(sold, tmp_path):
    """Somebody who knows the format changes a receipt and makes the digest good again."""
    target = tmp_path / "books.backup"
    await back_up(sold, target)
    await sold.stop()
    run_sql(target, "UPDATE receipts SET hash = (SELECT hash FROM receipts WHERE id = 1) WHERE id = 3")
    with contextlib.closing(sqlite3.connect(target, isolation_level=None)) as connection:
        from fiscalmon.store.backup_file import content_digest

        digest = content_digest(connection)
        connection.execute("UPDATE backup_about SET value = ? WHERE name = 'digest'", (f'"{digest}"',))
    with pytest.raises(BackupUnusable, match="do not add up"):
        await restored(sold, target)
    assert not (sold.path / restoring.STAGE).exists()
    await sold.start()


async def test_a_restore_without_its_keys_says_so(sold, tmp_path):
    target = tmp_path / "books.backup"
    await back_up(sold, target)
    await sold.stop()
    with pytest.raises(BadInput, match="holds no keys"):
        await restored(sold, target, PASSPHRASE)
    await sold.start()


async def test_a_restore_that_is_cut_off_anywhere_is_finished_by_the_next_start(sold, tmp_path, monkeypatch):
    """The power goes after each step of the exchange in turn; the next start ends it, and all is as if it had not."""
    target = tmp_path / "books.backup"
    await back_up(sold, target)
    await sold.sell(1)
    await sold.stop()
    before = tmp_path / "before"
    shutil.copytree(sold.path, before)
    steps, cut_at = 0, 1
    while True:
        shutil.rmtree(sold.path)
        shutil.copytree(before, sold.path)
        steps = 0
        plain = Path.replace

        def replace(self, to, plain=plain, last=cut_at):
            nonlocal steps
            steps += 1
            if steps > last:
                raise KeyboardInterrupt
            return plain(self, to)

        with monkeypatch.context() as patch:
            patch.setattr(Path, "replace", replace)
            try:
                await restored(sold, target)
                break
            except KeyboardInterrupt:
                pass
        await sold.start()
        assert await sold.rows("SELECT count(*) FROM receipts") == [(4,)], f"cut after step {cut_at}"
        await sold.stop()
        assert not (sold.path / restoring.STAGE).exists()
        kept = next(sold.path.glob("before-restore-*"))
        with contextlib.closing(sqlite3.connect(kept / FILE_NAME)) as old:
            assert old.execute("SELECT count(*) FROM receipts").fetchone() == (5,)
        cut_at += 1
    assert cut_at > 1
    await sold.start()


async def test_the_shelf_keeps_days_and_weeks(tmp_path):
    shelf = Shelf(tmp_path / "backups")
    first = datetime(2026, 9, 1, 3, tzinfo=UTC)
    for day in range(80):
        shelf.place(first + timedelta(days=day)).write_bytes(b"x")
    (shelf.folder / "mine.txt").write_text("kept")
    shelf.tidy(7, 4)
    left = sorted(path.name for path in shelf.folder.iterdir())
    assert len(left) == 7 + 4 + 1
    assert left[-1] == "mine.txt"
    newest = (first + timedelta(days=79)).date()
    assert left[-2] == f"fiscalmon-{newest}.backup"
    days = [newest - timedelta(days=days) for days in range(40)]
    assert kept_days(days, 7, 0) == set(days[:7])


async def test_the_night_makes_its_own(sold):
    made = await sold.engine.upkeep.backup.nightly()
    assert "4 receipts" in made
    (file,) = (sold.path / "backups").iterdir()
    open_backup(file)


async def test_two_devices_and_a_later_one(sold, tmp_path):
    other = await sold.register(new_device(sold.fdms))
    await sold.sell(1, other)
    assert (await back_up(sold, tmp_path / "b.backup"))["devices"] == sorted(sold.ids)
