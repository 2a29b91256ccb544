"""The one way in which a printer's command says no. Must not know how a protocol writes that down."""

from __future__ import annotations

from typing import Literal

Reason = Literal["syntax", "command", "state", "overflow", "payment", "password", "memory", "print", "code"]


class Refusal(Exception):
    """Nothing was changed. `code` is the number that some dialects show."""

    def __init__(self, reason: Reason, code: int = 0) -> None:
        super().__init__(reason)
        self.reason: Reason = reason
        self.code = code


def demand(holds: bool, reason: Reason = "state", code: int = 0) -> None:
    """Raise Refusal unless `holds`."""
    if not holds:
        raise Refusal(reason, code)
