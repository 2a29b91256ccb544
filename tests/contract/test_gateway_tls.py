"""Whom the client believes and by what it is known: every wrong certificate is named, and no request leaves."""

import ssl
import stat

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from device.keys.csr import certificate_request
from fiscalmon.domain.errors import GatewayRefused, GatewayUnknown, GatewayUnreachable, KeyUnavailable
from tests.support import rough_gateway as does
from tests.support.pki import DAY, Authority

PONG = does.answer({"reportingFrequency": 5, "operationID": "1"})


def wrong_name(authority):
    return authority.server("fdms.example"), "certificate for another name"


def expired(authority):
    return authority.server("127.0.0.1", begin=-3 * DAY, end=-DAY), "has expired"


def not_yet_valid(authority):
    return authority.server("127.0.0.1", begin=DAY, end=2 * DAY), "not valid yet"


def wrong_authority(authority):
    return Authority("someone else").server("127.0.0.1"), "authority that this till trusts"


def same_name_other_key(authority):
    return Authority("test authority").server("127.0.0.1"), "authority that this till trusts"


@pytest.mark.parametrize("case", [wrong_name, expired, not_yet_valid, wrong_authority, same_name_other_key])
async def test_a_wrong_server_is_named_and_gets_nothing(case, authority, serve, connect):
    identity, words = case(authority)
    server = serve(identity)
    server.act = PONG
    with pytest.raises(GatewayUnreachable) as caught:
        await connect(server.url).submit_receipt(b'{"receipt":{}}')
    assert words in caught.value.text
    assert "Nothing was sent." in caught.value.text
    assert server.seen == []


async def test_a_name_is_checked_not_only_the_chain(serve, connect):
    """The same server is believed under one of its names and not under another."""
    server = serve()
    server.act = PONG
    assert await connect(f"https://localhost:{server.port}").ping() == 5
    with pytest.raises(GatewayUnreachable):
        await connect(f"https://127.0.0.2:{server.port}").ping()


async def test_without_a_ca_file_the_systems_authorities_decide(serve, connect):
    server = serve()
    server.act = PONG
    with pytest.raises(GatewayUnreachable) as caught:
        await connect(server.url, ca_pem=None).ping()
    assert "authority that this till trusts" in caught.value.text
    assert server.seen == []


async def test_a_server_that_speaks_old_tls_only(authority, serve, connect):
    server = serve()
    server.context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    with pytest.warns(DeprecationWarning):
        server.context.maximum_version = ssl.TLSVersion.TLSv1_1
    server.context.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.raises(GatewayUnreachable) as caught:
        await connect(server.url).ping()
    assert "TLS 1.2" in caught.value.text


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
async def test_the_device_shows_its_certificate(version, serve, connect):
    server = serve()
    server.context.minimum_version = server.context.maximum_version = version
    server.act = PONG
    assert await connect(server.url).ping() == 5
    assert server.seen[0].client == "ZIMRA-SN-1-0000012345"


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
async def test_a_server_that_does_not_take_our_certificate(version, serve, connect, keys):
    """It says so in the handshake. With TLS 1.3 the request is on its way by then, though never read, and a reset
    may overtake the alert: then nobody knows, which is safe."""
    server = serve()
    server.context.minimum_version = server.context.maximum_version = version
    stranger = Authority("nobody").device(keys.certificate_request(12345, "SN-1"))
    with pytest.raises((GatewayUnreachable, GatewayUnknown)) as caught:
        await connect(server.url, certificate_pem=stranger).ping()
    if version == ssl.TLSVersion.TLSv1_2:
        assert isinstance(caught.value, GatewayUnreachable)
        assert "was not issued by ZIMRA" in caught.value.text
    assert server.seen == []


async def test_http_401_is_fdmss_own_word_on_the_certificate(serve, connect):
    server = serve()
    server.act = does.problem(401, "Unauthorized")
    with pytest.raises(GatewayRefused) as caught:
        await connect(server.url).ping()
    assert "Renew it" in caught.value.text


def test_the_certificate_file_is_whole_and_the_owners_only(connect, tmp_path, certificate):
    folder = tmp_path / "certificates"
    connect("https://127.0.0.1:1", certificate_pem=certificate)
    file = folder / "12345.pem"
    assert file.read_text() == certificate
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in folder.iterdir()] == ["12345.pem"]


def test_a_renewed_certificate_replaces_the_old_one(connect, tmp_path, authority, keys, certificate):
    connect("https://127.0.0.1:1")
    renewed = authority.device(keys.certificate_request(12345, "SN-1"))
    assert renewed != certificate
    connect("https://127.0.0.1:1", certificate_pem=renewed)
    assert (tmp_path / "certificates" / "12345.pem").read_text() == renewed


def test_a_certificate_of_another_key_is_refused(connect, authority):
    other = authority.device(certificate_request(ec.generate_private_key(ec.SECP256R1()), 12345, "SN-1"))
    with pytest.raises(KeyUnavailable, match="another key"):
        connect("https://127.0.0.1:1", certificate_pem=other)


def test_garbage_instead_of_a_certificate_is_refused(connect):
    with pytest.raises(KeyUnavailable, match="cannot be used"):
        connect("https://127.0.0.1:1", certificate_pem="-----BEGIN NOTHING-----\n")


@pytest.mark.parametrize("step", ["os.fsync", "pathlib.Path.replace", "pathlib.Path.mkdir"])
def test_a_full_disk_is_said_and_leaves_nothing(step, connect, tmp_path, monkeypatch):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(step, full)
    with pytest.raises(KeyUnavailable, match="No space left on device"):
        connect("https://127.0.0.1:1")
    monkeypatch.undo()
    assert list(tmp_path.rglob("*.pem")) == []
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_key_file_that_openssl_cannot_open(connect, monkeypatch, keys, tmp_path):
    monkeypatch.setattr(type(keys), "key_path", lambda self, device_id: tmp_path / "gone.key")
    with pytest.raises(KeyUnavailable, match="cannot be read: No such file"):
        connect("https://127.0.0.1:1")


async def test_no_key_reaches_the_disk_in_the_clear(connect, serve, tmp_path, keys):
    server = serve()
    server.act = PONG
    await connect(server.url).ping()
    private = keys.signer(12345)._key.private_numbers().private_value.to_bytes(32, "big")
    written = [path for root in (tmp_path, keys.key_path(12345).parent) for path in root.rglob("*") if path.is_file()]
    assert len(written) >= 3
    for path in written:
        content = path.read_bytes()
        assert b"BEGIN PRIVATE KEY" not in content
        assert b"BEGIN EC PRIVATE KEY" not in content
        assert private not in content


async def test_environment_proxies_have_no_say(serve, connect, monkeypatch):
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    server = serve()
    server.act = PONG
    assert await connect(server.url).ping() == 5
