"""Files, users, stock and branches: what is sent, and what is made of the answers (Gateway v7.2 §17, §22, §23)."""

import base64
import json
from email import message_from_bytes
from urllib.parse import parse_qs, urlsplit

import pytest

from fiscalmon.domain.errors import BadInput, GatewayRefused, GatewayUnknown
from fiscalmon.domain.gateway_users import CreateUserRequest, UpdateUserRequest
from fiscalmon.fdms.gateways import FdmsGateways
from fiscalmon.fdms.stock import BranchFilter, Page
from tests.contract.conftest import TIMEOUT, Identity
from tests.support import rough_gateway as does

FILE = b'{"header":{"deviceID":12345}}'
OPERATION = {"operationID": "0HNHM698NJVMT:00000007"}
USER = {"userName": "tariro", "personName": "Tariro", "personSurname": "Moyo", "userRole": "Cashier", "email": "",
        "phoneNo": ""}  # fmt: skip
SIGNED_IN = {"user": USER, "token": "a-token", **OPERATION}


@pytest.fixture
def server(serve):
    return serve()


@pytest.fixture
def identity(server, authority, certificate):
    return Identity(12345, server.url, authority.pem, certificate)


@pytest.fixture
async def users(gateways, identity):
    made = gateways.users(identity)
    yield made
    await made.close()


@pytest.fixture
async def stock(gateways, identity):
    made = gateways.stock(identity)
    yield made
    await made.close()


@pytest.mark.parametrize("transport", ["text", "base64", "multipart"])
async def test_a_file_travels_as_the_setting_says(server, identity, keys, tmp_path, clock, transport):
    gateway = FdmsGateways(keys, tmp_path / "c", clock, TIMEOUT, transport).for_device(identity)
    server.act = does.answer(OPERATION)
    assert await gateway.submit_file(FILE) == OPERATION["operationID"]
    await gateway.close()
    seen = server.seen[-1]
    assert (seen.method, seen.path) == ("POST", "/Device/v1/12345/SubmitFile")
    assert seen.headers["DeviceModelVersion"] == "v1"
    kind, body = seen.headers["Content-Type"], seen.body
    if transport == "multipart":
        (part,) = message_from_bytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + body).get_payload()
        assert part.get_param("name", header="content-disposition") == "file"
        body = base64.b64decode(part.get_payload())
    else:
        assert kind == "text/plain"
        body = body if transport == "text" else base64.b64decode(body, validate=True)
    assert body == FILE


async def test_the_list_of_files_is_asked_for_and_read(server, connect):
    row = {
        "deviceId": 12345, "dayNo": 7, "fileSequence": 2, "fileProcessingStatus": "FailedWithErrors",
        "fileProcessingError": "MissingReceipts", "hasFooter": True, "operationId": "op", "fileName": None,
        "invoiceWithValidationErrors": [{"receiptCounter": 1, "receiptGlobalNo": 4, "validationErrors": [
            {"validationErrorCode": "RCPT012", "validationErrorColor": "Gray"}]}],
    }  # fmt: skip
    listed = {**row, "fileSequence": 3, "fileProcessingError": ["CountersMismatch", "InternalError"]}
    server.act = does.answer({"total": 2, "rows": [row, listed]})
    answer = await connect(server.url).submitted_files("2026-03-01T00:00:00", "2026-03-03T00:00:00", 100)
    url = urlsplit(server.seen[-1].path)
    assert (server.seen[-1].method, url.path) == ("GET", "/Device/v1/12345/SubmittedFileList")
    assert parse_qs(url.query) == {
        "FileUploadedFrom": ["2026-03-01T00:00:00"], "FileUploadedTill": ["2026-03-03T00:00:00"], "Offset": ["100"],
        "Limit": ["100"], "Sort": ["FileUploadDate"], "Order": ["asc"],
    }  # fmt: skip
    first, second = answer.rows
    assert (first.errors, second.errors) == (("MissingReceipts",), ("CountersMismatch", "InternalError"))
    assert first.faulty[0].errors[0].code == "RCPT012"


async def test_an_answer_to_a_file_without_an_operation_is_none(server, connect):
    server.act = does.answer({})
    with pytest.raises(GatewayUnknown):
        await connect(server.url).submit_file(FILE)


CALLS = [
    ("Login", lambda users: users.login("tariro", "pw"), {"userName": "tariro", "password": "pw"}, None, SIGNED_IN),
    (
        "CreateUser",
        lambda users: users.create(CreateUserRequest("tariro", "Tariro", "Moyo", "Cashier")),
        {"userName": "tariro", "personName": "Tariro", "personSurname": "Moyo", "userRole": "Cashier"},
        None,
        OPERATION,
    ),
    (
        "SendSecurityCodeToTaxpayer",
        lambda users: users.send_code_to_taxpayer("tariro"),
        {"userName": "tariro"},
        None,
        OPERATION,
    ),
    (
        "ConfirmUser",
        lambda users: users.confirm("tariro", "123", "pw"),
        {"userName": "tariro", "securityCode": "123", "password": "pw"},
        None,
        SIGNED_IN,
    ),
    (
        "SendSecurityCodeToUserEmail",
        lambda users: users.send_code_to_email("t", "a@b.zw"),
        {"userEmail": "a@b.zw"},
        "t",
        OPERATION,
    ),
    (
        "SendSecurityCodeToUserPhone",
        lambda users: users.send_code_to_phone("t", "+2637"),
        {"phoneNo": "+2637"},
        "t",
        OPERATION,
    ),
    (
        "ConfirmContact",
        lambda users: users.confirm_contact("t", "123", "PhoneNo"),
        {"securityCode": "123", "channel": "PhoneNo"},
        "t",
        {"user": USER, **OPERATION},
    ),
    (
        "Update",
        lambda users: users.update("t", UpdateUserRequest("tariro", "T", "M", "Owner")),
        {"userName": "tariro", "personName": "T", "personSurname": "M", "userRole": "Owner"},
        "t",
        b"",
    ),
    ("Block/tariro%20m%2F1", lambda users: users.block("t", "tariro m/1"), None, "t", b""),
    ("Unblock/tariro", lambda users: users.unblock("t", "tariro"), None, "t", b""),
    (
        "ChangePassword",
        lambda users: users.change_password("t", "old", "new"),
        {"oldPassword": "old", "newPassword": "new"},
        "t",
        SIGNED_IN,
    ),
    (
        "ResetPassword",
        lambda users: users.reset_password("tariro", "Email"),
        {"userName": "tariro", "channel": "Email"},
        None,
        OPERATION,
    ),
    (
        "ConfirmPasswordReset",
        lambda users: users.confirm_reset("tariro", "123", "new"),
        {"userName": "tariro", "securityCode": "123", "newPassword": "new"},
        None,
        SIGNED_IN,
    ),
]


@pytest.mark.parametrize(("path", "call", "body", "token", "answer"), CALLS, ids=[call[0] for call in CALLS])
async def test_a_call_about_users(server, users, path, call, body, token, answer):
    server.act = does.answer(answer)
    result = await call(users)
    seen = server.seen[-1]
    assert (seen.method, seen.path) == ("POST", f"/User/v1/12345/{path}")
    assert seen.headers.get("Token") == token
    assert (json.loads(seen.body) if seen.body else None) == body
    if answer is SIGNED_IN:
        assert (result.token, result.user.user_name) == ("a-token", "tariro")


async def test_the_list_of_users(server, users):
    server.act = does.answer({"total": 1, "rows": [{**USER, "userStatus": "Active"}], **OPERATION})
    answer = await users.list(10, 5)
    assert server.seen[-1].path == "/User/v1/12345/GetUsersList?Offset=10&Limit=5&Sort=UserName&Order=asc"
    assert (answer.total, answer.rows[0].status) == (1, "Active")


@pytest.mark.parametrize("code", [f"DEV{number:02d}" for number in range(1, 16)])
async def test_every_refusal_says_what_to_do(server, users, code):
    server.act = does.problem(422, errorCode=code)
    with pytest.raises(GatewayRefused) as refused:
        await users.login("tariro", "pw")
    assert refused.value.error_code == code
    assert refused.value.operation_id == "0HNHM698NJVMT:00000001"
    assert code not in refused.value.text, "a sentence of its own, not the one for unknown codes"


async def test_a_token_that_would_break_the_request_is_not_sent(server, users):
    for token in ("", "a\r\nHost: elsewhere", "ä"):
        with pytest.raises(BadInput):
            await users.block(token, "tariro")
    assert server.seen == []


async def test_goods_are_searched(server, stock):
    good = {"hsCode": "04012000", "goodName": "MILK", "quantity": 12.5, "taxPayerId": 1, "taxPayerTIN": "2000000001",
            "taxPayerName": "Shop"}  # fmt: skip
    server.act = does.answer({"total": 1, "rows": [good], **OPERATION})
    answer = await stock.goods(name="MI & LK", branch_id=3, page=Page(100, 50, "desc", "Or"))
    url = urlsplit(server.seen[-1].path)
    assert url.path == "/ProductsStock/v1/12345/Search"
    assert parse_qs(url.query) == {
        "GoodName": ["MI & LK"], "BranchId": ["3"], "Sort": ["GoodName"], "Order": ["desc"], "Offset": ["100"],
        "Limit": ["50"], "Operator": ["Or"],
    }  # fmt: skip
    assert str(answer.rows[0].quantity) == "12.5"


async def test_branches_are_searched(server, stock):
    server.act = does.answer({"total": 1, "rows": [{"taxPayerId": 1, "taxPayerBranchId": 3, "city": "Harare"}]})
    answer = await stock.branches(BranchFilter(city="Harare"))
    url = urlsplit(server.seen[-1].path)
    assert url.path == "/DeviceInformation/v1/12345/SearchBranches"
    assert parse_qs(url.query)["City"] == ["Harare"]
    assert (answer.rows[0].branch_id, answer.rows[0].city) == (3, "Harare")
