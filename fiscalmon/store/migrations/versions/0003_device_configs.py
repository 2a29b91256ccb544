"""Every configuration a device ever had, so that a receipt can be printed again as it was."""

from __future__ import annotations

from alembic import op

from fiscalmon.store.schema import device_configs

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    # A new database got the table with the first schema. An older one kept only the newest configuration:
    # it stands for all that came before.
    device_configs.create(op.get_bind(), checkfirst=True)
    op.execute(
        "INSERT INTO device_configs (device_id, after_receipt, config) "
        "SELECT device_id, 0, config FROM devices WHERE config IS NOT NULL "
        "AND device_id NOT IN (SELECT device_id FROM device_configs)"
    )
