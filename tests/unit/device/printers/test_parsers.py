"""Parsers of what printers send: cut anywhere, mixed with noise, they find the same frames and never fail or grow."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.printers.escpos_status import StatusParser
from device.printers.fp1 import Fp1
from device.printers.frames import Answer, Broken, Busy, Codec, Noise, NotNow, Parser, Refused
from device.printers.x4 import X4
from device.printers.zfp import Zfp
from tests.golden.frame_vectors import FRAMES

CODECS = (Fp1, X4, Zfp)
BY_FAMILY = {"fp1": Fp1, "x4": X4}
ANSWERS = [frame for frame in FRAMES if frame.status is not None]


def in_chunks(parser: Parser, data: bytes, cuts: list[int]) -> list[object]:
    places = sorted({0, len(data), *(cut % (len(data) + 1) for cut in cuts)})
    events = [event for a, b in pairwise(places) for event in parser.feed(data[a:b])]
    # Noise is told chunk by chunk; joined it is the same.
    joined: list[object] = []
    for event in events:
        if isinstance(event, Noise) and joined and isinstance(joined[-1], Noise):
            joined[-1] = Noise(joined[-1].data + event.data)
        else:
            joined.append(event)
    return joined


@pytest.mark.parametrize("codec", CODECS)
@given(data=st.binary(max_size=400), cuts=st.lists(st.integers(0, 400), max_size=12))
def test_where_the_stream_is_cut_makes_no_difference(codec: type[Codec], data: bytes, cuts: list[int]):
    assert in_chunks(codec().parser(), data, cuts) == in_chunks(codec().parser(), data, [])


@given(
    frame=st.sampled_from(ANSWERS),
    before=st.lists(st.sampled_from([b"\x00\xff", b"\x16", b"\x15", b"\x01", b"\x01\x30\x31", b"\x03", b"\x05abc"])),
    cuts=st.lists(st.integers(0, 400), max_size=8),
)
def test_noise_before_a_frame_never_hides_it(frame, before: list[bytes], cuts: list[int]):
    parser = BY_FAMILY[frame.family]().parser()
    events = in_chunks(parser, b"".join(before) + frame.wire, cuts)
    assert events[-1] == Answer(frame.sequence, frame.command, frame.data, frame.status)
    assert not parser.inside


@pytest.mark.parametrize("codec", CODECS)
@given(data=st.binary(min_size=1, max_size=60))
def test_an_endless_frame_is_given_up(codec: type[Codec], data: bytes):
    parser = codec().parser()
    start = b"\x02\xff" if codec is Zfp else b"\x01"
    events = parser.feed(start)
    for _ in range(80):
        events += parser.feed(bytes(0x20 + byte % 0xD0 for byte in data) * 10)
    assert sum(isinstance(event, Broken) for event in events) >= 1


def test_a_frame_cut_short_by_the_next_loses_only_itself():
    whole = ANSWERS[0].wire
    events = Fp1().parser().feed(whole[:7] + whole)
    assert events[0] == Broken("cut short")
    assert isinstance(events[1], Answer)


def test_busy_and_refusal_stand_alone():
    assert Fp1().parser().feed(b"\x16\x15\x00") == [Busy(), Refused(), Noise(b"\x00")]
    assert Zfp().parser().feed(b"\x0e\x15") == [NotNow(), Refused()]


def test_control_bytes_never_get_into_a_request():
    for codec in CODECS:
        with pytest.raises(ValueError):
            codec().encode(0x20, 0x2A, b"a\x01b")
        with pytest.raises(ValueError):
            codec().encode(0x20, 0x2A, b"a" * 300)


@given(data=st.binary(max_size=200), cuts=st.lists(st.integers(0, 200), max_size=8))
def test_escpos_status_survives_anything(data: bytes, cuts: list[int]):
    parser = StatusParser()
    places = sorted({0, len(data), *(cut % (len(data) + 1) for cut in cuts)})
    said = [one for a, b in pairwise(places) for one in parser.feed(data[a:b])]
    assert len(said) <= len(data)
