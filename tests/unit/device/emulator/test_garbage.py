"""Whatever arrives on the line: no crash, no hang, and the next good command is answered."""

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from device.emulator.emulator import Wishes, make_session
from device.emulator.faults import ACTIONS, FaultPlan, Faults, Rule
from device.emulator.machine import CableOut, Machine, PowerLost
from device.emulator.paper import as_text
from tests.support.emulated_printer import fp1, x4, zfp

CONTROL = st.sampled_from([bytes((byte,)) for byte in (1, 2, 3, 4, 5, 9, 0x0A, 0x10, 0x15, 0x16, 0x1B, 0x1C, 0x1D)])
NOISE = st.lists(st.one_of(st.binary(max_size=12), CONTROL), max_size=30).map(b"".join)
TEXT = st.text(st.characters(min_codepoint=32, max_codepoint=126) | st.sampled_from("\t\n,;$*ЖЩ"), max_size=40)


class Ears:
    """A wire that remembers."""

    def __init__(self):
        self.heard = b""

    async def send(self, data):
        self.heard += data


def feed(family, dialect, *chunks):
    """A fresh printer's answers to the chunks, and its paper."""

    async def run():
        wishes = Wishes(family, dialect)
        machine = Machine(48, Faults())
        session, ears = make_session(wishes, machine), Ears()
        for chunk in chunks:
            ears.heard = b""
            async with asyncio.timeout(5):
                await session.feed(chunk, ears)
        session.view()
        as_text(machine.roll.pieces(), 48)
        return ears.heard

    return asyncio.run(run())


@settings(max_examples=60, deadline=None)
@given(NOISE, st.sampled_from(["datecs", "daisy", "eltrade", "incotex"]))
def test_after_garbage_a_framed_printer_answers(noise, dialect):
    for frame, family in ((fp1(0x42, 0x4A), "fp1"), (x4(0x42, 0x4A), "x4")):
        answer = feed(family, dialect, noise, frame)
        assert answer.endswith(b"\x03") and answer.count(b"\x01") == 1


@settings(max_examples=60, deadline=None)
@given(NOISE)
def test_garbage_does_no_harm_to_the_others(noise):
    feed("escpos", "datecs", noise, b"\x1b@text\n\x1d\x72\x01")
    # Whatever frame has begun ends within so many bytes.
    answer = feed("zfp", "datecs", noise, b"\x00" * 260, zfp(0x42, 0x20))
    assert answer.endswith(b"\x0a") and answer[2] == 0x42


@settings(max_examples=120, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0x21, 0xAF), TEXT), min_size=1, max_size=12),
    st.sampled_from(["datecs", "daisy", "eltrade", "incotex"]),
)
def test_any_command_with_any_data_gets_one_answer_of_its_own(commands, dialect):
    for index, (command, data) in enumerate(commands):
        sent = [fp1(0x21 + n, c, d) for n, (c, d) in enumerate(commands[: index + 1])]
        answer = feed("fp1", dialect, *sent)
        assert answer[2:4] == bytes((0x21 + index, command))
        assert data is not None


@settings(max_examples=120, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0x21, 0x7F), st.lists(TEXT.filter(lambda text: "\t" not in text), max_size=8)),
        min_size=1,
        max_size=12,
    )
)
def test_any_command_of_the_newer_variant_too(commands):
    sent = [x4(0x21 + n, command, *fields) for n, (command, fields) in enumerate(commands)]
    answer = feed("x4", "datecs", *sent)
    assert answer[5] == 0x20 + len(commands)
    assert answer.endswith(b"\x03")


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 400), st.integers(0, 7))
def test_a_flipped_bit_is_never_taken_for_a_command(at, bit):
    frame = bytearray(fp1(0x42, 0x2A, "a line of a slip"))
    at %= len(frame)
    frame[at] ^= 1 << bit
    answer = feed("fp1", "datecs", bytes(frame))
    assert b"\x42\x2a" not in answer


SLIPS = {
    "fp1": [fp1(0x21, 0x26), fp1(0x22, 0x2A, "text"), fp1(0x23, 0x2D), fp1(0x24, 0x27)],
    "x4": [x4(0x21, 0x26), x4(0x22, 0x2A, "text"), x4(0x23, 0x2E), x4(0x24, 0x27)],
    "zfp": [b"\x09", zfp(0x21, 0x2E, "1;0000"), zfp(0x22, 0x37, "text"), zfp(0x23, 0x2F)],
    "escpos": [b"\x1b@text\n", b"\x10\x04\x01", b"\x1dV\x00", b"\x1d\x72\x01"],
}


@pytest.mark.parametrize("family", SLIPS)
@pytest.mark.parametrize("action", ACTIONS)
def test_every_fault_at_every_command_and_then_a_whole_slip(family, action):
    async def run():
        machine = Machine(48, Faults())
        session, ears = make_session(Wishes(family, "datecs"), machine), Ears()
        plan = FaultPlan((Rule(action, seconds=0.01, gap=0.01), Rule(action, operation="line", seconds=0.01)))
        machine.faults.replace(plan)
        struck = 0
        for chunk in SLIPS[family]:
            try:
                async with asyncio.timeout(5):
                    await session.feed(chunk, ears)
            except (PowerLost, CableOut) as lost:
                struck += 1
                session.hang_up()
                if isinstance(lost, PowerLost):
                    session.power_off()
                    session.power_on()
        rule = plan.rules[0]
        assert rule.at_once or sum(machine.faults.struck) > 0
        assert struck == 0 or "cycle" in action or "cable" in action
        machine.faults.replace(FaultPlan(()))
        session.mend()
        session.power_off()
        session.power_on()
        await session.resume(ears)
        for chunk in (*SLIPS[family][-1:], *SLIPS[family]):
            await session.feed(chunk, ears)
        assert [document.state for document in machine.documents][-1:] == ["whole"]

    asyncio.run(run())
