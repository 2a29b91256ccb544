"""`python -m fiscalmon` and the `fiscalmon` command."""

from __future__ import annotations

import sys


def main() -> int:
    """Run the command line; returns the exit code."""
    from .cli.main import main as run

    return run()


if __name__ == "__main__":
    sys.exit(main())
