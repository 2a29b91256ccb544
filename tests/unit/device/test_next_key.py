"""A key beside the device's own: made once, adopted in one step, or thrown away."""

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from device.keys.keystore import FileKeyStore
from device.keys.passphrase import PassphraseFile
from fiscalmon.domain.errors import KeyUnavailable

DEVICE = 12345


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "keys"


@pytest.fixture
def keys(folder):
    made = FileKeyStore(folder, PassphraseFile(folder))
    made.create(DEVICE)
    return made


def test_it_lies_beside_the_key_that_goes_on_signing(keys, folder):
    before = keys.signer(DEVICE).public_key_pem
    assert keys.next_public_key_pem(DEVICE) is None
    keys.create_next(DEVICE)
    following = keys.next_public_key_pem(DEVICE)
    assert following not in (None, before)
    assert keys.signer(DEVICE).public_key_pem == before
    file = folder / f"{DEVICE}.next"
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.read_bytes().startswith(b"-----BEGIN ENCRYPTED PRIVATE KEY-----")
    assert keys.next_key_path(DEVICE) == file
    keys.create_next(DEVICE)
    assert keys.next_public_key_pem(DEVICE) == following, "one that FDMS may have certified is never replaced"


def test_it_takes_the_keys_place(keys, folder):
    keys.create_next(DEVICE)
    keys.signer(DEVICE)
    following = keys.next_public_key_pem(DEVICE)
    keys.adopt_next(DEVICE)
    assert keys.signer(DEVICE).public_key_pem == following
    assert keys.next_public_key_pem(DEVICE) is None
    assert sorted(file.name for file in folder.iterdir()) == [f"{DEVICE}.key", "passphrase"]
    assert FileKeyStore(folder, PassphraseFile(folder)).signer(DEVICE).public_key_pem == following


def test_it_is_thrown_away(keys):
    before = keys.signer(DEVICE).public_key_pem
    keys.create_next(DEVICE)
    keys.discard_next(DEVICE)
    keys.discard_next(DEVICE)
    assert keys.next_public_key_pem(DEVICE) is None
    assert keys.signer(DEVICE).public_key_pem == before


def test_a_request_is_made_for_either_key(keys):
    keys.create_next(DEVICE)
    for next_key, pem in ((False, keys.signer(DEVICE).public_key_pem), (True, keys.next_public_key_pem(DEVICE))):
        request = x509.load_pem_x509_csr(keys.certificate_request(DEVICE, "SN-1", next_key=next_key).encode())
        assert request.public_key().public_numbers() == load_pem_public_key(pem.encode()).public_numbers()


def test_there_is_nothing_to_adopt(keys):
    before = keys.signer(DEVICE).public_key_pem
    with pytest.raises(KeyUnavailable, match="cannot be moved"):
        keys.adopt_next(DEVICE)
    assert keys.signer(DEVICE).public_key_pem == before
    with pytest.raises(KeyUnavailable, match="missing"):
        keys.next_key_path(DEVICE)
