"""Notes find their originals by an index; days that this till did not keep, and the number a day starts from."""

from __future__ import annotations

from alembic import op
from sqlalchemy import inspect

from fiscalmon.store.schema import fiscal_days, notes, outbox

revision = "0004"
down_revision = "0003"

_DAY_COLUMNS = (
    ("adopted", "adopted BOOLEAN NOT NULL DEFAULT '0'"),
    ("number_before", "number_before INTEGER"),
    ("end_told_at", "end_told_at TEXT"),
)
# What was in the signed bytes alone. The numbers are ignored where FDMS's id is named (Gateway v7.2 §13.7).
_FILL = """
    WITH n AS (
        SELECT id, receipt_total AS total,
               json_extract(CAST(payload AS TEXT), '$.receipt.creditDebitNote.receiptID') AS fdms,
               json_extract(CAST(payload AS TEXT), '$.receipt.creditDebitNote.deviceID') AS device,
               json_extract(CAST(payload AS TEXT), '$.receipt.creditDebitNote.fiscalDayNo') AS day,
               json_extract(CAST(payload AS TEXT), '$.receipt.creditDebitNote.receiptGlobalNo') AS number
        FROM receipts WHERE receipt_type <> 'FiscalInvoice')
    INSERT INTO notes (receipt, original, fdms_receipt_id, device_id, fiscal_day_no, receipt_global_no, total)
    SELECT n.id,
           CASE WHEN n.fdms IS NOT NULL
               THEN (SELECT min(receipt) FROM outbox WHERE fdms_receipt_id = n.fdms)
               ELSE (SELECT min(r.id) FROM receipts r WHERE r.device_id = n.device AND r.fiscal_day_no = n.day
                   AND r.receipt_global_no = n.number) END,
           n.fdms, n.device, n.day, n.number, n.total
    FROM n WHERE NOT EXISTS (SELECT 1 FROM notes WHERE notes.receipt = n.id)"""
_LOCKS = (
    """
    CREATE TRIGGER IF NOT EXISTS notes_locked_update BEFORE UPDATE ON notes
    BEGIN SELECT RAISE(ABORT, 'what a signed note refers to cannot be changed'); END""",
    """
    CREATE TRIGGER IF NOT EXISTS notes_locked_delete BEFORE DELETE ON notes
    BEGIN SELECT RAISE(ABORT, 'a signed note cannot be deleted'); END""",
    """
    CREATE TRIGGER IF NOT EXISTS notes_locked_replace BEFORE INSERT ON notes
    WHEN EXISTS (SELECT 1 FROM notes WHERE receipt = new.receipt)
    BEGIN SELECT RAISE(ABORT, 'a signed note cannot be replaced'); END""",
)


def upgrade() -> None:
    # A new database has these already: 0001 makes the tables as they are now.
    bind = op.get_bind()
    known = {column["name"] for column in inspect(bind).get_columns(fiscal_days.name)}
    for name, declaration in _DAY_COLUMNS:
        if name not in known:
            op.execute(f"ALTER TABLE fiscal_days ADD COLUMN {declaration}")
    notes.create(bind, checkfirst=True)
    for index in outbox.indexes:
        index.create(bind, checkfirst=True)
    op.execute(_FILL)
    for lock in _LOCKS:
        op.execute(lock)
