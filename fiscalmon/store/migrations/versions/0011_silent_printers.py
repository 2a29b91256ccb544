"""Printers without a back channel, which are never asked how they are."""

from __future__ import annotations

from alembic import op
from sqlalchemy import inspect

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    # A new database has the column already: its table is made as it is now.
    if "answers" not in {known["name"] for known in inspect(op.get_bind()).get_columns("printers")}:
        op.execute("ALTER TABLE printers ADD COLUMN answers BOOLEAN NOT NULL DEFAULT 1")
