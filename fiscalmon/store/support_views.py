"""The views and triggers that support staff rely on: stable names, FDMS's vocabulary, signed rows locked.

SQL text, run by the migrations; a view that changes gets a new migration.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

VIEWS: Mapping[str, str] = MappingProxyType(
    {
        "v_receipts": """
        CREATE VIEW v_receipts AS
        SELECT r.receipt_id AS receiptId, r.sale_id AS saleId, r.device_id AS deviceID,
               r.fiscal_day_no AS fiscalDayNo, r.receipt_counter AS receiptCounter,
               r.receipt_global_no AS receiptGlobalNo, r.receipt_type AS receiptType,
               r.receipt_currency AS receiptCurrency, r.invoice_no AS invoiceNo, r.receipt_date AS receiptDate,
               r.receipt_total AS receiptTotal, r.receipt_taxes AS receiptTaxes, r.hash AS hash,
               r.signature AS signature, o.status AS status, o.fdms_receipt_id AS fdmsReceiptId,
               o.latency_ms AS latencyMs, r.previous_hash AS previousReceiptHash, r.qr_url AS qrUrl,
               r.verification_code AS verificationCode, o.validation_errors AS validationErrors,
               o.attempts AS attempts, r.signed_at AS signedAt, o.settled_at AS settledAt,
               o.correlation_id AS correlationId
        FROM receipts r JOIN outbox o ON o.receipt = r.id""",
        "v_submissions": """
        CREATE VIEW v_submissions AS
        SELECT a.id AS submissionId, r.receipt_id AS receiptId, r.sale_id AS saleId, a.device_id AS deviceID,
               r.fiscal_day_no AS fiscalDayNo, r.receipt_global_no AS receiptGlobalNo, a.at AS at,
               a.outcome AS outcome, a.http_status AS httpStatus, a.latency_ms AS latencyMs, a.error AS error,
               a.correlation_id AS correlationId, a.operation_id AS operationId
        FROM attempts a JOIN receipts r ON r.id = a.receipt""",
        "v_events": """
        CREATE VIEW v_events AS
        SELECT seq, at, type, device_id AS deviceID, data FROM events""",
        "v_fiscal_days": """
        CREATE VIEW v_fiscal_days AS
        SELECT d.device_id AS deviceID, d.fiscal_day_no AS fiscalDayNo, d.status AS status,
               d.opened AS fiscalDayOpened, d.closed AS fiscalDayClosed,
               d.closing_error AS fiscalDayClosingErrorCode, d.reconciliation_mode AS fiscalDayReconciliationMode,
               (SELECT count(*) FROM receipts r WHERE r.device_id = d.device_id
                   AND r.fiscal_day_no = d.fiscal_day_no) AS receipts,
               d.status AS fiscalDayStatus
        FROM fiscal_days d""",
        "v_files": """
        CREATE VIEW v_files AS
        SELECT f.id AS fileId, f.device_id AS deviceID, f.fiscal_day_no AS fiscalDayNo,
               f.file_sequence AS fileSequence, f.state AS state, f.receipts AS receipts,
               (SELECT min(r.receipt_global_no) FROM receipts r WHERE r.device_id = f.device_id
                   AND r.id BETWEEN f.first_row AND f.last_row) AS firstReceiptGlobalNo,
               (SELECT max(r.receipt_global_no) FROM receipts r WHERE r.device_id = f.device_id
                   AND r.id BETWEEN f.first_row AND f.last_row) AS lastReceiptGlobalNo,
               f.has_footer AS hasFooter, length(f.payload) AS bytes, f.built_at AS builtAt, f.sent_at AS sentAt,
               f.operation_id AS operationID, f.reason AS reason, f.errors AS errors
        FROM offline_files f""",
        "v_failures": """
        CREATE VIEW v_failures AS
        SELECT r.receipt_id AS receiptId, r.sale_id AS saleId, r.device_id AS deviceID,
               r.fiscal_day_no AS fiscalDayNo, r.receipt_counter AS receiptCounter,
               r.receipt_global_no AS receiptGlobalNo, r.invoice_no AS invoiceNo, r.receipt_date AS receiptDate,
               r.receipt_total AS receiptTotal, r.receipt_currency AS receiptCurrency, o.status AS status,
               o.attempts AS attempts, o.validation_errors AS validationErrors,
               (SELECT a.error FROM attempts a WHERE a.receipt = r.id ORDER BY a.id DESC LIMIT 1) AS lastError
        FROM receipts r JOIN outbox o ON o.receipt = r.id
        WHERE o.status = 'failed' OR (o.settled_at IS NULL AND o.attempts > 0)""",
    }
)

TRIGGERS: Mapping[str, str] = MappingProxyType(
    {
        "receipts_locked_update": """
        CREATE TRIGGER receipts_locked_update BEFORE UPDATE ON receipts
        BEGIN SELECT RAISE(ABORT, 'a signed receipt cannot be changed'); END""",
        "receipts_locked_delete": """
        CREATE TRIGGER receipts_locked_delete BEFORE DELETE ON receipts
        BEGIN SELECT RAISE(ABORT, 'a signed receipt cannot be deleted'); END""",
        # INSERT OR REPLACE deletes what is in its way without asking the triggers on deletion.
        "receipts_locked_replace": """
        CREATE TRIGGER receipts_locked_replace BEFORE INSERT ON receipts
        WHEN EXISTS (SELECT 1 FROM receipts WHERE id = new.id OR receipt_id = new.receipt_id OR sale_id = new.sale_id
            OR (device_id = new.device_id AND fiscal_day_no = new.fiscal_day_no
                AND receipt_counter = new.receipt_counter))
        BEGIN SELECT RAISE(ABORT, 'a signed receipt cannot be replaced'); END""",
        "outbox_locked_replace": """
        CREATE TRIGGER outbox_locked_replace BEFORE INSERT ON outbox
        WHEN EXISTS (SELECT 1 FROM outbox WHERE receipt = new.receipt)
        BEGIN SELECT RAISE(ABORT, 'a receipt stands in the outbox once'); END""",
        "outbox_final_update": """
        CREATE TRIGGER outbox_final_update BEFORE UPDATE ON outbox WHEN old.settled_at IS NOT NULL
        BEGIN SELECT RAISE(ABORT, 'FDMS''s final answer to a receipt cannot be changed'); END""",
        "outbox_locked_delete": """
        CREATE TRIGGER outbox_locked_delete BEFORE DELETE ON outbox
        BEGIN SELECT RAISE(ABORT, 'a signed receipt cannot be taken out of the outbox'); END""",
    }
)
