"""Mutants of the domain's source: one small change each, at every place that runs. Pure: text in, code out.

Must not import the product, and does not know how a mutant is judged.
"""

import ast
import copy
import hashlib
from collections.abc import Iterator
from pathlib import Path
from types import CodeType
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
DOMAIN = ROOT / "fiscalmon" / "domain"
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

    @property
    def file(self) -> Path:
        return DOMAIN / self.path


class Function(NamedTuple):
    """A function as it stands in a module, and its code: lambdas and methods too, but nothing inside a function."""

    name: str
    line: int
    code: CodeType


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
    """All mutants of a module; `tests` is a digest of what judges them."""
    source = path.read_bytes()
    digest = hashlib.sha256(source + tests.encode()).hexdigest()[:16]
    name = path.relative_to(DOMAIN).as_posix()
    found = []
    for _, _, _, node in places(ast.parse(source)):
        found += [(getattr(node, "lineno", 0), what) for what, _ in changes(node)]
    return [Mutant(name, number, line, what, digest) for number, (line, what) in enumerate(found)]


def code_of(mutant: Mutant) -> CodeType:
    """The mutant's module, compiled."""
    tree = ast.parse(mutant.file.read_bytes())
    number = 0
    for parent, field, index, node in places(tree):
        for _, new in changes(node):
            if number == mutant.number:
                ast.copy_location(new, node)
                if index is None:
                    setattr(parent, field, new)
                else:
                    getattr(parent, field)[index] = new
                return compile(ast.fix_missing_locations(tree), str(mutant.file), "exec")
            number += 1
    raise LookupError(mutant)


def original(mutant: Mutant) -> CodeType:
    """The module as it is, compiled."""
    return compile(mutant.file.read_bytes(), str(mutant.file), "exec")


def changed_function(mutant: Mutant) -> Function | None:
    """The one function that the mutant is inside of; None when it changes what is done at import."""
    old, new = original(mutant), code_of(mutant)
    if _shell(old) != _shell(new):
        return None
    different = [
        after for before, after in zip(_functions(old), _functions(new), strict=True) if before.code != after.code
    ]
    return different[0] if len(different) == 1 else None


def _shell(code: CodeType) -> tuple[object, ...]:
    """What runs at import: everything but the insides of functions."""
    inner = [_shell(one) if _is_class(one) else one.co_qualname for one in code.co_consts if _is_code(one)]
    plain = [(type(one), one) for one in code.co_consts if not _is_code(one)]
    return code.co_code, code.co_names, plain, inner


def _functions(code: CodeType) -> Iterator[Function]:
    for one in code.co_consts:
        if _is_code(one):
            if _is_class(one):
                yield from _functions(one)
            else:
                yield Function(one.co_qualname, one.co_firstlineno, one)


def _is_code(value: object) -> bool:
    return isinstance(value, CodeType)


def _is_class(code: CodeType) -> bool:
    """A class's body runs at import; it has no fast locals, as functions have."""
    return not code.co_flags & 0x01
