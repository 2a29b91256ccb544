"""Some 130 sales, each breaking one rule of Gateway v7.2 §14 or standing right at its edge, before both judges:
`check` of the till, and FDMS's simulator, which gets them as receipts of another vendor's till.

Neither arithmetic nor signing of the receipts that FDMS gets is the product's own.
"""

import itertools
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from tests.support.foreign_receipt import receipt_members
from tests.support.simulator import Till as Foreign
from tests.support.simulator import codes, now, text
from tests.support.tills import Till, new_device

RED, YELLOW, GRAY = "Red", "Yellow", "Gray"
EIGHT, FOUR = "34011100", "3401"
_numbers = itertools.count(1)


@dataclass
class Chain:
    """Where the device stands that the sale is for; `original` sells what a note is about."""

    opened: datetime
    last: datetime
    counter: int
    no: int
    originals: dict
    taken: str

    def reference(self, name: str) -> dict:
        return {"receiptID": self.originals[name]["fdmsReceiptId"]}


def line(price="11.55", quantity="1", tax=3, hs=EIGHT, kind="Sale", **changes) -> dict:
    made = {
        "receiptLineType": kind,
        "receiptLineName": "SOAP",
        "receiptLineHSCode": hs,
        "receiptLinePrice": price,
        "receiptLineQuantity": quantity,
        "receiptLineTotal": str((Decimal(price) * Decimal(quantity)).quantize(Decimal("0.01"), "ROUND_HALF_UP")),
        "taxID": tax,
        **changes,
    }
    return {name: value for name, value in made.items() if value is not None}


def sale(*lines, paid=None, **changes) -> dict:
    """Paid in full in cash unless said; `changes` replace members, None leaves one out."""
    number = next(_numbers)
    given = {
        "saleId": f"J-{number}",
        "receiptType": "FiscalInvoice",
        "receiptCurrency": "USD",
        "invoiceNo": f"J-{number}",
        "receiptLinesTaxInclusive": True,
        "receiptLines": list(lines or (line(),)),
        "receiptPayments": [],
        **changes,
    }
    if "receiptPayments" not in changes:
        bare = {name: value for name, value in given.items() if name not in ("receiptTaxes", "receiptTotal")}
        total = paid or str(receipt_members(bare)["receiptTotal"])
        given["receiptPayments"] = [{"moneyTypeCode": "Cash", "paymentAmount": total}]
    return {name: value for name, value in given.items() if value is not None}


def taxes(amount="1.55", gross="11.55", percent: str | None = "15.5", tax=3, **more) -> list[dict]:
    entry = {"taxID": tax, "taxPercent": percent, "taxAmount": amount, "salesAmountWithTax": gross, **more}
    return [{name: value for name, value in entry.items() if value is not None}]


def pay(*amounts) -> list[dict]:
    kinds = ("Cash", "Card", "MobileWallet", "Coupon")
    return [{"moneyTypeCode": k, "paymentAmount": a} for k, a in zip(kinds, amounts, strict=False)]


def note(c: Chain, name="soap", *lines, kind="CreditNote", **changes) -> dict:
    minus = "-" if kind == "CreditNote" else ""
    given = {"receiptType": kind, "receiptNotes": "returned", "creditDebitNote": c.reference(name), **changes}
    return sale(*(lines or (line(minus + "11.55"),)), **given)


def dated(c: Chain, moment: datetime, **changes) -> dict:
    return sale(receiptDate=text(moment), **changes)


def a_year_after(c: Chain, seconds=0) -> str:
    sold = datetime.fromisoformat(c.originals["soap"]["receiptDate"])
    return text(sold.replace(year=sold.year + 1) + timedelta(seconds=seconds))


@dataclass(frozen=True)
class Row:
    """`expected`: code to colour. `who`: see SELLERS."""

    make: object
    expected: dict
    who: str = "payer"


# A VAT payer in mid-day, one that has sold nothing yet, one whose taxes come and go, and no VAT payer.
SELLERS = {
    "payer": {},
    "quiet": {},
    "changing": {
        "taxes": [
            {"taxID": 2, "taxName": "Zero", "taxPercent": "0"},
            {"taxID": 5, "taxName": "Standard", "taxPercent": "15", "validTill": "2020-12-31T23:59:59"},
            {"taxID": 6, "taxName": "Standard", "taxPercent": "17", "validFrom": "2099-01-01T00:00:00"},
            {"taxID": 7, "taxName": "Standard", "taxPercent": "16", "validFrom": "2021-01-01T00:00:00"},
        ]
    },
    "plain": {"vatNumber": None},
}


def red(*names: str) -> dict:
    return {f"RCPT{name}": RED for name in names}


DAY = timedelta(hours=24)
SECOND = timedelta(seconds=1)
BUYER = {"buyerRegisterName": "Moyo and Sons", "buyerTIN": "2000000001"}
TABLE = {
    # currency
    "010 unknown": Row(lambda c: sale(receiptCurrency="XXX"), red("010")),
    "010 the old dollar": Row(lambda c: sale(receiptCurrency="ZWL"), red("010")),
    "010 fine: gold": Row(lambda c: sale(receiptCurrency="ZWG"), {}),
    # place in the chain
    "011 used": Row(lambda c: sale(receiptCounter=c.counter), red("011")),
    "011 zero": Row(lambda c: sale(receiptCounter=0), red("011")),
    "011 gap": Row(lambda c: sale(receiptCounter=c.counter + 2), {"RCPT011": GRAY, "RCPT012": GRAY}),
    "011 fine": Row(lambda c: sale(receiptCounter=c.counter + 1), {}),
    "012 early": Row(lambda c: sale(receiptGlobalNo=c.no + 2), red("012")),
    "012 used": Row(lambda c: sale(receiptGlobalNo=c.no), red("012")),
    "012 one in mid-day": Row(lambda c: sale(receiptGlobalNo=1), red("012")),
    "012 fine": Row(lambda c: sale(receiptGlobalNo=c.no + 1), {}),
    "013 taken": Row(lambda c: sale(invoiceNo=c.taken), red("013")),
    "014 before the opening": Row(lambda c: dated(c, c.opened - SECOND), {"RCPT014": YELLOW}, "quiet"),
    "014 the very second": Row(lambda c: dated(c, c.opened), {"RCPT014": YELLOW}, "quiet"),
    "014 fine": Row(lambda c: dated(c, c.opened + SECOND), {}, "quiet"),
    # what must be there
    "015 no reference": Row(lambda c: note(c, creditDebitNote=None), red("015")),
    "015 a reference that names nothing": Row(lambda c: note(c, creditDebitNote={"deviceID": 5}), red("015")),
    "016 no lines": Row(lambda c: sale(receiptLines=[], receiptTotal="0.00", paid="0.00"), red("016", "017")),
    "016 no lines but taxes": Row(
        lambda c: sale(receiptLines=[], receiptTotal="0", receiptTaxes=taxes("0", "0"), paid="0.00"), red("016")
    ),
    "017 no taxes": Row(
        lambda c: sale(line("1.00"), line("-1.00", kind="Discount"), receiptTaxes=[], receiptTotal="0", paid="0.00"),
        red("017", "027"),
    ),
    "018 no payment": Row(
        lambda c: sale(line("1.00"), line("-1.00", kind="Discount"), receiptPayments=[]), red("018")
    ),
    # totals
    "019 a cent more": Row(
        lambda c: sale(receiptTotal="11.56", receiptTaxes=taxes(gross="11.56"), paid="11.56"), red("019", "027")
    ),
    "019 only the total": Row(lambda c: sale(receiptTotal="11.54", paid="11.54"), red("019", "038")),
    "021 VAT without being registered": Row(lambda c: sale(), red("021"), "plain"),
    "021 fine: exempt": Row(lambda c: sale(line(tax=1)), {}, "plain"),
    "021 fine: zero": Row(lambda c: sale(line(tax=2)), {}, "plain"),
    "021 fine: withholding": Row(lambda c: sale(line(tax=4)), {}, "plain"),
    "021 in the taxes only": Row(
        lambda c: sale(line(tax=1), receiptTaxes=[*taxes("0", "11.55", None, 1), *taxes("0", "0")]), red("021"), "plain"
    ),
    # lines
    "022 negative sale": Row(lambda c: sale(line(), line("-1.00")), red("022")),
    "022 sale at zero": Row(lambda c: sale(line(), line("0", receiptLineTotal="0.00")), red("022")),
    "022 discount above zero": Row(lambda c: sale(line(), line("1.00", kind="Discount")), red("022")),
    "022 credit above zero": Row(lambda c: note(c, "two", line("-11.55"), line("1.00")), red("022")),
    "022 debit below zero": Row(lambda c: note(c, "two", line("2.00"), line("-1.00"), kind="DebitNote"), red("022")),
    "022 fine: discount of a credit": Row(
        lambda c: note(c, "two", line("-11.55"), line("1.00", kind="Discount")), {}
    ),
    "022 fine: no price": Row(lambda c: sale(line(receiptLinePrice=None)), {}),
    "022 discount at zero": Row(lambda c: sale(line(), line("0", kind="Discount")), red("022")),
    "022 credit at zero": Row(lambda c: note(c, "two", line("-11.55"), line("0")), red("022")),
    "023 zero": Row(lambda c: sale(line(receiptLinePrice=None, receiptLineQuantity="0")), red("023")),
    "023 below zero": Row(lambda c: sale(line(receiptLinePrice=None, receiptLineQuantity="-1")), red("023")),
    "023 fine: a millionth": Row(lambda c: sale(line(receiptLinePrice=None, receiptLineQuantity="0.000001")), {}),
    "024 a cent more": Row(lambda c: sale(line("3.85", "3", receiptLineTotal="11.56")), red("024")),
    "024 a cent less": Row(lambda c: sale(line("3.85", "3", receiptLineTotal="11.54")), red("024")),
    "024 the other sign": Row(
        lambda c: sale(line(receiptLineTotal="-11.55"), receiptPayments=pay("-11.55")), red("024", "028", "040")
    ),
    "024 fine: half a cent up": Row(lambda c: sale(line("0.335", "3", receiptLineTotal="1.01")), {}),
    "024 half a cent down": Row(lambda c: sale(line("0.335", "3", receiptLineTotal="1.00")), red("024")),
    "024 fine: below half a cent": Row(lambda c: sale(line("33.333333", "0.3", receiptLineTotal="10.00")), {}),
    "024 fine: half a cent of a credit": Row(
        lambda c: note(c, "two", line("-0.335", "3", receiptLineTotal="-1.01")), {}
    ),
    # taxes
    "025 unknown": Row(lambda c: sale(line(tax=99)), red("025")),
    "025 another percent": Row(lambda c: sale(line(taxPercent="15")), red("025")),
    "025 a percent for exempt": Row(lambda c: sale(line(tax=1, taxPercent="0")), red("025")),
    "025 in the taxes only": Row(lambda c: sale(receiptTaxes=taxes(tax=99)), red("025", "026", "027")),
    "025 a percent in the taxes only": Row(
        lambda c: sale(receiptTaxes=taxes("1.51", percent="15")), red("025", "026", "027")
    ),
    "025 not valid any more": Row(lambda c: sale(line(tax=5, taxPercent="15")), red("025"), "changing"),
    "025 not valid yet": Row(lambda c: sale(line(tax=6, taxPercent="17")), red("025"), "changing"),
    "025 fine: valid now": Row(lambda c: sale(line(tax=7, taxPercent="16")), {}, "changing"),
    "fine: a tax code on one line only": Row(lambda c: sale(line(taxCode="A"), line("2.00")), {}),
    "026 a credit's tax above zero": Row(
        lambda c: note(c, "two", receiptTaxes=taxes("1.55", "-11.55"), receiptTotal="-11.55"), red("026")
    ),
    "026 a cent more": Row(lambda c: sale(receiptTaxes=taxes("1.56")), red("026")),
    "026 a cent less": Row(lambda c: sale(receiptTaxes=taxes("1.54")), red("026")),
    "026 taxed as if exclusive": Row(lambda c: sale(receiptTaxes=taxes("1.79")), red("026")),
    "026 tax on zero-rated": Row(
        lambda c: sale(line(tax=2), receiptTaxes=taxes("0.01", percent="0", tax=2)), red("026")
    ),
    "026 fine: half a cent up": Row(
        lambda c: sale(line("0.10", tax=4, receiptLinesTaxInclusive=None), receiptLinesTaxInclusive=False), {}
    ),
    "027 a cent more": Row(lambda c: sale(receiptTaxes=taxes(gross="11.56"), receiptTotal="11.55"), red("027", "038")),
    "027 net instead of gross": Row(
        lambda c: sale(receiptTaxes=taxes("1.79", "11.55"), receiptLinesTaxInclusive=False, receiptTotal="13.34"),
        red("027", "038"),
    ),
    "027 a group is not listed": Row(
        lambda c: sale(line(), line("2.00", tax=2), receiptTaxes=taxes(), receiptTotal="13.55"), red("027", "038")
    ),
    "027 a credit's sales above zero": Row(
        lambda c: note(c, "two", receiptTaxes=taxes("-1.55"), receiptTotal="-11.55"), red("027", "038")
    ),
    # payments
    "028 below zero": Row(lambda c: sale(receiptPayments=pay("12.55", "-1.00")), red("028")),
    "028 above zero in a credit": Row(
        lambda c: note(c, "two", receiptPayments=pay("-12.55", "1.00")), red("028")
    ),
    "028 fine: zero": Row(lambda c: sale(receiptPayments=pay("11.55", "0.00")), {}),
    "029 an invoice that refers": Row(lambda c: sale(creditDebitNote=c.reference("soap")), red("029")),
    "029 an invoice that refers to nothing": Row(lambda c: sale(creditDebitNote={}), red("029")),
    # dates
    "030 the same second": Row(lambda c: dated(c, c.last), red("030")),
    "030 earlier": Row(lambda c: dated(c, c.last - SECOND), red("030")),
    "031 two hours ahead": Row(lambda c: dated(c, now() + 2 * timedelta(hours=1)), {"RCPT031": YELLOW}),
    "031 fine: now": Row(lambda c: dated(c, now()), {}, "quiet"),
    "041 a second too late": Row(lambda c: dated(c, c.opened + DAY + SECOND), {"RCPT031": YELLOW, "RCPT041": YELLOW}),
    "041 fine: the last second": Row(lambda c: dated(c, c.opened + DAY), {"RCPT031": YELLOW}),
    # notes
    "032 unknown id": Row(lambda c: note(c, creditDebitNote={"receiptID": 10**12}), red("032")),
    "032 unknown number": Row(
        lambda c: note(c, creditDebitNote={"deviceID": 9, "receiptGlobalNo": 9, "fiscalDayNo": 9}), red("032")
    ),
    "032 of another taxpayer": Row(lambda c: note(c, "theirs", line("-1.00", tax=2)), red("032")),
    "033 a second too old": Row(
        lambda c: note(c, "two", receiptDate=a_year_after(c, 60)),
        {**red("033"), "RCPT031": YELLOW, "RCPT041": YELLOW},
    ),
    "033 fine: twelve months": Row(
        lambda c: note(c, "soap", receiptDate=a_year_after(c)), {"RCPT031": YELLOW, "RCPT041": YELLOW}
    ),
    "033 debit a second too old": Row(
        lambda c: note(c, "two", kind="DebitNote", receiptDate=a_year_after(c, 60)),
        {**red("033"), "RCPT031": YELLOW, "RCPT041": YELLOW},
    ),
    "034 no words": Row(lambda c: note(c, "three", receiptNotes=None), red("034")),
    "034 blanks": Row(lambda c: note(c, "seven", receiptNotes="  "), red("034")),
    "034 debit without words": Row(lambda c: note(c, "three", kind="DebitNote", receiptNotes=""), red("034")),
    "035 a cent more than is left": Row(lambda c: note(c, "four", line("-11.56")), red("035")),
    "035 fine: all of it": Row(lambda c: note(c, "five"), {}),
    "036 another tax": Row(lambda c: note(c, "six", line("-1.00", tax=2)), red("036")),
    "036 debit with another tax": Row(lambda c: note(c, "six", line("1.00", tax=1), kind="DebitNote"), red("036")),
    "036 in the taxes only": Row(
        lambda c: note(c, "two", receiptTaxes=[*taxes("-1.55", "-11.55"), *taxes("0", "0", "0", 2)]), red("036")
    ),
    "037 a cent more": Row(
        lambda c: sale(receiptLinesTaxInclusive=False, receiptTotal="13.35", paid="13.35"), red("037", "038")
    ),
    "037 the tax forgotten": Row(
        lambda c: sale(receiptLinesTaxInclusive=False, receiptTotal="11.55", paid="11.55"), red("037", "038")
    ),
    "039 a cent short": Row(lambda c: sale(receiptPayments=pay("11.54")), red("039")),
    "039 a cent over": Row(lambda c: sale(receiptPayments=pay("10.00", "1.56")), red("039")),
    "039 fine: split": Row(lambda c: sale(receiptPayments=pay("5.55", "3", "2.00", "1.00")), {}),
    "040 below zero": Row(
        lambda c: sale(line("-1.00", kind="Discount"), receiptPayments=pay("-1.00")), red("028", "040")
    ),
    "040 credit above zero": Row(
        lambda c: note(c, "two", line("1.00", kind="Discount"), receiptPayments=pay("1.00")), red("028", "040")
    ),
    "040 debit below zero": Row(
        lambda c: note(c, "two", line("-1.00", kind="Discount"), kind="DebitNote", receiptPayments=pay("-1.00")),
        red("028", "040"),
    ),
    "042 another currency": Row(lambda c: note(c, "six", receiptCurrency="ZWG"), red("042")),
    "042 debit in another currency": Row(
        lambda c: note(c, "six", kind="DebitNote", receiptCurrency="ZWG"), red("042")
    ),
    # buyer
    "043 no TIN": Row(lambda c: sale(buyerData={"buyerRegisterName": "Moyo"}), red("043")),
    "043 no name": Row(lambda c: sale(buyerData={"buyerTIN": "2000000001"}), red("043")),
    "043 empty": Row(lambda c: sale(buyerData={}), red("043")),
    "043 fine": Row(lambda c: sale(buyerData={**BUYER, "vatNumber": "220000001"}), {}),
    # HS codes
    "047 missing": Row(lambda c: sale(line(hs=None)), red("047")),
    "047 empty": Row(lambda c: sale(line(hs="")), red("047")),
    "047 missing on a discount": Row(
        lambda c: sale(line(), line("-1.00", kind="Discount", hs=None)), red("047")
    ),
    "047 fine: no VAT payer": Row(lambda c: sale(line(tax=2, hs=None)), {}, "plain"),
    "048 six digits": Row(lambda c: sale(line(hs="340111")), red("048")),
    "048 letters": Row(lambda c: sale(line(hs="34O1")), red("048")),
    "048 seven digits": Row(lambda c: sale(line(hs="3401110")), red("048")),
    "048 eight letters": Row(lambda c: sale(line(hs="ABCDEFGH")), red("048")),
    "048 blanks": Row(lambda c: sale(line(hs="    ")), red("048")),
    "048 four digits at zero": Row(lambda c: sale(line(tax=2, hs=FOUR)), red("048")),
    "048 four digits exempt": Row(lambda c: sale(line(tax=1, hs=FOUR)), red("048")),
    "048 fine: four digits": Row(lambda c: sale(line(hs=FOUR)), {}),
    "048 five digits, no VAT payer": Row(lambda c: sale(line(tax=2, hs="34011")), red("048"), "plain"),
    "048 fine: four digits, no VAT payer": Row(lambda c: sale(line(tax=2, hs=FOUR)), {}, "plain"),
    # structure
    "02 seven decimals": Row(lambda c: sale(line(receiptLineQuantity="1.0000001")), red("02")),
    "02 three decimals": Row(lambda c: sale(line(receiptLineTotal="11.555")), red("02")),
    "02 a short TIN": Row(lambda c: sale(buyerData={**BUYER, "buyerTIN": "200000001"}), red("02")),
    "02 a short VAT number": Row(lambda c: sale(buyerData={**BUYER, "vatNumber": "22000000"}), red("02")),
    "02 a long name": Row(lambda c: sale(line(receiptLineName="x" * 201)), red("02")),
    "02 a long HS code": Row(lambda c: sale(line(hs="340111001")), red("02")),
    "02 a long invoice number": Row(lambda c: sale(invoiceNo="x" * 51), red("02")),
    "02 no money type": Row(
        lambda c: sale(receiptPayments=[{"moneyTypeCode": "Gold", "paymentAmount": "11.55"}]), red("02")
    ),
    "02 no line type": Row(lambda c: sale(line(kind="Gift")), red("02")),
    "02 a date that does not exist": Row(lambda c: sale(receiptDate="2026-02-30T08:00:00"), red("02")),
    "02 no number": Row(lambda c: sale(line(receiptLineTotal="much"), paid="11.55"), red("02")),
    "02 a long tax code": Row(lambda c: sale(line(taxCode="ABCD")), red("02")),
}  # fmt: skip


def found_by_check(answer: dict) -> dict:
    return {error["code"]: error["color"] for error in answer["errors"]}


class FdmsJudge:
    """Another vendor's device for each sale, so that no sale has a say in the next."""

    def __init__(self, fdms, originals: dict, taken: str) -> None:
        self.fdms, self.originals, self.taken = fdms, originals, taken

    def found(self, row: Row) -> dict:
        entry = new_device(self.fdms, **SELLERS[row.who])
        device = Foreign(self.fdms, entry).register()
        assert device.open().status_code == 200
        if row.who != "quiet":
            before = receipt_members(sale(line(tax=2)))
            assert codes(device.submit(**before)) == {}
            assert codes(device.submit(**before | {"invoiceNo": f"{before['invoiceNo']}-2"})) == {}
        chain = Chain(device.opened, device.date, device.counter, device.global_no, self.originals, self.taken)
        signed = device.sign(device.receipt(**receipt_members(row.make(chain))))
        answer = device.post("SubmitReceipt", {"receipt": signed})
        if answer.status_code == 400 or answer.json().get("errorCode") == "RCPT02":
            return red("02")
        assert answer.status_code == 200, answer.text
        return codes(answer.json())


async def ready_till(till: Till) -> tuple[dict, dict, str]:
    """Devices for each kind of seller, originals for the notes, an invoice number that is taken."""
    ids = {"payer": till.id}
    for who in ("quiet", "changing", "plain"):
        ids[who] = await till.register(new_device(till.fdms, **SELLERS[who]))
    originals = {}
    for name in ("soap", "two", "three", "four", "five", "six", "seven"):
        lines = [line(price) for price in (("11.55", "100") if name == "two" else ("11.55",))]
        originals[name] = await till.engine.till.submit({**sale(*lines), "deviceID": till.id})
    originals["theirs"] = await till.engine.till.submit({**sale(line(tax=2)), "deviceID": ids["plain"]})
    taken = f"{till.id}-taken"
    await till.engine.till.submit({**sale(), "deviceID": till.id, "invoiceNo": taken})
    await till.drained()
    settled = {name: await till.engine.till.receipt(made["receiptId"]) for name, made in originals.items()}
    return ids, settled, taken


async def test_the_till_and_fdms_find_the_same(till):
    ids, originals, taken = await ready_till(till)
    fdms = FdmsJudge(till.fdms, originals, taken)
    checked, judged = {}, {}
    for name, row in TABLE.items():
        day = await till.engine.till.day_status(ids[row.who])
        page = await till.engine.till.receipts(limit=1, device=ids[row.who])
        last = page["items"][0] if page["items"] else None
        chain = Chain(
            datetime.fromisoformat(day["fiscalDayOpened"][:19]),
            datetime.fromisoformat((last or day)["receiptDate" if last else "fiscalDayOpened"][:19]),
            last["receiptCounter"] if last else 0,
            last["receiptGlobalNo"] if last else 0,
            originals,
            taken,
        )
        given = {**row.make(chain), "deviceID": ids[row.who]}
        checked[name] = found_by_check(await till.engine.till.check(given))
        judged[name] = fdms.found(row)
    expected = {name: row.expected for name, row in TABLE.items()}
    assert checked == expected
    assert judged == expected


def test_the_table_breaks_every_rule_that_a_sale_can_break():
    told = {code for row in TABLE.values() for code in row.expected}
    assert told >= {f"RCPT{number:03}" for number in (*range(10, 20), *range(21, 44), 47, 48)}
