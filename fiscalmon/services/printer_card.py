"""What is known of one printer: its set-up and its last word about itself, as screens and commands show it.

Asks nothing; whoever asked the printer tells it here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..domain.paper import Finding, PrinterSetup, PrinterStatus

# Drivers have finer codes; this is for one that says only that it cannot be reached.
SILENT = Finding("E04", "The printer does not answer. Switch it on, check the cable and the speed.")


class PrinterCard:
    """`told`: the codes that people were told last, in the books; None for nothing."""

    def __init__(self, setup: PrinterSetup, told: str | None) -> None:
        self.setup = setup
        self.told = told
        self._status: PrinterStatus | None = None
        self._checked_at: str | None = None
        # What the last slip ran into; it counts until the printer says again how it is.
        self._trouble: Finding | None = None

    def seen(self, status: PrinterStatus, at: str) -> None:
        """The printer was asked how it is."""
        self._status, self._checked_at, self._trouble = status, at, None

    def ran_into(self, code: str | None, reason: str | None, at: str) -> None:
        """A slip has to wait for the printer."""
        self._trouble = Finding(code or SILENT.code, reason or SILENT.advice)
        self._checked_at = at

    def printed(self, at: str) -> None:
        """A slip went through: whatever stopped the printer before is over."""
        self._trouble = None
        if self._status is not None and not self._status.ready:
            lasting = tuple(finding for finding in self._status.findings if not finding.stops)
            self._status = self._status._replace(reachable=True, findings=lasting)
        self._checked_at = at

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is wrong with it, gravest first."""
        status = self._status
        found = list(status.findings) if status else []
        if status is not None and not status.reachable and not found:
            found.append(SILENT)
        if self._trouble is not None and self._trouble.code not in {finding.code for finding in found}:
            found.append(self._trouble)
        return tuple(sorted(found, key=lambda finding: finding.code))

    @property
    def codes(self) -> str | None:
        """The findings' codes as the books keep them."""
        return " ".join(finding.code for finding in self.findings) or None

    @property
    def answers_nothing(self) -> bool:
        """Whether the printer has no way to say what became of a slip."""
        silent = self._status is not None and any(finding.code == "W07" for finding in self._status.findings)
        return silent or not self.setup.answers

    @property
    def state(self) -> str:
        """ready, attention (soon), stopped (it cannot print), away or unknown."""
        status, findings = self._status, self.findings
        if any(finding.stops for finding in findings):
            return "away" if status is not None and not status.reachable else "stopped"
        if status is None or not self.setup.answers:
            return "unknown"
        return "attention" if findings else "ready"

    def describe(self, counts: Mapping[str, int]) -> dict[str, Any]:
        """The card; `counts`: how many of its slips are in which state, those that were printed left out."""
        status = self._status
        return {
            **describe_setup(self.setup),
            "state": self.state,
            "reachable": None if status is None else status.reachable,
            "findings": [{"code": found.code, "advice": found.advice} for found in self.findings],
            "model": status.model if status else None,
            "serialNo": status.serial_no if status else None,
            "firmware": status.firmware if status else None,
            "clockDriftSeconds": status.clock_drift if status else None,
            "fiscalMemoryLeft": status.fiscal_memory_left if status else None,
            "checkedAt": self._checked_at,
            **describe_counts(counts),
        }


def books_card(
    setup: PrinterSetup, told: str | None, counts: Mapping[str, int], advice: Mapping[str, str]
) -> dict[str, Any]:
    """The card of a printer that nobody asks now: its findings are the codes that people were told last.

    `advice`: what each code means, by the drivers' table.
    """
    card = PrinterCard(setup, told)
    codes = (told or "").split()
    return {**card.describe(counts), "findings": [{"code": code, "advice": advice.get(code, "")} for code in codes]}


def describe_setup(setup: PrinterSetup) -> dict[str, Any]:
    """A printer as its owner described it."""
    return {
        "name": setup.name,
        "family": setup.family,
        "dialect": setup.dialect,
        "port": setup.port,
        "baud": setup.baud,
        "width": setup.width,
        "qr": setup.qr,
        "mode": str(setup.mode),
        "deviceID": setup.device_id,
        "answers": setup.answers,
    }


def describe_counts(counts: Mapping[str, int]) -> dict[str, int]:
    """How many of a printer's slips are open or went wrong."""
    return {name: counts.get(name, 0) for name in ("waiting", "printing", "unknown", "failed")}
