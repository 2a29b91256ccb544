"""FDMS as others would build it: what means the same is understood, whatever the spelling, the HTTP, the extras."""

import gzip
import json
import zlib
from decimal import Decimal

import pytest

from fiscalmon.domain.errors import GatewayRefused, GatewayUnknown
from tests.contract.test_gateway_calls import CONFIG, SIGNATURE, STORED
from tests.support import rough_gateway as does

STATUS = {
    "operationID": "1",
    "fiscalDayStatus": "FiscalDayClosed",
    "fiscalDayReconciliationMode": "Auto",
    "fiscalDayServerSignature": SIGNATURE,
    "fiscalDayClosed": "2026-03-02T20:00:00",
    "fiscalDayCounter": [
        {"fiscalCounterType": "SaleByTax", "fiscalCounterCurrency": "USD", "fiscalCounterTaxID": 1,
         "fiscalCounterTaxPercent": 15.5, "fiscalCounterValue": 1289.61}
    ],
    "lastFiscalDayNo": 7,
    "lastReceiptGlobalNo": 104,
}  # fmt: skip


def renamed(value, how):
    """Every member's name in another letter case."""
    if isinstance(value, dict):
        return {how(name): renamed(item, how) for name, item in value.items()}
    return [renamed(item, how) for item in value] if isinstance(value, list) else value


def pascal(name: str) -> str:
    return name[0].upper() + name[1:]


SPELT = {
    "as FDMS does": lambda body: body,
    "PascalCase": lambda body: renamed(body, pascal),
    "lower case": lambda body: renamed(body, str.lower),
    "with extras": lambda body: {**body, "traceId": "x", "links": [{"self": None}], "warnings": None},
}
PACKED = {
    "plain": (lambda content: content, {}),
    "with a byte-order mark": (lambda content: b"\xef\xbb\xbf" + content, {}),
    "gzip": (gzip.compress, {"Content_Encoding": "gzip"}),
    "deflate": (zlib.compress, {"Content_Encoding": "deflate"}),
    "no date": (lambda content: content, {"Date": ""}),
    "as text": (lambda content: content, {"Content_Type": "text/plain; charset=utf-8"}),
}


@pytest.fixture
def server(serve):
    return serve()


@pytest.fixture
def gateway(server, connect):
    return connect(server.url)


@pytest.mark.parametrize("spelling", SPELT)
async def test_members_in_any_letter_case(spelling, server, gateway):
    spelt = SPELT[spelling]
    errors = [{"validationErrorCode": "RCPT012", "validationErrorColor": "RED"}]
    server.act = does.answer(spelt({**STORED, "validationErrors": errors}))
    stored = await gateway.submit_receipt(b"{}")
    assert (stored.receipt_id, stored.server_signature.hash, stored.has_red) == (10431986, "aA==", True)
    server.act = does.answer(spelt(STATUS))
    status = await gateway.get_status()
    assert (status.day_status, status.last_day_no, status.last_global_no) == ("FiscalDayClosed", 7, 104)
    assert status.counters[0].value == Decimal("1289.61")
    server.act = does.answer(spelt(CONFIG))
    config = await gateway.get_config()
    assert [tax.percent for tax in config.taxes] == [None, Decimal("15.5")]
    assert (config.day_max_hours, config.vat_payer, config.branch_address.house_no) == (24, True, "1")
    server.act = does.answer(spelt({"operationID": "1", "reportingFrequency": 5}))
    assert await gateway.ping() == 5
    server.act = does.answer(spelt({"operationID": "1", "fiscalDayNo": 8}))
    assert await gateway.open_day("2026-03-02T08:00:00", 8) == 8


@pytest.mark.parametrize("packing", PACKED)
async def test_bodies_however_they_come(packing, server, gateway):
    pack, headers = PACKED[packing]
    server.act = does.answer(pack(json.dumps(STORED).encode()), 200, **headers)
    assert (await gateway.submit_receipt(b"{}")).receipt_id == 10431986


@pytest.mark.parametrize(
    "body", [gzip.compress(b"x" * 100, mtime=0)[:-9], b"no gzip", gzip.compress(b" " * 5_000_000, mtime=0)]
)
async def test_what_cannot_be_unpacked_is_unknown(body, server, gateway):
    server.act = does.answer(body, 200, Content_Encoding="gzip")
    with pytest.raises(GatewayUnknown):
        await gateway.submit_receipt(b"{}")


async def test_chunks_and_an_old_http(server, gateway):
    content = json.dumps(STORED).encode()
    parts = b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in (content[:7], content[7:])) + b"0\r\n\r\n"

    def chunked(call):
        call.stream.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + parts)
        return True

    def old(call):
        call.stream.sendall(b"HTTP/1.0 200 OK\r\n\r\n" + content)
        return False

    for act in (chunked, old, chunked):
        server.act = act
        assert (await gateway.submit_receipt(b"{}")).receipt_id == 10431986


@pytest.mark.parametrize(
    ("body", "member", "value"),
    [
        ({"fiscalDayStatus": "FiscalDayClosed", "operationID": "1"}, "last_global_no", None),
        ({**STATUS, "lastReceiptGlobalNo": None, "lastFiscalDayNo": None}, "last_day_no", None),
        ({**STATUS, "operationID": None}, "day_status", "FiscalDayClosed"),
        ({**STATUS, "fiscalDayStatus": "fiscalDayOpened"}, "day_status", "FiscalDayOpened"),
        ({**STATUS, "fiscalDayStatus": "FISCALDAYCLOSEFAILED"}, "day_status", "FiscalDayCloseFailed"),
        ({**STATUS, "fiscalDayStatus": "FiscalDayAudited"}, "day_status", "FiscalDayAudited"),
        ({**STATUS, "fiscalDayReconciliationMode": "MANUAL"}, "reconciliation_mode", "Manual"),
        ({**STATUS, "fiscalDayClosingErrorCode": "SomethingNew"}, "closing_error", "SomethingNew"),
        ({**STATUS, "lastReceiptGlobalNo": "104"}, "last_global_no", 104),
        ({**STATUS, "lastReceiptGlobalNo": 104.0}, "last_global_no", 104),
        ({**STATUS, "fiscalDayServerSignature": None, "fiscalDayCounter": []}, "counters", ()),
    ],
)
async def test_status_with_less_more_or_other_members(body, member, value, server, gateway):
    server.act = does.answer(body)
    assert getattr(await gateway.get_status(), member) == value


async def test_counters_that_nobody_knows_do_not_hide_the_state_of_the_day(server, gateway):
    news = [*STATUS["fiscalDayCounter"], {"fiscalCounterType": "TipByTax", "fiscalCounterCurrency": "USD",
                                          "fiscalCounterValue": 1}]  # fmt: skip
    server.act = does.answer({**STATUS, "fiscalDayCounter": news})
    status = await gateway.get_status()
    assert (status.day_status, status.counters) == ("FiscalDayClosed", None)


@pytest.mark.parametrize(
    "changes",
    [
        {"deviceBranchAddress": None},
        {"deviceBranchContacts": None, "vatNumber": None},
        {"deviceBranchContacts": {"phoneNo": None, "email": None}},
        {"deviceOperatingMode": "online"},
        {"taxPayerDayMaxHrs": "24"},
        {"operationID": None},
    ],
)
async def test_configurations_with_nulls(changes, server, gateway):
    server.act = does.answer({**CONFIG, **changes})
    config = await gateway.get_config()
    assert (config.operating_mode, config.day_max_hours) == ("Online", 24)
    assert config.vat_payer is ("vatNumber" not in changes)


REFUSALS = {
    "400 with fields": (400, {"title": "Bad Request", "status": 400, "errors": {"receipt": ["required"]}}, None),
    "422 without type": (422, {"errorCode": "RCPT01", "status": 422}, "RCPT01"),
    "422 in PascalCase": (422, {"ErrorCode": "RCPT01", "Status": 422, "Title": "Unprocessable Entity"}, "RCPT01"),
    "the status as text": (422, {"errorCode": "RCPT01", "status": "422"}, "RCPT01"),
    "a trace beside": (422, {"errorCode": "FISC01", "status": 422, "traceId": "00-1", "extensions": {}}, "FISC01"),
}


@pytest.mark.parametrize("case", REFUSALS)
async def test_refusals_in_any_form(case, server, gateway):
    status, body, code = REFUSALS[case]
    server.act = does.answer(gzip.compress(json.dumps(body).encode()), status, Content_Encoding="gzip")
    with pytest.raises(GatewayRefused) as caught:
        await gateway.submit_receipt(b"{}")
    assert (caught.value.status, caught.value.error_code) == (status, code)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_nobody_sends_a_receipt_elsewhere(status, server, serve, gateway):
    elsewhere = serve()
    server.act = does.answer(b"", status, Location=f"{elsewhere.url}/Device/v1/12345/SubmitReceipt")
    with pytest.raises(GatewayUnknown):
        await gateway.submit_receipt(b"{}")
    assert elsewhere.seen == []
