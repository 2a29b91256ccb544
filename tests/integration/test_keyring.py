"""What unlocks the keys: a real Secret Service, a file, and the way between them, also when it is interrupted."""

import os

import pytest

from device.keys.device_keys import KeyRoom
from device.keys.os_keyring import OsKeyring, system_keyring
from device.keys.sealed import open_keys, seal_keys
from fiscalmon.domain.errors import KeyUnavailable
from tests.support.secret_service import SecretService


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    running = SecretService(tmp_path_factory.mktemp("bus"))
    yield running
    running.end()


@pytest.fixture
def keyring(service, monkeypatch):
    """This process as in the session of a desktop."""
    for name, value in service.environment.items():
        monkeypatch.setenv(name, value)
    found = system_keyring()
    assert found is not None
    return found


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "keys"


class Fragile:
    """A keyring of the test's own, on the library's interface."""

    def __init__(self, *, forgets: bool = False, fails: bool = False) -> None:
        self.held: dict[tuple[str, str], str] = {}
        self.forgets = forgets
        self.fails = fails

    def get_password(self, service, username):
        return self.held.get((service, username))

    def set_password(self, service, username, password):
        if self.fails:
            raise RuntimeError(f"cannot keep {password}")
        if not self.forgets:
            self.held[service, username] = password

    def delete_password(self, service, username):
        del self.held[service, username]


def names(folder) -> set[str]:
    return {path.name for path in folder.iterdir()}


def room(folder, backend=None, wish="auto") -> KeyRoom:
    return KeyRoom(folder, wish, keyring=lambda: OsKeyring(backend, 1.0) if backend is not None else None)


def works(folder, backend=None) -> str:
    """The device's public key, as another process would sign with it."""
    signer = (KeyRoom(folder) if backend is None else room(folder, backend)).keys.signer(7)
    assert signer.sign_digest(bytes(32))
    return signer.public_key_pem


def test_where_a_keyring_is_it_holds_the_passphrase(keyring, folder):
    keys = KeyRoom(folder).keys
    keys.create(7)
    assert names(folder) == {"7.key", "keyring"}
    assert keys.place(7) == "keyring"
    secret = keys.passphrase()
    assert len(secret) == 32
    assert secret not in b"".join(path.read_bytes() for path in folder.iterdir())
    assert (folder / "keyring").stat().st_mode & 0o777 == 0o600
    works(folder)


def test_to_the_file_and_back_with_the_same_key(keyring, folder):
    KeyRoom(folder).keys.create(7)
    public = works(folder)
    secret = KeyRoom(folder).passphrases.read()
    assert KeyRoom(folder).passphrases.move("file") is True
    assert KeyRoom(folder).passphrases.move("file") is False
    assert names(folder) == {"7.key", "passphrase"}
    assert (folder / "passphrase").read_bytes() == secret
    assert (folder / "passphrase").stat().st_mode & 0o777 == 0o600
    assert works(folder) == public
    assert KeyRoom(folder).passphrases.move("keyring") is True
    assert KeyRoom(folder).passphrases.move("keyring") is False
    assert names(folder) == {"7.key", "keyring"}
    assert works(folder) == public


def test_the_settings_may_refuse_the_keyring(keyring, folder):
    KeyRoom(folder, "file").keys.create(7)
    assert names(folder) == {"7.key", "passphrase"}


def test_without_a_session_there_is_no_keyring(monkeypatch, folder):
    for name in ("DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR"):
        monkeypatch.delenv(name, raising=False)
    assert system_keyring() is None
    with pytest.raises(KeyUnavailable, match="no keyring"):
        KeyRoom(folder, "keyring").keys.create(7)
    keys = KeyRoom(folder).keys
    keys.create(7)
    assert keys.place(7) == "file"
    with pytest.raises(KeyUnavailable, match="no keyring"):
        KeyRoom(folder).passphrases.move("keyring")
    works(folder)


def test_a_dead_bus_is_no_keyring(monkeypatch, tmp_path):
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path / 'nobody'}")
    assert system_keyring() is None


@pytest.mark.parametrize("trouble", [{"forgets": True}, {"fails": True}])
def test_a_keyring_that_does_not_keep_leaves_the_file(folder, trouble):
    backend = Fragile(**trouble)
    room(folder, backend).keys.create(7)
    assert names(folder) == {"7.key", "passphrase"}
    with pytest.raises(KeyUnavailable) as refused:
        room(folder, backend).passphrases.move("keyring")
    assert "passphrase" in names(folder)
    assert "cannot keep" not in str(refused.value)
    works(folder, backend)


def test_a_move_that_was_interrupted_goes_on_in_either_direction(folder):
    backend = Fragile()
    room(folder, backend, "file").keys.create(7)
    secret = (folder / "passphrase").read_bytes()
    room(folder, backend).passphrases.move("keyring")
    # Both places have it: what a crash leaves in the middle of either way.
    (folder / "passphrase").write_bytes(secret)
    (folder / "passphrase").chmod(0o600)
    works(folder, backend)
    room(folder, backend).passphrases.move("keyring")
    assert names(folder) == {"7.key", "keyring"}
    works(folder, backend)
    (folder / "passphrase").write_bytes(secret)
    (folder / "passphrase").chmod(0o600)
    room(folder, backend).passphrases.move("file")
    assert (names(folder), backend.held) == ({"7.key", "passphrase"}, {})


def test_a_lost_entry_is_told_and_no_new_secret_hides_it(folder):
    backend = Fragile()
    room(folder, backend).keys.create(7)
    backend.held.clear()
    with pytest.raises(KeyUnavailable, match="has lost the passphrase"):
        room(folder, backend).keys.signer(7)
    with pytest.raises(KeyUnavailable, match="has lost the passphrase"):
        room(folder, backend).keys.create(8)
    with pytest.raises(KeyUnavailable, match="no keyring"):
        room(folder).keys.signer(7)


def test_a_backup_takes_the_secret_out_of_the_keyring(keyring, folder, tmp_path):
    keys = KeyRoom(folder).keys
    keys.create(7)
    files = open_keys(seal_keys(folder, "correct horse battery", keys.passphrase), "correct horse battery")
    assert set(files) == {"7.key", "passphrase"}
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir(mode=0o700)
    for name, content in files.items():
        (elsewhere / name).write_bytes(content)
        (elsewhere / name).chmod(0o600)
    assert works(elsewhere) == works(folder)


def test_a_keyring_that_waits_for_a_person_is_given_up():
    import threading

    never = threading.Event()

    class Waiting(Fragile):
        def get_password(self, service, username):
            never.wait(20)

    try:
        with pytest.raises(KeyUnavailable, match="does not answer"):
            OsKeyring(Waiting(), 0.05).get("anything")
    finally:
        never.set()


def test_only_the_secret_service_is_ever_asked(keyring):
    assert type(keyring._backend).__module__ == "keyring.backends.SecretService"
    assert os.environ.get("PYTHON_KEYRING_BACKEND") is None
