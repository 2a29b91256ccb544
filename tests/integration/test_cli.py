"""The command line as scripts use it: processes, exit codes, JSON and nothing else, alone and through `serve`."""

import asyncio
import gzip
import json
import os
import signal
import sqlite3
import time

import pytest

from fiscalmon.data_folder import ControlAddress, DataFolder
from tests.support.books import lines_of, sale
from tests.support.command import connect, serve
from tests.support.tills import Till, new_device, numbers


@pytest.fixture
def run(zygote):
    """Runs a command to its end: folder, arguments, `given` for its standard input."""
    return zygote.run


@pytest.fixture
async def registered(fdms, tmp_path):
    """A folder with one device, its day open; no engine runs."""
    till = await Till(fdms, tmp_path / "data").start(1)
    await till.stop()
    return till


@pytest.fixture
async def served(registered):
    """The same with `serve` running."""
    running = serve(registered.path)
    yield registered
    if running.process.poll() is None:
        running.end()


def sales(till, *numbers_: object) -> bytes:
    return lines_of(sale(f"{till.id}-{number}") for number in numbers_)


async def the_whole_day(run, fdms, folder, through_engine: bool) -> dict:
    """Every command that scripts use, in the order of a day; the shapes of their answers."""
    entry = new_device(fdms)
    device = str(entry["deviceID"])
    shapes = {}

    async def ask(*arguments: str, code: int = 0, given: bytes = b"", many: bool = False):
        done = await run(folder, *arguments, "--json", given=given)
        assert (done.code, len(done.err.splitlines())) == (code, code), (arguments, done.err)
        answer = done.json if many else done.json[0]
        if not many:
            assert len(done.json) == 1
        shape = answer[0] if isinstance(answer, list) and answer else answer
        shapes[" ".join(arguments[:2])] = sorted(shape) if isinstance(shape, dict) else type(shape).__name__
        return answer

    registration = ("device", "register", "--device-id", device, "--serial", entry["serialNo"], "--gateway", fdms.url)
    made = await ask(
        *registration, "--ca", str(fdms.ca), "--activation-key-stdin", given=entry["activationKey"].encode()
    )
    assert (made["deviceID"], made["fiscalDayStatus"], made["vatNumber"]) == (
        int(device),
        "FiscalDayClosed",
        "220041778",
    )
    assert [one["deviceID"] for one in await ask("device", "list")] == [int(device)]
    config = await ask("device", "config", device)
    assert (config["deviceID"], config["deviceSerialNo"]) == (int(device), entry["serialNo"])
    assert {tax["taxID"] for tax in config["applicableTaxes"]} == {1, 2, 3, 4}
    assert len(config["operationID"]) == 22
    assert (await ask("device", "ping", device))["reportingFrequency"] >= 1
    assert (await ask("day", "status", "--device", device))["fiscalDayStatus"] == "FiscalDayClosed"
    assert (await ask("day", "open", "--device", device))["fiscalDayNo"] == 1
    assert (await ask("check", "-", given=json.dumps(sale(f"{device}-1")).encode()))["errors"] == []
    spoilt = json.dumps(sale(f"{device}-1", receiptTotal="1.00")).encode()
    assert (await ask("check", "-", given=spoilt, code=1))["errors"][0]["code"] == "RCPT019"
    given = lines_of(sale(f"{device}-{number}") for number in range(1, 4))
    results = await ask("submit", "-", "--wait", "completed", given=given, many=True)
    assert [(one["saleId"], one["status"]) for one in results] == [(f"S-{device}-{n}", "completed") for n in (1, 2, 3)]
    listed = await ask("receipts", "list", "--device", device)
    assert [one["receiptGlobalNo"] for one in listed["items"]] == [3, 2, 1]
    shown = await ask("receipts", "show", listed["items"][0]["receiptId"])
    assert shown["receipt"]["receiptDeviceSignature"]["hash"] == shown["hash"]
    status = await ask("device", "status", device)
    assert (status["queueDepth"], status["lastReceiptGlobalNo"], len(status["lastReceipts"])) == (0, 3, 3)
    assert status["counters"]
    audit = await ask("audit")
    assert (audit["receipts"], audit["auditErrors"]) == (3, 0)
    told = await ask("logs", "--device", device, many=True)
    assert [event["type"] for event in told if event["type"].startswith(("fiscal.", "receipt."))] == [
        "fiscal.opened",
        *["receipt.completed"] * 3,
    ]
    assert (await ask("day", "close", "--device", device, "--wait"))["fiscalDayStatus"] == "FiscalDayClosed"
    assert fdms.ledger(int(device))["fiscalDayStatus"] == "FiscalDayClosed"
    assert (folder / "engine.json").exists() is through_engine
    return shapes


async def test_every_command_alone_and_through_serve(run, fdms, tmp_path):
    """The same answers in both ways, member by member."""
    running = serve(tmp_path / "served")
    alone, through = await asyncio.gather(
        the_whole_day(run, fdms, tmp_path / "alone", False), the_whole_day(run, fdms, tmp_path / "served", True)
    )
    assert alone == through
    done, seconds = running.end()
    assert (done.code, done.out, done.err) == (0, "", "")
    assert seconds < 5


async def test_words_for_people(run, registered):
    path, device = registered.path, str(registered.id)
    commands = [
        ("device", "list"),
        ("device", "status", device),
        ("day", "status", "--device", device),
        ("receipts", "list"),
        ("logs",),
        ("audit",),
    ]
    done = await asyncio.gather(*[run(path, *command) for command in commands])
    assert [(one.code, one.err) for one in done] == [(0, "")] * len(commands)
    assert all(one.out.strip() and not one.out.startswith(("{", "[")) for one in done)
    assert device in done[0].out
    sold = await run(path, "submit", "-", given=sales(registered, 1, "x\u202ey"))
    assert sold.code == 1
    assert sold.out.startswith(f"S-{device}-1: signed, receipt 1/1, USD 4.98, ")
    assert "refused" in sold.out.splitlines()[1]


USAGE = [
    ("no-such-command",),
    ("day", "open"),
    ("day", "close", "--device", "0"),
    ("day", "open", "--device", "x"),
    ("submit",),
    ("submit", "-", "--wait", "forever"),
    ("serve", "--port", "70000"),
    ("demo", "--rate", "-1"),
    ("receipts", "list", "--limit", "0"),
    ("user", "add", "anna", "--role", "boss", "--password-stdin"),
    ("device", "register", "--device-id", "1", "--serial", "x", "--gateway", "https://x"),
]


@pytest.mark.parametrize("arguments", USAGE, ids=" ".join)
def test_wrong_usage_ends_with_2(arguments, capsys):
    from fiscalmon.cli.parser import build_parser

    with pytest.raises(SystemExit) as ended:
        build_parser().parse_args(arguments)
    assert ended.value.code == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith("usage: fiscalmon")


async def test_failures_are_one_plain_sentence(run, registered, tmp_path):
    device, path = str(registered.id), registered.path
    cases = [
        (("device", "status", "77"), "no device 77 on this till"),
        (("day", "status", "--device", "77"), "no device 77"),
        (("day", "open", "--device", device), "its day 1 is open"),
        (("receipts", "show", "nothing"), "no receipt nothing"),
        (("submit", str(tmp_path / "missing.json")), "missing.json cannot be read"),
        (("inspect", str(tmp_path / "missing.json")), "cannot be read"),
        (("inspect", "-"), "Standard input holds no JSON"),
        (("serve", "--no-tls", "--host", "0.0.0.0", "--port", "0"), "this machine only"),
        (("user", "remove", "nobody"), "nobody"),
        (("--config", str(tmp_path / "none.toml"), "audit"), "no settings file"),
    ]
    done = [await run(path, *arguments) for arguments, _ in cases]
    for one, (arguments, words) in zip(done, cases, strict=True):
        assert one.code == 1, (arguments, one.out, one.err)
        assert one.complaint.startswith("fiscalmon: "), arguments
        assert words in one.complaint, (arguments, one.complaint)


async def test_the_folder_before_after_and_from_the_environment(run, registered, tmp_path):
    path = str(registered.path)
    done = await asyncio.gather(
        run(registered.path, "device", "list", "--json"),
        run(None, "device", "list", "--json", "--data-dir", path),
        run(None, "device", "list", "--data-dir", path, "--json"),
        run(None, "device", "list", "--json", FISCALMON_DATA_DIR=path),
        run(tmp_path / "other", "device", "list", "--json", FISCALMON_DATA_DIR=path),
    )
    assert [[device["deviceID"] for device in one.json[0]] for one in done] == [[registered.id]] * 4 + [[]]


async def test_every_form_of_a_sale_file(run, registered, tmp_path):
    """Array, lines, one object, gzip, standard input, raw baskets; several files; one result a line, in their order."""
    path, device = registered.path, registered.id
    basket_line = {"sku": 1, "name": "BREAD", "department": "GROCERY", "quantity": 2, "salesValue": 3.00,
                   "retailDiscount": 0.5, "couponDiscount": 0, "couponMatchDiscount": 0}  # fmt: skip
    basket = {"basket": f"B-{device}", "store": 1, "time": "2017-01-01T10:00:00", "lines": [basket_line]}
    bad_basket = {**basket, "basket": f"BAD-{device}", "lines": [{**basket_line, "quantity": 0}]}
    files = {
        "array.json": json.dumps([sale(f"{device}-1"), sale(f"{device}-2")]).encode(),
        "lines.jsonl": sales(registered, 3, 4).replace(b"\n", b"\r\n") + b"\n\n",
        "one.json": json.dumps(sale(f"{device}-5"), indent=2).encode(),
        "bom.json": b"\xef\xbb\xbf" + json.dumps(sale(f"{device}-6")).encode(),
        "lines.gz": gzip.compress(sales(registered, 7, 8)),
        "baskets.jsonl": lines_of([basket, bad_basket]),
        "empty.json": b"",
    }
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    done = await run(
        path, "submit", *[str(tmp_path / name) for name in files], "-", "--json", given=sales(registered, 9)
    )
    assert done.code == 1
    assert done.err.startswith("fiscalmon: 1 of 11 sales was refused")
    results = done.json
    names = [f"S-{device}-{n}" for n in range(1, 9)] + [f"B-{device}", f"BAD-{device}", f"S-{device}-9"]
    assert [one["saleId"] for one in results] == names
    refused = results[9]
    assert (refused["status"], set(refused)) == ("refused", {"saleId", "status", "validationErrors"})
    assert "lines[0]" in refused["validationErrors"][0]["advice"]
    assert [one["receiptGlobalNo"] for one in results if one["status"] != "refused"] == list(range(1, 11))
    assert results[8]["receiptTotal"] == 3.0


async def test_garbage_between_good_sales_is_refused_by_itself(run, registered):
    good = sales(registered, 1, 2, 3).splitlines()
    given = b"\n".join(
        [good[0], b"not json", b"5", b"null", b'"text"', b"{}", b"\xff\xfe", good[1], b"[" * 5000, good[2]]
    )
    done = await run(registered.path, "submit", "-", "--json", given=given)
    assert done.code == 1
    assert done.err.startswith("fiscalmon: 7 of 10 sales were refused")
    statuses = [one["status"] for one in done.json]
    assert statuses == ["signed", *["refused"] * 6, "signed", "refused", "signed"]
    assert all(one["validationErrors"][0]["advice"] for one in done.json if one["status"] == "refused")


async def test_files_that_cannot_be_read_stop_before_anything_is_sold(run, registered, tmp_path):
    (tmp_path / "good.json").write_bytes(sales(registered, 1))
    (tmp_path / "torn.gz").write_bytes(gzip.compress(sales(registered, 2))[:-9])
    for wrong in ("missing.json", "torn.gz"):
        done = await run(registered.path, "submit", str(tmp_path / "good.json"), str(tmp_path / wrong), "--json")
        assert done.code == 1
        assert done.complaint
    listed = await run(registered.path, "receipts", "list", "--json")
    assert listed.json[0]["items"] == []


async def test_nothing_to_sell_is_no_failure(run, registered):
    done = await run(registered.path, "submit", "-", "--json", given=b"\n\n")
    assert (done.code, done.out, done.err) == (0, "", "")


async def test_the_same_sale_by_two_ways_is_one_receipt(run, registered):
    """First alone, then through the engine: a number written 10.10 is the same content in both."""
    given = json.dumps(sale(f"{registered.id}-1")).replace('"4.98"', "4.980").replace('"2.49"', "2.4900").encode()
    first = await run(registered.path, "submit", "-", "--json", given=given)
    running = serve(registered.path)
    second = await run(registered.path, "submit", "-", "--json", given=given)
    running.end()
    assert (first.code, second.code) == (0, 0), second.out
    assert first.json[0]["receiptId"] == second.json[0]["receiptId"]
    assert second.json[0]["repeated"] is True


async def test_commands_that_run_alone_do_not_disturb_each_other(run, registered):
    """POS systems start a process a sale: all of them at once, each has to go through."""
    done = await asyncio.gather(
        *[run(registered.path, "submit", "-", "--json", given=sales(registered, n, f"{n}b")) for n in range(5)]
    )
    assert [(one.code, one.err) for one in done] == [(0, "")] * 5
    assert sorted(line["receiptGlobalNo"] for one in done for line in one.json) == list(range(1, 11))
    audit = await run(registered.path, "audit", "--json")
    assert (audit.code, audit.json[0]["receipts"]) == (0, 10)


async def test_a_second_engine_is_refused_with_a_sentence(run, served):
    done = await run(served.path, "serve", "--no-tls", "--port", "0", "--json")
    assert done.code == 1
    assert "already runs" in done.complaint
    assert (await run(served.path, "device", "list", "--json")).code == 0


async def test_what_a_killed_engine_leaves_is_no_hindrance(run, registered):
    running = serve(registered.path)
    assert (await run(registered.path, "submit", "-", given=sales(registered, 1))).code == 0
    running.kill()
    assert (registered.path / "engine.json").exists()
    done = await asyncio.gather(
        run(registered.path, "device", "list", "--json"),
        run(registered.path, "submit", "-", "--json", given=sales(registered, 2)),
    )
    assert [one.code for one in done] == [0, 0], [one.err for one in done]
    assert done[1].json[0]["receiptGlobalNo"] == 2
    again = serve(registered.path)
    assert again.end()[0].code == 0
    assert not (registered.path / "engine.json").exists()


async def test_a_strangers_port_in_the_address_is_no_hindrance(run, registered):
    """The dead engine's port belongs to another program now, which answers something or nothing."""

    async def web_server(reader, writer):
        await reader.readline()
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    other = await asyncio.start_server(web_server, "127.0.0.1", 0)
    DataFolder(registered.path).publish(ControlAddress(other.sockets[0].getsockname()[1], "x", 1))
    done = await run(registered.path, "submit", "-", "--json", given=sales(registered, 1))
    assert (done.code, done.err) == (0, "")
    other.close()


async def test_sigterm_while_a_command_waits_for_fdms(registered, fdms):
    """A client is connected and waits for an answer that does not come: the engine ends all the same."""
    fdms.post("/faults", {"rules": [{"operation": "SubmitReceipt", "action": "delay", "seconds": 60}]})
    running = serve(registered.path, FISCALMON_GATEWAY_TIMEOUT="60")
    client = await connect(registered.path)
    jobs = [
        asyncio.ensure_future(client.operate("submit", {"sale": sale(f"{registered.id}-{n}"), "wait": "completed"}))
        for n in range(3)
    ]
    await asyncio.sleep(0.5)
    loop = asyncio.get_running_loop()
    done, seconds = await loop.run_in_executor(None, running.end)
    assert (done.code, done.err) == (0, "")
    assert seconds < 5
    await asyncio.gather(*jobs, return_exceptions=True)
    await client.close()
    fdms.control.delete("/faults")
    till = await Till(fdms, registered.path).start()
    till.ids = [registered.id]
    await till.drained()
    await till.check()
    assert [row[2] for row in numbers(fdms.ledger(registered.id))] == [1, 2, 3]
    await till.stop()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "Ctrl-C"])
async def test_a_command_can_be_stopped(zygote, registered, fdms, tmp_path, number):
    """A submit that waits for FDMS: the signal ends it within 5 s with 0, its receipt stays."""
    fdms.post("/faults", {"rules": [{"operation": "SubmitReceipt", "action": "delay", "seconds": 60}]})
    (tmp_path / "sale").write_bytes(sales(registered, 1))
    arguments = ["--data-dir", str(registered.path), "submit", str(tmp_path / "sale"), "--json", "--wait", "completed"]
    with (tmp_path / "out").open("wb") as out, (tmp_path / "err").open("wb") as err:
        files = [out.fileno(), out.fileno(), err.fileno()]
        command = zygote.start(arguments, files, {"FISCALMON_GATEWAY_TIMEOUT": "60"})
    database = sqlite3.connect(registered.path / "fiscalmon.db")
    async with asyncio.timeout(20):
        while not database.execute("SELECT count(*) FROM receipts").fetchone()[0]:  # noqa: ASYNC110 - looks from outside
            await asyncio.sleep(0.05)
    started = time.monotonic()
    os.kill(command.pid, number)
    assert await asyncio.to_thread(command.wait) == 0
    assert time.monotonic() - started < 5
    assert ((tmp_path / "out").read_bytes(), (tmp_path / "err").read_bytes()) == (b"", b"")
    assert database.execute("SELECT status FROM v_receipts").fetchall() in ([("signed",)], [("queued",)])
    database.close()


async def test_a_damaged_database_is_said_by_every_command(run, registered):
    database = registered.path / "fiscalmon.db"
    content = database.read_bytes()
    database.write_bytes(content[: len(content) // 2])
    kept = database.read_bytes()
    for command in (("submit", "-"), ("device", "list"), ("audit",), ("serve", "--no-tls", "--port", "0")):
        done = await run(registered.path, *command, "--json", given=sales(registered, 1))
        assert done.code == 1, command
        assert "damaged and was left as it is" in done.complaint
    assert database.read_bytes() == kept


async def test_accounts(run, tmp_path):
    """user commands: no prompt without a terminal, no password on stdout, exit codes."""
    path = tmp_path / "data"
    no_terminal = await run(path, "user", "add", "anna", "--role", "owner")
    assert no_terminal.code == 2
    assert "--password-stdin" in no_terminal.complaint
    weak = await run(path, "user", "add", "anna", "--role", "owner", "--password-stdin", given=b"x\n")
    assert weak.code == 1
    assert weak.complaint
    words = b"seven green elephants dance\n"
    added = await run(path, "user", "add", "anna", "--role", "owner", "--password-stdin", "--json", given=words)
    assert (added.code, added.json[0]["name"], added.json[0]["role"]) == (0, "anna", "owner")
    assert "elephants" not in added.out
    some = await run(
        path, "user", "add", "ben", "--role", "viewer", "--devices", "1,2", "--password-stdin", "--json", given=words
    )
    assert some.json[0]["devices"] == [1, 2]
    twice = await run(path, "user", "add", "Anna", "--role", "viewer", "--password-stdin", given=words)
    assert (twice.code, "already" in twice.complaint) == (1, True)
    changed = await run(path, "user", "passwd", "anna", "--password-stdin", given=b"eight blue elephants dance\n")
    assert changed.code == 0
    listed = await run(path, "user", "list", "--json")
    assert [one["name"] for one in listed.json[0]] == ["anna", "ben"]
    assert (await run(path, "user", "remove", "ben", "--json")).json == [{"name": "ben", "removed": True}]
    assert (await run(path, "user", "remove", "ben")).code == 1
