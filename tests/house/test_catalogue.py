"""The window's words that are marked for translation stand in the English catalogue: `make i18n` puts them there."""

import ast
from xml.etree import ElementTree

from tests.house.source import ROOT, modules, place

CALLS = ("translate", "QT_TRANSLATE_NOOP")


def marked() -> dict[tuple[str, str], str]:
    """(context, text) of every call with literal arguments, and where it stands."""
    found = {}
    for path, _, tree in modules():
        for node in ast.walk(tree) if path.is_relative_to(ROOT / "ui") else ():
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALLS:
                context, text = node.args[:2]
                if isinstance(context, ast.Constant) and isinstance(text, ast.Constant):
                    found[str(context.value), str(text.value)] = place(path, node.lineno)
    return found


def test_every_marked_text_is_in_the_catalogue():
    root = ElementTree.parse(ROOT / "resources" / "i18n" / "fiscalmon_en.ts").getroot()
    known = {
        (context.findtext("name"), message.findtext("source"))
        for context in root.iter("context")
        for message in context.iter("message")
    }
    texts = marked()
    assert len(texts) > 100
    assert [f"{where}: {text}" for (context, text), where in texts.items() if (context, text) not in known] == []
