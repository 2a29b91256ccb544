"""A till that records so many receipts, reaches no FDMS, and is killed by kill -9. A program of `recover`'s."""

from __future__ import annotations

import asyncio
import itertools
import os
import signal
import sys
from pathlib import Path

from fiscalmon.data_folder import DataFolder
from tests.bench.fdms import queue_sales
from tests.bench.shop import FIRST_DEVICE, shop


async def main(folder: DataFolder, count: int) -> None:
    async with shop(folder) as till:
        await queue_sales(till, FIRST_DEVICE, itertools.count(1), count)
        os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    asyncio.run(main(DataFolder(Path(sys.argv[1])), int(sys.argv[2])))
