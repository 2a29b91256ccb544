"""The sale page's keys in one table: its buttons, its menu and the F1 page read it. Must not know what an act does."""

from __future__ import annotations

from ui.i18n import QT_TRANSLATE_NOOP
from ui.widgets.act_buttons import PageAct

ACTS = (
    PageAct(
        "other",
        "Alt+O",
        QT_TRANSLATE_NOOP("sale_keys", "Sell something that stands in no list"),
        QT_TRANSLATE_NOOP("sale_keys", "Other item"),
        "sale",
    ),
    PageAct(
        "buyer",
        "Alt+B",
        QT_TRANSLATE_NOOP("sale_keys", "Name the buyer on the receipt"),
        QT_TRANSLATE_NOOP("sale_keys", "Buyer"),
        "sale",
    ),
    PageAct(
        "hold",
        "Alt+H",
        QT_TRANSLATE_NOOP("sale_keys", "Put the sale aside"),
        QT_TRANSLATE_NOOP("sale_keys", "Hold"),
        "sale",
    ),
    PageAct(
        "recall",
        "Alt+R",
        QT_TRANSLATE_NOOP("sale_keys", "Go on with a sale that was put aside"),
        QT_TRANSLATE_NOOP("sale_keys", "Held"),
        "sale",
    ),
    PageAct(
        "more",
        "Alt+M",
        QT_TRANSLATE_NOOP("sale_keys", "Show what else can be done"),
        QT_TRANSLATE_NOOP("sale_keys", "More"),
        "sale",
    ),
    PageAct(
        "quantity",
        "Alt+Q",
        QT_TRANSLATE_NOOP("sale_keys", "How many of the chosen line"),
        QT_TRANSLATE_NOOP("sale_keys", "Quantity"),
        "line",
    ),
    PageAct(
        "off",
        "Alt+D",
        QT_TRANSLATE_NOOP("sale_keys", "A discount on the chosen line"),
        QT_TRANSLATE_NOOP("sale_keys", "Discount"),
        "line",
    ),
    PageAct(
        "void",
        "Del",
        QT_TRANSLATE_NOOP("sale_keys", "Take the chosen line out"),
        QT_TRANSLATE_NOOP("sale_keys", "Remove"),
        "line",
        bound=False,
    ),
    PageAct(
        "undo",
        "Ctrl+Z",
        QT_TRANSLATE_NOOP("sale_keys", "Take the last act back"),
        QT_TRANSLATE_NOOP("sale_keys", "Undo"),
        "line",
    ),
    PageAct(
        "whole",
        "Alt+S",
        QT_TRANSLATE_NOOP("sale_keys", "A discount on the whole sale"),
        QT_TRANSLATE_NOOP("sale_keys", "Sale discount"),
    ),
    PageAct(
        "currency",
        "Alt+C",
        QT_TRANSLATE_NOOP("sale_keys", "Sell in another currency"),
        QT_TRANSLATE_NOOP("sale_keys", "Currency"),
    ),
    PageAct(
        "form",
        "Alt+F",
        QT_TRANSLATE_NOOP("sale_keys", "Form of the receipt, and words on it"),
        QT_TRANSLATE_NOOP("sale_keys", "Form"),
    ),
    PageAct(
        "drop", "Alt+N", QT_TRANSLATE_NOOP("sale_keys", "Give the sale up"), QT_TRANSLATE_NOOP("sale_keys", "Give up")
    ),
    PageAct(
        "credit",
        "Alt+K",
        QT_TRANSLATE_NOOP("sale_keys", "A credit note: goods come back"),
        QT_TRANSLATE_NOOP("sale_keys", "Credit note"),
    ),
    PageAct(
        "debit",
        "Alt+E",
        QT_TRANSLATE_NOOP("sale_keys", "A debit note: something is charged more"),
        QT_TRANSLATE_NOOP("sale_keys", "Debit note"),
    ),
    PageAct(
        "print",
        "Alt+L",
        QT_TRANSLATE_NOOP("sale_keys", "Print the last receipt again"),
        QT_TRANSLATE_NOOP("sale_keys", "Print again"),
    ),
    PageAct(
        "rates",
        "Alt+T",
        QT_TRANSLATE_NOOP("sale_keys", "The shop's exchange rates"),
        QT_TRANSLATE_NOOP("sale_keys", "Rates"),
    ),
    PageAct(
        "kind",
        "Alt+Y",
        QT_TRANSLATE_NOOP("sale_keys", "How it is paid: cash, card, mobile money"),
        QT_TRANSLATE_NOOP("sale_keys", "Kind of money"),
    ),
    PageAct(
        "pad",
        "Alt+U",
        QT_TRANSLATE_NOOP("sale_keys", "Show or hide the number pad"),
        QT_TRANSLATE_NOOP("sale_keys", "Number pad"),
    ),
    PageAct(
        "products",
        "Alt+P",
        QT_TRANSLATE_NOOP("sale_keys", "Import a product list (CSV)"),
        QT_TRANSLATE_NOOP("sale_keys", "Import"),
    ),
)
FIELD_KEYS = (
    ("↑ ↓", QT_TRANSLATE_NOOP("sale_keys", "Choose a line, or a product that matches")),
    ("+", QT_TRANSLATE_NOOP("sale_keys", "One more of the chosen line")),
    ("Enter", QT_TRANSLATE_NOOP("sale_keys", "In the empty scan field: take the money")),
    ("Esc", QT_TRANSLATE_NOOP("sale_keys", "Out of the money, back to the scan field")),
)
