"""Faults on demand (the control port's /faults): which request goes wrong, and how. Knows no transport."""

from __future__ import annotations

import random
from typing import Any, Literal

import msgspec

Action = Literal["drop-before", "drop-after", "delay", "status", "garbage", "truncate"]


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One kind of fault. No operation: every request. `seconds` is delay's, `status` and `retryAfter` are status's."""

    action: Action
    operation: str | None = None
    count: int | None = None
    probability: float = 1.0
    seconds: float = 1.0
    status: int = 503
    retryAfter: int | None = None


class FaultPlan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The body of POST /faults. `seed` makes the draws repeatable."""

    rules: tuple[Rule, ...]
    seed: int | None = None


class Faults:
    """The rules in force and how often each has struck. A rule whose draw misses lets the next one try."""

    def __init__(self) -> None:
        self.plan = FaultPlan(())
        self.struck: list[int] = []
        self._chance = random.Random()

    def replace(self, plan: FaultPlan) -> None:
        self.plan = plan
        self.struck = [0] * len(plan.rules)
        self._chance = random.Random(plan.seed)

    def draw(self, operation: str | None) -> Rule | None:
        """The rule that strikes this request, None if it goes well. `operation` None: no endpoint of the gateway."""
        for index, rule in enumerate(self.plan.rules):
            if rule.operation is not None and rule.operation != operation:
                continue
            if rule.count is not None and self.struck[index] >= rule.count:
                continue
            if rule.probability < 1 and self._chance.random() >= rule.probability:
                continue
            self.struck[index] += 1
            return rule
        return None


def read_plan(body: bytes, operations: tuple[str, ...]) -> FaultPlan:
    """A plan with its operations spelt as the endpoints are. Raises ValueError with a plain sentence."""
    plan = msgspec.json.decode(body, type=FaultPlan)
    known = {name.lower(): name for name in operations}
    rules = []
    for index, rule in enumerate(plan.rules):
        where = f"rules[{index}]"
        if rule.operation is not None and rule.operation.lower() not in known:
            raise ValueError(f"{where}.operation: {rule.operation!r} is none of {', '.join(operations)}.")
        _check(where, rule)
        name = None if rule.operation is None else known[rule.operation.lower()]
        rules.append(msgspec.structs.replace(rule, operation=name))
    return FaultPlan(tuple(rules), plan.seed)


def _check(where: str, rule: Rule) -> None:
    limits: tuple[tuple[str, Any, float, float], ...] = (
        ("count", rule.count, 0, 10**9),
        ("probability", rule.probability, 0, 1),
        ("seconds", rule.seconds, 0, 3600),
        ("status", rule.status, 400, 599),
        ("retryAfter", rule.retryAfter, 0, 10**6),
    )
    for name, value, least, most in limits:
        if value is not None and not least <= value <= most:
            raise ValueError(f"{where}.{name} must be between {least} and {most}.")
