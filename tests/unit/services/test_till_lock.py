"""The cashier's lock: what is a PIN, how many tries there are, and what a restart or a moved clock changes."""

import pytest

from fiscalmon.domain.errors import BadInput
from fiscalmon.services.till_lock import TillLock, WrongPin, check_pin
from fiscalmon.store.lock_file import FILE_NAME, LockFile


class Moment:
    def __init__(self):
        self.at = 1_000_000.0

    def __call__(self):
        return self.at


@pytest.fixture
def moment():
    return Moment()


@pytest.fixture
def lock(tmp_path, moment):
    made = TillLock(LockFile(tmp_path), moment)
    made.set_pin("4071", None)
    return made


def fail(lock, times, pin="9999"):
    told = []
    for _ in range(times):
        with pytest.raises(WrongPin) as wrong:
            lock.unlock(pin)
        told.append(wrong.value.text)
    return told


@pytest.mark.parametrize("pin", ["", "123", "1234567", "12a4", "١٢٣٤", "1234", "9876", "1111", "890123"])
def test_what_is_no_pin(pin):
    with pytest.raises(BadInput):
        check_pin(pin)


def test_locked_until_the_pin_also_after_a_restart(lock, tmp_path, moment):
    assert lock.lock() == {"pin": True, "locked": True, "wait": 0}
    again = TillLock(LockFile(tmp_path), moment)
    assert again.state()["locked"]
    assert again.unlock("4071") == {"pin": True, "locked": False, "wait": 0}


def test_only_a_hash_is_kept_for_this_user_alone(lock, tmp_path):
    file = tmp_path / FILE_NAME
    assert b"4071" not in file.read_bytes() and b"$argon2id$" in file.read_bytes()
    assert file.stat().st_mode & 0o077 == 0


def test_five_tries_then_growing_pauses_in_which_the_right_pin_is_not_looked_at(lock, tmp_path, moment):
    lock.lock()
    assert "4 more tries" in fail(lock, 4)[0]
    assert "1 minute" in fail(lock, 1)[0]
    with pytest.raises(WrongPin, match="Too many"):
        TillLock(LockFile(tmp_path), moment).unlock("4071")
    moment.at += 61
    assert "2 minutes" in fail(lock, 1)[0]
    moment.at += 121
    assert not lock.unlock("4071")["locked"]
    lock.lock()
    assert "4 more tries" in fail(lock, 1)[0]


def test_a_clock_that_was_set_back_does_not_lock_for_years(lock, moment):
    lock.lock()
    fail(lock, 5)
    moment.at -= 10_000_000
    assert not lock.unlock("4071")["locked"]


def test_a_new_pin_wants_the_old_one(lock):
    with pytest.raises(WrongPin):
        lock.set_pin("5082", "0000")
    lock.set_pin("5082", "4071")
    lock.lock()
    assert not lock.unlock("5082")["locked"]
    assert lock.set_pin(None, "5082") == {"pin": False, "locked": False, "wait": 0}
    with pytest.raises(BadInput, match="no PIN"):
        lock.lock()
