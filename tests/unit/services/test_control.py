"""The control channel: who may speak, how every command gets an answer, how it ends; and the data folder's lock."""

import asyncio
import contextlib
import json
import os
import stat
from decimal import Decimal

import pytest

from fiscalmon import control
from fiscalmon.control import ControlClient, ControlServer, EngineGone
from fiscalmon.data_folder import ControlAddress, DataFolder, FolderInUse
from fiscalmon.domain.errors import DayRefused, FiscalmonError, SaleRefused
from tests.support.waiting import until


class Engine:
    """Operations for tests. `gate` holds `slow` back."""

    def __init__(self) -> None:
        self.gate = asyncio.Event()
        self.begun: list[str] = []

    async def operate(self, operation: str, arguments: dict):
        self.begun.append(operation)
        if operation == "echo":
            return arguments
        if operation == "slow":
            await self.gate.wait()
            return "at last"
        if operation == "refuse":
            raise SaleRefused("S-1", [{"code": "RCPT016", "color": "Red", "advice": "add a line", "field": None}])
        if operation == "day":
            raise DayRefused("The day is open.", code="FISC01")
        raise KeyError(operation)


@pytest.fixture
def folder(tmp_path):
    return DataFolder(tmp_path / "data")


@pytest.fixture
def engine():
    return Engine()


@pytest.fixture
async def server(folder, engine, monkeypatch):
    monkeypatch.setattr(control, "GRACE_SECONDS", 0.3)
    made = ControlServer(folder, engine.operate)
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
async def client(server, folder):
    made = ControlClient(folder.running())
    assert await made.connect()
    yield made
    await made.close()


async def test_amounts_stay_exact(client):
    given = {"total": Decimal("0.10"), "many": Decimal("12345678901234567.89"), "text": "ö\u2028"}
    assert await client.operate("echo", given) == given


async def test_answers_come_in_any_order(client, engine):
    slow = asyncio.ensure_future(client.operate("slow", {}))
    assert await client.operate("echo", {"n": 1}) == {"n": 1}
    assert not slow.done()
    engine.gate.set()
    assert await slow == "at last"


async def test_many_commands_at_once(server, folder):
    clients = [ControlClient(folder.running()) for _ in range(5)]
    for one in clients:
        assert await one.connect()
    jobs = [one.operate("echo", {"n": n}) for n in range(100) for one in clients]
    assert [answer["n"] for answer in await asyncio.gather(*jobs)] == [n for n in range(100) for _ in clients]
    assert server.visitors == 5
    for one in clients:
        await one.close()


async def test_errors_arrive_as_they_were(client):
    with pytest.raises(SaleRefused) as refused:
        await client.operate("refuse", {})
    assert (refused.value.sale_id, refused.value.errors[0]["code"]) == ("S-1", "RCPT016")
    with pytest.raises(FiscalmonError, match="The day is open") as wrong:
        await client.operate("day", {})
    assert wrong.value.code == "FISC01"


async def test_a_fault_of_our_own_is_an_answer_too(client, monkeypatch):
    said = []
    monkeypatch.setattr(control, "log", type("Log", (), {"exception": lambda self, words: said.append(words)})())
    with pytest.raises(FiscalmonError, match="a fault of its own"):
        await asyncio.wait_for(client.operate("unheard of", {}), 5)
    assert said == ["an operation failed"]
    assert await client.operate("echo", {}) == {}


async def test_the_address_is_for_the_owner_alone(server, folder):
    file = folder.path / "engine.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.path.stat().st_mode) == 0o700
    assert json.loads(file.read_text())["pid"] == os.getpid()


WRONG = [
    b'{"token":"guess"}\n',
    b'{"token":null}\n',
    b"{}\n",
    b"[]\n",
    b"GET / HTTP/1.1\r\n",
    b"\xff\xfe\n",
    b"\n",
    b"",
]


@pytest.mark.parametrize("first", WRONG, ids=repr)
async def test_without_the_token_nothing_is_begun(server, folder, engine, first):
    reader, writer = await asyncio.open_connection("127.0.0.1", folder.running().port)
    writer.write(first + b'{"id":1,"operation":"echo","arguments":{}}\n')
    writer.write_eof()
    said = b""
    with contextlib.suppress(ConnectionError):
        said = await asyncio.wait_for(reader.read(), 5)
    assert said == b""
    assert engine.begun == []
    writer.close()


async def test_a_token_in_letters_of_another_script_is_only_wrong(server, folder):
    address = folder.running()
    assert not await ControlClient(address._replace(token="ключ")).connect()


async def test_who_says_nothing_is_hung_up_on(folder, engine, monkeypatch):
    monkeypatch.setattr(control, "GREETING_SECONDS", 0.1)
    server = ControlServer(folder, engine.operate)
    await server.start()
    reader, writer = await asyncio.open_connection("127.0.0.1", folder.running().port)
    assert await asyncio.wait_for(reader.read(), 5) == b""
    writer.close()
    await server.stop()


@pytest.mark.parametrize("line", [b"garbage\n", b"[1]\n", b'{"id":1}\n', b'{"operation":"echo","arguments":{}}\n'])
async def test_a_line_that_is_no_command_is_answered(server, folder, monkeypatch, line):
    monkeypatch.setattr(control, "log", type("Log", (), {"exception": lambda self, words: None})())
    address = folder.running()
    reader, writer = await asyncio.open_connection("127.0.0.1", address.port)
    writer.write(json.dumps({"token": address.token}).encode() + b"\n")
    assert await reader.readline() == control.WELCOME
    writer.write(line)
    assert json.loads(await asyncio.wait_for(reader.readline(), 5))["error"]["code"] == "INTERNAL"
    writer.close()


async def test_somebody_elses_port_is_not_ours(folder):
    """After a kill -9 the address stays behind, and another program may have got its port."""

    async def web_server(reader, writer):
        await reader.readline()
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    other = await asyncio.start_server(web_server, "127.0.0.1", 0)
    folder.publish(ControlAddress(other.sockets[0].getsockname()[1], "old", 1))
    assert not await ControlClient(folder.running()).connect()
    other.close()
    await other.wait_closed()
    assert not await ControlClient(folder.running()).connect()


async def test_who_listens_and_says_nothing_is_not_ours_either(folder, monkeypatch):
    monkeypatch.setattr(control, "GREETING_SECONDS", 0.1)

    async def silence(reader, writer):
        await reader.read()
        writer.close()

    silent = await asyncio.start_server(silence, "127.0.0.1", 0)
    folder.publish(ControlAddress(silent.sockets[0].getsockname()[1], "old", 1))
    assert not await asyncio.wait_for(ControlClient(folder.running()).connect(), 5)
    silent.close()


async def test_the_end_waits_a_moment_for_what_has_begun(server, folder, engine, client):
    job = asyncio.ensure_future(client.operate("slow", {}))
    await until(lambda: engine.begun)
    stopping = asyncio.ensure_future(server.stop())
    await asyncio.sleep(0.05)
    engine.gate.set()
    assert await asyncio.wait_for(job, 5) == "at last"
    await asyncio.wait_for(stopping, 5)


async def test_the_end_does_not_wait_for_long(server, engine, client):
    job = asyncio.ensure_future(client.operate("slow", {}))
    await until(lambda: engine.begun)
    await asyncio.wait_for(server.stop(), 2)
    with pytest.raises(EngineGone, match="run the command again"):
        await asyncio.wait_for(job, 5)
    with pytest.raises(EngineGone):
        await asyncio.wait_for(client.operate("echo", {}), 5)


async def test_a_client_that_leaves_lets_its_work_end(server, engine, client):
    job = asyncio.ensure_future(client.operate("slow", {}))
    await until(lambda: engine.begun)
    await client.close()
    with pytest.raises(EngineGone):
        await job
    engine.gate.set()
    await until(lambda: not server.visitors)
    assert engine.begun == ["slow"]


def test_one_engine_a_folder(folder):
    folder.claim()
    with pytest.raises(FolderInUse, match=r"already runs on .*--data-dir"):
        DataFolder(folder.path).claim()
    folder.release()
    again = DataFolder(folder.path)
    again.claim()
    again.release()


async def test_what_a_command_has_for_a_moment_is_waited_for(folder):
    folder.claim()
    folder.publish(ControlAddress(1, "token", 1))
    later = DataFolder(folder.path)
    waiting = asyncio.ensure_future(later.claim_within(5))
    await asyncio.sleep(0.15)
    assert not waiting.done()
    folder.release()
    await waiting
    later.release()


async def test_nobody_waits_for_an_engine_that_stays(folder):
    folder.claim()
    folder.publish(ControlAddress(1, "token", 1, stays=True))
    async with asyncio.timeout(1):
        with pytest.raises(FolderInUse):
            await DataFolder(folder.path).claim_within(30)
    folder.release()


async def test_waiting_has_an_end(folder):
    folder.claim()
    with pytest.raises(FolderInUse):
        await DataFolder(folder.path).claim_within(0.2)
    folder.release()


@pytest.mark.parametrize("content", ["", "{", "[]", '{"port":"x"}', '{"port":1}', "null"])
def test_a_spoilt_address_is_no_address(folder, content):
    (folder.path / "engine.json").write_text(content)
    assert folder.running() is None


def test_a_folder_that_cannot_be_made_is_said_to_be_so(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(FiscalmonError, match="cannot be made: choose another with --data-dir"):
        DataFolder(tmp_path / "file" / "data")
    folder = DataFolder(tmp_path / "data")
    (folder.path / "engine.lock").mkdir()
    with pytest.raises(FiscalmonError, match="cannot be written"):
        folder.claim()
