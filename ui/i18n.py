"""Words for another language: where a sentence is looked up before it is shown. English is the source and the default.

Knows no Qt: ui/app.py installs Qt's catalogue here once there is an application. `lupdate` reads the calls.
"""

from __future__ import annotations

from collections.abc import Callable

Lookup = Callable[[str, str], str]


class Catalogue:
    """The one in force; without a lookup every text stands for itself."""

    lookup: Lookup | None = None


def translate(context: str, text: str) -> str:
    """The text in the screen's language. Its {names} are for the caller's `format`: lupdate reads two arguments."""
    return Catalogue.lookup(context, text) if Catalogue.lookup is not None and text else text


def QT_TRANSLATE_NOOP(context: str, text: str) -> str:
    """Marks a text of a table for the catalogue; whoever shows it calls `translate`."""
    return text


def install(lookup: Lookup | None) -> None:
    """Take texts from `lookup` from now on; None: as they are written."""
    Catalogue.lookup = lookup
