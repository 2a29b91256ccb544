"""The printer's end of a serial cable as a pseudo-terminal, under a link that stays when the terminal is renewed.

POSIX only. Knows bytes and speed, no protocol. A host may open and close the terminal as often as it likes."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from pathlib import Path

from .wire import Pace

CHUNK = 256
# A terminal that nobody reads is full after 4 KiB; what comes then is lost, as on a cable without a plug.
PATIENCE = 0.2


class PseudoTerminal:
    """One line; `plug` makes the terminal and the link, `unplug` takes both away under the host's hands."""

    def __init__(self, link: Path, baud: int | None) -> None:
        self.link = link
        self._master = self._slave = -1
        self._in, self._out = Pace(baud), Pace(baud)
        self._answered = False
        self._waiting: asyncio.Future[None] | None = None
        self.plugged_in = asyncio.Event()
        self.tty = ""

    def plug(self) -> None:
        """Raises OSError where the system has no terminal left or the link's place is taken by something else."""
        if sys.platform == "win32":
            raise OSError("Windows has no pseudo-terminals; use --tcp.")
        import tty

        if self._master >= 0:
            return
        if self.link.exists() and not self.link.is_symlink():
            raise FileExistsError(f"{self.link} exists and is no link.")
        self._master, self._slave = os.openpty()
        # Our own end of the host's side stays open: else the last close of a host would hang the terminal up.
        tty.setraw(self._slave)
        os.set_blocking(self._master, False)
        self.tty = os.ttyname(self._slave)
        fresh = self.link.with_name(f".{self.link.name}.{os.getpid()}")
        with contextlib.suppress(FileNotFoundError):
            fresh.unlink()
        fresh.symlink_to(self.tty)
        fresh.replace(self.link)
        self.plugged_in.set()

    def unplug(self) -> None:
        """The host reads and writes into nothing from now on; its handle fails."""
        if self._master < 0:
            return
        with contextlib.suppress(FileNotFoundError):
            if os.readlink(self.link) == self.tty:
                self.link.unlink()
        self.plugged_in.clear()
        if self._waiting is not None:
            asyncio.get_running_loop().remove_reader(self._master)
            self._wake()
        for descriptor in (self._master, self._slave):
            os.close(descriptor)
        self._master = self._slave = -1

    async def read(self) -> bytes:
        """The next bytes, when the line has carried them. Raises ConnectionError when the cable is out."""
        # A host that was answered has waited for it: what it sends now is no part of a stream.
        idle, self._answered = self._answered, False
        while True:
            master = self._master
            if master < 0:
                raise ConnectionError
            try:
                chunk = os.read(master, CHUNK if self._in.limited else 4096)
            except BlockingIOError:
                idle = True
                await self._until_readable(master)
                continue
            except OSError:
                raise ConnectionError from None
            await self._in.pass_(len(chunk), idle=idle)
            return chunk

    async def send(self, data: bytes) -> None:
        """Bytes to the host, in pieces as the line carries them."""
        self._answered = True
        step = 16 if self._out.limited else 4096
        for start in range(0, len(data), step):
            piece = data[start : start + step]
            await self._out.pass_(len(piece), idle=start == 0)
            if not await self._write(piece):
                return

    async def _write(self, piece: bytes) -> bool:
        end = asyncio.get_running_loop().time() + PATIENCE
        while piece and self._master >= 0:
            try:
                piece = piece[os.write(self._master, piece) :]
            except BlockingIOError:
                if asyncio.get_running_loop().time() > end:
                    return False
                await asyncio.sleep(0.01)
            except OSError:
                return False
        return not piece

    async def _until_readable(self, master: int) -> None:
        loop = asyncio.get_running_loop()
        self._waiting = loop.create_future()
        loop.add_reader(master, self._wake)
        try:
            await self._waiting
        finally:
            self._waiting = None
            # Once it is closed, the number may already be another file's.
            if self._master == master:
                loop.remove_reader(master)

    def _wake(self) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)
