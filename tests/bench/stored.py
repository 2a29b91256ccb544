"""Books with very many receipts, filled by SQL: consistent with themselves, but not signed. Measures nothing.

For what must not depend on how many receipts are stored. Every receipt stands in `receipts`, `outbox` (settled),
`attempts` and `events`; rollups are computed from them. Audits would refuse them, rightly.
"""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

# One tells the other apart by `:first`, so that several fillings may follow each other.
_RECEIPTS = """
    INSERT INTO receipts
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :count)
    SELECT i, printf('%012x%08x', i, i), printf('stored-%09d', i), 'digest', :device + i % :devices, 1,
           i / :devices + 1, i / :devices + 1, 'FiscalInvoice', 'USD', printf('STORED-%09d', i),
           strftime('%Y-%m-%dT%H:%M:%S', :end - :span * (:count - i) / :count + 7200, 'unixepoch'),
           '17.15', '[{"taxID":3,"taxPercent":15.5,"taxAmount":1.94,"salesAmountWithTax":14.45}]',
           printf('%044d', i), printf('%044d', i - 1), printf('%096d', i), zeroblob(:payload),
           'https://fdmstest.zimra.co.zw/0000', 'AAAA-BBBB-CCCC-DDDD',
           strftime('%Y-%m-%dT%H:%M:%S.000Z', :end - :span * (:count - i) / :count, 'unixepoch')
    FROM n"""
_FOLLOWING = (
    """INSERT INTO outbox SELECT id, device_id, 'completed', 1, id, receipt_date, '{}', NULL, 120, signed_at, NULL
       FROM receipts""",
    """INSERT INTO attempts SELECT id, id, device_id, signed_at, 'done', 200, 120, NULL, NULL, NULL FROM receipts""",
    """INSERT INTO events SELECT id, signed_at, 'receipt.completed', device_id, '{"receiptId":"stored"}'
       FROM receipts""",
    """INSERT INTO rollup_sales SELECT device_id, substr(receipt_date, 1, 13), 'USD', count(*), 1715 * count(*)
       FROM receipts GROUP BY 1, 2""",
    """INSERT INTO rollup_taxes SELECT device_id, substr(receipt_date, 1, 10), 'USD', '15.5%', 194 * count(*)
       FROM receipts GROUP BY 1, 2""",
    """INSERT INTO rollup_days SELECT device_id, substr(receipt_date, 1, 10), count(*), 0
       FROM receipts GROUP BY 1, 2""",
    """INSERT INTO rollup_minutes SELECT device_id, substr(signed_at, 1, 16), count(*), 0, 120 * count(*), count(*)
       FROM receipts GROUP BY 1, 2""",
)


def fill(folder: Path, count: int, devices: int, first_device: int, *, days: int, payload: int = 64) -> None:
    """So many receipts over the last so many days, into books that have their devices and nothing else."""
    connection = sqlite3.connect(folder / "fiscalmon.db", isolation_level=None)
    try:
        # Nobody's receipts: if the power goes now, the benchmark is simply run again.
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute("BEGIN")
        values = {
            "count": count,
            "devices": devices,
            "device": first_device,
            "end": int((datetime.now(UTC) - timedelta(minutes=2)).timestamp()),
            "span": days * 86_400,
            "payload": payload,
        }
        connection.execute(_RECEIPTS, values)
        for sql in _FOLLOWING:
            connection.execute(sql)
        connection.execute("COMMIT")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        connection.close()
