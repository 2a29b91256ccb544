"""What the routes do with what they are given, and that the OpenAPI says the same."""

import asyncio

import pytest

from fiscalmon.domain import errors
from tests.support.lan import PASSWORD, heard

SALE = {"saleId": "POS1-1", "receiptType": "FiscalInvoice", "deviceID": 101}


async def test_a_sale_is_201_and_again_200_with_the_same(lan, till):
    token = await lan.token("pos1")
    async with lan.client() as http:
        first = await http.post("/api/receipts/", json=SALE, headers=token)
        again = await http.post("/api/receipts/?wait=completed", json=SALE, headers=token)
        wrong = await http.post("/api/receipts/?wait=forever", json=SALE, headers=token)
        found = await http.get(first.headers["location"], headers=token)
    assert (first.status_code, again.status_code, wrong.status_code) == (201, 200, 400)
    assert first.json()["receiptId"] == again.json()["receiptId"] == found.json()["receiptId"]
    assert [wait for _, wait, *_ in till.submitted] == ["signed", "completed"]
    assert wrong.json()["errors"] == [{"field": "wait", "advice": "must be one of signed, completed"}]


FINDING = {"code": "RCPT025", "color": "Red", "advice": "Mend it.", "field": "receiptLines[0]"}


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (errors.SaleRefused("POS1-1", [FINDING]), 422),
        (errors.BadInput("Not a sale."), 400),
        (errors.SaleConflict("Used before."), 409),
        (errors.DayNotOpen("Open the day first."), 409),
        (errors.DayRefused("No."), 409),
        (errors.UnknownDevice("There is no such device."), 404),
        (errors.TillBusy("Later."), 503),
        (errors.StoreDamaged("Mend it."), 503),
        (errors.KeyUnavailable("No key."), 503),
        (errors.FiscalmonError("Hm."), 500),
    ],
)
async def test_errors_of_the_engine_are_problems(lan, till, error, status):
    till.fail = error
    async with lan.client() as http:
        answer = await http.post("/api/receipts/", json=SALE, headers=await lan.token("pos1"))
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert (body["status"], body["detail"], body["code"]) == (status, error.text, error.code)
    assert body.get("errors") == ([FINDING] if status == 422 else None)


async def test_an_alert_is_acknowledged_by_whoever_may_see_it(lan):
    async with lan.client() as http:
        manager, owner = await lan.token("mandla"), await lan.token("olga")
        assert [one["alertId"] for one in (await http.get("/api/alerts/", headers=manager)).json()["items"]] == ["a1"]
        assert len((await http.get("/api/alerts/", headers=owner)).json()["items"]) == 2
        assert (await http.post("/api/alerts/a2/acknowledge/", headers=manager)).status_code == 404
        assert (await http.post("/api/alerts/none/acknowledge/", headers=owner)).status_code == 404
        done = (await http.post("/api/alerts/a1/acknowledge/", headers=manager)).json()
        assert (done["state"], done["acknowledgedBy"]) == ("acknowledged", "mandla")
        assert (await http.get("/api/alerts/?limit=0", headers=owner)).status_code == 400


async def test_a_pos_account_reads_its_own_receipts_only(lan):
    mine, others = await lan.token("pos1"), await lan.token("pos2")
    async with lan.client() as http:
        for number in range(3):
            await http.post("/api/receipts/", json={"saleId": f"A{number}"}, headers=mine)
        await http.post("/api/receipts/", json={"saleId": "B"}, headers=others)
        assert (await http.get("/api/receipts/r-A1/", headers=mine)).status_code == 200
        refused = await http.get("/api/receipts/r-A1/", headers=others)
        absent = await http.get("/api/receipts/r-ZZ/", headers=others)
        assert (refused.status_code, absent.status_code) == (404, 404)
        page = (await http.get("/api/receipts/?limit=2", headers=mine)).json()
        rest = (await http.get(f"/api/receipts/?limit=2&cursor={page['next']}", headers=mine)).json()
    assert [r["saleId"] for r in page["items"] + rest["items"]] == ["A2", "A1", "A0"]
    assert rest["next"] is None


async def test_support_sees_no_buyer_and_the_manager_does(lan):
    async with lan.client() as http:
        await http.post("/api/receipts/", json=SALE, headers=await lan.token("pos1"))
        for path in ("/api/receipts/", "/api/receipts/r-POS1-1/"):
            masked = (await http.get(path, headers=await lan.token("sipho"))).text
            for word in ("Tariro Moyo", "2000123456", "t@moyo.example"):
                assert word not in masked
            assert "POS1-1" in masked
            assert "Tariro Moyo" in (await http.get(path, headers=await lan.token("mandla"))).text


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=-1",
        "limit=x",
        "limit=1.5",
        "limit=1&limit=2",
        "status=lost",
        "day=x",
        "before=x",
        "limit=%ff",
    ],
)
async def test_a_wrong_query_is_400(lan, query):
    async with lan.client() as http:
        answer = await http.get(f"/api/receipts/?{query}", headers=await lan.token("olga"))
    assert answer.status_code == 400


async def test_a_page_is_never_larger_than_the_largest_and_leads_on(lan, till):
    token = await lan.token("olga")
    for _ in range(501):
        till.tell("receipt.completed", 101)
    async with lan.client() as http:
        page = (await http.get("/api/dashboard/events/?limit=99999", headers=token)).json()
        assert (len(page["items"]), page["next"]) == (500, "500")
        # Every list goes on by `cursor`, and this one by the name of its own, too.
        for name in ("cursor", "after"):
            rest = (await http.get(f"/api/dashboard/events/?{name}=500", headers=token)).json()
            assert ([e["seq"] for e in rest["items"]], rest["next"]) == ([501], None)
        for path in ("/api/receipts/", "/api/alerts/"):
            assert (await http.get(f"{path}?limit=99999", headers=token)).status_code == 200


@pytest.mark.parametrize("name", ["cursor", "before", "after"])
async def test_the_next_page_of_receipts_is_asked_for_by_any_name(lan, name):
    mine = await lan.token("pos1")
    async with lan.client() as http:
        for number in range(3):
            await http.post("/api/receipts/", json={"saleId": f"A{number}"}, headers=mine)
        page = (await http.get("/api/receipts/?limit=2", headers=mine)).json()
        rest = (await http.get(f"/api/receipts/?limit=2&{name}={page['next']}", headers=mine)).json()
    assert [r["saleId"] for r in page["items"] + rest["items"]] == ["A2", "A1", "A0"]


async def test_lists_have_items_and_next(lan, till):
    token = await lan.token("olga")
    for _ in range(3):
        till.tell("receipt.completed", 101)
    async with lan.client() as http:
        for number in range(3):
            await http.post("/api/receipts/", json={"saleId": f"S{number}"}, headers=token)
        assert (await http.get("/api/receipts/?limit=2", headers=token)).json()["next"] == "7"
        events = (await http.get("/api/dashboard/events/?after=1&limit=1", headers=token)).json()
        assert ([e["seq"] for e in events["items"]], events["next"]) == ([2], "2")
        assert list(events["items"][0]) == ["seq", "type", "at", "deviceID", "data"]
        last = (await http.get("/api/dashboard/events/?after=2", headers=token)).json()
        assert ([e["seq"] for e in last["items"]], last["next"]) == ([3], None)
        devices = (await http.get("/api/dashboard/devices/", headers=token)).json()
        assert ([d["deviceID"] for d in devices["items"]], devices["next"]) == ([101, 102, 103], None)


async def test_days_are_opened_and_closed(lan, till):
    token = await lan.token("mandla")
    async with lan.client() as http:
        opened = await http.post("/api/fiscal-days/open/", json={"deviceID": 102}, headers=token)
        await http.post("/api/fiscal-days/close/", json={"deviceID": 102}, headers=token)
        await http.post("/api/fiscal-days/close/?wait=false", json={"deviceID": 102}, headers=token)
        for body in ({}, {"deviceID": "102"}, {"deviceID": 0}, {"deviceID": 1.5}, [], None):
            assert (await http.post("/api/fiscal-days/open/", json=body, headers=token)).status_code == 400, body
        assert (await http.post("/api/fiscal-days/open/", json={"deviceID": 7}, headers=token)).status_code == 404
    assert opened.json()["fiscalDayStatus"] == "FiscalDayOpened"
    assert till.days == [("open", 102), ("close", 102, True), ("close", 102, False)]


async def test_healthz_says_one_word(lan, till):
    async with lan.client() as http:
        assert (await http.get("/healthz")).json() == {"status": "ok"}
        till.health = "failed"
        assert (await http.get("/healthz")).json() == {"status": "degraded"}


async def test_a_slash_at_the_end_is_forgiven(lan):
    token = await lan.token("vera")
    async with lan.client() as http:
        for path in ("/api/dashboard/metrics", "/api/dashboard/devices/101", "/api/auth/me/"):
            assert (await http.get(path, headers=token)).status_code == 200


async def test_the_ca_is_downloadable_and_signs_the_server(lan):
    async with lan.client() as http:
        answer = await http.get("/ca.pem")
    assert answer.content == lan.server.ca_file.read_bytes()
    assert answer.content.startswith(b"-----BEGIN CERTIFICATE-----")
    assert b"PRIVATE" not in answer.content


async def test_openapi_lists_each_route_with_its_shapes(lan):
    async with lan.client() as http:
        api = (await http.get("/api/openapi.json")).json()
        page = await http.get("/api/docs")
        style = await http.get("/api/docs/style.css")
    assert api["openapi"] == "3.1.0"
    operations = {(m.upper(), p): o for p, methods in api["paths"].items() for m, o in methods.items()}
    assert ("POST", "/api/receipts/") in operations and ("GET", "/ws/dashboard/") in operations
    assert operations["POST", "/api/auth/login"]["security"] == []
    assert operations["GET", "/api/dashboard/metrics/"]["x-roles"] == [
        "manager",
        "owner",
        "screen",
        "support",
        "viewer",
    ]
    schemas = api["components"]["schemas"]
    assert {"receiptLines", "receiptPayments", "saleId"} <= schemas["Sale"]["properties"].keys()
    assert "taxBreakdownByCurrency" in schemas["Metrics"]["properties"]
    assert schemas["SalePayment"]["properties"]["paymentAmount"] == {"type": ["string", "number"]}
    assert style.headers["content-type"].startswith("text/css")
    assert "<script" not in page.text and "style=" not in page.text
    assert "/api/fiscal-days/close/" in page.text


async def test_reading_changes_nothing(lan, till):
    token = await lan.token("olga")
    async with lan.client() as http:
        api = (await http.get("/api/openapi.json")).json()
        for path in api["paths"]:
            await http.get(path.replace("{deviceID}", "101").replace("{receiptId}", "x"), headers=token)
        assert (await http.get("/api/auth/me", headers=token)).json()["csrfToken"] is None
    assert (till.submitted, till.days, till.log) == ([], [], [])


async def test_sign_ins_go_to_the_log_without_passwords(lan, capsys):
    async with lan.client() as http:
        await http.post("/api/auth/login", json={"username": "vera", "password": PASSWORD})
        await http.post("/api/auth/login", json={"username": "olga", "password": "wrong but long enough"})
        await http.post("/api/auth/login", json={"username": PASSWORD, "password": "olga"})
    told = capsys.readouterr().out
    assert "signed_in" in told and "sign_in_failed" in told and "olga" in told
    assert PASSWORD not in told and "wrong but long" not in told


async def test_prometheus_reads_the_figures_of_the_callers_devices(lan):
    async with lan.client() as http:
        stranger = await http.get("/metrics")
        answer = await http.get("/metrics", headers=await lan.token("val101"))
    assert stranger.status_code == 401
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    lines = answer.text.splitlines()
    assert "fiscalmon_devices 1" in lines
    assert 'fiscalmon_tax_today{currency="USD",band="15.5%"} 0.67' in lines
    assert all(line.startswith(("# ", "fiscalmon_")) for line in lines)


async def test_prometheus_counts_the_dashboards_that_are_open(lan):
    token = await lan.token("vera")
    async with lan.client() as http:

        async def counted():
            lines = (await http.get("/metrics", headers=token)).text.splitlines()
            (line,) = [line for line in lines if line.startswith("fiscalmon_dashboards_open ")]
            return int(line.split()[1])

        assert await counted() == 0
        async with lan.socket(token) as one, lan.socket(token) as another:
            await heard(one, "hello")
            await heard(another, "hello")
            assert await counted() == 2
        async with asyncio.timeout(5):
            while await counted():  # noqa: ASYNC110 - nobody signals it
                await asyncio.sleep(0.02)
