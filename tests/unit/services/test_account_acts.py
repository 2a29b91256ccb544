"""Accounts as the till's own operations: made, changed, signed out, removed; nothing secret comes back."""

import json

import pytest

from fiscalmon.domain.account import Session
from fiscalmon.domain.errors import BadInput
from fiscalmon.services.account_acts import account_operations
from fiscalmon.services.accounts import Accounts
from fiscalmon.store.accounts import AccountFile

WORDS = "maize bridge lantern four"


@pytest.fixture
def accounts(tmp_path):
    made = Accounts(AccountFile(tmp_path))
    yield made
    made.close()


async def test_an_account_from_first_to_last(accounts):
    run = account_operations(lambda: accounts)
    made = await run["user.add"]({"name": "Rudo", "role": "owner", "password": WORDS})
    assert (made["name"], made["role"], made["devices"], made["sessions"]) == ("Rudo", "owner", None, [])
    assert "argon2" not in json.dumps(made) and WORDS not in json.dumps(made)
    assert (await run["user.role"]({"name": "rudo", "role": "manager"}))["role"] == "manager"
    assert (await run["user.devices"]({"name": "Rudo", "devices": [7, 3]}))["devices"] == [3, 7]
    account = accounts.get("Rudo")
    for number in "ab":
        kept = Session(number, "cookie", account.id, f"digest-{number}", 1, 1, int(accounts.now()) + 99)
        assert accounts.shelf.add_session(kept, version=account.version, keep=9, now=1)
    assert len((await run["user.list"]({}))[0]["sessions"]) == 2
    assert [s["id"] for s in (await run["user.end"]({"name": "Rudo", "session": "a"}))["sessions"]] == ["b"]
    assert (await run["user.end"]({"name": "Rudo"}))["sessions"] == []
    await run["user.password"]({"name": "Rudo", "password": WORDS + " five"})
    assert accounts.verify("Rudo", WORDS) is None and accounts.verify("Rudo", WORDS + " five")
    assert await run["user.remove"]({"name": "Rudo"}) == {"name": "Rudo", "removed": True}
    assert await run["user.list"]({}) == []


async def test_what_is_wrong_is_said(accounts):
    run = account_operations(lambda: accounts)
    with pytest.raises(BadInput, match="12 characters"):
        await run["user.add"]({"name": "Rudo", "role": "owner", "password": "short"})
    with pytest.raises(BadInput, match="no account"):
        await run["user.end"]({"name": "Nobody"})
