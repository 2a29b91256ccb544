"""The one id of what somebody set off: a key press, a request, a command. It follows the work to FDMS's answer.

A context variable, so that tasks and timers started on the way carry it by themselves. Knows nothing of ours.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

_FORM = re.compile(r"[A-Za-z0-9-]{8,64}")
_current: Final[ContextVar[str | None]] = ContextVar("correlation", default=None)


def current() -> str | None:
    """The id of the work that is being done, None outside of any."""
    return _current.get()


def new_id() -> str:
    """A fresh id: 16 hex digits."""
    return os.urandom(8).hex()


def known_form(text: str | None) -> str | None:
    """An id that came from outside, None where it has not the form of one: it goes into log lines."""
    return text if text is not None and _FORM.fullmatch(text) else None


@contextmanager
def correlated(id_: str | None = None) -> Iterator[str]:
    """Work under an id of its own, or under the one that is given."""
    named = id_ or new_id()
    token = _current.set(named)
    try:
        yield named
    finally:
        _current.reset(token)
