"""Users of a taxpayer's tills as FDMS holds them (Gateway v7.2 §22): passwords as scrypt, tokens as SHA-256."""

from __future__ import annotations

import hashlib
import hmac
import os

import msgspec

from fiscalmon.domain.gateway_users import ListedUser, User

from .archive import Archive
from .records import Device

# Enough against a look into the file; a simulator need not be slow.
_COST = 2**12


class Code(msgspec.Struct, frozen=True):
    """A security code that was sent and not used yet. `until`: seconds since 1970, by the simulator's clock."""

    code: str
    sent_to: str
    until: float


class PosUser(msgspec.Struct, frozen=True):
    """One user. `codes`: by purpose (confirm, Email, PhoneNo, reset). Contacts are None until they are confirmed."""

    taxpayer_id: int
    user_name: str
    name: str
    surname: str
    role: str
    password: str
    status: str = "NotConfirmed"
    email: str | None = None
    phone_no: str | None = None
    codes: dict[str, Code] = msgspec.field(default_factory=dict)

    @property
    def key(self) -> str:
        return user_key(self.taxpayer_id, self.user_name)

    def shown(self, device: Device) -> User:
        """As login returns it. FDMS's schema demands contacts: the branch's stand there until its own are confirmed."""
        contacts = device.branch_contacts
        email = self.email or (contacts.email if contacts else None) or "-"
        phone_no = self.phone_no or (contacts.phone_no if contacts else None) or "-"
        return User(self.user_name, self.name, self.surname, self.role, email, phone_no)

    def listed(self) -> ListedUser:
        return ListedUser(
            self.user_name,
            self.name,
            self.surname,
            self.role,
            self.status,  # type: ignore[arg-type]  # one of the three, see user_endpoints
            self.email,
            self.phone_no,
        )


class Token(msgspec.Struct, frozen=True):
    """Who a token stands for."""

    user: str
    until: float


class Users:
    """Reads and writes the archive each time. User names are one within a taxpayer, whatever their letter case."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive

    def of(self, taxpayer_id: int) -> list[PosUser]:
        return self._archive.under("user", f"{taxpayer_id}/", PosUser)

    def all(self) -> list[PosUser]:
        return self._archive.all("user", PosUser)

    def find(self, taxpayer_id: int, user_name: str) -> PosUser | None:
        return self._archive.one("user", user_key(taxpayer_id, user_name), PosUser)

    def put(self, user: PosUser) -> None:
        self._archive.put("user", user.key, user)

    def give_token(self, user: PosUser, token: str, until: float) -> None:
        self._archive.put("token", _digest(token), Token(user.key, until))

    def holder(self, token: str, now: float) -> PosUser | None:
        """The user whose token it is, while it holds."""
        found = self._archive.one("token", _digest(token), Token)
        if found is None or found.until < now:
            return None
        return self._archive.one("user", found.user, PosUser)

    def take_tokens(self, user: PosUser) -> None:
        """Sign a user out everywhere."""
        self._archive.remove_where("token", "user", user.key)


def user_key(taxpayer_id: int, user_name: str) -> str:
    return f"{taxpayer_id}/{user_name.lower()}"


def hashed(password: str) -> str:
    salt = os.urandom(12)
    return f"{salt.hex()}:{_scrypt(password, salt).hex()}"


def matches(password: str, kept: str) -> bool:
    salt, _, digest = kept.partition(":")
    return hmac.compare_digest(_scrypt(password, bytes.fromhex(salt)).hex(), digest)


def _scrypt(password: str, salt: bytes) -> bytes:
    return hashlib.scrypt(password.encode(), salt=salt, n=_COST, r=8, p=1, dklen=24)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
