"""The commands that run until they are stopped: serve and demo. Ctrl-C and SIGTERM end them in order, exit 0."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import shutil
import signal
import tempfile
from collections.abc import Coroutine, Iterator
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from ..bootstrap import Engine, server_settings, start_engine
from ..crash_files import keep_crash
from ..data_folder import DataFolder
from ..demo import Demo, Wishes
from ..domain.errors import FiscalmonError
from ..logs import log_to
from ..settings import load_settings
from .desktop import has_display
from .output import complain, json_line, say

T = TypeVar("T")


def serve(args: argparse.Namespace, folder: DataFolder) -> int:
    """The engine and the LAN server until a signal comes."""
    log_to(folder.logs, verbose=args.verbose)

    async def live() -> None:
        stop = _stop_event()
        port: int | None = args.port
        first = True
        # Once more for each backup that takes the books' place; its settings may be others.
        while not stop.is_set():
            engine = await _unless_stopped(_start_serving(args, folder, port), stop)
            if engine is None:
                return
            engine.renewable = True
            try:
                if first:
                    _say_where(args, engine)
                first = False
                # Clients come back to the address that they know.
                port = urlsplit(engine.dashboard_url or "").port
                await _first_of(stop.wait(), engine.replaced.wait())
            finally:
                await engine.stop()

    try:
        asyncio.run(live())
    except Exception as wrong:
        if not isinstance(wrong, FiscalmonError):
            keep_crash(folder.path, "serve", wrong)
        raise
    return 0


async def _start_serving(args: argparse.Namespace, folder: DataFolder, port: int | None) -> Engine:
    settings = load_settings(folder.path, args.config)
    host = settings.server.host if args.host is None else args.host
    port = settings.server.port if port is None else port
    server = server_settings(folder, host, port, tls=not args.no_tls, host_names=settings.server.host_names)
    return await start_engine(folder, server=server, settings=settings, tend=True)


def _say_where(args: argparse.Namespace, engine: Engine) -> None:
    if args.json:
        json_line({"event": "ready", "url": engine.dashboard_url, "ca": engine.ca_file, "pid": os.getpid()})
        return
    say(f"The dashboard is at {engine.dashboard_url}")
    if engine.ca_file:
        say(f"Browsers trust it with this CA: {engine.ca_file}")
    say("Ctrl-C stops it; nothing gets lost.")


async def _first_of(*waits: Coroutine[Any, Any, Any]) -> None:
    tasks = [asyncio.ensure_future(wait) for wait in waits]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()


def demo(args: argparse.Namespace, folder: DataFolder | None) -> int:
    """Everything with no set-up; a temporary folder unless one is named."""
    wishes = Wishes(args.sales, args.devices, args.rate, args.port)
    with _demo_folder(folder) as own:
        log_to(own.logs, verbose=args.verbose)
        if args.headless or not has_display():
            return asyncio.run(_headless_demo(args, own, wishes))
        return _window_demo(args, own, wishes)


async def _headless_demo(args: argparse.Namespace, folder: DataFolder, wishes: Wishes) -> int:
    stop = _stop_event()
    if not args.json:
        say("Starting the FDMS simulator, registering devices, opening their days …")
    running = await _unless_stopped(Demo.start(folder, wishes), stop)
    if running is None:
        return 0
    code = 0
    try:
        _announce(args, running)
        feeding = running.feed()
        stopping = asyncio.ensure_future(stop.wait())
        await asyncio.wait((feeding, stopping), return_when=asyncio.FIRST_COMPLETED)
        if feeding.done():
            feeding.result()
        if not stopping.done() and args.exit_when_done:
            finishing = asyncio.ensure_future(running.finish())
            await asyncio.wait((finishing, stopping), return_when=asyncio.FIRST_COMPLETED)
            if finishing.done():
                code = _summarise(args, finishing.result())
            finishing.cancel()
        elif not stopping.done():
            if not args.json:
                say("All sales are through; the dashboard stays up until Ctrl-C.")
            await stop.wait()
        stopping.cancel()
    finally:
        await running.stop()
    return code


def _window_demo(args: argparse.Namespace, folder: DataFolder, wishes: Wishes) -> int:
    from ui.app import run

    codes = [0]

    async def open_engine() -> Any:
        running = await Demo.start(folder, wishes)
        _announce(args, running)
        feeding = running.feed()
        if args.exit_when_done:
            feeding.add_done_callback(lambda _: finishers.append(asyncio.ensure_future(finish(running))))
        return running

    finishers: list[asyncio.Future[None]] = []

    async def finish(running: Demo) -> None:
        codes[0] = _summarise(args, await running.finish())
        os.kill(os.getpid(), signal.SIGTERM)

    return int(run(open_engine, heading="Demo with the FDMS simulator: no receipt goes to ZIMRA")) or codes[0]


def _announce(args: argparse.Namespace, running: Demo) -> None:
    ready = running.ready()
    if args.json:
        json_line(ready)
        return
    say(f"Dashboard   {ready['url']}")
    say(f"Login       {ready['username']} / {ready['password']}")
    say(f"Its CA      {ready['ca']}")
    say(f"Simulator   {ready['gateway']} (control {ready['control']})")
    say(f"Data        {ready['dataDir']}")
    if ready.get("paper"):
        say(f"Paper       {ready['paper']}")


def _summarise(args: argparse.Namespace, summary: dict[str, Any]) -> int:
    ok = (
        summary["completed"] + summary["refused"] == summary["sales"]
        and not summary["failed"]
        and not summary["queued"]
        and not summary["auditErrors"]
        and summary["closedDays"] == summary["openedDays"]
    )
    if args.json:
        json_line(summary)
    else:
        for refused in summary["refusals"]:
            say(f"refused {refused['saleId']}: {refused['validationErrors'][0]['advice']}")
        for name in ("sales", "completed", "refused", "failed", "queued", "closedDays", "auditErrors", "seconds"):
            say(f"{name:<12}{summary[name]}")
    if not ok:
        complain("The demo did not end well: look at the figures above and at the log in the data folder.")
    return 0 if ok else 1


@contextlib.contextmanager
def _demo_folder(folder: DataFolder | None) -> Iterator[DataFolder]:
    if folder is not None:
        yield folder
        return
    path = Path(tempfile.mkdtemp(prefix="fiscalmon-demo-"))
    try:
        yield DataFolder(path)
    finally:
        shutil.rmtree(path, ignore_errors=True)


async def _unless_stopped(starting: Coroutine[Any, Any, T], stop: asyncio.Event) -> T | None:
    """What was started; None when a signal came before it was up, and what had begun is undone."""
    task = asyncio.ensure_future(starting)
    stopping = asyncio.ensure_future(stop.wait())
    await asyncio.wait((task, stopping), return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if not task.done():
        task.cancel()
        await asyncio.wait((task,))
    return None if task.cancelled() else task.result()


def _stop_event() -> asyncio.Event:
    """Set by Ctrl-C and SIGTERM."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(number, stop.set)
        except NotImplementedError:
            # Windows has no such call on its loops; the handler runs in the main thread and only sets a flag.
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(stop.set))
    return stop
