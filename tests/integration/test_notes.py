"""Credit and debit notes through every way in, judged by the simulator: fully valid, or refused here in plain words."""

import asyncio
import itertools
import json
import ssl
import subprocess
import sys

import httpx
import pytest

from fiscalmon.domain.errors import BadInput, SaleConflict, SaleRefused, UnknownReceipt
from fiscalmon.server import ServerSettings
from tests.support.lan import PASSWORD, make_accounts
from tests.support.running_till import Till, enter, line, running, sale
from tests.support.simulator import ROOT, Simulator

DEVICE_IDS = itertools.count(30_001)


@pytest.fixture(scope="module")
def simulator(tmp_path_factory):
    running_one = Simulator.fresh(tmp_path_factory)
    running_one.post("/settings", {"closeDelay": 0.05})
    yield running_one
    running_one.end()


@pytest.fixture
async def shop(simulator, tmp_path):
    """A till with one device whose day is open; `shop.device` is its id."""
    async with running(simulator, tmp_path / "data") as till:
        till.device = await till.register(enter(simulator, next(DEVICE_IDS)))
        await till.operate("day.open", {"deviceID": till.device})
        yield till


def named(shop, name, lines, payments, **more):
    """A sale whose ids no other test of the module uses."""
    return sale(f"{shop.device}-{name}", lines, payments, deviceID=shop.device, **more)


def reference(result) -> dict:
    return {key: result[key] for key in ("deviceID", "receiptGlobalNo", "fiscalDayNo")}


def codes(error) -> list[str]:
    return [found["code"] for found in error.errors]


def held(shop) -> list[dict]:
    return shop.simulator.ledger(shop.device)["receipts"]


async def closes(shop):
    closed = await shop.operate("day.close", {"deviceID": shop.device, "wait": True})
    assert closed["fiscalDayStatus"] == "FiscalDayClosed"
    assert (await shop.operate("audit", {"deviceID": shop.device}))["auditErrors"] == 0


MIXED = [line("11.55"), line("-1.55", kind="Discount", name="Loyalty"), line("4.00", 2), line("2.50", 1, quantity="2")]
ORIGINALS = {
    "inclusive, discount, two payments": (MIXED, [("Cash", "9.00"), ("Card", "10.00")], {}),
    "exclusive": (
        [line("33.333", quantity="3"), line("10.00", 4)],
        [("BankTransfer", "126.00")],
        {"receiptLinesTaxInclusive": False, "receiptPrintForm": "InvoiceA4"},
    ),
    "no price, tax codes, buyer": (
        [
            {**line("0", 3, quantity="3", taxCode="A"), "receiptLinePrice": None, "receiptLineTotal": "1.00"},
            line("5.00", 1, taxCode="C"),
        ],
        [("MobileWallet", "6.00")],
        {"buyerData": {"buyerRegisterName": "Tariro Moyo", "buyerTIN": "2000123456"}, "receiptCurrency": "ZWG"},
    ),
}


@pytest.mark.parametrize("kind", ORIGINALS)
async def test_a_whole_credit_is_valid_and_a_second_one_is_refused(shop, kind):
    lines, payments, more = ORIGINALS[kind]
    original = await shop.sell(named(shop, "1", lines, payments, **more))
    assert (original["status"], original["validationErrors"]) == ("completed", [])
    asked = {"receiptId": original["receiptId"], "notes": "Goods returned", "wait": "completed"}
    note = await shop.operate("receipts.credit", asked)
    assert (note["status"], note["validationErrors"], note["repeated"]) == ("completed", [], False)
    assert (note["receiptType"], note["receiptTotal"]) == ("CreditNote", -original["receiptTotal"])
    assert note["invoiceNo"] != original["invoiceNo"]
    again = await shop.operate("receipts.credit", asked)
    assert (again["receiptId"], again["repeated"]) == (note["receiptId"], True)
    with pytest.raises(SaleRefused) as refused:
        await shop.operate("receipts.credit", {**asked, "saleId": f"{shop.device}-other"})
    assert codes(refused.value) == ["RCPT035"]
    assert "credited in full before" in refused.value.text
    assert [entry["validationErrors"] for entry in held(shop)] == [[], []]
    await closes(shop)


async def test_credits_by_lines_pay_back_what_was_paid_and_no_more(shop):
    original = await shop.sell(named(shop, "1", MIXED, [("Cash", "9.00"), ("Card", "10.00")]))
    asked = {"receiptId": original["receiptId"], "notes": "Broken", "wait": "completed"}
    # Line 1 takes its discount with it: 11.55 - 1.55.
    first = await shop.operate("receipts.credit", {**asked, "lines": [1]})
    rest = await shop.operate("receipts.credit", {**asked, "lines": [3, 4]})
    paid = []
    for note in (first, rest):
        assert (note["status"], note["validationErrors"]) == ("completed", [])
        sent = (await shop.operate("receipts.show", {"receiptId": note["receiptId"]}))["receipt"]
        assert all(part["receiptLineQuantity"] > 0 for part in sent["receiptLines"])
        paid.append({part["moneyTypeCode"]: str(part["paymentAmount"]) for part in sent["receiptPayments"]})
    assert (str(first["receiptTotal"]), str(rest["receiptTotal"])) == ("-10.00", "-9.00")
    assert [{kind: float(amount) for kind, amount in part.items()} for part in paid] == [
        {"Cash": -9.0, "Card": -1.0},
        {"Card": -9.0},
    ]
    assert (await shop.operate("receipts.credit", {**asked, "lines": [3, 4]}))["repeated"]
    with pytest.raises(SaleRefused, match="nothing is left") as refused:
        await shop.operate("receipts.credit", {**asked, "lines": [3], "saleId": f"{shop.device}-x"})
    assert codes(refused.value) == ["RCPT035"]
    await closes(shop)


async def test_wrong_wishes_get_a_sentence(shop):
    original = await shop.sell(named(shop, "1", [line("5.00")], [("Cash", "5.00")]))
    asked = {"receiptId": original["receiptId"], "notes": "Returned"}
    with pytest.raises(BadInput, match="no line 2"):
        await shop.operate("receipts.credit", {**asked, "lines": [2]})
    with pytest.raises(UnknownReceipt):
        await shop.operate("receipts.credit", {**asked, "receiptId": "no-such"})
    with pytest.raises(SaleConflict):
        await shop.operate("receipts.credit", {**asked, "saleId": original["saleId"]})
    with pytest.raises(SaleRefused) as refused:
        await shop.operate("receipts.credit", {**asked, "notes": " "})
    assert codes(refused.value) == ["RCPT034"]
    note = await shop.operate("receipts.credit", asked)
    with pytest.raises(BadInput, match="credit note itself"):
        await shop.operate("receipts.credit", {**asked, "receiptId": note["receiptId"]})
    with pytest.raises(SaleConflict):
        await shop.operate("receipts.credit", {**asked, "notes": "Another reason"})


def note_on(shop, name, original_reference, total, kind="CreditNote", **more):
    return named(
        shop,
        name,
        [line(total, more.pop("tax_id", 3))],
        [("Cash", total)],
        receiptType=kind,
        creditDebitNote=original_reference,
        receiptNotes="Price was wrong",
        **more,
    )


async def test_notes_by_number_and_by_fdms_id_share_one_balance(shop):
    original = await shop.sell(named(shop, "1", [line("10.00")], [("Cash", "10.00")]))
    by_number, by_id = reference(original), {"receiptID": original["fdmsReceiptId"]}
    assert (await shop.sell(note_on(shop, "2", by_number, "-6.00")))["validationErrors"] == []
    with pytest.raises(SaleRefused, match=r"only 4\.00 is left") as refused:
        await shop.sell(note_on(shop, "3", by_id, "-6.00"))
    assert codes(refused.value) == ["RCPT035"]
    assert (await shop.sell(note_on(shop, "4", by_id, "3.00", "DebitNote")))["validationErrors"] == []
    last = note_on(shop, "5", by_id, "-7.00")
    assert (await shop.operate("check", {"sale": last}))["errors"] == []
    assert (await shop.sell(last))["validationErrors"] == []
    # A note in the books does not count against itself when it is checked again.
    assert (await shop.operate("check", {"sale": last}))["errors"] == []
    assert [entry["validationErrors"] for entry in held(shop)] == [[]] * 4
    await closes(shop)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"receiptCurrency": "ZWG"}, "RCPT042"),
        ({"tax_id": 2}, "RCPT036"),
        ({"receiptNotes": None}, "RCPT034"),
        ({"creditDebitNote": None}, "RCPT015"),
        ({"creditDebitNote": {"receiptID": 77}}, "RCPT032"),
    ],
)
async def test_what_fdms_would_flag_red_never_leaves_the_till(shop, change, code):
    original = await shop.sell(named(shop, "1", [line("10.00")], [("Cash", "10.00")]))
    wrong = {**note_on(shop, "2", reference(original), "-1.00", tax_id=change.pop("tax_id", 3)), **change}
    with pytest.raises(SaleRefused) as refused:
        await shop.sell(wrong)
    assert codes(refused.value) == [code]
    found = await shop.operate("check", {"sale": wrong})
    assert [error["code"] for error in found["errors"]] == [code]
    assert len(held(shop)) == 1


async def test_an_original_of_another_device_of_this_till(shop, simulator):
    other = await shop.register(enter(simulator, shop.device + 10_000))
    await shop.operate("day.open", {"deviceID": other})
    stranger = await shop.register(enter(simulator, shop.device + 20_000, vatNumber=None))
    await shop.operate("day.open", {"deviceID": stranger})
    original = await shop.sell({**named(shop, "1", [line("10.00")], [("Cash", "10.00")]), "deviceID": other})
    assert (await shop.sell(note_on(shop, "2", reference(original), "-4.00")))["validationErrors"] == []
    with pytest.raises(SaleRefused) as refused:
        await shop.sell({**note_on(shop, "4", reference(original), "-1.00", tax_id=1), "deviceID": stranger})
    assert "RCPT032" in codes(refused.value)

    # While FDMS has not got the original, a note of the faster device would be Red there.
    fault = {"action": "status", "operation": "SubmitReceipt", "status": 503}
    simulator.post("/faults", {"rules": [fault]}).raise_for_status()
    late = await shop.sell({**named(shop, "5", [line("10.00")], [("Cash", "10.00")]), "deviceID": other}, "signed")
    with pytest.raises(SaleRefused, match="has not answered the original") as refused:
        await shop.sell(note_on(shop, "6", reference(late), "-1.00"))
    assert codes(refused.value) == ["RCPT032"]
    own = await shop.sell({**note_on(shop, "7", reference(late), "-1.00"), "deviceID": other}, "signed")
    simulator.post("/faults", {"rules": []})
    await shop.drained(other)
    assert (await shop.operate("receipts.show", {"receiptId": own["receiptId"]}))["validationErrors"] == []


async def test_an_original_of_another_till_needs_its_paper(shop, simulator, tmp_path):
    async with running(simulator, tmp_path / "elsewhere") as elsewhere:
        elsewhere.clock.offset = shop.clock.offset
        elsewhere.device = await elsewhere.register(enter(simulator, shop.device + 10_000))
        await elsewhere.operate("day.open", {"deviceID": elsewhere.device})
        original = await elsewhere.sell(named(elsewhere, "1", [line("10.00")], [("Cash", "10.00")]))
    paper = {key: original[key] for key in ("receiptDate", "receiptCurrency", "receiptTotal", "receiptTaxes")}
    by_number, by_id = reference(original), {"receiptID": original["fdmsReceiptId"]}
    for named_by in (by_number, by_id):
        with pytest.raises(SaleRefused, match="originalReceipt") as refused:
            await shop.sell(note_on(shop, "2", named_by, "-6.00"))
        assert codes(refused.value) == ["RCPT032"]
    stated = note_on(shop, "3", by_number, "-6.00", originalReceipt=paper)
    found = (await shop.operate("check", {"sale": stated}))["errors"]
    assert [(error["code"], error["color"]) for error in found] == [("RCPT032", "Yellow")]
    assert (await shop.sell(stated))["validationErrors"] == []
    with pytest.raises(SaleRefused) as refused:
        await shop.sell(note_on(shop, "4", by_number, "-6.00", originalReceipt=paper))
    assert codes(refused.value) == ["RCPT035"]
    with pytest.raises(SaleRefused) as refused:
        await shop.sell(note_on(shop, "5", by_number, "-1.00", tax_id=2, originalReceipt=paper))
    assert codes(refused.value) == ["RCPT036"]
    old = {**paper, "receiptDate": "2025-01-01T10:00:00"}
    with pytest.raises(SaleRefused, match="older than 12 months") as refused:
        await shop.sell(note_on(shop, "6", by_number, "-1.00", originalReceipt=old))
    assert codes(refused.value) == ["RCPT033"]
    with pytest.raises(SaleRefused, match=r"originalReceipt\.receiptDate"):
        await shop.sell(
            note_on(shop, "7", by_number, "-1.00", originalReceipt={**paper, "receiptDate": "2025-13-01T10:00:00"})
        )
    await closes(shop)


async def test_a_credit_from_the_command_line(shop):
    original = await shop.sell(named(shop, "1", MIXED, [("Cash", "19.00")]))
    folder = str(shop.folder)

    async def command(*given):
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "fiscalmon", "--data-dir", folder, "receipts", "credit"),
            *(original["receiptId"], *given),
            cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        out, err = await process.communicate()
        return process.returncode, out.decode(), err.decode()

    code, out, _ = await command("--lines", "3,4", "--notes", "Stale", "--wait", "completed", "--json")
    assert (code, json.loads(out)["status"], json.loads(out)["receiptTotal"]) == (0, "completed", -9.0)
    code, out, err = await command("--notes", "All of it")
    assert (code, out) == (1, "")
    assert "only 10.00 is left" in err


async def test_notes_over_rest(simulator, tmp_path):
    make_accounts(tmp_path / "data")
    till = await Till(simulator, tmp_path / "data").start(ServerSettings(tmp_path / "data"))
    try:
        till.device = await till.register(enter(simulator, next(DEVICE_IDS)))
        await till.operate("day.open", {"deviceID": till.device})
        tls = ssl.create_default_context(cafile=till.engine.ca_file)
        async with httpx.AsyncClient(base_url=till.engine.dashboard_url, verify=tls, trust_env=False) as http:
            login = await http.post("/api/auth/token", json={"username": "pos1", "password": PASSWORD})
            headers = {"Authorization": f"Bearer {login.json()['access_token']}"}

            async def post(sold):
                answer = await http.post("/api/receipts/?wait=completed", json=sold, headers=headers)
                return answer.status_code, answer.json()

            status, original = await post(named(till, "1", [line("10.00")], [("Cash", "10.00")]))
            assert (status, original["status"]) == (201, "completed")
            status, note = await post(note_on(till, "2", reference(original), "-10.00"))
            assert (status, note["status"], note["validationErrors"]) == (201, "completed", [])
            status, refused = await post(note_on(till, "3", {"receiptID": original["fdmsReceiptId"]}, "-1.00"))
            assert (status, [error["code"] for error in refused["errors"]]) == (422, ["RCPT035"])
            paper = {key: original[key] for key in ("receiptDate", "receiptCurrency", "receiptTotal", "receiptTaxes")}
            elsewhere = note_on(till, "4", {"receiptID": 77}, "-1.00")
            assert (await post(elsewhere))[1]["errors"][0]["code"] == "RCPT032"
            # Stated, it leaves the till; here it is a lie, and FDMS says so.
            status, wrong = await post({**elsewhere, "originalReceipt": paper})
            assert (status, wrong["status"], wrong["validationErrors"][0]["code"]) == (201, "failed", "RCPT032")
    finally:
        await till.stop()


TABLE = {
    "withholding": [line("10.00", 4)],
    "exempt": [line("10.00", 1)],
    "zero-rated": [line("10.00", 2)],
    "all four with codes": [line("2.50", tax, taxCode=code) for tax, code in ((1, "C"), (2, "B"), (3, "A"), (4, "D"))],
    "discounts": [line("12.00"), line("-2.00", kind="Discount")],
}


@pytest.mark.parametrize("inclusive", [True, False])
@pytest.mark.parametrize("currency", ["USD", "ZWG"])
@pytest.mark.parametrize("kind", TABLE)
async def test_nothing_of_all_kinds_of_sales_is_red(table_shop, kind, currency, inclusive):
    shop = table_shop
    name = f"{kind}-{currency}-{inclusive}"
    tax = {"withholding": "0.50", "all four with codes": "0.52", "discounts": "1.55"}.get(kind, "0.00")
    total = "10.00" if inclusive else f"{10 + float(tax):.2f}"
    payments = [("Cash", "1.00"), ("Coupon", "2.00"), ("Credit", "3.00"), ("Other", f"{float(total) - 6:.2f}")]
    buyer = {
        "buyerRegisterName": "Tariro Moyo", "buyerTradeName": "Moyo Stores", "buyerTIN": "2000123456",
        "vatNumber": "220099887", "buyerContacts": {"phoneNo": "+263770000000", "email": "t@moyo.example"},
        "buyerAddress": {"province": "Harare", "city": "Harare", "street": "Fourth", "houseNo": "9"},
    }  # fmt: skip
    form = "Receipt48" if inclusive else "InvoiceA4"
    more = {
        "receiptLinesTaxInclusive": inclusive,
        "receiptCurrency": currency,
        "buyerData": buyer,
        "receiptPrintForm": form,
    }
    result = await shop.sell(named(shop, name, TABLE[kind], payments, **more))
    assert (result["status"], result["validationErrors"]) == ("completed", [])
    note = await shop.operate("receipts.credit", {"receiptId": result["receiptId"], "notes": "x", "wait": "completed"})
    assert (note["status"], note["validationErrors"]) == ("completed", [])


@pytest.fixture(scope="module")
def table_folder(tmp_path_factory):
    return tmp_path_factory.mktemp("table")


@pytest.fixture
async def table_shop(simulator, table_folder):
    """One till for the whole table: its day goes on from test to test."""
    simulator.post("/clock", {"offsetSeconds": 0})
    async with running(simulator, table_folder) as till:
        till.device = 29_999
        if not len(till.engine.devices):
            await till.register(enter(simulator, till.device))
            await till.operate("day.open", {"deviceID": till.device})
        yield till


async def test_the_day_of_the_whole_table_closes(table_shop):
    await closes(table_shop)


async def test_a_taxpayer_without_vat_withholds(shop, simulator):
    kiosk = await shop.register(enter(simulator, shop.device + 30_000, vatNumber=None))
    await shop.operate("day.open", {"deviceID": kiosk})
    sold = await shop.sell({**named(shop, "1", [line("10.00", 4)], [("Cash", "10.00")]), "deviceID": kiosk})
    assert sold["validationErrors"] == []
    with pytest.raises(SaleRefused) as refused:
        await shop.sell({**named(shop, "2", [line("10.00", 3)], [("Cash", "10.00")]), "deviceID": kiosk})
    assert codes(refused.value) == ["RCPT021"]
