"""The panel about looking in, over a real engine and its real door: it says what the door says, and follows it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from fiscalmon.bootstrap import server_settings, start_engine
from fiscalmon.data_folder import DataFolder
from tests.gui.test_app import running
from tests.gui.test_first_run import WORDS, look_at, page_of
from tests.gui.waiting import until
from ui.ground import Ground
from ui.presenters.lan import DoorView, address_choices, addresses, door_view

STATUS = {
    "listening": True,
    "url": "https://192.168.1.7:8443/",
    "mdnsUrl": None,
    "fingerprint": "ab" * 32,
    "adapters": [{"adapter": "eth0", "address": "192.168.1.7"}, {"adapter": "docker0", "address": "172.17.0.1"}],
    "reason": None,
}


def test_a_door_is_shown_as_the_engine_tells_it() -> None:
    assert door_view(STATUS) == DoorView("https://192.168.1.7:8443/", mark="\n".join([":".join(["AB"] * 16)] * 2))
    assert door_view({**STATUS, "listening": False, "reason": "Port 8443 is taken."}) == DoorView(
        reason="Port 8443 is taken."
    )
    assert addresses(STATUS) == ("192.168.1.7", "172.17.0.1")
    # The order is the engine's; a chosen address whose cable is out is not lost.
    assert [address for address, _ in address_choices(STATUS, "10.0.0.9")] == ["10.0.0.9", "192.168.1.7", "172.17.0.1"]
    assert address_choices(STATUS, "172.17.0.1")[0] == ("192.168.1.7", "192.168.1.7, eth0")


def test_the_panel_opens_the_door_and_follows_it(
    qapp: QApplication, on_qt_loop: Callable[..., Any], tmp_path: Path, leave_picture: Callable[..., Path]
) -> None:
    (tmp_path / "setup.json").write_text('{"at": "summary", "finished": true, "skipped": [], "answers": {}}')

    async def opening() -> Any:
        folder = DataFolder(tmp_path)
        return await start_engine(folder, server=server_settings(folder, "127.0.0.1", 0, tls=True))

    async def scene() -> None:
        async with running(qapp, opening, ground=Ground(folder=tmp_path)) as (window, _):
            await until(lambda: "No fiscal device" in window.status.sentence(), "the engine", 20)
            window.actions_by_name["settings"].trigger()
            page: Any = page_of(window)
            page.arrive("lan")
            await until(lambda: page.panels.get("lan") and page.panels["lan"].url.text(), "the panel")
            panel = page.panels["lan"]
            assert panel.url.text() == "Only this machine may look in." and panel.code.isHidden()
            await page.desk.operate("user.add", name="Rudo", role="owner", password=WORDS)
            panel.fields.fill({"listen": "yes"})
            panel.run(panel._save())
            await until(lambda: panel.url.text().startswith("https://") and panel.code.isVisible(), "the door", 20)
            status = await page.desk.operate("lan.status")
            assert status["listening"] and panel.url.text() == status["url"]
            assert status["fingerprint"].replace(":", "").upper() in "".join(
                panel.print.text().replace(":", "").split()
            )
            assert panel.code.accessibleDescription() == status["url"]
            await look_at(window, "settings-lan-open", leave_picture)
            panel._copy()
            assert QApplication.clipboard().text() == status["url"]
            assert panel.findChildren(QTimer) == []  # it is told; it does not look every other second
            await page.desk.operate("lan.set", listen=False)  # somebody else, at the command line
            await until(lambda: panel.code.isHidden(), "the panel to follow", 10)
            assert panel.url.text() == "Only this machine may look in."
            assert page.trouble.isHidden()

    on_qt_loop(scene())
