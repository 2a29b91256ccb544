"""The workers on a printer without bytes: order, copies, faults, restarts; the journal and the paper agree."""

import asyncio

import msgspec
import pytest

from fiscalmon.domain.errors import BadInput, DayRefused, UnknownDevice, UnknownReceipt
from fiscalmon.domain.localtime import local_text
from fiscalmon.domain.paper import PrinterSetup
from fiscalmon.domain.preferences import Printing as Wishes
from fiscalmon.domain.print_job import ImpossibleStep
from fiscalmon.services import print_worker
from fiscalmon.services.printing import Printing
from tests.support.books import Shop
from tests.support.paper_printer import OUT_OF_PAPER, PaperPrinters

WHOLE, COPY, TORN = (False, True), (True, True), (False, False)


class PrintShop(Shop):
    """A shop with printers; `open` and `shut` are a start and a stop of the engine's printing."""

    async def open(self) -> "PrintShop":
        self.printers = PaperPrinters()
        self.printing = Printing(self.parts, self.preferences, self.printers)
        await self.printing.start()
        return self

    async def add(self, name="till", device_id=101, **more):
        setup = PrinterSetup(name, "escpos", f"/dev/{name}", device_id=device_id, **more)
        return await self.printing.add(setup)

    def printer(self, name="till"):
        return self.printers.made[name]

    def came_out(self, name="till"):
        """(says COPY, whole) of each receipt, by number in the order of the paper."""
        return [(number, (copy, whole)) for number, _, copy, whole in self.printer(name).paper]

    async def states(self, name="till"):
        return [job["state"] for job in await self.printing.jobs(name)]

    async def until(self, *states, name="till"):
        async with asyncio.timeout(10):
            while await self.states(name) != list(states):  # noqa: ASYNC110 - a test looks from outside
                await asyncio.sleep(0.005)

    async def tried(self, times, name="till"):
        async with asyncio.timeout(10):
            while self.printer(name).tried < times:  # noqa: ASYNC110 - a test looks from outside
                await asyncio.sleep(0.005)

    async def shut(self):
        await self.printing.stop()
        await self.close()


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    monkeypatch.setattr(print_worker, "PAUSES", (0.01,))


@pytest.fixture
async def shop(tmp_path):
    made = PrintShop(tmp_path)
    await made.add_device()
    await made.open()
    yield made
    await made.shut()


async def test_each_receipt_comes_out_once_in_the_order_of_its_numbers(shop):
    await shop.add()
    await asyncio.gather(*(shop.sell(number) for number in range(1, 9)))
    await shop.until(*["printed"] * 8)
    assert shop.came_out() == [(number, WHOLE) for number in range(1, 9)]
    jobs = await shop.printing.jobs("till")
    assert [job["receiptGlobalNo"] for job in jobs] == list(range(1, 9))
    assert {job["kind"] for job in jobs} == {"receipt"}
    assert jobs[0]["document"] == "1"


async def test_a_printer_prints_for_its_device_from_when_it_was_added(shop):
    await shop.sell(1)
    await shop.add()
    await shop.add("other", device_id=None)
    await shop.sell(2)
    await shop.until("printed")
    assert shop.came_out() == [(2, WHOLE)]
    assert shop.came_out("other") == []


async def test_the_second_printer_of_a_device_prints_copies(shop):
    await shop.add()
    await shop.add("kitchen")
    await shop.sell(1)
    await shop.until("printed")
    await shop.until("printed", name="kitchen")
    assert (shop.came_out(), shop.came_out("kitchen")) == ([(1, WHOLE)], [(1, COPY)])


async def test_the_journal_is_ahead_of_the_bytes(shop):
    await shop.add()
    shop.printer().gate.clear()
    await shop.sell(1)
    await shop.until("printing")
    assert shop.rows("SELECT state, mark IS NOT NULL FROM print_jobs") == [("printing", 1)]
    shop.printer().gate.set()
    await shop.until("printed")


async def test_a_printer_that_is_away_keeps_its_slips_and_goes_on_by_itself(shop):
    await shop.add()
    shop.printer().away = True
    await asyncio.gather(*(shop.sell(number) for number in (1, 2, 3)))
    await shop.until("waiting", "waiting", "waiting")
    await shop.tried(4)
    first = (await shop.printing.jobs("till"))[0]
    assert (first["code"], first["reason"], first["tries"]) == ("E01", "The printer's port is not there.", 0)
    shop.printer().away = False
    await shop.until("printed", "printed", "printed")
    assert shop.came_out() == [(1, WHOLE), (2, WHOLE), (3, WHOLE)]


async def test_signing_does_not_wait_for_a_printer(shop):
    await shop.add()
    shop.printer().gate.clear()
    await asyncio.gather(*(shop.sell(number) for number in range(1, 30)))
    assert shop.rows("SELECT count(*) FROM receipts") == [(29,)]
    shop.printer().gate.set()


async def test_a_torn_slip_comes_out_again_as_a_copy_before_the_next(shop):
    await shop.add()
    shop.printer().script.extend(["torn"])
    await asyncio.gather(shop.sell(1), shop.sell(2))
    await shop.until("printed", "printed")
    assert shop.came_out() == [(1, TORN), (1, COPY), (2, WHOLE)]


async def test_a_slip_that_always_tears_is_given_up_and_holds_nothing_up(shop):
    await shop.add()
    shop.printer().script.extend(["torn", "torn", "torn"])
    await asyncio.gather(shop.sell(1), shop.sell(2))
    await shop.until("failed", "printed")
    assert shop.came_out() == [(1, TORN), (1, (True, False)), (1, (True, False)), (2, WHOLE)]
    told = shop.rows("SELECT json_extract(data, '$.receiptGlobalNo') FROM events WHERE type = 'print.failed'")
    assert told == [(1,)]


async def test_a_refused_slip_is_tried_and_then_given_up_unprinted(shop):
    await shop.add()
    shop.printer().script.extend(["refused"] * 3)
    await asyncio.gather(shop.sell(1), shop.sell(2))
    await shop.until("failed", "printed")
    assert shop.came_out() == [(2, WHOLE)]
    failed = (await shop.printing.jobs("till"))[0]
    assert (failed["code"], failed["onPaper"]) == ("E15", False)
    again = await shop.printing.orders.retry(failed["job"])
    assert (await shop.printing.finished(again, 5)).state == "printed"
    assert shop.came_out()[-1] == (1, WHOLE)


@pytest.mark.parametrize(("lost", "paper"), [("lost-done", [(1, WHOLE)]), ("lost-undone", [(1, WHOLE)])])
async def test_a_lost_answer_is_asked_for_and_never_guessed(shop, lost, paper):
    await shop.add()
    shop.printer().script.append(lost)
    await shop.sell(1)
    await shop.until("printed")
    assert shop.came_out() == paper
    assert shop.printer().asked == 1


async def test_what_stays_unknown_comes_out_once_more_as_a_copy_and_then_waits_for_a_person(shop):
    await shop.add()
    shop.printer().answers = False
    shop.printer().script.extend(["lost-done", "lost-done"])
    await asyncio.gather(shop.sell(1), shop.sell(2))
    await shop.until("unknown", "printed")
    assert shop.came_out() == [(1, WHOLE), (1, COPY), (2, WHOLE)]
    confirmed = await shop.printing.orders.confirm(1)
    assert confirmed.state == "printed"


async def test_a_printer_that_tells_nothing_prints_nothing_twice_by_itself(shop):
    await shop.add()
    shop.printer().answers = False
    shop.printer().findings = (OUT_OF_PAPER._replace(code="W07", advice="It does not say how it is."),)
    await shop.printing.card("till", ask=True)
    shop.printer().script.append("lost-done")
    await shop.sell(1)
    await shop.until("unknown")
    assert shop.came_out() == [(1, WHOLE)]


async def test_a_printer_away_in_the_middle_is_asked_when_it_is_back(shop):
    await shop.add()
    shop.printer().gate.clear()
    shop.printer().script.append("lost-done")
    await shop.sell(1)
    await shop.until("printing")
    shop.printer().away = True
    shop.printer().gate.set()
    await shop.until("unknown")
    await shop.sell(2)
    assert shop.came_out() == [(1, WHOLE)]
    shop.printer().away = False
    await shop.until("printed", "printed")
    assert shop.came_out() == [(1, WHOLE), (2, WHOLE)]


async def test_a_restart_asks_what_became_of_a_slip_and_prints_it_as_a_copy(shop):
    await shop.add()
    shop.printer().gate.clear()
    await asyncio.gather(shop.sell(1), shop.sell(2))
    await shop.until("printing", "waiting")
    await shop.printing._workers["till"][0].printer.close()
    shop.printing._workers["till"][1].cancel()
    await shop.open()
    await shop.until("printed", "printed")
    assert shop.printer().asked == 1
    assert shop.came_out() == [(1, COPY), (2, WHOLE)]


async def test_a_receipt_on_paper_is_printed_again_as_a_copy(shop):
    await shop.add()
    entry = await shop.sell(1)
    await shop.until("printed")
    again = await shop.printing.finished(await shop.printing.print_receipt(entry.receipt_id), 5)
    assert (again.state, again.kind) == ("printed", "copy")
    assert shop.came_out() == [(1, WHOLE), (1, COPY)]


async def test_a_receipt_without_a_slip_gets_its_original(shop):
    entry = await shop.sell(1)
    await shop.add(device_id=None)
    first = await shop.printing.finished(await shop.printing.print_receipt(entry.receipt_id), 5)
    second = await shop.printing.finished(await shop.printing.print_receipt(entry.receipt_id), 5)
    assert (first.kind, second.kind) == ("receipt", "copy")
    assert shop.came_out() == [(1, WHOLE), (1, COPY)]


async def test_an_original_that_only_waits_goes_to_the_printer_that_is_there(shop):
    await shop.add()
    await shop.add("spare", device_id=None)
    shop.printer().away = True
    entry = await shop.sell(1)
    await shop.tried(2)
    moved = await shop.printing.finished(await shop.printing.print_receipt(entry.receipt_id, "spare"), 5)
    assert (moved.state, moved.printer) == ("printed", "spare")
    shop.printer().away = False
    await shop.until(name="till")
    assert (shop.came_out(), shop.came_out("spare")) == ([], [(1, WHOLE)])


async def test_a_slip_that_waits_is_asked_for_twice_and_printed_once(shop):
    await shop.add()
    shop.printer().away = True
    entry = await shop.sell(1)
    await shop.tried(2)
    first = await shop.printing.print_receipt(entry.receipt_id)
    second = await shop.printing.print_receipt(entry.receipt_id)
    assert first.job == second.job == 1
    shop.printer().away = False
    await shop.until("printed")


async def test_what_is_skipped_is_not_printed_and_can_be_retried(shop):
    await shop.add()
    shop.printer().away = True
    await asyncio.gather(shop.sell(1), shop.sell(2))
    skipped = await shop.printing.orders.skip(1)
    assert (skipped.state, skipped.code) == ("failed", "SKIPPED")
    shop.printer().away = False
    await shop.until("failed", "printed")
    await shop.printing.orders.retry(1)
    await shop.until("printed", "printed")
    assert shop.came_out() == [(2, WHOLE), (1, WHOLE)]


async def test_a_printed_slip_takes_no_skip_and_no_retry(shop):
    await shop.add()
    await shop.sell(1)
    await shop.until("printed")
    for act in (shop.printing.orders.skip, shop.printing.orders.retry, shop.printing.orders.confirm):
        with pytest.raises(ImpossibleStep):
            await act(1)
    with pytest.raises(UnknownReceipt):
        await shop.printing.orders.skip(99)


async def test_reports_on_paper(shop):
    await shop.add()
    await shop.sell(1)
    x = await shop.printing.finished(await shop.printing.print_report(101), 5)
    assert (x.kind, x.state, x.fiscal_day_no) == ("x", "printed", 1)
    with pytest.raises(DayRefused):
        await shop.printing.print_report(101, 9)
    with pytest.raises(UnknownDevice):
        await shop.printing.print_report(999)


@pytest.mark.parametrize("wanted", [True, False])
async def test_the_z_report_of_a_closed_day_comes_out_once_where_it_is_wanted(shop, wanted):
    await shop.add()
    await shop.preferences.change(Wishes(day_reports=wanted), by="till")
    await shop.sell(1)
    day = shop.devices.get(101).day
    for _ in range(2):
        await shop.store.write(lambda work: work.days.closed(day, local_text(shop.clock.now()), "Auto", None))
    shop.printing.ring()
    await shop.until("printed", *(["printed"] if wanted else []))
    assert [kind for _, kind, *_ in shop.printer().paper] == ["receipt", *(["z"] if wanted else [])]


async def test_the_drawer_opens_for_cash_once_it_is_wanted(shop):
    await shop.add()
    papers = []
    plain = shop.printer().print
    shop.printer().print = lambda paper, mark: (papers.append(paper), plain(paper, mark))[1]
    await shop.sell(1)
    await shop.until("printed")
    await shop.preferences.change(Wishes(open_drawer=True), by="till")
    entry = await shop.sell(2)
    await shop.until("printed", "printed")
    await shop.printing.finished(await shop.printing.print_receipt(entry.receipt_id), 5)
    assert [paper.drawer for paper in papers] == [False, True, False]
    assert [paper.receipt is None for paper in papers] == [False, False, True]


async def test_people_are_told_once_what_a_printer_needs_and_that_it_is_well(shop):
    await shop.add()
    await shop.sell(1)
    await shop.until("printed")
    shop.printer().findings = (OUT_OF_PAPER,)
    for _ in range(2):
        card = await shop.printing.card("till", ask=True)
    assert (card["state"], card["findings"]) == ("stopped", [{"code": "E05", "advice": "The printer is out of paper."}])
    shop.printer().findings = ()
    card = await shop.printing.card("till", ask=True)
    assert (card["state"], card["model"]) == ("ready", "Paper 1")
    told = shop.rows("SELECT type FROM events WHERE type LIKE 'printer.%' ORDER BY seq")
    assert told == [("printer.attention",), ("printer.ok",)]


async def test_trouble_that_was_told_is_not_told_again_after_a_restart(shop):
    await shop.add()
    shop.printer().findings = (OUT_OF_PAPER,)
    await shop.printing.card("till", ask=True)
    await shop.printing.stop()
    await shop.open()
    shop.printer().findings = (OUT_OF_PAPER,)
    await shop.printing.card("till", ask=True)
    assert shop.rows("SELECT count(*) FROM events WHERE type = 'printer.attention'") == [(1,)]


async def test_a_removed_printer_gives_up_what_waits_and_keeps_its_journal(shop):
    await shop.add()
    await shop.sell(1)
    await shop.until("printed")
    shop.printer().away = True
    await shop.sell(2)
    await shop.printing.remove("till")
    assert shop.printer().closed
    jobs = await shop.printing.jobs("till")
    assert [(job["state"], job["code"]) for job in jobs] == [("printed", None), ("failed", "REMOVED")]
    await shop.sell(3)
    assert len(await shop.printing.jobs("till")) == 2
    with pytest.raises(BadInput):
        await shop.printing.remove("till")


@pytest.mark.parametrize("name", ["", " till", "a\nb", "x" * 41])
async def test_a_printer_has_a_plain_name(shop, name):
    with pytest.raises(BadInput):
        await shop.add(name)


async def test_set_ups_that_cannot_be(shop):
    await shop.add()
    assert (await shop.add())["name"] == "till"
    with pytest.raises(BadInput, match="already"):
        await shop.add(baud=9600)
    with pytest.raises(BadInput, match="port"):
        await shop.printing.add(PrinterSetup("other", "escpos", "/dev/till"))
    with pytest.raises(UnknownDevice):
        await shop.add("other", device_id=999)
    with pytest.raises(BadInput):
        await shop.add("other", mode="hardware-fiscal")
    assert [card["name"] for card in await shop.printing.cards()] == ["till"]


async def test_printers_come_back_as_they_were_set_up(shop):
    await shop.add(width=32, qr="image", baud=9600)
    setup = shop.printer().setup
    await shop.printing.stop()
    await shop.open()
    assert shop.printer().setup == setup


async def test_hostile_names_of_goods_reach_the_paper_harmless(shop):
    await shop.add()
    papers = []
    plain = shop.printer().print
    shop.printer().print = lambda paper, mark: (papers.append(paper), plain(paper, mark))[1]
    entry = await shop.sell(1)
    document = await shop.store.read(lambda archive: archive.payload(entry.receipt_id))
    assert document
    await shop.until("printed")
    assert all(line.text.isprintable() for line in papers[0].lines)
    assert msgspec.json.encode(papers[0].lines)
