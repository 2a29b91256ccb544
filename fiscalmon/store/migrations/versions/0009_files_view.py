"""Offline devices' files as support staff see them."""

from __future__ import annotations

from alembic import op

from fiscalmon.store.support_views import VIEWS

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.execute("DROP VIEW IF EXISTS v_files")
    op.execute(VIEWS["v_files"])
