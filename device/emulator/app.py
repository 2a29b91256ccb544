"""The emulator as a process: command line, control port, a clean end. Runs an `Emulator`, decides nothing itself."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from fiscalmon.companions.serving import LOOPBACK, Server, listen, serving, stop_event

from .control import ControlApp
from .dialects import DIALECTS
from .emulator import FAMILIES, Emulator, Wishes


def main(argv: Sequence[str] | None = None) -> int:
    """Run until SIGTERM or Ctrl-C. 0 after a clean end, 1 with a sentence on stderr; argparse exits with 2."""
    args = _arguments(argv)
    try:
        with _link(args.link, terminal=not args.tcp_only) as link:
            wishes = Wishes(args.family, args.dialect, args.width, args.baud, link, args.tcp, not args.no_native_qr)
            return asyncio.run(_run(args, wishes))
    except OSError as wrong:
        print(f"The printer emulator cannot start: {wrong}", file=sys.stderr)
    except KeyboardInterrupt:
        return 0
    return 1


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        "fiscalmon printer-emulator", description="A fiscal printer in a program, on a pseudo-terminal."
    )
    parser.add_argument("--family", choices=FAMILIES, default="fp1", help="the protocol (fp1)")
    parser.add_argument(
        "--dialect", choices=[one.name for one in DIALECTS], default="eltrade", help="the brand, of fp1 (eltrade)"
    )
    parser.add_argument("--width", type=int, choices=(48, 42, 32), help="columns; 32 is a roll of 58 mm")
    parser.add_argument("--baud", type=int, metavar="B", help="carry bytes no faster than a line of this speed")
    parser.add_argument("--link", type=Path, metavar="PATH", help="where the terminal is found, also a renewed one")
    parser.add_argument("--tcp", type=int, nargs="?", const=0, metavar="PORT", help="listen on loopback too (0: free)")
    parser.add_argument("--control-port", type=int, default=0, help="control port, HTTP on loopback (0: a free one)")
    parser.add_argument("--no-native-qr", action="store_true", help="an ESC/POS clone that cannot print QR by itself")
    parser.add_argument("--until-eof", action="store_true", help="stop when standard input ends (a parent is gone)")
    parser.add_argument("--json", action="store_true", help="one line of JSON when ready, nothing else on stdout")
    args = parser.parse_args(argv)
    args.tcp_only = sys.platform == "win32"
    if args.tcp_only and args.tcp is None:
        args.tcp = 0
    if args.baud is not None and not 300 <= args.baud <= 921_600:
        parser.error("--baud must be between 300 and 921600")
    if not all(port is None or 0 <= port < 2**16 for port in (args.tcp, args.control_port)):
        parser.error("a port must be between 0 and 65535")
    return args


@contextlib.contextmanager
def _link(wanted: Path | None, *, terminal: bool) -> Iterator[Path | None]:
    """Where the terminal is found: a name that stays, though each terminal gets a number of its own."""
    if not terminal:
        yield None
    elif wanted is not None:
        yield wanted.absolute()
    else:
        folder = Path(tempfile.mkdtemp(prefix="fiscalmon-printer-"))
        try:
            yield folder / "port"
        finally:
            shutil.rmtree(folder, ignore_errors=True)


async def _run(args: argparse.Namespace, wishes: Wishes) -> int:
    stop = stop_event(at_eof=args.until_eof)
    with listen(LOOPBACK, args.control_port) as control:
        emulator = Emulator(wishes)
        await emulator.start()
        async with serving((Server(ControlApp(emulator).port), control)):
            _announce(args, emulator, control.getsockname()[1])
            await stop.wait()
        await emulator.stop()
    return 0


def _announce(args: argparse.Namespace, emulator: Emulator, control_port: int) -> None:
    control = f"http://{LOOPBACK}:{control_port}"
    tcp = None if emulator.tcp is None else f"socket://{LOOPBACK}:{emulator.tcp.port}"
    terminal = emulator.terminal
    port = str(terminal.link) if terminal is not None else tcp
    if args.json:
        line = {"event": "ready", "port": port, "control": control, "tcp": tcp, "pid": os.getpid()}
        line["tty"] = None if terminal is None else terminal.tty
        print(json.dumps(line), flush=True)
        return
    brand = f" --dialect {args.dialect}" if args.family == "fp1" else ""
    network = f"\n  Network   {tcp}" if tcp is not None and terminal is not None else ""
    print(
        f"""The printer emulator is ready.

  Port      {port}{network}
  Control   {control}   (open it in a browser to see the paper)

Use it as a till's printer with:

  fiscalmon printer add demo --family {args.family}{brand} --port {port}
  fiscalmon printer test demo

Break it, and mend it:

  curl -d '{{"rules":[{{"action":"paper-out"}}]}}' {control}/faults
  curl -X DELETE {control}/faults

Ctrl-C stops it.""",
        flush=True,
    )
