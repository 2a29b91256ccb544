"""What is wrong around the till: the newest trouble that is still there, each until it is over."""

from __future__ import annotations

import pytest

from ui.presenters.surroundings import Surroundings

GONE = ("printer.attention", {"printer": "till", "advice": "Check cable and power."})
FULL = ("disk.low", {"reason": "200 MB are free: make room."})
BACK = ("printer.ok", {"printer": "till"})
ROOM = ("alert.resolved", {"rule": "disk"})


@pytest.mark.parametrize(
    ("heard", "remark"),
    [
        ([], ""),
        ([GONE], "printer till: Check cable and power."),
        ([FULL], "200 MB are free: make room."),
        ([("disk.low", {})], "the disk is nearly full: make room"),
        ([GONE, FULL], "200 MB are free: make room."),
        ([FULL, GONE], "printer till: Check cable and power."),
        ([FULL, GONE, BACK], "200 MB are free: make room."),
        ([GONE, FULL, ROOM], "printer till: Check cable and power."),
        ([GONE, ("printer.ok", {"printer": "bar"})], "printer till: Check cable and power."),
        ([FULL, ("alert.resolved", {"rule": "queue"})], "200 MB are free: make room."),
        ([GONE, FULL, BACK, ROOM], ""),
    ],
)
def test_the_newest_trouble_that_is_still_there(heard: list[tuple[str, dict[str, str]]], remark: str) -> None:
    around = Surroundings()
    for kind, data in heard:
        around.heard(kind, data)
    assert around.remark == remark
