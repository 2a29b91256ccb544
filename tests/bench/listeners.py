"""Very many lean WebSocket clients in a process of their own; they parse frame heads only. A program of `live`'s.

Reads one JSON object from stdin: {"groups": [{"port", "path", "headers", "clients", "size", "batch"}], "ca"}. A group's
frames of exactly `size` bytes are counted; each time all its clients together have got `batch` of them each, a line
{"group", "at"} is printed, `at` by the monotonic clock of the machine.
"""

from __future__ import annotations

import asyncio
import base64
import json
import os
import ssl
import sys
import time
from typing import Any


def say(**facts: Any) -> None:
    print(json.dumps(facts), flush=True)


class Group:
    def __init__(self, index: int, given: dict[str, Any]) -> None:
        self.index = index
        self.size: int = given["size"]
        self._batch = given["batch"] * given["clients"]
        self._clients = given["clients"]
        self._count = 0
        self._open = 0
        self.upgraded = asyncio.Event()

    def opened(self) -> None:
        self._open += 1
        if self._open == self._clients:
            self.upgraded.set()

    def got(self, frames: int) -> None:
        self._count += frames
        if self._count >= self._batch:
            self._count -= self._batch
            say(group=self.index, at=time.monotonic())


class Client(asyncio.Protocol):
    def __init__(self, group: Group, request: bytes) -> None:
        self._group = group
        self._request = request
        self._held = b""
        self._open = False

    def connection_made(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        held = self._held + data if self._held else data
        if not self._open:
            head, end, held = held.partition(b"\r\n\r\n")
            if not end:
                self._held = head
                return
            if b" 101 " not in head.partition(b"\r\n")[0]:
                raise SystemExit(f"the upgrade was refused: {head[:200]!r}")
            self._open = True
            self._group.opened()
        self._held = self._frames(held)

    def _frames(self, held: bytes) -> bytes:
        at = frames = 0
        size = self._group.size
        while len(held) - at >= 2:
            length, start = held[at + 1] & 127, at + 2
            if length == 126:
                length, start = int.from_bytes(held[at + 2 : at + 4]), at + 4
            elif length == 127:
                length, start = int.from_bytes(held[at + 2 : at + 10]), at + 10
            if len(held) < start + length:
                break
            if held[at] & 15 == 8:
                raise SystemExit(f"a client was closed: {held[start : start + length]!r}")
            if held[at] & 15 == 9:
                self._pong(held[start : start + length])
            frames += length == size
            at = start + length
        if frames:
            self._group.got(frames)
        return held[at:]

    def _pong(self, content: bytes) -> None:
        # Clients mask what they send; a mask of zeros leaves it as it is.
        self._transport.write(bytes((0x8A, 0x80 | len(content), 0, 0, 0, 0)) + content)

    def connection_lost(self, error: Exception | None) -> None:
        if not self._open:
            raise SystemExit(f"a client was not let in: {error}")


async def main(given: dict[str, Any]) -> None:
    context = ssl.create_default_context(cafile=given["ca"])
    context.check_hostname = False
    groups = [Group(index, wanted) for index, wanted in enumerate(given["groups"])]
    loop = asyncio.get_running_loop()
    for group, wanted in zip(groups, given["groups"], strict=True):
        key = base64.b64encode(os.urandom(16)).decode()
        lines = [f"GET {wanted['path']} HTTP/1.1", f"Host: 127.0.0.1:{wanted['port']}", "Upgrade: websocket"]
        lines += ["Connection: Upgrade", f"Sec-WebSocket-Key: {key}", "Sec-WebSocket-Version: 13"]
        lines += [f"{name}: {value}" for name, value in wanted["headers"].items()]
        request = ("\r\n".join(lines) + "\r\n\r\n").encode()
        for _ in range(wanted["clients"]):
            make = lambda group=group, request=request: Client(group, request)  # noqa: E731
            await loop.create_connection(make, "127.0.0.1", wanted["port"], ssl=context)
        await group.upgraded.wait()
    say(ready=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(json.loads(sys.stdin.readline())))
