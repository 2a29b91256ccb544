"""The printer emulator as a process of its own, and what came out of it."""

import json
import re
import subprocess
import sys
from pathlib import Path

import httpx

ROOT = Path(__file__).resolve().parents[2]


class PrinterProcess:
    """Starts on construction. `port` goes into a printer's set-up."""

    def __init__(self, *arguments: str) -> None:
        command = [sys.executable, "-m", "fiscalmon", "printer-emulator", "--json", "--until-eof", *arguments]
        self.process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        ready = json.loads(self.process.stdout.readline())
        self.port, self.tcp = ready["port"], ready["tcp"]
        self.control = httpx.Client(base_url=ready["control"], timeout=30, trust_env=False)

    def fault(self, *rules: dict) -> None:
        """From now on these, and no others."""
        self.control.post("/faults", json={"rules": list(rules)}).raise_for_status()

    def mend(self) -> None:
        self.control.delete("/faults").raise_for_status()

    @property
    def paper(self) -> str:
        return self.control.get("/paper.txt").raise_for_status().text

    @property
    def state(self) -> dict:
        return self.control.get("/state").raise_for_status().json()

    def renew_paper(self) -> None:
        """A new roll, the cover closed, the cutter free."""
        self.control.delete("/faults").raise_for_status()
        self.control.post("/paper").raise_for_status()

    def renewed(self) -> "PrinterProcess":
        """As after unpacking, with nothing on the paper."""
        self.renew_paper()
        self.control.delete("/paper").raise_for_status()
        return self

    def slips(self) -> list[tuple[int, bool, bool]]:
        """(receiptGlobalNo, says COPY, whole: has its verification code) of each receipt on the paper, in order."""
        found = []
        for part in re.split(r"(?m)^.*TIN: ", self.paper)[1:]:
            number = re.search(r"Invoice No:\s+\d+/(\d+)", part)
            whole = re.search(r"(?m)^.*[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4}", part) is not None
            found.append((int(number[1]) if number else 0, "COPY" in part, whole))
        return found

    def end(self) -> None:
        self.control.close()
        self.process.terminate()
        self.process.communicate(timeout=10)
