"""A fiscal day's status under FDMS's own name too, in the view that support reads."""

from __future__ import annotations

from alembic import op

from fiscalmon.store.support_views import VIEWS

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.execute("DROP VIEW IF EXISTS v_fiscal_days")
    op.execute(VIEWS["v_fiscal_days"])
