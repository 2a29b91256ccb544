"""What the keys do, in one table: the function-key bar, the F1 page, the F10 menu and the window's actions read it.

Must not know what an act does, only its key and its words.
"""

from __future__ import annotations

from dataclasses import dataclass

from ui.i18n import QT_TRANSLATE_NOOP


@dataclass(frozen=True)
class Shortcut:
    """`act` names the act or the page it leads to; `bar` is its short word in the key bar, empty to leave it out.

    `rank` says what a narrow window's key bar keeps, 0 first; the menu has them all.
    """

    act: str
    key: str
    words: str
    bar: str = ""
    rank: int = 9


SHORTCUTS = (
    Shortcut("keys", "F1", QT_TRANSLATE_NOOP("keys", "Show this list of keys"), QT_TRANSLATE_NOOP("keys", "Keys"), 1),
    Shortcut(
        "sale",
        "F2",
        QT_TRANSLATE_NOOP("keys", "Sell: scan, take the money, print"),
        QT_TRANSLATE_NOOP("keys", "Sell"),
        0,
    ),
    Shortcut(
        "receipts",
        "F3",
        QT_TRANSLATE_NOOP("keys", "Find a receipt and see its whole life"),
        QT_TRANSLATE_NOOP("keys", "Receipts"),
        2,
    ),
    Shortcut(
        "reprint",
        "F4",
        QT_TRANSLATE_NOOP("keys", "Print a copy of the receipt that is chosen, or of the last one"),
        QT_TRANSLATE_NOOP("keys", "Copy"),
        6,
    ),
    Shortcut(
        "refresh",
        "F5",
        QT_TRANSLATE_NOOP("keys", "Read everything from the engine again"),
        QT_TRANSLATE_NOOP("keys", "Refresh"),
        7,
    ),
    Shortcut(
        "waiting",
        "F6",
        QT_TRANSLATE_NOOP("keys", "Show what waits for FDMS, and why"),
        QT_TRANSLATE_NOOP("keys", "Waiting"),
        3,
    ),
    Shortcut(
        "day", "F7", QT_TRANSLATE_NOOP("keys", "Open or close the fiscal day"), QT_TRANSLATE_NOOP("keys", "Day"), 1
    ),
    Shortcut(
        "device",
        "F8",
        QT_TRANSLATE_NOOP("keys", "Show the fiscal device, its day and its certificate"),
        QT_TRANSLATE_NOOP("keys", "Device"),
        5,
    ),
    Shortcut(
        "retry", "F9", QT_TRANSLATE_NOOP("keys", "Send waiting receipts now"), QT_TRANSLATE_NOOP("keys", "Send now"), 4
    ),
    Shortcut(
        "menu",
        "F10",
        QT_TRANSLATE_NOOP("keys", "Show everything that can be done"),
        QT_TRANSLATE_NOOP("keys", "Menu"),
        0,
    ),
    Shortcut(
        "scheme",
        "F11",
        QT_TRANSLATE_NOOP("keys", "Change between light and dark"),
        QT_TRANSLATE_NOOP("keys", "Light/dark"),
        8,
    ),
    Shortcut(
        "lock",
        "F12",
        QT_TRANSLATE_NOOP("keys", "Lock this screen until the PIN is typed"),
        QT_TRANSLATE_NOOP("keys", "Lock"),
        8,
    ),
    Shortcut("back", "Esc", QT_TRANSLATE_NOOP("keys", "Go back, in the end to the overview")),
    Shortcut(
        "doctor",
        "Ctrl+D",
        QT_TRANSLATE_NOOP("keys", "Examine this till: clock, disk, certificate, FDMS, printer, books"),
    ),
    Shortcut("bundle", "Ctrl+B", QT_TRANSLATE_NOOP("keys", "Write a file for support, without any secret")),
    Shortcut("log", "Ctrl+L", QT_TRANSLATE_NOOP("keys", "Show the log")),
    Shortcut("stuck", "Ctrl+H", QT_TRANSLATE_NOOP("keys", "Find the way out of a stuck fiscal day")),
    Shortcut("alerts", "Ctrl+T", QT_TRANSLATE_NOOP("keys", "Show the open alerts")),
    Shortcut(
        "settings",
        "Ctrl+,",
        QT_TRANSLATE_NOOP("keys", "Settings: devices, printers, accounts, LAN, backup, this screen"),
    ),
    Shortcut("setup", "Ctrl+I", QT_TRANSLATE_NOOP("keys", "Set up this till, step by step")),
    Shortcut("address", "Ctrl+Shift+C", QT_TRANSLATE_NOOP("keys", "Copy the dashboard's address for another screen")),
    Shortcut(
        "quit", "Ctrl+Q", QT_TRANSLATE_NOOP("keys", "Close fiscalmon in order"), QT_TRANSLATE_NOOP("keys", "Quit"), 9
    ),
)
FIXED = (
    ("Tab", QT_TRANSLATE_NOOP("keys", "Go to the next control")),
    ("Space", QT_TRANSLATE_NOOP("keys", "Press the chosen button")),
    ("↑ ↓", QT_TRANSLATE_NOOP("keys", "Move in a list")),
    ("Enter", QT_TRANSLATE_NOOP("keys", "Show the chosen row of a list in full")),
)
