"""Sales that are still being rung up, in their table: at most one is on the screen, the others are held."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..books.counter import OpenRow
from .session import Session

_PUT = """
    INSERT INTO open_sales (sale_id, state, label, content, at) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (sale_id) DO UPDATE SET state = excluded.state, label = excluded.label, content = excluded.content,
        at = excluded.at"""
_ROW = "SELECT sale_id, state, label, content, at FROM open_sales"
Ask = Callable[[str, tuple[Any, ...]], list[Any]]


class OpenSaleRows:
    """Their side of a write transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def put(self, row: OpenRow) -> None:
        """The sale as it is now. Another sale that was current is held from now on, so that it is not lost."""
        if row.state != "held":
            self._session.run(
                "UPDATE open_sales SET state = 'held' WHERE state = 'current' AND sale_id <> ?", (row.sale_id,)
            )
        self._session.run(_PUT, row)

    def drop(self, sale_id: str) -> None:
        """It was fiscalised or given up."""
        self._session.run("DELETE FROM open_sales WHERE sale_id = ?", (sale_id,))


class OpenSaleArchive:
    """`ask` runs a query and gives its rows."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    def current(self) -> OpenRow | None:
        """The sale on the screen, or the one that was being handed in when the power went."""
        rows = self._ask(_ROW + " WHERE state <> 'held' ORDER BY state = 'asked' DESC LIMIT 1", ())
        return OpenRow(*rows[0]) if rows else None

    def held(self) -> list[OpenRow]:
        """Those put aside, oldest first."""
        return [OpenRow(*row) for row in self._ask(_ROW + " WHERE state = 'held' ORDER BY at, sale_id", ())]

    def one(self, sale_id: str) -> OpenRow | None:
        """A sale by its id."""
        rows = self._ask(_ROW + " WHERE sale_id = ?", (sale_id,))
        return OpenRow(*rows[0]) if rows else None
