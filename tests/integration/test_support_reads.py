"""Support looks into the live books with a SQLite tool and stays there: the till goes on, and the views answer."""

import asyncio
import sqlite3
import subprocess
import sys
import time

import pytest

from fiscalmon.store.database import FILE_NAME
from fiscalmon.store.support_views import VIEWS
from tests.support.books import Shop

# A program of somebody else's with SQLite's own library: says what the views hold, then keeps its read transaction.
SQLITE_TOOL = """
import sqlite3, sys
tool = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True, isolation_level=None)
names = [name for (name,) in tool.execute("SELECT name FROM sqlite_master WHERE type = 'view' ORDER BY name")]
for line in sys.stdin:
    if line.strip() == "begin":
        tool.execute("BEGIN")
    elif line.strip() == "commit":
        tool.execute("COMMIT")
    print([tool.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in names], flush=True)
"""


class SqliteTool:
    """The program above on a database file."""

    def __init__(self, file) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", SQLITE_TOOL, str(file)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def tell(self, word: str) -> str:
        """What all views hold after a word."""
        self._process.stdin.write(word + "\n")
        self._process.stdin.flush()
        return self._process.stdout.readline()

    def end(self) -> None:
        assert self._process.communicate(timeout=10) == ("", None)


@pytest.fixture
def sqlite_tool():
    made = []

    def start(file) -> SqliteTool:
        made.append(SqliteTool(file))
        return made[-1]

    yield start
    for tool in made:
        tool.end()


async def test_a_read_lock_that_is_held_stops_nobody(tmp_path):
    """A minute of it is scaled down to sixty sales: a reader stops no writer, however long it stays."""
    shop = Shop(tmp_path)
    await shop.add_device()
    await shop.settle(await shop.sell(0))
    tool = sqlite3.connect(tmp_path / FILE_NAME, isolation_level=None)
    tool.execute("BEGIN")
    names = [name for (name,) in tool.execute("SELECT name FROM sqlite_master WHERE type = 'view' ORDER BY name")]
    seen = {name: tool.execute(f"SELECT count(*) FROM {name}").fetchone() for name in names}
    assert len(names) >= 5
    assert set(VIEWS) <= set(names)
    assert seen["v_receipts"] == (1,)
    began = time.monotonic()
    for number in range(1, 61):
        await shop.settle(await shop.sell(number))
    assert time.monotonic() - began < 20
    # The tool still sees the moment at which it began; another one sees everything.
    assert {name: tool.execute(f"SELECT count(*) FROM {name}").fetchone() for name in names} == seen
    assert shop.rows("SELECT count(*) FROM v_receipts") == [(61,)]
    assert shop.metrics.snapshot()["receiptsToday"] == 61
    tool.execute("COMMIT")
    assert tool.execute("SELECT count(*) FROM v_receipts").fetchone() == (61,)
    tool.close()
    await shop.close()


async def test_another_program_that_reads_for_long_is_paid_for_once(tmp_path, sqlite_tool):
    """While its read transaction stands, the log beside the books grows with the sales and no faster; after it, it is
    used again from its beginning, so that it never grows for ever. Sales are as quick meanwhile, and views answer.
    """
    shop = Shop(tmp_path)
    await shop.add_device()
    log = tmp_path / f"{FILE_NAME}-wal"

    async def sell(first: int) -> float:
        began = time.monotonic()
        for batch in range(first, first + 1_000, 25):
            await asyncio.gather(*[shop.sell(number) for number in range(batch, batch + 25)])
        return time.monotonic() - began

    before = await sell(0)
    alone = log.stat().st_size
    tool = sqlite_tool(tmp_path / FILE_NAME)
    seen = tool.tell("begin")
    held = await sell(1_000)
    grown = log.stat().st_size
    assert grown > 1.5 * alone
    assert tool.tell("look") == seen
    assert held < 5 * before + 2
    assert shop.rows("SELECT count(*) FROM v_receipts") == [(2_000,)]
    later = tool.tell("commit")
    assert later != seen
    await sell(2_000)
    assert log.stat().st_size <= 1.1 * grown
    assert await shop.sell(3_000) is not None
    await shop.close()
    assert not log.exists() or log.stat().st_size == 0
