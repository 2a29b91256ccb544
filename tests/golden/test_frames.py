"""Every published frame of the printers' protocols, both ways; the misprinted one is refused."""

import pytest

from device.printers.fp1 import Fp1
from device.printers.frames import Answer, Broken, Busy, Codec, Echo
from device.printers.x4 import X4
from device.printers.zfp import Zfp
from tests.golden.frame_vectors import FRAMES, MISPRINTED, X8_IN_PIECES, Frame

REQUESTS = [frame for frame in FRAMES if frame.status is None]
ANSWERS = [frame for frame in FRAMES if frame.status is not None]


def codec(family: str) -> Codec:
    return {"fp1": Fp1, "x4": X4, "zfp": Zfp}[family]()


@pytest.mark.parametrize("frame", REQUESTS, ids=lambda frame: frame.name)
def test_requests_are_written_as_published(frame: Frame):
    assert codec(frame.family).encode(frame.sequence, frame.command, frame.data) == frame.wire


@pytest.mark.parametrize("frame", REQUESTS, ids=lambda frame: frame.name)
def test_requests_read_back_are_no_answers(frame: Frame):
    """What we wrote and hear again must never pass for an answer; Tremol's requests have the form of its answers."""
    events = codec(frame.family).parser().feed(frame.wire)
    if frame.family == "zfp":
        assert events == [Answer(frame.sequence, frame.command, frame.data, b"")]
    else:
        assert events == [Echo(frame.sequence, frame.command, frame.data)]


@pytest.mark.parametrize("frame", ANSWERS, ids=lambda frame: frame.name)
def test_answers_are_read_as_published(frame: Frame):
    assert codec(frame.family).parser().feed(frame.wire) == [
        Answer(frame.sequence, frame.command, frame.data, frame.status)
    ]


@pytest.mark.parametrize("frame", [*REQUESTS, *ANSWERS], ids=lambda frame: frame.name)
def test_a_single_flipped_bit_is_never_an_answer(frame: Frame):
    for place in range(len(frame.wire)):
        for bit in range(8):
            spoilt = bytearray(frame.wire)
            spoilt[place] ^= 1 << bit
            events = codec(frame.family).parser().feed(bytes(spoilt))
            assert not [event for event in events if isinstance(event, Answer | Echo)], (place, bit)


def test_the_misprinted_answer_is_refused():
    assert Fp1().parser().feed(MISPRINTED) == [Broken("wrong check sum")]
    mended = MISPRINTED[:-5] + bytes.fromhex("30 36 38 35 03")
    assert isinstance(Fp1().parser().feed(mended)[0], Answer)
    meant = bytearray(MISPRINTED)
    meant[2] = 0xC0
    assert isinstance(Fp1().parser().feed(bytes(meant))[0], Answer)


def test_an_answer_in_the_pieces_in_which_a_port_delivered_it():
    parser = X4().parser()
    events = [event for piece in X8_IN_PIECES for event in parser.feed(piece)]
    assert events == [Busy(), Answer(0x30, 0x35, b"-111016\t", bytes.fromhex("80 80 80 80 86 9A 80 80"))]
