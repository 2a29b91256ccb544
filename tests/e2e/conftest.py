"""What end-to-end tests share: one Chromium, one demo with baskets flowing, one till of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.e2e.chromium import Browser
from tests.e2e.program import fiscalmon, run

PASSWORD = "four plain words do well"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with Browser() as started:
        yield started


@pytest.fixture(scope="module")
def flowing() -> Iterator[dict[str, Any]]:
    """The first line of a demo that sells for minutes."""
    with fiscalmon("demo", "--headless", "--json", "--rate", "2") as demo:
        yield demo.line()


class ReadyTill(NamedTuple):
    """A data folder with one registered device, its day open, an owner named olga; FDMS's simulator runs.

    `control`: the simulator's control port.
    """

    folder: Path
    device: int
    control: str


@pytest.fixture
def till(tmp_path: Path) -> Iterator[ReadyTill]:
    folder = tmp_path / "till"
    folder.mkdir()
    # Any free port: the usual one may be taken by a till that runs on this machine.
    (folder / "settings.toml").write_text("[server]\nport = 0\n")
    with fiscalmon("simulator", "--json", "--state-dir", tmp_path / "fdms") as simulator:
        fdms = simulator.line()
        device = fdms["devices"][0]
        name = ("--data-dir", folder, "device", "register", "--device-id", device["deviceID"])
        key = ("--serial", device["serialNo"], "--activation-key", device["activationKey"])
        run(*name, *key, "--gateway", fdms["url"], "--ca", fdms["ca"])
        run("--data-dir", folder, "user", "add", "olga", "--role", "owner", "--password-stdin", given=PASSWORD)
        run("--data-dir", folder, "day", "open", "--device", device["deviceID"])
        yield ReadyTill(folder, device["deviceID"], fdms["control"])
