"""One command over a line that does everything a line can do: sent again, dropped, given up. Time is an argument."""

import random

import pytest

from device.printers.exchange import Exchange, Session, Timing
from device.printers.failures import NoAnswer, NotUnderstood, PrinterFailure
from device.printers.fp1 import Fp1
from device.printers.frames import framed, next_sequence
from device.printers.zfp import Zfp

TIMING = Timing()
HEALTHY = bytes.fromhex("80 80 80 80 86 9A")


def answer(sequence: int, command: int, data: bytes = b"") -> bytes:
    return framed(bytes((0x20 + 11 + len(data), sequence, command)) + data + b"\x04" + HEALTHY)


@pytest.fixture
def session() -> Session:
    return Session(Fp1(), TIMING, random.Random(7))


def begun(session: Session, command: int = 0x2A) -> tuple[Exchange, int]:
    exchange = session.begin(command, b"x", TIMING.command, 0.0)
    return exchange, exchange.frame[2]


def test_an_answer_ends_it_and_the_next_number_is_one_more(session: Session):
    exchange, number = begun(session)
    assert exchange.receive(b"\x16" + answer(number, 0x2A, b"ok"), 0.1) == b""
    assert exchange.answer.data == b"ok"
    assert not exchange.again
    assert session.begin(0x2A, b"", 1.0, 1.0).frame[2] == next_sequence(number)
    assert next_sequence(0x7F) == 0x20


def test_a_refused_or_broken_frame_is_sent_again_identically(session: Session):
    exchange, number = begun(session)
    first = exchange.frame
    spoilt = bytearray(answer(number, 0x2A))
    spoilt[-2] ^= 1
    assert exchange.receive(b"\x15", 0.1) == first
    assert exchange.receive(bytes(spoilt), 0.2) == first
    exchange.receive(answer(number, 0x2A), 0.3)
    assert exchange.answer is not None
    assert exchange.again


def test_refusals_come_to_an_end_and_mean_that_nothing_was_done(session: Session):
    exchange, _ = begun(session)
    for _ in range(TIMING.naks):
        assert exchange.receive(b"\x15", 0.1)
    with pytest.raises(NotUnderstood):
        exchange.receive(b"\x15", 0.2)


def test_broken_answers_to_the_end_are_unknown(session: Session):
    exchange, number = begun(session)
    spoilt = bytearray(answer(number, 0x2A))
    spoilt[-2] ^= 1
    for _ in range(TIMING.naks):
        exchange.receive(bytes(spoilt), 0.1)
    with pytest.raises(NoAnswer):
        exchange.receive(bytes(spoilt), 0.2)


def test_the_other_framing_shows_after_three(session: Session):
    exchange, _ = begun(session)
    assert exchange.receive(b"\x16\x15", 0.1)
    assert exchange.receive(b"\x16\x15", 0.2)
    with pytest.raises(NotUnderstood) as wrong:
        exchange.receive(b"\x16\x15", 0.3)
    assert wrong.value.code == "E17"


def test_silence_is_answered_twice_and_then_unknown(session: Session):
    exchange, _ = begun(session)
    for _ in range(TIMING.silences):
        assert exchange.overdue(exchange.deadline) == exchange.frame
    with pytest.raises(NoAnswer) as lost:
        exchange.overdue(exchange.deadline)
    assert not lost.value.busy
    assert exchange.again


def test_while_it_says_busy_nothing_is_sent_again(session: Session):
    exchange, number = begun(session)
    for moment in range(1, 9):
        assert exchange.receive(b"\x16", float(moment)) == b""
        assert exchange.deadline == min(moment + TIMING.syn, TIMING.command)
    exchange.receive(answer(number, 0x2A), 9.0)
    assert exchange.answer is not None
    assert not exchange.again


def test_busy_and_then_silence_is_unknown_at_once(session: Session):
    exchange, _ = begun(session)
    exchange.receive(b"\x16", 0.1)
    with pytest.raises(NoAnswer) as lost:
        exchange.overdue(exchange.deadline)
    assert lost.value.busy


def test_a_storm_of_busy_ends_with_the_commands_own_limit(session: Session):
    exchange, _ = begun(session)
    exchange.receive(b"\x16", 9.9)
    assert exchange.deadline == TIMING.command
    with pytest.raises(NoAnswer):
        exchange.overdue(TIMING.command)


def test_a_busy_byte_among_noise_is_not_believed(session: Session):
    exchange, _ = begun(session)
    exchange.receive(b"\x00\xfe\x16\xaa", 0.1)
    assert exchange.overdue(exchange.deadline) == exchange.frame


def test_older_answers_are_dropped_and_ours_asked_for_once(session: Session):
    exchange, number = begun(session)
    older = 0x7F if number == 0x20 else number - 1
    assert exchange.receive(answer(older, 0x2A), 0.1) == b""
    assert exchange.overdue(exchange.deadline) == exchange.frame
    with pytest.raises(NoAnswer):
        exchange.overdue(exchange.deadline)


def test_an_answer_cut_short_is_as_good_as_a_broken_one(session: Session):
    exchange, number = begun(session)
    assert exchange.receive(answer(number, 0x2A)[:6], 0.1) == b""
    assert exchange.deadline == pytest.approx(0.1 + TIMING.gap)
    assert exchange.overdue(0.7) == exchange.frame


def test_the_answer_to_an_older_command_with_our_number_means_ours_was_not_done(session: Session):
    exchange, number = begun(session)
    again = exchange.receive(answer(number, 0x4A), 0.1)
    assert again == exchange.frame
    assert again[2] == next_sequence(number)
    exchange.receive(answer(again[2], 0x2A), 0.2)
    assert exchange.answer is not None


def test_our_own_bytes_are_no_printer(session: Session):
    exchange, _ = begun(session)
    with pytest.raises(PrinterFailure) as echo:
        exchange.receive(exchange.frame, 0.1)
    assert echo.value.code == "E18"


def test_a_device_without_time_gets_the_frame_again_after_a_pause_until_the_commands_limit():
    exchange = Session(Zfp(), TIMING, random.Random(7)).begin(0x37, b"x", TIMING.command, 0.0)
    now, times = 0.1, 0
    while True:
        assert exchange.receive(b"\x0e", now) == b""
        if exchange.deadline == TIMING.command:
            break
        assert exchange.deadline == now + TIMING.gap
        now, times = exchange.deadline, times + 1
        assert exchange.overdue(now) == exchange.frame
    assert times > 15
    with pytest.raises(NoAnswer):
        exchange.overdue(TIMING.command)


def test_a_long_silence_before_the_answer_is_remembered_until_the_next_one(session: Session):
    for silences, long in ((0, False), (1, False), (2, True), (0, False)):
        exchange, number = begun(session)
        for _ in range(silences):
            exchange.overdue(exchange.deadline)
        exchange.receive(answer(number, 0x2A), exchange.deadline)
        assert exchange.answer is not None
        assert session.was_silent is long
