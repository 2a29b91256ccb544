"""A POS that can only write files: a sale into the watched folder, its result out. `folder_drop.py FOLDER SALE`.

Written under a name that is not looked at, then renamed: so no half of it is ever read. Needs nothing but Python.
"""

import json
import os
import sys
import time
from pathlib import Path


def drop(folder: Path, name: str, sale: dict) -> None:
    draft = folder / f".{name}.tmp"
    with draft.open("w", encoding="utf-8") as file:
        json.dump(sale, file)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(folder / f"{name}.json")


def result(folder: Path, name: str, seconds: float = 30) -> dict:
    """The receipt, or {"status": "refused", "validationErrors": …}; raises TimeoutError while the till is away."""
    until = time.monotonic() + seconds
    place, reason = folder / "results" / f"{name}.result.json", folder / "rejected" / f"{name}.reason.txt"
    while time.monotonic() < until:
        if place.exists():
            return json.loads(place.read_text(encoding="utf-8"))
        if reason.exists():
            raise SystemExit(reason.read_text(encoding="utf-8"))
        time.sleep(0.1)
    raise TimeoutError(f"No result for {name} yet: it stays in {folder} until the till has it.")


if __name__ == "__main__":
    folder, source = Path(sys.argv[1]), Path(sys.argv[2])
    drop(folder, source.stem, json.loads(source.read_text(encoding="utf-8")))
    answer = result(folder, source.stem)
    print(answer["status"], answer.get("receiptGlobalNo"), answer.get("qrUrl"))
