"""Days gone by over the LAN: a day's figures, older messages, receipts as a spreadsheet, one's own sign-ins."""

import csv
import io
from decimal import Decimal

from fiscalmon.services import history as history_service
from tests.integration.server.test_with_the_engine import sale, shop  # noqa: F401


async def sold(http, headers, here, names):
    """One receipt a name, on the devices in turn."""
    for number, name in enumerate(names):
        device = (here.first, here.second)[number % 2]
        answer = await http.post(
            "/api/receipts/", json=sale(number, device, invoiceNo=name), params={"wait": "completed"}, headers=headers
        )
        assert answer.status_code == 201, answer.text


async def test_a_day_has_the_figures_of_its_receipts_and_of_no_other_device(shop):  # noqa: F811
    async with shop.client() as http:
        pos, manager, one = await shop.token("pos1"), await shop.token("mandla"), await shop.token("one")
        await sold(http, pos, shop, ["A", "B", "C"])
        receipts = (await http.get("/api/receipts/", headers=manager)).json()["items"]
        day = receipts[0]["receiptDate"][:10]
        told = (await http.get("/api/dashboard/history/", params={"day": day}, headers=manager)).json()
        assert (told["day"], told["firstDay"], told["receipts"], told["completed"]) == (day, day, 3, 3)
        assert told["sales"] == {"USD": float(sum(Decimal(str(r["receiptTotal"])) for r in receipts))}
        assert sum(told["receiptsPerHour"]) == 3
        assert round(sum(told["salesPerHour"]["USD"]), 2) == told["sales"]["USD"]
        assert told["taxBreakdownCurrency"] == "USD"
        assert [(part["deviceID"], part["receipts"]) for part in told["devices"]] == [(shop.first, 2), (shop.second, 1)]
        seen = (await http.get("/api/dashboard/history/", params={"day": day}, headers=one)).json()
        assert [(part["deviceID"], part["receipts"]) for part in seen["devices"]] == [(shop.first, 2)]
        assert seen["receipts"] == 2
        hidden = {"day": day, "device": shop.second}
        assert (await http.get("/api/dashboard/history/", params=hidden, headers=one)).status_code == 404
        before = (await http.get("/api/dashboard/history/", params={"day": "2020-02-29"}, headers=manager)).json()
        assert (before["receipts"], before["sales"], before["successRate"]) == (0, {}, None)
        for wrong in ("2026-02-30", "yesterday", "20261122"):
            answer = await http.get("/api/dashboard/history/", params={"day": wrong}, headers=manager)
            assert answer.status_code == 400, wrong


async def test_receipts_as_a_spreadsheet(shop, monkeypatch):  # noqa: F811
    monkeypatch.setattr(history_service, "EXPORT_PAGE", 2)
    names = ["=1+1", "+A", "-B", "@SUM(A1)", " =2", "plain"]
    async with shop.client() as http:
        pos, manager = await shop.token("pos1"), await shop.token("mandla")
        await sold(http, pos, shop, names)
        receipts = (await http.get("/api/receipts/", headers=manager)).json()["items"]
        where = {"since": receipts[0]["receiptDate"][:10], "status": "completed"}
        answer = await http.get("/api/dashboard/export/receipts.csv", params=where, headers=manager)
        assert answer.headers["content-type"] == "text/csv; charset=utf-8"
        assert answer.headers["content-disposition"] == 'attachment; filename="receipts.csv"'
        rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
        head, (columns, *body) = dict(row for row in rows[:7]), rows[8:]
        assert head["Period"] == f"{where['since']}T00:00:00 to now"
        assert head["Time zone"] == "Africa/Harare (UTC+2)"
        assert head["Filter"] == "status completed"
        told = [dict(zip(columns, row, strict=True)) for row in body]
        assert [row["receiptGlobalNo"] for row in told] == [str(r["receiptGlobalNo"]) for r in receipts]
        assert [row["receiptTotal"] for row in told] == [f"{r['receiptTotal']:.2f}" for r in receipts]
        assert [row["invoiceNo"] for row in told][::-1] == ["'=1+1", "'+A", "'-B", "'@SUM(A1)", "' =2", "plain"]
        limited = {"device": shop.first, "search": "plain"}
        answer = await http.get("/api/dashboard/export/receipts.csv", params=limited, headers=manager)
        assert f"Filter,device {shop.first}; search plain" in answer.text
        wrong = await http.get("/api/dashboard/export/receipts.csv", params={"since": "soon"}, headers=manager)
        assert wrong.status_code == 400
        one = await shop.token("one")
        assert (await http.get("/api/dashboard/export/receipts.csv", headers=one)).status_code == 403


async def test_messages_before_others_and_a_receipts_life(shop):  # noqa: F811
    async with shop.client() as http:
        pos, manager, one = await shop.token("pos1"), await shop.token("mandla"), await shop.token("one")
        await sold(http, pos, shop, ["A", "B", "C", "D"])
        everything = (await http.get("/api/dashboard/events/", params={"limit": 500}, headers=manager)).json()["items"]
        seqs = [item["seq"] for item in everything]
        asked = {"before": seqs[-1], "limit": 2}
        page = (await http.get("/api/dashboard/events/", params=asked, headers=manager)).json()
        assert [item["seq"] for item in page["items"]] == seqs[-3:-1]
        assert page["next"] == str(seqs[-3])
        first = (await http.get("/api/dashboard/events/", params={"before": seqs[0]}, headers=manager)).json()
        assert first == {"items": [], "next": None}
        mine = (await http.get("/api/dashboard/events/", params={"before": seqs[-1] + 1}, headers=one)).json()
        assert {item["deviceID"] for item in mine["items"]} == {shop.first}
        (newest, *_) = (await http.get("/api/receipts/", headers=manager)).json()["items"]
        life = (await http.get(f"/api/receipts/{newest['receiptId']}/", headers=manager)).json()["life"]
        assert [(one["outcome"], one["httpStatus"]) for one in life["attempts"]] == [("done", 200)]
        assert life["signedAt"] <= life["attempts"][0]["at"] <= life["settledAt"]


async def test_ones_own_sign_ins_are_listed_and_ended(lan):
    async with lan.browser("mandla") as here, lan.browser("mandla") as there, lan.browser("vera") as vera:
        listed = (await here.get("/api/auth/sessions/")).json()["items"]
        assert [one["kind"] for one in listed] == ["browser", "browser"]
        (other,) = [one["id"] for one in listed if not one["current"]]
        foreign = (await vera.get("/api/auth/sessions/")).json()["items"][0]["id"]
        end = "/api/auth/sessions/end/"
        assert (await here.post(end, json={"id": foreign}, headers=here.page)).status_code == 404
        assert (await here.post(end, json={"id": other})).status_code == 403, "without Origin and CSRF token"
        assert (await here.post(end, json={"id": other}, headers=here.page)).status_code == 204
        assert (await there.get("/api/auth/me")).status_code == 401
        assert (await here.get("/api/auth/me")).status_code == 200
        assert (await here.post(end, json={"id": None}, headers=here.page)).status_code == 204
        assert (await here.get("/api/auth/me")).status_code == 401
        assert (await vera.get("/api/auth/me")).status_code == 200


async def test_the_wall_screen_is_the_page_under_another_name(till, folder, web):
    from tests.support.lan import Lan

    async with Lan(till, folder, web_root=web) as lan, lan.client() as http:
        start, wall = await http.get("/"), await http.get("/tv")
    assert (wall.status_code, wall.content) == (200, start.content)
