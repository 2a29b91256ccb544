"""An exported key: read by OpenSSL's own program, refused with a wrong passphrase, never with a key of another pair."""

import subprocess

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from device.keys.csr import certificate_request
from device.keys.key_file import exported, imported, public_half
from fiscalmon.domain.errors import BadInput
from tests.support.pki import Authority, plain

PASSPHRASE = "correct horse battery"


@pytest.fixture(scope="module", params=["ec", "rsa"])
def key(request):
    if request.param == "ec":
        return ec.generate_private_key(ec.SECP256R1())
    return rsa.generate_private_key(public_exponent=65_537, key_size=2048)


@pytest.fixture(scope="module")
def certificate(key):
    return Authority().device(certificate_request(key, 1, "SN"))


def test_there_and_back(key, certificate):
    content = exported(key, certificate, PASSPHRASE)
    found, pem = imported(content, PASSPHRASE)
    assert found.private_numbers() == key.private_numbers()
    assert pem.strip() == certificate.strip()
    assert exported(key, certificate, PASSPHRASE) != content
    for wrong in ("", PASSPHRASE.upper(), PASSPHRASE + " "):
        with pytest.raises(BadInput, match="does not open"):
            imported(content, wrong)


def test_openssl_reads_it(key, certificate, tmp_path):
    file = tmp_path / "key.pem"
    file.write_bytes(exported(key, certificate, PASSPHRASE))
    read = subprocess.run(
        ["openssl", "pkey", "-in", file, "-passin", "stdin", "-pubout", "-outform", "DER"],
        input=PASSPHRASE.encode() + b"\n",
        capture_output=True,
        check=True,
    )
    assert read.stdout == public_half(key)


def test_key_and_certificate_must_belong_together(key, certificate):
    other = ec.generate_private_key(ec.SECP256R1())
    with pytest.raises(BadInput, match="another key"):
        exported(other, certificate, PASSPHRASE)
    mixed = exported(key, certificate, PASSPHRASE).split(b"-----BEGIN CERTIFICATE")[0]
    with pytest.raises(BadInput, match="do not belong together"):
        imported(mixed + Authority().device(certificate_request(other, 1, "SN")).encode(), PASSPHRASE)


def test_a_key_that_lies_open_is_not_taken(key, certificate):
    with pytest.raises(BadInput, match="lies open"):
        imported(plain(key) + certificate.encode(), PASSPHRASE)
