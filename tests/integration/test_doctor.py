"""The doctor over a running engine, alone and over damaged books; the bundle, with secrets planted everywhere."""

import asyncio
import contextlib
import hashlib
import json
import os
import sqlite3
import zipfile
from datetime import UTC, datetime, timedelta

import pytest

from fiscalmon.checkup import examine
from fiscalmon.data_folder import DataFolder
from fiscalmon.services import diagnosis
from fiscalmon.services.diagnosis import DeviceFacts, Facts
from fiscalmon.settings import Settings
from fiscalmon.store.database import FILE_NAME
from fiscalmon.support_bundle import write_bundle

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SOUND = Facts(now=NOW, running=True, schema="0008", schema_known="0008", free_bytes=10 * 2**30, backup_at=NOW)
DEVICE = DeviceFacts(101, NOW + timedelta(days=200), drift=0.3)


def states(report: dict) -> dict[str, str]:
    return {check["code"] + (check["subject"] or ""): check["state"] for check in report["checks"]}


def changed(facts, **changes):
    from msgspec.structs import replace

    return replace(facts, **changes)


def with_device(**changes) -> Facts:
    return changed(SOUND, devices=(changed(DEVICE, **changes),))


CASES = [
    (with_device(drift=31.0), "CLOCK101", "attention", "31 s ahead"),
    (with_device(drift=-130.0), "CLOCK101", "failed", "130 s behind"),
    (with_device(drift=None), "CLOCK101", "attention", "could not be compared"),
    (with_device(certificate_till=NOW + timedelta(days=30, hours=1)), "CERTIFICATE101", "attention", "30 days"),
    (with_device(certificate_till=NOW - timedelta(hours=1)), "CERTIFICATE101", "failed", "expired"),
    (with_device(unreachable="no route"), "GATEWAY101", "attention", "no route"),
    (with_device(refusal="blocked"), "GATEWAY101", "failed", "blocked"),
    (with_device(key_problem="is missing"), "KEY101", "failed", "is missing"),
    (with_device(doubt="does not add up"), "CHAIN101", "failed", "does not add up"),
    (with_device(queued=3, oldest=NOW - timedelta(minutes=11)), "QUEUE101", "attention", "3 receipts"),
    (with_device(queued=3, oldest=NOW - timedelta(hours=3)), "QUEUE101", "failed", "3 h"),
    (with_device(queued=3, oldest=NOW - timedelta(hours=3), offline_mode=True), "QUEUE101", "ok", "3 receipts"),
    (changed(SOUND, free_bytes=2**30), "DISK", "attention", "1024 MiB"),
    (changed(SOUND, free_bytes=100 * 2**20), "DISK", "failed", "100 MiB"),
    (changed(SOUND, free_bytes=None), "DISK", "failed", "cannot be looked at"),
    (changed(SOUND, backup_at=NOW - timedelta(hours=27)), "BACKUP", "attention", "27 h"),
    (changed(SOUND, backup_at=NOW - timedelta(days=4)), "BACKUP", "failed", "4 days"),
    (changed(SOUND, backup_at=None), "BACKUP", "attention", "ever made"),
    (changed(SOUND, backup_failed="disk full"), "BACKUP", "attention", "0 min"),
    (changed(SOUND, problems=("page 3 is torn",)), "DATABASE", "failed", "page 3"),
    (changed(SOUND, books_doubt="do not sell"), "DATABASE", "failed", "do not sell"),
    (changed(SOUND, open_files=("keys/7.key",)), "KEY_FILES", "failed", "keys/7.key"),
    (changed(SOUND, running=False, unclean=True), "ENGINE", "attention", "without a word"),
    (changed(SOUND, crashes=2), "CRASHES", "attention", "2 crash files"),
]


@pytest.mark.parametrize(("facts", "name", "state", "words"), CASES, ids=[f"{case[1]}-{case[2]}" for case in CASES])
def test_what_is_wrong_is_said_with_what_to_do(facts, name, state, words):
    report = diagnosis.report(facts, "1")
    (check,) = [check for check in report["checks"] if check["code"] + (check["subject"] or "") == name]
    assert check["state"] == state
    assert words in check["what"]
    assert state == "ok" or check["advice"]
    assert report["state"] == state or state == "ok"


def test_a_sound_till_is_sound():
    assert set(states(diagnosis.report(with_device(), "1")).values()) == {"ok"}


async def test_through_the_engine_and_alone_the_same_is_seen(till):
    await till.sell(2)
    await till.drained()
    live = await till.engine.operations.run("doctor", {})
    assert live["running"] is True
    assert live["state"] == "attention"
    wrong = {name for name, state in states(live).items() if state != "ok"}
    assert wrong == {"BACKUP"}
    await till.engine.upkeep.backup.make(till.path.parent / "b.backup")
    assert states(await till.engine.operations.run("doctor", {}))["BACKUP"] == "ok"
    await till.stop()
    alone = await examine(DataFolder(till.path), Settings())
    assert alone["running"] is False
    assert {name: state for name, state in states(alone).items() if state != "ok"} == {}
    assert set(states(alone)) - {"AUDIT"} == set(states(live)) - {"AUDIT"}
    await till.start()


async def test_alone_fdms_away_is_no_failure(till, fdms):
    await till.stop()
    till.faults({"action": "drop-before"})
    report = await examine(DataFolder(till.path), Settings())
    assert states(report)[f"GATEWAY{till.id}"] == "attention"
    await till.start()


async def test_open_keys_are_found(till):
    key = till.path / "keys" / f"{till.id}.key"
    key.chmod(0o644)
    report = await till.engine.operations.run("doctor", {})
    assert states(report)["KEY_FILES"] == "failed"
    key.chmod(0o600)


def test_an_empty_folder_stays_empty(tmp_path):
    report = asyncio.run(examine(DataFolder(tmp_path), Settings()))
    assert report["state"] == "ok"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("spoil", ["cut", "garbage"])
async def test_damaged_books_are_named_and_a_bundle_comes_out(till, spoil, tmp_path):
    await till.sell(3)
    await till.drained()
    await till.stop()
    path = till.path / FILE_NAME
    if spoil == "cut":
        os.truncate(path, path.stat().st_size // 2)
    else:
        path.write_bytes(b"dear tax office" * 1000)
    before = path.read_bytes()
    report = await examine(DataFolder(till.path), Settings())
    assert states(report)["DATABASE"] == "failed"
    bundle = write_bundle(DataFolder(till.path), report, tmp_path / "b.zip")
    assert "doctor.json" in {one["name"] for one in bundle["files"]}
    assert path.read_bytes() == before
    path.unlink()
    for more in till.path.glob(FILE_NAME + "-*"):
        more.unlink()
    await till.start()


async def test_the_bundle_says_what_is_in_it_and_holds_no_secret(till, tmp_path, monkeypatch):
    monkeypatch.setenv("USER", "tendai.moyo")
    secrets = [
        "hunter2-hunter2", "PLANTED-ACTIVATION", "planted.jwt.token", "Mrs Buyer", "263770000000",
        "planted-settings-host",
        "tendai.moyo", str(till.path), "planted-folder", "PLANTED MILK",
    ]  # fmt: skip
    await till.sell(
        2,
        buyerData={
            "buyerRegisterName": "Mrs Buyer",
            "buyerTIN": "1234567890",
            "buyerContacts": {"phoneNo": "263770000000"},
        },
    )
    await till.drained()
    await till.engine.preferences.set("backup", {"folder": str(tmp_path / "planted-folder")}, by="tendai.moyo")
    at = "2026-11-22T10:00:00.000Z"
    await till.engine.store.write(
        lambda work: work.events.add("device.attention", at, till.id, {
            "reason": f"see {till.path}/keys, password=hunter2-hunter2", "secretThing": "PLANTED-ACTIVATION",
            "buyer": {"name": "Mrs Buyer"}, "changes": {"a": "planted-folder"},
        })
    )  # fmt: skip
    (till.path / "settings.toml").write_text('[server]\nhost = "127.0.0.1"\nhost_names = ["planted-settings-host"]\n')
    logs = till.path / "logs"
    logs.mkdir(exist_ok=True)
    line = {
        "event": "token=planted.jwt.token", "level": "error", "timestamp": at, "activation_key": "PLANTED-ACTIVATION",
        "text": f"/{'home'}/tendai.moyo/x and {till.path}/y", "account": "tendai.moyo", "name": "PLANTED MILK",
    }  # fmt: skip
    (logs / "fiscalmon.log").write_text(json.dumps(line) + "\nnot json hunter2-hunter2\n")
    report = await till.engine.operations.run("doctor", {})
    target = tmp_path / "bundle.zip"
    told = write_bundle(DataFolder(till.path), report, target)
    assert told["missing"] == []
    keys = [path.read_bytes() for path in (till.path / "keys").iterdir()]
    with zipfile.ZipFile(target) as bundle:
        contents = {name: bundle.read(name) for name in bundle.namelist()}
    manifest = json.loads(contents.pop("manifest.json"))
    assert {one["name"]: one["sha256"] for one in manifest["files"]} == {
        name: hashlib.sha256(content).hexdigest() for name, content in contents.items()
    }
    assert manifest["leftOut"]
    everything = b"\n".join(contents.values())
    found = [secret for secret in secrets if secret.encode() in everything]
    assert found == []
    assert not [key for key in keys if key in everything]
    assert b"PRIVATE KEY" not in everything
    assert b"BEGIN CERTIFICATE" not in everything
    # What support needs is there.
    assert json.loads(contents["database.json"])["rows"]["receipts"] == 2
    assert json.loads(contents["attempts.json"])[0]["outcome"] == "done"
    assert json.loads(contents["certificates.json"])[0]["deviceID"] == till.id
    assert json.loads(contents["log.json"])[0]["level"] == "error"
    assert target.stat().st_mode & 0o777 == 0o600


def test_books_of_an_earlier_version_are_looked_at_as_they_are(tmp_path):
    from fiscalmon.store.database import open_engine

    open_engine(tmp_path).dispose()
    with contextlib.closing(sqlite3.connect(tmp_path / FILE_NAME, isolation_level=None)) as books:
        books.execute("DROP TABLE chores")
        books.execute("UPDATE alembic_version SET version_num = '0007'")
    report = asyncio.run(examine(DataFolder(tmp_path), Settings()))
    assert states(report)["DATABASE"] == "ok"
    (schema,) = [check for check in report["checks"] if check["code"] == "SCHEMA"]
    assert "the next start brings it" in schema["what"]
