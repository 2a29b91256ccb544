"""Faults on command: which operation goes wrong, and how. Knows no protocol and no port.

The form is that of the FDMS simulator's faults; rules are data, what they do is done where the printer works."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import msgspec

# The answer is lost or spoilt. "-after" and the spoilt ones do the work first.
ANSWER_FAULTS = (
    "drop-before",
    "drop-after",
    "delay",
    "busy",
    "syn-storm",
    "syn-storm-after",
    "nak",
    "not-now",
    "garbage",
    "garbage-prefix",
    "truncate",
    "duplicate",
    "stale",
    "echo",
    "wrong-checksum",
    "wrong-sequence",
    "wrong-variant",
)
# The device says no, and does nothing.
REFUSALS = ("refuse", "syntax-error", "error-code")
# Something about the printer changes, and stays so until it is mended.
CONDITIONS = (
    "paper-out",
    "paper-near-end",
    "cover-open",
    "cutter-error",
    "mechanism-error",
    "overheated",
    "clock-wrong",
    "clock-not-set",
    "memory-near-full",
    "memory-full",
    "memory-error",
    "ram-reset",
    "auto-z",
)
# The printer, or its cable, is gone for `seconds`.
LOSSES = ("power-cycle", "power-cycle-after", "cable-out", "cable-out-after")
ACTIONS = (*ANSWER_FAULTS, *REFUSALS, *CONDITIONS, *LOSSES)

_SECONDS: Mapping[str, float] = MappingProxyType(
    {
        "delay": 1.0,
        "busy": 1.0,
        "syn-storm": 120.0,
        "syn-storm-after": 120.0,
        "power-cycle": 1.0,
        "power-cycle-after": 1.0,
        "cable-out": 2.0,
        "cable-out-after": 2.0,
        "clock-wrong": 3600.0,
    }
)


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One kind of fault. Without `operation` and `command`: every operation.

    `skip` lets so many matches pass first; `seconds` is a duration (clock-wrong: the error); `bytes` is what is
    left of a truncated answer; `gap` the pause between two SYN; `code` the number of error-code.
    """

    action: str
    operation: str | None = None
    command: str | None = None
    count: int | None = None
    skip: int = 0
    probability: float = 1.0
    seconds: float | None = None
    bytes: int | None = None
    gap: float = 0.06
    code: int = -111016

    @property
    def duration(self) -> float:
        return _SECONDS.get(self.action, 1.0) if self.seconds is None else self.seconds

    @property
    def at_once(self) -> bool:
        """A rule that waits for no operation: paper ends, a cable is pulled."""
        return (
            self.action in (*CONDITIONS, "power-cycle", "cable-out")
            and self.operation is None
            and self.command is None
            and self.skip == 0
            and self.probability == 1
            and self.count != 0
        )


class FaultPlan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The body of POST /faults. `seed` makes the draws repeatable."""

    rules: tuple[Rule, ...]
    seed: int | None = None


class Faults:
    """The rules in force and how often each has matched and struck. A rule whose draw misses lets the next one try."""

    def __init__(self) -> None:
        self.plan = FaultPlan(())
        self.struck: list[int] = []
        self._matched: list[int] = []
        self._chance = random.Random()
        # Set when these rules are no longer in force: storms and pauses that they began end then.
        self.over = asyncio.Event()

    def replace(self, plan: FaultPlan) -> None:
        self.over.set()
        self.over = asyncio.Event()
        self.plan = plan
        self.struck, self._matched = [0] * len(plan.rules), [0] * len(plan.rules)
        self._chance = random.Random(plan.seed)

    def draw(self, operation: str, command: str | None = None) -> Rule | None:
        """The rule that strikes this operation, None if it goes well. `command` is its code in hexadecimal."""
        for index, rule in enumerate(self.plan.rules):
            if not _matches(rule, operation, command) or (rule.count is not None and self.struck[index] >= rule.count):
                continue
            self._matched[index] += 1
            if self._matched[index] <= rule.skip:
                continue
            if rule.probability < 1 and self._chance.random() >= rule.probability:
                continue
            self.struck[index] += 1
            return rule
        return None


def _matches(rule: Rule, operation: str, command: str | None) -> bool:
    if rule.at_once:
        return False
    if rule.command is not None:
        return command is not None and rule.command == command
    if rule.operation is None:
        # "line" is a part of a command that was already drawn for.
        return operation != "line"
    return rule.operation == operation


def read_plan(body: bytes, operations: frozenset[str]) -> FaultPlan:
    """A plan, its names as the printer's own. Raises ValueError (msgspec's errors are such) with a plain sentence."""
    plan = msgspec.json.decode(body, type=FaultPlan)
    rules = []
    for index, rule in enumerate(plan.rules):
        where = f"rules[{index}]"
        if rule.action not in ACTIONS:
            raise ValueError(f"{where}.action: {rule.action!r} is none of {', '.join(ACTIONS)}.")
        operation = None if rule.operation is None else rule.operation.lower().replace(" ", "-").replace("_", "-")
        if operation is not None and operation not in operations:
            raise ValueError(f"{where}.operation: {rule.operation!r} is none of {', '.join(sorted(operations))}.")
        _check(where, rule)
        command = None if rule.command is None else _hexadecimal(where, rule.command)
        rules.append(msgspec.structs.replace(rule, operation=operation, command=command))
    return FaultPlan(tuple(rules), plan.seed)


def _hexadecimal(where: str, text: str) -> str:
    try:
        return f"{int(text.lower().removesuffix('h').removeprefix('0x'), 16):02X}"
    except ValueError:
        raise ValueError(f"{where}.command: {text!r} is no command code such as 38h.") from None


def _check(where: str, rule: Rule) -> None:
    limits: tuple[tuple[str, Any, float, float], ...] = (
        ("count", rule.count, 0, 10**9),
        ("skip", rule.skip, 0, 10**9),
        ("probability", rule.probability, 0, 1),
        ("seconds", rule.seconds, -(10**9) if rule.action == "clock-wrong" else 0, 10**9),
        ("bytes", rule.bytes, 0, 10**6),
        ("gap", rule.gap, 0.001, 3600),
    )
    for name, value, least, most in limits:
        if value is not None and not least <= value <= most:
            raise ValueError(f"{where}.{name} must be between {least} and {most}.")
