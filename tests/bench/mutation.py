"""Mutants of the domain: one small change a mutant, and whether the tests of the domain notice (`make mutation`).

A run does a slice of MUTANTS (200; 0 for all), JOBS at a time, and goes on where the last one stopped: what was judged
stays judged until its module or a test changes. Arguments choose modules by a part of their path. Exits 1 when more
than MOST of all judged mutants survive. Must not import the product itself: a mutant of what is done at import is
imported in a process of its own; all others are judged by `fast_judging.py`.
"""

import hashlib
import importlib.abc
import importlib.util
import json
import os
import random
import resource
import sys
from pathlib import Path

import cryptography.x509
import hypothesis.strategies
import msgspec.json
import pytest
from hypothesis import Phase

from tests.bench.fast_judging import FastJudge, tracer
from tests.bench.mutants import DOMAIN, ROOT, Mutant, code_of, mutants_of

TESTS = ROOT / "tests" / "unit" / "domain"
VECTORS = ROOT / "tests" / "golden" / "test_vectors.py"
RESULTS = ROOT / "build" / "mutation.jsonl"
PRELOADED = (cryptography.x509, hypothesis.strategies, msgspec.json)
MOST = 0.05
CPU_SECONDS = 180


class Importer(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Brings in the mutant where its module is imported."""

    def __init__(self, mutant: Mutant) -> None:
        self.path = mutant.file
        parts = self.path.relative_to(ROOT).with_suffix("").parts
        self.package = parts[-1] == "__init__"
        self.name = ".".join(parts[:-1] if self.package else parts)
        self.code = code_of(mutant)

    def find_spec(self, name, path=None, target=None):
        if name != self.name:
            return None
        inside = [str(self.path.parent)] if self.package else None
        return importlib.util.spec_from_file_location(name, self.path, loader=self, submodule_search_locations=inside)

    def exec_module(self, module) -> None:
        exec(self.code, module.__dict__)  # our own source, changed by us


def tests_for(mutant: Mutant) -> list[list[str]]:
    """First the module's own tests, then all of the domain and the known answers."""
    stem = Path(mutant.path).stem
    stem = Path(mutant.path).parent.name if stem == "__init__" else stem
    names = (name for name in (stem, Path(mutant.path).parent.name) if name)
    chosen = sorted({str(path) for name in names for path in TESTS.glob(f"test_{name}*.py")})
    return [*([chosen] if chosen else []), [str(TESTS), str(VECTORS)]]


def options() -> list[str]:
    """Of a pytest inside this process; quiet, and quick to have an opinion."""
    sys.dont_write_bytecode = True
    # A mutant is found or not: no example needs to be made small, and no test may choose otherwise.
    # Nor is a busy machine a fault of the mutant's.
    quick = hypothesis.settings(
        phases=[Phase.explicit, Phase.generate],
        database=None,
        deadline=None,
        max_examples=40,
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    hypothesis.settings.register_profile("mutants", quick)
    hypothesis.settings.load_profile("mutants")
    type.__setattr__(hypothesis.settings, "load_profile", staticmethod(lambda name: None))
    # Libraries were imported before pytest came, which it warns of; a warning must not count as a kill.
    chosen = ["-x", "-q", "-p", "no:cacheprovider", "--import-mode=importlib"]
    chosen += [part for name in ("addopts", "filterwarnings") for part in ("-o", f"{name}=")]
    return [*chosen, "--rootdir", str(ROOT), "-c", str(ROOT / "pyproject.toml")]


def in_child(mutant: Mutant) -> int:
    """0 when no test noticed."""
    # Of the processor's time, not the clock's: on a busy machine a slow run is no kill.
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 1)
    os.dup2(quiet, 2)
    chosen = options()
    sys.meta_path.insert(0, Importer(mutant))
    for tests in tests_for(mutant):
        if pytest.main([*chosen, *tests]) != 0:
            return 1
    return 0


def judged(mutant: Mutant) -> str:
    """ "killed" or "survived", by a start of its own."""
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            code = in_child(mutant)
        finally:
            os._exit(code)
    return "survived" if os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0 else "killed"


def judged_fast(mutants: list[Mutant]) -> bool:
    """Write down the fates of all that can be judged in place. False when the tests fail without any change."""
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            watching = tracer()
            watching.start()
            judge = FastJudge(watching, mutants, int(os.environ.get("JOBS", "1")), tell)
            pytest.main([*options(), *map(str, (TESTS, VECTORS))], plugins=[judge])
            code = 0 if judge.sound else 1
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0


def tell(mutant: Mutant, fate: str) -> None:
    with RESULTS.open("a") as file:
        print(json.dumps({"key": mutant.key, "fate": fate}), file=file)


def fates() -> dict[str, str]:
    lines = RESULTS.read_text().splitlines() if RESULTS.exists() else []
    return {one["key"]: one["fate"] for one in map(json.loads, lines)}


def main(wanted: list[str]) -> int:
    tests = "".join(path.read_text() for path in sorted(TESTS.glob("*.py")))
    tests = hashlib.sha256(tests.encode()).hexdigest()
    every = [mutant for path in sorted(DOMAIN.rglob("*.py")) for mutant in mutants_of(path, tests)]
    every = [mutant for mutant in every if not wanted or any(part in mutant.path for part in wanted)]
    RESULTS.parent.mkdir(exist_ok=True)
    known = fates()
    left = [mutant for mutant in every if mutant.key not in known]
    # In an order of chance, so that a slice tells about the whole.
    random.Random(os.environ.get("SEED", "1")).shuffle(left)
    left = left[: int(os.environ.get("MUTANTS", "200")) or None]
    if left and not judged_fast(left):
        print("The tests of the domain fail without any change: mend them first.", file=sys.stderr)
        return 2
    known = fates()
    for mutant in left:
        if mutant.key not in known:
            tell(mutant, judged(mutant))
    known = fates()
    for mutant in every:
        if known.get(mutant.key) == "survived":
            print(f"{mutant.path}:{mutant.line}: {mutant.what}")
    told = [known[mutant.key] for mutant in every if mutant.key in known]
    survived = told.count("survived")
    share = survived / len(told) if told else 0.0
    figures = {"mutants": len(every), "judged": len(told), "survived": survived, "share": round(share, 4)}
    print(json.dumps({"name": "mutation", **figures, "goal": MOST, "better": "lower"}))
    return 1 if share > MOST else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
