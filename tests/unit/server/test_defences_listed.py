"""The list of defences stays true to the sources: a place that moved, or a test that is gone, is noticed at once."""

import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
LISTED = tomllib.loads((ROOT / "tests" / "bench" / "defences.toml").read_text())["defence"]


def test_each_defence_stands_once_where_it_is_listed_and_has_its_test():
    wrong = []
    for one in LISTED:
        source = (ROOT / one["file"]).read_text()
        file, _, name = one["test"].partition("::")
        if source.count(one["found"]) != 1 or source.replace(one["found"], one["instead"]) == source:
            wrong.append(f"{one['name']}: not once in {one['file']}")
        if name and f"def {name}(" not in (ROOT / file).read_text():
            wrong.append(f"{one['name']}: no test {name}")
    assert wrong == []
    assert len({one["name"] for one in LISTED}) == len(LISTED) > 100
