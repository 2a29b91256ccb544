"""Sales left as files: taken whole and once, answered, put away; whatever interrupts that, and whatever lies there."""

import asyncio
import json
import shutil
import time

import pytest

from fiscalmon.sale_folder import SaleFolder
from fiscalmon.services.watched_folder import FolderWatch
from tests.support.books import sale
from tests.support.command import serve
from tests.support.tills import Till, new_device, numbers


class Crash(BaseException):
    """The process dies here."""


class Watched:
    """A till whose folder is looked at when the test says so."""

    def __init__(self, till: Till, path) -> None:
        self.till, self.path = till, path

    async def begin(self) -> "Watched":
        self.path.mkdir(exist_ok=True)
        await self.set(path=str(self.path))
        self.renew()
        return self

    async def set(self, **values) -> None:
        await self.till.engine.preferences.set("watched-folder", values, by="till")

    def renew(self) -> None:
        """A watch that remembers nothing, as after a start."""
        engine = self.till.engine

        async def sell(given):
            return await engine.operations.run("submit", given)

        self.watch = FolderWatch(engine._parts, engine.preferences, sell, lambda path: SaleFolder(self.path))

    async def turns(self, count: int = 2) -> None:
        for _ in range(count):
            await self.watch.turn()

    def put(self, name: str, content) -> None:
        """As a careful POS does: written aside, then renamed in."""
        text = content if isinstance(content, str) else json.dumps(content)
        (self.path / f".{name}.tmp").write_text(text)
        (self.path / f".{name}.tmp").replace(self.path / name)

    def held(self, folder: str = "") -> list[str]:
        return sorted(path.name for path in (self.path / folder).iterdir() if not path.is_dir())

    def results(self, name: str) -> list[dict]:
        return [json.loads(line) for line in (self.path / "results" / f"{name}.result.json").read_text().splitlines()]

    def reason(self, name: str) -> str:
        return (self.path / "rejected" / f"{name}.reason.txt").read_text()


@pytest.fixture
async def watched(till, tmp_path, monkeypatch):
    monkeypatch.setattr("fiscalmon.services.watched_folder.LOOK_SECONDS", 0.0)
    monkeypatch.setattr("fiscalmon.services.watched_folder.GROWN_SECONDS", 0.0)
    monkeypatch.setattr("fiscalmon.services.watched_folder.BROKEN_SECONDS", 0.0)
    return await Watched(till, tmp_path / "sales").begin()


async def test_a_sale_goes_in_and_its_result_comes_out(watched):
    watched.put("one.json", sale("f1"))
    await watched.turns()
    (result,) = watched.results("one")
    assert (result["saleId"], result["receiptGlobalNo"]) == (sale("f1")["saleId"], 1)
    assert result["qrUrl"]
    assert result["verificationCode"]
    assert (watched.held(), watched.held("done"), watched.held("rejected")) == ([], ["one.json"], [])
    await watched.till.drained()
    await watched.till.check()


async def test_several_sales_a_file_one_result_a_line_in_their_order(watched):
    sales = [sale(f"m{number}") for number in range(25)]
    watched.put("lines.jsonl", "\n".join(map(json.dumps, sales)) + "\n")
    await watched.turns()
    assert [one["receiptGlobalNo"] for one in watched.results("lines")] == list(range(1, 26))
    assert [one["saleId"] for one in watched.results("lines")] == [one["saleId"] for one in sales]


async def test_the_same_sale_again_gives_the_first_result_and_another_one_of_its_name_is_refused(watched):
    watched.put("a.json", sale("s"))
    await watched.turns()
    watched.put("b.json", sale("s"))
    watched.put("c.json", sale("s", price="9.99"))
    await watched.turns()
    first, again = watched.results("a")[0], watched.results("b")[0]
    assert (first["receiptId"], again["repeated"]) == (again["receiptId"], True)
    assert watched.results("c")[0]["validationErrors"][0]["code"] == "SALE_CONFLICT"
    assert "give this sale a new one" in watched.reason("c")
    assert watched.held("rejected") == ["c.json", "c.reason.txt"]


async def test_a_file_with_bad_sales_is_set_aside_and_its_good_ones_are_through(watched):
    watched.put("mixed.json", [sale("good"), sale("bad", tax_id=99), "no sale", {"saleId": 5}])
    await watched.turns()
    assert [one["status"] for one in watched.results("mixed")][1:] == ["refused"] * 3
    reason = watched.reason("mixed")
    assert "3 of 4 sales were refused" in reason
    assert f"sale 2, {sale('bad')['saleId']}: RCPT025" in reason
    # Mended and left again: nothing is signed twice.
    watched.put("mixed.json", [sale("good"), sale("bad")])
    await watched.turns()
    assert [one["receiptGlobalNo"] for one in watched.results("mixed")] == [1, 2]
    assert [data["file"] for _, data in await watched.till.told("file.rejected")] == ["mixed.json"]


async def test_raw_baskets(watched):
    line = {
        "sku": 1, "name": "MILK", "department": "GROCERY", "quantity": 1, "salesValue": 2.5, "retailDiscount": 0,
        "couponDiscount": 0, "couponMatchDiscount": 0,
    }  # fmt: skip
    basket = {"basket": "B1", "store": 367, "time": "2017-12-23T10:00:00", "lines": [line]}
    watched.put("day.jsonl", json.dumps(basket) + "\n")
    await watched.turns()
    assert watched.results("day")[0]["saleId"] == "B1"


async def test_a_file_that_grows_is_never_half_read(watched, monkeypatch):
    monkeypatch.setattr("fiscalmon.services.watched_folder.GROWN_SECONDS", 0.4)
    lines = [json.dumps(sale(f"g{number}")) + "\n" for number in range(6)]
    with (watched.path / "slow.jsonl").open("w") as file:
        for line in lines:
            file.write(line)
            file.flush()
            await watched.turns(1)
    assert watched.held() == ["slow.jsonl"]
    async with asyncio.timeout(10):
        while watched.held():
            await watched.turns(1)
            await asyncio.sleep(0.05)
    assert len(watched.results("slow")) == 6


async def test_broken_json_waits_for_its_writer_and_is_then_set_aside(watched, monkeypatch):
    monkeypatch.setattr("fiscalmon.services.watched_folder.BROKEN_SECONDS", 60)
    (watched.path / "cut.json").write_text(json.dumps(sale("cut"))[:-20])
    await watched.turns(4)
    assert (watched.held(), watched.held("rejected")) == (["cut.json"], [])
    (watched.path / "cut.json").write_text(json.dumps(sale("cut")))
    await watched.turns()
    assert watched.held("done") == ["cut.json"]
    monkeypatch.setattr("fiscalmon.services.watched_folder.BROKEN_SECONDS", 0)
    (watched.path / "cut2.json").write_text("{")
    await watched.turns()
    assert "it may have been cut off" in watched.reason("cut2")


async def test_without_an_open_day_files_wait_and_people_are_told_once(watched):
    await watched.till.drained()
    await watched.till.close_day()
    for name in ("w1", "w2"):
        watched.put(f"{name}.json", sale(name))
    await watched.turns(5)
    assert watched.held() == ["w1.json", "w2.json"]
    (told,) = await watched.till.told("folder.attention")
    assert "w1.json waits: No fiscal day is open" in told[1]["reason"]
    await watched.till.open_day()
    await watched.turns()
    assert watched.held("done") == ["w1.json", "w2.json"]


async def test_a_folder_that_is_missing_or_cannot_be_used_is_said_and_taken_up_again(watched):
    shutil.rmtree(watched.path)
    await watched.turns(3)
    watched.path.write_text("a file where the folder was")
    await watched.turns(3)
    watched.path.unlink()
    watched.path.mkdir()
    (watched.path / "done").write_text("in the way")
    await watched.turns(2)
    (watched.path / "done").unlink()
    watched.put("late.json", sale("late"))
    await watched.turns()
    told = [(type_, data["reason"]) for type_, data in await watched.till.told("folder.attention", "folder.ok")]
    assert [type_ for type_, _ in told] == ["folder.attention"] * 3 + ["folder.ok"]
    assert all("make it, and give this user the right" in reason for type_, reason in told[:3])
    assert "done in it is no folder" in told[2][1]
    assert watched.held("done") == ["late.json"]


async def test_no_setting_no_look(watched):
    await watched.set(path=None)
    watched.put("a.json", sale("a"))
    await watched.turns(3)
    assert watched.held() == ["a.json"]


async def test_the_setting_names_the_device(watched):
    second = await watched.till.register(new_device(watched.till.fdms))
    await watched.set(device=second)
    watched.put("a.json", {**sale("a"), "deviceID": None})
    await watched.turns()
    assert watched.results("a")[0]["deviceID"] == second


@pytest.mark.parametrize("step", ["read", "put_result", "explain", "clear"])
@pytest.mark.parametrize("after", [False, True])
async def test_a_crash_between_any_two_steps_loses_nothing_and_sells_nothing_twice(watched, monkeypatch, step, after):
    real = getattr(SaleFolder, step)

    def dies(self, *given, **more):
        if after:
            real(self, *given, **more)
        raise Crash

    watched.put("a.json", [sale("a"), sale("b")])
    watched.put("bad.json", [sale("c"), sale("d", tax_id=99)])
    for _ in range(3):
        monkeypatch.setattr(SaleFolder, step, dies)
        with pytest.raises(Crash):
            await watched.turns(3)
        monkeypatch.setattr(SaleFolder, step, real)
        await watched.till.restart()
        watched.renew()
        if not watched.held():
            break
    await watched.turns(3)
    assert watched.held() == []
    assert (watched.held("done"), watched.held("rejected")) == (["a.json"], ["bad.json", "bad.reason.txt"])
    assert [one["receiptGlobalNo"] for one in watched.results("a") + watched.results("bad")[:1]] == [1, 2, 3]
    await watched.till.drained()
    await watched.till.check()


async def test_a_server_that_is_killed_again_and_again_answers_every_file_once(fdms, tmp_path):
    till = await Till(fdms, tmp_path / "till").start(1)
    folder = tmp_path / "sales"
    folder.mkdir()
    await till.engine.preferences.set("watched-folder", {"path": str(folder)}, by="till")
    await till.stop()
    names = [f"k{number:02}" for number in range(30)]
    for name in names:
        (folder / f"{name}.json").write_text(json.dumps(sale(name)))
    answered = 0
    for _ in range(2):
        engine = serve(till.path)
        until = time.monotonic() + 20
        while (now := len(list(folder.glob("results/*.json")))) <= answered and time.monotonic() < until:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        answered = now
        engine.kill()
    engine = serve(till.path)
    async with asyncio.timeout(30):
        while list(folder.glob("*.json")):  # noqa: ASYNC110 - files tell nobody
            await asyncio.sleep(0.05)
    engine.end()
    found = [json.loads((folder / "results" / f"{name}.result.json").read_text()) for name in names]
    assert sorted(one["receiptGlobalNo"] for one in found) == list(range(1, 31))
    assert sorted(path.name for path in (folder / "done").iterdir()) == [f"{name}.json" for name in names]
    await till.start()
    await till.drained()
    await till.check()
    assert len(numbers(fdms.ledger(till.id))) == 30
    await till.stop()
