"""The key folder: what lies on disk, who may read it, what a signer gives away, and the request for a certificate."""

import copy
import hashlib
import logging
import os
import pickle
import stat
import threading

import pytest
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
    load_pem_public_key,
)
from cryptography.x509.oid import NameOID

from device.keys.csr import certificate_request, common_name
from device.keys.keystore import FileKeyStore
from device.keys.passphrase import PassphraseFile
from fiscalmon.domain.errors import BadInput, KeyUnavailable

CONTENT = b"12345FISCALINVOICEUSD1012026-03-02T08:05:10344007400.00050015.502952200"


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "data" / "keys"


@pytest.fixture
def store(folder):
    made = FileKeyStore(folder, PassphraseFile(folder))
    made.create(12345)
    return made


def again(folder) -> FileKeyStore:
    """Another process looks at the same folder."""
    return FileKeyStore(folder, PassphraseFile(folder))


def put(folder, key, secret: bytes | None = None) -> None:
    """A key of another making in the place of device 12345's."""
    encryption = NoEncryption() if secret is None else BestAvailableEncryption(secret)
    (folder / "12345.key").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption))


def mode(path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_one_encrypted_file_a_device_for_the_owner_only(store, folder):
    assert sorted(path.name for path in folder.iterdir()) == ["12345.key", "passphrase"]
    assert (mode(folder), mode(folder / "12345.key"), mode(folder / "passphrase")) == (0o700, 0o600, 0o600)
    assert len((folder / "passphrase").read_bytes()) == 32


def test_an_open_umask_opens_nothing(tmp_path):
    before = os.umask(0)
    try:
        folder = tmp_path / "keys"
        folder.mkdir(mode=0o777)
        again(folder).create(1)
    finally:
        os.umask(before)
    assert (mode(folder), mode(folder / "1.key"), mode(folder / "passphrase")) == (0o700, 0o600, 0o600)


def test_the_file_does_not_load_without_the_passphrase(store, folder):
    content = (folder / "12345.key").read_bytes()
    assert content.startswith(b"-----BEGIN ENCRYPTED PRIVATE KEY-----\n")
    with pytest.raises(TypeError):
        load_pem_private_key(content, None)
    for wrong in (b"wrong", b"\0" * 32, (folder / "passphrase").read_bytes()[:-1]):
        with pytest.raises(ValueError, match=r".*"):
            load_pem_private_key(content, wrong)
    key = load_pem_private_key(content, store.passphrase())
    assert isinstance(key.curve, ec.SECP256R1)


def test_signatures_are_der_and_verify_with_the_public_key(store):
    signer = store.signer(12345)
    signature = signer.sign_digest(hashlib.sha256(CONTENT).digest())
    load_pem_public_key(signer.public_key_pem.encode()).verify(signature, CONTENT, ec.ECDSA(hashes.SHA256()))
    assert all(0 < part < 2**256 for part in decode_dss_signature(signature))
    with pytest.raises(InvalidSignature):
        load_pem_public_key(signer.public_key_pem.encode()).verify(signature, CONTENT + b"0", ec.ECDSA(hashes.SHA256()))


def test_another_process_signs_with_the_same_key(store, folder):
    assert again(folder).signer(12345).public_key_pem == store.signer(12345).public_key_pem


def test_devices_have_keys_of_their_own_and_share_the_passphrase(store):
    secret = store.passphrase()
    store.create(7)
    assert store.passphrase() == secret
    assert store.signer(7).public_key_pem != store.signer(12345).public_key_pem


def test_a_signer_is_decrypted_once(store, folder):
    first = store.signer(12345)
    (folder / "12345.key").unlink()
    assert store.signer(12345) is first


def test_many_threads_get_one_signer(store):
    found, ready = [], threading.Barrier(8)

    def use():
        ready.wait()
        signer = store.signer(12345)
        signature = signer.sign_digest(hashlib.sha256(CONTENT).digest())
        load_pem_public_key(signer.public_key_pem.encode()).verify(signature, CONTENT, ec.ECDSA(hashes.SHA256()))
        found.append(signer)

    threads = [threading.Thread(target=use) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert len(found) == 8
    assert len(set(map(id, found))) == 1


def test_a_signer_shows_nothing_and_cannot_be_copied(store, caplog):
    signer = store.signer(12345)
    assert (repr(signer), str(signer)) == ("<EcSigner>", "<EcSigner>")
    for attempt in (copy.copy, copy.deepcopy, pickle.dumps):
        with pytest.raises(TypeError, match="neither copied nor stored"):
            attempt(signer)
    assert not hasattr(signer, "__dict__")
    with caplog.at_level(logging.DEBUG):
        again(store.key_path(12345).parent).signer(12345)
    assert caplog.text == ""


def test_an_rsa_key_signs_with_pkcs1(store, folder):
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    put(folder, key, store.passphrase())
    signer = again(folder).signer(12345)
    signature = signer.sign_digest(hashlib.sha256(CONTENT).digest())
    assert len(signature) == 256
    public = load_pem_public_key(signer.public_key_pem.encode())
    public.verify(signature, CONTENT, padding.PKCS1v15(), hashes.SHA256())
    assert repr(signer) == "<RsaSigner>"


def test_a_key_is_never_replaced(store, folder):
    before = (folder / "12345.key").read_bytes()
    with pytest.raises(KeyUnavailable, match="not replaced"):
        store.create(12345)
    with pytest.raises(KeyUnavailable, match="not replaced"):
        again(folder).create(12345)
    assert (folder / "12345.key").read_bytes() == before


def test_forget(store, folder):
    store.signer(12345)
    store.forget(12345)
    assert not (folder / "12345.key").exists()
    with pytest.raises(KeyUnavailable, match="missing"):
        store.signer(12345)
    store.forget(12345)
    store.create(12345)
    assert store.signer(12345).sign_digest(bytes(32))


def missing(folder, secret):
    (folder / "12345.key").unlink()
    return "missing"


def open_to_the_group(folder, secret):
    (folder / "12345.key").chmod(0o640)
    return f"chmod 600 {folder / '12345.key'}"


def open_to_all(folder, secret):
    (folder / "12345.key").chmod(0o604)
    return "chmod 600"


def open_folder(folder, secret):
    folder.chmod(0o777)
    return f"chmod 700 {folder}"


def open_passphrase(folder, secret):
    (folder / "passphrase").chmod(0o644)
    return f"chmod 600 {folder / 'passphrase'}"


def passphrase_missing(folder, secret):
    (folder / "passphrase").unlink()
    return "passphrase file of the keys is missing"


def passphrase_cut(folder, secret):
    (folder / "passphrase").write_bytes(secret[:16])
    return f"{folder / 'passphrase'} is damaged"


def passphrase_of_another_till(folder, secret):
    (folder / "passphrase").write_bytes(bytes(32))
    return "cannot be decrypted"


def key_cut(folder, secret):
    (folder / "12345.key").write_bytes((folder / "12345.key").read_bytes()[:150])
    return "cannot be decrypted"


def key_empty(folder, secret):
    (folder / "12345.key").write_bytes(b"")
    return "not an encrypted key file"


def key_in_the_clear(folder, secret):
    put(folder, ec.generate_private_key(ec.SECP256R1()))
    return "not an encrypted key file"


def other_curve(folder, secret):
    put(folder, ec.generate_private_key(ec.SECP384R1()), secret)
    return "P-256 or RSA"


def short_rsa(folder, secret):
    put(folder, rsa.generate_private_key(public_exponent=65537, key_size=1024), secret)
    return "P-256 or RSA"


def a_folder_in_its_place(folder, secret):
    (folder / "12345.key").unlink()
    (folder / "12345.key").mkdir()
    return "12345.key"


SPOILT = [
    missing,
    open_to_the_group,
    open_to_all,
    open_folder,
    open_passphrase,
    passphrase_missing,
    passphrase_cut,
    passphrase_of_another_till,
    key_cut,
    key_empty,
    key_in_the_clear,
    other_curve,
    short_rsa,
    a_folder_in_its_place,
]


@pytest.mark.parametrize("spoil", SPOILT)
def test_a_spoilt_folder_signs_nothing_and_says_what_to_do(spoil, store, folder):
    words = spoil(folder, store.passphrase())
    with pytest.raises(KeyUnavailable) as caught:
        again(folder).signer(12345)
    assert words in caught.value.text
    with pytest.raises(KeyUnavailable):
        again(folder).certificate_request(12345, "SN-1")


@pytest.mark.parametrize("spoil", [missing, open_to_all, key_in_the_clear, open_folder, a_folder_in_its_place])
def test_tls_gets_no_file_that_the_signer_would_refuse(spoil, store, folder):
    spoil(folder, store.passphrase())
    with pytest.raises(KeyUnavailable):
        again(folder).key_path(12345)


def test_no_new_passphrase_beside_old_keys(store, folder):
    (folder / "passphrase").unlink()
    with pytest.raises(KeyUnavailable, match="passphrase"):
        again(folder).create(7)
    assert sorted(path.name for path in folder.iterdir()) == ["12345.key"]


@pytest.mark.parametrize("broken", ["fsync", "replace"])
def test_a_full_disk_leaves_no_half_key(broken, folder, monkeypatch):
    store = again(folder)
    store.create(1)

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync" if broken == "fsync" else "pathlib.Path.replace", full)
    with pytest.raises(KeyUnavailable, match="No space left on device"):
        store.create(2)
    monkeypatch.undo()
    assert sorted(path.name for path in folder.iterdir()) == ["1.key", "passphrase"]


def test_a_key_that_cannot_be_removed_is_said(store, monkeypatch):
    def locked(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.unlink", locked)
    with pytest.raises(KeyUnavailable, match="cannot be removed: Permission denied"):
        store.forget(12345)


def test_a_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(KeyUnavailable, match="cannot be made"):
        again(tmp_path / "file" / "keys").create(1)


def test_what_is_written_is_flushed_before_it_gets_its_name(folder, monkeypatch):
    """File, name, folder: in this order, so that a power cut leaves a whole key or none."""
    steps = []
    fsync, replace = os.fsync, type(folder).replace

    def noting_fsync(handle):
        steps.append("folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else "file")
        fsync(handle)

    def noting_replace(self, target):
        steps.append(target.name)
        return replace(self, target)

    monkeypatch.setattr("os.fsync", noting_fsync)
    monkeypatch.setattr("pathlib.Path.replace", noting_replace)
    again(folder).create(12345)
    assert steps == ["file", "passphrase", "folder", "file", "12345.key", "folder"]


def test_the_request_for_a_certificate(store):
    text = store.certificate_request(12345, "SN: 001")
    assert text.startswith("-----BEGIN CERTIFICATE REQUEST-----\n")
    assert text.endswith("-----END CERTIFICATE REQUEST-----\n")
    assert "\\n" not in text
    request = x509.load_pem_x509_csr(text.encode())
    assert request.is_signature_valid
    assert request.signature_algorithm_oid == x509.SignatureAlgorithmOID.ECDSA_WITH_SHA256
    assert {attribute.oid: attribute.value for attribute in request.subject} == {
        NameOID.COUNTRY_NAME: "ZW",
        NameOID.ORGANIZATION_NAME: "Zimbabwe Revenue Authority",
        NameOID.STATE_OR_PROVINCE_NAME: "Zimbabwe",
        NameOID.COMMON_NAME: "ZIMRA-SN: 001-0000012345",
    }
    public = load_pem_public_key(store.signer(12345).public_key_pem.encode())
    assert request.public_key() == public


def test_an_rsa_request_is_signed_with_rsa():
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    request = x509.load_pem_x509_csr(certificate_request(key, 187, "SN: 001").encode())
    assert request.signature_algorithm_oid == x509.SignatureAlgorithmOID.RSA_WITH_SHA256
    assert request.is_signature_valid


@pytest.mark.parametrize(
    ("device_id", "serial", "name"),
    [
        (187, "SN: 001", "ZIMRA-SN: 001-0000000187"),
        (1, "A", "ZIMRA-A-0000000001"),
        (2**31 - 1, "x" * 20, f"ZIMRA-{'x' * 20}-2147483647"),
    ],
)
def test_common_name(device_id, serial, name):
    assert common_name(device_id, serial) == name


@pytest.mark.parametrize(
    ("device_id", "serial"),
    [(1, ""), (1, "x" * 21), (1, " A"), (1, "A\n"), (1, "A\0"), (0, "A"), (-1, "A"), (2**31, "A")],
)
def test_names_that_fdms_cannot_know(device_id, serial):
    with pytest.raises(BadInput):
        common_name(device_id, serial)
