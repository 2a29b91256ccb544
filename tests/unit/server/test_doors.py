"""Parts of the door to the LAN, each alone: likely addresses, browsers' names, certificates, lasting tokens."""

import datetime as dt

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from fiscalmon.domain.account import Role
from fiscalmon.domain.errors import BadInput
from fiscalmon.events import OFFICE, Message
from fiscalmon.server.agents import agent_words
from fiscalmon.server.audience import greeting_for, may_hear
from fiscalmon.server.own_certificate import load_own
from fiscalmon.services.accounts import Accounts
from fiscalmon.services.lan_access import qr_matrix
from fiscalmon.services.lan_addresses import AdapterAddress, likely_first
from fiscalmon.services.screens import LastingTokens
from fiscalmon.services.sessions import Sessions
from fiscalmon.store.accounts import AccountFile
from tests.support.lan import PASSWORD

NOW = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)


def test_the_likely_address_comes_first():
    found = [
        AdapterAddress("lo", "127.0.0.1"),
        AdapterAddress("docker0", "172.17.0.1"),
        AdapterAddress("VirtualBox Host-Only Ethernet Adapter", "192.168.56.1"),
        AdapterAddress("wlan0", "10.4.4.4"),
        AdapterAddress("eth0", "fd00::2", routed=True),
        AdapterAddress("eth0", "fe80::2"),
        AdapterAddress("eth0", "192.168.1.7", routed=True),
        AdapterAddress("eth0", "169.254.3.3"),
    ]
    in_order = [one.address for one in likely_first(found)]
    assert in_order == ["192.168.1.7", "10.4.4.4", "fd00::2", "192.168.56.1", "172.17.0.1"]
    assert likely_first(found, "172.17.0.1")[0].address == "172.17.0.1"
    assert likely_first(found, "10.9.9.9")[0].address == "192.168.1.7"


@pytest.mark.parametrize(
    ("header", "words"),
    [
        (
            "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36",
            "Chrome on Android",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605 Version/19 Safari/604",
            "Safari on iPhone",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64) AppleWebKit/537.36 Chrome/140 Safari/537.36 Edg/140.0",
            "Edge on Windows",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0", "Firefox on Linux"),
        ("python-httpx/0.28.1", "python-httpx"),
        ("<script>alert(1)</script>", None),
        ("", None),
        ("a" * 500, "a" * 40),
    ],
)
def test_a_browser_by_its_name(header, words):
    assert agent_words(header) == words


@pytest.mark.parametrize("role", list(Role))
def test_the_office_alone_hears_of_doors_and_settings(role):
    hears = role in (Role.SUPPORT, Role.OWNER)
    assert {"signin.failed", "signin.new_address", "account.changed", "lan.listening", "setting.changed"} <= OFFICE
    assert {may_hear(role, type_) for type_ in OFFICE} == {hears}
    assert may_hear(role, "receipt.completed")
    events = [{"type": "signin.failed", "seq": 1}, {"type": "receipt.completed", "seq": 2}]
    hello = Message("hello", 2, "", None, {"events": events, "seq": 2})
    assert [one["seq"] for one in greeting_for(role, hello).data["events"]] == ([1, 2] if hears else [2])


def test_a_qr_code_has_its_quiet_zone():
    rows = qr_matrix("https://192.168.1.7:8443/")
    assert len(rows) == len(rows[0]) >= 29
    assert not any(rows[0]) and not any(rows[3]) and rows[4][4]


def own_files(folder, *, days=30, names=("till.shop.example",), key=None, passphrase=None):
    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "till")])
    start = dt.datetime.now(dt.UTC) - dt.timedelta(days=1)
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + dt.timedelta(days=days))
    )
    if names:
        builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(n) for n in names]), critical=False)
    secret = serialization.BestAvailableEncryption(passphrase) if passphrase else serialization.NoEncryption()
    pem = (key or private).private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, secret)
    (folder / "own.pem").write_bytes(builder.sign(private, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    (folder / "own.key").write_bytes(pem)
    return folder / "own.pem", folder / "own.key"


def test_a_certificate_of_the_shops_own_is_checked_before_it_is_used(tmp_path):
    assert load_own(*own_files(tmp_path)) is not None
    for made, why in (
        ({"days": 0.5}, "does not hold today"),
        ({"names": ()}, "names no host"),
        ({"key": ec.generate_private_key(ec.SECP256R1())}, "not that of the certificate"),
        ({"passphrase": b"secret"}, "passphrase"),
    ):
        with pytest.raises(BadInput, match=why):
            load_own(*own_files(tmp_path, **made))
    files = own_files(tmp_path)
    with pytest.raises(BadInput, match="cannot be read"):
        load_own(tmp_path / "missing.pem", files[1])
    files[0].write_text("nonsense")
    with pytest.raises(BadInput, match="as PEM"):
        load_own(*files)


@pytest.fixture
def accounts(tmp_path):
    made = Accounts(AccountFile(tmp_path))
    yield made
    made.close()


def test_a_screen_has_a_token_and_no_password(accounts):
    tokens = LastingTokens(accounts)
    token = tokens.add_screen("wall", [101])
    principal = Sessions(accounts, b"k" * 64).by_access_token(token)
    assert (principal.account.role, principal.devices) == (Role.SCREEN, frozenset({101}))
    assert [screen["name"] for screen in tokens.screens()] == ["wall"]
    accounts.set_password("wall", PASSWORD)
    assert accounts.verify("wall", PASSWORD) is None
    with pytest.raises(BadInput, match="is a screen"):
        tokens.add_key("wall", 10, "scraper")
    with pytest.raises(BadInput, match="no role"):
        accounts.add("other", "screen", PASSWORD)
    accounts.add("vera", "viewer", PASSWORD)
    with pytest.raises(BadInput, match="no screen vera"):
        tokens.remove_screen("vera")
    tokens.remove_screen("wall")
    assert tokens.screens() == []


def test_a_removed_screen_is_let_in_no_more(accounts):
    tokens, sessions = LastingTokens(accounts), Sessions(accounts, b"k" * 64)
    token = tokens.add_screen("wall")
    sessions.refresh()
    principal = sessions.by_access_token(token)
    tokens.remove_screen("wall")
    sessions.refresh()
    assert not sessions.alive(principal)
    assert sessions.by_access_token(token) is None


def test_a_key_acts_as_its_account_until_it_ends(accounts):
    accounts.add("vera", "viewer", PASSWORD)
    tokens, sessions = LastingTokens(accounts), Sessions(accounts, b"k" * 64)
    key = tokens.add_key("vera", 30, "Prometheus")
    sessions.refresh()
    assert sessions.by_access_token(key).account.name == "vera"
    assert sessions.by_cookie(key) is None and sessions.renew(key) is None
    (listed,) = tokens.sessions("vera")
    assert (listed["kind"], listed["agent"]) == ("key", "Prometheus")
    assert key not in str(listed)
    assert tokens.end_sessions("vera", listed["id"]) == 1
    sessions.refresh()
    assert sessions.by_access_token(key) is None
    for days in (0, 731):
        with pytest.raises(BadInput, match="1 to 730"):
            tokens.add_key("vera", days, "x")
    with pytest.raises(BadInput, match="no session"):
        tokens.end_sessions("vera", "0" * 32)


def test_what_is_done_to_accounts_waits_to_be_told_once(accounts):
    accounts.add("vera", "viewer", PASSWORD)
    accounts.set_role("vera", "manager")
    accounts.set_password("vera", "another four plain words")
    accounts.set_devices("vera", [101])
    accounts.remove("vera")
    told = accounts.shelf.journal.pending()
    assert [(one.what, one.name, one.role) for one in told] == [
        ("added", "vera", "viewer"),
        ("role", "vera", "manager"),
        ("password", "vera", "manager"),
        ("devices", "vera", "manager"),
        ("removed", "vera", "manager"),
    ]
    accounts.shelf.journal.forget(told[2].id)
    assert [one.what for one in accounts.shelf.journal.pending()] == ["devices", "removed"]


def test_an_address_is_new_once_for_each_account(accounts):
    vera, olga = accounts.add("vera", "viewer", PASSWORD), accounts.add("olga", "owner", PASSWORD)
    new = [accounts.shelf.journal.is_new(account.id, "10.0.0.5", 1) for account in (vera, vera, olga)]
    assert new == [True, False, True]
    assert accounts.has_owner()


def test_a_file_of_an_older_version_gets_its_new_columns(tmp_path):
    import sqlite3

    AccountFile(tmp_path).close()
    with sqlite3.connect(tmp_path / "accounts.db") as old:
        old.execute("ALTER TABLE sessions DROP COLUMN address")
        old.execute("ALTER TABLE sessions DROP COLUMN agent")
    old.close()
    accounts = Accounts(AccountFile(tmp_path))
    accounts.add("vera", "viewer", PASSWORD)
    LastingTokens(accounts).add_key("vera", 1, "after")
    assert LastingTokens(accounts).sessions("vera")[0]["agent"] == "after"
    accounts.close()
