"""Files of offline devices; certificates before and after the one in use."""

from __future__ import annotations

from alembic import op

from fiscalmon.store.schema import device_certificates, metadata, offline_files

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    # A new database has them already: 0001 makes every table there is.
    metadata.create_all(op.get_bind(), tables=[device_certificates, offline_files], checkfirst=True)
