"""The counter on real books: the list, sales that survive a power cut, and each sold once."""

from decimal import Decimal as D

import msgspec
import pytest

from fiscalmon.domain.errors import BadInput, DayNotOpen, SaleRefused, TillBusy
from fiscalmon.domain.open_sale import OpenLine, OpenSale, Tender, add, change_line, give
from fiscalmon.services.open_sales import OpenSales
from fiscalmon.services.products import Products
from tests.support.books import Shop

LIST = "sku,barcode,name,hs,tax,USD\nM2,6001,MILK 2 L,04012000,3,2.49\nB1,6002,BREAD,19059000,exempt,1.10\n"
MILK = OpenLine("MILK 2 L", 3, D("2.49"), hs_code="04012000", sku="M2")


@pytest.fixture
async def shop(tmp_path):
    made = Shop(tmp_path)
    await made.add_device()
    yield made
    await made.close()


def counter(shop: Shop) -> OpenSales:
    return OpenSales(shop.parts, shop.fiscaliser, shop.preferences)


def rung(sale_id: str = "Q-1", given: str | None = "5.00") -> OpenSale:
    sale = add(OpenSale(sale_id), MILK)
    return give(sale, Tender("Cash", "USD", D(given))) if given else sale


async def test_the_list_is_looked_at_then_taken(shop):
    products = Products(shop.store, shop.devices)
    looked = await products.preview(LIST)
    assert looked.as_dict()["added"] == 2 and await products.count() == 0
    assert (await products.take(LIST)).change == (2, 0, 0, 0)
    assert (await products.by_code("06001")).name == "MILK 2 L" and (await products.by_code("b1")).tax_id == 1
    assert await products.by_code("") is None and await products.by_code("%") is None
    assert [p.sku for p in await products.search("2 milk")] == ["M2"] and await products.search("mi_k") == []
    assert [p.sku for p in await products.search()] == ["B1", "M2"]


async def test_an_import_adds_and_changes_and_replaces_only_when_told(shop):
    products = Products(shop.store, shop.devices)
    await products.take(LIST)
    more = "sku,barcode,name,tax,USD\nM2,6001,MILK 2 L,3,2.59\nX,6002,EGGS,3,9\nY,,EGGS,3,x\n"
    looked = await products.take(more)
    assert looked.change == (0, 1, 0, 1)
    assert ["belongs to B1" in p.text or "no number" in p.text for p in looked.problems] == [True, True]
    assert (await products.by_code("M2")).prices == {"USD": D("2.59")} and await products.count() == 2
    with pytest.raises(BadInput):
        await products.take(more, partial=False)
    await products.take(more, replace=True)
    assert {p.sku for p in await products.search()} == {"M2", "X"}
    with pytest.raises(BadInput, match="Nothing was imported"):
        await products.take("sku,name,tax,USD\nA,A,3,x\n")


async def test_who_imports_is_told_of_goods_whose_every_sale_would_be_refused(shop):
    products = Products(shop.store, shop.devices)
    assert (await products.preview(LIST)).as_dict()["advice"] is None
    head = "sku,name,hs_code,tax,price_USD\n"
    soap = head + "S,SOAP,,3,1\n"
    assert (await products.take(soap)).advice.startswith("No sale of SOAP can be signed yet: a VAT payer needs an HS")
    short_for_exempt = head + "F,FISH,0401,3,1\nB,BREAD,1905,exempt,1\nR,RICE,,0%,1\n"
    assert "No sale of BREAD and 1 more can" in (await products.preview(short_for_exempt)).advice


async def test_a_sale_is_paid_once_and_gone_from_the_counter(shop):
    sales = counter(shop)
    await sales.save(rung())
    first = await sales.pay(rung())
    again = await sales.pay(rung())
    assert (first["change"], first["repeated"], again["repeated"]) == (D("2.51"), False, True)
    assert first["receiptId"] == again["receiptId"] and first["receiptTotal"] == D("2.49")
    assert shop.rows("SELECT count(*) FROM receipts") == [(1,)]
    assert (await sales.begun()) == (None, None)


async def test_what_cannot_be_sold_stays_on_the_screen(shop):
    sales = counter(shop)
    with pytest.raises(BadInput, match="still to be paid"):
        await sales.pay(rung(given="2.48"))
    bad = add(OpenSale("Q-2"), msgspec.structs.replace(MILK, hs_code="12"))
    with pytest.raises(SaleRefused):
        await sales.pay(give(bad, Tender("Cash", "USD", D(5))))
    assert (await sales.begun()).sale.lines == bad.lines
    assert shop.rows("SELECT state FROM open_sales") == [("current",)]


async def test_a_power_cut_between_selling_and_the_answer_sells_once(shop, tmp_path):
    sales = counter(shop)
    held = sales._store.write

    async def dies(job):
        # The receipt is recorded; forgetting the open sale is what the power cut prevents.
        if shop.rows("SELECT count(*) FROM receipts") == [(1,)]:
            raise TillBusy("no power")
        return await held(job)

    sales._store = type("Cut", (), {"write": staticmethod(dies), "read": shop.store.read})()
    with pytest.raises(TillBusy):
        await sales.pay(rung())
    begun = await counter(shop).begun()
    assert begun.sale is None and (begun.sold["receiptGlobalNo"], begun.sold["change"]) == (1, D("2.51"))
    assert await counter(shop).begun() == (None, None)


async def test_a_sale_changed_after_it_was_sold_unseen_is_told(shop):
    sales = counter(shop)
    await sales.pay(rung())
    changed = change_line(rung(given="50"), 0, quantity=D(3))
    told = await sales.pay(changed)
    assert told["otherContent"] and told["receiptTotal"] == D("2.49")


async def test_held_sales_survive_and_come_back(shop):
    sales = counter(shop)
    await sales.hold(rung("Q-1"), " Mrs Moyo ")
    await sales.save(rung("Q-2"))
    assert [(held.label, held.sale.sale_id) for held in await counter(shop).held()] == [("Mrs Moyo", "Q-1")]
    assert await sales.recall("Q-1") == rung("Q-1")
    assert [held.sale.sale_id for held in await sales.held()] == ["Q-2"]  # it was on the screen: not lost
    await sales.discard("Q-2")
    with pytest.raises(BadInput):
        await sales.recall("Q-2")
    with pytest.raises(BadInput):
        await sales.hold(OpenSale("Q-3"))
    await sales.save(OpenSale("Q-1"))
    assert await sales.begun() == (None, None)


async def test_the_desk_says_what_is_sold_by(tmp_path):
    shop = Shop(tmp_path)
    await counter(shop).set_rates({"ZWG": "26.9"})
    desk = await counter(shop).desk()
    assert (desk.currency, desk.rates) == ("USD", {"ZWG": D("26.9")})
    for wrong in ({"ZWG": "0.00"}, {"ZWG": "-1"}, {"zwg": "1"}, {"ZWG": "1e9"}):
        with pytest.raises(BadInput):
            await counter(shop).set_rates(wrong)
    assert desk.config is None and desk.currencies[:2] == ("USD", "ZWG") and "ZWL" not in desk.currencies
    await shop.add_device(day=False)
    assert (await counter(shop).desk()).config.taxes[2].band == "15.5%"
    with pytest.raises(DayNotOpen):
        await counter(shop).pay(rung())
    assert (await counter(shop).begun()).sale == rung()
    await shop.close()
