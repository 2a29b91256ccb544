"""How many connections this process may hold, so that a crowd at the door never takes the files that the books need."""

from __future__ import annotations

import sys
from typing import Final

# For the books, logs, keys, printers and the way to FDMS.
_KEPT: Final = 256
_ENOUGH: Final = 8_192


def room_for(connections: int) -> int:
    """As many of the wished connections as the system has room for; raises the process's own soft limit first."""
    if sys.platform == "win32":
        return connections
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < connections + _KEPT:
        wanted = _ENOUGH if hard == resource.RLIM_INFINITY else min(hard, _ENOUGH)
        if wanted > soft:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
            soft = wanted
    return connections if soft == resource.RLIM_INFINITY else max(16, min(connections, soft - _KEPT))
