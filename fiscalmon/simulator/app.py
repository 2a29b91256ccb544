"""The simulator as a process: command line, two listeners, a clean end. Runs a `Simulation`, decides nothing itself."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import socket
import sqlite3
import sys
from collections.abc import Sequence
from pathlib import Path

import filelock

from ..companions.serving import LOOPBACK, Server, listen, serving, stop_event
from . import views
from .control import ControlApp
from .endpoints import OPERATIONS
from .faults import FaultPlan, read_plan
from .gateway_app import GatewayApp
from .peer import PeerProtocol
from .simulation import Simulation

WILDCARDS = ("0.0.0.0", "::")  # noqa: S104 - compared with, not bound to


def main(argv: list[str] | None = None) -> int:
    """Run until SIGTERM or Ctrl-C. 0 after a clean end, 1 with a sentence on stderr; argparse exits with 2."""
    args = _arguments(argv)
    folder = args.state_dir or _default_folder()
    try:
        plan = _plan(args.faults)
        folder.mkdir(parents=True, exist_ok=True)
        with filelock.FileLock(folder / "simulator.lock", timeout=0):
            return asyncio.run(_run(args, folder, plan))
    except filelock.Timeout:
        print(f"Another simulator runs on {folder}; stop it, or give another --state-dir.", file=sys.stderr)
    except (OSError, ValueError) as wrong:
        print(f"The simulator cannot start: {wrong}", file=sys.stderr)
    except sqlite3.DatabaseError as wrong:
        print(f"The ledger in {folder} cannot be used ({wrong}); give another --state-dir.", file=sys.stderr)
    except KeyboardInterrupt:
        return 0
    return 1


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser("fiscalmon simulator", description="ZIMRA's FDMS on your own machine.")
    parser.add_argument("--host", default=LOOPBACK, help="address of the gateway port (default: this machine only)")
    parser.add_argument("--port", type=int, default=0, help="gateway port, HTTPS (0: a free one)")
    parser.add_argument("--control-port", type=int, default=0, help="control port, HTTP on loopback (0: a free one)")
    parser.add_argument("--state-dir", type=Path, help="folder of the ledger, the CA and the keys")
    parser.add_argument("--faults", type=Path, metavar="FILE", help="fault rules to begin with, as POST /faults takes")
    parser.add_argument("--close-delay", type=float, metavar="S", help="seconds until a close is judged (0.5)")
    parser.add_argument("--until-eof", action="store_true", help="stop when standard input ends (a parent is gone)")
    parser.add_argument("--json", action="store_true", help="one line of JSON when ready, nothing else on stdout")
    args = parser.parse_args(argv)
    if args.close_delay is not None and not 0 <= args.close_delay <= 3600:
        parser.error("--close-delay must be between 0 and 3600 seconds")
    if not (0 <= args.port < 2**16 and 0 <= args.control_port < 2**16):
        parser.error("a port must be between 0 and 65535")
    return args


def _plan(file: Path | None) -> FaultPlan | None:
    if file is None:
        return None
    try:
        return read_plan(file.read_bytes(), tuple(op.name for op in OPERATIONS))
    except ValueError as wrong:
        raise ValueError(f"{file}: {wrong}") from None


def _default_folder() -> Path:
    import platformdirs

    return platformdirs.user_data_path("fiscalmon", appauthor=False) / "simulator"


async def _run(args: argparse.Namespace, folder: Path, plan: FaultPlan | None) -> int:
    stop = stop_event(at_eof=args.until_eof)
    preset = {} if args.close_delay is None else {"close_delay": args.close_delay}
    shown = LOOPBACK if args.host in WILDCARDS else args.host
    names = ["localhost", LOOPBACK, "::1", shown, socket.gethostname()]
    with listen(args.host, args.port) as gateway, listen(LOOPBACK, args.control_port) as control:
        simulation = Simulation(folder, names, preset)
        if plan is not None:
            simulation.faults.replace(plan)
        simulation.start()
        async with serving((_gateway_server(simulation), gateway), (Server(ControlApp(simulation).port), control)):
            _announce(args, simulation, shown, (gateway.getsockname()[1], control.getsockname()[1]))
            await stop.wait()
        await simulation.stop()
    return 0


def _gateway_server(simulation: Simulation) -> Server:
    context = simulation.authority.tls()
    return Server(
        GatewayApp(simulation),
        http=PeerProtocol,
        ssl_context_factory=lambda config, default: context,
        # FDMS sends Date by its own clock, which /clock moves.
        date_header=False,
        timeout_keep_alive=120,
    )


def _announce(args: argparse.Namespace, simulation: Simulation, host: str, ports: tuple[int, int]) -> None:
    shown = f"[{host}]" if ":" in host else host
    url, control = f"https://{shown}:{ports[0]}", f"http://{LOOPBACK}:{ports[1]}"
    ca, devices = str(simulation.authority.ca_file.resolve()), views.devices(simulation)
    if args.json:
        line = {"event": "ready", "url": url, "control": control, "ca": ca, "devices": devices, "pid": os.getpid()}
        print(json.dumps(line), flush=True)
        return
    first = devices[0]
    text = f"""FDMS simulator is ready.

  Gateway   {url}
  Control   {control}   (open it in a browser to watch)
  CA file   {ca}
  Devices   {len(devices)}; the first: device id {first["deviceID"]}, serial {first["serialNo"]}, \
activation key {first["activationKey"]}

Register the first device with:

  fiscalmon device register --device-id {first["deviceID"]} --serial {first["serialNo"]} \\
    --activation-key {first["activationKey"]} --gateway {url} --ca {ca}

Ctrl-C stops it; everything it holds stays in {simulation.archive.path.parent.resolve()}."""
    print(text, flush=True)
