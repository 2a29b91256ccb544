"""Printers and the journal of their slips."""

from __future__ import annotations

from alembic import op

from fiscalmon.store.print_tables import VIEW, print_jobs, printers

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    for table in (printers, print_jobs):
        table.create(op.get_bind(), checkfirst=True)
    op.execute("DROP VIEW IF EXISTS v_print_jobs")
    op.execute(VIEW)
