"""Devices whose keys are in a PKCS#11 token: registered, selling, renewed, restarted against FDMS over real mTLS."""

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from device.keys.token_session import PinRefused
from fiscalmon.data_folder import DataFolder
from fiscalmon.domain.errors import BadInput, KeyUnavailable
from fiscalmon.settings import KeysSection
from fiscalmon.till_keys import TillKeys
from tests.support.tills import Till, new_device, registrant
from tests.support.token import Token, token, token_folder  # noqa: F401 - fixtures


@pytest.fixture
async def empty(fdms, tmp_path, impatient):
    made = await Till(fdms, tmp_path / "till").start()
    yield made
    await made.stop()


async def register(till: Till, key: dict) -> dict:
    entry = new_device(till.fdms)
    given = {**registrant(till.fdms, entry), "key": key}
    described = await till.engine.operations.run("device.register", given)
    till.ids.append(entry["deviceID"])
    return described


def certified(till: Till):
    return x509.load_pem_x509_certificate(till.device.registered.certificate_pem.encode()).public_key()


def files(till: Till) -> set[str]:
    return {path.suffix or path.name for path in (till.path / "keys").iterdir()}


@pytest.mark.parametrize(("kind", "public"), [("ec", ec.EllipticCurvePublicKey), ("rsa", rsa.RSAPublicKey)])
async def test_a_whole_life_with_a_key_in_a_token(empty, token, kind, public):  # noqa: F811
    described = await register(empty, token.wish(kind))
    assert described["keyStore"] == "token"
    assert isinstance(certified(empty), public)
    assert files(empty) == {".token", ".pin", "passphrase"}
    await empty.open_day()
    await empty.sell(2)
    await empty.drained()
    await empty.close_day()
    before = empty.device.signer.public_key_pem
    await empty.engine.operations.run("device.renew", {"deviceID": empty.id, "newKey": True})
    assert empty.device.signer.public_key_pem != before
    assert isinstance(certified(empty), public)
    assert token.private_keys() == 1
    await empty.restart()
    await empty.open_day()
    await empty.sell(2)
    await empty.drained()
    await empty.close_day()
    await empty.check()
    assert await empty.rows("SELECT DISTINCT status FROM v_receipts") == [("completed",)]
    assert token.pin.encode() not in b"".join(path.read_bytes() for path in (empty.path / "keys").iterdir())


async def test_an_rsa_key_in_a_file_lives_as_long(empty):
    described = await register(empty, {"kind": "rsa"})
    assert described["keyStore"] == "file"
    await empty.open_day()
    await empty.sell(2)
    await empty.drained()
    await empty.close_day()
    await empty.engine.operations.run("device.renew", {"deviceID": empty.id, "newKey": True})
    assert isinstance(certified(empty), rsa.RSAPublicKey)
    await empty.check()


async def test_a_wrong_pin_is_tried_once_and_a_right_one_mends_it(empty, token):  # noqa: F811
    await register(empty, token.wish())
    store, [path] = empty.engine._keys._tokens, (empty.path / "keys").glob("*.pin")
    with pytest.raises(PinRefused):
        store.keep_pin(token.module, token.label, "0000")
    assert empty.device.signer.sign_digest(bytes(32))
    token.change_pin("0815-other")
    empty.device.lock()
    empty.engine._keys.lock(empty.id)
    with pytest.raises(PinRefused, match="does not take its PIN"):
        _ = empty.device.signer
    assert not path.exists()
    # The second try does not reach the token, which would lock itself after a few.
    with pytest.raises(PinRefused, match="was refused"):
        _ = empty.device.signer
    # What `fiscalmon keys pin` does, which is another process.
    TillKeys(DataFolder(empty.path), KeysSection()).keep_pin(empty.id, "0815-other")
    assert empty.device.signer.sign_digest(bytes(32))
    assert b"0815-other" not in path.read_bytes()


async def test_what_is_missing_is_said(empty, token):  # noqa: F811
    for key, text in (
        ({"token_module": token.module}, "needs its label"),
        ({"token_label": token.label}, "name its library"),
    ):
        with pytest.raises(BadInput, match=text):
            await register(empty, key)
    for key, text in (
        ({**token.wish(), "token_label": "no such"}, "There is no token no such"),
        ({**token.wish(), "token_module": "/usr/lib/nothing.so"}, "is no PKCS#11 library"),
        ({**token.wish(), "pin": None}, "is not known here"),
    ):
        with pytest.raises(KeyUnavailable, match=text):
            await register(empty, key)
    assert token.private_keys() == 0
    assert not list((empty.path / "keys").glob("*.token"))


async def test_a_token_that_has_gone_refuses_the_sale_and_numbers_nothing(empty, token):  # noqa: F811
    await register(empty, token.wish())
    await empty.open_day()
    await empty.sell(1)
    await empty.drained()
    path = next((empty.path / "keys").glob("*.token"))
    content = path.read_bytes()
    empty.device.lock()
    empty.engine._keys.lock(empty.id)
    path.write_bytes(content.replace(token.label.encode(), b"away"))
    with pytest.raises(KeyUnavailable, match="There is no token away"):
        await empty.sell(1)
    path.write_bytes(content)
    [second] = await empty.sell(1)
    assert second["receiptGlobalNo"] == 2
