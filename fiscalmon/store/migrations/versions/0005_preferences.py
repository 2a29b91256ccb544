"""What the owner sets at run time."""

from __future__ import annotations

from alembic import op

from fiscalmon.store.schema import preferences

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    preferences.create(op.get_bind(), checkfirst=True)
