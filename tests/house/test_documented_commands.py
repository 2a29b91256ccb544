"""Commands that the pages name are there, with the options they are given; the README names every one."""

import argparse
import contextlib
import io
import re
import shlex
from functools import cache
from pathlib import Path

import pytest

from fiscalmon.cli.parser import build_parser
from fiscalmon.domain.preferences import SECTIONS, name_of
from tests.house.source import ROOT, tracked

# Their grammars are their own; `fiscalmon` hands all words on.
APART = ("simulator", "printer-emulator")
README = (ROOT / "README.md").read_text()


@cache
def grammar() -> argparse.ArgumentParser:
    return build_parser()


def pages() -> list[Path]:
    return [path for path in tracked() if path.suffix == ".md" and path.name != "CHANGELOG.md"]


def named(text: str) -> list[str]:
    """The commands of one page: in backticks, or a line of a block of code."""
    text = re.sub(r"\\\n\s*", " ", text)
    lines = [line for block in re.findall(r"^```\w*\n(.*?)^```", text, re.S | re.M) for line in block.splitlines()]
    typed = [line for line in lines if re.match(r"(\.venv/bin/)?fiscalmon ", line)]
    return typed + re.findall(r"`(fiscalmon [^`]+)`", text)


def words_of(command: str) -> list[str]:
    """What is typed behind `fiscalmon`: no comment, no redirection, of optional and alternative words the first."""
    plain = re.sub(r"\[[^\]]*\]|…", "", command.replace("\\|", "|"))
    words = shlex.split(plain, comments=True)[1:]
    words = words[: words.index("<")] if "<" in words else words
    return ["1" if word == "ID" else word.partition("|")[0] for word in words]


def complaint(words: list[str]) -> str:
    """What the command line has against these words; what is only left out is no matter."""
    said = io.StringIO()
    try:
        with contextlib.redirect_stderr(said), contextlib.redirect_stdout(said):
            grammar().parse_args(words)
    except SystemExit as end:
        last = said.getvalue().strip().splitlines()[-1]
        return last if end.code and "are required" not in last else ""
    return ""


@pytest.mark.parametrize(
    ("page", "wrong"),
    [
        ("`fiscalmon no-such`", True),
        ("```sh\nfiscalmon device list --no-such\n```", True),
        ("```\nfiscalmon user add NAME \\\n  --role viewer|boss [--devices ID,…]  # a comment\n```", False),
        ("`fiscalmon day open`", False),
        ("plain fiscalmon no-such", False),
    ],
)
def test_the_rules_find_what_they_are_for(page, wrong):
    assert any(complaint(words_of(command)) for command in named(page)) is wrong


def test_commands_of_the_pages_are_there():
    found = [(page, command) for page in pages() for command in named(page.read_text())]
    assert len(found) > 80
    wrong = {
        f"{page.relative_to(ROOT)}: {command}": told
        for page, command in found
        if (words := words_of(command))[0] not in APART and (told := complaint(words))
    }
    assert wrong == {}


def test_sections_of_settings_on_the_pages_are_there():
    text = "".join(page.read_text() for page in pages())
    sections = set(re.findall(r"settings set ([a-z][a-z-]*)", text))
    assert len(sections) > 5
    assert sections - {name_of(section) for section in SECTIONS} == set()


def test_the_readme_names_every_command():
    rows = "".join(line for line in README.splitlines() if line.startswith("| `fiscalmon"))
    told = set(re.findall(r"`(?:fiscalmon )?([a-z-]+)", rows))
    names = next(action.choices for action in grammar()._actions if action.dest == "command")
    assert len(names) > 20
    assert set(names) - told == set()


def test_the_readme_names_every_target_of_make():
    targets = set(re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.M)[1].split())
    assert len(targets) > 10
    assert targets - {"setup"} - set(re.findall(r"`make ([\w-]+)", README)) == set()
    used = {word for page in pages() for word in re.findall(r"`make ([\w-]+)", page.read_text())}
    assert used - targets == set()
