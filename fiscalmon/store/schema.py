"""The tables of fiscalmon.db. Column names are Python's; the support views give FDMS's names.

Signed rows are never changed: what happens to a receipt afterwards lives in `outbox` and `attempts`. Times with
`_at` are UTC texts; `receipt_date`, `opened`, `closed` and `server_date` are FDMS's local texts. Amounts are
decimal texts in `receipts`, integer cents in counters and rollups. No secret is ever stored here.
"""

from __future__ import annotations

from types import MappingProxyType

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData()


def _text(name: str, *, null: bool = False) -> Column[str]:
    return Column(name, Text, nullable=null)


devices = Table(
    "devices",
    metadata,
    Column("device_id", Integer, primary_key=True, autoincrement=False),
    _text("serial_no"),
    _text("model_name"),
    _text("model_version"),
    _text("gateway_url"),
    _text("ca_pem", null=True),
    _text("certificate_pem", null=True),
    _text("certificate_till", null=True),
    _text("config", null=True),
    _text("registered_at"),
    _text("heard_at", null=True),
)

# Every configuration that FDMS gave a device: paper shows the seller as it was when the receipt was signed. One
# holds for the receipts with a row above `after_receipt`, until the next one does.
device_configs = Table(
    "device_configs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("device_id", Integer, nullable=False),
    Column("after_receipt", Integer, nullable=False),
    _text("config"),
    Index("device_configs_device", "device_id", "after_receipt"),
)

fiscal_days = Table(
    "fiscal_days",
    metadata,
    Column("device_id", Integer, ForeignKey("devices.device_id"), nullable=False),
    Column("fiscal_day_no", Integer, nullable=False),
    _text("opened"),
    _text("closed", null=True),
    _text("status"),
    # Whether FDMS knows that the day is open: a day may be opened while FDMS is away and is then announced first.
    Column("announced", Boolean, nullable=False, default=False),
    _text("closing_error", null=True),
    _text("reconciliation_mode", null=True),
    Column("receipt_counter", Integer, nullable=True),
    # The signed close request, kept so that a lost answer is followed up with the same bytes.
    Column("close_request", LargeBinary, nullable=True),
    _text("close_sent_at", null=True),
    _text("server_signature", null=True),
    # A day that FDMS held and these books did not: it takes no receipts here and is closed by FDMS's own counters.
    Column("adopted", Boolean, nullable=False, server_default="0"),
    # The number before the day's first receipt, where it is not that of the last receipt in these books.
    Column("number_before", Integer, nullable=True),
    _text("end_told_at", null=True),
    PrimaryKeyConstraint("device_id", "fiscal_day_no"),
)

receipts = Table(
    "receipts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("receipt_id", Text, nullable=False, unique=True),
    Column("sale_id", Text, nullable=False, unique=True),
    _text("sale_digest"),
    Column("device_id", Integer, nullable=False),
    Column("fiscal_day_no", Integer, nullable=False),
    Column("receipt_counter", Integer, nullable=False),
    Column("receipt_global_no", Integer, nullable=False),
    _text("receipt_type"),
    _text("receipt_currency"),
    _text("invoice_no"),
    _text("receipt_date"),
    _text("receipt_total"),
    _text("receipt_taxes"),
    _text("hash"),
    _text("previous_hash", null=True),
    _text("signature"),
    Column("payload", LargeBinary, nullable=False),
    _text("qr_url"),
    _text("verification_code"),
    _text("signed_at"),
    UniqueConstraint("device_id", "fiscal_day_no", "receipt_counter"),
    Index("receipts_invoice_no", "invoice_no"),
    Index("receipts_number", "device_id", "receipt_global_no"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("receipt", Integer, ForeignKey("receipts.id"), primary_key=True, autoincrement=False),
    Column("device_id", Integer, nullable=False),
    # signed: not tried yet; queued: FDMS could not be reached or did not answer; completed and failed are final.
    _text("status"),
    Column("attempts", Integer, nullable=False, default=0),
    Column("fdms_receipt_id", Integer, nullable=True),
    _text("server_date", null=True),
    _text("server_signature", null=True),
    _text("validation_errors", null=True),
    Column("latency_ms", Integer, nullable=True),
    _text("settled_at", null=True),
    # Ties the receipt to what set it off: see correlation.py.
    _text("correlation_id", null=True),
)
Index("outbox_open", outbox.c.device_id, outbox.c.receipt, sqlite_where=outbox.c.settled_at.is_(None))
Index("outbox_fdms_receipt", outbox.c.fdms_receipt_id, sqlite_where=outbox.c.fdms_receipt_id.is_not(None))

# Credit and debit notes with what they refer to: the balance of an original is one look-up. `original` is the row of a
# receipt of this till; a receipt of another till has only what the note names it by.
notes = Table(
    "notes",
    metadata,
    Column("receipt", Integer, ForeignKey("receipts.id"), primary_key=True, autoincrement=False),
    Column("original", Integer, ForeignKey("receipts.id"), nullable=True),
    Column("fdms_receipt_id", Integer, nullable=True),
    Column("device_id", Integer, nullable=True),
    Column("fiscal_day_no", Integer, nullable=True),
    Column("receipt_global_no", Integer, nullable=True),
    _text("total"),
    Index("notes_original", "original"),
    Index("notes_fdms_receipt", "fdms_receipt_id"),
    Index("notes_number", "device_id", "receipt_global_no"),
)

attempts = Table(
    "attempts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("receipt", Integer, ForeignKey("receipts.id"), nullable=False),
    Column("device_id", Integer, nullable=False),
    _text("at"),
    # done, refused, unknown or unreachable
    _text("outcome"),
    Column("http_status", Integer, nullable=True),
    Column("latency_ms", Integer, nullable=True),
    _text("error", null=True),
    _text("correlation_id", null=True),
    # FDMS's own name of the call, which ZIMRA's support asks for.
    _text("operation_id", null=True),
    Index("attempts_receipt", "receipt"),
)

events = Table(
    "events",
    metadata,
    Column("seq", Integer, primary_key=True),
    _text("at"),
    _text("type"),
    Column("device_id", Integer, nullable=True),
    _text("data"),
    sqlite_autoincrement=True,
)

day_counters = Table(
    "day_counters",
    metadata,
    Column("device_id", Integer, nullable=False),
    Column("fiscal_day_no", Integer, nullable=False),
    _text("type"),
    _text("currency"),
    Column("tax_id", Integer, nullable=False),
    _text("percent"),
    _text("money_type"),
    Column("cents", Integer, nullable=False),
    PrimaryKeyConstraint("device_id", "fiscal_day_no", "type", "currency", "tax_id", "percent", "money_type"),
    sqlite_with_rowid=False,
)

# What the engine does by itself from time to time, and how it went.
chores = Table(
    "chores",
    metadata,
    Column("name", Text, primary_key=True),
    _text("at"),
    _text("outcome"),
    _text("note"),
)

# A device's certificates beside the one in use: the next one until it is proven, and those it had before.
device_certificates = Table(
    "device_certificates",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("device_id", Integer, ForeignKey("devices.device_id"), nullable=False),
    _text("certificate_pem"),
    # next or former
    _text("state"),
    _text("at"),
    Index("device_certificates_device", "device_id"),
)

offline_files = Table(
    "offline_files",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("device_id", Integer, ForeignKey("devices.device_id"), nullable=False),
    Column("fiscal_day_no", Integer, nullable=False),
    Column("file_sequence", Integer, nullable=False),
    # built, unknown, sent, waiting, done, failed or refused
    _text("state"),
    Column("receipts", Integer, nullable=False),
    # The receipts' keys in `receipts`, 0 without any: a file holds a stretch of the day in the order of signing.
    Column("first_row", Integer, nullable=False),
    Column("last_row", Integer, nullable=False),
    Column("has_footer", Boolean, nullable=False),
    Column("payload", LargeBinary, nullable=False),
    _text("built_at"),
    _text("sent_at", null=True),
    _text("operation_id", null=True),
    _text("reason", null=True),
    _text("errors", null=True),
    UniqueConstraint("device_id", "fiscal_day_no", "file_sequence"),
)

# What the owner sets at run time, a section a row; sections never set have their defaults.
preferences = Table(
    "preferences",
    metadata,
    Column("section", Text, primary_key=True),
    _text("value"),
    _text("changed_at"),
    _text("changed_by"),
)

products = Table(
    "products",
    metadata,
    # What codes are compared by (domain/product.py); barcodes are kept apart by whoever imports.
    Column("sku_key", Text, primary_key=True),
    _text("barcode_key", null=True),
    _text("sku"),
    _text("barcode"),
    _text("name"),
    _text("hs_code"),
    Column("tax_id", Integer, nullable=False),
    # JSON: decimal texts by currency
    _text("prices"),
    _text("words"),
    Index("products_barcode", "barcode_key"),
    Index("products_name", "name", "sku"),
)

# Sales that are still being rung up at the counter: nothing here is signed or numbered.
open_sales = Table(
    "open_sales",
    metadata,
    Column("sale_id", Text, primary_key=True),
    # current, asked or held
    _text("state"),
    _text("label"),
    Column("content", LargeBinary, nullable=False),
    _text("at"),
)

# What people were told is wrong. `open`: somebody still has to look; a row changes until that is over.
alert_incidents = Table(
    "alert_incidents",
    metadata,
    Column("id", Text, primary_key=True),
    _text("rule"),
    _text("subject"),
    Column("device_id", Integer, nullable=True),
    _text("reason"),
    _text("raised_at"),
    _text("told_at"),
    _text("resolved_at", null=True),
    _text("acknowledged_at", null=True),
    _text("acknowledged_by", null=True),
    Column("open", Boolean, nullable=False),
    Index("alert_incidents_key", "rule", "subject"),
)

# The messages about them, one for each channel, kept until they have gone out: the Internet may be what is down.
alert_deliveries = Table(
    "alert_deliveries",
    metadata,
    Column("id", Text, primary_key=True),
    _text("incident"),
    _text("channel"),
    _text("note"),
    Column("attempts", Integer, nullable=False),
    _text("next_at"),
    _text("done_at", null=True),
    _text("error", null=True),
    Index("alert_deliveries_incident", "incident"),
)

rollup_sales = Table(
    "rollup_sales",
    metadata,
    Column("device_id", Integer, nullable=False),
    _text("hour"),
    _text("currency"),
    Column("receipts", Integer, nullable=False),
    Column("cents", Integer, nullable=False),
    PrimaryKeyConstraint("device_id", "hour", "currency"),
    sqlite_with_rowid=False,
)

rollup_taxes = Table(
    "rollup_taxes",
    metadata,
    Column("device_id", Integer, nullable=False),
    _text("day"),
    _text("currency"),
    _text("band"),
    Column("cents", Integer, nullable=False),
    PrimaryKeyConstraint("device_id", "day", "currency", "band"),
    sqlite_with_rowid=False,
)

rollup_days = Table(
    "rollup_days",
    metadata,
    Column("device_id", Integer, nullable=False),
    _text("day"),
    Column("completed", Integer, nullable=False),
    Column("failed", Integer, nullable=False),
    PrimaryKeyConstraint("device_id", "day"),
    sqlite_with_rowid=False,
)

rollup_minutes = Table(
    "rollup_minutes",
    metadata,
    Column("device_id", Integer, nullable=False),
    _text("minute"),
    Column("completed", Integer, nullable=False),
    Column("failed", Integer, nullable=False),
    Column("latency_ms", Integer, nullable=False),
    Column("latencies", Integer, nullable=False),
    PrimaryKeyConstraint("device_id", "minute"),
    sqlite_with_rowid=False,
)

ROLLUPS = MappingProxyType(
    {"sales": rollup_sales, "taxes": rollup_taxes, "days": rollup_days, "minutes": rollup_minutes}
)
