"""`python -m fiscalmon` and the `fiscalmon` command."""

from __future__ import annotations

import signal
import sys
from types import FrameType


def main() -> int:
    """Run the command line; returns the exit code."""
    # Before the long imports: a SIGTERM that comes during them is a Ctrl-C too, and both end with 0.
    signal.signal(signal.SIGTERM, _as_interrupt)
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        # So a shell starts what a script puts into the background; a SIGTERM would then be lost as well.
        signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        from .cli.main import main as run

        return run()
    except KeyboardInterrupt:
        return 0


def _as_interrupt(_number: int, _frame: FrameType | None) -> None:
    signal.raise_signal(signal.SIGINT)


if __name__ == "__main__":
    sys.exit(main())
