"""Opening fiscalmon.db: engines, pragmas, migrations. Says plainly when the file cannot be trusted."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import QueuePool

from ..domain.errors import StoreDamaged
from .book_file import DAMAGED, FILE_NAME, damaged
from .migrations import HEAD
from .reading import Ask


def open_engine(folder: Path, *, readers: int = 4, keep_earlier: bool = True) -> Engine:
    """An engine on DATA_DIR/fiscalmon.db, migrated to the newest schema; `keep_earlier`: after a copy of the old one.

    Raises StoreDamaged when the file is no database, is newer than this program, or cannot be written.
    """
    engine = create_engine(
        f"sqlite:///{folder / FILE_NAME}",
        poolclass=QueuePool,
        pool_size=readers + 1,
        connect_args={"timeout": 30, "check_same_thread": False, "cached_statements": 256},
    )
    event.listen(engine, "connect", _configure)
    event.listen(engine, "begin", _begin)
    try:
        migrate(engine, folder / FILE_NAME if keep_earlier else None)
    except (DatabaseError, sqlite3.DatabaseError) as wrong:
        engine.dispose()
        raise damaged(wrong) from wrong
    return engine


def asking(source: Engine | Connection) -> Ask:
    """How an archive asks: on a connection all queries see the same moment, on an engine each its own."""

    def ask(sql: str, values: tuple[Any, ...] = ()) -> list[Any]:
        if isinstance(source, Connection):
            return list(source.exec_driver_sql(sql, values).all())
        with source.connect() as connection:
            return list(connection.exec_driver_sql(sql, values).all())

    return ask


def check(engine: Engine) -> None:
    """Walk all pages of the file once: a third of a second for 100,000 receipts. Raises StoreDamaged."""
    try:
        with engine.connect() as connection:
            found = connection.execute(text("PRAGMA quick_check(1)")).scalar_one()
    except (DatabaseError, sqlite3.DatabaseError) as wrong:
        raise damaged(wrong) from wrong
    if found != "ok":
        raise StoreDamaged(DAMAGED, str(found))


def migrate(engine: Engine, copied: Path | None = None) -> None:
    """Bring the schema to HEAD; `copied`: the books, of which a copy is kept when there is something to change.

    Alembic is imported only then: it takes a second.
    """
    with engine.connect() as connection:
        found = _version(connection)
    if found == HEAD:
        return
    if found is not None and found > HEAD:
        raise StoreDamaged(
            f"This database was written by a newer fiscalmon (schema {found}, this one knows {HEAD}): update fiscalmon."
        )
    _upgrade(engine, copied)


def _upgrade(engine: Engine, copied: Path | None) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    # The lock comes first: another program may be at the same work, and then nothing is left to do.
    with engine.execution_options(immediate=True).begin() as connection:
        found = _version(connection)
        if found == HEAD:
            return
        if found is not None and copied is not None:
            from .earlier_books import keep

            # Beside the lock: a reader sees the books as they are.
            keep(copied, HEAD)
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except CommandError as wrong:
            raise StoreDamaged(DAMAGED, str(wrong)) from wrong


def _version(connection: Any) -> str | None:
    known = connection.execute(text("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'")).scalar()
    if not known:
        return None
    version: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return version


def _configure(connection: sqlite3.Connection, _record: object) -> None:
    # FULL: a receipt that was answered is on the disk, whatever happens to the power.
    # Transactions are begun below: the driver's own way leaves schema changes outside of them.
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "temp_store=MEMORY"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    immediate = connection.get_execution_options().get("immediate", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")
