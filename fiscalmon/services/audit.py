"""Audits the books: each device's chain re-derived, then compared with what FDMS holds. Nothing is mended."""

from __future__ import annotations

from functools import partial
from typing import Any

from ..domain.errors import GatewayError
from .chain_walk import Break, Walk, walk_chain
from .devices import TillDevice
from .parts import Parts


class Audit:
    """One run over all devices, or one of them."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def run(self, device_id: int | None = None) -> dict[str, Any]:
        """{"devices", "receipts", "auditErrors", "errors": [{"deviceID", "receiptGlobalNo", "what"}], "fdms"}."""
        devices = [self._parts.devices.get(device_id)] if device_id is not None else list(self._parts.devices)
        breaks: list[Break] = []
        receipts = 0
        fdms: dict[str, str] = {}
        for device in devices:
            walk = await self._parts.store.read(
                partial(walk_chain, device.device_id, device.registered.certificate_pem)
            )
            receipts += walk.receipts
            breaks += walk.breaks
            fdms[str(device.device_id)] = await self._compare(device, walk, breaks)
        return {
            "devices": len(devices),
            "receipts": receipts,
            "auditErrors": len(breaks),
            "errors": [found.as_dict() for found in breaks],
            "fdms": fdms,
        }

    async def _compare(self, device: TillDevice, walk: Walk, breaks: list[Break]) -> str:
        """FDMS's own numbers against ours; says in a word how far that went."""
        if device.offline_mode:
            return "not compared: FDMS gives no status in offline mode; `fiscalmon files status` shows what it took"
        try:
            status = await device.gateway.get_status()
        except GatewayError as failed:
            return f"not compared: {failed.text}"
        # The till may have sold on since the walk.
        end = max(walk.global_no, device.last_global_no)
        if status.last_global_no is not None and status.last_global_no > end:
            what = f"FDMS holds receipt {status.last_global_no}, but the books end at {end}"
            breaks.append(Break(device.device_id, None, what))
        if (status.last_global_no or 0) < walk.acknowledged:
            what = f"FDMS's last receipt is {status.last_global_no}, but {walk.acknowledged} was acknowledged"
            breaks.append(Break(device.device_id, None, what))
        return "agrees" if not any(found.device_id == device.device_id for found in breaks) else "differs"
