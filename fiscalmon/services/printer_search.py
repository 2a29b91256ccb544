"""Looks for printers on this machine's serial ports by asking who is there; a port that is set up is left in peace.

Knows no protocol: whoever opens printers can also ask a port.
"""

from __future__ import annotations

from typing import Any

import structlog

from ..domain.errors import FiscalmonError
from .printing import Printing

log = structlog.get_logger()


async def detect(printing: Printing, port: str | None = None) -> list[dict[str, Any]]:
    """Every port that was asked, one after the other: {"port", "description", "found", "reason"}.

    `found` is None where nobody answered, else {"family", "baud", "dialect", "model", "serialNo"}; `reason` says why a
    port could not be asked. `port`: that one alone, also one that this machine does not list. Raises nothing.
    """
    listed = {one["port"]: one["description"] for one in printing.ports()}
    wanted = {port: listed.get(port, "")} if port is not None else listed
    taken = {card["port"]: card["name"] for card in await printing.cards()}
    told: list[dict[str, Any]] = []
    for name, description in wanted.items():
        entry: dict[str, Any] = {"port": name, "description": description, "found": None, "reason": None}
        told.append(entry)
        if name in taken:
            entry["reason"] = f"Printer {taken[name]} is set up on it."
            continue
        try:
            found = await printing.printers.probe(name)
        except FiscalmonError as wrong:
            log.info("printer.port_closed", port=name, code=wrong.code, detail=wrong.detail)
            entry["reason"] = wrong.text
            continue
        if found is not None:
            entry["found"] = {
                "family": found.family,
                "baud": found.baud,
                "dialect": found.dialect,
                "model": found.model,
                "serialNo": found.serial_no,
            }
    return told
