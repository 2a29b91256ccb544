"""`make bench`: one JSON object a line, each speed beside its floor. Names given on the command line are run alone.

Every benchmark runs in a process of its own, so that none inherits another's heap or threads. A goal that is missed
is printed as it is; the exit code tells only whether the benchmarks themselves worked.
"""

from __future__ import annotations

import argparse
import importlib
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# What is run, in this order: name -> module; the function has the benchmark's name.
BENCHMARKS = {
    "sign": "signing",
    "sign_20_lines": "signing",
    "record": "recording",
    "record_burst": "recording",
    "submit": "submitting",
    "submit_8": "submitting",
    "metrics_scale": "metrics",
    "audit": "auditing",
    "start_cli": "starting",
    "start_window": "starting",
    "recover": "starting",
    "memory": "memory",
    "till_calm": "calm",
    "metrics_live": "live",
    "fanout": "live",
    "web_first": "web",
    "web_live": "web_live",
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(BENCHMARKS)}")
    parser.add_argument("--here", action="store_true", help="in this process (for profilers)")
    args = parser.parse_args()
    if unknown := set(args.names) - set(BENCHMARKS):
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    names = args.names or list(BENCHMARKS)
    if args.here:
        for name in names:
            _run(name)
        return 0
    broken = [name for name in names if _in_own_process(name) != 0]
    if broken:
        print(f"did not work: {', '.join(broken)}", file=sys.stderr)
    return 1 if broken else 0


def _in_own_process(name: str) -> int:
    return subprocess.run([sys.executable, __file__, "--here", name], cwd=ROOT, check=False).returncode


def _run(name: str) -> None:
    # Not the script's own folder: its modules are tests.bench.…, as for everybody.
    sys.path[0] = str(ROOT)
    module = importlib.import_module(f"tests.bench.{BENCHMARKS[name]}")
    for line in getattr(module, name)():
        print(line.as_json(), flush=True)


if __name__ == "__main__":
    sys.exit(main())
