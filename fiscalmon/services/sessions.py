"""Who is signed in: browsers' sessions and programs' tokens, and when they end. Must not know HTTP or SQL.

Lookups are in memory and may run on the engine's loop; whatever opens, renews or ends a session writes to the
disk first and belongs on another thread. `refresh` takes over what other processes changed.
"""

from __future__ import annotations

import dataclasses
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

import jwt

from ..domain.account import Account, Caller, Principal, Session
from ..domain.errors import BadInput
from ..domain.localtime import utc_text
from .accounts import Accounts

MINUTE, HOUR, DAY = 60, 3_600, 86_400
ACCESS_SECONDS: Final = 15 * MINUTE
COOKIE_SESSIONS: Final = 10
TOKEN_SESSIONS: Final = 100
_ALGORITHM: Final = "HS256"
_ISSUER: Final = "fiscalmon"
_BROWSER: Final = "cookie"
_PROGRAM: Final = "token"
_KEY: Final = "key"
# So that a key is told from a signed token at sight, also by whoever finds one where it should not be.
KEY_PREFIX: Final = "fmk_"
KEYS: Final = 50
_ANYWHERE: Final = Caller()


class CookieSession(NamedTuple):
    """A new browser session: the cookie's value, and its life in seconds where it outlives the browser."""

    secret: str
    max_age: int | None


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a program gets for its password or refresh token."""

    access: str
    refresh: str
    expires_in: int = ACCESS_SECONDS


@dataclass(frozen=True, slots=True)
class _View:
    stamp: tuple[int, int]
    accounts: dict[int, Account]
    by_digest: dict[str, Session]
    by_id: dict[str, Session]


class Sessions:
    """All sessions of a till. `key` (64 random bytes) signs access tokens and CSRF tokens."""

    def __init__(self, accounts: Accounts, key: bytes) -> None:
        self._shelf = accounts.shelf
        self._now = accounts.now
        self._key = key
        self._view = self._load()

    def refresh(self) -> bool:
        """Take over what changed since the last look, here or in another process; whether anything did."""
        if self._shelf.stamp() == self._view.stamp:
            return False
        self._view = self._load()
        return True

    def open_cookie(self, account: Account, *, stay: bool, caller: Caller = _ANYWHERE) -> CookieSession:
        """Sign a browser in: 8 hours, or with `stay` 30 days of which it may rest 12 hours."""
        secret = secrets.token_urlsafe(32)
        life = 30 * DAY if stay else 8 * HOUR
        idle = 12 * HOUR if stay else None
        self._open(account, _session(_BROWSER, secret, self._now(), (life, idle), caller))
        return CookieSession(secret, life if stay else None)

    def open_tokens(self, account: Account, caller: Caller = _ANYWHERE) -> Tokens:
        """Sign a program in; the refresh token holds 30 days and can be used once."""
        refresh = secrets.token_urlsafe(32)
        session = _session(_PROGRAM, refresh, self._now(), (30 * DAY, None), caller)
        self._open(account, session)
        return Tokens(self._access(account, session.id), refresh)

    def open_key(self, account: Account, days: int, agent: str) -> str:
        """A token for a screen or a program that cannot renew one; `agent` says what it is for."""
        key = KEY_PREFIX + secrets.token_urlsafe(32)
        self._open(account, _session(_KEY, key, self._now(), (days * DAY, None), Caller(None, agent)))
        return key

    def renew(self, refresh: str) -> Tokens | None:
        """New tokens for a refresh token. One that was used before ends the whole session: it was stolen."""
        session = self._view.by_digest.get(_digest(refresh))
        if session is not None and session.kind == _PROGRAM:
            now = int(self._now())
            principal = self._principal(session)
            if principal is None:
                return None
            successor = secrets.token_urlsafe(32)
            renewed = self._shelf.rotate(session, _digest(successor), now + 30 * DAY, now)
            self.refresh()
            if renewed:
                return Tokens(self._access(principal.account, session.id), successor)
        self._end_if_stolen(refresh)
        return None

    def by_cookie(self, secret: str) -> Principal | None:
        """Who holds this cookie."""
        session = self._view.by_digest.get(_digest(secret))
        return self._principal(session) if session is not None and session.kind == _BROWSER else None

    def by_access_token(self, token: str) -> Principal | None:
        """Who holds this access token; None when it is expired, altered, of another key or of an ended session."""
        if token.startswith(KEY_PREFIX):
            held = self._view.by_digest.get(_digest(token))
            return self._principal(held) if held is not None and held.kind == _KEY else None
        try:
            claims = jwt.decode(
                token,
                self._key,
                algorithms=[_ALGORITHM],
                issuer=_ISSUER,
                options={
                    "require": ["exp", "iat", "iss", "sub", "sid", "ver"],
                    "verify_exp": False,
                    "verify_iat": False,
                },
            )
            fresh = self._now() < float(claims["exp"])
        except (jwt.InvalidTokenError, ValueError, TypeError):
            return None
        session = self._view.by_id.get(str(claims["sid"]))
        principal = self._principal(session) if session is not None and session.kind == _PROGRAM else None
        if not fresh or principal is None:
            return None
        same = claims["ver"] == principal.account.version and claims["sub"] == str(principal.account.id)
        return principal if same else None

    def alive(self, principal: Principal) -> bool:
        """Whether what let this caller in still holds: its session, its account, its role, its devices."""
        session = self._view.by_id.get(principal.session_id)
        now = None if session is None else self._principal(session)
        return now is not None and now.account.version == principal.account.version

    def csrf_token(self, secret: str) -> str:
        """What a page must send along to show that it could read our answer."""
        return hmac.new(self._key, b"csrf:" + secret.encode(), hashlib.sha256).hexdigest()

    def end(self, principal: Principal) -> None:
        """Sign out."""
        self._shelf.end_session(principal.session_id)
        self.refresh()

    def of(self, account: Account) -> list[Session]:
        """Where an account is signed in, the newest sign-in first."""
        now = self._now()
        found = [s for s in self._view.by_id.values() if s.account_id == account.id and not s.over(now)]
        return sorted(found, key=lambda session: (session.created_at, session.id), reverse=True)

    def end_of(self, account: Account, session_id: str | None) -> bool:
        """End one session of an account, or all; whether there was any."""
        ended = [s.id for s in self.of(account) if session_id is None or s.id == session_id]
        for one in ended:
            self._shelf.end_session(one)
        self.refresh()
        return bool(ended)

    def touch(self, session_ids: frozenset[str]) -> None:
        """Note that these sessions are in use; writes only for those that rested a while."""
        now = int(self._now())
        view = self._view
        due = [view.by_id[i] for i in session_ids if i in view.by_id]
        resting = frozenset(
            s.id for s in due if s.idle is not None and now - s.seen_at > 5 * MINUTE and not s.over(now)
        )
        if resting:
            self._shelf.touch(resting, now)
            self.refresh()

    def _open(self, account: Account, session: Session) -> None:
        owned = dataclasses.replace(session, account_id=account.id)
        keep = {_BROWSER: COOKIE_SESSIONS, _KEY: KEYS}.get(session.kind, TOKEN_SESSIONS)
        if not self._shelf.add_session(owned, version=account.version, keep=keep, now=session.created_at):
            raise BadInput("The account was changed just now; sign in again.")
        self.refresh()

    def _end_if_stolen(self, refresh: str) -> None:
        stolen = self._shelf.session_of_spent(_digest(refresh))
        if stolen is not None:
            self._shelf.end_session(stolen)
            self.refresh()

    def _access(self, account: Account, session_id: str) -> str:
        now = int(self._now())
        claims: dict[str, Any] = {
            "iss": _ISSUER,
            "sub": str(account.id),
            "sid": session_id,
            "ver": account.version,
            "iat": now,
            "exp": now + ACCESS_SECONDS,
        }
        return jwt.encode(claims, self._key, algorithm=_ALGORITHM)

    def _principal(self, session: Session) -> Principal | None:
        account = self._view.accounts.get(session.account_id)
        return None if account is None or session.over(self._now()) else Principal(account, session.id)

    def _load(self) -> _View:
        stamp = self._shelf.stamp()
        everyone, opened = self._shelf.load()
        return _View(
            stamp,
            {account.id: account for account in everyone},
            {session.digest: session for session in opened},
            {session.id: session for session in opened},
        )


def _session(kind: str, secret: str, now: float, lives: tuple[int, int | None], caller: Caller) -> Session:
    """A session that is nobody's yet. `lives`: its whole life, and how long it may rest, in seconds."""
    return Session(
        id=secrets.token_hex(16),
        kind=kind,
        account_id=0,
        digest=_digest(secret),
        created_at=int(now),
        seen_at=int(now),
        expires_at=int(now) + lives[0],
        idle=lives[1],
        address=caller.address,
        agent=caller.agent,
    )


def moment(seconds: int) -> str:
    """Unix seconds as UTC text."""
    return utc_text(datetime.fromtimestamp(seconds, UTC))


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
