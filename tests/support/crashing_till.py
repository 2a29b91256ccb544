"""A till that dies by itself at a named step, as kill -9 would: a program of the zygote with FOLDER STEP COUNT.

Prints one line when it is ready; the step counts from then on. `os._exit` runs no handler and closes nothing.
"""

import asyncio
import os
import signal
import sys
from pathlib import Path

from fiscalmon.bootstrap import start_engine
from fiscalmon.data_folder import DataFolder
from fiscalmon.fdms.gateway import FdmsGateway
from fiscalmon.services import fiscalise
from fiscalmon.services.announcer import Announcer
from fiscalmon.services.day_closing import DayClosing
from fiscalmon.services.day_opening import DayOpening
from fiscalmon.services.print_worker import PrintWorker
from fiscalmon.services.submit import Sender
from fiscalmon.store.day_rows import DayRows
from fiscalmon.store.print_rows import PrintRows
from fiscalmon.store.receipt_rows import ReceiptRows
from fiscalmon.store.writer import Transactions

STEPS = {
    "before number": (fiscalise, "record", "before"),
    "after sign, before the row": (ReceiptRows, "add", "before"),
    "after the row, before commit": (ReceiptRows, "add_deltas", "after"),
    "after commit, before the answer": (Announcer, "signed", "before"),
    "before send": (FdmsGateway, "submit_receipt", "before"),
    "after answer, before it is believed": (FdmsGateway, "submit_receipt", "after"),
    "after verifying, before settling": (Sender, "_settle", "before"),
    "while settling, before commit": (ReceiptRows, "settle", "after"),
    "after settling, before the event": (Announcer, "settled", "before"),
    "before OpenDay": (FdmsGateway, "open_day", "before"),
    "after OpenDay, before it is noted": (FdmsGateway, "open_day", "after"),
    "day added, before commit": (DayRows, "add", "after"),
    "before the close is signed": (DayClosing, "_start_close", "before"),
    "close written down, before CloseDay": (DayClosing, "_send_close", "before"),
    "after CloseDay, before it is noted": (FdmsGateway, "close_day", "after"),
    "FDMS has closed, before it is noted": (DayRows, "closed", "before"),
    "day closed, before commit": (DayRows, "closed", "after"),
    "day announced, before commit": (DayRows, "announced", "after"),
    "in a transaction of many": (Transactions, "_attempt", "after"),
    "nothing announced": (DayOpening, "_announce", "before"),
}

# The steps of a slip, for a till with a printer; `_conclude` writes down what the printer answered.
PRINT_STEPS = {
    "before a mark is written": (PrintWorker, "_mark", "before"),
    "a mark written, before commit": (PrintRows, "put", "after"),
    "marked, before the bytes": (PrintWorker, "_mark", "after"),
    "on paper, before it is written down": (PrintWorker, "_conclude", "before"),
    "written down, before the next": (PrintWorker, "_conclude", "after"),
}


class Bomb:
    """Kills the process when a function is called the COUNTth time, before or after it has run."""

    def __init__(self, count: int) -> None:
        self.left = count
        self.armed = False

    def tick(self) -> None:
        if self.armed:
            self.left -= 1
            if self.left <= 0:
                os._exit(9)

    def plant(self, owner: object, name: str, when: str) -> None:
        plain = getattr(owner, name)

        def call(*given, **named):
            if when == "before":
                self.tick()
            result = plain(*given, **named)
            if when == "after":
                self.tick()
            return result

        async def await_(*given, **named):
            if when == "before":
                self.tick()
            result = await plain(*given, **named)
            if when == "after":
                self.tick()
            return result

        setattr(owner, name, await_ if asyncio.iscoroutinefunction(plain) else call)


async def main(folder: Path, step: str, count: int) -> None:
    bomb = Bomb(count)
    owner, name, when = {**STEPS, **PRINT_STEPS}[step]
    if isinstance(owner, type) and name == "_attempt":
        plain = owner._attempt

        def attempt(self, *given):
            plain(self, *given)
            bomb.tick()

        owner._attempt = attempt
    else:
        bomb.plant(owner, name, when)
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    engine = await start_engine(DataFolder(folder))
    bomb.armed = True
    print("ready", flush=True)
    await stop.wait()
    await engine.stop()


def run() -> int:
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])))
    return 0
