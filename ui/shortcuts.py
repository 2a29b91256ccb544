"""What the keys do, in one table: the function-key bar, the F1 page, the F10 menu and the window's actions read it.

Must not know what an act does, only its key and its words.
"""

from __future__ import annotations

from dataclasses import dataclass


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
    Shortcut("keys", "F1", "Show this list of keys", "Keys", 1),
    Shortcut("sale", "F2", "Sell: scan, take the money, print", "Sell", 0),
    Shortcut("receipts", "F3", "Find a receipt and see its whole life", "Receipts", 2),
    Shortcut("reprint", "F4", "Print a copy of the receipt that is chosen, or of the last one", "Copy", 6),
    Shortcut("refresh", "F5", "Read everything from the engine again", "Refresh", 7),
    Shortcut("waiting", "F6", "Show what waits for FDMS, and why", "Waiting", 3),
    Shortcut("day", "F7", "Open or close the fiscal day", "Day", 1),
    Shortcut("device", "F8", "Show the fiscal device, its day and its certificate", "Device", 5),
    Shortcut("retry", "F9", "Send waiting receipts now", "Send now", 4),
    Shortcut("menu", "F10", "Show everything that can be done", "Menu", 0),
    Shortcut("scheme", "F11", "Change between light and dark", "Light/dark", 8),
    Shortcut("lock", "F12", "Lock this screen until the PIN is typed", "Lock", 8),
    Shortcut("back", "Esc", "Go back, in the end to the overview"),
    Shortcut("doctor", "Ctrl+D", "Examine this till: clock, disk, certificate, FDMS, printer, books"),
    Shortcut("bundle", "Ctrl+B", "Write a file for support, without any secret"),
    Shortcut("log", "Ctrl+L", "Show the log"),
    Shortcut("stuck", "Ctrl+H", "Find the way out of a stuck fiscal day"),
    Shortcut("alerts", "Ctrl+T", "Show the open alerts"),
    Shortcut("settings", "Ctrl+,", "Settings: devices, printers, accounts, LAN, backup, this screen"),
    Shortcut("setup", "Ctrl+I", "Set up this till, step by step"),
    Shortcut("address", "Ctrl+Shift+C", "Copy the dashboard's address for another screen"),
    Shortcut("quit", "Ctrl+Q", "Close fiscalmon in order", "Quit", 9),
)
FIXED = (
    ("Tab", "Go to the next control"),
    ("↑ ↓", "Move in a list"),
    ("Enter", "Show the chosen row of a list in full"),
)
