"""The tables of printing: printers as their owner described them, and the journal of their slips.

What the writer and the migrations share; `schema` holds the others.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, Table, Text, text

from .schema import metadata

printers = Table(
    "printers",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("family", Text, nullable=False),
    Column("port", Text, nullable=False),
    Column("dialect", Text, nullable=True),
    Column("baud", Integer, nullable=False),
    Column("width", Integer, nullable=False),
    Column("qr", Text, nullable=False),
    Column("mode", Text, nullable=False),
    # Whose receipts it prints by itself.
    Column("device_id", Integer, nullable=True),
    Column("added_at", Text, nullable=False),
    # The codes that people were told last, until they were told that it is well again.
    Column("attention", Text, nullable=True),
    # False: no back channel, so it is never asked how it is.
    Column("answers", Boolean, nullable=False, server_default="1"),
)

print_jobs = Table(
    "print_jobs",
    metadata,
    Column("job", Integer, primary_key=True),
    # A name, not a key: the journal outlives the printer.
    Column("printer", Text, nullable=False),
    Column("kind", Text, nullable=False),
    # waiting, printing, printed, unknown or failed
    Column("state", Text, nullable=False),
    Column("device_id", Integer, nullable=True),
    Column("fiscal_day_no", Integer, nullable=True),
    Column("receipt", Integer, ForeignKey("receipts.id"), nullable=True),
    Column("tries", Integer, nullable=False, server_default="0"),
    # It is on paper or may be, whole or in part: printed again, it says COPY.
    Column("on_paper", Boolean, nullable=False, server_default="0"),
    # The printer is still to be asked what became of it.
    Column("asking", Boolean, nullable=False, server_default="0"),
    # How far it got, written before the bytes that bring it there.
    Column("mark", Text, nullable=True),
    Column("content", Text, nullable=True),
    Column("code", Text, nullable=True),
    Column("reason", Text, nullable=True),
    Column("document", Text, nullable=True),
    Column("created_at", Text, nullable=False),
    Column("at", Text, nullable=False),
    Index("print_jobs_printer", "printer", "job"),
    Index("print_jobs_receipt", "receipt"),
    sqlite_autoincrement=True,
)
Index(
    "print_jobs_open",
    print_jobs.c.printer,
    print_jobs.c.job,
    sqlite_where=text("state IN ('waiting', 'printing') OR asking"),
)
Index("print_jobs_not_printed", print_jobs.c.printer, print_jobs.c.state, sqlite_where=text("state <> 'printed'"))
# One original a receipt, whatever happens.
Index("print_jobs_original", print_jobs.c.receipt, unique=True, sqlite_where=text("kind = 'receipt'"))

VIEW = """
    CREATE VIEW v_print_jobs AS
    SELECT j.job AS job, j.printer AS printer, r.receipt_id AS receiptId, j.device_id AS deviceID,
           coalesce(j.fiscal_day_no, r.fiscal_day_no) AS fiscalDayNo, r.receipt_global_no AS receiptGlobalNo,
           j.kind AS kind, j.state AS state, j.code AS code, j.reason AS reason, j.tries AS tries,
           j.document AS document, j.created_at AS createdAt, j.at AS at
    FROM print_jobs j LEFT JOIN receipts r ON r.id = j.receipt"""
