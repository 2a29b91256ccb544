"""The shape of the shipped modules: small files, classes and constructors, no shared mutable state,
no nested Qt loop, and a first line that says what a module is."""

import ast

import pytest

from tests.house.source import ROOT, modules, place

MAX_LINES, MAX_METHODS, MAX_PARAMETERS = 400, 20, 6
MUTABLE_LITERALS = (ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp)
MUTABLE_CALLS = {
    "list",
    "dict",
    "set",
    "defaultdict",
    "deque",
    "OrderedDict",
    "Counter",
    "bytearray",
    "WeakSet",
}
# Each runs a loop of its own; under qasync the coroutine that called it never wakes again.
NESTED_LOOPS = {
    "exec",
    "exec_",
    "getOpenFileName",
    "getOpenFileNames",
    "getSaveFileName",
    "getExistingDirectory",
}
MESSAGE_BOXES = {"question", "information", "warning", "critical", "about", "aboutQt"}


def methods(node: ast.ClassDef) -> int:
    return sum(isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef) for part in node.body)


def parameters(node: ast.FunctionDef) -> int:
    """Parameters of a method without self."""
    a = node.args
    return len(a.posonlyargs) + len(a.args) + len(a.kwonlyargs) - 1


def shared_mutables(tree: ast.Module) -> list[int]:
    """Lines at module level that bind a list, dict or set. `__all__` is the language's own."""
    lines = []
    for node in tree.body:
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if any(isinstance(target, ast.Name) and target.id == "__all__" for target in targets):
                continue
            value = node.value
            called = value.func if isinstance(value, ast.Call) else None
            name = called.id if isinstance(called, ast.Name) else getattr(called, "attr", None)
            if isinstance(value, MUTABLE_LITERALS) or name in MUTABLE_CALLS:
                lines.append(node.lineno)
    return lines


def nested_loops(tree: ast.Module) -> list[int]:
    lines = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = node.func.value.id if isinstance(node.func.value, ast.Name) else ""
            if node.func.attr in NESTED_LOOPS or (owner == "QMessageBox" and node.func.attr in MESSAGE_BOXES):
                lines.append(node.lineno)
    return lines


@pytest.mark.parametrize(
    ("rule", "source", "lines"),
    [
        (shared_mutables, "KNOWN = {}", [1]),
        (shared_mutables, "import x\nqueue: object = deque()", [2]),
        (shared_mutables, "__all__ = ['a']\nKNOWN = ('a',)\nSET = frozenset({1})", []),
        (shared_mutables, "def f():\n    return {}", []),
        (nested_loops, "dialog.exec()", [1]),
        (nested_loops, "QMessageBox.question(None, 'a', 'b')", [1]),
        (nested_loops, "dialog.open()\nlog.warning('x')", []),
    ],
)
def test_the_rules_find_what_they_are_for(rule, source, lines):
    assert rule(ast.parse(source)) == lines


def test_files_are_short():
    assert [f"{place(path, 1)} {n}" for path, text, _ in modules() if (n := text.count("\n")) > MAX_LINES] == []


def test_every_module_says_what_it_is():
    assert [place(path, 1) for path, _, tree in modules() if not ast.get_docstring(tree)] == []


def test_classes_and_constructors_are_small():
    wrong = []
    for path, _, tree in modules():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                if methods(node) > MAX_METHODS:
                    wrong.append(f"{place(path, node.lineno)} {node.name}: {methods(node)} methods")
                wrong += [
                    f"{place(path, part.lineno)} {node.name}: {parameters(part)} parameters"
                    for part in node.body
                    if isinstance(part, ast.FunctionDef)
                    and part.name == "__init__"
                    and parameters(part) > MAX_PARAMETERS
                ]
    assert wrong == []


def test_no_module_keeps_mutable_state():
    assert [place(path, line) for path, _, tree in modules() for line in shared_mutables(tree)] == []


def test_no_nested_qt_loop():
    in_ui = [(path, tree) for path, _, tree in modules() if path.is_relative_to(ROOT / "ui")]
    assert in_ui
    assert [place(path, line) for path, tree in in_ui for line in nested_loops(tree)] == []
