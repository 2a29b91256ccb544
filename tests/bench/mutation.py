"""Mutants of the domain: one small change a mutant, and whether the tests of the domain notice (`make mutation`).

A run does a slice of MUTANTS (200; 0 for all) and goes on where the last one stopped: what was judged stays judged
until its module or a test changes. Arguments choose modules by a part of their path. Exits 1 when more than MOST of
all judged mutants survive. Must not import the product itself: each mutant is imported in a process of its own.
"""

import ast
import copy
import hashlib
import importlib.abc
import importlib.util
import json
import os
import random
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import cryptography.x509
import hypothesis.strategies
import msgspec.json
import pytest
from hypothesis import Phase

ROOT = Path(__file__).resolve().parents[2]
DOMAIN = ROOT / "fiscalmon" / "domain"
TESTS = ROOT / "tests" / "unit" / "domain"
RESULTS = ROOT / "build" / "mutation.jsonl"
PRELOADED = (cryptography.x509, hypothesis.strategies, msgspec.json)
MOST = 0.05
SECONDS = 120.0
COMPARISONS = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
OPERATIONS = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.Div: ast.Mult, ast.FloorDiv: ast.Mult}


class Mutant(NamedTuple):
    """`path` below the domain, `number` within its module, `what` was changed in which line, `digest` of sources."""

    path: str
    number: int
    line: int
    what: str
    digest: str

    @property
    def key(self) -> str:
        return f"{self.path}:{self.number}:{self.digest}"


def changes(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """What may become of a node: in words, and the node that replaces it."""
    new = copy.copy(node)
    if isinstance(node, ast.Compare) and type(node.ops[0]) in COMPARISONS:
        other = COMPARISONS[type(node.ops[0])]
        new.ops = [other(), *node.ops[1:]]
        yield f"{type(node.ops[0]).__name__} -> {other.__name__}", new
    elif isinstance(node, ast.BinOp) and type(node.op) in OPERATIONS:
        other = OPERATIONS[type(node.op)]
        new.op = other()
        yield f"{type(node.op).__name__} -> {other.__name__}", new
    elif isinstance(node, ast.BoolOp):
        new.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        yield f"{type(node.op).__name__} -> {type(new.op).__name__}", new
        yield "without its last part", node.values[0]
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not | ast.USub):
        yield f"without {type(node.op).__name__}", node.operand
    elif isinstance(node, ast.Constant) and type(node.value) is bool:
        yield f"{node.value} -> {not node.value}", ast.Constant(not node.value)
    elif isinstance(node, ast.Constant) and type(node.value) is int:
        yield f"{node.value} -> {node.value + 1}", ast.Constant(node.value + 1)
    elif isinstance(node, ast.IfExp):
        yield "always the first", node.body
        yield "always the second", node.orelse
    elif isinstance(node, ast.If):
        new.test = ast.UnaryOp(ast.Not(), node.test)
        yield "if -> if not", new
    elif isinstance(node, ast.Return) and node.value is not None and not _is_none(node.value):
        new.value = ast.Constant(None)
        yield "returns None", new
    elif isinstance(node, ast.Continue | ast.Break):
        yield "goes on", ast.Pass()


def _is_none(node: ast.AST) -> bool:
    """None, or the rulebook's word for "nothing is wrong", which is as empty."""
    return (isinstance(node, ast.Constant) and node.value is None) or (isinstance(node, ast.Name) and node.id == "FINE")


def places(tree: ast.AST) -> Iterator[tuple[ast.AST, str, int | None, ast.AST]]:
    """Every node that runs: (parent, field, index, node). Types and texts are left alone."""
    for field, value in ast.iter_fields(tree):
        if field in ("annotation", "returns", "type_params", "decorator_list", "keywords" if _renames(tree) else ""):
            continue
        for index, child in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if isinstance(child, ast.AST) and not isinstance(child, ast.JoinedStr):
                yield tree, field, index, child
                yield from places(child)


def _renames(node: ast.AST) -> bool:
    """The keywords of a class: names on the wire and options of its kind."""
    return isinstance(node, ast.ClassDef)


def mutants_of(path: Path, tests: str) -> list[Mutant]:
    source = path.read_bytes()
    digest = hashlib.sha256(source + tests.encode()).hexdigest()[:16]
    name = path.relative_to(DOMAIN).as_posix()
    found = []
    for _, _, _, node in places(ast.parse(source)):
        found += [(getattr(node, "lineno", 0), what) for what, _ in changes(node)]
    return [Mutant(name, number, line, what, digest) for number, (line, what) in enumerate(found)]


def code_of(mutant: Mutant) -> object:
    path = DOMAIN / mutant.path
    tree = ast.parse(path.read_bytes())
    number = 0
    for parent, field, index, node in places(tree):
        for _, new in changes(node):
            if number == mutant.number:
                ast.copy_location(new, node)
                if index is None:
                    setattr(parent, field, new)
                else:
                    getattr(parent, field)[index] = new
                return compile(ast.fix_missing_locations(tree), str(path), "exec")
            number += 1
    raise LookupError(mutant)


class Importer(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Brings in the mutant where its module is imported."""

    def __init__(self, mutant: Mutant) -> None:
        self.path = DOMAIN / mutant.path
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
    own = [TESTS / f"test_{name}.py" for name in (stem, Path(mutant.path).parent.name)]
    chosen = [str(path) for path in own if path.exists()]
    return [*([chosen] if chosen else []), [str(TESTS), str(ROOT / "tests" / "golden" / "test_vectors.py")]]


def in_child(mutant: Mutant, *, changed: bool = True) -> int:
    """0 when no test noticed."""
    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 1)
    os.dup2(quiet, 2)
    sys.dont_write_bytecode = True
    # A mutant is found or not: no example needs to be made small, and no test may choose otherwise.
    quick = hypothesis.settings(phases=[Phase.explicit, Phase.generate], database=None, deadline=None, max_examples=40)
    hypothesis.settings.register_profile("mutants", quick)
    hypothesis.settings.load_profile("mutants")
    type.__setattr__(hypothesis.settings, "load_profile", staticmethod(lambda name: None))
    importer = Importer(mutant)
    if not changed:
        importer.code = compile(importer.path.read_bytes(), str(importer.path), "exec")
    sys.meta_path.insert(0, importer)
    # Libraries were imported before pytest came, which it warns of; a warning must not count as a kill.
    options = ["-x", "-q", "-p", "no:cacheprovider", "--import-mode=importlib"]
    options += [part for name in ("addopts", "filterwarnings") for part in ("-o", f"{name}=")]
    for tests in tests_for(mutant):
        if pytest.main([*options, "--rootdir", str(ROOT), "-c", str(ROOT / "pyproject.toml"), *tests]) != 0:
            return 1
    return 0


def judged(mutant: Mutant, *, changed: bool = True) -> str:
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            code = in_child(mutant, changed=changed)
        finally:
            os._exit(code)
    ends = time.monotonic() + SECONDS
    while time.monotonic() < ends:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            return "survived" if os.waitstatus_to_exitcode(status) == 0 else "killed"
        time.sleep(0.02)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    return "killed"


def main(wanted: list[str]) -> int:
    tests = "".join(path.read_text() for path in sorted(TESTS.glob("*.py")))
    tests = hashlib.sha256(tests.encode()).hexdigest()
    every = [mutant for path in sorted(DOMAIN.rglob("*.py")) for mutant in mutants_of(path, tests)]
    every = [mutant for mutant in every if not wanted or any(part in mutant.path for part in wanted)]
    RESULTS.parent.mkdir(exist_ok=True)
    lines = RESULTS.read_text().splitlines() if RESULTS.exists() else []
    known = {one["key"]: one["fate"] for one in map(json.loads, lines)}
    left = [mutant for mutant in every if mutant.key not in known]
    # In an order of chance, so that a slice tells about the whole.
    random.Random(os.environ.get("SEED", "1")).shuffle(left)
    slice_ = int(os.environ.get("MUTANTS", "200"))
    sys.path.insert(0, str(ROOT))
    if left and judged(left[0], changed=False) != "survived":
        print("The tests of the domain fail without any change: mend them first.", file=sys.stderr)
        return 2
    with RESULTS.open("a") as file:
        for mutant in left[: slice_ or None]:
            known[mutant.key] = fate = judged(mutant)
            print(json.dumps({"key": mutant.key, "fate": fate}), file=file, flush=True)
            if fate == "survived":
                print(f"{mutant.path}:{mutant.line}: {mutant.what}", flush=True)
    fates = [known[mutant.key] for mutant in every if mutant.key in known]
    survived = fates.count("survived")
    share = survived / len(fates) if fates else 0.0
    figures = {"mutants": len(every), "judged": len(fates), "survived": survived, "share": round(share, 4)}
    print(json.dumps({"name": "mutation", **figures, "goal": MOST, "better": "lower"}))
    return 1 if share > MOST else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
