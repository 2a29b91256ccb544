"""The sale page's keys in one table: its buttons, its menu and the F1 page read it. Must not know what an act does."""

from __future__ import annotations

from ui.widgets.act_buttons import PageAct

ACTS = (
    PageAct("other", "Alt+O", "Sell something that stands in no list", "Other item", "sale"),
    PageAct("buyer", "Alt+B", "Name the buyer on the receipt", "Buyer", "sale"),
    PageAct("hold", "Alt+H", "Put the sale aside", "Hold", "sale"),
    PageAct("recall", "Alt+R", "Go on with a sale that was put aside", "Held", "sale"),
    PageAct("more", "Alt+M", "Show what else can be done", "More", "sale"),
    PageAct("quantity", "Alt+Q", "How many of the chosen line", "Quantity", "line"),
    PageAct("off", "Alt+D", "A discount on the chosen line", "Discount", "line"),
    PageAct("void", "Del", "Take the chosen line out", "Remove", "line", bound=False),
    PageAct("undo", "Ctrl+Z", "Take the last act back", "Undo", "line"),
    PageAct("whole", "Alt+S", "A discount on the whole sale", "Sale discount"),
    PageAct("currency", "Alt+C", "Sell in another currency", "Currency"),
    PageAct("form", "Alt+F", "Form of the receipt, and words on it", "Form"),
    PageAct("drop", "Alt+N", "Give the sale up", "Give up"),
    PageAct("credit", "Alt+K", "A credit note: goods come back", "Credit note"),
    PageAct("debit", "Alt+E", "A debit note: something is charged more", "Debit note"),
    PageAct("print", "Alt+L", "Print the last receipt again", "Print again"),
    PageAct("rates", "Alt+T", "The shop's exchange rates", "Rates"),
    PageAct("kind", "Alt+Y", "How it is paid: cash, card, mobile money", "Kind of money"),
    PageAct("pad", "Alt+U", "Show or hide the number pad", "Number pad"),
    PageAct("products", "Alt+P", "Import a product list (CSV)", "Import"),
)
FIELD_KEYS = (
    ("↑ ↓", "Choose a line, or a product that matches"),
    ("+", "One more of the chosen line"),
    ("Enter", "In the empty scan field: take the money"),
    ("Esc", "Out of the money, back to the scan field"),
)
