"""`submit` and `submit_8`: queued receipts to FDMS over mTLS, each answer verified and settled on the disk.

The floor posts with a bare httpx client to the same simulator. It posts the receipts of other devices of the same till,
signed in their own chains: the simulator has the same work with them. The very same bodies would be answered from its
memory the second time, without judging or storing, and that floor would be no floor.
"""

from __future__ import annotations

import asyncio
import itertools
import ssl
import time
from collections.abc import Iterator, Sequence
from functools import partial

import httpx

from fiscalmon.books import Archive
from fiscalmon.fdms import tls
from fiscalmon.services.devices import TillDevice

from .fdms import queue_sales, registered_shop
from .line import Line, compared
from .shop import Shop, keys_of
from .timing import FULL

ROUNDS = 5 if FULL else 2
RECEIPTS = 1_000
# Each of the eight devices; together more than the one device above.
RECEIPTS_OF_EACH = 1_000 if FULL else 125
HEADERS = {"DeviceModelName": "Server", "DeviceModelVersion": "v1", "Content-Type": "application/json"}


def submit() -> Iterator[Line]:
    yield asyncio.run(_submit("submit", 1, RECEIPTS))


def submit_8() -> Iterator[Line]:
    yield asyncio.run(_submit("submit_8", 8, RECEIPTS_OF_EACH))


async def _submit(name: str, devices: int, receipts: int) -> Line:
    rates, floors = [], []
    numbers = itertools.count(1)
    async with registered_shop(2 * devices) as (till, _):
        every = list(till.devices)
        for turn in range(ROUNDS):
            for device in every:
                await queue_sales(till, device.device_id, numbers, receipts)
            # Devices change sides each round: neither side keeps the longer chains.
            ours, bare = (every[:devices], every[devices:]) if turn % 2 == 0 else (every[devices:], every[:devices])
            rates.append(devices * receipts / await _drain(till, ours))
            floors.append(devices * receipts / await _post(till, bare))
            await _settle_silently(till, bare)
    more = {"devices": devices, "receipts_each": receipts}
    return compared(name, "receipts/s", rates, floors, 0.75, "higher", **more)


async def _drain(till: Shop, devices: Sequence[TillDevice]) -> float:
    """Seconds until the product's senders have emptied the queues, from standing still to the last fsync."""
    # The line is up, as it is in a shop; so is the bare client's.
    await asyncio.gather(*(device.gateway.ping() for device in devices))
    started = time.perf_counter()
    senders = [asyncio.create_task(till.sender(device).run()) for device in devices]
    while any(device.queued for device in devices):
        await asyncio.sleep(0.002)
        for sender in senders:
            if sender.done():
                sender.result()
    seconds = time.perf_counter() - started
    for sender in senders:
        sender.cancel()
    await asyncio.gather(*senders, return_exceptions=True)
    await _check(till, devices)
    return seconds


async def _post(till: Shop, devices: Sequence[TillDevice]) -> float:
    """Seconds for the same with bare clients, one a device, each one request after the other."""
    bodies = [await till.store.read(partial(_bodies, device.device_id)) for device in devices]
    clients = [httpx.AsyncClient(verify=_identity(till, device), trust_env=False, timeout=30) for device in devices]
    try:
        base = devices[0].registered.gateway_url
        urls = [f"{base}/Device/v1/{device.device_id}" for device in devices]
        await asyncio.gather(
            *(client.post(f"{url}/Ping", headers=HEADERS) for client, url in zip(clients, urls, strict=True))
        )
        started = time.perf_counter()
        await asyncio.gather(
            *(
                _post_all(client, f"{url}/SubmitReceipt", waiting)
                for client, url, waiting in zip(clients, urls, bodies, strict=True)
            )
        )
        return time.perf_counter() - started
    finally:
        for client in clients:
            await client.aclose()


async def _post_all(client: httpx.AsyncClient, url: str, bodies: Sequence[bytes]) -> None:
    for body in bodies:
        answer = await client.post(url, content=body, headers=HEADERS)
        if answer.status_code != 200:
            raise AssertionError(f"the simulator refused the floor's receipt: {answer.text[:300]}")


async def _settle_silently(till: Shop, devices: Sequence[TillDevice]) -> None:
    """What the floor has posted is settled by the product too (FDMS answers it again), outside of the measurement."""
    await _drain(till, devices)


async def _check(till: Shop, devices: Sequence[TillDevice]) -> None:
    for device in devices:
        counts = await till.store.read(partial(_statuses, device.device_id))
        if counts != {"completed"}:
            raise AssertionError(f"receipts of device {device.device_id} ended as {sorted(counts)}")


def _bodies(device_id: int, archive: Archive) -> list[bytes]:
    return [pending.payload for pending in archive.pending(device_id, 0, 1_000_000)]


def _statuses(device_id: int, archive: Archive) -> set[str]:
    chain = archive.chain(device_id, 0, 1_000_000)
    return {kept.entry.status for kept in chain}


def _identity(till: Shop, device: TillDevice) -> ssl.SSLContext:
    """The device's own mutual TLS, as the product makes it."""
    context = tls.trusting(device.registered.ca_pem)
    certificate = till.folder.certificates / f"{device.device_id}.pem"
    tls.identify(context, certificate, device.device_id, keys_of(till.folder))
    return context
