"""`fiscalmon app`: the window first, everything else behind it. Must load nothing before the shell is painted.

What goes wrong after that is told in the window, which somebody looks at; nobody looks at a terminal.
"""

from __future__ import annotations

import argparse
import os
import sys
from typing import Any

from ..data_folder import TRAINING, DataFolder, choose_folder, default_folder, named_folder
from .output import complain


def has_display() -> bool:
    """Whether a window can be shown."""
    return sys.platform in ("win32", "darwin") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def app(args: argparse.Namespace) -> int:
    """The desktop window over an engine with the LAN server."""
    if not has_display():
        complain("There is no display here: use `fiscalmon serve`, or set DISPLAY.")
        return 1
    if (code := _raised(args)) is not None:
        return code
    from ui.app import run
    from ui.ground import Ground

    opened: list[Any] = []

    async def open_engine() -> Any:
        if args.training:
            return await _open_training(args)
        engine = await _open_engine(args)
        engine.renewable = True
        opened.append(engine)
        return engine

    ground = Ground(
        folder=_folder(args).path,
        folder_fixed=args.data_dir is not None or named_folder() is not None,
        training=args.training,
        minimised=args.minimised,
        choose_folder=None if args.training else choose_folder,
    )
    code = int(run(open_engine, heading="TRAINING" if args.training else "", ground=ground))
    return _start_again() if code == 0 and any(engine.replaced.is_set() for engine in opened) else code


def _start_again() -> int:
    """The same command once more, over the books that a restore has laid ready. Where it can, in this very process, so
    that whoever started it (a service, a shell) still has it.
    """
    frozen = getattr(sys, "frozen", False)
    command = [sys.executable, *(sys.argv[1:] if frozen else sys.orig_argv[1:])]
    if sys.platform == "win32":
        import subprocess

        # Windows gives an exec'd program another process id anyway, and its parent an end.
        subprocess.Popen(command)
        return 0
    sys.stdout.flush()
    sys.stderr.flush()
    os.execv(sys.executable, command)  # noqa: S606 - this program, with the words it was started with


def _folder(args: argparse.Namespace) -> DataFolder:
    """The till's folder; practising has its own in it. Raises FiscalmonError."""
    folder = DataFolder(args.data_dir or default_folder())
    return DataFolder(folder.path / TRAINING) if args.training else folder


def _raised(args: argparse.Namespace) -> int | None:
    """Show the window that is open already on this data folder; None where no engine runs there."""
    folder = _folder(args)
    address = folder.running()
    if address is None:
        return None
    import asyncio

    from ..control import ControlClient
    from ..domain.errors import FiscalmonError

    client = ControlClient(address)

    async def ask() -> int | None:
        if not await client.connect():
            # What a killed engine left behind.
            return None
        try:
            await client.operate("window.raise", {})
        except FiscalmonError as wrong:
            if wrong.code == "CONTROL":
                return None
            complain(f"fiscalmon runs on {folder.path} without a window: use its dashboard, or stop it first.")
            return 1
        finally:
            await client.close()
        return 0

    return asyncio.run(ask())


async def _open_engine(args: argparse.Namespace) -> Any:
    """On the engine's own thread, which has all the time it takes to import what an engine is made of."""
    from ..logs import log_to

    folder = _folder(args)
    log_to(folder.logs, verbose=args.verbose)
    from ..bootstrap import server_settings, start_engine
    from ..settings import load_settings

    settings = load_settings(folder.path, args.config)
    listen = settings.server
    server = server_settings(folder, listen.host, listen.port, tls=True, host_names=listen.host_names)
    return await start_engine(folder, server=server, settings=settings, tend=True, hold=True)


async def _open_training(args: argparse.Namespace) -> Any:
    """The same for practising."""
    from ..logs import log_to

    folder = _folder(args)
    log_to(folder.logs, verbose=args.verbose)
    from ..training import Training

    return await Training.start(folder)
