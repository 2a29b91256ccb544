"""What the OpenAPI shows of good answers: one for each operation, all of one till on one afternoon.

Tests hold each to its schema, and real answers of a running till to each. Knows no engine.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Any, Final


def _listed(*items: Any) -> dict[str, Any]:
    return {"items": list(items), "next": None}


def _answers() -> dict[tuple[str, str], Any]:
    device: dict[str, Any] = {
        "deviceID": 12345,
        "deviceSerialNo": "SN-0042",
        "deviceModelName": "Server",
        "deviceModelVersion": "v1",
        "gateway": "https://fdmsapi.zimra.co.zw",
        "taxPayerName": "Muonde Family Supermarket (Pvt) Ltd",
        "taxPayerTIN": "2000417788",
        "vatNumber": "220041778",
        "deviceBranchName": "Muonde Avondale",
        "deviceOperatingMode": "Online",
        "fiscalDayStatus": "FiscalDayOpened",
        "fiscalDayNo": 214,
        "fiscalDayOpened": "2026-11-22T07:58:10",
        "taxPayerDayMaxHrs": 24,
        "taxpayerDayEndNotificationHrs": 20,
        "active": True,
        "online": True,
        "lastHeard": "2026-11-22T12:03:07.295Z",
        "queueDepth": 0,
        "circuit": {"state": "closed", "failures": 0, "nextTryAt": None, "blocked": None},
        "clockDriftSeconds": -0.2,
        "clock": "ok",
        "oldestQueuedAt": None,
        "lastReceiptGlobalNo": 90210,
        "certificateValidTill": "2027-01-02T00:00:00.000Z",
        "health": "ok",
        "attention": None,
    }
    short: dict[str, Any] = {
        "receiptId": "01a205fb3a1fe9eb3659",
        "saleId": "POS1-20261122-000123",
        "deviceID": 12345,
        "fiscalDayNo": 214,
        "receiptCounter": 87,
        "receiptGlobalNo": 90210,
        "receiptType": "FiscalInvoice",
        "receiptCurrency": "USD",
        "receiptTotal": 4.98,
        "invoiceNo": "INV-000123",
        "receiptDate": "2026-11-22T14:03:07",
        "status": "completed",
        "fdmsReceiptId": 10000001,
        "latencyMs": 540,
        "validationErrors": [],
    }
    taxes: Any = [{"taxID": 3, "taxAmount": 0.67, "salesAmountWithTax": 4.98, "taxPercent": 15.5}]
    signed: Any = {
        "hash": "8AEir6ciuIP2lZEPJiUvjaxUyytaUpD1c6s1386v4cc=",
        "signature": "MEUCIBkj+rl8tD/qDgTwjWaR0tynlJtYv7kCCquwuOJzD/rzAiEA5cTdOJ0jyh8N740gXr0w/kdbk6UoFqtyWRZlSGMlJiI=",
    }
    receipt: dict[str, Any] = {
        **short,
        "receiptTaxes": taxes,
        **signed,
        "qrUrl": "https://fdms.zimra.co.zw/00000123452211202600000902108F2E838232F300DE",
        "verificationCode": "8F2E-8382-32F3-00DE",
        "correlationId": "b49a2ec06881b42b",
    }
    line: Any = {
        "receiptLineType": "Sale",
        "receiptLineNo": 1,
        "receiptLineName": "MILK 2 L",
        "receiptLineQuantity": 2,
        "receiptLineTotal": 4.98,
        "taxID": 3,
        "receiptLineHSCode": "04012000",
        "receiptLinePrice": 2.49,
        "taxPercent": 15.5,
    }
    whole: Any = {
        **receipt,
        "receipt": {
            **{name: short[name] for name in ("receiptType", "receiptCurrency", "receiptCounter", "receiptGlobalNo")},
            **{name: short[name] for name in ("invoiceNo", "receiptDate", "receiptTotal")},
            "receiptLinesTaxInclusive": True,
            "receiptLines": [line],
            "receiptTaxes": taxes,
            "receiptPayments": [{"moneyTypeCode": "Cash", "paymentAmount": 4.98}],
            "receiptPrintForm": "Receipt48",
            "receiptDeviceSignature": signed,
        },
        "life": {
            "signedAt": "2026-11-22T12:03:07.223Z",
            "settledAt": "2026-11-22T12:03:07.796Z",
            "serverDate": "2026-11-22T14:03:07",
            "serverSignature": {
                "hash": "AKBz3tqUn61mU+DwPcvF/cFww/A0tNr33GEcw17rTag=",
                "signature": "NAcu8MPqJZqIc3lCPRMkudOgJF2MK8P/KOod9nDAVgZnGv9/lmIm2hxYDXcAdRU+WDHmCYh5mQcgGQe9UwklCg==",
                "certificateThumbprint": "1C818089470F2264803F6B24BA5DF6F52D5469CF",
            },
            "attempts": [
                {
                    "at": "2026-11-22T12:03:07.796Z",
                    "outcome": "done",
                    "httpStatus": 200,
                    "latencyMs": 540,
                    "error": None,
                }
            ],
        },
    }
    band: Any = {"band": "15.5%", "amount": 84.1}
    morning: Any = [0] * 8 + [9, 14, 21, 18, 16, 8, 1] + [0] * 9
    figures: dict[str, Any] = {
        "sales": {"USD": 626.7},
        "taxBreakdown": [band],
        "taxBreakdownCurrency": "USD",
        "taxBreakdownByCurrency": {"USD": [band]},
        "receiptsPerHour": morning,
        "salesPerHour": {"USD": [7.2 * count for count in morning]},
        "asOf": "2026-11-22T14:03:07+02:00",
    }
    day: dict[str, Any] = {
        "deviceID": 12345,
        "fiscalDayNo": 214,
        "fiscalDayStatus": "FiscalDayOpened",
        "fiscalDayOpened": "2026-11-22T07:58:10",
        "fiscalDayClosed": None,
        "fiscalDayClosingErrorCode": None,
        "fiscalDayReconciliationMode": None,
        "fiscalDayEnds": "2026-11-23T07:58:10",
        "hoursLeft": 24.0,
        "warning": None,
        "announced": True,
        "adopted": False,
        "queueDepth": 0,
    }
    closed: Any = {
        **day,
        "fiscalDayStatus": "FiscalDayClosed",
        "fiscalDayClosed": "2026-11-22T18:31:44",
        "fiscalDayReconciliationMode": "Auto",
        "fiscalDayEnds": None,
        "hoursLeft": None,
    }
    alert: dict[str, Any] = {
        "alertId": "01a205fb3a1fe9eb3700",
        "rule": "queue-waiting",
        "title": "Receipts wait for FDMS",
        "grave": True,
        "subject": "12345",
        "deviceID": 12345,
        "reason": "The oldest receipt of device 12345 has waited for 2 h: look whether the till reaches the Internet.",
        "state": "open",
        "raisedAt": "2026-11-22T12:03:07.000Z",
        "resolvedAt": None,
        "acknowledgedAt": None,
        "acknowledgedBy": None,
    }
    taken: Any = {
        **alert,
        "state": "acknowledged",
        "acknowledgedAt": "2026-11-22T12:05:00.000Z",
        "acknowledgedBy": "tariro",
    }
    event: Any = {
        "seq": 90211,
        "type": "receipt.completed",
        "at": "2026-11-22T12:03:07.796Z",
        "deviceID": 12345,
        "data": short,
    }
    return {
        ("POST", "/api/auth/login"): {
            "username": "tariro",
            "role": "manager",
            "devices": None,
            "csrfToken": "5d41402abc4b2a76b9719d911017c5925d41402abc4b2a76b9719d911017c592",
        },
        ("POST", "/api/auth/token"): {
            "access_token": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI3In0.dBjftJeZ4CVPmB92K27uhbUJU1p1r_wW1gFWFOEjXk0",
            "token_type": "Bearer",
            "expires_in": 900,
            "refresh_token": "zsqxphjVQk9f6tMnCFtR1Gku8LliQfLgxCmRkrAPemk",
        },
        ("GET", "/api/auth/me"): {"username": "tariro", "role": "viewer", "devices": [12345], "csrfToken": None},
        ("GET", "/api/auth/sessions/"): _listed(
            {
                "id": "43ce5b96332a8f04a4450a96e2ea95a7",
                "kind": "browser",
                "address": "192.168.1.31",
                "agent": "Chrome on Android",
                "createdAt": "2026-11-22T06:02:00.000Z",
                "seenAt": "2026-11-22T12:00:00.000Z",
                "expiresAt": "2026-12-22T06:02:00.000Z",
                "current": True,
            }
        ),
        ("GET", "/api/dashboard/metrics/"): {
            "activeDevices": 1,
            "totalDevices": 1,
            "receiptsToday": 87,
            "failedReceipts": 0,
            "successRate": 99.2,
            "avgLatencyMs": 540,
            "fiscalDayStatus": {"FiscalDayOpened": 1},
            "queueDepth": 0,
            "successRate7d": [{"date": f"2026-11-{day}", "rate": 100.0, "receipts": 190} for day in range(16, 23)],
            "certificates": [{"deviceID": 12345, "notAfter": "2027-01-02T00:00:00Z", "daysLeft": 41}],
            **figures,
            "seq": 90211,
            "circuits": {"closed": 1},
            "backup": {"lastVerifiedAt": "2026-11-22T01:10:00.000Z"},
        },
        ("GET", "/api/dashboard/devices/"): _listed(device),
        ("GET", "/api/dashboard/devices/{deviceID}/"): {
            **device,
            "counters": [
                {
                    "fiscalCounterType": "SaleByTax",
                    "fiscalCounterCurrency": "USD",
                    "fiscalCounterValue": 626.7,
                    "fiscalCounterTaxID": 3,
                    "fiscalCounterTaxPercent": 15.5,
                }
            ],
            "lastReceipts": [short],
            "latencySeries": [{"at": "2026-11-22T12:03:07.796Z", "latencyMs": 540}],
            "errors": [],
            "queue": {"head": None, "acts": []},
            "printers": [],
        },
        ("GET", "/api/dashboard/events/"): _listed(event),
        ("GET", "/api/dashboard/history/"): {
            "day": "2026-11-22",
            "today": "2026-11-22",
            "firstDay": "2026-03-01",
            "zone": "Africa/Harare",
            "receipts": 87,
            "completed": 87,
            "failed": 0,
            "successRate": 100.0,
            **figures,
            "devices": [
                {
                    "deviceID": 12345,
                    "receipts": 87,
                    "completed": 87,
                    "failed": 0,
                    "successRate": 100.0,
                    "sales": {"USD": 626.7},
                }
            ],
        },
        ("POST", "/api/receipts/"): {
            **receipt,
            "status": "signed",
            "fdmsReceiptId": None,
            "latencyMs": None,
            "repeated": False,
        },
        ("GET", "/api/receipts/"): _listed(receipt),
        ("GET", "/api/receipts/{receiptId}/"): whole,
        ("POST", "/api/fiscal-days/open/"): day,
        ("POST", "/api/fiscal-days/close/"): closed,
        ("GET", "/api/alerts/"): _listed(alert),
        ("POST", "/api/alerts/{alertId}/acknowledge/"): taken,
        ("POST", "/api/devices/{deviceID}/retry/"): {"devices": 1, "receipts": 4},
        ("GET", "/healthz"): {"status": "ok"},
    }


# By method and path: what comes with 200 or 201 as JSON.
ANSWERS: Final = MappingProxyType(_answers())
# By method and path: what comes with 200 as text, with its media type.
TEXTS: Final = MappingProxyType(
    {
        ("GET", "/api/dashboard/export/receipts.csv"): (
            "text/csv",
            "fiscalmon,receipts\r\nPeriod,2026-11-22 to now\r\nTime zone,Africa/Harare (UTC+2)\r\n\r\n"
            "receiptDate,deviceID,fiscalDayNo\r\n2026-11-22T14:03:07,12345,214\r\n",
        ),
        ("GET", "/metrics"): (
            "text/plain",
            "# HELP fiscalmon_receipts_today Receipts signed today.\n"
            "# TYPE fiscalmon_receipts_today gauge\nfiscalmon_receipts_today 87\n",
        ),
    }
)
