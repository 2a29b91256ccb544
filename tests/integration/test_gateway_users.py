"""The client's users, stock and branches against the simulator's process."""

from pathlib import Path

import pytest

from device.keys.keystore import FileKeyStore
from device.keys.passphrase import PassphraseFile
from fiscalmon.clocks import SystemClock
from fiscalmon.domain.errors import GatewayRefused
from fiscalmon.domain.gateway_users import CreateUserRequest, UpdateUserRequest
from fiscalmon.fdms.gateways import FdmsGateways
from fiscalmon.fdms.stock import BranchFilter, Page
from tests.contract.conftest import Identity
from tests.support.tills import new_device

PASSWORD = "long enough 1"


@pytest.fixture
async def desk(fdms, tmp_path):
    """(users, stock) of a registered device."""
    entry = new_device(fdms)
    keys = FileKeyStore(tmp_path, PassphraseFile(tmp_path))
    keys.create(entry["deviceID"])
    gateways = FdmsGateways(keys, tmp_path / "certificates", SystemClock())
    ca = read(fdms.ca)
    public = gateways.registration(fdms.url, ca, "Server", "v1")
    request = keys.certificate_request(entry["deviceID"], entry["serialNo"])
    certificate = await public.register(entry["deviceID"], entry["activationKey"], request)
    await public.close()
    identity = Identity(entry["deviceID"], fdms.url, ca, certificate)
    users, stock = gateways.users(identity), gateways.stock(identity)
    yield users, stock
    await users.close()
    await stock.close()


def read(path: str) -> str:
    return Path(path).read_text()


def code(fdms, purpose: str, user: str) -> str:
    codes = fdms.control.get("/security-codes").json()
    codes = codes["codes"] if isinstance(codes, dict) else codes
    return next(c["securityCode"] for c in codes if c["purpose"] == purpose and c["userName"] == user)


async def test_a_users_life(fdms, desk, tmp_path):
    users, _ = desk
    name = f"user-{tmp_path.parent.name}-{tmp_path.name}"[-40:]
    await users.create(CreateUserRequest(name, "Tendai", "Moyo", "Cashier"))
    with pytest.raises(GatewayRefused) as refused:
        await users.login(name, name)
    assert refused.value.error_code == "DEV13"
    await users.send_code_to_taxpayer(name)
    signed_in = await users.confirm(name, code(fdms, "confirm", name), PASSWORD)
    assert signed_in.user.user_name == name
    token = (await users.login(name, PASSWORD)).token
    await users.send_code_to_email(token, "tendai@shop.example")
    user = await users.confirm_contact(token, code(fdms, "Email", name), "Email")
    assert user.email == "tendai@shop.example"
    await users.update(token, UpdateUserRequest(name, "Tendai", "Moyo", "Manager"))
    changed = await users.change_password(token, PASSWORD, PASSWORD + "2")
    listed = {row.user_name: row for row in (await users.list()).rows}
    assert (listed[name].role, listed[name].status) == ("Manager", "Active")
    with pytest.raises(GatewayRefused) as refused:
        await users.login(name, PASSWORD)
    assert refused.value.error_code == "DEV11"
    assert changed.token
    await users.reset_password(name, "Email")
    with pytest.raises(GatewayRefused) as refused:
        await users.confirm_reset(name, "?", PASSWORD)
    assert refused.value.error_code == "DEV09"


async def test_goods_and_branches(desk):
    _, stock = desk
    everything = await stock.goods()
    assert everything.total == len(everything.rows or ())
    one = await stock.goods(page=Page(limit=1))
    assert len(one.rows or ()) == min(1, everything.total)
    branches = await stock.branches()
    assert branches.total == len(branches.rows or ())
    assert (await stock.branches(BranchFilter(name="no such branch"))).total == 0
