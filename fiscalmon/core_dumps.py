"""No crash writes this process's memory, and the keys in it, to a disk. Knows no key.

The limit keeps files away; the filter also empties what a system's own collector of dumps is handed, which need not
obey the limit. What cannot be set is left as it is: a till that cannot hide its memory still has to sell.
"""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path


def leave_no_core() -> None:
    """For the life of the process and of those it starts. Windows dumps only where its administrator asked for it."""
    if sys.platform == "win32":
        return
    import resource

    with contextlib.suppress(OSError, ValueError):
        _, most = resource.getrlimit(resource.RLIMIT_CORE)
        resource.setrlimit(resource.RLIMIT_CORE, (0, most))
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            Path("/proc/self/coredump_filter").write_text("0")
