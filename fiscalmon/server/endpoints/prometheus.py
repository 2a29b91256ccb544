"""The snapshot as Prometheus text (exposition format 0.0.4), for whoever watches the shop's machines.

Only names the figures; what they mean and who may see which device is decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from starlette.responses import Response

from ... import __version__
from ..call import Call
from ..facade import Json

TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
Sample = tuple[dict[str, Any], Any]


async def metrics(call: Call) -> Response:
    """The metrics of the caller's devices."""
    snapshot = await call.services.till.snapshot(call.devices)
    devices = await call.services.till.devices(call.devices)
    text = exposition(snapshot, devices, call.services.doorkeeper.failures, call.services.dashboards())
    return Response(text, headers={"content-type": TYPE, "cache-control": "no-store"})


def exposition(snapshot: Json, devices: Sequence[Json], failures: int, dashboards: int) -> str:
    """All figures as text, each with its help and type.

    `failures`: refused sign-ins since the start. `dashboards`: sockets open now, of pages, screens and programs.
    """
    listening: list[Sample] = [({}, dashboards)]
    watching = ("dashboards_open", "Dashboards, screens and programs that listen now.", listening)
    gauges = (*_families(snapshot), watching, *_of_devices(devices))
    text = "".join(_family(name, about, samples) for name, about, samples in gauges)
    return text + _family("signin_failures_total", "Refused sign-ins since the start.", [({}, failures)], "counter")


def _of_devices(devices: Sequence[Json]) -> Iterable[tuple[str, str, list[Sample]]]:
    yield "build_info", "The till's version.", [({"version": __version__}, 1)]
    for name, about, key in (
        ("device_online", "Whether FDMS answers the device.", "online"),
        ("device_active", "Whether its day is open and it was heard from in the last 5 minutes.", "active"),
        ("device_queue_depth", "Receipts of the device that wait for FDMS.", "queueDepth"),
        ("device_last_receipt_number", "receiptGlobalNo of its last receipt.", "lastReceiptGlobalNo"),
        ("device_clock_drift_seconds", "How far the till's clock is from FDMS's.", "clockDriftSeconds"),
    ):
        told = [({"deviceID": one["deviceID"]}, one[key]) for one in devices if one.get(key) is not None]
        yield name, about, [(labels, int(value) if isinstance(value, bool) else value) for labels, value in told]
    health = [({"deviceID": one["deviceID"], "health": one["health"]}, 1) for one in devices]
    yield "device_health", "The device's health in a word: ok, attention or failed.", health


def _families(now: Json) -> Iterable[tuple[str, str, list[Sample]]]:
    yield "devices", "Registered devices.", [({}, now["totalDevices"])]
    yield "devices_active", "Devices with an open day, heard from in the last 5 minutes.", [({}, now["activeDevices"])]
    yield "receipts_today", "Receipts signed today.", [({}, now["receiptsToday"])]
    yield "receipts_failed_today", "Receipts of today that FDMS flagged Red.", [({}, now["failedReceipts"])]
    yield "success_rate_percent", "Completed of all settled receipts, last 24 hours.", [({}, now["successRate"])]
    yield "latency_milliseconds", "Mean round trip to FDMS, last 24 hours.", [({}, now["avgLatencyMs"])]
    yield "queue_depth", "Receipts that wait for FDMS.", [({}, now["queueDepth"])]
    yield (
        "sales_today",
        "Sales of today with tax, credit notes subtracted.",
        [({"currency": currency}, amount) for currency, amount in now["sales"].items()],
    )
    yield (
        "tax_today",
        "Tax of today by band.",
        [
            ({"currency": currency, "band": band["band"]}, band["amount"])
            for currency, bands in now["taxBreakdownByCurrency"].items()
            for band in bands
        ],
    )
    yield (
        "fiscal_days",
        "Devices by the status of their fiscal day.",
        [({"status": status}, count) for status, count in now["fiscalDayStatus"].items()],
    )
    yield (
        "certificate_days_left",
        "Days until a device's certificate runs out.",
        [({"deviceID": one["deviceID"]}, one["daysLeft"]) for one in now["certificates"]],
    )
    yield "last_event_seq", "Number of the last lasting event.", [({}, now["seq"])]


def _family(name: str, about: str, samples: list[Sample], kind: str = "gauge") -> str:
    head = f"# HELP fiscalmon_{name} {about}\n# TYPE fiscalmon_{name} {kind}\n"
    return head + "".join(f"fiscalmon_{name}{_labels(labels)} {value}\n" for labels, value in samples)


def _labels(labels: dict[str, Any]) -> str:
    if not labels:
        return ""
    return "{" + ",".join(f'{name}="{_escaped(str(value))}"' for name, value in labels.items()) + "}"


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
