"""The parts that nearly every service works with, handed over together."""

from __future__ import annotations

from typing import NamedTuple

from ..books import Store
from ..ports import Clock
from .announcer import Announcer
from .connection import Connection
from .devices import Devices
from .metrics import Metrics


class Parts(NamedTuple):
    """Made once by bootstrap, for the life of an engine."""

    store: Store
    clock: Clock
    devices: Devices
    announcer: Announcer
    connection: Connection
    metrics: Metrics
