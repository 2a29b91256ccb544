"""Signing in and out. Never says which part of a sign-in was wrong; every outcome goes to the log."""

from __future__ import annotations

import asyncio

import structlog
from starlette.responses import Response

from ...domain.account import Account, Caller, name_key
from ...services.screens import describe
from ...services.sessions import Tokens
from ..agents import agent_words
from ..answers import Problem, json_answer, nothing, unauthenticated
from ..call import Call, bad_field

_log = structlog.get_logger("fiscalmon.server.auth")


async def login(call: Call) -> Response:
    """A session cookie for a name and its password."""
    account = await _verified(call, call.body.username, call.body.password)
    services, caller = call.services, _caller(call)
    opened = await services.pool.run(
        lambda: services.sessions.open_cookie(account, stay=call.body.staySignedIn, caller=caller)
    )
    answer = json_answer(_me(account, services.sessions.csrf_token(opened.secret)))
    answer.set_cookie(
        services.cookie_name,
        opened.secret,
        max_age=opened.max_age,
        path="/",
        secure=services.secure,
        httponly=True,
        samesite="strict",
    )
    return answer


async def token(call: Call) -> Response:
    """Tokens for a name and its password, or for a refresh token."""
    services = call.services
    body = call.body
    if body.refresh_token is not None:
        services.rates.sign_in(call.visit.address)
        renewed = await services.pool.run(lambda: services.sessions.renew(body.refresh_token))
        if renewed is None:
            _log.warning("refresh_refused", address=call.visit.address)
            raise unauthenticated("This refresh token does not hold; sign in again.")
        return _tokens(renewed)
    if body.username is None or body.password is None:
        raise bad_field("username", "and password, or refresh_token, must be given")
    account = await _verified(call, body.username, body.password)
    return _tokens(await services.pool.run(lambda: services.sessions.open_tokens(account, _caller(call))))


async def logout(call: Call) -> Response:
    """End the session that this request came with."""
    services, principal = call.services, call.principal
    await services.pool.run(lambda: services.sessions.end(principal))
    _log.info("signed_out", account=principal.account.name, address=call.visit.address)
    answer = nothing()
    answer.delete_cookie(services.cookie_name, path="/", secure=services.secure, httponly=True, samesite="strict")
    return answer


async def me(call: Call) -> Response:
    """Who is signed in."""
    secret = call.identity.secret if call.identity is not None else None
    csrf = None if secret is None else call.services.sessions.csrf_token(secret)
    return json_answer(_me(call.principal.account, csrf))


async def sessions(call: Call) -> Response:
    """Where this account is signed in."""
    principal = call.principal
    items = [
        {**describe(one), "current": one.id == principal.session_id}
        for one in call.services.sessions.of(principal.account)
    ]
    return json_answer({"items": items, "next": None})


async def end_sessions(call: Call) -> Response:
    """End one session of this account, or all. Raises Problem 404 for one that is not its own."""
    services, account = call.services, call.principal.account
    ended = await services.pool.run(lambda: services.sessions.end_of(account, call.body.id))
    if not ended:
        raise Problem(404, "UNKNOWN_SESSION", "There is no such session; it may have ended already.")
    _log.info("sessions_ended", account=account.name, which=call.body.id or "all", address=call.visit.address)
    return nothing()


async def _verified(call: Call, username: str, password: str) -> Account:
    services, address = call.services, call.visit.address
    services.rates.sign_in(address)
    key = name_key(username)
    hold_back = services.delays.begin(key, address)
    account, known = await services.pool.run(
        lambda: (services.accounts.verify(username, password), services.accounts.knows(username))
    )
    # A password is easily typed into the name's field: only names that exist are logged.
    name = username if known else "(no such account)"
    if account is None:
        _log.warning("sign_in_failed", account=name, address=address)
        await asyncio.gather(services.doorkeeper.failed(name, address), asyncio.sleep(hold_back))
        raise unauthenticated("The name or the password is wrong.")
    services.delays.succeeded(key, address)
    _log.info("signed_in", account=account.name, role=account.role.value, address=address)
    await services.doorkeeper.signed_in(services.accounts, account.id, account.name, address)
    return account


def _caller(call: Call) -> Caller:
    return Caller(call.visit.address, agent_words(call.visit.agent))


def _me(account: Account, csrf: str | None) -> dict[str, object]:
    devices = None if account.devices is None else sorted(account.devices)
    return {"username": account.name, "role": account.role.value, "devices": devices, "csrfToken": csrf}


def _tokens(tokens: Tokens) -> Response:
    return json_answer(
        {
            "access_token": tokens.access,
            "token_type": "Bearer",
            "expires_in": tokens.expires_in,
            "refresh_token": tokens.refresh,
        }
    )
