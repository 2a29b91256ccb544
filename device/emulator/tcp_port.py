"""The printer as a network printer: one TCP connection at a time, on loopback. Knows bytes and speed, no protocol."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

from .wire import Pace

HOST = "127.0.0.1"
PIECE = 256


class Connection:
    """One host's connection, as a wire."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, baud: int | None) -> None:
        self._reader, self._writer = reader, writer
        self._in, self._out = Pace(baud), Pace(baud)

    async def read(self) -> bytes:
        """The next bytes. Raises ConnectionError at the end of the connection."""
        chunk = await self._reader.read(PIECE if self._in.limited else 4096)
        if not chunk:
            raise ConnectionError
        await self._in.pass_(len(chunk), idle=len(chunk) < PIECE)
        return chunk

    async def send(self, data: bytes) -> None:
        await self._out.pass_(len(data), idle=True)
        with contextlib.suppress(ConnectionError, RuntimeError):
            self._writer.write(data)
            await self._writer.drain()

    def close(self) -> None:
        self._writer.close()


Serve = Callable[[Connection], Awaitable[None]]


class TcpPort:
    """Listens; the connections after the first wait until it is gone, as at a network printer."""

    def __init__(self, port: int, baud: int | None, serve: Serve) -> None:
        self.port = port
        self._baud, self._serve = baud, serve
        self._server: asyncio.Server | None = None
        self._one_at_a_time = asyncio.Lock()
        self._connections: set[Connection] = set()

    async def plug(self) -> None:
        """Raises OSError where the port is taken."""
        if self._server is None:
            self._server = await asyncio.start_server(self._accept, HOST, self.port)
            self.port = self._server.sockets[0].getsockname()[1]

    async def unplug(self) -> None:
        """No more connections, and those there are end."""
        if self._server is None:
            return
        server, self._server = self._server, None
        server.close()
        for connection in tuple(self._connections):
            connection.close()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = Connection(reader, writer, self._baud)
        self._connections.add(connection)
        try:
            async with self._one_at_a_time:
                with contextlib.suppress(ConnectionError):
                    await self._serve(connection)
        finally:
            self._connections.discard(connection)
            connection.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()
