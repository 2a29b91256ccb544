"""Support looks into the live books with a SQLite tool and stays there: the till goes on, and the views answer."""

import sqlite3
import time

from fiscalmon.store.database import FILE_NAME
from fiscalmon.store.support_views import VIEWS
from tests.support.books import Shop


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
