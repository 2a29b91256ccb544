"""The till's printers: set-ups, one worker each, and what screens and commands ask of them. JSON-ready dicts out.

Signing and sending know nothing of it: a slip is born in its receipt's transaction and printed from the books.
"""

from __future__ import annotations

import asyncio
import contextlib
from functools import partial
from typing import Any

import structlog

from ..books import Archive
from ..domain.errors import BadInput, FiscalmonError, UnknownReceipt
from ..domain.localtime import utc_text
from ..domain.paper import PrinterSetup
from ..domain.print_job import JobState, PrintJob
from ..ports import Printers
from .parts import Parts
from .preferences import Preferences
from .print_orders import PrintOrders
from .print_worker import PrintWorker
from .printer_card import PrinterCard

# What is on its way to paper when the till stops gets this long; the next start asks what became of the rest.
FINISH_SECONDS = 3.2
# A printer that is busy with a slip is described by its last word.
STATUS_SECONDS = 10.0
# A slip whose printer is away is not waited for longer than that.
AWAY_SECONDS = 3.0
MOST_JOBS = 10_000

log = structlog.get_logger()


class Printing:
    """Use on the engine's loop only."""

    def __init__(self, parts: Parts, preferences: Preferences, printers: Printers) -> None:
        self._parts = parts
        self._store, self._clock = parts.store, parts.clock
        self._preferences = preferences
        self.printers = printers
        self._workers: dict[str, tuple[PrintWorker, asyncio.Task[None]]] = {}
        self.orders = PrintOrders(parts.store, parts.clock, self.ring)

    async def start(self) -> None:
        """One worker for each printer in the books."""
        told = await self._store.read(lambda archive: archive.prints.attention())
        for setup in await self._store.read(lambda archive: archive.prints.printers()):
            try:
                self._hire(setup, told.get(setup.name))
            except FiscalmonError as wrong:
                # The others print; this one's slips wait, and its card says nothing.
                log.error("a printer cannot be used", printer=setup.name, text=wrong.text)
        self._parts.announcer.watch(self.ring)

    async def stop(self) -> None:
        """Let what is on its way to paper end, or leave it to be asked for."""
        await asyncio.gather(*(self._dismiss(name) for name in tuple(self._workers)))

    def ring(self) -> None:
        """There may be work."""
        for worker, _ in self._workers.values():
            worker.bell.set()

    @property
    def busy(self) -> bool:
        """Whether slips are on their way to paper: those of a printer that cannot print now are not."""
        return any(
            (worker.bell.is_set() or not worker.idle) and worker.card.state not in ("away", "stopped")
            for worker, _ in self._workers.values()
        )

    # --- printers -------------------------------------------------------------------------------------------------

    async def add(self, setup: PrinterSetup) -> dict[str, Any]:
        """A new printer; the same again changes nothing. Raises BadInput, UnknownDevice."""
        name = setup.name
        if not name or len(name) > 40 or not name.isprintable() or name != name.strip():
            raise BadInput("A printer's name has 1 to 40 printable characters.")
        if setup.device_id is not None:
            self._parts.devices.get(setup.device_id)
        if name in self._workers and self._workers[name][0].card.setup == setup:
            return await self.card(name)
        # Whatever is wrong with the set-up is said before anything is written down.
        await self.printers.open(setup).close()
        at = utc_text(self._clock.now())
        await self._store.write(lambda work: work.prints.add_printer(setup, at))
        self._hire(setup, None)
        return await self.card(name)

    async def remove(self, name: str) -> dict[str, Any]:
        """Forget a printer; what waits for it is given up, its journal stays. Raises BadInput."""
        known = {setup.name for setup in await self._store.read(lambda archive: archive.prints.printers())}
        if name not in known:
            raise _unknown(name, known)
        await self._dismiss(name)
        at = utc_text(self._clock.now())
        await self._store.write(lambda work: work.prints.remove_printer(name, at))
        return {"printer": name, "removed": True}

    async def cards(self, devices: frozenset[int] | None = None) -> list[dict[str, Any]]:
        """Every printer that the caller may see: those of no device, and of its own ones."""
        counts = await self._store.read(lambda archive: archive.prints.counts())
        return [
            worker.card.describe(counts.get(name, {}))
            for name, (worker, _) in self._workers.items()
            if devices is None or worker.card.setup.device_id is None or worker.card.setup.device_id in devices
        ]

    async def card(self, name: str, *, ask: bool = False) -> dict[str, Any]:
        """One printer; with `ask` as it says now that it is. Raises BadInput."""
        worker = self._worker(name)
        if ask:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(STATUS_SECONDS):
                    await worker.look()
        counts = await self._store.read(lambda archive: archive.prints.counts())
        return worker.card.describe(counts.get(name, {}))

    def ports(self) -> list[dict[str, str]]:
        """The serial ports of this machine."""
        return [{"port": port, "description": what} for port, what in self.printers.ports()]

    # --- slips ----------------------------------------------------------------------------------------------------

    async def jobs(self, name: str, limit: int = MOST_JOBS) -> list[dict[str, Any]]:
        """A printer's newest slips, oldest first; also of one that was removed. Raises BadInput."""
        found = await self._store.read(lambda archive: archive.prints.jobs(name, limit))
        if not found and name not in self._workers:
            raise _unknown(name, set(self._workers))
        return [job.as_dict() for job in found]

    async def print_receipt(self, receipt_id: str, printer: str | None = None) -> PrintJob:
        """A receipt onto paper, as a copy where it is there already or may be. Raises UnknownReceipt, BadInput."""
        entry = await self._store.read(lambda archive: archive.receipt(receipt_id))
        if entry is None:
            raise UnknownReceipt(f"There is no receipt {receipt_id} on this till.")
        return await self.orders.receipt(entry, self._chosen(printer, entry.device_id))

    async def print_report(self, device_id: int, day_no: int | None = None, printer: str | None = None) -> PrintJob:
        """The X report of an open day, the Z report of a closed one. Raises DayRefused, UnknownDevice, BadInput."""
        self._parts.devices.get(device_id)
        return await self.orders.report(device_id, day_no, self._chosen(printer, device_id))

    async def print_test(self, printer: str) -> PrintJob:
        """A test page. Raises BadInput."""
        return await self.orders.test(self._worker(printer).name)

    async def finished(self, job: PrintJob, seconds: float) -> PrintJob:
        """The slip once nothing more happens to it by itself, or as it stands when that takes too long."""
        loop = asyncio.get_running_loop()
        give_up = loop.time() + seconds
        away_since: float | None = None
        while not job.final and (left := give_up - loop.time()) > 0:
            hired = self._workers.get(job.printer)
            if hired is None:
                break
            settled = hired[0].settled
            held = await self._store.read(partial(_job, job.job))
            job = held or job
            if job.final:
                break
            # A slip that waits with a reason waits for its printer: that may take until tomorrow.
            away = hired[0].card.state in ("away", "stopped")
            stuck = away or (job.state != JobState.PRINTING and job.reason is not None)
            away_since = (away_since or loop.time()) if stuck else None
            if away_since is not None and loop.time() - away_since > AWAY_SECONDS:
                break
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(min(left, 1.0)):
                    await settled.wait()
        return job

    def in_the_way(self, job: PrintJob) -> str | None:
        """Why the slip is not on paper: what became of it, else what its printer needs."""
        hired = self._workers.get(job.printer)
        stopping = [found.advice for found in hired[0].card.findings if found.stops] if hired else []
        return job.reason or (stopping[0] if stopping and not job.final else None)

    # --- inside ---------------------------------------------------------------------------------------------------

    def _hire(self, setup: PrinterSetup, told: str | None) -> None:
        printer = self.printers.open(setup)
        worker = PrintWorker(printer, PrinterCard(setup, told), self._parts, self._preferences)
        self._workers[setup.name] = worker, asyncio.create_task(worker.run(), name=f"printer-{setup.name}")

    async def _dismiss(self, name: str) -> None:
        worker, task = self._workers.pop(name)
        worker.stopping = True
        worker.bell.set()
        # Closing gives the slip under way a moment, and tells the worker what became of it: that is still written down.
        closing = asyncio.create_task(worker.printer.close())
        if worker.busy:
            await asyncio.wait([task], timeout=FINISH_SECONDS)
        task.cancel()
        _, late = await asyncio.gather(task, closing, return_exceptions=True)
        if isinstance(late, Exception):
            log.warning("a printer's port did not close", printer=name, why=str(late))

    def _worker(self, name: str) -> PrintWorker:
        hired = self._workers.get(name)
        if hired is None:
            raise _unknown(name, set(self._workers))
        return hired[0]

    def _chosen(self, printer: str | None, device_id: int) -> str:
        """The printer asked for, else the device's first one, else the only one there is."""
        if printer is not None:
            return self._worker(printer).name
        setups = [worker.card.setup for worker, _ in self._workers.values()]
        own = [setup.name for setup in setups if setup.device_id == device_id]
        if not own and len(setups) > 1:
            names = ", ".join(setup.name for setup in setups)
            raise BadInput(f"No printer is that of device {device_id}: name one with --printer ({names}).")
        if not setups:
            raise BadInput("There is no printer yet: add one in Settings (Ctrl+,) or with `fiscalmon printer add`.")
        return own[0] if own else setups[0].name


def _job(job_id: int, archive: Archive) -> PrintJob | None:
    return archive.prints.job(job_id)


def _unknown(name: str, known: set[str]) -> BadInput:
    there = f"There are: {', '.join(sorted(known))}." if known else "Add it with `fiscalmon printer add`."
    return BadInput(f"There is no printer {name}. {there}")
