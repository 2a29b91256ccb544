"""A renewal that FDMS refuses half-way, or that was left waiting: the old certificate stays until the new one works."""

import pytest
from cryptography import x509

from device.keys.keystore import FileKeyStore
from device.keys.passphrase import PassphraseFile
from fiscalmon.domain.errors import BadInput, DayRefused, GatewayError, GatewayRefused
from fiscalmon.services.certificates import CertificateFailed, Renewal
from tests.support.pki import Authority
from tests.support.tills import Till

UNPROVEN = {"operation": "GetStatus", "action": "drop-before", "count": 1}


@pytest.fixture
async def closed(fdms, tmp_path, impatient):
    """One device whose day is closed; no heartbeat finishes anything by itself within a test."""
    made = await Till(fdms, tmp_path / "till").start(1)
    await made.close_day()
    yield made
    await made.stop()


def renewal(till: Till) -> Renewal:
    return till.engine._renewal


def used(till: Till) -> str:
    return till.device.registered.certificate_pem


def key_files(till: Till) -> list[str]:
    return sorted(file.name for file in (till.path / "keys").iterdir() if file.name != "passphrase")


async def left_waiting(till: Till, *, new_key: bool = False) -> str:
    """Issued and written down, but not proven."""
    till.faults(UNPROVEN)
    with pytest.raises(GatewayError):
        await renewal(till).renew(till.id, new_key=new_key)
    till.fdms.control.delete("/faults")
    return till.device.next_certificate


@pytest.fixture
def stranger(tmp_path):
    """A certificate request for the device's number by a key that is not its."""
    folder = tmp_path / "stranger"

    def request(device_id: int, serial_no: str) -> str:
        keys = FileKeyStore(folder, PassphraseFile(folder))
        keys.create(device_id)
        return keys.certificate_request(device_id, serial_no)

    return request


async def test_the_one_that_waits_is_finished_before_another_is_asked_for(closed):
    waiting = await left_waiting(closed)
    closed.faults({"operation": "IssueCertificate", "action": "status", "status": 500})
    told = await renewal(closed).renew(closed.id)
    assert used(closed) == waiting
    assert told["certificateValidTill"] == closed.device.registered.certificate_till
    assert closed.device.next_certificate is None


async def test_one_that_cannot_be_proven_yet_waits_on(closed):
    before, waiting = used(closed), await left_waiting(closed)
    closed.faults(UNPROVEN)
    await renewal(closed).resume(closed.device)
    assert (used(closed), closed.device.next_certificate) == (before, waiting)
    await renewal(closed).resume(closed.device)
    assert (used(closed), closed.device.next_certificate) == (waiting, None)
    await renewal(closed).resume(closed.device)
    assert used(closed) == waiting


async def test_a_new_key_is_not_had_by_finishing_an_old_ones_certificate(closed):
    waiting, key = await left_waiting(closed), closed.device.signer.public_key_pem
    await renewal(closed).renew(closed.id, new_key=True)
    assert used(closed) != waiting
    assert closed.device.signer.public_key_pem != key
    assert key_files(closed) == [f"{closed.id}.key"]


async def test_one_that_waits_for_a_key_that_is_not_ours_is_dropped(closed, stranger):
    foreign = Authority().device(stranger(closed.id, closed.device.registered.serial_no))
    at = "2026-11-22T08:00:00Z"
    await closed.engine.store.write(lambda work: work.certificates.expect(closed.id, foreign, at))
    closed.device.next_certificate = foreign
    await renewal(closed).resume(closed.device)
    assert closed.device.next_certificate is None
    assert used(closed) != foreign


async def test_a_new_key_that_waits_lets_an_open_day_end_unless_the_old_certificate_is_dead(closed):
    before, waiting = used(closed), await left_waiting(closed, new_key=True)
    await closed.open_day()
    await renewal(closed).resume(closed.device)
    assert (used(closed), closed.device.next_certificate) == (before, waiting)
    closed.faults({"operation": "GetConfig", "action": "status", "status": 401, "count": 1})
    await renewal(closed).resume(closed.device)
    assert (used(closed), closed.device.next_certificate) == (waiting, None)
    assert key_files(closed) == [f"{closed.id}.key"]


async def test_a_refused_new_key_is_forgotten(closed):
    before = used(closed)
    closed.faults({"operation": "IssueCertificate", "action": "status", "status": 422, "count": 1})
    with pytest.raises(GatewayRefused):
        await renewal(closed).renew(closed.id, new_key=True)
    assert (used(closed), closed.device.next_certificate) == (before, None)
    assert key_files(closed) == [f"{closed.id}.key"]


async def test_a_proof_refused_for_another_reason_says_nothing_of_the_certificate(closed):
    before = used(closed)
    closed.faults({"operation": "GetStatus", "action": "status", "status": 422, "count": 1})
    with pytest.raises(GatewayRefused):
        await renewal(closed).renew(closed.id)
    assert used(closed) == before
    assert closed.device.next_certificate is not None


async def test_the_same_key_refused_with_its_new_certificate_stays(closed):
    before, key = used(closed), closed.device.signer.public_key_pem
    closed.faults({"operation": "GetStatus", "action": "status", "status": 401, "count": 1})
    with pytest.raises(CertificateFailed, match="just issued"):
        await renewal(closed).renew(closed.id)
    assert (used(closed), closed.device.signer.public_key_pem) == (before, key)
    assert key_files(closed) == [f"{closed.id}.key"]


async def test_a_certificate_for_another_key_is_not_taken(closed, stranger, monkeypatch):
    before = used(closed)
    foreign = stranger(closed.id, closed.device.registered.serial_no)
    monkeypatch.setattr(renewal(closed)._keys, "certificate_request", lambda *_, **__: foreign)
    with pytest.raises(CertificateFailed, match="another key"):
        await renewal(closed).renew(closed.id)
    assert (used(closed), closed.device.next_certificate) == (before, None)


async def test_an_answer_without_a_certificate_changes_nothing(closed, monkeypatch):
    before = used(closed)

    async def nothing(_request: str) -> str:
        return "no certificate"

    monkeypatch.setattr(closed.device.gateway, "issue_certificate", nothing)
    with pytest.raises(BadInput, match="holds no certificate"):
        await renewal(closed).renew(closed.id)
    assert (used(closed), closed.device.next_certificate) == (before, None)


async def test_receipts_that_wait_hold_a_new_key_back(closed):
    closed.device.queued = 2
    with pytest.raises(DayRefused, match=r"2 receipts .* still wait"):
        await renewal(closed).renew(closed.id, new_key=True)
    closed.device.queued = 0
    assert key_files(closed) == [f"{closed.id}.key"]
    await renewal(closed).renew(closed.id, new_key=True)
    assert x509.load_pem_x509_certificate(used(closed).encode())


async def test_books_that_cannot_take_it_leave_the_old_one(closed, monkeypatch):
    before, waiting = used(closed), await left_waiting(closed)

    async def full(_job):
        raise OSError("disk full")

    with monkeypatch.context() as patched:
        patched.setattr(closed.engine.store, "write", full)
        with pytest.raises(OSError, match="disk full"):
            await renewal(closed).renew(closed.id)
    assert used(closed) == before
    await renewal(closed).resume(closed.device)
    assert used(closed) == waiting
