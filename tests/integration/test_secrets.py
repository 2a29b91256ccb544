"""A whole life (register, sell, renew, crash, back up, ask support, export) and no secret in any file or in /proc."""

import base64
import io
import zipfile
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key

from device.keys.device_keys import KeyRoom
from tests.support.books import sale
from tests.support.command import Zygote, serve
from tests.support.printer_process import PrinterProcess
from tests.support.tills import Till, new_device, registrant
from tests.support.token import token, token_folder  # noqa: F401 - fixtures

PASSPHRASE = "a passphrase of the owner"
PASSWORD = "battery-staple-77"


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    zygote = Zygote(tmp_path_factory.mktemp("zygote"))
    yield zygote.run
    zygote.end()


def forms(secret: bytes) -> set[bytes]:
    """A secret as it might be written: bytes, hex, number, base64 however it is aligned, as Python shows bytes."""
    found = {secret, secret.hex().encode(), secret.hex().upper().encode(), str(int.from_bytes(secret, "big")).encode()}
    for shift in range(3):
        text = base64.b64encode(bytes(shift) + secret).rstrip(b"=")
        # The characters at both ends also hold bits of what stands beside.
        found |= {text[(shift * 8 + 5) // 6 + 1 : -1], text[(shift * 8 + 5) // 6 + 1 : -1].translate(_URL)}
    found.add(repr(secret)[2:-1].encode())
    assert all(len(form) > 20 for form in found)
    return found


_URL = bytes.maketrans(b"+/", b"-_")


def key_secrets(folder: Path, device_id: int) -> set[bytes]:
    """The private half of the device's key as it is now, and the lines of a PEM that lies open."""
    room = KeyRoom(folder / "keys")
    key = load_pem_private_key((folder / "keys" / f"{device_id}.key").read_bytes(), room.keys.passphrase())
    numbers = key.private_numbers()
    number = numbers.private_value if hasattr(numbers, "private_value") else numbers.d
    found = forms(number.to_bytes((number.bit_length() + 7) // 8, "big"))
    for form in (PrivateFormat.PKCS8, PrivateFormat.TraditionalOpenSSL):
        lines = key.private_bytes(Encoding.PEM, form, NoEncryption()).splitlines()[1:-1]
        # Lines that every key of a kind begins with tell nothing.
        found |= set(lines[1:])
    return found


def passphrase_secrets(folder: Path) -> set[bytes]:
    return forms((folder / "keys" / "passphrase").read_bytes())


def contents(root: Path):
    """Every file below, with those inside archives."""
    for path in sorted(root.rglob("*")):
        if path.is_file():
            data = path.read_bytes()
            yield str(path.relative_to(root)), data
            if zipfile.is_zipfile(io.BytesIO(data)):
                with zipfile.ZipFile(io.BytesIO(data)) as archive:
                    for name in archive.namelist():
                        yield f"{path.name}/{name}", archive.read(name)


def where(root: Path, secrets: set[bytes], but: tuple[str, ...] = ()) -> list[str]:
    return [name for name, data in contents(root) if name not in but and any(secret in data for secret in secrets)]


def of_process(pid: int) -> bytes:
    folder = Path(f"/proc/{pid}")
    return (folder / "cmdline").read_bytes() + (folder / "environ").read_bytes()


def core_dump_of(pid: int) -> tuple[str, int]:
    """How large a core file may become, and which memory would stand in it."""
    limits = Path(f"/proc/{pid}/limits").read_text()
    return limits.split("Max core file size")[1].split()[0], int(Path(f"/proc/{pid}/coredump_filter").read_text(), 16)


def test_the_search_finds_what_lies_open(tmp_path):
    secret = bytes(range(1, 33))
    for name, content in {
        "raw": b"x" + secret,
        "hex": secret.hex().encode(),
        "number": f"d={int.from_bytes(secret, 'big')}".encode(),
        "base64": base64.b64encode(b"ab" + secret + b"c"),
        "shown": repr({"key": secret}).encode(),
    }.items():
        (tmp_path / name).write_bytes(content)
    with zipfile.ZipFile(tmp_path / "zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inner", secret)
    (tmp_path / "clean").write_bytes(b"nothing")
    found = where(tmp_path, forms(secret))
    assert found == ["base64", "hex", "number", "raw", "shown", "zip/inner"]


async def test_a_life_as_processes(fdms, run, tmp_path):
    folder = tmp_path / "data"
    entry = new_device(fdms)
    device_id, activation = entry["deviceID"], entry["activationKey"]
    named = ["--device-id", str(device_id), "--serial", entry["serialNo"], "--gateway", fdms.url, "--ca", str(fdms.ca)]
    engine, printer = serve(folder), PrinterProcess("--family", "escpos")
    try:
        typed = f"{activation}\n".encode()
        done = await run(folder, "device", "register", *named, "--activation-key-stdin", given=typed)
        assert done.code == 0, done.err
        secrets = key_secrets(folder, device_id)
        account = await run(
            folder, "user", "add", "ann", "--role", "owner", "--password-stdin", given=PASSWORD.encode() + b"\n"
        )
        assert account.code == 0, account.err
        assert (await run(folder, "day", "open", "--device", str(device_id))).code == 0
        put_up = ("--family", "escpos", "--port", printer.port, "--device", str(device_id))
        assert (await run(folder, "printer", "add", "till", *put_up)).code == 0
        (tmp_path / "sale.json").write_bytes(_json(sale("life-1", deviceID=device_id)))
        assert (await run(folder, "submit", str(tmp_path / "sale.json"), "--wait", "completed")).code == 0
        closed = await run(folder, "day", "close", "--device", str(device_id), "--wait")
        assert closed.code == 0, closed.err
        assert (await run(folder, "device", "renew-certificate", str(device_id), "--new-key")).code == 0
        secrets |= key_secrets(folder, device_id)
        # Slips come out in order: with this one the sale's and the Z report's are on paper.
        assert (await run(folder, "printer", "test", "till")).code == 0
        assert (1, False, True) in printer.slips()
        (tmp_path / "paper.txt").write_text(printer.paper)
        seen = of_process(engine.process.pid) + of_process(printer.process.pid)
        assert core_dump_of(engine.process.pid) == ("0", 0)
        given = PASSPHRASE.encode() + b"\n"
        for command in (
            ("backup", str(tmp_path / "plain.backup")),
            ("backup", str(tmp_path / "keys.backup"), "--with-keys", "--passphrase-stdin"),
            ("keys", "export", str(device_id), str(tmp_path / "key.pem"), "--passphrase-stdin"),
            ("doctor", "--bundle", str(tmp_path / "bundle.zip")),
        ):
            done = await run(folder, *command, given=given)
            assert done.code == 0 or command[0] == "doctor", done.err
    finally:
        engine.kill()
        printer.end()
    # The next start finds what a kill -9 left.
    engine = serve(folder)
    seen += of_process(engine.process.pid)
    engine.end()
    typed_secrets = {text.encode() for text in (activation, PASSPHRASE, PASSWORD)}
    assert where(tmp_path, secrets | typed_secrets) == []
    assert where(tmp_path, passphrase_secrets(folder), but=("data/keys/passphrase",)) == []
    assert not [secret for secret in secrets | typed_secrets | passphrase_secrets(folder) if secret in seen]
    assert (tmp_path / "bundle.zip").exists()


@pytest.mark.parametrize("kind", ["ec", "rsa"])
async def test_a_crash_that_holds_the_key_in_its_hands_writes_nothing_of_it(fdms, tmp_path, impatient, kind):
    till = await Till(fdms, tmp_path / "data").start()
    entry = new_device(fdms)
    given = {**registrant(fdms, entry), "key": {"kind": kind}}
    await till.engine.operations.run("device.register", given)
    till.ids.append(entry["deviceID"])
    await till.open_day()
    await till.sell(2)
    await till.drained()
    secrets = key_secrets(till.path, till.id)
    numbers = till.device.signer._key.private_numbers()
    number = numbers.d if kind == "rsa" else numbers.private_value

    async def crash() -> None:
        raise RuntimeError(f"the key {number} {number:x} of {PASSPHRASE}") from ValueError(PASSPHRASE)

    till.engine._run("crash", crash())
    await till.until(lambda: list((till.path / "crashes").glob("*.json")))
    await till.engine.operations.run("backup", {"file": str(tmp_path / "b.backup"), "passphrase": PASSPHRASE})
    await till.engine.operations.run("doctor.bundle", {"file": str(tmp_path / "bundle.zip")})
    await till.stop()
    typed = {PASSPHRASE.encode(), entry["activationKey"].encode()}
    assert where(tmp_path, secrets | typed | {str(number).encode(), f"{number:x}".encode()}) == []


async def test_the_pin_of_a_token_is_nowhere(fdms, run, tmp_path, token, token_folder):  # noqa: F811
    folder = tmp_path / "data"
    entry = new_device(fdms)
    named = ["--device-id", str(entry["deviceID"]), "--serial", entry["serialNo"], "--gateway", fdms.url]
    in_token = ["--token", token.module, "--token-label", token.label, "--pin-stdin"]
    typed = f"{entry['activationKey']}\n{token.pin}\n".encode()
    setting = {"SOFTHSM2_CONF": str(token_folder.parent / "softhsm2.conf")}
    more = ["--ca", str(fdms.ca), "--activation-key-stdin", "--json"]
    done = await run(folder, "device", "register", *named, *in_token, *more, given=typed, **setting)
    assert done.code == 0, done.err
    assert done.json[0]["keyStore"] == "token"
    listed = await run(folder, "device", "list", "--json")
    assert listed.json[0][0]["keyStore"] == "token"
    wrong = await run(folder, "keys", "pin", str(entry["deviceID"]), "--pin-stdin", given=b"1111\n", **setting)
    assert (wrong.code, "does not take its PIN" in wrong.complaint) == (1, True)
    right = await run(
        folder, "keys", "pin", str(entry["deviceID"]), "--pin-stdin", given=token.pin.encode() + b"\n", **setting
    )
    assert right.code == 0, right.err
    assert where(tmp_path, {token.pin.encode(), entry["activationKey"].encode()}) == []


def _json(given: dict) -> bytes:
    import msgspec

    return msgspec.json.encode(given, enc_hook=str)
