"""backup, restore, doctor, logs and a second start, as processes: alone, beside a running engine, after a kill -9."""

import json
import os
from pathlib import Path

import httpx
import pytest

from fiscalmon.domain.errors import TillStopping
from tests.support.books import sale
from tests.support.command import Zygote, serve
from tests.support.tills import Till


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    zygote = Zygote(tmp_path_factory.mktemp("zygote"))
    yield zygote.run
    zygote.end()


@pytest.fixture
async def folder(fdms, tmp_path):
    """A folder with three receipts at FDMS; no engine runs."""
    till = await Till(fdms, tmp_path / "data").start(1)
    await till.sell(3)
    await till.drained()
    await till.stop()
    return till.path


async def test_a_backup_and_back_alone(run, folder, tmp_path):
    done = await run(folder, "backup", str(tmp_path / "b.backup"), "--json")
    assert (done.code, done.json[0]["receipts"], done.json[0]["withKeys"]) == (0, 3, False)
    back = await run(folder, "restore", str(tmp_path / "b.backup"), "--json")
    assert (back.code, back.json[0]["receipts"]) == (0, 3)
    audit = await run(folder, "audit", "--json")
    assert (audit.code, audit.json[0]["receipts"]) == (0, 3)


async def test_keys_need_a_passphrase_and_come_back(run, folder, tmp_path):
    target = str(tmp_path / "b.backup")
    assert (await run(folder, "backup", target, "--with-keys")).code == 2
    sealed = await run(folder, "backup", target, "--with-keys", "--passphrase-stdin", given=b"a long passphrase\n")
    assert sealed.code == 0
    wrong = await run(tmp_path / "new", "restore", target, "--with-keys", "--passphrase-stdin", given=b"another one!\n")
    assert (wrong.code, wrong.complaint) == (1, "fiscalmon: This passphrase does not open the backup's keys.")
    right = await run(
        tmp_path / "new", "restore", target, "--with-keys", "--passphrase-stdin", given=b"a long passphrase\n"
    )
    assert right.code == 0
    assert sorted(path.name for path in (tmp_path / "new" / "keys").iterdir()) == sorted(
        path.name for path in (folder / "keys").iterdir()
    )


async def test_beside_a_running_engine(run, folder, tmp_path):
    engine = serve(folder)
    try:
        target = tmp_path / "b.backup"
        assert (await run(folder, "backup", str(target))).code == 0
        second = await run(folder, "serve", "--no-tls", "--port", "0")
        assert second.code == 1
        assert "already runs on" in second.complaint
        doctor = await run(folder, "doctor", "--json", "--bundle", str(tmp_path / "b.zip"))
        assert (doctor.code, doctor.json[0]["running"]) == (0, True)
        assert (tmp_path / "b.zip").stat().st_size > 1000
        window = await run(folder, "app", DISPLAY=":7")
        assert window.code == 1
        assert "without a window" in window.complaint
    finally:
        engine.end()


async def test_a_restore_through_a_running_server_starts_it_again_at_its_address(run, folder, tmp_path):
    target = str(tmp_path / "b.backup")
    assert (await run(folder, "backup", target)).code == 0
    engine = serve(folder)
    try:
        sold = await run(folder, "submit", "-", "--json", given=json.dumps(sale("later")).encode())
        assert sold.json[0]["status"] == "signed"
        (tmp_path / "torn.backup").write_bytes((tmp_path / "b.backup").read_bytes()[:50_000])
        torn = await run(folder, "restore", str(tmp_path / "torn.backup"))
        assert (torn.code, "damaged" in torn.complaint) == (1, True)
        assert len((await run(folder, "receipts", "list", "--json")).json[0]["items"]) == 4
        back = await run(folder, "restore", target, "--json")
        assert (back.code, back.json[0]["receipts"], back.json[0]["inPlace"]) == (0, 3, True)
        assert (Path(back.json[0]["keptIn"]) / "fiscalmon.db").exists()
        async with httpx.AsyncClient(trust_env=False) as http:
            assert (await http.get(engine.ready["url"] + "/healthz")).status_code == 200
        assert len((await run(folder, "receipts", "list", "--json")).json[0]["items"]) == 3
        assert (await run(folder, "doctor", "--json")).json[0]["running"] is True
    finally:
        ended, _ = engine.end()
    assert (ended.code, ended.out) == (0, "")


async def test_a_restore_into_a_window_waits_for_its_next_start_and_nothing_is_sold_till_then(
    fdms, run, folder, tmp_path
):
    target = str(tmp_path / "b.backup")
    assert (await run(folder, "backup", target)).code == 0
    till = await Till(fdms, folder).start()
    try:
        ready = await run(folder, "restore", target)
        assert (ready.code, "start it again" in ready.out) == (0, True)
        with pytest.raises(TillStopping, match="nothing is sold"):
            await till.engine.till.submit(sale("late"))
    finally:
        await till.stop()
    assert (await run(folder, "receipts", "list", "--json")).json[0]["items"]
    audit = await run(folder, "audit", "--json")
    assert (audit.code, audit.json[0]["receipts"]) == (0, 3)
    told = await run(folder, "logs", "--search", "books.restored", "--json")
    assert [line["type"] for line in told.json if line["type"] != "log"] == ["books.restored"]


async def test_a_killed_engine_blocks_nobody_and_is_noticed(run, folder):
    engine = serve(folder)
    engine.kill()
    doctor = await run(folder, "doctor", "--json")
    assert doctor.code == 0
    checks = {check["code"]: check for check in doctor.json[0]["checks"]}
    assert checks["ENGINE"]["state"] == "attention"
    again = serve(folder)
    assert (await run(folder, "doctor", "--json")).json[0]["running"] is True
    again.end()
    log = await run(folder, "logs", "--search", "engine.started", "--json")
    assert [line["data"]["unclean"] for line in log.json][-1] is True


async def test_damaged_books_fail_with_what_to_do_and_stay(run, folder, tmp_path):
    path = folder / "fiscalmon.db"
    os.truncate(path, path.stat().st_size // 2)
    before = path.read_bytes()
    doctor = await run(folder, "doctor", "--json", "--bundle", str(tmp_path / "b.zip"))
    assert doctor.code == 1
    assert doctor.err.startswith("fiscalmon: DATABASE: ")
    assert "Traceback" not in doctor.err
    sold = await run(folder, "serve", "--no-tls", "--port", "0")
    assert sold.code == 1
    assert "restore the last backup before selling" in sold.complaint
    logs = await run(folder, "logs", "--json")
    assert logs.code == 1
    assert {line["type"] for line in logs.json} <= {"log"}
    assert path.read_bytes() == before


async def test_logs_hold_events_and_lines_in_one_order(run, folder):
    serve(folder).end()
    everything = await run(folder, "logs", "--json")
    lines = everything.json
    assert {"log", "receipt.completed", "fiscal.opened"} <= {line["type"] for line in lines}
    assert all({"seq", "type", "at", "deviceID", "data", "level"} <= set(line) for line in lines)
    assert [line["seq"] for line in lines] == sorted(line["seq"] for line in lines)
    own = [line["at"] for line in lines if line["type"] == "log"]
    assert own == sorted(own)
    found = await run(folder, "logs", "--search", "engine.stopped", "--json")
    assert {line["data"]["event"] for line in found.json} == {"engine.stopped"}
    errors = await run(folder, "logs", "--level", "error", "--json")
    assert errors.json == []
    assert (await run(folder, "logs")).out.count("\n") == len(lines)
    assert json.dumps(lines)
