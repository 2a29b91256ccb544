"""Handshakes by a key that no file holds: both kinds, TLS 1.2 and 1.3, with OpenSSL asking back for each signature."""

import contextlib
import gc
import ssl

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed, decode_dss_signature

from device.keys import openssl_key
from device.keys.csr import certificate_request
from device.keys.token_key import token_key
from fiscalmon.domain.errors import KeyUnavailable
from tests.support.pki import Authority


class Kept:
    """A key that is asked as a token is."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.real = (
            ec.generate_private_key(ec.SECP256R1())
            if kind == "ec"
            else rsa.generate_private_key(public_exponent=65_537, key_size=2048)
        )
        self.asked: list[str] = []
        self.gone = False
        self.key = token_key(self.real.public_key(), self.perform)

    def perform(self, act: str, data: bytes) -> bytes:
        if self.gone:
            raise KeyUnavailable("pulled out")
        self.asked.append(act)
        if act == "ecdsa":
            pair = decode_dss_signature(self.real.sign(data, ec.ECDSA(Prehashed(hashes.SHA256()))))
            return b"".join(part.to_bytes(32, "big") for part in pair)
        if act == "rsa-pkcs1":
            data = b"\0\1" + b"\xff" * (253 - len(data)) + b"\0" + data
        numbers = self.real.private_numbers()
        return pow(int.from_bytes(data, "big"), numbers.d, numbers.public_numbers.n).to_bytes(256, "big")


@pytest.fixture(params=["ec", "rsa"])
def kept(request):
    return Kept(request.param)


@pytest.fixture
def authority():
    return Authority()


@pytest.fixture
def certificate(kept, authority, tmp_path):
    path = tmp_path / "device.pem"
    path.write_text(authority.device(certificate_request(kept.key, 12345, "SN-1")))
    kept.asked.clear()
    return path


@pytest.fixture
def server(authority, tmp_path):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(cadata=authority.pem)
    pem = tmp_path / "server.pem"
    pem.write_bytes(authority.server("127.0.0.1"))
    context.load_cert_chain(pem)
    return context


def client(authority, version) -> ssl.SSLContext:
    context = ssl.create_default_context(cadata=authority.pem)
    context.minimum_version = context.maximum_version = version
    return context


def shake(context: ssl.SSLContext, server: ssl.SSLContext) -> dict:
    """Both ends in memory; what the server knows of its peer. Raises SSLError."""
    into, out, back, forth = (ssl.MemoryBIO() for _ in range(4))
    ends = (
        context.wrap_bio(into, out, server_hostname="127.0.0.1"),
        server.wrap_bio(back, forth, server_side=True),
    )
    for _ in range(6):
        for end in ends:
            with contextlib.suppress(ssl.SSLWantReadError):
                end.do_handshake()
            back.write(out.read())
            into.write(forth.read())
    return ends[1].getpeercert()


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_the_server_believes_the_key(kept, certificate, authority, server, version):
    context = client(authority, version)
    openssl_key.present(context, certificate, kept.key)
    # What OpenSSL calls back must outlive everything that made it.
    gc.collect()
    for _ in range(2):
        assert (("commonName", "ZIMRA-SN-1-0000012345"),) in shake(context, server)["subject"]
    assert kept.asked == (["ecdsa"] * 2 if kept.kind == "ec" else ["rsa-raw"] * 2)


def test_a_key_that_has_gone_ends_the_handshake_and_nothing_else(kept, certificate, authority, server):
    context = client(authority, ssl.TLSVersion.TLSv1_3)
    openssl_key.present(context, certificate, kept.key)
    kept.gone = True
    with pytest.raises(ssl.SSLError):
        shake(context, server)
    kept.gone = False
    assert shake(context, server)["subject"]


def test_a_certificate_of_another_key_is_refused(kept, certificate, authority):
    for other in (Kept("ec"), Kept("rsa")):
        with pytest.raises(KeyUnavailable, match="another key"):
            openssl_key.present(client(authority, ssl.TLSVersion.TLSv1_3), certificate, other.key)


def test_a_file_that_is_no_certificate_is_refused(kept, authority, tmp_path):
    (tmp_path / "none.pem").write_text("nothing")
    with pytest.raises(KeyUnavailable, match="cannot be read"):
        openssl_key.present(client(authority, ssl.TLSVersion.TLSv1_3), tmp_path / "none.pem", kept.key)


def test_a_token_key_signs_and_does_nothing_else(kept):
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    with pytest.raises(TypeError, match="stays in its token"):
        kept.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    with pytest.raises(TypeError, match="stays in its token"):
        kept.key.private_numbers()
