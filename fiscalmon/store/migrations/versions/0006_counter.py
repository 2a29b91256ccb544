"""The shop's product list, and sales that are still being rung up at the counter."""

from __future__ import annotations

from alembic import op

from fiscalmon.store.schema import open_sales, products

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    for table in (products, open_sales):
        table.create(op.get_bind(), checkfirst=True)
