"""The known answers of vectors.json, ready to use: published ones first, then those derived from the written rules.

Knows the file beside it; must not import anything of the program."""

import json
from pathlib import Path
from typing import Any

ALL: dict[str, Any] = json.loads(Path(__file__).with_name("vectors.json").read_text(encoding="utf-8"))
DAY: dict[str, Any] = ALL["worked_day"]


def of_kind(*kinds: str) -> list[dict[str, Any]]:
    """All vectors of some kinds, the derived and the misprinted ones among them."""
    rows = [*ALL["vectors"], *ALL["derived_vectors"], *ALL["stated_hashes_not_reproduced"]]
    return [row for row in rows if row["kind"] in kinds]


def expected(vector: dict[str, Any]) -> tuple[str, str]:
    """What the rules give, as canonical string and base64 of its SHA-256; where a source misprints it, the rule's."""
    if "rule_canonical" in vector:
        return vector["rule_canonical"], vector["rule_sha256_base64"]
    return vector["canonical"], vector["sha256_base64"]
