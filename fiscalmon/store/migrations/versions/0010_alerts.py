"""What people were told is wrong, and the messages about it."""

from __future__ import annotations

from alembic import op

from fiscalmon.store.schema import alert_deliveries, alert_incidents

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    for table in (alert_incidents, alert_deliveries):
        table.create(op.get_bind(), checkfirst=True)
