"""Takes the defences of `defences.toml` away one at a time and sees that a test fails (`make defences`).

Arguments choose defences by a part of their name. Exits 1 when one can go unnoticed, or its test fails with it too.
Must not import the product itself: each defence is taken away in a process of its own, where its module is imported.
"""

import importlib.abc
import importlib.util
import os
import signal
import sys
import time
import tomllib
from pathlib import Path
from typing import NamedTuple

import cryptography.x509
import httptools
import httpx
import jwt
import msgspec.json
import pytest
import sqlalchemy
import starlette.responses
import structlog
import uvicorn.protocols.http.httptools_impl
import websockets

ROOT = Path(__file__).resolve().parents[2]
PRELOADED = (cryptography.x509, httpx, httptools, jwt, msgspec.json, sqlalchemy, starlette.responses, structlog)
PRELOADED += (uvicorn.protocols.http.httptools_impl, websockets)
SECONDS = 90.0
# Libraries were imported before pytest came, which it warns of; a warning must not count as a failure.
OPTIONS = ["-x", "-q", "-p", "no:cacheprovider", "--import-mode=importlib", "-o", "addopts=", "-o", "filterwarnings="]


class Defence(NamedTuple):
    """`found` stands once in `file` and becomes `instead`; `test` then fails."""

    name: str
    file: str
    found: str
    instead: str
    test: str


def defences() -> list[Defence]:
    listed = tomllib.loads(Path(__file__).with_name("defences.toml").read_text())
    return [Defence(**one) for one in listed["defence"]]


class Without(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Brings in the module that lacks its defence."""

    def __init__(self, defence: Defence) -> None:
        self.path = ROOT / defence.file
        source = self.path.read_text()
        if source.count(defence.found) != 1:
            raise LookupError(f"{defence.name}: {defence.file} has {source.count(defence.found)} such places")
        self.code = compile(source.replace(defence.found, defence.instead), str(self.path), "exec")
        self.name = ".".join(self.path.relative_to(ROOT).with_suffix("").parts)

    def find_spec(self, name, path=None, target=None):
        return importlib.util.spec_from_file_location(name, self.path, loader=self) if name == self.name else None

    def exec_module(self, module) -> None:
        exec(self.code, module.__dict__)  # our own source, changed by us


def in_child(tests: list[str], without: Defence | None) -> int:
    """pytest's exit code: 0 when all passed, 1 when one failed."""
    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 1)
    os.dup2(quiet, 2)
    if without is not None:
        sys.dont_write_bytecode = True
        sys.meta_path.insert(0, Without(without))
    where = [str(ROOT / test) for test in tests]
    return int(pytest.main([*OPTIONS, "--rootdir", str(ROOT), "-c", str(ROOT / "pyproject.toml"), *where]))


def ran(tests: list[str], without: Defence | None = None, seconds: float = SECONDS) -> int:
    """The same in a process of its own; one that hangs has failed."""
    pid = os.fork()
    if pid == 0:
        code = 99
        try:
            os.setsid()
            code = in_child(tests, without)
        finally:
            os._exit(code)
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.05)
    os.killpg(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    return 1


def main() -> int:
    chosen = [one for one in defences() if not sys.argv[1:] or any(word in one.name for word in sys.argv[1:])]
    if ran(sorted({one.test for one in chosen}), seconds=SECONDS * 10) != 0:
        print("The tests fail with all defences in place: mend that first.")
        return 1
    unnoticed = 0
    for one in chosen:
        code = ran([one.test], one)
        unnoticed += code != 1
        word = {0: "UNNOTICED", 1: "noticed"}.get(code, f"CANNOT BE JUDGED ({code})")
        print(f"{word:10} {one.name}: {one.test.rpartition('::')[2]}", flush=True)
    print(f"{len(chosen) - unnoticed} of {len(chosen)} defences are missed when they are gone")
    return 1 if unnoticed else 0


if __name__ == "__main__":
    sys.exit(main())
