"""`python -m fiscalmon` and the `fiscalmon` command."""

from __future__ import annotations

import signal
import sys
from types import FrameType


def main() -> int:
    """Run the command line; returns the exit code."""
    # Before the long imports: a SIGTERM that comes during them is a Ctrl-C too, and both end with 0.
    signal.signal(signal.SIGTERM, _as_interrupt)
    try:
        from .cli.main import main as run

        return run()
    except KeyboardInterrupt:
        return 0


def _as_interrupt(_number: int, _frame: FrameType | None) -> None:
    signal.raise_signal(signal.SIGINT)


if __name__ == "__main__":
    sys.exit(main())
