"""Accounts, sessions and tokens with a clock that the test moves."""

import jwt
import pytest

from fiscalmon.domain.errors import BadInput
from fiscalmon.services.accounts import Accounts
from fiscalmon.services.passwords import Passwords, check_password
from fiscalmon.services.sessions import Sessions
from fiscalmon.store.accounts import AccountFile

PASSWORD = "four plain words do well"
KEY = b"k" * 64
HOUR, DAY = 3_600, 86_400


class Clock:
    now = 1_790_000_000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def accounts(tmp_path, clock, monkeypatch):
    # What Argon2id is worth is its own library's affair; here it would only cost time.
    monkeypatch.setattr(Passwords, "hash", lambda self, password: f"hash of {password}")
    monkeypatch.setattr(Passwords, "verify", lambda self, stored, password: stored == f"hash of {password}")
    monkeypatch.setattr(Passwords, "outdated", lambda self, stored: False)
    found = Accounts(AccountFile(tmp_path), clock)
    yield found
    found.close()


@pytest.fixture
def sessions(accounts):
    accounts.add("Vera", "viewer", PASSWORD, [102, 101])
    return Sessions(accounts, KEY)


def test_an_account_is_kept_listed_and_found_without_regard_to_case(accounts):
    accounts.add("Vera", "viewer", PASSWORD, [102, 101])
    accounts.add("amos", "owner", PASSWORD)
    assert [(a["name"], a["role"], a["devices"]) for a in accounts.listing()] == [
        ("amos", "owner", None),
        ("Vera", "viewer", [101, 102]),
    ]
    assert "hash" not in str(accounts.listing())
    assert accounts.get("VERA").name == "Vera"
    assert accounts.verify("vera", PASSWORD).id == accounts.get("Vera").id
    assert accounts.verify("vera", PASSWORD + "x") is None
    assert accounts.verify("nobody", PASSWORD) is None
    with pytest.raises(BadInput, match="already an account"):
        accounts.add("vERA", "viewer", PASSWORD)


@pytest.mark.parametrize("name", ["", " ", "-x", "a" * 65, "a\nb", "a\u202eb", "<b>", "a/b", 'a"b'])
def test_a_name_that_would_confuse_is_refused(accounts, name):
    with pytest.raises(BadInput):
        accounts.add(name, "viewer", PASSWORD)


@pytest.mark.parametrize(
    ("role", "devices"), [("admin", None), ("", None), ("viewer", []), ("viewer", [0]), ("viewer", [-1])]
)
def test_a_role_or_devices_that_are_none_are_refused(accounts, role, devices):
    with pytest.raises(BadInput):
        accounts.add("vera", role, PASSWORD, devices)


@pytest.mark.parametrize(
    "password",
    [
        "",
        "elevenchars",
        "Password1234",
        "QWERTYUIOP12",
        "aaaaaaaaaaaaaaaa",
        "abababababab",
        "tendai-tendai!",
        "x" * 1_025,
    ],
)
def test_a_weak_password_is_refused(password):
    with pytest.raises(BadInput):
        check_password(password, "Tendai")


@pytest.mark.parametrize(
    "password", ["twelve chars", "four plain words do well", "пароль-длинный", "tendai likes sadza"]
)
def test_a_long_one_needs_no_signs(password):
    check_password(password, "Tendai")


def test_changing_what_is_not_there_says_so(accounts):
    for change in (
        lambda: accounts.set_password("nobody", PASSWORD),
        lambda: accounts.set_role("nobody", "viewer"),
        lambda: accounts.remove("nobody"),
    ):
        with pytest.raises(BadInput, match="no account nobody"):
            change()


def test_argon2_checks_rejects_and_refuses_nonsense():
    passwords = Passwords()
    stored = passwords.hash(PASSWORD)
    assert stored.startswith("$argon2id$")
    assert passwords.verify(stored, PASSWORD)
    assert not passwords.verify(stored, PASSWORD + " ")
    assert not passwords.verify(None, PASSWORD)
    assert not passwords.verify("nonsense", PASSWORD)
    assert not passwords.outdated(stored)
    assert passwords.outdated(stored.replace("t=3", "t=1"))


@pytest.mark.parametrize(("stay", "life"), [(False, 8 * HOUR), (True, 12 * HOUR)])
def test_a_browsers_session_ends_by_itself(accounts, sessions, clock, stay, life):
    secret = sessions.open_cookie(accounts.get("vera"), stay=stay).secret
    principal = sessions.by_cookie(secret)
    assert principal.devices == {101, 102}
    clock.now += life - 1
    assert sessions.alive(principal)
    clock.now += 1
    assert sessions.by_cookie(secret) is None
    assert not sessions.alive(principal)


def test_staying_signed_in_lasts_thirty_days_when_used(accounts, sessions, clock):
    opened = sessions.open_cookie(accounts.get("vera"), stay=True)
    principal = sessions.by_cookie(opened.secret)
    for _ in range(3 * 30 - 1):
        clock.now += 8 * HOUR
        sessions.touch(frozenset({principal.session_id}))
        assert sessions.alive(principal)
    clock.now += 8 * HOUR
    sessions.touch(frozenset({principal.session_id}))
    assert not sessions.alive(principal)


def test_without_staying_use_does_not_prolong(accounts, sessions, clock):
    principal = sessions.by_cookie(sessions.open_cookie(accounts.get("vera"), stay=False).secret)
    for _ in range(8):
        clock.now += HOUR
        sessions.touch(frozenset({principal.session_id}))
    assert not sessions.alive(principal)


def test_an_access_token_lasts_fifteen_minutes_and_its_session_thirty_days(accounts, sessions, clock):
    tokens = sessions.open_tokens(accounts.get("vera"))
    clock.now += 15 * 60 - 1
    principal = sessions.by_access_token(tokens.access)
    assert principal.account.name == "Vera"
    clock.now += 1
    assert sessions.by_access_token(tokens.access) is None
    # A socket that is open lives on: its session does.
    assert sessions.alive(principal)
    clock.now += 29 * DAY
    renewed = sessions.renew(tokens.refresh)
    clock.now += 29 * DAY
    assert sessions.renew(renewed.refresh) is not None
    clock.now += 31 * DAY
    assert not sessions.alive(principal)


def test_a_refresh_token_of_thirty_days_ago_is_refused(accounts, sessions, clock):
    tokens = sessions.open_tokens(accounts.get("vera"))
    clock.now += 30 * DAY
    assert sessions.renew(tokens.refresh) is None


@pytest.mark.parametrize(
    "change",
    [
        lambda accounts: accounts.set_password("vera", "another four plain words"),
        lambda accounts: accounts.set_role("vera", "manager"),
        lambda accounts: accounts.set_devices("vera", None),
        lambda accounts: accounts.remove("vera"),
    ],
)
def test_a_change_ends_sessions_and_tokens(accounts, sessions, change):
    secret = sessions.open_cookie(accounts.get("vera"), stay=True).secret
    tokens = sessions.open_tokens(accounts.get("vera"))
    here = [sessions.by_cookie(secret), sessions.by_access_token(tokens.access)]
    assert all(sessions.alive(principal) for principal in here)
    change(accounts)
    assert sessions.refresh()
    assert not sessions.refresh()
    assert not any(sessions.alive(principal) for principal in here)
    assert sessions.by_cookie(secret) is None
    assert sessions.by_access_token(tokens.access) is None
    assert sessions.renew(tokens.refresh) is None


def test_a_password_checked_before_a_change_opens_nothing_after_it(accounts, sessions):
    stale = accounts.verify("vera", PASSWORD)
    accounts.set_password("vera", "another four plain words")
    with pytest.raises(BadInput):
        sessions.open_cookie(stale, stay=False)
    with pytest.raises(BadInput):
        sessions.open_tokens(stale)


def test_an_account_made_again_does_not_inherit(accounts, sessions):
    tokens = sessions.open_tokens(accounts.get("vera"))
    old = accounts.get("vera").id
    accounts.remove("vera")
    accounts.add("vera", "owner", PASSWORD)
    sessions.refresh()
    assert accounts.get("vera").id != old
    assert sessions.by_access_token(tokens.access) is None


def test_what_another_process_does_is_noticed(accounts, sessions, tmp_path):
    secret = sessions.open_cookie(accounts.get("vera"), stay=False).secret
    assert not sessions.refresh()
    other = Accounts(AccountFile(tmp_path))
    other.remove("vera")
    other.close()
    assert sessions.refresh()
    assert sessions.by_cookie(secret) is None


def test_posted_receipts_belong_to_who_posted_them(accounts):
    one = accounts.add("pos1", "pos", PASSWORD).id
    two = accounts.add("pos2", "pos", PASSWORD).id
    for number in range(4):
        accounts.shelf.note_posted(one, f"r{number}")
        accounts.shelf.note_posted(one, f"r{number}")
    accounts.shelf.note_posted(two, "r0")
    page = accounts.shelf.posted_by(one, before=None, limit=3)
    assert [receipt for _, receipt in page] == ["r3", "r2", "r1"]
    rest = accounts.shelf.posted_by(one, before=page[-1][0], limit=3)
    assert [receipt for _, receipt in rest] == ["r0"]
    assert accounts.shelf.has_posted(two, "r0")
    assert not accounts.shelf.has_posted(two, "r1")


def test_the_file_is_private_and_holds_no_secret(accounts, sessions, tmp_path):
    secret = sessions.open_cookie(accounts.get("vera"), stay=False).secret
    tokens = sessions.open_tokens(accounts.get("vera"))
    for path in tmp_path.glob("accounts.db*"):
        assert path.stat().st_mode & 0o077 == 0
        for word in (secret, tokens.refresh, tokens.access, sessions.csrf_token(secret)):
            assert word.encode() not in path.read_bytes()


def test_a_browsers_session_is_no_programs(accounts, sessions, clock):
    """Who has the signing key's word for it still needs a session of the right kind."""
    vera = accounts.get("vera")
    sessions.open_cookie(vera, stay=False)
    (browser,) = sessions.of(vera)
    now = int(clock())
    claims = {"iss": "fiscalmon", "sub": str(vera.id), "ver": vera.version, "iat": now, "exp": now + 60}
    assert sessions.by_access_token(jwt.encode({**claims, "sid": browser.id}, KEY, "HS256")) is None
    sessions.open_tokens(vera)
    (program,) = [one for one in sessions.of(vera) if one.kind == "token"]
    assert sessions.by_access_token(jwt.encode({**claims, "sid": program.id}, KEY, "HS256")).account == vera


def test_no_account_gets_a_weak_password(accounts, sessions):
    for weak in ("short", "password1234"):
        with pytest.raises(BadInput):
            accounts.add("tendai", "owner", weak)
        with pytest.raises(BadInput):
            accounts.set_password("vera", weak)
    assert [account.name for account in accounts.list()] == ["Vera"]
    assert accounts.verify("vera", PASSWORD) is not None
