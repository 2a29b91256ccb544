"""The one table of what the server answers: method, path, who may, how its body is read, which handler.

The gate decides by it and the OpenAPI is generated from it, so neither can know a route that the other does not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from ..domain.account import GIVEN_ROLES, Role
from ..domain.sale import Sale
from . import shapes
from .answers import Problem
from .call import Handler
from .endpoints import alerts, auth, dashboard, devices, fiscal_days, history, prometheus, receipts

VIEWERS: Final = frozenset({Role.VIEWER, Role.MANAGER, Role.SUPPORT, Role.OWNER})
# The wall's screen sees what its one view shows, and nothing else.
WATCHERS: Final = VIEWERS | {Role.SCREEN}
EVERYONE: Final = frozenset(GIVEN_ROLES)
# Not a set of roles: open without signing in.
PUBLIC: Final = None
SOCKET: Final = "/ws/dashboard/"


@dataclass(frozen=True, slots=True)
class Route:
    """`roles` None is open to all. `raw`: the handler decodes the body itself; `request` is then for the reader.

    `{deviceID}` in the path, and `deviceID` in a body that the gate decodes, must be a device of the caller.
    """

    method: str
    path: str
    roles: frozenset[Role] | None
    handler: Handler | None
    summary: str
    response: Any = None
    request: Any = None
    raw: bool = False
    status: int = 200
    query: dict[str, str] = field(default_factory=dict)


ROUTES: Final = (
    Route(
        "POST",
        "/api/auth/login",
        PUBLIC,
        auth.login,
        "Sign a browser in: sets the session cookie",
        shapes.Me,
        shapes.SignIn,
    ),
    Route(
        "POST",
        "/api/auth/token",
        PUBLIC,
        auth.token,
        "Sign a program in, or renew its tokens",
        shapes.TokenAnswer,
        shapes.TokenRequest,
    ),
    Route("POST", "/api/auth/logout", EVERYONE, auth.logout, "End this session or token", status=204),
    Route("GET", "/api/auth/me", EVERYONE | WATCHERS, auth.me, "Who is signed in", shapes.Me),
    Route("GET", "/api/auth/sessions/", EVERYONE, auth.sessions, "Where this account is signed in", shapes.SessionList),
    Route(
        "POST",
        "/api/auth/sessions/end/",
        EVERYONE,
        auth.end_sessions,
        "End one session of this account, or all of them with this one",
        status=204,
        request=shapes.SessionEnd,
    ),
    Route(
        "GET",
        "/api/dashboard/metrics/",
        WATCHERS,
        dashboard.metrics,
        "The metrics snapshot; at most 60 requests in 10 s an account",
        shapes.Metrics,
    ),
    Route("GET", "/api/dashboard/devices/", VIEWERS, dashboard.devices, "Devices with their health", shapes.DeviceList),
    Route(
        "GET",
        "/api/dashboard/devices/{deviceID}/",
        VIEWERS,
        dashboard.device,
        "One device in full",
        shapes.DeviceDetail,
    ),
    Route(
        "GET",
        "/api/dashboard/events/",
        VIEWERS,
        dashboard.events,
        "The feed, oldest first",
        shapes.EventList,
        query={
            "after": "the seq after which to begin",
            "before": "the seq before which to end: the last ones before it",
            "limit": "at most so many, and never more than 500",
        },
    ),
    Route(
        "GET",
        "/api/dashboard/history/",
        VIEWERS,
        history.day,
        "A calendar day's figures, from the rollups",
        shapes.HistoryDay,
        query={"day": "a date like 2026-11-22, in shop time; today if absent", "device": "deviceID"},
    ),
    Route(
        "GET",
        "/api/dashboard/export/receipts.csv",
        frozenset({Role.MANAGER, Role.SUPPORT, Role.OWNER}),
        history.receipts_csv,
        "Receipts as CSV, newest first, with a head that says period, zone and filter; no buyers",
        query={
            "device": "deviceID",
            "day": "fiscalDayNo",
            "status": "signed, sending, queued, completed or failed",
            "since": "local date or time",
            "until": "local date or time",
            "search": "a text in numbers or invoice",
        },
    ),
    Route(
        "POST",
        "/api/receipts/",
        frozenset({Role.POS, Role.MANAGER, Role.OWNER}),
        receipts.post,
        "Fiscalise a sale. The same saleId again answers 200 with the first result, with other content 409",
        shapes.Receipt,
        Sale,
        raw=True,
        status=201,
        query={"wait": "signed (default) or completed, which waits at most 30 s for FDMS"},
    ),
    Route(
        "GET",
        "/api/receipts/",
        frozenset({Role.MANAGER, Role.SUPPORT, Role.OWNER, Role.POS}),
        receipts.listing,
        "Receipts, newest first; a pos account sees what it posted, support sees no buyer",
        shapes.ReceiptList,
        query={
            "limit": "at most so many, and never more than 200",
            "cursor": "the `next` of the page before",
            "device": "deviceID",
            "day": "fiscalDayNo",
            "status": "signed, sending, queued, completed or failed",
            "since": "local date or time",
            "until": "local date or time",
            "search": "a text in numbers, invoice or notes",
        },
    ),
    Route(
        "GET",
        "/api/receipts/{receiptId}/",
        frozenset({Role.MANAGER, Role.SUPPORT, Role.OWNER, Role.POS}),
        receipts.one,
        "One receipt",
        shapes.Receipt,
    ),
    Route(
        "POST",
        "/api/fiscal-days/open/",
        frozenset({Role.MANAGER, Role.OWNER}),
        fiscal_days.open_day,
        "Open a device's fiscal day",
        shapes.Day,
        shapes.DeviceRequest,
    ),
    Route(
        "POST",
        "/api/fiscal-days/close/",
        frozenset({Role.MANAGER, Role.OWNER}),
        fiscal_days.close_day,
        "Close a device's fiscal day",
        shapes.Day,
        shapes.DeviceRequest,
        query={"wait": "true (default) waits for FDMS's answer; the socket tells it in any case"},
    ),
    Route(
        "GET",
        "/api/alerts/",
        VIEWERS,
        alerts.listing,
        "What people were told is wrong, open alerts first; those about the till's doors for support and owner",
        shapes.AlertList,
        query={"limit": "at most so many, and never more than 200"},
    ),
    Route(
        "POST",
        "/api/alerts/{alertId}/acknowledge/",
        frozenset({Role.MANAGER, Role.SUPPORT, Role.OWNER}),
        alerts.acknowledge,
        "Somebody looks after it: it is not repeated. Again changes nothing",
        shapes.Alert,
    ),
    Route(
        "POST",
        "/api/devices/{deviceID}/retry/",
        frozenset({Role.MANAGER, Role.SUPPORT, Role.OWNER}),
        devices.retry,
        "Try what waits for FDMS now, instead of at the next try",
        shapes.Stirred,
    ),
    Route("GET", "/metrics", VIEWERS, prometheus.metrics, "The snapshot as Prometheus text"),
    Route("GET", "/healthz", PUBLIC, dashboard.healthz, "ok or degraded", shapes.Health),
    # The socket's endpoint is not a handler of requests; here for its roles and the reader.
    Route("GET", SOCKET, WATCHERS, None, "The live feed: upgrade to a WebSocket"),
)


class RouteTable:
    """Finds the route of a request. A missing or additional slash at the end is forgiven."""

    def __init__(self, routes: Iterable[Route] = ROUTES) -> None:
        self._by_path: list[tuple[re.Pattern[str], dict[str, Route]]] = []
        known: dict[str, dict[str, Route]] = {}
        for route in routes:
            known.setdefault(route.path, {})[route.method] = route
        for path, methods in known.items():
            pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]{1,100})", path.rstrip("/"))
            self._by_path.append((re.compile(pattern + "/?"), methods))

    def find(self, method: str, path: str) -> tuple[Route, dict[str, str]]:
        """The route and its path parameters. Raises Problem 404, or 405 with Allow."""
        for pattern, methods in self._by_path:
            match = pattern.fullmatch(path)
            if match is None:
                continue
            route = methods.get("GET" if method == "HEAD" else method)
            if route is None:
                allowed = sorted({*methods, "HEAD"} if "GET" in methods else methods)
                raise Problem(
                    405, "WRONG_METHOD", f"{method[:20]} is not done here.", headers={"allow": ", ".join(allowed)}
                )
            return route, match.groupdict()
        raise Problem(404, "NOT_FOUND", "There is nothing at this address.")
