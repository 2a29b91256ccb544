"""A fiscal printer without its protocol: machine, register, papers, identity, passwords, and what power does."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from .dialects import Dialect
from .faults import Rule
from .machine import Machine
from .paper import plain
from .printout import Identity, Printout
from .receipts import Receipts
from .refusals import Refusal, demand
from .register import Register

# Three wrong passwords block the device until its power goes off.
MOST_WRONG_PASSWORDS = 3
# Its number in the dialects that show one: this emulator's own.
WRONG_PASSWORD = 20


class FiscalPrinter:
    """`receipts` does what commands ask for; the rest is the device around it."""

    def __init__(self, machine: Machine, dialect: Dialect, identity: Identity) -> None:
        self.machine, self.dialect, self.identity = machine, dialect, identity
        self.register = Register()
        self.receipts = Receipts(Printout(machine, identity), self.register, dialect)
        self.wrong_passwords = 0
        self.ram_was_reset = False
        self.error_code = 0
        width = machine.roll.columns
        # Free text: the line less what the brand leaves around it.
        self.comment = min(dialect.comment, width - (dialect.columns - dialect.comment))

    def check_password(self, given: str) -> None:
        demand(self.wrong_passwords < MOST_WRONG_PASSWORDS, "password", WRONG_PASSWORD)
        if given in self.dialect.passwords:
            self.wrong_passwords = 0
            return
        self.wrong_passwords += 1
        raise Refusal("password", WRONG_PASSWORD)

    def set_clock(self, moment: datetime) -> None:
        demand(self.register.receipt is None)
        last = self.register.last_closure.at
        demand(last is None or moment >= last)
        self.machine.clock.put(moment)

    def suffer(self, rule: Rule) -> None:
        """Faults of the register beside those of the machine. Raises what `Machine.suffer` raises."""
        memory: dict[str, Literal["near-full", "full", "error"]] = {
            "memory-near-full": "near-full",
            "memory-full": "full",
            "memory-error": "error",
        }
        if rule.action in memory:
            self.register.memory = memory[rule.action]
        elif rule.action == "ram-reset":
            self.ram_was_reset, self.machine.clock.is_set = True, False
        elif rule.action == "auto-z":
            if self.register.receipt is None:
                self.receipts.report(closing=True)
        else:
            self.machine.suffer(rule)

    def power_off(self) -> None:
        self.wrong_passwords = 0
        if self.machine.document is not None:
            self.machine.document.interrupted = True

    def power_on(self) -> None:
        """Sums survive; an open document gets a line that says what happened, and goes on."""
        if self.register.receipt is not None and self.machine.ready:
            line = plain("*** POWER FAILURE ***", "centre")
            self.machine.roll.append((line,))
            if self.machine.document is not None:
                self.machine.document.pieces.append(line)

    def mend(self) -> None:
        self.machine.mend()
        self.register.memory = "ok"
        self.ram_was_reset = False

    def view(self) -> dict[str, Any]:
        return {**self.machine.view(), **self.register.view()}
