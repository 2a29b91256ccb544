"""One call that has passed the gate, as its handler sees it, and what handlers work with."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from starlette.responses import Response

from ..domain.account import Principal
from ..services.accounts import Accounts
from ..services.sessions import Sessions
from .answers import Problem, too_many, unauthenticated
from .facade import Till
from .rates import Rates, SignInDelays
from .settings import Limits
from .visit import Visit

T = TypeVar("T")
_LONGEST_QUEUE = 64
_PAGE = 50
# A bound above this says nothing to people.
_LARGEST_TOLD = 2**31


class Pool:
    """A few threads for what waits: password hashes and the accounts' file. The loop never does."""

    def __init__(self, threads: int = 2) -> None:
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="fiscalmon-accounts")
        self._waiting = 0

    async def run(self, work: Callable[[], T]) -> T:
        """The work's result. Raises Problem 429 when too much waits already."""
        if self._waiting >= _LONGEST_QUEUE:
            raise too_many(2, "Too many sign-ins at once.")
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._waiting -= 1

    def close(self) -> None:
        """End the threads."""
        self._threads.shutdown(wait=False, cancel_futures=True)


class Doorkeeper(Protocol):
    """Who is told what happens at the door; `fiscalmon.services.office_news` is it."""

    failures: int

    async def failed(self, name: str, address: str) -> None: ...
    async def signed_in(self, accounts: Accounts, account_id: int, name: str, address: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Services:
    """What handlers work with."""

    till: Till
    accounts: Accounts
    sessions: Sessions
    limits: Limits
    cookie_name: str
    secure: bool
    rates: Rates
    doorkeeper: Doorkeeper
    # How many sockets are open now.
    dashboards: Callable[[], int]
    delays: SignInDelays = field(default_factory=SignInDelays)
    pool: Pool = field(default_factory=Pool)


@dataclass(frozen=True, slots=True)
class Identity:
    """A caller with a valid session; `secret` is the cookie's value where it came by cookie."""

    principal: Principal
    secret: str | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """A request with its path parameters and its body, decoded as its route says."""

    services: Services
    visit: Visit
    identity: Identity | None
    parameters: dict[str, str]
    body: Any

    @property
    def principal(self) -> Principal:
        """Who calls. Raises Problem 401 on a route that is open to all."""
        if self.identity is None:
            raise unauthenticated()
        return self.identity.principal

    @property
    def devices(self) -> frozenset[int] | None:
        """The devices that the caller may see, None for all."""
        return self.principal.devices

    def number(self, name: str, default: int | None = None, *, least: int = 0, most: int = 2**63 - 1) -> int | None:
        """A whole number of the query. Raises Problem 400."""
        text = self.visit.query.get(name)
        if text is None:
            return default
        if not (text.isascii() and text.isdigit() and len(text) < 20 and least <= int(text) <= most):
            bounds = f", {least} or more" if most > _LARGEST_TOLD else f" from {least} to {most}"
            raise bad_field(name, f"must be a whole number{bounds}")
        return int(text)

    def page(self, *, most: int) -> int:
        """How many items a list gives: `limit`, but never more than `most`, as `next` leads on. Raises Problem 400."""
        return min(self.number("limit", _PAGE, least=1) or _PAGE, most)

    def word(self, name: str, choices: tuple[str, ...] = ()) -> str | None:
        """A text of the query, None if absent or empty. Raises Problem 400."""
        text = self.visit.query.get(name) or None
        if text is not None and choices and text not in choices:
            raise bad_field(name, "must be one of " + ", ".join(choices))
        if text is not None and len(text) > 200:
            raise bad_field(name, "may have at most 200 characters")
        return text


Handler = Callable[[Call], Awaitable[Response]]


def bad_field(name: str, advice: str) -> Problem:
    """400 that names one field."""
    return Problem(400, "BAD_INPUT", f"{name} {advice}.", errors=[{"field": name, "advice": advice}])
