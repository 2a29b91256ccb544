"""The cashier's lock: a PIN of four to six digits for this till's screen, kept as a hash, with a growing pause.

Synchronous and called from any thread. Must not know the screen nor where its slip of memory is kept.
"""

from __future__ import annotations

import asyncio
import itertools
import threading
import time
from collections.abc import Awaitable, Callable
from typing import Any, Final, Protocol

import msgspec

from ..domain.errors import BadInput, FiscalmonError
from .passwords import Passwords

FREE_TRIES: Final = 5
LONGEST_MINUTES: Final = 60
Json = dict[str, Any]


class LockState(msgspec.Struct, frozen=True):
    """`failures` in a row; `until`: Unix seconds before which no PIN is looked at. `locked` outlives a restart."""

    digest: str | None = None
    locked: bool = False
    failures: int = 0
    until: float = 0.0


class LockShelf(Protocol):
    """Where the state is kept, for this user's eyes alone."""

    def load(self) -> bytes | None: ...
    def save(self, content: bytes) -> None: ...


class WrongPin(FiscalmonError):
    """The PIN is not the one, or no PIN is looked at just now."""

    code = "PIN"


class TillLock:
    """One for the till."""

    def __init__(self, shelf: LockShelf, now: Callable[[], float] = time.time) -> None:
        self._shelf = shelf
        self._now = now
        self._gate = threading.Lock()
        self._passwords = Passwords()

    def state(self) -> Json:
        """{"pin": whether there is one, "locked", "wait": seconds until a PIN is looked at again}."""
        state = self._load()
        wait = max(0, round(state.until - self._now())) if state.locked else 0
        return {"pin": state.digest is not None, "locked": state.locked, "wait": wait}

    def set_pin(self, pin: str | None, before: str | None) -> Json:
        """Another PIN, None for none. The old one has to be known. Raises BadInput, WrongPin."""
        with self._gate:
            state = self._load()
            if state.digest is not None:
                state = self._checked(state, before or "")
            if pin is None:
                self._save(LockState())
            else:
                check_pin(pin)
                self._save(LockState(self._passwords.hash(pin)))
        return self.state()

    def lock(self) -> Json:
        """From now on the screen wants the PIN. Raises BadInput where there is none."""
        with self._gate:
            state = self._load()
            if state.digest is None:
                raise BadInput("There is no PIN yet: set one first.", code="NO_PIN")
            self._save(msgspec.structs.replace(state, locked=True))
        return self.state()

    def unlock(self, pin: str) -> Json:
        """Raises WrongPin, in words for the cashier."""
        with self._gate:
            state = self._load()
            if state.locked:
                self._save(msgspec.structs.replace(self._checked(state, pin), locked=False))
        return self.state()

    def _checked(self, state: LockState, pin: str) -> LockState:
        """The state after a right PIN. Each wrong one is on the disk before it is answered."""
        now = self._now()
        # A clock that was set back must not lock the till for years.
        if 0 < state.until - now <= LONGEST_MINUTES * 60:
            raise WrongPin(f"Too many wrong PINs: try again in {_words(state.until - now)}.")
        if self._passwords.verify(state.digest, pin[:32]):
            return msgspec.structs.replace(state, failures=0, until=0.0)
        failures = state.failures + 1
        minutes = min(2 ** (failures - FREE_TRIES), LONGEST_MINUTES) if failures >= FREE_TRIES else 0
        self._save(msgspec.structs.replace(state, failures=failures, until=now + 60 * minutes if minutes else 0.0))
        if minutes:
            raise WrongPin(f"This is not the PIN. Try again in {_words(60 * minutes)}.")
        left = FREE_TRIES - failures
        raise WrongPin(f"This is not the PIN. {left} more {'try' if left == 1 else 'tries'} before a pause.")

    def _load(self) -> LockState:
        content = self._shelf.load()
        if content is None:
            return LockState()
        try:
            return msgspec.json.decode(content, type=LockState)
        except msgspec.MsgspecError:
            # Spoilt by a failing disk: a till that can never be unlocked again is worse than one without a PIN.
            return LockState()

    def _save(self, state: LockState) -> None:
        self._shelf.save(msgspec.json.encode(state))


def check_pin(pin: str) -> None:
    """Raises BadInput for what is no PIN, or the first that anybody tries."""
    if not (4 <= len(pin) <= 6 and pin.isascii() and pin.isdigit()):
        raise BadInput("A PIN has four to six digits.")
    steps = {(int(b) - int(a)) % 10 for a, b in itertools.pairwise(pin)}
    if steps in ({0}, {1}, {9}):
        raise BadInput("This PIN is among the first that are tried; choose another.")


def lock_operations(lock: TillLock) -> dict[str, Callable[[Json], Awaitable[Any]]]:
    """The lock as operations of the window. Hashing takes its time: aside of the loop."""
    return {
        "lock.state": lambda _: asyncio.to_thread(lock.state),
        "lock.set": lambda given: asyncio.to_thread(lock.set_pin, given.get("pin"), given.get("before")),
        "lock.lock": lambda _: asyncio.to_thread(lock.lock),
        "lock.unlock": lambda given: asyncio.to_thread(lock.unlock, given["pin"]),
    }


def _words(seconds: float) -> str:
    minutes = max(1, round(seconds / 60))
    return f"{minutes} minute{'' if minutes == 1 else 's'}"
