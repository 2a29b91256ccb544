"""What POS vendors copy: the client and both examples, against a real `serve` over its own TLS."""

import asyncio
import json
import ssl
import sys

import httpx
import pytest

from fiscalmon.client import SaleRefused, Till, TillError
from fiscalmon.services.accounts import Accounts
from fiscalmon.store.accounts import AccountFile
from tests.support.books import sale
from tests.support.command import ROOT, Running, environment
from tests.support.lan import PASSWORD
from tests.support.tills import Till as Shop

EXAMPLES = ROOT / "docs" / "examples"


@pytest.fixture
async def shop(fdms, tmp_path):
    """A running server with an open day, a POS account and a watched folder."""
    made = await Shop(fdms, tmp_path / "till").start(1)
    folder = tmp_path / "sales"
    folder.mkdir()
    await made.engine.preferences.set("watched-folder", {"path": str(folder)}, by="till")
    await made.stop()
    accounts = Accounts(AccountFile(made.path))
    accounts.add("pos1", "pos", PASSWORD)
    accounts.close()
    server = Running(made.path, "serve", "--port", "0", "--json")
    await asyncio.to_thread(server.wait_ready)
    yield made, server, folder
    server.end()


async def run(*arguments: str, **more: str) -> str:
    process = await asyncio.create_subprocess_exec(
        sys.executable, *arguments, cwd=ROOT, env=environment(PYTHONPATH=str(ROOT), **more),
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, err = await asyncio.wait_for(process.communicate(), 40)
    assert process.returncode == 0, err.decode()
    return out.decode()


async def test_a_pos_sells_once_however_often_it_asks_and_hears_what_to_change(shop, tmp_path):
    _, server, _ = shop

    def work():
        with Till(server.ready["url"], "pos1", PASSWORD, server.ready["ca"]) as till:
            first = till.submit(sale("c1"))
            till._token = "an old token"
            again = till.submit(sale("c1"), wait="completed")
            with pytest.raises(SaleRefused) as conflict:
                till.submit(sale("c1", price="9.99"))
            with pytest.raises(SaleRefused) as refused:
                till.submit(sale("c2", tax_id=99))
            with pytest.raises(ValueError, match="needs a saleId"):
                till.submit({})
            return first, again, conflict.value, refused.value, till.receipt(first["receiptId"])

    first, again, conflict, refused, shown = await asyncio.to_thread(work)
    assert first["receiptId"] == again["receiptId"] == shown["receiptId"]
    assert shown["status"] == "completed"
    assert (conflict.status, conflict.code) == (409, "SALE_CONFLICT")
    assert (refused.status, refused.errors[0]["code"]) == (422, "RCPT025")
    assert refused.errors[0]["advice"]


async def test_who_the_till_is_and_who_asks_is_checked(shop):
    _, server, _ = shop

    def strange_ca():
        with Till(server.ready["url"], "pos1", PASSWORD) as till:
            till.submit(sale("s"), patience=0)

    def wrong_password():
        with Till(server.ready["url"], "pos1", "not the password", server.ready["ca"]) as till:
            till.submit(sale("s"), patience=0)

    with pytest.raises(httpx.ConnectError) as refused:
        await asyncio.to_thread(strange_ca)
    assert "CERTIFICATE_VERIFY_FAILED" in str(refused.value) or isinstance(refused.value.__cause__, ssl.SSLError)
    with pytest.raises(TillError) as unknown:
        await asyncio.to_thread(wrong_password)
    assert unknown.value.status == 401


async def test_the_examples_run_as_they_stand(shop, tmp_path):
    _, server, folder = shop
    out = await run(
        str(EXAMPLES / "pos_loop.py"), server.ready["url"], server.ready["ca"], "pos1", TILL_PASSWORD=PASSWORD
    )
    assert [line.split()[0] for line in out.splitlines()] == ["1", "2", "3"]
    (tmp_path / "one.json").write_text(json.dumps(sale("dropped")))
    dropped = await run(str(EXAMPLES / "folder_drop.py"), str(folder), str(tmp_path / "one.json"))
    assert dropped.split()[:2] == ["signed", "4"]
    assert [path.name for path in (folder / "done").iterdir()] == ["one.json"]
