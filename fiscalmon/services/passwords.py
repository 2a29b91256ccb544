"""Passwords of LAN accounts: what is accepted, and Argon2id. Must not know accounts, sessions or storage."""

from __future__ import annotations

import secrets
from functools import cached_property
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from ..domain.account import name_key
from ..domain.errors import BadInput

SHORTEST: Final = 12
LONGEST: Final = 1_024
# Long enough to pass the length rule, common enough to be tried first. Compared without case.
_COMMON: Final = frozenset(
    """
    123456789012 1234567890123 12345678901234 123456789012345 1234567890123456 012345678901 098765432109
    987654321098 000000000000 111111111111 112233445566 121212121212 123123123123 123412341234 123451234512345
    123456123456 123456654321 147258369147 741852963741 1q2w3e4r5t6y 1q2w3e4r5t6y7u 1qaz2wsx3edc 1qaz2wsx3edc4rfv
    qwertyuiop12 qwertyuiop123 qwertyuiop[] qwertyuiop[]\\ qwerty123456 qwerty1234567 qwertyqwerty qwertyasdfgh
    qwertyuiopas asdfghjkl123 asdfghjkl;' asdfghjklzxc zxcvbnm12345 zxcvbnmasdfg qazwsxedcrfv q1w2e3r4t5y6
    a1b2c3d4e5f6 abcdefghijkl abcdefghijklm abcdef123456 abcd12345678 abc123abc123 abcabcabcabc aaaaaaaaaaaa
    passwordpassword password1234 password12345 password123456 password123! password1234! passw0rd1234 p@ssw0rd1234
    p@ssword1234 pa$$word1234 mypassword12 mypassword123 newpassword1 newpassword12 changeme1234 changemenow1
    administrator administrator1 admin1234567 admin12345678 adminadminadmin adminpassword letmein12345 letmeinletmein
    welcome12345 welcome123456 welcome1234! iloveyou1234 iloveyouiloveyou football1234 liverpool123 manchester12
    manchesterunited superman1234 batman123456 princess1234 sunshine1234 monkeymonkey dragondragon trustno1trustno1
    computer1234 internet1234 secret123456 secretsecret fiscalmon123 fiscalmon1234 fiscalmonfiscalmon zimbabwe1234
    zimbabwe12345 zimbabwe2026 harare123456 bulawayo1234 zimrazimra12 zimra1234567 cashier12345 manager12345
    supermarket1 supermarket12 supermarket123 shopkeeper12 correcthorsebatterystaple
    """.split()  # noqa: SIM905 - one text is easier to add to than a hundred literals
)


def check_password(password: str, name: str) -> None:
    """Raises BadInput when the password may not be used for the account of that name."""
    plain = password.casefold()
    if len(password) < SHORTEST:
        raise BadInput(f"The password needs {SHORTEST} characters or more; four plain words do well.")
    if len(password) > LONGEST:
        raise BadInput(f"The password may have at most {LONGEST} characters.")
    if plain in _COMMON or len(set(plain)) < 4:
        raise BadInput("This password is among the first that are tried; choose another.")
    rest = plain.replace(name_key(name), "")
    if len(rest) < SHORTEST // 2:
        raise BadInput("The password is little more than the account's name; choose another.")


class Passwords:
    """Argon2id with parameters stored in each hash. Every check takes the same work, also without an account."""

    def __init__(self) -> None:
        # OWASP's range; 32 MiB because the till shares its memory with the sale.
        self._hasher = PasswordHasher(time_cost=3, memory_cost=32 * 1024, parallelism=1)

    @cached_property
    def _of_nobody(self) -> str:
        return self._hasher.hash(secrets.token_hex())

    def prepare(self) -> None:
        """Make the hash for unknown names now, so that the first such try is not slower than the others."""
        self.verify(None, "")

    def hash(self, password: str) -> str:
        """The hash to store."""
        return self._hasher.hash(password)

    def verify(self, stored: str | None, password: str) -> bool:
        """Whether the password belongs to the stored hash; with None the same work for nothing."""
        try:
            return self._hasher.verify(stored or self._of_nobody, password) and stored is not None
        except (VerificationError, InvalidHashError):
            return False

    def outdated(self, stored: str) -> bool:
        """Whether the hash was made with weaker parameters than today's."""
        return self._hasher.check_needs_rehash(stored)
