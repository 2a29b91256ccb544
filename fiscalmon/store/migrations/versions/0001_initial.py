"""The first schema: receipts and their outbox, fiscal days, counters, events, rollups, support views."""

from __future__ import annotations

from alembic import op

from fiscalmon.store.schema import metadata
from fiscalmon.store.support_views import TRIGGERS, VIEWS

revision = "0001"
down_revision = None


def upgrade() -> None:
    metadata.create_all(op.get_bind())
    for statement in (*VIEWS.values(), *TRIGGERS.values()):
        op.execute(statement)
