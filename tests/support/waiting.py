"""Waiting for a condition on the running loop, without a nested Qt loop and without a fixed sleep."""

from __future__ import annotations

import asyncio
from collections.abc import Callable


async def until(condition: Callable[[], object], what: str = "", seconds: float = 15.0) -> None:
    """Returns when the condition holds; fails the test when it does not within that time."""
    deadline = asyncio.get_running_loop().time() + seconds
    while not condition():
        assert asyncio.get_running_loop().time() < deadline, f"waited in vain for {what or condition}"
        await asyncio.sleep(0.01)
