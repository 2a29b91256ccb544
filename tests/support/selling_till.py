"""A till that sells by itself until it is killed: a program of the zygote with FOLDER and a JSON list of acts.

An act is a list of sales taken at once, "close" or "open". Each answer is a line, whole before the next begins; what
was refused because the till was in another state is no answer.
"""

import asyncio
import contextlib
import json
import os
import sys
from pathlib import Path

from fiscalmon.bootstrap import Engine, start_engine
from fiscalmon.data_folder import DataFolder
from fiscalmon.domain.errors import FiscalmonError
from fiscalmon.events import encode
from fiscalmon.logs import log_to


def tell(line: object) -> None:
    """One write, so that a kill leaves the whole line or nothing."""
    os.write(1, encode(line) + b"\n")


async def _sell(engine: Engine, sale: dict) -> None:
    with contextlib.suppress(FiscalmonError):
        tell(await engine.till.submit(sale))


async def _act(engine: Engine, act: object) -> None:
    if isinstance(act, list):
        await asyncio.gather(*[_sell(engine, sale) for sale in act])
        return
    move = engine.till.close_day if act == "close" else engine.till.open_day
    for device in engine.devices:
        with contextlib.suppress(FiscalmonError):
            await move(device.device_id)


async def main(folder: Path, acts: list) -> None:
    own = DataFolder(folder)
    log_to(own.logs, verbose=False)
    engine = await start_engine(own)
    tell("ready")
    for act in acts:
        await _act(engine, act)
    # Until it is killed.
    await asyncio.Event().wait()


def run() -> int:
    asyncio.run(main(Path(sys.argv[1]), json.loads(sys.argv[2])))
    return 0
