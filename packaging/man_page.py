"""man 1 fiscalmon, written from the parser itself so that it cannot fall behind. Prints roff; runs nothing."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from fiscalmon import __version__
from fiscalmon.cli.parser import build_parser


def roff(text: str) -> str:
    """Plain text as roff takes it."""
    plain = " ".join(text.replace("%%", "%").split()).replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq")
    return f"\\&{plain}" if plain.startswith(".") else plain


def commands(parser: argparse.ArgumentParser) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    """Every command that does something, by its full name."""
    groups = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    if not groups:
        yield parser.prog, parser
    for group in groups:
        for below in dict.fromkeys(group.choices.values()):
            yield from commands(below)


def options(parser: argparse.ArgumentParser) -> Iterator[str]:
    """A paragraph an option; what every command has stands on top of the page only."""
    for action in parser._actions:
        if action.help == argparse.SUPPRESS or set(action.option_strings) & {"-h", "--data-dir", "--config", "-v"}:
            continue
        name = ", ".join(action.option_strings) or str(action.metavar or action.dest)
        wanted = roff(str(action.metavar or action.dest.upper()))
        takes = f" {wanted}" if action.option_strings and action.nargs != 0 else ""
        yield f".TP\n\\fB{roff(name)}\\fR{takes}\n{roff(action.help or str(action.dest))}"


def page() -> str:
    """The whole page."""
    parser = build_parser()
    parts = [
        f'.TH FISCALMON 1 "" "fiscalmon {__version__}" "User commands"',
        f".SH NAME\nfiscalmon \\- {roff('fiscal till for Zimbabwe')}",
        ".SH SYNOPSIS\n.B fiscalmon\n[\\-\\-data\\-dir DIR] [\\-\\-config FILE] [\\-v] COMMAND ...",
        f".SH DESCRIPTION\n{roff(parser.description or '')}\n"
        + roff("Without a command the window opens where there is a display.")
        + "\n"
        + roff("Exit codes: 0 done, 1 failed with one sentence on stderr, 2 wrong usage."),
        ".SH COMMANDS",
    ]
    for name, command in commands(parser):
        parts.append(f".SS {roff(name)}\n{roff(command.description or '')}")
        parts.extend(options(command))
    return "\n".join(parts) + "\n"


if __name__ == "__main__":
    sys.stdout.write(page())
