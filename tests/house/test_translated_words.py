"""What people read in the window goes through the catalogue: nothing is shown as it stands in the code.

Sentences are looked for everywhere under ui/; single words where they are handed to Qt or to one of the window's parts.
"""

import ast
import re
from collections.abc import Iterator

from tests.house.source import ROOT, modules, place

MARKS = ("translate", "QT_TRANSLATE_NOOP")
# Calls whose words a person sees or hears, and how many of their first arguments are such words.
SHOWS = {
    **dict.fromkeys(
        (
            "setText",
            "setToolTip",
            "setPlaceholderText",
            "setAccessibleName",
            "setAccessibleDescription",
            "setWindowTitle",
            "setTitle",
            "addItem",
            "addAction",
            "QAction",
            "QMenu",
            "QLabel",
            "QPushButton",
            "plain",
            "push_button",
            "add_tool",
            "add_button",
            "say",
            "notify",
            "Fact",
            "Section",
            "Column",
            "retitle",
            "BadInput",
        ),
        1,
    ),
    **dict.fromkeys(("show_text", "Choice", "Table", "ExactText"), 2),
    "showMessage": 2,
}
# What is not read by people, or reads the same in every language: names of things, keys, sizes of columns.
SAME = re.compile(
    r"fiscalmon( — )?|FDMS|TIN|Python|Qt|HTTP |(Ctrl|Alt|Shift)\+.*|F\d+|Esc|Enter|Tab|Del|  F\d+"
    r"|[A-Z]{3} -?[\d,.]+|\d+ ?[a-z]{1,3}|PDF \(\*\.pdf\)|\W*FDMS:? ?\W*|https?://.*|[\W\d_]*"
)
# Modules that show nothing: style sheets, log lines, what the system reads; and words that only set a column's width.
SILENT = (
    "ui/style_sheet.py",
    "ui/autostart.py",
    "ui/app.py",
    "ui/engine_thread.py",
    "ui/bridge.py",
    "ui/tasks.py",
    "ui/widgets/labels.py",
)
SAMPLES = (
    "clear = enter enter",
    "Muonde Supermarket",
    "kitchen printer",
    "Seen by till",
    "yesterday 00:00",
    "/dev/ttyUSB0, COM3",
)
SENTENCE = re.compile(r"[A-Za-z’']{2,}[,;:]? [A-Za-z]{2,}")
LOUD = ("debug", "info", "warning", "error", "critical", "exception", "spawn", "compile")


def words_of(node: ast.expr) -> str | None:
    """The text of a literal, the gaps of an f-string left out; None for what is no literal."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if isinstance(node, ast.JoinedStr):
        return " ".join(str(part.value) for part in node.values if isinstance(part, ast.Constant))
    return None


def called(node: ast.AST) -> str:
    if not isinstance(node, ast.Call):
        return ""
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def literals(node: ast.expr) -> Iterator[ast.expr]:
    """What an argument may turn out to be: through `a if b else c`, `a or b` and `a + b`, not into other calls."""
    if isinstance(node, ast.IfExp):
        yield from literals(node.body)
        yield from literals(node.orelse)
    elif isinstance(node, ast.BoolOp):
        for part in node.values:
            yield from literals(part)
    elif isinstance(node, ast.BinOp):
        yield from literals(node.left)
        yield from literals(node.right)
    elif words_of(node) is not None:
        yield node


def shown_untranslated(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """(line, text) of what is handed to a part that shows it."""
    for node in ast.walk(tree):
        wanted = SHOWS.get(called(node), 0)
        for argument in node.args[:wanted] if isinstance(node, ast.Call) else ():
            for literal in literals(argument):
                text = words_of(literal) or ""
                if not SAME.fullmatch(text.strip() and text) and not re.fullmatch(r"[a-z_.]*", text):
                    yield literal.lineno, text


def loose_sentences(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """(line, text) of sentences that no mark stands around: not docstrings, not log lines."""
    quiet: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr):
            quiet.add(id(node.value))
        if called(node) in (*MARKS, *LOUD, "TypeVar", "setProperty"):
            quiet.update(id(part) for part in ast.walk(node))
        if (
            isinstance(node, ast.Raise) and called(node.exc) not in ("BadInput",)
            if isinstance(node, ast.Raise)
            else False
        ):
            quiet.update(id(part) for part in ast.walk(node))
        if isinstance(node, ast.JoinedStr):
            quiet.update(id(part) for part in node.values)
    for node in ast.walk(tree):
        if isinstance(node, ast.expr) and id(node) not in quiet:
            text = words_of(node)
            if text and SENTENCE.search(text) and text not in SAMPLES:
                yield node.lineno, text


def found() -> list[str]:
    wrong = []
    for path, _, tree in modules():
        name = str(path.relative_to(ROOT))
        if name.startswith("ui/") and name not in SILENT:
            wrong += [
                f"{place(path, line)}: {text}" for line, text in (*shown_untranslated(tree), *loose_sentences(tree))
            ]
    return sorted(set(wrong))


def test_nothing_is_shown_as_it_stands_in_the_code():
    assert found() == []


def test_the_search_finds_what_it_looks_for():
    tree = ast.parse(
        'button.setText("Quit" if tired else translate("x", "Stay"))\n'
        'plain(f"{n} lines", "muted")\n'
        'note = "Nothing waits here"\n'
        'log.warning("nothing of this is read")\n'
        'plain(QT_TRANSLATE_NOOP("x", "Well then"), "lead")\n'
        'Fact("FDMS", "x")\n'
    )
    assert [text for _, text in shown_untranslated(tree)] == ["Quit", " lines"]
    assert [text for _, text in loose_sentences(tree)] == ["Nothing waits here"]
