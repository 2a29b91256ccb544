"""SoftHSM2 as a device's token: one library for a test run, a token of its own for each test."""

import itertools
import os
import subprocess
from pathlib import Path

import pytest

_numbers = itertools.count(1)
_PLACES = (
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
    "/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so",
)
PIN = "482913-till"


def library() -> str:
    return next(place for place in _PLACES if Path(place).exists())


class Token:
    """A token with a PIN. `objects` is what it holds by its own tool's word."""

    def __init__(self, label: str, pin: str = PIN) -> None:
        self.module = library()
        self.label = label
        self.pin = pin
        made = ["--init-token", "--free", "--label", label, "--pin", pin, "--so-pin", "so-" + pin]
        subprocess.run(["softhsm2-util", *made], check=True, capture_output=True)

    def wish(self, kind: str = "ec") -> dict:
        return {"kind": kind, "token_module": self.module, "token_label": self.label, "pin": self.pin}

    def change_pin(self, pin: str) -> None:
        """As its owner would with the maker's tool."""
        import pkcs11

        with pkcs11.lib(self.module).get_token(token_label=self.label).open(rw=True) as session:
            session.set_pin(self.pin, pin)
        self.pin = pin

    def private_keys(self) -> int:
        """How many private keys it holds."""
        import pkcs11

        with pkcs11.lib(self.module).get_token(token_label=self.label).open() as session:
            return len(list(session.get_objects({pkcs11.Attribute.CLASS: pkcs11.ObjectClass.PUBLIC_KEY})))


@pytest.fixture(scope="session")
def token_folder(tmp_path_factory):
    """Where SoftHSM keeps its tokens for this run; its library reads the setting when it is loaded."""
    folder = tmp_path_factory.mktemp("softhsm")
    (folder / "tokens").mkdir()
    setting = folder / "softhsm2.conf"
    setting.write_text(f"directories.tokendir = {folder / 'tokens'}\nobjectstore.backend = file\nlog.level = ERROR\n")
    before = os.environ.get("SOFTHSM2_CONF")
    os.environ["SOFTHSM2_CONF"] = str(setting)
    yield folder / "tokens"
    if before is None:
        del os.environ["SOFTHSM2_CONF"]
    else:
        os.environ["SOFTHSM2_CONF"] = before


@pytest.fixture
def token(token_folder):
    """A fresh token."""
    return Token(f"till {next(_numbers)}")
