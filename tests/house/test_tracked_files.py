"""What may not stand in any tracked file: addresses of registries, paths of one machine, work left for later.

The patterns are put together from pieces so that this file does not find itself."""

import json
import re
import stat

import pytest

from tests.house.source import ROOT, search, texts, tracked

REGISTRIES = [
    "py" + "pi.org",
    "python" + "hosted.org",
    "registry." + "npm" + "js",
    "registry." + "yarn" + "pkg",
]
REGISTRIES += [
    "deb." + "debian.org",
    "security." + "debian.org",
    "snapshot." + "debian.org",
    "node" + "source.com",
]
REGISTRY = re.compile("|".join(map(re.escape, REGISTRIES)), re.IGNORECASE)

FOLDERS = "|".join(["wo" + "rk", "ro" + "ot", "tm" + "p"])
HOMES = "|".join(["ho" + "me", "Us" + "ers"])
# A path starts a word or follows file://; inside another path or a base64 text it means something else.
STARTS = r"(?:(?<=//)|(?<![\w.\-/+}\])~*]))"
MACHINE_PATH = re.compile(rf"{STARTS}/(?:(?:{FOLDERS})(?![\w.\-])|(?:{HOMES})/\w)|[A-Z]:\\+Us" + "ers")

# Three X are no mark here: they are a currency without a name.
LATER = re.compile(r"\b(?:TO" + "DO|FIX" + r"ME)\b")
SKIPPED = re.compile(r"pytest\.(?:skip|xf" + r"ail|importorskip)\b|mark\.(?:skip|skipif|xf" + r"ail)\b")


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        (REGISTRY, "https://" + "py" + "pi.org/simple", True),
        (REGISTRY, "https://" + "registry." + "npm" + "js.org/react", True),
        (REGISTRY, "the registry of companies", False),
        (MACHINE_PATH, "open('" + "/tm" + "p/x.json')", True),
        (MACHINE_PATH, "DATA=" + "/ro" + "ot/.local", True),
        (MACHINE_PATH, "cd " + "/wo" + "rk", True),
        (MACHINE_PATH, "file://" + "/ho" + "me/anna/x", True),
        (MACHINE_PATH, "href='/worker.js' to='/ho" + "me'", False),
        (MACHINE_PATH, "src/" + "wo" + "rk/x", False),
        (MACHINE_PATH, "sha512-ab/" + "tm" + "p/cd==", False),
        (LATER, "# TO" + "DO: mend", True),
        (LATER, "todos los dias", False),
        (SKIPPED, "@pytest.ma" + "rk.skipif(True)", True),
        (SKIPPED, "pytest.mark.parametrize", False),
    ],
)
def test_the_patterns_find_what_they_are_for(pattern, text, found):
    assert bool(pattern.search(text)) is found


def test_no_registry_is_named():
    assert search(REGISTRY, texts()) == []


def test_no_path_of_one_machine():
    assert search(MACHINE_PATH, texts()) == []


def test_nothing_is_left_for_later():
    assert search(LATER, texts()) == []


def test_no_test_is_skipped():
    in_tests = [(path, text) for path, text in texts() if path.is_relative_to(ROOT / "tests")]
    assert len(in_tests) > 3
    assert search(SKIPPED, in_tests) == []


def test_requirements_have_hashes_and_no_address():
    for name in ("run.txt", "dev.txt", "freeze.txt"):
        text = (ROOT / "requirements" / name).read_text()
        assert "://" not in text
        assert "--index" not in text
        pins = [line for line in text.splitlines() if re.match(r"[A-Za-z0-9]", line)]
        assert len(pins) > 20
        blocks = re.split(r"\n(?=[A-Za-z0-9])", text)
        assert [block.splitlines()[0] for block in blocks if "--hash=sha256:" not in block] == []
        assert [pin for pin in pins if "==" not in pin] == []


def test_the_web_lock_names_no_address_of_a_package():
    lock = json.loads((ROOT / "ui/web/package-lock.json").read_text())
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert len(packages) > 50
    assert [name for name, entry in packages.items() if "resolved" in entry] == []
    assert [name for name, entry in packages.items() if "integrity" not in entry] == []


def test_no_lock_with_addresses_is_tracked():
    assert [path for path in tracked() if path.name in {"uv.lock", "pylock.toml", "yarn.lock", "poetry.lock"}] == []


def test_what_is_called_can_be_called():
    for name in (".ci/run", "packaging/setup.sh", "packaging/test.sh", "packaging/freeze.sh", "packaging/deb.sh"):
        assert (ROOT / name).stat().st_mode & stat.S_IXUSR, name
