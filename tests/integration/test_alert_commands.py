"""Alerts in a running till and on the command line: messages over real sockets, no secret in any file, restarts."""

import asyncio
import base64
import json
import stat
import zipfile

import pytest

from device.keys.passphrase import PassphraseFile
from device.keys.sealed import open_keys, seal_keys, write_keys
from device.keys.secret_box import SealedSecrets
from fiscalmon.bootstrap import start_engine
from fiscalmon.data_folder import DataFolder
from fiscalmon.domain.errors import KeyUnavailable
from fiscalmon.services import alert_post, alerts
from tests.support.command import Zygote
from tests.support.hook_server import hook_server

SECRET = "hooks-of-nobodys-business-7f3a"


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    zygote = Zygote(tmp_path_factory.mktemp("zygote"))
    yield zygote.run
    zygote.end()


@pytest.fixture
def hook():
    with hook_server(None) as server:
        yield server


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setattr(alerts, "LOOK_SECONDS", 0.1)
    monkeypatch.setattr(alerts, "AT_MOST_EVERY", 0.05)
    monkeypatch.setattr(alert_post, "LOOK_SECONDS", 0.1)


async def until(holds):
    async with asyncio.timeout(15):
        while not (found := await holds()):  # noqa: ASYNC110 - a test looks from outside
            await asyncio.sleep(0.02)
    return found


def holding(folder, secret: str) -> list[str]:
    """The files in which a secret stands, plain or in base64, also within a bundle."""
    forms = (secret.encode(), base64.b64encode(secret.encode())[:-4])
    contents = [(path.name, path.read_bytes()) for path in folder.rglob("*") if path.is_file()]
    for path in folder.rglob("*.zip"):
        with zipfile.ZipFile(path) as bundle:
            contents += [(name, bundle.read(name)) for name in bundle.namelist()]
    return [name for name, content in contents if any(form in content for form in forms)]


async def test_a_running_till_tells_once_over_a_restart_and_keeps_its_secret(tmp_path, hook, impatient):
    folder = tmp_path / "data"

    async def told():
        return [json.loads(body)["kind"] for _, _, body in hook.got]

    engine = await start_engine(DataFolder(folder), tend=True)
    run = engine.operations.run
    channel = {"name": "ops", "kind": "webhook", "allow_private": True}
    await run("alerts.add-channel", {"channel": channel, "secret": f"{hook.url}/{SECRET}"})
    await run("settings.set", {"section": "alerts", "values": {"disk_gib": 1000, "hold_minutes": {"disk": 0}}})
    await until(told)
    assert hook.got[0][0] == f"/{SECRET}"
    (alert,) = await run("alerts.list", {})
    assert (alert["rule"], alert["state"]) == ("disk", "open")
    hook.status = 500
    await engine.operations.run("backup", {"file": str(tmp_path / "b.backup")})
    await engine.operations.run("doctor.bundle", {"file": str(tmp_path / "support.zip")})
    await engine.stop()

    hook.status = 200
    engine = await start_engine(DataFolder(folder), tend=True)
    run = engine.operations.run
    await run("settings.set", {"section": "alerts", "values": {"disk_gib": 0.001, "calm_minutes": 0}})

    async def over():
        return [one for one in await run("alerts.list", {}) if one["state"] == "over"]

    await until(over)

    async def both():
        return len(hook.got) >= 2

    await until(both)
    await engine.stop()
    assert await told() == ["raised", "resolved"]
    assert holding(tmp_path, SECRET) == []
    sealed = folder / "keys" / "alerts.sealed"
    assert stat.S_IMODE(sealed.stat().st_mode) == 0o600


async def test_channels_are_set_up_tried_and_removed_by_command(run, tmp_path, hook):
    folder = tmp_path / "data"
    add = ("alerts", "add-channel", "ops", "--kind", "webhook", "--allow-private", "--secret-stdin", "--json")
    added = await run(folder, *add, given=f"{hook.url}/{SECRET}\n".encode())
    assert (added.code, added.json[0]["target"]) == (0, "(kept secret)")
    (shown,) = (await run(folder, "alerts", "channels", "--json")).json[0]
    assert (shown["kind"], shown["secret"], shown["waiting"]) == ("webhook", True, 0)
    assert SECRET not in (await run(folder, "settings", "list")).out
    assert (await run(folder, "alerts", "test", "ops", "--json")).json[0]["sent"] is True
    assert [path for path, *_ in hook.got] == [f"/{SECRET}"]
    hook.status = 403
    refused = await run(folder, "alerts", "test", "ops")
    assert (refused.code, refused.complaint) == (1, "fiscalmon: The webhook answered 403.")
    assert (await run(folder, "alerts", "remove-channel", "ops")).code == 0
    assert (await run(folder, "alerts", "channels", "--json")).json == [[]]
    assert "no channel" in (await run(folder, "alerts", "test", "ops")).complaint
    assert holding(tmp_path, SECRET) == []


async def test_what_is_watched_and_what_is_known_can_be_seen(run, tmp_path):
    assert (await run(tmp_path, "settings", "set", "alerts", 'off=["printer"]', "quiet_from=21:00")).code == 0
    rules = {one["rule"]: one for one in (await run(tmp_path, "alerts", "rules", "--json")).json[0]}
    assert len(rules) == 11 and [name for name, one in rules.items() if not one["on"]] == ["printer"]
    assert (await run(tmp_path, "settings", "set", "alerts", 'off=["wrong"]')).code == 1
    assert (await run(tmp_path, "alerts", "list", "--json")).json == [[]]
    assert "no alert" in (await run(tmp_path, "alerts", "ack", "none")).complaint


async def test_what_cannot_be_is_said_plainly(run, tmp_path):
    mail = ("--kind", "e-mail", "--host", "mail.shop.zw", "--from", "till@shop.zw")
    done = await run(tmp_path, "alerts", "add-channel", "ops", *mail)
    assert done.code == 1 and "`to`" in done.complaint
    assert (await run(tmp_path, "alerts", "channels", "--json")).json == [[]]


def test_secrets_are_sealed_and_belong_to_the_folders_passphrase(tmp_path):
    box = SealedSecrets(tmp_path, PassphraseFile(tmp_path))
    assert box.get("ops") is None
    box.put("ops", SECRET)
    box.put("chat", "another")
    box.put("ops", SECRET + "2")
    box.remove("chat")
    again = SealedSecrets(tmp_path, PassphraseFile(tmp_path))
    assert (again.get("ops"), again.get("chat")) == (SECRET + "2", None)
    assert holding(tmp_path, SECRET) == []
    moved = tmp_path / "moved"
    write_keys(moved, open_keys(seal_keys(tmp_path, "a long passphrase"), "a long passphrase"))
    assert SealedSecrets(moved, PassphraseFile(moved)).get("ops") == SECRET + "2"
    sealed = tmp_path / "alerts.sealed"
    content = bytearray(sealed.read_bytes())
    content[-1] ^= 1
    sealed.write_bytes(content)
    with pytest.raises(KeyUnavailable, match="add-channel"):
        again.get("ops")
    sealed.chmod(0o644)
    with pytest.raises(KeyUnavailable, match="chmod 600"):
        again.get("ops")
