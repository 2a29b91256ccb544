"""The settings' panel of alerts over a real engine: a channel to a real web server is added, tested and removed, rules
are set, and what cannot be is said in the sheet. No secret is shown again."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QLineEdit

from fiscalmon.bootstrap import start_engine
from fiscalmon.data_folder import DataFolder
from fiscalmon.domain.alert_channels import channel_from
from fiscalmon.domain.alerts import RULES as DOMAIN_RULES
from fiscalmon.domain.errors import BadInput
from fiscalmon.domain.preferences import AlertRules, changed, plain
from tests.gui.test_app import press, running, sheet_of
from tests.gui.test_first_run import look_at, page_of
from tests.gui.waiting import until
from tests.gui.walk import clashing, cut_off, unnamed
from tests.support.hook_server import hook_server
from ui.dialogs.form_sheet import FormSheet
from ui.ground import Ground
from ui.main_window import MainWindow
from ui.presenters.alert_settings import (
    KINDS,
    RULES,
    channel_of,
    channel_rows,
    check_name,
    rhythm,
    rhythm_values,
    rule_rows,
    rule_values,
    switched,
)

TOKEN = "bearer-of-nobodys-business-51c8"
SECTION = plain(AlertRules())
MAIL = {"host": "mail.example.org", "security": "starttls", "port": "", "user": "till", "secret": "pass word"}
MAIL |= {"sender": "till@example.org", "to": "a@example.org, b@example.org"}
ANSWERS = {
    "e-mail": MAIL,
    "telegram": {"chat": "-100123", "secret": TOKEN},
    "webhook": {"url": "https://alerts.example.org/till", "secret": TOKEN, "private": "no"},
    "secret-webhook": {"secret": "https://chat.example.org/?key=1", "private": "no"},
}


@pytest.mark.parametrize("kind", [kind for kind, _ in KINDS])
def test_answers_become_a_channel_that_the_engine_takes(kind: str) -> None:
    described, secret = channel_of("office", kind, ANSWERS[kind])
    assert secret == ANSWERS[kind]["secret"] and secret not in json.dumps(described)
    assert channel_from(described, has_secret=True).name == "office"


@pytest.mark.parametrize(
    ("kind", "wrong", "said"),
    [
        ("e-mail", {"host": ""}, "mail server"),
        ("e-mail", {"to": "owner"}, "Sender and recipients"),
        ("e-mail", {"port": "70000"}, "The port"),
        ("e-mail", {"user": ""}, "or neither"),
        ("e-mail", {"security": "none"}, "without TLS"),
        ("telegram", {"chat": "my chat"}, "The chat"),
        ("telegram", {"secret": ""}, "token"),
        ("webhook", {"url": "alerts.example.org"}, "begins with https"),
        ("webhook", {"url": "http://10.0.0.7/till"}, "https:// alone"),
        ("webhook", {"url": "https://a.example.org/?key=1"}, "behind the ?"),
        ("webhook", {"secret": "a\x07b"}, "one line"),
        ("secret-webhook", {"secret": ""}, "begins with https"),
    ],
)
def test_what_cannot_be_a_channel_is_said_plainly(kind: str, wrong: dict[str, str], said: str) -> None:
    with pytest.raises(BadInput) as raised:
        channel_of("office", kind, ANSWERS[kind] | wrong)
    assert said in raised.value.text and "--" not in raised.value.text


def test_names_rules_and_quiet_hours_are_checked_and_become_settings() -> None:
    for name, said in (("über", "letters"), ("", "letters"), ("office", "already")):
        with pytest.raises(BadInput, match=said):
            check_name({"name": name}, ["office"])
    assert set(RULES) == set(DOMAIN_RULES)
    assert [RULES[name].moment for name in RULES] == [DOMAIN_RULES[name].moment for name in RULES]  # type: ignore[index]
    listed = {"rule": "disk", "title": "", "on": True, "grave": True, "holdMinutes": 1, "wakes": False}
    (row,) = rule_rows([listed], SECTION)
    assert (row.word, row.limit, row.after, row.quiet) == ("On", "2 GiB", "1 min", "Waits")
    values = rule_values(row, {"on": "no", "wakes": "yes", "limit": "3,5", "minutes": "4"}, SECTION)
    section = plain(changed(AlertRules(), values))
    assert (section["off"], section["disk_gib"], section["hold_minutes"]) == (("disk",), 3.5, {"disk": 4})
    assert section["wake_for"] == ("books", "sign-in", "disk")
    (row,) = rule_rows([listed | {"on": False}], section)
    assert switched(row, section) == {"off": []}
    with pytest.raises(BadInput, match="a number"):
        rule_values(row, {"on": "yes", "wakes": "no", "limit": "many", "minutes": "4"}, SECTION)
    quiet = {"quiet_from": "21:00", "quiet_until": "06:30", "repeat_hours": "0"}
    assert rhythm(plain(changed(AlertRules(), rhythm_values(quiet)))) == (
        "Quiet from 21:00 until 06:30. What lasts is told once."
    )
    assert rhythm(SECTION) == "No quiet hours. What lasts is told again after 24 h."
    for wrong, said in (({"quiet_until": ""}, "both ends"), ({"quiet_from": "9"}, "written as")):
        with pytest.raises(BadInput, match=said):
            rhythm_values(quiet | wrong)


def test_a_channels_row_says_how_it_went_last() -> None:
    one = {"name": "a", "kind": "webhook", "target": "(kept secret)", "secret": True, "waiting": 0, "lastError": None}
    (row,) = channel_rows([one], {})
    assert (row.target, row.outcome, row.state) == ("A secret address", "No trouble", "muted")
    (row,) = channel_rows([one | {"waiting": 2, "lastError": "No answer."}], {"a": ("ok", "A test went out")})
    assert (row.outcome, row.state) == ("2 waiting: No answer.", "failed")
    assert channel_rows([one], {"a": ("ok", "A test went out")})[0].outcome == "A test went out"


async def filled(window: MainWindow, title: str, **answers: str) -> FormSheet:
    """The sheet of that title with these answers, by keys where they are written."""
    await until(lambda: (sheet := sheet_of(window)) and sheet.windowTitle() == title, title)
    sheet: Any = sheet_of(window)
    for name, answer in answers.items():
        editor = sheet.fields[name]
        if isinstance(editor, QComboBox):
            editor.setCurrentIndex(editor.findData(answer))
        else:
            editor.clear()
            QTest.keyClicks(editor, answer)
    assert cut_off(sheet) == [] and unnamed(sheet) == [] and clashing(sheet) == []
    return sheet


async def gone(window: MainWindow) -> None:
    await until(lambda: sheet_of(window) is None, "the sheet to be gone")


def test_a_channel_is_added_tested_and_removed_and_a_rule_is_set(
    qapp: QApplication, on_qt_loop: Callable[..., Any], tmp_path: Path, leave_picture: Callable[..., Path]
) -> None:
    (tmp_path / "setup.json").write_text('{"at": "summary", "finished": true, "skipped": [], "answers": {}}')

    async def opening() -> Any:
        return await start_engine(DataFolder(tmp_path))

    async def scene(hook: Any) -> None:
        async with running(qapp, opening, ground=Ground(folder=tmp_path)) as (window, _):
            await until(lambda: "No fiscal device" in window.status.sentence(), "the engine", 20)
            window.actions_by_name["settings"].trigger()
            page: Any = page_of(window)
            page.arrive("alerts")
            await until(lambda: page.panels.get("alerts") and page.panels["alerts"].rules.rowCount(), "the panel")
            panel = page.panels["alerts"]
            assert panel.rules.rowCount() == len(DOMAIN_RULES)
            assert panel.empty.isVisible() and not panel.table.isVisible() and not panel.test_button.isEnabled()

            button = {b.text(): b for b in panel.findChildren(type(panel.test_button))}
            QTest.mouseClick(button["Add"], Qt.MouseButton.LeftButton)
            sheet = await filled(window, "Add a channel", kind="webhook", name="the office")
            sheet.finish()
            assert "letters, digits" in sheet.problem.text() and sheet.isVisible()
            sheet = await filled(window, "Add a channel", name="office")
            QTest.keyClick(sheet.fields["name"], Qt.Key.Key_Return)
            sheet = await filled(window, "Add the channel office", url=f"{hook.url}/till", secret=TOKEN)
            secret = sheet.fields["secret"]
            assert isinstance(secret, QLineEdit) and secret.echoMode() == QLineEdit.EchoMode.Password
            sheet.finish()
            assert "https:// alone" in sheet.problem.text()
            leave_picture(sheet, "settings-alerts-add")
            await filled(window, "Add the channel office", private="yes")
            press(sheet, "Add")
            await until(lambda: panel.model.rowCount() == 1 and panel.table.isVisible(), "the channel")
            assert panel.empty.isHidden() and page.trouble.isHidden()

            QTest.mouseClick(panel.test_button, Qt.MouseButton.LeftButton)
            await until(lambda: panel.model.rows()[0].state == "ok", "the test")
            ((path, headers, body),) = hook.got
            assert (path, headers["authorization"], json.loads(body)["kind"]) == ("/till", f"Bearer {TOKEN}", "test")
            hook.status = 500
            QTest.mouseClick(panel.test_button, Qt.MouseButton.LeftButton)
            await until(lambda: panel.model.rows()[0].state == "failed" and page.trouble.isVisible(), "the failure")
            texts = [widget.text() for kind in (QLabel, QLineEdit) for widget in window.findChildren(kind)]
            texts += [panel.model.index(0, column).data() for column in range(4)]
            assert not any(TOKEN in text for text in texts)

            panel.rule_table.selectRow(7)
            QTest.keyClick(panel.rule_table, Qt.Key.Key_Return)
            sheet = await filled(window, "The disk is nearly full", limit="nothing")
            sheet.finish()
            assert sheet.problem.text() == "GiB that are free: a number, please."
            await filled(window, "The disk is nearly full", limit="3", minutes="5", wakes="yes")
            leave_picture(sheet, "settings-alerts-rule")
            press(sheet, "Change")
            await until(lambda: panel.rules.rows()[7].limit == "3 GiB", "the rule")
            QTest.mouseClick(button["Rule on or off"], Qt.MouseButton.LeftButton)
            await until(lambda: not panel.rules.rows()[7].on, "the rule to be off")
            QTest.mouseClick(button["Quiet hours"], Qt.MouseButton.LeftButton)
            sheet = await filled(window, "Quiet hours", quiet_from="21:00", quiet_until="06:30")
            QTest.keyClick(sheet.fields["repeat_hours"], Qt.Key.Key_Return)
            await until(lambda: panel.rhythm.text().startswith("Quiet from 21:00 until 06:30."), "the quiet hours")
            section = (await page.desk.operate("settings.list"))["alerts"]
            assert (section["off"], section["disk_gib"], section["hold_minutes"]) == (("disk",), 3.0, {"disk": 5})
            assert (section["wake_for"], section["quiet_until"]) == (("books", "sign-in", "disk"), "06:30")
            await look_at(window, "settings-alerts-set", leave_picture)
            for scheme in ("light", "dark"):
                window.theme.choose(scheme)  # type: ignore[arg-type]
                window.resize(QSize(1024, 768))
                QApplication.processEvents()
                leave_picture(window, f"settings-alerts-{scheme}-1024x768")

            QTest.mouseClick(panel.remove_button, Qt.MouseButton.LeftButton)
            await until(lambda: sheet_of(window), "the question")
            press(sheet_of(window), "Cancel")  # type: ignore[arg-type]
            await gone(window)
            assert len(await page.desk.operate("alerts.channels")) == 1
            QTest.mouseClick(panel.remove_button, Qt.MouseButton.LeftButton)
            await until(lambda: sheet_of(window), "the question again")
            press(sheet_of(window), "Remove")  # type: ignore[arg-type]
            await until(lambda: panel.empty.isVisible() and not panel.table.isVisible(), "the channel to be gone")
            assert await page.desk.operate("alerts.channels") == []

    with hook_server(None) as hook:
        on_qt_loop(scene(hook))
