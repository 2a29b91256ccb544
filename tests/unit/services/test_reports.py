"""What paper needs from the books: the seller as it was, the original of a note, a day by its number."""

import contextlib
import sqlite3

import msgspec
import pytest

from fiscalmon.domain.errors import DayRefused, UnknownDevice, UnknownReceipt
from fiscalmon.services.reports import Reports
from tests.support.books import CONFIG, Shop


@pytest.fixture
async def shop(tmp_path):
    made = Shop(tmp_path)
    await made.add_device()
    yield made
    await made.close()


async def reconfigure(shop, **changes) -> None:
    config = msgspec.structs.replace(CONFIG, **changes)
    await shop.store.write(lambda work: work.devices.configured(101, config))
    shop.devices.reconfigured(101, config)


async def test_a_receipt_keeps_the_seller_that_signed_it(shop):
    first = await shop.sell(1)
    await reconfigure(shop, tax_payer_name="Renamed Ltd", vat_number=None)
    second = await shop.sell(2, tax_id=2)
    await reconfigure(shop, tax_payer_name="Renamed again Ltd", vat_number=None)
    reports = Reports(shop.store)
    papers = [await reports.receipt_document(entry.receipt_id) for entry in (first, second)]
    assert [paper.config.tax_payer_name for paper in papers] == [CONFIG.tax_payer_name, "Renamed Ltd"]
    assert [paper.title for paper in papers] == ["FISCAL TAX INVOICE", "FISCAL INVOICE"]
    assert papers[0].check_url == "https://fdmstest.zimra.co.zw"
    assert papers[0].number == f"{first.receipt_counter}/{first.receipt_global_no}"


async def test_a_configuration_that_did_not_change_is_kept_once(shop):
    for _ in range(3):
        await reconfigure(shop)
    assert shop.rows("SELECT count(*) FROM device_configs") == [(1,)]


async def test_a_note_names_its_original(shop):
    sold = await shop.sell(1)
    reference = {"deviceID": 101, "receiptGlobalNo": sold.receipt_global_no, "fiscalDayNo": sold.fiscal_day_no}
    line = {"receiptLineType": "Sale", "receiptLineName": "MILK 2 L", "receiptLineHSCode": "04012000"}
    line |= {"receiptLinePrice": "-2.49", "receiptLineQuantity": "1", "receiptLineTotal": "-2.49", "taxID": 3}
    note = await shop.sell(
        2, receiptType="CreditNote", creditDebitNote=reference, receiptNotes="Sour", receiptLines=[line],
        receiptPayments=[{"moneyTypeCode": "Cash", "paymentAmount": "-2.49"}],
    )  # fmt: skip
    paper = await Reports(shop.store).receipt_document(note.receipt_id)
    assert paper.title == "CREDIT NOTE"
    assert paper.original is not None
    assert (paper.original.serial_no, paper.original.receipt_global_no) == ("SN-101", sold.receipt_global_no)
    assert (paper.original.date, paper.original.invoice_no) == (sold.receipt_date, "INV-1")


async def test_a_days_report_is_the_sum_of_its_receipts(shop):
    entries = [await shop.sell(number, quantity=number) for number in range(1, 6)]
    made = await Reports(shop.store).day_report(101)
    assert (made.report, made.day_no) == ("X", 1)
    figures = made.currencies[0]
    assert figures.documents_quantity == len(entries)
    assert f"{figures.gross:.2f}" == f"{sum(float(entry.receipt_total) for entry in entries):.2f}"
    assert figures.gross == figures.documents_amount == figures.net + figures.tax


async def test_a_day_by_its_number(shop):
    await shop.sell(1)
    reports = Reports(shop.store)
    assert (await reports.day_report(101, 1)).currencies
    with pytest.raises(DayRefused, match="no fiscal day 9"):
        await reports.day_report(101, 9)


async def test_a_day_of_others_has_no_report_here(shop):
    await shop.store.write(lambda work: work.days.adopt(101, 2, "2026-11-22T12:30:00"))
    with pytest.raises(DayRefused, match="not in these books"):
        await Reports(shop.store).day_report(101, 2)


async def test_what_may_not_be_seen_is_not_there(shop):
    sold = await shop.sell(1)
    reports = Reports(shop.store)
    with pytest.raises(UnknownDevice):
        await reports.day_report(101, devices=frozenset({7}))
    with pytest.raises(UnknownDevice):
        await reports.day_report(5)
    with pytest.raises(UnknownReceipt):
        await reports.receipt_document(sold.receipt_id, frozenset({7}))
    with pytest.raises(UnknownReceipt):
        await reports.receipt_document("none")


@pytest.mark.parametrize(
    ("reference", "known"),
    [
        ({"deviceID": 101, "receiptGlobalNo": 900, "fiscalDayNo": 1}, ("SN-101", 900, None)),
        ({"receiptID": 4711}, (None, None, 4711)),
    ],
    ids=["by number", "by FDMS's id"],
)
async def test_a_note_on_a_receipt_of_elsewhere_names_what_it_knows(shop, reference, known):
    taxes = [{"taxID": 3, "taxPercent": 15.5, "taxAmount": "1.34", "salesAmountWithTax": "10.00"}]
    paper = {"receiptDate": "2026-11-22T08:00:00", "receiptCurrency": "USD", "receiptTotal": "10.00"}
    note = await shop.sell(
        1, quantity=1, receiptType="DebitNote", creditDebitNote=reference, receiptNotes="Forgotten",
        originalReceipt={**paper, "receiptTaxes": taxes},
    )  # fmt: skip
    original = (await Reports(shop.store).receipt_document(note.receipt_id)).original
    assert (original.serial_no, original.receipt_global_no, original.fdms_receipt_id) == known
    assert not original.date and not original.invoice_no


async def test_without_a_configuration_there_is_no_paper(tmp_path):
    made = Shop(tmp_path)
    await made.add_device()
    try:
        sold = await made.sell(1)
        with contextlib.closing(sqlite3.connect(next(tmp_path.glob("*.db")))) as books, books:
            books.execute("UPDATE devices SET config = NULL")
            books.execute("DELETE FROM device_configs")
        with pytest.raises(UnknownReceipt, match="device config"):
            await Reports(made.store).receipt_document(sold.receipt_id)
        with pytest.raises(DayRefused, match="device config"):
            await Reports(made.store).day_report(101)
    finally:
        await made.close()
