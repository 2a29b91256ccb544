"""Renewing certificates against the simulator's process: the old one goes when the new one works, whatever fails."""

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from msgspec.structs import replace

from fiscalmon.domain.errors import DayRefused, GatewayError, GatewayUnreachable, SaleRefused
from fiscalmon.services.certificates import CertificateFailed, Renewal
from fiscalmon.services.configuration import VAT_APPEARED, take
from tests.support.tills import Till, new_device

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
async def closed(fdms, tmp_path, impatient):
    """One device that has sold and closed its day."""
    made = await Till(fdms, tmp_path / "till").start(1)
    await made.sell(2)
    await made.drained()
    await made.close_day()
    yield made
    await made.stop()
    fdms.post("/settings", {"revokeOnRenewal": False})


def renewal(till: Till) -> Renewal:
    return till.engine._renewal


def key_of(till: Till) -> str:
    return till.device.signer.public_key_pem


def certified_key(till: Till):
    return x509.load_pem_x509_certificate(till.device.registered.certificate_pem.encode()).public_key()


def key_files(till: Till) -> list[str]:
    return sorted(file.name for file in (till.path / "keys").iterdir() if file.name != "passphrase")


async def works(till: Till) -> None:
    """A whole day, its receipts accepted, and an audit over both keys."""
    await till.open_day()
    await till.sell(2)
    await till.drained()
    await till.close_day()
    await till.check()
    rows = await till.rows("SELECT DISTINCT status FROM v_receipts")
    assert rows == [("completed",)]


class Crash(BaseException):
    """The process ends here."""


async def restarted_after(till: Till, monkeypatch, where: str, *, new_key: bool) -> None:
    """Renew, end at a step, start again on the folder."""

    def crash(*_args, **_more):
        raise Crash

    with monkeypatch.context() as patched:
        patched.setattr(where, crash)
        with pytest.raises(Crash):
            await renewal(till).renew(till.id, new_key=new_key)
    await till.restart()


@pytest.mark.parametrize("new_key", [False, True])
@pytest.mark.parametrize("revoking", [False, True])
async def test_the_certificate_is_renewed_and_the_till_goes_on(closed, new_key, revoking):
    closed.fdms.post("/settings", {"revokeOnRenewal": revoking}).raise_for_status()
    before, certificate = key_of(closed), closed.device.registered.certificate_pem
    result = await closed.engine.operations.run("device.renew", {"deviceID": closed.id, "newKey": new_key})
    assert (key_of(closed) != before) == new_key
    assert closed.device.registered.certificate_pem != certificate
    assert result["deviceID"] == closed.id
    assert result["certificateValidTill"] >= result["formerlyValidTill"]
    assert key_files(closed) == [f"{closed.id}.key"]
    assert (closed.path / "keys" / f"{closed.id}.key").stat().st_mode & 0o777 == 0o600
    await closed.until(lambda: closed.device.online)
    await closed.restart()
    assert (key_of(closed) != before) == new_key
    await works(closed)


async def test_with_the_same_key_a_day_may_be_open(till):
    key, certificate = key_of(till), till.device.registered.certificate_pem
    await till.sell(2)
    await renewal(till).renew(till.id)
    assert key_of(till) == key
    assert till.device.registered.certificate_pem != certificate
    await till.sell(2)
    await till.drained()
    await till.close_day()
    await till.check()


async def test_a_new_key_waits_for_the_end_of_the_day(till):
    with pytest.raises(DayRefused, match="close the day first"):
        await renewal(till).renew(till.id, new_key=True)
    assert key_files(till) == [f"{till.id}.key"]


@pytest.mark.parametrize(
    ("where", "new_key", "renewed"),
    [
        ("fiscalmon.fdms.gateway.FdmsGateway.issue_certificate", True, False),
        ("fiscalmon.store.certificate_rows.CertificateRows.expect", True, False),
        ("fiscalmon.services.certificates.Renewal._prove_and_exchange", False, True),
        ("fiscalmon.services.certificates.Renewal._prove_and_exchange", True, True),
        ("fiscalmon.services.certificates.Renewal._prove", True, True),
        ("device.keys.keystore.FileKeyStore.adopt_next", True, True),
        ("fiscalmon.services.devices.TillDevice.recertified", True, True),
    ],
)
async def test_an_end_in_the_middle_leaves_a_till_that_works(closed, monkeypatch, where, new_key, renewed):
    before = closed.device.registered.certificate_pem
    if where.endswith("expect"):
        # The writer's thread must not end with it.
        async def crash(self, device, **more):
            await issue(self, device, **more)
            raise Crash

        issue = Renewal._issue
        where = "fiscalmon.services.certificates.Renewal._issue"
        with monkeypatch.context() as patched:
            patched.setattr(where, crash)
            with pytest.raises(Crash):
                await renewal(closed).renew(closed.id, new_key=new_key)
        await closed.restart()
    else:
        await restarted_after(closed, monkeypatch, where, new_key=new_key)
    if renewed:
        await closed.until(lambda: closed.device.registered.certificate_pem != before)
    await works(closed)
    assert (closed.device.registered.certificate_pem != before) == renewed
    expected = certified_key(closed).public_numbers()
    assert load_pem_public_key(key_of(closed).encode()).public_numbers() == expected


async def test_a_lost_answer_leaves_the_old_certificate_and_may_be_repeated(closed):
    before = closed.device.registered.certificate_pem
    closed.faults({"operation": "IssueCertificate", "action": "drop-after", "count": 1})
    with pytest.raises(GatewayError):
        await renewal(closed).renew(closed.id, new_key=True)
    assert closed.device.registered.certificate_pem == before
    assert key_files(closed) == [f"{closed.id}.key", f"{closed.id}.next"]
    await renewal(closed).renew(closed.id, new_key=True)
    assert key_files(closed) == [f"{closed.id}.key"]
    await works(closed)


async def test_a_proof_that_fails_is_made_up_for_by_the_heartbeat(closed):
    before = closed.device.registered.certificate_pem
    closed.faults({"operation": "GetStatus", "action": "drop-before", "count": 1})
    with pytest.raises(GatewayError):
        await renewal(closed).renew(closed.id)
    assert (closed.device.registered.certificate_pem, closed.device.next_certificate is None) == (before, False)
    await renewal(closed).resume(closed.device)
    assert closed.device.registered.certificate_pem != before
    assert closed.device.next_certificate is None


async def test_a_certificate_that_does_not_work_is_dropped(closed):
    before, key = closed.device.registered.certificate_pem, key_of(closed)
    closed.faults({"operation": "GetStatus", "action": "status", "status": 401, "count": 1})
    with pytest.raises(CertificateFailed, match="old one stays"):
        await renewal(closed).renew(closed.id, new_key=True)
    assert (closed.device.registered.certificate_pem, key_of(closed)) == (before, key)
    assert closed.device.next_certificate is None
    assert key_files(closed) == [f"{closed.id}.key"]
    closed.fdms.control.delete("/faults")
    await works(closed)


async def test_what_fdms_has_revoked_cannot_be_renewed(closed):
    closed.fdms.post(f"/devices/{closed.id}/revoke-certificate").raise_for_status()
    with pytest.raises(CertificateFailed, match="new activation key"):
        await renewal(closed).renew(closed.id)


async def test_a_device_that_is_blocked_says_so_and_recovers_by_itself(till, monkeypatch):
    monkeypatch.setattr("fiscalmon.services.heartbeat.TURNED_AWAY_SECONDS", 0.05)
    monkeypatch.setattr("fiscalmon.services.heartbeat.EARLY", 0.0002)
    await till.until(lambda: till.device.online)
    await till.restart()
    till.fdms.post(f"/devices/{till.id}/block").raise_for_status()
    async with asyncio.timeout(15):
        while not (told := await till.told("device.attention")):  # noqa: ASYNC110 - a test looks from outside
            await asyncio.sleep(0.01)
    description = till.device.describe(till.engine.clock.now())
    assert description["health"] == "failed"
    assert "Ask ZIMRA" in description["attention"]
    assert [data["reason"] for _, data in told] == [till.device.refusal]
    await till.sell(2)
    till.fdms.post(f"/devices/{till.id}/unblock").raise_for_status()
    await till.until(lambda: till.device.refusal is None)
    await till.drained()
    await till.check()
    assert [data["reason"] for _, data in await till.told("device.online")] == ["FDMS accepts this device again."]


async def test_a_vat_number_that_appears_in_a_day_counts_from_the_next(fdms, tmp_path, impatient):
    till = await Till(fdms, tmp_path / "till").start()
    try:
        await till.register(new_device(fdms, vatNumber=None))
        config = await till.device.gateway.get_config()
        await take(till.engine._parts, till.device, replace(config, vat_number="220041778"))
        await take(till.engine._parts, till.device, replace(config, vat_number="220041778"))
        assert till.device.config.vat_number is None
        assert [data["reason"] for _, data in await till.told("device.attention")] == [VAT_APPEARED]
        assert till.device.describe(till.engine.clock.now())["attention"] == VAT_APPEARED
        with pytest.raises(SaleRefused) as refused:
            await till.sell()
        assert "RCPT021" in [error["code"] for error in refused.value.errors]
        await till.close_day()
        await take(till.engine._parts, till.device, replace(config, vat_number="220041778"))
        assert till.device.config.vat_number == "220041778"
        assert till.device.notice is None
    finally:
        await till.stop()


def test_the_command_renews_through_the_books(fdms, tmp_path):
    entry = new_device(fdms)
    environment = {**os.environ, "FISCALMON_DATA_DIR": str(tmp_path / "data")}

    def run(*arguments: str) -> subprocess.CompletedProcess:
        return subprocess.run(
            [sys.executable, "-m", "fiscalmon", *arguments], cwd=ROOT, env=environment, capture_output=True, text=True
        )

    registered = run(
        "device", "register", "--device-id", str(entry["deviceID"]), "--serial", entry["serialNo"],
        "--activation-key", entry["activationKey"], "--gateway", fdms.url, "--ca", fdms.ca, "--json",
    )  # fmt: skip
    assert registered.returncode == 0, registered.stderr
    answer = run("device", "renew-certificate", str(entry["deviceID"]), "--new-key", "--json")
    assert answer.returncode == 0, answer.stderr
    assert json.loads(answer.stdout)["newKey"] is True
    ping = run("device", "ping", str(entry["deviceID"]), "--json")
    assert (ping.returncode, json.loads(ping.stdout)["deviceID"]) == (0, entry["deviceID"])


async def test_two_renewals_at_a_time_come_one_after_the_other(closed):
    results = await asyncio.gather(*(renewal(closed).renew(closed.id) for _ in range(2)))
    assert len(results) == 2
    await works(closed)


async def test_without_fdms_nothing_changes(closed):
    before = closed.device.registered.certificate_pem
    closed.faults({"operation": "IssueCertificate", "action": "drop-before", "count": 1})
    with pytest.raises(GatewayError) as failed:
        await renewal(closed).renew(closed.id)
    assert not isinstance(failed.value, GatewayUnreachable)
    assert (closed.device.registered.certificate_pem, closed.device.next_certificate) == (before, None)
