"""The server on the real engine with the FDMS simulator behind it: what a POS and two dashboards live through."""

import asyncio
import ssl
from types import SimpleNamespace

import pytest

from fiscalmon.data_folder import DataFolder
from fiscalmon.demo import Demo, Wishes
from fiscalmon.services.accounts import Accounts
from fiscalmon.store.accounts import AccountFile
from tests.support.lan import PASSWORD, Lan, heard

STAGES = ["Validating", "Building canonical", "Signing", "Sending to FDMS", "Verifying", "Completed"]


def sale(number, device_id, **more):
    line = {
        "receiptLineType": "Sale",
        "receiptLineName": "MILK 2 L",
        "receiptLineHSCode": "04012000",
        "receiptLinePrice": "2.49",
        "receiptLineQuantity": "2",
        "taxID": 3,
    }
    return {
        "saleId": f"POS1-{number}",
        "receiptType": "FiscalInvoice",
        "receiptCurrency": "USD",
        "invoiceNo": f"INV-{number}",
        "receiptLines": [line],
        "receiptPayments": [{"moneyTypeCode": "Cash", "paymentAmount": "4.98"}],
        "deviceID": device_id,
        **more,
    }


@pytest.fixture
async def shop(tmp_path):
    """A running engine with two devices, their days open, and accounts."""
    folder = tmp_path / "data"
    demo = await Demo.start(DataFolder(folder), Wishes(devices=2))
    accounts = Accounts(AccountFile(folder))
    first, second = (device["deviceID"] for device in await demo.till.devices())
    for name, role, devices in (("mandla", "manager", None), ("sipho", "support", None), ("one", "viewer", [first])):
        accounts.add(name, role, PASSWORD, devices)
    accounts.add("pos1", "pos", PASSWORD)
    accounts.close()
    url, ca = demo.dashboard_url, demo.engine.ca_file
    lan = SimpleNamespace(url=url, ca=ca, tls=ssl.create_default_context(cafile=ca), first=first, second=second)
    for name in ("client", "token", "socket"):
        setattr(lan, name, getattr(Lan, name).__get__(lan))
    yield lan
    await demo.stop()


async def test_a_sale_is_fiscalised_over_the_lan_and_everybody_sees_what_is_theirs(shop):
    pos, manager = await shop.token("pos1"), await shop.token("mandla")
    async with (
        shop.client() as http,
        shop.socket(manager) as everything,
        shop.socket(await shop.token("one")) as limited,
    ):
        assert (await heard(everything))["data"]["metrics"]["totalDevices"] == 2
        assert (await heard(limited))["data"]["metrics"]["totalDevices"] == 1
        buyer = {"buyerRegisterName": "Tariro Moyo", "buyerTIN": "2000123456"}
        signed = await http.post(
            "/api/receipts/?wait=completed", json=sale(1, shop.second, buyerData=buyer), headers=pos
        )
        assert (signed.status_code, signed.json()["status"]) == (201, "completed")
        again = await http.post("/api/receipts/", json=sale(1, shop.second, buyerData=buyer), headers=pos)
        assert (again.status_code, again.json()["hash"]) == (200, signed.json()["hash"])
        other = await http.post("/api/receipts/", json=sale(1, shop.second), headers=pos)
        assert other.status_code == 409
        seen = []
        while len(seen) < 6:
            message = await heard(everything)
            if message["type"] == "receipt.progress":
                seen.append(message["data"]["stage"])
        assert seen == STAGES
        done = await heard(everything, "receipt.completed")
        assert done["data"]["receiptId"] == signed.json()["receiptId"]
        assert (await heard(everything, "metrics.updated"))["data"]["receiptsToday"] == 1

        wrong = sale(2, shop.first, receiptPayments=[{"moneyTypeCode": "Cash", "paymentAmount": "1.00"}])
        refused = await http.post("/api/receipts/", json=wrong, headers=pos)
        assert refused.status_code == 422
        assert {"code", "color", "advice", "field"} == refused.json()["errors"][0].keys()
        assert (await http.post("/api/receipts/", json=sale(3, 999_999), headers=pos)).status_code == 404

        await http.post("/api/receipts/", json=sale(4, shop.first), headers=pos)
        mine = [await heard(limited) for _ in range(4)]
        assert {m["deviceID"] for m in mine} <= {shop.first, None}
        await everything.send(f'{{"type":"resume","after":{done["seq"] - 1}}}')
        while (message := await heard(everything, "receipt.completed"))["seq"] > done["seq"]:
            pass
        assert message["data"] == done["data"]

        path = f"/api/receipts/{signed.json()['receiptId']}/"
        masked = await http.get(path, headers=await shop.token("sipho"))
        whole = await http.get(path, headers=manager)
        assert "Tariro" in whole.text and "Tariro" not in masked.text
        assert masked.json()["hash"] == whole.json()["hash"]

        # What is masked cannot be found out by asking for it either.
        async def found(name, text):
            answer = await http.get(f"/api/receipts/?search={text}", headers=await shop.token(name))
            return [receipt["saleId"] for receipt in answer.json()["items"]]

        assert [await found("mandla", text) for text in ("Tariro", "2000123456", "INV-1")] == [["POS1-1"]] * 3
        assert [await found("sipho", text) for text in ("Tariro", "2000123456", "INV-1")] == [[], [], ["POS1-1"]]


async def test_a_day_is_closed_and_opened_from_the_lan(shop):
    pos, manager = await shop.token("pos1"), await shop.token("mandla")
    async with shop.client() as http, shop.socket(manager) as socket:
        device = {"deviceID": shop.first}
        twice = await http.post("/api/fiscal-days/open/", json=device, headers=manager)
        assert (twice.status_code, twice.json()["code"]) == (409, "DAY_REFUSED")
        await http.post("/api/receipts/?wait=completed", json=sale(1, shop.first), headers=pos)
        closed = await http.post("/api/fiscal-days/close/", json=device, headers=manager)
        assert (closed.status_code, closed.json()["fiscalDayStatus"]) == (200, "FiscalDayClosed")
        async with asyncio.timeout(10):
            assert (await heard(socket, "fiscal.closed"))["deviceID"] == shop.first
        assert (await http.post("/api/receipts/", json=sale(2, shop.first), headers=pos)).status_code == 409
        opened = await http.post("/api/fiscal-days/open/", json=device, headers=manager)
        assert (opened.status_code, opened.json()["fiscalDayNo"]) == (200, 2)
        events = (await http.get("/api/dashboard/events/?limit=500", headers=manager)).json()["items"]
        assert [e["seq"] for e in events] == sorted({e["seq"] for e in events})
