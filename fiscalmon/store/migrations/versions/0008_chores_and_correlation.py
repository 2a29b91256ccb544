"""What the engine does by itself and when; the id that ties a receipt's tries to what set it off."""

from __future__ import annotations

from alembic import op
from sqlalchemy import inspect

from fiscalmon.store.schema import attempts, chores, outbox
from fiscalmon.store.support_views import VIEWS

revision = "0008"
down_revision = "0007"

_COLUMNS = (
    (outbox.name, "correlation_id"),
    (attempts.name, "correlation_id"),
    (attempts.name, "operation_id"),
)


def upgrade() -> None:
    # A new database has these already: 0001 makes the tables and views as they are now.
    bind = op.get_bind()
    chores.create(bind, checkfirst=True)
    for table, column in _COLUMNS:
        if column not in {known["name"] for known in inspect(bind).get_columns(table)}:
            op.execute(f"ALTER TABLE {table} ADD COLUMN {column} TEXT")
    for view in ("v_receipts", "v_submissions"):
        op.execute(f"DROP VIEW IF EXISTS {view}")
        op.execute(VIEWS[view])
