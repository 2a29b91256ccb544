"""Statements compiled once from the tables, as text for SQLite's own driver (ADR 0004). Runs none of them."""

from __future__ import annotations

from sqlalchemy import Table
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.sqlite import insert


def insert_into(table: Table) -> str:
    """INSERT with every column as a named parameter; an integer key given as None is made by the database."""
    return str(insert(table).compile(dialect=sqlite.dialect(paramstyle="named")))


def add_to(table: Table) -> str:
    """INSERT that adds to the non-key columns where the key exists: how counters and rollups grow.

    Parameters stand in the order of the columns.
    """
    statement = insert(table)
    sums = {c.name: c + statement.excluded[c.name] for c in table.columns if not c.primary_key}
    upsert = statement.on_conflict_do_update(index_elements=list(table.primary_key.columns), set_=sums)
    return str(upsert.compile(dialect=sqlite.dialect(paramstyle="qmark")))
