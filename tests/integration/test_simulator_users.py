"""Users of the tills, stock and branches (Gateway v7.2 §22, §23); each answer judged by the schema."""

import pytest

from tests.support.fdms_schema import Judge
from tests.support.simulator import Simulator, Till

PASSWORD = "long enough 1"


@pytest.fixture(scope="module")
def simulator(tmp_path_factory):
    running = Simulator.fresh(tmp_path_factory)
    running.hooks.append(Judge())
    yield running
    assert running.end() == 0


@pytest.fixture
def desk(simulator):
    simulator.post("/reset")
    return Desk(Till(simulator, simulator.ready["devices"][0]).register())


class Desk:
    """Calls the Users API as a till does."""

    def __init__(self, till: Till) -> None:
        self.till = till

    def get(self, path: str, **query):
        return self.till.client.get(path.format(self.till.device_id), params=query)

    def call(self, name: str, token: str | None = None, **body):
        headers = {} if token is None else {"Token": token}
        return self.till.client.post(f"/User/v1/{self.till.device_id}/{name}", json=body, headers=headers)

    def refused(self, name: str, token: str | None = None, **body) -> str:
        answer = self.call(name, token, **body)
        assert answer.status_code == 422, answer.text
        return answer.json()["errorCode"]

    def code(self, purpose: str, user: str = "tendai") -> str:
        codes = self.till.simulator.control.get("/security-codes").json()
        return next(c["securityCode"] for c in codes if c["purpose"] == purpose and c["userName"] == user)

    def create(self, user: str = "tendai"):
        return self.call("CreateUser", userName=user, personName="Tendai", personSurname="Moyo", userRole="Cashier")

    def confirmed(self, user: str = "tendai") -> str:
        """A user that is confirmed; the token."""
        assert self.create(user).status_code == 200
        assert self.call("SendSecurityCodeToTaxpayer", userName=user).status_code == 200
        answer = self.call("ConfirmUser", userName=user, securityCode=self.code("confirm", user), password=PASSWORD)
        assert answer.status_code == 200
        return answer.json()["token"]


def test_from_creation_to_a_confirmed_contact(desk):
    assert list(desk.create().json()) == ["operationID"]
    assert desk.create("TENDAI").json()["errorCode"] == "DEV07"
    assert desk.refused("Login", userName="tendai", password="tendai") == "DEV13"
    assert desk.refused("ConfirmUser", userName="tendai", securityCode="1", password=PASSWORD) == "DEV09"
    desk.call("SendSecurityCodeToTaxpayer", userName="Tendai")
    first = desk.code("confirm")
    assert desk.refused("ConfirmUser", userName="tendai", securityCode=first, password="short") == "DEV10"
    answer = desk.call("ConfirmUser", userName="tendai", securityCode=first, password=PASSWORD).json()
    assert answer["user"] == {
        "userName": "tendai",
        "personName": "Tendai",
        "personSurname": "Moyo",
        "userRole": "Cashier",
        "email": "shop@muonde.example",
        "phoneNo": "+263202000014",
    }
    token = answer["token"]
    assert desk.refused("ConfirmUser", userName="tendai", securityCode=first, password=PASSWORD) == "DEV08"
    assert desk.refused("SendSecurityCodeToTaxpayer", userName="tendai") == "DEV08"

    assert desk.refused("SendSecurityCodeToUserEmail", token, userEmail="no address") == "DEV14"
    assert desk.refused("SendSecurityCodeToUserPhone", token, phoneNo="call me") == "DEV14"
    desk.call("SendSecurityCodeToUserEmail", token, userEmail="tendai@shop.example")
    assert desk.refused("ConfirmContact", token, securityCode="x", channel="Email") == "DEV09"
    assert desk.refused("ConfirmContact", token, securityCode="x", channel="PhoneNo") == "DEV09"
    code = desk.code("Email")
    confirmed = desk.call("ConfirmContact", token, securityCode=code, channel="Email").json()
    assert confirmed["user"]["email"] == "tendai@shop.example"
    assert desk.refused("ConfirmContact", token, securityCode=code, channel="Email") == "DEV15"
    desk.call("SendSecurityCodeToUserPhone", token, phoneNo="+263771000111")
    phone = desk.call("ConfirmContact", token, securityCode=desk.code("PhoneNo"), channel="PhoneNo")
    assert phone.json()["user"]["phoneNo"] == "+263771000111"


def test_signing_in_and_passwords(desk):
    token = desk.confirmed()
    assert desk.refused("Login", userName="tendai", password="wrong") == "DEV11"
    assert desk.refused("Login", userName="nobody", password=PASSWORD) == "DEV11"
    assert desk.call("Login", userName="TENDAI", password=PASSWORD).status_code == 200
    change = {"oldPassword": PASSWORD, "newPassword": PASSWORD + "2"}
    assert desk.refused("ChangePassword", "no token", **change) == "DEV12"
    assert desk.call("ChangePassword", **change).json()["errors"] == {"Token": ["The Token field is required."]}
    assert desk.refused("ChangePassword", token, **{**change, "oldPassword": "?"}) == "DEV10"
    assert desk.refused("ChangePassword", token, **{**change, "newPassword": "tendai"}) == "DEV10"
    newer = desk.call("ChangePassword", token, **change).json()["token"]
    assert desk.refused("ChangePassword", token, **change) == "DEV12"
    assert desk.refused("Login", userName="tendai", password=PASSWORD) == "DEV11"

    assert desk.refused("ResetPassword", userName="tendai", channel="Email") == "DEV14"
    assert desk.refused("ResetPassword", userName="nobody", channel="Email") == "DEV08"
    desk.call("SendSecurityCodeToUserEmail", newer, userEmail="tendai@shop.example")
    desk.call("ConfirmContact", newer, securityCode=desk.code("Email"), channel="Email")
    assert desk.call("ResetPassword", userName="tendai", channel="Email").status_code == 200
    reset = {"userName": "tendai", "newPassword": PASSWORD + "3"}
    assert desk.refused("ConfirmPasswordReset", securityCode="0", **reset) == "DEV09"
    assert desk.refused("ConfirmPasswordReset", securityCode="0", **{**reset, "userName": "x"}) == "DEV08"
    code = desk.code("reset")
    assert desk.refused("ConfirmPasswordReset", securityCode=code, **{**reset, "newPassword": "x"}) == "DEV10"
    assert desk.call("ConfirmPasswordReset", securityCode=code, **reset).json()["token"]
    assert desk.refused("ConfirmPasswordReset", securityCode=code, **reset) == "DEV09"
    assert desk.call("Login", userName="tendai", password=PASSWORD + "3").status_code == 200


def test_changing_and_blocking_others(desk):
    token = desk.confirmed()
    other = desk.confirmed("Rudo M")
    names = {"userName": "rudo m", "personName": "Rudo", "personSurname": "Mutasa", "userRole": "Manager"}
    answer = desk.call("Update", token, **names)
    assert (answer.status_code, answer.content) == (200, b"")
    assert desk.refused("Update", token, **{**names, "userName": "nobody"}) == "DEV08"
    assert desk.refused("Update", "?", **names) == "DEV12"
    answer = desk.call("Block/Rudo M", token)
    assert (answer.status_code, answer.content) == (200, b"")
    assert desk.refused("Block/Rudo M", token) == "DEV08"
    assert desk.refused("Login", userName="Rudo M", password=PASSWORD) == "DEV08"
    assert desk.refused("Update", other, **names) == "DEV12"
    listed = desk.get("/User/v1/{}/GetUsersList", Offset=0, Limit=10, Sort="PersonName", Order="desc").json()
    assert [(row["personName"], row["userStatus"]) for row in listed["rows"]] == [
        ("Tendai", "Active"),
        ("Rudo", "Blocked"),
    ]
    assert listed["total"] == 2
    assert desk.call("Unblock/Rudo M", token).status_code == 200
    assert desk.refused("Unblock/Rudo M", token) == "DEV08"
    assert desk.call("Login", userName="Rudo M", password=PASSWORD).status_code == 200


def test_codes_and_tokens_end_and_everything_survives_a_kill(simulator, desk):
    token = desk.confirmed()
    desk.call("SendSecurityCodeToUserEmail", token, userEmail="tendai@shop.example")
    code = desk.code("Email")
    simulator.restart()
    desk.till.client = desk.till.connect()
    simulator.post("/clock", {"offsetSeconds": 16 * 60})
    assert desk.refused("ConfirmContact", token, securityCode=code, channel="Email") == "DEV09"
    simulator.post("/clock", {"offsetSeconds": 13 * 3600})
    assert desk.refused("ConfirmContact", token, securityCode=code, channel="Email") == "DEV12"
    kept = (simulator.state / "ledger.db").read_bytes()
    assert PASSWORD.encode() not in kept
    assert token.encode() not in kept


def test_users_belong_to_their_taxpayer(simulator, desk):
    token = desk.confirmed()
    second = Till(simulator, simulator.ready["devices"][1]).register()
    kiosk = {"deviceID": 77, "serialNo": "K-77", "activationKey": "KIOSK077", "vatNumber": None}
    simulator.post("/devices", kiosk)
    third = Till(simulator, kiosk).register()
    assert Desk(second).call("Login", userName="tendai", password=PASSWORD).status_code == 200
    assert Desk(third).refused("Login", userName="tendai", password=PASSWORD) == "DEV11"
    assert Desk(third).refused("Block/tendai", token) == "DEV12"


def test_the_stock(simulator, desk):
    def search(**query):
        answer = desk.get("/ProductsStock/v1/{}/Search", **{"Offset": 0, "Limit": 100, **query})
        return answer.json()

    first = search()
    assert (first["total"], len(first["rows"])) == (5, 5)
    assert "operationID" not in first
    assert first["rows"][0]["hsCode"] == "10063000"
    assert first["rows"][0]["quantity"] == 412.5
    assert [row.get("branchName") for row in search(HsCode="34011100", Sort="BranchName")["rows"]] == [
        "Muonde Mutare",
        "Muonde Sakubva",
    ]
    assert [row["goodName"] for row in search(GoodName="LOAF br")["rows"]] == ["Bread white loaf"]
    assert search(GoodName="oaf")["total"] == 0
    assert search(HsCode="34011100", BranchId=2)["total"] == 1
    assert search(HsCode="34011100", BranchId=2, Operator="or")["total"] == 3
    page = search(Offset=1, Limit=1, Sort="GoodName", Order="desc")
    assert (page["total"], page["rows"][0]["goodName"]) == (5, "Exercise book")
    for wrong in ({"Limit": 101}, {"Offset": -1}, {"Sort": "Colour"}, {"BranchId": "x"}):
        assert list(search(**wrong)["errors"]) == list(wrong)

    goods = [{"hsCode": "1905", "goodName": "Bun", "quantity": 2.125, "branchId": 2}]
    assert simulator.post("/stock", {"goods": goods}).status_code == 200
    assert search()["rows"][0]["quantity"] == 2.125
    for bad in (
        {"goods": [{**goods[0], "quantity": 0.0001}]},
        {"goods": [{**goods[0], "branchId": 9}]},
        {"goods": goods, "taxPayerId": 99},
    ):
        assert simulator.post("/stock", bad).status_code == 400
    assert simulator.control.get("/stock").json()["goods"] == goods


def test_the_branches(simulator, desk):
    def search(**query):
        return desk.get("/DeviceInformation/v1/{}/SearchBranches", **{"Offset": 0, "Limit": 10, **query}).json()

    assert [row["taxPayerBranchId"] for row in search()["rows"]] == [1, 2]
    assert [row["branchName"] for row in search(Address="CHINETA")["rows"]] == ["Muonde Sakubva"]
    assert search(TaxPayerBranchId=1, City="mut")["total"] == 1
    assert search(TaxPayerBranchId=3)["total"] == 0
    assert [row["taxPayerBranchId"] for row in search(Sort="BranchName", Order="desc")["rows"]] == [2, 1]
    branches = [{"taxPayerBranchId": 5, "branchName": "Nyanga", "district": "Nyanga"}]
    assert simulator.post("/stock", {"goods": [], "branches": branches}).status_code == 200
    assert search(District="nya")["rows"][0]["branchName"] == "Nyanga"
