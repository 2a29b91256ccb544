"""Makes the paper of a slip from the books: a receipt, an X or Z report, a printer's test page.

Runs on a reader's thread; knows no printer's bytes and no queue.
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from ..books import Archive
from ..documents.day_report import DayReport
from ..documents.paper import receipt_paper, report_paper, trial_paper
from ..documents.receipt_document import paper_date
from ..domain.errors import UnknownReceipt
from ..domain.localtime import local_text
from ..domain.paper import Paper, PrinterSetup
from ..domain.print_job import PrintJob
from .reports import receipt_document, report_of_day


def paper_of(
    archive: Archive, job: PrintJob, setup: PrinterSetup, *, columns: int, drawer: bool, now: datetime
) -> Paper:
    """The slip as it goes onto paper now; what may be there already says COPY. Raises FiscalmonError.

    `drawer`: open it for an original that was paid in cash.
    """
    if job.kind in ("receipt", "copy"):
        if job.receipt_id is None:
            raise UnknownReceipt("The receipt of this slip is not in the books.")
        document = receipt_document(archive, job.receipt_id)
        cash = any(payment.money_type == "Cash" for payment in document.receipt.payments)
        return receipt_paper(document, columns, copy=job.is_copy, drawer=drawer and cash)
    if job.kind == "test":
        return trial_paper(setup, columns, printed=paper_date(local_text(now)), till=_shop(archive, setup.device_id))
    if job.content is not None:
        return report_paper(msgspec.json.decode(job.content, type=DayReport), columns, copy=job.is_copy)
    return report_paper(report_of_day(archive, job.device_id or 0, job.fiscal_day_no), columns, copy=job.is_copy)


def _shop(archive: Archive, device_id: int | None) -> str:
    """The taxpayer's name of the printer's device, or of any there is."""
    for device in archive.devices():
        if device.config is not None and device_id in (None, device.device_id):
            return device.config.tax_payer_name
    return ""
