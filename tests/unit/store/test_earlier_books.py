"""An update of the books keeps a verified copy of them first, three at most, or changes nothing."""

import contextlib
import shutil
import sqlite3

import pytest
from alembic import command

from fiscalmon.domain.errors import StoreDamaged
from fiscalmon.store import database
from fiscalmon.store.database import FILE_NAME, open_engine
from fiscalmon.store.migrations import HEAD

OLD = "0004"


def version(path) -> str:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        return connection.execute("SELECT version_num FROM alembic_version").fetchone()[0]


@pytest.fixture
def old(tmp_path, monkeypatch):
    """Books of an earlier fiscalmon."""
    upgrade = command.upgrade
    monkeypatch.setattr(database, "HEAD", OLD)
    monkeypatch.setattr(command, "upgrade", lambda config, _: upgrade(config, OLD))
    open_engine(tmp_path).dispose()
    monkeypatch.undo()
    assert not (tmp_path / "backups").exists()
    return tmp_path


def test_the_books_before_an_update_are_kept_as_they_were(old):
    open_engine(old).dispose()
    assert version(old / FILE_NAME) == HEAD
    assert [path.name for path in (old / "backups").iterdir()] == [f"before-schema-{HEAD}.db"]
    assert version(old / "backups" / f"before-schema-{HEAD}.db") == OLD
    assert (old / "backups" / f"before-schema-{HEAD}.db").stat().st_mode & 0o777 == 0o600


def test_three_are_kept_and_other_files_left_alone(old):
    (old / "backups").mkdir()
    for name in ("before-schema-0001.db", "before-schema-0002.db", "before-schema-0003.db", "fiscalmon-x.backup"):
        (old / "backups" / name).write_bytes(b"x")
    open_engine(old).dispose()
    assert sorted(path.name for path in (old / "backups").iterdir()) == sorted(
        ["before-schema-0002.db", "before-schema-0003.db", f"before-schema-{HEAD}.db", "fiscalmon-x.backup"]
    )


def test_without_room_for_a_copy_nothing_is_changed(old, monkeypatch):
    usage = shutil.disk_usage(old)
    monkeypatch.setattr("fiscalmon.store.earlier_books.shutil.disk_usage", lambda _: usage._replace(free=1_000_000))
    with pytest.raises(StoreDamaged, match=r"make room, then start again. Nothing was changed"):
        open_engine(old)
    assert version(old / FILE_NAME) == OLD


def test_where_the_copy_cannot_be_written_nothing_is_changed(old):
    (old / "backups").write_text("a file in the way")
    with pytest.raises(StoreDamaged, match="mend that, then start again"):
        open_engine(old)
    assert version(old / FILE_NAME) == OLD
