"""Registering a device when the line fails: whatever answer was lost, there is a way on and no key is lost."""

import sqlite3

import pytest

from fiscalmon.domain.errors import BadInput, GatewayError, GatewayRefused
from fiscalmon.services.registration import certificate_till
from tests.support.tills import Till, new_device, registrant


@pytest.fixture
async def empty(fdms, tmp_path, impatient):
    """A till without a device."""
    made = await Till(fdms, tmp_path / "till").start()
    yield made
    await made.stop()


def key_of(till, entry: dict):
    return till.path / "keys" / f"{entry['deviceID']}.key"


async def test_a_device_is_registered_once(empty, fdms):
    entry = new_device(fdms)
    await empty.register(entry)
    with pytest.raises(BadInput, match="is registered on this till already"):
        await empty.register(entry)
    await empty.sell()
    await empty.drained()
    await empty.check()


async def test_a_wrong_activation_key_leaves_nothing(empty, fdms):
    entry = new_device(fdms)
    with pytest.raises(GatewayRefused, match="activation key is wrong"):
        await empty.register({**entry, "activationKey": "00000000"})
    assert not key_of(empty, entry).exists()
    assert await empty.engine.till.devices() == []
    await empty.register(entry)


@pytest.mark.parametrize("operation", ["VerifyTaxpayerInformation", "RegisterDevice"])
async def test_a_request_that_was_lost_is_simply_made_again(empty, fdms, operation):
    entry = new_device(fdms)
    empty.faults({"operation": operation, "action": "drop-before", "count": 1})
    with pytest.raises(GatewayError):
        await empty.register(entry)
    await empty.register(entry)
    await empty.sell()
    await empty.drained()
    await empty.check()


async def test_a_certificate_that_was_lost_needs_a_new_activation_key_and_keeps_the_key_file(empty, fdms):
    entry = new_device(fdms)
    empty.faults({"operation": "RegisterDevice", "action": "drop-after", "count": 1})
    with pytest.raises(GatewayError) as lost:
        await empty.register(entry)
    assert "ask ZIMRA for a new one; the key file is kept" in lost.value.text
    assert "again" in lost.value.text.partition("If FDMS says")[0]
    assert "It is asked again" not in lost.value.text, "nothing asks again by itself"
    kept = key_of(empty, entry).read_bytes()
    with pytest.raises(GatewayRefused, match="used before"):
        await empty.register(entry)
    assert key_of(empty, entry).read_bytes() == kept
    fdms.post(f"/devices/{entry['deviceID']}/reset").raise_for_status()
    await empty.register(entry)
    assert key_of(empty, entry).read_bytes() == kept
    await empty.sell()
    await empty.drained()
    await empty.check()


async def test_a_configuration_that_was_lost_is_read_later(empty, fdms, monkeypatch):
    """The device is in the books with its certificate; its first heartbeat finishes the work."""
    monkeypatch.setattr("fiscalmon.services.heartbeat.delay", lambda failures, random: 0.05)
    entry = new_device(fdms)
    empty.faults({"operation": "GetConfig", "action": "drop-before", "count": 2})
    with pytest.raises(GatewayError):
        await empty.register(entry)
    empty.ids.append(entry["deviceID"])
    await empty.until(lambda: empty.device.registered.config is not None)
    await empty.open_day()
    await empty.sell()
    await empty.drained()
    await empty.check()


async def test_the_activation_key_is_kept_nowhere(empty, fdms):
    entry = new_device(fdms)
    await empty.register(entry)
    await empty.stop()
    content = sqlite3.connect(empty.path / "fiscalmon.db")
    dump = "\n".join(content.iterdump())
    content.close()
    assert entry["activationKey"] not in dump
    await empty.start()


async def test_a_gateway_of_another_authority_is_not_believed(empty, fdms):
    entry = new_device(fdms)
    with pytest.raises(GatewayError, match="not issued by an authority that this till trusts"):
        await empty.engine.operations.run("device.register", {**registrant(fdms, entry), "ca_pem": None})
    assert not key_of(empty, entry).exists()


async def test_a_refused_registration_leaves_no_key(empty, fdms):
    entry = new_device(fdms)
    empty.faults({"operation": "RegisterDevice", "action": "status", "status": 422, "count": 1})
    with pytest.raises(GatewayRefused):
        await empty.register(entry)
    assert not key_of(empty, entry).exists()
    await empty.register(entry)
    assert key_of(empty, entry).exists()


def test_what_is_no_certificate_has_no_end():
    with pytest.raises(BadInput, match="holds no certificate"):
        certificate_till("no certificate")
