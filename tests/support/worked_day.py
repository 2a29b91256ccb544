"""The worked day of the golden vectors as paper: its four receipts with a seller, a buyer and a day around them."""

import json
from decimal import Decimal

import msgspec

from fiscalmon.documents.day_report import DayReport, day_report
from fiscalmon.documents.receipt_document import ReceiptDocument, Referenced
from fiscalmon.domain.counters import fold
from fiscalmon.domain.day_record import DayRecord
from fiscalmon.domain.device import DeviceConfig, Tax
from fiscalmon.domain.qr import verification_code
from fiscalmon.domain.receipt import Address, Contacts, Receipt
from tests.golden.vectors import DAY

SELLER = DeviceConfig(
    tax_payer_name="Kumusha Stores (Private) Limited",
    tax_payer_tin="2000417788",
    serial_no="FM-0012345",
    branch_name="Avondale Branch",
    branch_address=Address(province="Harare", city="Harare", street="King George Road", house_no="27"),
    operating_mode="Online",
    day_max_hours=24,
    day_end_notification_hours=2,
    taxes=(
        Tax(1, "Exempt supplies"),
        Tax(2, "Zero rated 0%", Decimal(0)),
        Tax(517, "Standard rated 15.5%", Decimal("15.5"), "2025-12-15"),
    ),
    certificate_valid_till="2027-03-02T00:00:00",
    qr_url="https://fdmstest.zimra.co.zw",
    vat_number="220041778",
    branch_contacts=Contacts("+263 242 700 100", "avondale@kumusha.example"),
)
NO_VAT = msgspec.structs.replace(SELLER, vat_number=None)


def receipts() -> list[Receipt]:
    """The day's receipts as they were signed."""
    bodies = [json.dumps(row["receipt"]) for row in DAY["receipts"]]
    return [msgspec.convert(json.loads(body, parse_float=Decimal), Receipt) for body in bodies]


def document(index: int = 0, seller: DeviceConfig = SELLER, **changes) -> ReceiptDocument:
    """The paper of one receipt; `changes` replace members of the receipt."""
    row, receipt = DAY["receipts"][index], msgspec.structs.replace(receipts()[index], **changes)
    known = Referenced("FM-0012345", 101, "2026-03-02T08:05:10", "INV-101", 10431986)
    return ReceiptDocument(
        receipt_id=f"R-{receipt.global_no}",
        device_id=DAY["deviceID"],
        fiscal_day_no=DAY["fiscalDayNo"],
        receipt=receipt,
        config=seller,
        qr_url=row["qr_for_ecdsa_der"],
        verification_code=verification_code(row["receiptQrData_for_ecdsa_der"]),
        original=known if receipt.reference else None,
    )


def documents_of(found: list[Receipt]) -> dict[tuple[str, str], tuple[int, Decimal]]:
    """How many receipts of each type and currency, and their totals."""
    counted: dict[tuple[str, str], tuple[int, Decimal]] = {}
    for receipt in found:
        count, total = counted.get((receipt.type, receipt.currency), (0, Decimal(0)))
        counted[receipt.type, receipt.currency] = count + 1, total + receipt.total
    return counted


def report(found: list[Receipt] | None = None, *, closed: bool = True, seller: DeviceConfig = SELLER) -> DayReport:
    """The day's Z report, or its X report before it is closed."""
    found = receipts() if found is None else found
    status, at = ("FiscalDayClosed", "2026-03-02T20:01:00") if closed else ("FiscalDayOpened", None)
    day = DayRecord(DAY["deviceID"], 7, DAY["fiscalDayOpened"], at, status, True, None, None, None, None, None)
    return day_report(day, seller, fold(found), documents_of(found))
