"""Ringing up without a window: every act in its turn, on the disk, sold once."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator
from dataclasses import replace
from decimal import Decimal as D
from pathlib import Path
from typing import Any

import pytest

from fiscalmon.domain.errors import BadInput
from fiscalmon.domain.open_sale import Off, OpenLine, add, change_line, void_line
from tests.gui.counter import Counter, Desk
from tests.gui.waiting import until
from ui.pages.sale import engine_calls
from ui.presenters import sale_forms as forms
from ui.presenters.checkout import Checkout
from ui.presenters.sale_entry import Entry, read_entry

MILK, BREAD = "6001000000017", "6001000000024"


@pytest.fixture
async def counter(tmp_path: Path) -> AsyncIterator[Counter]:
    made = await Counter(tmp_path).open()
    await made.till.open_sales.set_rates({"ZWG": "26.9"})
    yield made
    await made.shop.close()


async def begin(counter: Counter, first: int = 1) -> Checkout:
    ids = itertools.count(first - 1)  # the first one is dropped when the engine says how to begin
    desk: Any = Desk(counter, None)  # type: ignore[arg-type]
    checkout = Checkout(engine_calls(desk), lambda: f"Q-{next(ids)}", lambda: None)
    await checkout.start()
    return checkout


def rows(checkout: Checkout) -> list[tuple[str, str, str]]:
    return [(line.name, line.quantity, line.total) for line in checkout.state.view().lines]


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("  ", Entry("nothing")),
        ("600100", Entry("code", "600100")),
        ("milk 2 l", Entry("code", "milk 2 l")),
        ("3*600", Entry("code", "600", D(3))),
        ("0.5 × rice", Entry("code", "rice", D("0.5"))),
        ("12*", Entry("quantity", "", D(12))),
        ("-10%", Entry("off", "", D(10), True)),
        ("--1.50", Entry("sale_off", "", D("1.50"))),
        ("=2,20", Entry("price", "", D("2.20"))),
        ("=x", Entry("unclear", "=x")),
        ("1.2.3*", Entry("unclear", "1.2.3*")),
        ("A-10", Entry("code", "A-10")),
        ("x\x00\x1b6001", Entry("code", "x6001")),
    ],
)
def test_what_is_typed_is_read(text: str, entry: Entry) -> None:
    assert read_entry(text) == entry


async def test_codes_numbers_and_discounts(counter: Counter) -> None:
    checkout = await begin(counter)
    await checkout.scan(MILK)
    for text in ("2*bread", "r5", "-10%", "--1.00"):
        await checkout.enter(text)
    view = checkout.state.view()
    assert rows(checkout) == [("MILK 2 L", "1", "2.49"), ("BREAD WHITE 700 G", "2", "2.20"), ("RICE 5 KG", "1", "6.48")]
    assert (view.total, view.discount, view.lines[2].note) == ("10.17", "1.00", "Discount 10% −0.72")
    assert view.taxes == (("VAT 15.5%", "0.30"),)
    await checkout.enter("4*")
    await checkout.enter("=7.00")
    assert rows(checkout)[2] == ("RICE 5 KG", "4", "25.20")
    assert await checkout.enter("") is True  # now the money


async def test_what_cannot_be_understood_changes_nothing(counter: Counter) -> None:
    checkout = await begin(counter)
    wrong = (("nonsense", "not in the product list"), ("l", "More than one"), ("=", "no number"), ("3*", "no such"))
    for text, said in wrong:
        await checkout.enter(text)
        assert checkout.state.notice and said in checkout.state.notice[1], text
    await checkout.scan("milk")  # a scanner sends codes, not names
    assert checkout.state.sale.empty and await checkout.enter("") is False


async def test_undo_goes_back_act_by_act(counter: Counter) -> None:
    checkout = await begin(counter)
    await checkout.scan(MILK)
    await checkout.scan(BREAD)
    await checkout.change(lambda sale: void_line(sale, 0))
    assert rows(checkout) == [("BREAD WHITE 700 G", "1", "1.10")]
    await checkout.undo()
    assert [row[0] for row in rows(checkout)] == ["MILK 2 L", "BREAD WHITE 700 G"]
    await checkout.drop()
    assert checkout.state.sale.empty
    await checkout.undo()
    assert len(rows(checkout)) == 2
    again = await begin(counter, 50)
    assert again.state.sale == checkout.state.sale  # what Undo brought back is on the disk too


async def test_a_sale_in_two_currencies_is_sold_once_however_often_it_is_pressed(counter: Counter) -> None:
    checkout = await begin(counter)
    await checkout.enter("3*" + MILK)
    sale_id = checkout.state.sale.sale_id
    assert checkout.state.missing_in("ZWG") == D("200.95")  # 200.943, and a cent less would not do
    assert not await checkout.give("Cash", "ZWG", "100", sale_id)
    assert (checkout.state.view().missing, checkout.state.view().tenders[0].amount) == ("3.75", "3.72")
    presses = [checkout.give("Cash", "USD", "10", sale_id) for _ in range(5)]
    assert sorted(await asyncio.gather(*presses)) == [False, False, False, False, True]
    assert counter.recorded() == [("Q-1", "7.47", "USD")]
    result = checkout.state.result
    assert result and (result.title, result.total, result.change) == ("Receipt 1", "USD 7.47", "USD 6.25")
    assert checkout.state.sale.empty and checkout.state.sale.sale_id == "Q-2"
    await checkout.scan(MILK)
    assert checkout.state.result is None


async def test_money_that_is_none_is_refused_in_words(counter: Counter) -> None:
    checkout = await begin(counter)
    await checkout.scan(MILK)
    sale_id = checkout.state.sale.sale_id
    for text, currency, said in (
        ("", "USD", "no amount"),
        ("abc", "USD", "no amount"),
        ("-5", "USD", "no amount"),
        ("0", "USD", "above zero"),
        ("1.005", "USD", "two decimals"),
        ("6001000000017", "USD", "too large"),
        ("5", "ZAR", "no rate for ZAR"),
    ):
        await checkout.give("Cash", currency, text, sale_id)
        assert checkout.state.notice and said in checkout.state.notice[1], text
    assert not checkout.state.sale.tenders
    await checkout.give("Card", "USD", "3", sale_id)
    assert "only cash gives change" in checkout.state.view().notices[0][1]
    assert counter.recorded() == []


async def test_a_scan_during_the_handing_in_goes_into_the_next_sale(counter: Counter) -> None:
    checkout = await begin(counter)
    await checkout.scan(MILK)
    slow, pay = asyncio.Event(), checkout._calls.pay

    async def slowly(sale: Any) -> Any:
        await slow.wait()
        return await pay(sale)

    checkout._calls = replace(checkout._calls, pay=slowly)
    selling = asyncio.ensure_future(checkout.give("Cash", "USD", "2.49", "Q-1"))
    await until(lambda: checkout.state.paying)
    scanning = asyncio.ensure_future(checkout.scan(BREAD))
    assert await checkout.give("Cash", "USD", "2.49", "Q-1") is False  # pressed once more
    slow.set()
    assert await selling
    await scanning
    assert counter.recorded() == [("Q-1", "2.49", "USD")]
    assert (checkout.state.sale.sale_id, rows(checkout)) == ("Q-2", [("BREAD WHITE 700 G", "1", "1.10")])


async def test_the_rulebook_speaks_at_the_line_it_means(counter: Counter) -> None:
    checkout = await begin(counter)
    await checkout.scan(MILK)
    await checkout.change(lambda sale: change_line(sale, 0, off=Off(percent=D(10))))
    await checkout.change(lambda sale: add(sale, OpenLine("Box <b>", 3, D(5))), last=True)
    await checkout.judge()
    milk, box = checkout.state.view().lines
    assert (milk.state, box.state) == ("", "failed")
    assert box.note == "HS code is missing: a VAT payer needs 4 or 8 digits."
    assert checkout.state.view().notices == ()
    await checkout.give("Cash", "USD", "10", checkout.state.sale.sale_id)
    assert counter.recorded() == [] and checkout.state.notice
    assert checkout.state.view().lines[1].state == "failed" and checkout.state.view().can_pay


async def test_a_power_cut_leaves_the_sale_on_the_screen(counter: Counter) -> None:
    checkout = await begin(counter)
    for code in (MILK, BREAD):
        await checkout.scan(code)
    await checkout.give("Cash", "USD", "1", "Q-1")
    again = await begin(counter, 50)
    assert again.state.sale == checkout.state.sale and again.state.notice
    assert await again.give("Cash", "USD", "5", again.state.sale.sale_id)
    assert counter.recorded() == [("Q-1", "3.59", "USD")]


async def test_hold_and_recall(counter: Counter) -> None:
    checkout = await begin(counter)
    await checkout.scan(MILK)
    assert await checkout.hold("Mrs Moyo") and checkout.state.sale.empty
    await checkout.scan(BREAD)
    assert await checkout.recall("Q-1")
    assert rows(checkout) == [("MILK 2 L", "1", "2.49")]
    assert [held.sale.lines[0].name for held in await counter.till.open_sales.held()] == ["BREAD WHITE 700 G"]
    assert not await checkout.recall("gone")


async def test_another_currency_takes_list_prices_or_the_rate(counter: Counter) -> None:
    checkout = await begin(counter)
    await checkout.scan(MILK)
    await checkout.enter("s1")  # soap has no price in ZWG
    await checkout.currency("ZWG")
    assert rows(checkout) == [("MILK 2 L", "1", "66.98"), ("SOAP 250 G", "1", "36.32")]
    await checkout.currency("ZAR")
    assert checkout.state.notice and "no rate between ZWG and ZAR" in checkout.state.notice[1]
    await checkout.give("Cash", "ZWG", "1", checkout.state.sale.sale_id)
    await checkout.currency("USD")
    assert checkout.state.sale.currency == "ZWG"


async def test_fdms_answer_reaches_the_last_sale(counter: Counter) -> None:
    checkout = await begin(counter)
    await checkout.scan(MILK)
    await checkout.give("Cash", "USD", "2.49", "Q-1")
    receipt = checkout.state.last
    assert receipt
    checkout.heard({"receiptId": "another", "status": "failed"})
    assert checkout.state.result and checkout.state.result.state == "ok" and checkout.state.result.change == ""
    checkout.heard({**receipt, "status": "queued"})
    assert checkout.state.result.state == "attention" and "goes out by itself" in checkout.state.result.note
    checkout.heard({**receipt, "status": "completed"})
    assert checkout.state.result.note == "Accepted by FDMS"


async def test_suggestions_are_for_names(counter: Counter) -> None:
    checkout = await begin(counter)
    await checkout.suggest("oi")
    assert [one.name for one in checkout.state.suggestions] == ["COOKING OIL 2 L"]
    await checkout.pick(checkout.state.suggestions[0], D(2))
    assert rows(checkout) == [("COOKING OIL 2 L", "2", "9.30")] and checkout.state.suggestions == []
    await checkout.suggest("-10")
    assert checkout.state.suggestions == []


def test_a_buyer_needs_name_and_tin() -> None:
    made = forms.buyer({"name": " Moyo  Ltd ", "tin": "2000417788", "city": "Harare", "vat": "", "phone": ""})
    assert made and (made.register_name, made.tin, made.contacts) == ("Moyo Ltd", "2000417788", None)
    assert forms.buyer_values(made)["city"] == "Harare" and forms.buyer({"name": "", "tin": " "}) is None
    for wrong in ({"name": "A", "tin": ""}, {"name": "A", "tin": "123"}, {"name": "A", "tin": "٢" * 10}):
        with pytest.raises(BadInput):
            forms.buyer(wrong)


def test_other_forms() -> None:
    line = forms.other_item({"name": "Box", "price": "1,234.50", "quantity": "", "tax": "3", "hs": "0401"})
    assert (line.price, line.quantity, line.hs_code) == (D("1234.50"), 1, "0401")
    assert forms.discount("10 %") == Off(percent=D(10)) and forms.discount("") == Off()
    assert forms.rates({"ZWG": "26.900", "ZAR": " "}) == {"ZWG": "26.9"}
    for read, wrong in (
        (forms.other_item, {"name": "", "price": "1", "tax": "3"}),
        (forms.other_item, {"name": "A", "price": "x", "tax": "3"}),
        (forms.other_item, {"name": "A", "price": "1", "tax": "3", "hs": "12"}),
        (forms.rates, {"ZWG": "0"}),
        (forms.discount, "much"),
    ):
        with pytest.raises(BadInput):
            read(wrong)  # type: ignore[operator]
