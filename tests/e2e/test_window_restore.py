"""A restore while the window is open: it closes, the backup takes the books' place, and a window opens by itself."""

from __future__ import annotations

from pathlib import Path

from tests.e2e.conftest import ReadyTill
from tests.e2e.program import books, fiscalmon, run, sale, until
from tests.e2e.screen import Screen


def test_the_app_goes_on_by_itself_with_a_restored_backup(till: ReadyTill, tmp_path: Path) -> None:
    kept = tmp_path / "books.backup"
    named = ("--data-dir", till.folder)
    with Screen(1024, 768) as screen, fiscalmon(*named, "app", env=screen.env) as app:
        screen.window("fiscalmon", app)
        until(lambda: (till.folder / "engine.json").exists(), "the engine")
        run(*named, "submit", "--wait", "completed", sale(tmp_path, "KEPT"))
        run(*named, "backup", kept)
        (done,) = run(*named, "restore", kept)
        assert (done["inPlace"], done["receipts"]) == (True, 1)
        # The same process, so that whoever started it still has it.
        assert app.running()
        screen.window("fiscalmon", app)
        assert len(books(till.folder, "SELECT 1 FROM v_events WHERE type = 'books.restored'")) == 1
        (result,) = run(*named, "submit", "--wait", "completed", sale(tmp_path, "AFTER"))
        assert (result["status"], result["receiptGlobalNo"]) == ("completed", 2)
        assert app.end(seconds=5) == 0
        assert app.complaints() == ""
