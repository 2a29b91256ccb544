"""The technical log: what may stand in a line, what never does, how files come and go; crash files."""

import ast
import json
import logging
import os
import re
import time
from pathlib import Path

import pytest
import structlog

from fiscalmon import correlation, logs
from fiscalmon.crash_files import MOST, keep_crash
from fiscalmon.domain.errors import FiscalmonError

ROOT = Path(__file__).resolve().parents[2]
SECRETS = (
    "hunter2-hunter2", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.abc",
    "00112233445566778899aabbccddeeff0011223344556677",
    "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49\n-----END ENCRYPTED PRIVATE KEY-----",
)  # fmt: skip


@pytest.fixture
def written(tmp_path):
    """Logs into a folder; gives the lines so far."""
    root, before = logging.getLogger(), logging.getLogger().handlers[:]
    level = root.level
    logs.log_to(tmp_path)

    def lines() -> list[dict]:
        return [json.loads(line) for line in (tmp_path / logs.FILE_NAME).read_text().splitlines()]

    yield lines
    for handler in root.handlers:
        handler.close()
    root.handlers, root.level = before, level
    structlog.reset_defaults()


def test_a_line_holds_what_is_allowed_and_names_what_is_not(written):
    log = structlog.stdlib.get_logger("fiscalmon.test")
    with correlation.correlated("press-0001"):
        log.warning("receipt.failed", device=7, receipt="r1", password=SECRETS[0], buyer="Mrs Buyer")
    (line,) = written()
    assert {key: line[key] for key in ("event", "level", "device", "receipt", "correlation", "left_out")} == {
        "event": "receipt.failed", "level": "warning", "device": 7, "receipt": "r1", "correlation": "press-0001",
        "left_out": ["buyer", "password"],
    }  # fmt: skip
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", line["timestamp"])


@pytest.mark.parametrize(
    "text",
    [
        f"password={SECRETS[0]}", f'{{"activationKey": "{SECRETS[0]}"}}', f"Authorization: Bearer {SECRETS[1]}",
        SECRETS[2],
        f"the key is {SECRETS[3]}", f"cookie: __Host-session={SECRETS[0]}", f"refresh_token={SECRETS[1]}",
        f"https://till/x?token={SECRETS[0]}",
    ],
)  # fmt: skip
def test_what_looks_like_a_secret_is_masked_in_allowed_texts(written, text):
    structlog.stdlib.get_logger("fiscalmon.test").error(text, detail=text, text={"deep": text})
    content = json.dumps(written(), ensure_ascii=False)
    assert not [secret for secret in SECRETS if secret in content or secret.split("\n")[0] in content]


def test_an_exception_is_told_by_place_and_only_our_words(written):
    log = structlog.stdlib.get_logger("fiscalmon.test")
    try:
        raise ValueError(f"bad input {SECRETS[0]}")
    except ValueError:
        log.exception("a fault")
    try:
        raise FiscalmonError("The disk is full.", code="DISK") from KeyError(SECRETS[0])
    except FiscalmonError as wrong:
        log.error("ours", exc_info=wrong)
    fault, ours = written()
    assert fault["error"]["type"] == "ValueError"
    assert "test_an_exception_is_told" in fault["error"]["where"][-1]
    assert ours["error"]["text"] == "The disk is full."
    assert ours["error"]["cause"] == {"type": "KeyError"}
    assert SECRETS[0] not in json.dumps([fault, ours])


def test_other_peoples_messages_come_without_what_was_filled_in(written):
    other = logging.getLogger("somebody.else")
    other.warning("login of %s failed with %s", "tendai", SECRETS[0])
    try:
        raise RuntimeError(SECRETS[0])
    except RuntimeError:
        other.exception("it broke")
    first, second = written()
    assert first["event"] == "login of %s failed with %s"
    assert second["error"]["type"] == "RuntimeError"
    assert SECRETS[0] not in json.dumps([first, second])


def test_text_cannot_forge_a_line(written):
    structlog.stdlib.get_logger("fiscalmon.test").error('x"}\n{"event":"forged"', detail="\r\n{}")
    assert [line["event"] for line in written()] == ['x"}\n{"event":"forged"']


def test_files_turn_by_size_and_day_and_go_by_age(written, tmp_path, monkeypatch):
    monkeypatch.setattr(logging.getLogger().handlers[0], "maxBytes", 2_000)
    log = structlog.stdlib.get_logger("fiscalmon.test")
    for number in range(40):
        log.warning("line", number=number)
    assert len(list(logs.files_of(tmp_path))) > 2
    numbers = [json.loads(line)["number"] for path in logs.files_of(tmp_path) for line in path.read_text().splitlines()]
    assert numbers == list(range(40))
    before = len(list(logs.files_of(tmp_path)))
    monkeypatch.setattr(logs, "_today", lambda: "2099-01-01")
    log.warning("tomorrow")
    assert len(list(logs.files_of(tmp_path))) == before + 1
    assert all(path.stat().st_mode & 0o077 == 0 for path in logs.files_of(tmp_path))
    old = sorted(tmp_path.glob("*.log.*"))[-1]
    os.utime(old, (time.time() - 31 * 86_400,) * 2)
    assert logs.prune(tmp_path) == 1
    assert not old.exists()
    assert logs.prune(tmp_path, now=time.time() + 31 * 86_400) == before - 1
    assert (tmp_path / logs.FILE_NAME).exists()


def test_every_key_that_the_program_logs_is_allowed():
    """A key that is not on the list would be left out of every line: add it there if it can never hold a secret."""
    missing = set()
    for path in (*ROOT.glob("fiscalmon/**/*.py"), *ROOT.glob("ui/*.py"), *ROOT.glob("device/**/*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            owner = node.func.value
            if isinstance(owner, ast.Name) and owner.id in ("log", "_log") and node.func.attr in (
                "debug", "info", "warning", "error", "exception",
            ):  # fmt: skip
                missing |= {f"{path.name}: {k.arg}" for k in node.keywords if k.arg and k.arg not in logs.ALLOWED}
    assert {name for name in missing if not name.endswith((": exc_info", ": extra"))} == set()


def test_a_crash_file_holds_the_place_and_no_words(tmp_path):
    try:
        raise ValueError(SECRETS[0])
    except ValueError as wrong:
        path = keep_crash(tmp_path, "sender-101", wrong)
        for _ in range(MOST + 5):
            keep_crash(tmp_path, "../../Sender 101", wrong)
    assert path.parent == tmp_path / "crashes"
    files = list((tmp_path / "crashes").iterdir())
    assert len(files) == MOST
    content = files[0].read_text()
    assert SECRETS[0] not in content
    assert str(ROOT) not in content
    assert json.loads(content)["error"]["type"] == "ValueError"
    assert files[0].stat().st_mode & 0o777 == 0o600


def test_a_lost_disk_is_no_second_crash(tmp_path):
    (tmp_path / "crashes").write_text("in the way")
    assert keep_crash(tmp_path, "x", ValueError()) is None
