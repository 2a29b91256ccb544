"""What goes into a package is there and is what its system reads: spec, menu entry, unit, udev rule, scripts.
The freeze itself takes minutes and is no part of the tests: `make freeze deb try-deb`."""

import ast
import configparser
import os
import re
import subprocess
import sys
import tomllib
import xml.etree.ElementTree as ElementTree

import pytest

from fiscalmon import __version__
from tests.house.source import ROOT

LINUX = ROOT / "packaging/linux"
SPEC = ROOT / "fiscalmon.spec"


def ini(name: str) -> configparser.RawConfigParser:
    parser = configparser.RawConfigParser(delimiters=("=",), strict=False)
    parser.optionxform = str
    parser.read_string((LINUX / name).read_text())
    return parser


def test_the_version_stands_in_one_place():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert "version" not in project["project"]
    assert ROOT.joinpath(project["tool"]["hatch"]["version"]["path"]).read_text().count(f'"{__version__}"') == 1


def frozen(monkeypatch):
    """The spec run with PyInstaller's own parts replaced by a record of what they were told."""
    told = {}

    class Analysis:
        def __init__(self, scripts, **options):
            told.update(scripts=scripts, **options)
            self.binaries = [("libQt6Core.so.6", "x", "BINARY"), ("libgtk-3.so.0", "x", "BINARY")]
            self.datas = [(source, source, "DATA") for source, _ in options["datas"]]
            self.pure = self.scripts = []
            told["analysis"] = self

    hooks = type(sys)("PyInstaller.utils.hooks")
    hooks.collect_data_files = lambda name: []
    hooks.collect_entry_point = lambda name: ([], [])
    hooks.collect_submodules = lambda name, filter=None: [name]
    hooks.copy_metadata = lambda name: told.setdefault("metadata", []).append(name) or []
    monkeypatch.setitem(sys.modules, "PyInstaller", type(sys)("PyInstaller"))
    monkeypatch.setitem(sys.modules, "PyInstaller.utils", type(sys)("PyInstaller.utils"))
    monkeypatch.setitem(sys.modules, "PyInstaller.utils.hooks", hooks)
    monkeypatch.setattr(sys, "path", list(sys.path))
    names = {name: lambda *args, **options: None for name in ("PYZ", "EXE", "COLLECT")}
    exec(compile(SPEC.read_text(), str(SPEC), "exec"), {"SPECPATH": str(ROOT), "Analysis": Analysis, **names})
    return told


def test_the_spec_takes_along_what_the_program_reads_as_files(monkeypatch):
    told = frozen(monkeypatch)
    assert [script for script in told["scripts"] if not os.path.isfile(script)] == []
    given = {os.path.relpath(source, ROOT): folder for source, folder in told["datas"]}
    assert [name for name in given if not (ROOT / name).is_file()] == []
    wanted = {
        "resources/tokens.json",
        "resources/web/index.html",
        "resources/web/.vite/manifest.json",
        "resources/demo/baskets.jsonl.gz",
        "resources/fonts/DejaVuSans.ttf",
        "fiscalmon/store/migrations/env.py",
        *(str(file.relative_to(ROOT)) for file in (ROOT / "fiscalmon/store/migrations/versions").glob("0*.py")),
    }
    assert wanted - set(given) == set()
    assert all(os.path.dirname(name) == folder for name, folder in given.items())
    # Alembic reads its scripts as files: what they import is seen by nobody else.
    assert {"alembic", "sqlalchemy", "fiscalmon.store.schema", "fiscalmon", "device", "ui"} <= set(
        told["hiddenimports"]
    )
    assert "httpx" in told["metadata"]
    assert [entry[0] for entry in told["analysis"].binaries] == ["libQt6Core.so.6"]


def test_the_menu_entry_starts_a_command_that_exists():
    entry = ini("fiscalmon.desktop")
    main = entry["Desktop Entry"]
    assert {"Type", "Name", "Exec", "Icon", "Categories"} <= set(main)
    assert main["Type"] == "Application"
    assert main["Categories"].endswith(";")
    assert (ROOT / f"resources/icons/{main['Icon']}.svg").is_file()
    for action in filter(None, main["Actions"].split(";")):
        assert {"Name", "Exec"} <= set(entry[f"Desktop Action {action}"])
    from fiscalmon.cli.parser import build_parser

    for section in entry.sections():
        program, *rest = entry[section]["Exec"].split()
        assert program == "fiscalmon"
        assert build_parser().parse_args(rest).run == rest[0]


def test_the_unit_starts_the_till_and_stops_it_kindly():
    unit = ini("fiscalmon.service")
    assert unit["Service"]["ExecStart"] == "/usr/bin/fiscalmon serve"
    # The till promises to end within 5 s.
    assert int(unit["Service"]["TimeoutStopSec"]) > 5
    assert unit["Install"]["WantedBy"] == "default.target"
    # A unit of a user's own manager is refused with what only the system's may do.
    assert {"User", "Group", "DynamicUser"} & set(unit["Service"]) == set()


def test_the_udev_rule_is_one():
    part = r'(?:[A-Z]+(?:\{\w+\})?)\s*(?:==|!=|\+=|:=|=)\s*"[^"]*"'
    rules = [
        line for line in (LINUX / "70-fiscalmon-printers.rules").read_text().splitlines() if line[:1] not in ("", "#")
    ]
    assert rules
    for rule in rules:
        assert re.fullmatch(rf"{part}(?:,\s*{part})*", rule), rule
        assert "==" in rule


def test_the_package_is_described_for_software_centres():
    root = ElementTree.parse(LINUX / "fiscalmon.metainfo.xml").getroot()
    assert root.find("launchable").text == "fiscalmon.desktop"
    assert (LINUX / root.find("launchable").text).is_file()
    assert {root.find(name).tag for name in ("id", "name", "summary", "project_license")}


@pytest.mark.parametrize("name", ["freeze.sh", "deb.sh", "try-deb.sh", "linux/postinst"])
def test_the_scripts_are_whole(name):
    script = ROOT / "packaging" / name
    assert os.access(script, os.X_OK)
    checked = subprocess.run(["bash", "-n", script], capture_output=True, text=True, check=False)
    assert checked.stderr == ""
    named = set(re.findall(r"\b(?:packaging|resources|docs|requirements)/[\w./-]+\w", script.read_text()))
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_windows_takes_the_files_that_the_build_makes():
    script = (ROOT / "packaging/windows/fiscalmon.iss").read_text()
    assert "NOT RUN" in script
    assert {"[Setup]", "[Files]", "[Icons]", "[Run]", "[UninstallRun]"} <= set(script.splitlines())
    assert r'Source: "dist\fiscalmon\*"' in script
    assert __version__ not in script


def test_the_man_page_names_every_command():
    made = subprocess.run(
        [sys.executable, ROOT / "packaging/man_page.py"], capture_output=True, text=True, check=True, timeout=30
    ).stdout
    assert made.startswith(".TH FISCALMON 1")
    for name in ("serve", "demo", "day close", "receipts slip", "printer add", "backup"):
        assert f".SS fiscalmon {name}\n" in made
    assert [line for line in made.splitlines() if line.startswith("'")] == []


def test_the_entry_point_is_the_command():
    calls = ast.parse((ROOT / "packaging/entry.py").read_text())
    assert [node.module for node in ast.walk(calls) if isinstance(node, ast.ImportFrom)] == ["fiscalmon.__main__"]


def test_the_guide_shows_each_of_its_pictures_and_no_other():
    guide = ROOT / "docs/guide"
    taken = {file.name: file.stat().st_size for file in (guide / "pictures").glob("*.png")}
    pages = "".join(page.read_text() for page in guide.glob("*.md"))
    assert set(re.findall(r"pictures/([\w-]+\.png)", pages)) == set(taken)
    assert len(taken) > 10
    assert sum(taken.values()) < 2_000_000
