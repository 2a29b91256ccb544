"""DATA_DIR/accounts.db: LAN accounts, their sessions, and which receipts a POS account posted.

A file of its own, mode 0600: fiscalmon.db may be handed to support, this may not. Holds only hashes of secrets.
Knows no rule of signing in; one connection, guarded by a lock, so that changes of other processes are noticed.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    ForeignKey,
    Integer,
    MetaData,
    RowMapping,
    String,
    Table,
    create_engine,
    delete,
    event,
    insert,
    literal_column,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.pool import StaticPool

from ..domain.account import Account, AccountNews, Role, Session, name_key
from ..domain.errors import BadInput

FILE_NAME = "accounts.db"

_metadata = MetaData()

accounts = Table(
    "accounts",
    _metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String, nullable=False),
    Column("name_key", String, nullable=False, unique=True),
    Column("role", String, nullable=False),
    Column("password_hash", String, nullable=False),
    Column("devices", String),
    Column("version", Integer, nullable=False),
    Column("created_at", Integer, nullable=False),
    # A removed account's number is never given again: old tokens carry it.
    sqlite_autoincrement=True,
)
sessions = Table(
    "sessions",
    _metadata,
    Column("id", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("account_id", ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("digest", String, nullable=False, unique=True),
    Column("created_at", Integer, nullable=False),
    Column("seen_at", Integer, nullable=False),
    Column("expires_at", Integer, nullable=False),
    Column("idle", Integer),
    Column("address", String),
    Column("agent", String),
)
spent_tokens = Table(
    "spent_tokens",
    _metadata,
    Column("digest", String, primary_key=True),
    Column("session_id", ForeignKey("sessions.id", ondelete="CASCADE"), nullable=False, index=True),
)
posted = Table(
    "posted",
    _metadata,
    Column("id", Integer, primary_key=True),
    Column("account_id", ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False),
    Column("receipt_id", String, nullable=False, index=True),
)

# What was done to accounts, until the engine has written it into its event log: the command line works alone.
news = Table(
    "news",
    _metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Integer, nullable=False),
    Column("what", String, nullable=False),
    Column("name", String, nullable=False),
    Column("role", String, nullable=False),
    sqlite_autoincrement=True,
)
known_addresses = Table(
    "known_addresses",
    _metadata,
    Column("account_id", ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True),
    Column("address", String, primary_key=True),
    Column("first_at", Integer, nullable=False),
)
# Columns that came later: a file of an older version gets them when it is opened.
_LATER = (("sessions", "address"), ("sessions", "agent"))


class AccountFile:
    """Rows in, values out. Every method is one transaction and may be called from any thread."""

    def __init__(self, folder: Path) -> None:
        path = folder / FILE_NAME
        folder.mkdir(parents=True, exist_ok=True)
        # SQLite gives its side files the mode of this one.
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        path.chmod(0o600)
        self._lock = threading.RLock()
        self._revision = 0
        self._engine = _open(path)
        self._writing = self._engine.execution_options(immediate=True)
        with self._write() as connection:
            _metadata.create_all(connection)
            _add_later_columns(connection)
        self.journal = AccountJournal(self._read, self._write)

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._engine.dispose()

    def stamp(self) -> tuple[int, int]:
        """A value that differs after any change, by this process or another."""
        with self._lock, self._engine.connect() as connection:
            version = connection.exec_driver_sql("PRAGMA data_version").scalar_one()
            return int(version), self._revision

    def load(self) -> tuple[list[Account], list[Session]]:
        """All accounts by name, and all their sessions."""
        with self._read() as connection:
            found = connection.execute(select(accounts).order_by(accounts.c.name_key)).mappings()
            everyone = [_account(row) for row in found]
            opened = [Session(**row) for row in connection.execute(select(sessions)).mappings()]
        return everyone, opened

    def find(self, name: str) -> Account | None:
        """The account of that name."""
        with self._read() as connection:
            query = select(accounts).where(accounts.c.name_key == name_key(name))
            row = connection.execute(query).mappings().one_or_none()
            return None if row is None else _account(row)

    def add(self, account: Account) -> Account:
        """Store a new account; its id is given here. Raises BadInput when the name is taken."""
        try:
            with self._write() as connection:
                result = connection.execute(insert(accounts).values(**_columns(account), name_key=account.key))
                key = result.inserted_primary_key
                _note(connection, "added", account, account.created_at)
        except IntegrityError:
            raise BadInput(f"There is already an account {account.name}.") from None
        return Account(**{**_fields(account), "id": int(key[0]) if key else 0})

    def change(self, account: Account, *, end_sessions: bool, what: str | None = None, now: int = 0) -> None:
        """Store an account's new role, devices, password hash and version; at once with the end of its sessions.

        `what` changed, for the journal; None where nobody needs to know.
        """
        with self._write() as connection:
            connection.execute(update(accounts).where(accounts.c.id == account.id).values(**_columns(account)))
            if end_sessions:
                connection.execute(delete(sessions).where(sessions.c.account_id == account.id))
            if what is not None:
                _note(connection, what, account, now)

    def remove(self, account: Account, now: int) -> None:
        """Remove an account with its sessions."""
        with self._write() as connection:
            connection.execute(delete(accounts).where(accounts.c.id == account.id))
            _note(connection, "removed", account, now)

    def add_session(self, session: Session, *, version: int, keep: int, now: int) -> bool:
        """Store a new session; drops what has expired, and the account's oldest of this kind beyond `keep`.

        False when the account is no longer of that version: the password was checked against an older one.
        """
        current = select(accounts.c.id).where(accounts.c.id == session.account_id, accounts.c.version == version)
        with self._write() as connection:
            if connection.execute(current).first() is None:
                return False
            connection.execute(delete(sessions).where(sessions.c.expires_at <= now))
            connection.execute(insert(sessions).values(**_fields(session)))
            newest = (
                select(sessions.c.id)
                .where(sessions.c.account_id == session.account_id, sessions.c.kind == session.kind)
                .order_by(sessions.c.created_at.desc(), literal_column("rowid").desc())
            )
            ids = [row.id for row in connection.execute(newest)]
            ids.remove(session.id)
            connection.execute(delete(sessions).where(sessions.c.id.in_(ids[keep - 1 :])))
            return True

    def touch(self, session_ids: frozenset[str], now: int) -> None:
        """Note that sessions are in use."""
        with self._write() as connection:
            connection.execute(update(sessions).where(sessions.c.id.in_(session_ids)).values(seen_at=now))

    def rotate(self, session: Session, digest: str, expires_at: int, now: int) -> bool:
        """Replace a refresh token by its successor; False when another caller was first."""
        with self._write() as connection:
            changed = connection.execute(
                update(sessions)
                .where(sessions.c.id == session.id, sessions.c.digest == session.digest)
                .values(digest=digest, expires_at=expires_at, seen_at=now)
            ).rowcount
            if changed:
                connection.execute(insert(spent_tokens).values(digest=session.digest, session_id=session.id))
            return changed == 1

    def session_of_spent(self, digest: str) -> str | None:
        """The session whose refresh token this was before it was used."""
        with self._read() as connection:
            query = select(spent_tokens.c.session_id).where(spent_tokens.c.digest == digest)
            found: str | None = connection.execute(query).scalar_one_or_none()
            return found

    def end_session(self, session_id: str) -> None:
        """End one session; harmless when it is gone."""
        with self._write() as connection:
            connection.execute(delete(sessions).where(sessions.c.id == session_id))

    def note_posted(self, account_id: int, receipt_id: str) -> None:
        """Remember that the account posted this receipt."""
        with self._write() as connection:
            known = select(posted.c.id).where(posted.c.account_id == account_id, posted.c.receipt_id == receipt_id)
            if connection.execute(known).first() is None:
                connection.execute(insert(posted).values(account_id=account_id, receipt_id=receipt_id))

    def has_posted(self, account_id: int, receipt_id: str) -> bool:
        """Whether the account posted this receipt."""
        with self._read() as connection:
            query = select(posted.c.id).where(posted.c.receipt_id == receipt_id, posted.c.account_id == account_id)
            return connection.execute(query).first() is not None

    def posted_by(self, account_id: int, *, before: int | None, limit: int) -> list[tuple[int, str]]:
        """(cursor, receiptId) of what the account posted, newest first."""
        query = select(posted.c.id, posted.c.receipt_id).where(posted.c.account_id == account_id)
        if before is not None:
            query = query.where(posted.c.id < before)
        with self._read() as connection:
            rows = connection.execute(query.order_by(posted.c.id.desc()).limit(limit))
            return [(row.id, row.receipt_id) for row in rows]

    @contextmanager
    def _read(self) -> Iterator[Connection]:
        with self._lock, self._engine.connect() as connection:
            yield connection

    @contextmanager
    def _write(self) -> Iterator[Connection]:
        with self._lock, self._writing.begin() as connection:
            yield connection
            self._revision += 1


class AccountJournal:
    """The side of the file that people are told from: changes not yet in the event log, addresses seen before."""

    def __init__(self, read: _Transaction, write: _Transaction) -> None:
        self._read = read
        self._write = write

    def pending(self) -> list[AccountNews]:
        """What was done to accounts and is not in the event log yet, in order."""
        with self._read() as connection:
            return [AccountNews(**row) for row in connection.execute(select(news).order_by(news.c.id)).mappings()]

    def forget(self, up_to: int) -> None:
        """What is in the event log now."""
        with self._write() as connection:
            connection.execute(delete(news).where(news.c.id <= up_to))

    def is_new(self, account_id: int, address: str, now: int) -> bool:
        """Whether the account never signed in from there; from now on it did."""
        values = {"account_id": account_id, "address": address, "first_at": now}
        with self._write() as connection:
            done = connection.execute(insert(known_addresses).prefix_with("OR IGNORE").values(**values))
            return bool(done.rowcount)


_Transaction = Callable[[], AbstractContextManager[Connection]]


def _note(connection: Connection, what: str, account: Account, now: int) -> None:
    connection.execute(insert(news).values(at=now, what=what, name=account.name, role=account.role.value))


def _add_later_columns(connection: Connection) -> None:
    for table, column in _LATER:
        known = {row[1] for row in connection.exec_driver_sql(f"PRAGMA table_info({table})")}
        if column not in known:
            connection.exec_driver_sql(f"ALTER TABLE {table} ADD COLUMN {column} VARCHAR")


def _open(path: Path) -> Engine:
    engine = create_engine(
        f"sqlite:///{path}",
        poolclass=StaticPool,
        connect_args={"check_same_thread": False, "timeout": 10},
    )

    @event.listens_for(engine, "connect")
    def configure(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A transaction that will write takes its lock first: a late upgrade could fail while the CLI writes.
        immediate = connection.get_execution_options().get("immediate", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")

    return engine


def _fields(value: Account | Session) -> dict[str, Any]:
    return {name: getattr(value, name) for name in value.__slots__}


def _columns(account: Account) -> dict[str, Any]:
    devices = None if account.devices is None else ",".join(map(str, sorted(account.devices)))
    return {
        "name": account.name,
        "role": account.role.value,
        "password_hash": account.password_hash,
        "devices": devices,
        "version": account.version,
        "created_at": account.created_at,
    }


def _account(row: RowMapping) -> Account:
    devices = None if row["devices"] is None else frozenset(int(part) for part in row["devices"].split(",") if part)
    return Account(
        id=row["id"],
        name=row["name"],
        role=Role(row["role"]),
        password_hash=row["password_hash"],
        devices=devices,
        version=row["version"],
        created_at=row["created_at"],
    )
