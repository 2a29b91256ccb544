"""The one gate that every request and socket passes, in this order and no other:

adapter and TLS (by the listener) → Host → size and time → rate by address → public files → session or token →
Origin, Sec-Fetch-Site and CSRF token → role → device → handler. No address is trusted for being local, there is no
switch to turn it off. Must not know what a handler does.
"""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable
from typing import Any, Final

import msgspec
import structlog
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from .. import correlation
from ..domain.errors import FiscalmonError
from .addresses import HostGuard
from .answers import Problem, problem_of, security_headers, unauthenticated
from .call import Call, Identity, Services
from .routes import PUBLIC, SOCKET, Route, RouteTable
from .site import Site
from .visit import Disconnected, Visit

_log = structlog.get_logger("fiscalmon.server.gate")
_JSON: Final = ("application/json", "application/merge-patch+json")

_CORRELATION: Final = b"x-correlation-id"
SocketEndpoint = Callable[[Visit, Identity | None, Send], Awaitable[None]]


class Gate:
    """The ASGI application."""

    def __init__(
        self, services: Services, guard: HostGuard, site: Site, table: RouteTable, live: SocketEndpoint
    ) -> None:
        self._services = services
        self._guard = guard
        self._site = site
        self._table = table
        self._live = live

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        visit = Visit(scope, receive)
        # A caller may bring its own id, so that its log and ours tell one story.
        with correlation.correlated(correlation.known_form(visit.named)) as named:
            await self._visited(visit, _naming(send, named))

    async def _visited(self, visit: Visit, send: Send) -> None:
        try:
            answer = await self._pass(visit, send)
        except Disconnected:
            return
        except Problem as problem:
            answer = problem.answer()
        except FiscalmonError as error:
            _log.info("refused", code=error.code, path=visit.path, detail=error.detail or error.text)
            answer = problem_of(error).answer()
        except Exception:
            _log.exception("request_failed", method=visit.method, path=visit.path)
            answer = Problem(500, "INTERNAL", "The till could not do this; its log says why.").answer()
        if answer is not None:
            await self._send(visit, answer, send)

    async def _pass(self, visit: Visit, send: Send) -> Response | None:
        """The answer, or None after a socket's life."""
        self._check_host(visit)
        body = b"" if visit.is_socket else await self._body(visit)
        self._services.rates.request(visit.address)
        file = self._site.answer(visit)
        if file is not None:
            return file
        route, parameters = self._table.find(visit.method, visit.path)
        identity = None if route.roles is PUBLIC else self._identify(visit)
        self._check_source(visit, identity)
        if visit.is_socket:
            await self._socket(visit, route, identity, send)
            return None
        self._check_role(route, identity)
        content = self._content(visit, route, identity, body)
        self._check_device(identity, parameters, content)
        return await self._handle(visit, route, Call(self._services, visit, identity, parameters, content))

    def _check_host(self, visit: Visit) -> None:
        if not self._guard.allows(visit.host, visit.reached):
            raise Problem(421, "WRONG_HOST", "This till is not reached by that name; use one of its own addresses.")

    async def _body(self, visit: Visit) -> bytes:
        limits = self._services.limits
        return await visit.body(limits.body_bytes, limits.request_seconds)

    def _identify(self, visit: Visit) -> Identity | None:
        """Who calls, by bearer token or else by cookie. A token that does not hold is never made good by a cookie."""
        sessions = self._services.sessions
        authorization = visit.header("authorization")
        if authorization is not None:
            scheme, _, token = authorization.partition(" ")
            principal = sessions.by_access_token(token.strip()) if scheme.lower() == "bearer" else None
            if principal is None and not visit.is_socket:
                raise unauthenticated("This token does not hold; get a new one.")
            return None if principal is None else Identity(principal)
        secret = visit.cookies.get(self._services.cookie_name)
        principal = None if secret is None else sessions.by_cookie(secret)
        return None if principal is None else Identity(principal, secret)

    def _check_source(self, visit: Visit, identity: Identity | None) -> None:
        """Whether the page that sent this is ours. Programs with a token send no Origin; a foreign one never passes."""
        if not (visit.changes or visit.is_socket):
            return
        by_cookie = identity is not None and identity.secret is not None
        origin = visit.header("origin")
        if origin is None and by_cookie:
            raise Problem(403, "FOREIGN_ORIGIN", "With the session cookie, Origin must say which page asks.")
        if origin is not None and origin.lower() != visit.origin:
            raise Problem(403, "FOREIGN_ORIGIN", "This was asked from another page than the till's own.")
        if visit.header("sec-fetch-site") not in (None, "same-origin", "none"):
            raise Problem(403, "FOREIGN_ORIGIN", "This was asked from another page than the till's own.")
        if by_cookie and not visit.is_socket:
            self._check_csrf(visit, identity)

    def _check_csrf(self, visit: Visit, identity: Identity | None) -> None:
        given = visit.header("x-csrf-token") or ""
        secret = identity.secret if identity is not None else None
        if secret is None or not hmac.compare_digest(
            self._services.sessions.csrf_token(secret).encode(), given.encode()
        ):
            raise Problem(403, "CSRF", "X-CSRF-Token must be the csrfToken of /api/auth/me.")

    def _check_role(self, route: Route, identity: Identity | None) -> None:
        if route.roles is PUBLIC:
            return
        if identity is None:
            raise unauthenticated()
        if identity.principal.account.role not in route.roles:
            raise Problem(403, "FORBIDDEN", f"The role {identity.principal.account.role} may not do this.")

    def _content(self, visit: Visit, route: Route, identity: Identity | None, body: bytes) -> Any:
        """The body as the route wants it. A page's form cannot send JSON unasked."""
        if route.request is None:
            return None
        media = (visit.header("content-type") or "").partition(";")[0].strip().lower()
        by_token = identity is not None and identity.secret is None
        if media not in _JSON and not by_token:
            raise Problem(415, "NOT_JSON", "Send JSON, with Content-Type: application/json.")
        if route.raw:
            return body
        try:
            return msgspec.json.decode(body, type=route.request)
        except (msgspec.DecodeError, UnicodeDecodeError) as wrong:
            raise Problem(
                400, "BAD_INPUT", f"The body is not as expected: {wrong}.", errors=_field_of(str(wrong))
            ) from None

    def _check_device(self, identity: Identity | None, parameters: dict[str, str], content: Any) -> None:
        """A device that the caller may not see looks as if there were none."""
        named = parameters.get("deviceID", getattr(content, "deviceID", None))
        if named is None or identity is None:
            return
        text = str(named)
        if not (text.isascii() and text.isdigit() and len(text) < 19 and identity.principal.may_see(int(text))):
            raise Problem(404, "UNKNOWN_DEVICE", f"There is no device {text} here.")

    async def _handle(self, visit: Visit, route: Route, call: Call) -> Response:
        if route.handler is None:
            raise Problem(426, "UPGRADE_REQUIRED", "This is a WebSocket.", headers={"upgrade": "websocket"})
        return await route.handler(call)

    async def _socket(self, visit: Visit, route: Route, identity: Identity | None, send: Send) -> None:
        if route.path != SOCKET:
            raise Problem(404, "NOT_FOUND", "There is no WebSocket at this address.")
        await self._live(visit, identity, send)

    async def _send(self, visit: Visit, answer: Response, send: Send) -> None:
        if not visit.is_socket:
            await answer(visit.scope, visit.receive, send)
            return
        # Refused before the upgrade; here the listener adds no headers of its own.
        always = [(name.encode(), value.encode()) for name, value in security_headers(tls=self._services.secure)]
        start = {"type": "websocket.http.response.start", "status": answer.status_code}
        await send({**start, "headers": [*always, *answer.raw_headers]})
        await send({"type": "websocket.http.response.body", "body": bytes(answer.body)})


def _field_of(wrong: str) -> list[dict[str, str]] | None:
    """The field that a decoder's sentence is about; None when it is about the whole body."""
    text, _, path = wrong.partition(" - at `$")
    _, missing, name = text.partition("missing required field `")
    field = ".".join(part for part in (path.strip("`."), name.strip("`") if missing else "") if part)
    return [{"field": field, "advice": text}] if field else None


def _naming(send: Send, named: str) -> Send:
    """Says in the answer under which id the log tells of it."""

    async def tell(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message.get("headers", ()), (_CORRELATION, named.encode())]}
        await send(message)

    return tell
