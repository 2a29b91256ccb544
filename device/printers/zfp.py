"""ZFP, Tremol's frames: 02 LEN SEQ CMD DATA CS CS 0A, acknowledged with 06 SEQ s1 s2 CS CS 0A. Knows bytes only.

LEN is 20h + 3 + data; CS is the exclusive or of all from LEN (or SEQ) on, as two digits of 30h + nibble.
"""

from __future__ import annotations

from functools import reduce
from operator import xor

from .frames import NAK, Answer, Broken, Event, Noise, NotNow, Refused

_START, _ACKNOWLEDGED, _RETRY, _END = 0x02, 0x06, 0x0E, 0x0A
PING = 0x09
FIRST_SEQUENCE, LAST_SEQUENCE = 0x20, 0x9F
# SEQ s1 s2 CS CS
_ACKNOWLEDGEMENT = 5


class Zfp:
    """Implements frames.Codec. An acknowledgement becomes an Answer with command 0 and two bytes of status."""

    def __init__(self, data_limit: int = 200) -> None:
        self.data_limit = data_limit

    def encode(self, sequence: int, command: int, data: bytes) -> bytes:
        """A request. Raises ValueError for too much data or a control byte in it."""
        if len(data) > self.data_limit or any(byte < 0x20 for byte in data):
            raise ValueError("data that a frame cannot carry")
        middle = bytes((0x20 + 3 + len(data), sequence, command)) + data
        return bytes((_START,)) + middle + _check(middle) + bytes((_END,))

    def parser(self) -> ZfpParser:
        return ZfpParser()


class ZfpParser:
    """Implements frames.Parser. A frame's length is known from its first bytes, so an end is not searched for."""

    def __init__(self) -> None:
        self._frame = bytearray()

    @property
    def inside(self) -> bool:
        return bool(self._frame)

    def give_up(self) -> None:
        self._frame.clear()

    def feed(self, chunk: bytes) -> list[Event]:
        """The events that end within this chunk, in order."""
        events: list[Event] = []
        noise = bytearray()
        for byte in chunk:
            if self._frame:
                self._frame.append(byte)
                events += self._ended()
                continue
            if byte not in (_START, _ACKNOWLEDGED, _RETRY, NAK):
                noise.append(byte)
                continue
            if noise:
                events.append(Noise(bytes(noise)))
                noise.clear()
            if byte == NAK:
                events.append(Refused())
            elif byte == _RETRY:
                events.append(NotNow())
            else:
                self._frame.append(byte)
        if noise:
            events.append(Noise(bytes(noise)))
        return events

    def _ended(self) -> list[Event]:
        """The frame's event once its last byte is there; no byte below 20h stands within one."""
        last = self._frame[-1]
        if last < 0x20 and last != _END:
            self._frame.clear()
            return [Broken("cut short"), *self.feed(bytes((last,)))]
        if len(self._frame) < 2:
            return []
        if self._frame[0] == _START and self._frame[1] < 0x23:
            self._frame.clear()
            return [Broken("wrong length")]
        inner = _ACKNOWLEDGEMENT if self._frame[0] == _ACKNOWLEDGED else self._frame[1] - 0x20 + 2
        whole = 1 + inner + 1
        if len(self._frame) < whole and last != _END:
            return []
        frame = bytes(self._frame)
        self._frame.clear()
        return [_read(frame, whole)]


def _read(frame: bytes, whole: int) -> Event:
    middle, check = frame[1:-3], frame[-3:-1]
    if len(frame) != whole or frame[-1] != _END:
        return Broken("wrong length")
    if check != _check(middle):
        return Broken("wrong check sum")
    if frame[0] == _ACKNOWLEDGED:
        if any(not 0x30 <= byte <= 0x3F for byte in middle[1:]):
            return Broken("impossible status")
        return Answer(middle[0], 0, b"", middle[1:])
    return Answer(middle[1], middle[2], middle[3:], b"")


def _check(middle: bytes) -> bytes:
    value = reduce(xor, middle, 0)
    return bytes((0x30 + (value >> 4), 0x30 + (value & 0xF)))
