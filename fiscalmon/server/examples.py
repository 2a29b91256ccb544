"""What the OpenAPI shows beside its schemas: a body for each route that takes one, and the refusals by their status.

Examples of requests can be sent as they are; a test decodes each by its route's own shape.
Good answers are in `example_answers`.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Any, Final

# By path: every request body there is.
REQUESTS: Final = MappingProxyType(
    {
        "/api/auth/login": {"username": "tariro", "password": "four plain words do well", "staySignedIn": True},
        "/api/auth/token": {"username": "pos1", "password": "four plain words do well"},
        "/api/auth/sessions/end/": {"id": None},
        "/api/receipts/": {
            "saleId": "POS1-20261122-000123",
            "receiptType": "FiscalInvoice",
            "receiptCurrency": "USD",
            "invoiceNo": "INV-000123",
            "receiptLinesTaxInclusive": True,
            "receiptLines": [
                {
                    "receiptLineType": "Sale",
                    "receiptLineName": "MILK 2 L",
                    "receiptLineHSCode": "04012000",
                    "receiptLinePrice": "2.49",
                    "receiptLineQuantity": "2",
                    "receiptLineTotal": "4.98",
                    "taxID": 3,
                }
            ],
            "receiptPayments": [{"moneyTypeCode": "Cash", "paymentAmount": "4.98"}],
        },
        "/api/fiscal-days/open/": {"deviceID": 12345},
        "/api/fiscal-days/close/": {"deviceID": 12345},
    }
)


def _problem(status: int, title: str, code: str, detail: str, **more: Any) -> dict[str, Any]:
    kind = f"urn:fiscalmon:problem:{code.lower().replace('_', '-')}"
    return {"type": kind, "title": title, "status": status, "detail": detail, "code": code, **more}


# By status: when it comes, and how it looks.
PROBLEMS: Final = MappingProxyType(
    {
        400: (
            "The request cannot be read; `errors` names the fields",
            _problem(400, "Bad Request", "BAD_INPUT", "limit must be a whole number, 1 or more."),
        ),
        401: (
            "Nobody is signed in, or the token or password does not hold",
            _problem(401, "Unauthorized", "UNAUTHENTICATED", "Sign in first."),
        ),
        403: (
            "The role may not do this, or the page that asked is not the till's own",
            _problem(403, "Forbidden", "FORBIDDEN", "The role viewer may not do this."),
        ),
        404: (
            "There is none, or none that the caller may see",
            _problem(404, "Not Found", "UNKNOWN_DEVICE", "There is no device 12345 here."),
        ),
        408: (
            "The request was not complete in 30 s",
            _problem(408, "Request Timeout", "REQUEST_TIMEOUT", "The request was not complete in time."),
        ),
        409: (
            "It does not go together with what is: the day, or another sale of that saleId",
            _problem(409, "Conflict", "DAY_NOT_OPEN", "No fiscal day is open: open one first."),
        ),
        413: (
            "The body is over 64 KiB",
            _problem(413, "Content Too Large", "TOO_LARGE", "A request may have at most 64 KiB."),
        ),
        415: (
            "With the session cookie, the body must be JSON and say so",
            _problem(415, "Unsupported Media Type", "NOT_JSON", "Send JSON, with Content-Type: application/json."),
        ),
        421: (
            "Host names another machine",
            _problem(421, "Misdirected Request", "WRONG_HOST", "This till is not reached by that name."),
        ),
        422: (
            "The sale breaks a rule; `errors` lists each with code, colour and what to do",
            _problem(
                422,
                "Unprocessable Content",
                "SALE_REFUSED",
                "The sale breaks a rule.",
                errors=[
                    {
                        "code": "RCPT025",
                        "color": "Red",
                        "advice": "taxID 9 is none of this device's taxes: use one that `device config` lists.",
                        "field": "receiptLines[0].taxID",
                    }
                ],
            ),
        ),
        429: (
            "Too many; Retry-After says for how many seconds to wait",
            _problem(429, "Too Many Requests", "TOO_MANY_REQUESTS", "Too many requests from this address."),
        ),
        503: (
            "The till cannot do this just now; what was recorded stays recorded",
            _problem(503, "Service Unavailable", "TILL_BUSY", "The till is busy: try again in a moment."),
        ),
    }
)
# Any other.
UNFORESEEN: Final = MappingProxyType(
    _problem(500, "Internal Server Error", "INTERNAL", "The till could not do this; its log says why.")
)
EVERYWHERE: Final = frozenset({400, 408, 413, 421, 429, 503})
SIGNED_IN: Final = frozenset({401, 403})
WITH_BODY: Final = frozenset({403, 415})
NAMED: Final = frozenset({404})
# What stands to be refused by its state or content, by path.
OWN: Final = MappingProxyType(
    {
        "/api/auth/login": frozenset({401}),
        "/api/auth/token": frozenset({401}),
        "/api/auth/sessions/end/": NAMED,
        "/api/receipts/": frozenset({404, 409, 422}),
        "/api/fiscal-days/open/": frozenset({404, 409}),
        "/api/fiscal-days/close/": frozenset({404, 409}),
        "/api/dashboard/history/": NAMED,
        "/api/dashboard/export/receipts.csv": NAMED,
    }
)
