"""From argv to an exit code: 0 done, 1 failed with one plain sentence on stderr, 2 wrong usage."""

from __future__ import annotations

import argparse
import errno
import os
import signal
import sys
from collections.abc import Sequence

from ..correlation import correlated
from ..domain.errors import BadInput, FiscalmonError
from .output import complain
from .parser import build_parser


def main(argv: Sequence[str] | None = None) -> int:
    """The whole program."""
    given = list(sys.argv[1:] if argv is None else argv)
    program, *rest = _from_the_command(given) or [""]
    if program == "simulator":
        _end_at_once()
        from ..simulator.app import main as simulate

        return simulate(rest)
    if program == "printer-emulator":
        _end_at_once()
        from device.emulator.app import main as emulate

        return emulate(rest)
    args = build_parser(program).parse_args(given)
    if args.command is None:
        args = build_parser().parse_args([*given, *_default_command()])
    try:
        # What runs for days does many things, each under an id of its own.
        if args.run in ("app", "serve", "demo"):
            return _run(args)
        with correlated():
            return _run(args)
    except FiscalmonError as wrong:
        complain(f"fiscalmon: {wrong.text}")
        return 2 if wrong.code == "USAGE" else 1
    except KeyboardInterrupt:
        return 0
    except BrokenPipeError:
        # Whoever read our output has gone; there is nobody left to tell.
        sys.stderr.close()
        return 1
    except OSError as wrong:
        if wrong.errno not in (errno.EROFS, errno.EACCES, errno.EPERM, errno.ENOSPC) or wrong.filename is None:
            raise
        complain(f"fiscalmon: {wrong.filename} cannot be used ({wrong.strerror}): mend that, then try again.")
        return 1


def _run(args: argparse.Namespace) -> int:
    if args.run == "app":
        # Before anything else is imported: the window is to be painted at once.
        from .desktop import app

        return app(args)
    if args.config is not None and not args.config.is_file():
        raise BadInput(f"There is no settings file {args.config}.")
    from ..data_folder import DataFolder, default_folder, named_folder

    if args.run == "demo":
        from .running import demo

        named = args.data_dir or named_folder()
        return demo(args, DataFolder(named) if named else None)
    folder = DataFolder(args.data_dir or default_folder())
    if args.run == "serve":
        _end_at_once()
        from .running import serve

        return serve(args, folder)
    if args.run.startswith("user_"):
        from .accounts import run

        return run(args, folder)
    if args.run == "doctor":
        from .doctor import doctor

        return doctor(args, folder)
    if args.run in ("backup", "restore"):
        from .backups import COMMANDS as COMMANDS_OF_BACKUPS

        return COMMANDS_OF_BACKUPS[args.run](args, folder)
    if args.run.startswith("keys_"):
        from .keys import COMMANDS as COMMANDS_OF_KEYS

        return COMMANDS_OF_KEYS[args.run](args, folder)
    import asyncio

    if args.run.startswith("files_"):
        from .files import COMMANDS as COMMANDS_OF_FILES

        return asyncio.run(COMMANDS_OF_FILES[args.run](args, folder))
    if args.run.startswith(("lan_", "tv_")):
        from .lan import COMMANDS as COMMANDS_OF_LAN

        return asyncio.run(COMMANDS_OF_LAN[args.run](args, folder))
    if args.run.startswith("alerts_"):
        from .alerts import COMMANDS as COMMANDS_OF_ALERTS

        return asyncio.run(COMMANDS_OF_ALERTS[args.run](args, folder))
    if args.run.startswith("printer_") or args.run == "receipts_print":
        from .printers import COMMANDS as COMMANDS_OF_PRINTERS

        return asyncio.run(COMMANDS_OF_PRINTERS[args.run](args, folder))
    from .commands import COMMANDS

    return asyncio.run(COMMANDS[args.run](args, folder))


def _end_at_once() -> None:
    """Until its loop has handlers of its own, a program that runs for days has begun nothing: a signal ends it there.

    The interrupt that short commands get is an exception, which code amid the long imports may swallow.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: os._exit(0))


def _default_command() -> list[str]:
    """Plain `fiscalmon` starts the window where a display exists, else it shows what there is."""
    from .desktop import has_display

    return ["app"] if has_display() else ["--help"]


def _from_the_command(given: list[str]) -> list[str]:
    """The command's name and what stands behind it: the simulator and the printer emulator have their own parsers."""
    top = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    top.add_argument("--data-dir")
    top.add_argument("--config")
    top.add_argument("-v", "--verbose", action="count")
    return top.parse_known_args(given)[1]
