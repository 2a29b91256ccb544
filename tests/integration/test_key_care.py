"""Keys that rest, keys on their way out and in again, and that nothing but the till itself leads to them."""

from datetime import UTC, datetime, timedelta

import pytest

from device.keys.device_keys import KeyRoom
from fiscalmon.data_folder import DataFolder
from fiscalmon.domain.errors import BadInput, UnknownDevice
from fiscalmon.domain.preferences import KeyCare
from fiscalmon.server import routes
from fiscalmon.services.key_lock import KeyLock
from fiscalmon.settings import KeysSection
from fiscalmon.till_keys import TillKeys

PASSPHRASE = "correct horse battery"


class Hands:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 22, 12, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at

    async def wait_until(self, moment: datetime) -> None:
        self.at = moment


@pytest.fixture
def at_the_till(till):
    return TillKeys(DataFolder(till.path), KeysSection())


async def test_a_key_rests_after_a_while_and_wakes_by_need(till):
    clock, engine = Hands(), till.engine
    lock = KeyLock(engine.devices, engine._keys, engine.preferences, clock)
    await engine.preferences.change(KeyCare(lock_after_minutes=5), by="till")
    await till.sell(1)
    first = till.device.signer
    for minutes, held in ((0, True), (4, True), (2, False)):
        clock.at += timedelta(minutes=minutes)
        await lock.turn()
        assert till.device.unlocked is held
    assert engine._keys._files._signers == {}
    await till.sell(1)
    assert till.device.unlocked
    assert till.device.signer is not first
    # Used in between: it begins anew.
    for _ in range(3):
        await till.sell(1)
        clock.at += timedelta(minutes=4)
        await lock.turn()
        assert till.device.unlocked
    await engine.preferences.change(KeyCare(lock_after_minutes=0), by="till")
    clock.at += timedelta(days=1)
    await lock.turn()
    assert till.device.unlocked
    await till.drained()
    await till.check()


async def test_a_key_goes_out_under_a_passphrase_and_comes_back(till, at_the_till, tmp_path):
    file = tmp_path / "key.pem"
    public = till.device.signer.public_key_pem
    with pytest.raises(BadInput, match="12 characters"):
        at_the_till.export(till.id, file, "short")
    assert not file.exists()
    at_the_till.export(till.id, file, PASSPHRASE)
    assert file.stat().st_mode & 0o777 == 0o600
    assert b"BEGIN ENCRYPTED PRIVATE KEY" in file.read_bytes()
    with pytest.raises(BadInput, match="is not replaced"):
        at_the_till.export(till.id, file, PASSPHRASE)
    with pytest.raises(BadInput, match="is there and works"):
        at_the_till.bring_in(file, PASSPHRASE)
    with pytest.raises(UnknownDevice):
        at_the_till.export(1, tmp_path / "other.pem", PASSPHRASE)
    key = till.path / "keys" / f"{till.id}.key"
    key.write_bytes(key.read_bytes().replace(b"M", b"N"))
    with pytest.raises(BadInput, match="does not open"):
        at_the_till.bring_in(file, PASSPHRASE + "!")
    assert at_the_till.bring_in(file, PASSPHRASE) == {"deviceID": till.id, "replaced": True}
    assert len(list(key.parent.glob("*.set-aside"))) == 1
    till.device.lock()
    till.engine._keys.lock(till.id)
    assert till.device.signer.public_key_pem == public
    await till.sell(1)
    await till.drained()
    await till.check()


async def test_a_lost_passphrase_is_mended_by_an_import(till, at_the_till, tmp_path):
    at_the_till.export(till.id, tmp_path / "key.pem", PASSPHRASE)
    (till.path / "keys" / "passphrase").unlink()
    at_the_till.bring_in(tmp_path / "key.pem", PASSPHRASE)
    till.device.lock()
    till.engine._keys.lock(till.id)
    await till.sell(1)
    await till.drained()
    await till.check()


async def test_a_key_of_another_till_is_not_taken(till, at_the_till, tmp_path, fdms):
    from tests.support.pki import Authority

    other = KeyRoom(tmp_path / "keys").keys
    other.create(till.id)
    from device.keys.key_file import exported

    certificate = Authority().device(other.certificate_request(till.id, "SN"))
    (tmp_path / "other.pem").write_bytes(exported(other._files._load(till.id), certificate, PASSPHRASE))
    with pytest.raises(BadInput, match="no device of this till"):
        at_the_till.bring_in(tmp_path / "other.pem", PASSPHRASE)
    (tmp_path / "none.pem").write_text("dear tax office")
    for wrong in ("none.pem", "absent.pem"):
        with pytest.raises(BadInput):
            at_the_till.bring_in(tmp_path / wrong, PASSPHRASE)


async def test_no_operation_and_no_route_leads_to_the_keys(till):
    assert [name for name in till.engine.operations._table if name.startswith("key")] == []
    paths = [route.path for route in routes.ROUTES]
    assert len(paths) > 10
    assert [path for path in paths if "key" in path.lower().replace("apikey", "")] == []


async def test_the_doctor_says_what_keeps_the_key(till):
    report = await till.engine.operations.run("doctor", {})
    [found] = [check for check in report["checks"] if check["code"] == "KEY"]
    assert found["state"] == "ok"
    assert "is a file of this machine" in found["what"]
