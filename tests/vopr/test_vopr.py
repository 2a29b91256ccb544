"""Hundreds of worlds, each from its seed, and every seed that ever went wrong.

A world that goes wrong is told by `python -m tests.vopr --seed N`; `make soak` plays SOAK_SEEDS of them.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from fiscalmon.domain.gateway import Acknowledgement, ServerSignature
from fiscalmon.fdms.gateway import FdmsGateway
from fiscalmon.store.receipt_rows import ReceiptRows
from tests.vopr.judge import Wrong
from tests.vopr.play import play
from tests.vopr.world import place, prepare, run

ROOT = Path(__file__).resolve().parents[2]
BLOCKS, A_BLOCK = 8, 25
# What each of them found is in the line; a change of the acts gives the number another history, so the ones that
# matter most have tests of their own, too.
REGRESSIONS = (
    6,  # a comparison with FDMS that a full disk ended as a fault of the engine
    1137,  # a day that was opened and never told of, since a crash came between
    5456,  # a day that ZIMRA closed by hand before the till knew that it had been opened: announced for ever
    8_230_727,  # a close that FDMS took before a crash, refused by a block after it: sold on in a day that was closed
)


@pytest.fixture(scope="module")
def base():
    made = place()
    prepare(made)
    yield made
    shutil.rmtree(made)


def hold(seed: int, base) -> None:
    try:
        run(seed, base, play)
    except Exception as wrong:
        raise AssertionError(f"seed {seed}: {wrong!r}; to replay it: python -m tests.vopr --seed {seed}") from wrong


@pytest.mark.parametrize("block", range(BLOCKS))
def test_worlds_hold(base, block):
    for seed in range(1_000 + block * A_BLOCK, 1_000 + (block + 1) * A_BLOCK):
        hold(seed, base)


@pytest.mark.parametrize("seed", REGRESSIONS)
def test_what_went_wrong_once_holds(base, seed):
    hold(seed, base)


def test_a_seed_replays_exactly(base):
    """In this process, and in another one with other hashes of texts."""
    worlds = [run(3, base, play) for _ in range(2)]
    assert worlds[0].story == worlds[1].story
    assert len(worlds[0].story) > 50
    told = subprocess.run(
        [sys.executable, "-m", "tests.vopr", "--seed", "3"],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": "77"},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert told.stdout.splitlines()[-1] == f"trace {worlds[0].trace.hexdigest()}"
    assert run(4, base, play).trace.hexdigest() != worlds[0].trace.hexdigest()


def test_the_judge_finds_figures_that_are_not_kept(base, monkeypatch):
    monkeypatch.setattr(ReceiptRows, "add_deltas", lambda self, deltas: None)
    with pytest.raises(Wrong, match=r"live figures|no recount"):
        run(3, base, play)


def test_the_judge_finds_an_answer_that_was_believed_too_early(base, monkeypatch):
    """A receipt that is settled before FDMS has it."""

    async def submit(self, payload):
        return Acknowledgement(1, "2026-11-23T08:00:00", ServerSignature("h", "s", "t"), ())

    async def believe(self, canonical, signature):
        return True

    monkeypatch.setattr(FdmsGateway, "submit_receipt", submit)
    monkeypatch.setattr(FdmsGateway, "verify", believe)
    with pytest.raises(Wrong, match="settled that FDMS does not have"):
        run(3, base, play)
