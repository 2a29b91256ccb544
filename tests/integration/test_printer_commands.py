"""The commands about printers as scripts use them, alone and through `serve`, on the printer emulator."""

import json

import pytest

from tests.support.books import lines_of, sale
from tests.support.command import serve
from tests.support.printer_process import PrinterProcess
from tests.support.tills import Till

JOB = {"job", "receiptId", "deviceID", "receiptGlobalNo", "kind", "state", "reason", "at"}


@pytest.fixture(scope="module")
def emulator_process():
    made = PrinterProcess("--family", "escpos")
    yield made
    made.end()


@pytest.fixture
def emulator(emulator_process):
    return emulator_process.renewed()


@pytest.fixture
async def registered(fdms, tmp_path):
    """A folder with one device, its day open; no engine runs."""
    till = await Till(fdms, tmp_path / "data").start(1)
    await till.stop()
    return till


@pytest.mark.parametrize("served", [False, True])
async def test_a_printer_from_set_up_to_removal(zygote, registered, emulator, tmp_path, served):
    running = serve(registered.path) if served else None
    try:
        await the_whole_way(zygote, registered, emulator, tmp_path)
    finally:
        if running:
            done, seconds = running.end()
    if running:
        assert (done.code, done.err) == (0, "")
        assert seconds < 5


async def the_whole_way(zygote, registered, emulator, tmp_path):
    device = str(registered.id)

    async def ask(*arguments: str, code: int = 0, given: bytes = b"", many: bool = False):
        done = await zygote.run(registered.path, *arguments, "--json", given=given)
        assert done.code == code, (arguments, done.err)
        assert "Traceback" not in done.err
        return done.json if many else done.json[0]

    card = await ask("printer", "add", "till", "--family", "escpos", "--port", emulator.port, "--device", device)
    assert (card["name"], card["width"], card["deviceID"]) == ("till", 48, registered.id)
    assert [one["name"] for one in await ask("printer", "list")] == ["till"]
    result = await ask("submit", "-", given=lines_of([sale(f"{registered.id}-1")]))
    # A command of its own waits for its slip; a running engine prints while the next command comes.
    copy = await ask("receipts", "print", result["receiptId"])
    assert (copy["state"], copy["kind"], copy["reason"]) == ("printed", "copy", None)
    assert emulator.slips() == [(1, False, True), (1, True, True)]
    status = await ask("printer", "status", "till")
    assert (status["state"], status["reachable"], status["findings"]) == ("ready", True, [])
    page = await ask("printer", "test", "till")
    assert (page["state"], page["kind"], page["receiptId"]) == ("printed", "test", None)
    assert "PRINTER TEST" in emulator.paper
    report = await ask("day", "report", "--device", device, "--print")
    assert (report["state"], report["kind"]) == ("printed", "x")
    jobs = await ask("printer", "jobs", "till", many=True)
    assert [(job["kind"], job["state"], job["receiptGlobalNo"]) for job in jobs] == [
        ("receipt", "printed", 1),
        ("copy", "printed", 1),
        ("test", "printed", None),
        ("x", "printed", None),
    ]
    assert all(set(job) >= JOB for job in jobs)
    shown = await ask("device", "status", device)
    assert [one["name"] for one in shown["printers"]] == ["till"]

    preview = tmp_path / "slip.txt"
    made = await ask("receipts", "print", result["receiptId"], "--preview", str(preview))
    assert made["copy"] is True
    lines = [line.rstrip() for line in preview.read_text().splitlines()]
    on_paper = emulator.paper.splitlines()
    start = next(n for n, line in enumerate(on_paper) if "COPY" in line)
    at = next(n for n, line in enumerate(lines) if "COPY" in line)
    printed = [line.rstrip() for line in on_paper[start - at :] if not line.startswith("[QR")]
    assert printed[: len(lines)] == lines
    for name, magic in (("slip.png", b"\x89PNG"), ("slip.pdf", b"%PDF")):
        await ask("receipts", "print", result["receiptId"], "--preview", str(tmp_path / name))
        assert (tmp_path / name).read_bytes().startswith(magic)

    assert (await ask("printer", "remove", "till"))["removed"] is True
    assert await ask("printer", "list") == []


async def test_a_printer_that_is_not_there(zygote, registered, tmp_path):
    """What is asked for waits in the journal; the command says why, and that it is not on paper."""
    folder, port = registered.path, str(tmp_path / "no-printer")
    add = ("printer", "add", "till", "--family", "fp1", "--dialect", "daisy", "--port", port)
    assert (await zygote.run(folder, *add)).code == 0
    done = await zygote.run(folder, "printer", "test", "till", "--json")
    assert (done.code, done.json[0]["state"]) == (1, "waiting")
    assert done.err.count("\n") == 1
    assert "port is not there" in done.err
    job = json.loads((await zygote.run(folder, "printer", "jobs", "till", "--json")).out)
    skipped = await zygote.run(folder, "printer", "skip", str(job["job"]), "--json")
    assert skipped.json[0]["state"] == "failed"
    assert (await zygote.run(folder, "printer", "confirm", str(job["job"]))).code == 1
    status = (await zygote.run(folder, "printer", "status", "till", "--json")).json[0]
    assert (status["reachable"], [found["code"] for found in status["findings"]]) == (False, ["E01"])


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["printer", "status", "nobody"], 1, "There is no printer nobody"),
        (["printer", "jobs", "nobody"], 1, "There is no printer nobody"),
        (["printer", "remove", "nobody"], 1, "There is no printer nobody"),
        (["printer", "retry", "77"], 1, "There is no slip 77"),
        (["receipts", "print", "nothing"], 1, "There is no receipt nothing"),
        (["printer", "add", "x", "--family", "escpos", "--port", "y", "--device", "5"], 1, "5"),
        (["printer", "add", "x", "--family", "escpos", "--port", "y", "--mode", "hardware-fiscal"], 1, "print-only"),
        (["printer", "add", "x", "--family", "dot-matrix", "--port", "y"], 2, "invalid choice"),
        (["printer", "add", "x", "--family", "escpos", "--port", "y", "--width", "9"], 2, "24 to 64"),
    ],
)
async def test_what_cannot_be_is_said_plainly(zygote, tmp_path, arguments, code, words):
    done = await zygote.run(tmp_path, *arguments)
    assert done.code == code
    assert words in done.err
    assert "Traceback" not in done.err


@pytest.mark.parametrize("command", [("printer", "list"), ("doctor",)])
async def test_what_a_printer_suffered_from_is_said_in_words_without_an_engine(zygote, tmp_path, command):
    folder = tmp_path / "data"
    port = tmp_path / "unplugged"
    added = await zygote.run(folder, "printer", "add", "till", "--family", "escpos", "--port", str(port))
    assert added.code == 0, added.err
    told = (await zygote.run(folder, *command, "--json")).json[0]
    if command == ("doctor",):
        (check,) = (one for one in told["checks"] if one["code"] == "PRINTER")
        assert (check["state"], check["subject"]) == ("attention", "till")
        said = check["advice"]
    else:
        said = told[0]["findings"][0]["advice"]
    assert "Check cable and power" in said
