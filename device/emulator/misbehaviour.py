"""How an answer goes wrong on its way to the host: lost, late, spoilt, twice. Works on bytes; knows no command."""

from __future__ import annotations

import asyncio
import contextlib

from .faults import Rule
from .machine import CableOut, PowerLost
from .wire import Wire

SYN = b"\x16"
# Tremol: send it again later.
RETRY = b"\x0e"
NOISE = bytes.fromhex("00 FF 16 C3 00 7E")
NOISE_BEFORE = bytes.fromhex("00 FF 16")


async def pause(seconds: float, over: asyncio.Event) -> None:
    """Wait, but not longer than the rules are in force."""
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(over.wait(), seconds)


async def storm(wire: Wire, rule: Rule, over: asyncio.Event) -> None:
    """SYN after SYN for the rule's seconds, or until the rules are taken back."""
    loop = asyncio.get_running_loop()
    end = loop.time() + rule.duration
    while loop.time() < end and not over.is_set():
        await wire.send(SYN)
        await pause(min(rule.gap, max(0.0, end - loop.time())), over)


async def answer(wire: Wire, good: bytes, rule: Rule | None, last: bytes, over: asyncio.Event) -> None:
    """Send the answer, or what the rule makes of it. `last` is the answer before this one; `over` ends pauses.

    Raises PowerLost and CableOut for those of a loss after the work.
    """
    if rule is None:
        await wire.send(good)
        return
    match rule.action:
        case "drop-after":
            return
        case "delay":
            await pause(rule.duration, over)
            await wire.send(good)
        case "syn-storm-after":
            await storm(wire, rule, over)
        case "garbage":
            await wire.send(NOISE)
        case "garbage-prefix":
            await wire.send(NOISE_BEFORE + good)
        case "truncate":
            await wire.send(good[: len(good) // 2 if rule.bytes is None else rule.bytes])
        case "duplicate":
            await wire.send(good + good)
        case "stale":
            await wire.send(last)
        case "power-cycle-after":
            raise PowerLost(rule.duration)
        case "cable-out-after":
            raise CableOut(rule.duration)
        case _:
            await wire.send(good)
