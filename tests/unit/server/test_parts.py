"""The server's small parts by themselves: hosts, delays, masks, frames, TLS files, shapes."""

import ssl
import stat
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import pytest
from cryptography import x509
from websockets.frames import Frame, Opcode

from fiscalmon.domain.errors import BadInput, FiscalmonError
from fiscalmon.server.addresses import HostGuard, addresses_of_this_machine, bind, names_of_this_machine
from fiscalmon.server.answers import Problem, too_many
from fiscalmon.server.endpoints.receipts import masked
from fiscalmon.server.listener import text_frame
from fiscalmon.server.rates import SignInDelays
from fiscalmon.server.secret_files import read_or_make_key, write_private
from fiscalmon.server.settings import ServerSettings
from fiscalmon.server.tls import Authority

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
NAMES = ("localhost", "till", "till.local")
ADDRESSES = (ip_address("127.0.0.1"), ip_address("::1"), ip_address("192.168.1.20"))


@pytest.mark.parametrize(
    ("host", "reached", "allowed"),
    [
        ("192.168.1.20:8443", ("192.168.1.20", 8443), True),
        ("192.168.1.21:8443", ("192.168.1.20", 8443), False),
        ("192.168.1.20:8443", ("::ffff:192.168.1.20", 8443), True),
        ("[fd00::5]:8443", ("fd00::5", 8443), True),
        ("fd00::5:8443", ("fd00::5", 8443), False),
        ("till.local:8443", ("192.168.1.20", 8443), True),
        ("TILL:8443", ("192.168.1.20", 8443), True),
        ("localhost:8443", ("127.0.0.1", 8443), True),
        ("localhost:8443", ("::1", 8443), True),
        ("localhost:8443", ("192.168.1.20", 8443), False),
        ("shop.example:9443", ("192.168.1.20", 8443), True),
        ("shop.example:8443", ("192.168.1.20", 8443), False),
        ("till", ("192.168.1.20", 443), True),
        ("till:443", ("192.168.1.20", 443), True),
        ("till", ("192.168.1.20", 8443), False),
        ("till:8443", None, False),
        ("till:8443@evil.example", ("192.168.1.20", 8443), False),
        ("", ("192.168.1.20", 443), False),
    ],
)
def test_the_hosts_that_are_ours(host, reached, allowed):
    guard = HostGuard((*NAMES, "shop.example:9443"), tls=True)
    assert guard.allows(host, reached) is allowed


def test_names_and_addresses_of_this_machine():
    names = names_of_this_machine(("Shop.Example",))
    assert names[0] == "localhost"
    assert "shop.example" in names and any(name.endswith(".local") for name in names)
    assert len(set(names)) == len(names)
    assert addresses_of_this_machine("192.168.1.20")[-1] == ip_address("192.168.1.20")
    assert not any(a.is_unspecified for a in addresses_of_this_machine("0.0.0.0"))


def test_binding_says_plainly_what_is_wrong():
    with bind("127.0.0.1", 0) as first:
        port = first.getsockname()[1]
        with pytest.raises(FiscalmonError, match=f"port {port}"):
            bind("127.0.0.1", port)
    with pytest.raises(BadInput, match="no address of this machine"):
        bind("no such name", 0)
    with pytest.raises(FiscalmonError, match=r"cannot listen on 192\.0\.2\.1"):
        bind("192.0.2.1", 0)


@pytest.mark.parametrize("port", [-1, 65_536])
def test_a_port_that_is_none_is_refused(tmp_path, port):
    with pytest.raises(BadInput, match="no port"):
        ServerSettings(tmp_path, port=port)


class Clock:
    now = 1_000.0

    def __call__(self):
        return self.now


def waits(delays, name="vera", address="10.0.0.5"):
    """Seconds that the pair must wait now, 0 when its try was taken."""
    try:
        delays.begin(name, address)
    except Problem as problem:
        return int(problem.headers["retry-after"])
    return 0


def test_the_delay_doubles_up_to_an_hour_and_is_the_pairs_own():
    clock = Clock()
    delays = SignInDelays(clock)
    assert [waits(delays) for _ in range(5)] == [0] * 5
    seen = []
    for _ in range(14):
        seen.append(waits(delays))
        clock.now += seen[-1]
        assert waits(delays) == 0
    assert seen[:4] == [3, 5, 9, 17]
    assert seen[-1] == 3_601
    assert waits(delays, "olga") == 0
    assert waits(delays, address="10.0.0.6") == 0
    delays.succeeded("vera", "10.0.0.5")
    assert [waits(delays) for _ in range(5)] == [0] * 5


def test_an_old_failure_is_forgotten_and_memory_is_bounded():
    clock = Clock()
    delays = SignInDelays(clock)
    for _ in range(5):
        delays.begin("vera", "a")
    assert waits(delays, "vera", "a") > 0
    for number in range(25_000):
        delays.begin(f"name {number}", "b")
    assert len(delays._pairs) <= 20_000
    assert waits(delays, "vera", "a") > 0
    clock.now += 8_000
    assert [waits(delays, "vera", "a") for _ in range(5)] == [0] * 5


@pytest.mark.parametrize(("seconds", "told"), [(0.2, "1"), (-3, "1"), (1.0, "1"), (1.01, "2"), (9.99, "10")])
def test_retry_after_is_in_whole_seconds_and_never_too_short(seconds, told):
    assert too_many(seconds, "Too often.").headers["retry-after"] == told


def test_the_mask_keeps_first_letters_and_everything_that_is_not_the_buyers():
    receipt = {
        "receiptTotal": 4.98,
        "receipt": {
            "buyerData": {
                "buyerRegisterName": "Tariro Moyo",
                "buyerTIN": "2000123456",
                "buyerAddress": {"houseNo": "7", "street": "Samora"},
                "VATNumber": None,
            },
            "receiptNotes": "two bags",
        },
        "buyerName": "Tariro",
    }
    assert masked(receipt) == {
        "receiptTotal": 4.98,
        "receipt": {
            "buyerData": {
                "buyerRegisterName": "T***",
                "buyerTIN": "2***",
                "buyerAddress": {"houseNo": "7***", "street": "S***"},
                "VATNumber": None,
            },
            "receiptNotes": "two bags",
        },
        "buyerName": "T***",
    }
    assert masked({"buyerData": None}) == {"buyerData": None}


@pytest.mark.parametrize("size", [0, 1, 125, 126, 65_535, 65_536, 200_000])
def test_frames_are_what_the_socket_library_makes(size):
    payload = b"a" * size
    assert text_frame(payload) == Frame(Opcode.TEXT, payload).serialize(mask=False)


def test_private_files_are_whole_and_private(tmp_path):
    path = tmp_path / "deep" / "a.key"
    write_private(path, b"one")
    write_private(path, b"two")
    assert path.read_bytes() == b"two"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [p.name for p in path.parent.iterdir()] == ["a.key"]
    key = read_or_make_key(path)
    assert len(key) == 64 and read_or_make_key(path) == key


def certificate(folder, name):
    return x509.load_pem_x509_certificate((folder / f"{name}.pem").read_bytes())


def test_the_authority_is_made_once_and_the_certificate_renewed_in_time(tmp_path):
    authority = Authority(tmp_path, NAMES, ADDRESSES)
    assert authority.ensure(NOW)
    ca, first = certificate(tmp_path, "ca"), certificate(tmp_path, "server")
    assert not authority.ensure(NOW + timedelta(days=365))
    assert authority.ensure(NOW + timedelta(days=367))
    second = certificate(tmp_path, "server")
    assert certificate(tmp_path, "ca") == ca
    assert second.serial_number != first.serial_number
    assert second.not_valid_after_utc > NOW + timedelta(days=700)
    for one in (first, second):
        assert one.not_valid_after_utc - one.not_valid_before_utc <= timedelta(days=398)
        one.verify_directly_issued_by(ca)
    assert (tmp_path / "ca.key").stat().st_mode & 0o077 == 0
    assert (tmp_path / "server.key").stat().st_mode & 0o077 == 0


def test_the_certificate_names_the_till_and_only_that(tmp_path):
    Authority(tmp_path, (*NAMES, "shop.example:9443", "10.1.2.3", "under_score"), ADDRESSES).ensure(NOW)
    named = certificate(tmp_path, "server").extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert set(named.get_values_for_type(x509.DNSName)) == {*NAMES, "shop.example"}
    assert set(named.get_values_for_type(x509.IPAddress)) == set(ADDRESSES)


def test_other_addresses_are_a_new_certificate_of_the_same_authority(tmp_path):
    Authority(tmp_path, NAMES, ADDRESSES).ensure(NOW)
    ca = certificate(tmp_path, "ca")
    assert Authority(tmp_path, NAMES, (*ADDRESSES, ip_address("10.0.0.9"))).ensure(NOW)
    assert certificate(tmp_path, "ca") == ca
    # What the authority may not vouch for needs another one.
    assert Authority(tmp_path, (*NAMES, "shop.example"), (*ADDRESSES, ip_address("41.60.1.2"))).ensure(NOW)
    assert certificate(tmp_path, "ca") != ca


@pytest.mark.parametrize("broken", ["ca.key", "ca.pem", "server.key", "server.pem"])
def test_damaged_files_are_made_anew(tmp_path, broken):
    authority = Authority(tmp_path, NAMES, ADDRESSES)
    authority.ensure(NOW)
    (tmp_path / broken).write_text("nonsense")
    assert authority.ensure(NOW)
    assert authority.context().minimum_version == ssl.TLSVersion.TLSv1_2
    certificate(tmp_path, "server").verify_directly_issued_by(certificate(tmp_path, "ca"))


def test_the_authority_may_not_vouch_for_the_rest_of_the_web(tmp_path):
    Authority(tmp_path, NAMES, ADDRESSES).ensure(NOW)
    constraints = certificate(tmp_path, "ca").extensions.get_extension_for_class(x509.NameConstraints)
    assert constraints.critical
    basic = certificate(tmp_path, "ca").extensions.get_extension_for_class(x509.BasicConstraints)
    assert basic.critical and basic.value.ca and basic.value.path_length == 0
    assert {part.value for part in constraints.value.permitted_subtrees if isinstance(part, x509.DNSName)} == {*NAMES}
