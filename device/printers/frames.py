"""What comes in over the line of a framed protocol, as events; and what both Datecs-style variants share.

Knows bytes alone: no port, no time, no meaning of a command. Sources: the vendors' protocol manuals.
"""

from __future__ import annotations

from typing import NamedTuple, Protocol

PREAMBLE, SEPARATOR, POSTAMBLE, TERMINATOR = 0x01, 0x04, 0x05, 0x03
NAK, SYN = 0x15, 0x16
FIRST_SEQUENCE, LAST_SEQUENCE = 0x20, 0x7F
# A check sum is 16 bits, sent as four digits of 30h to 3Fh.
_CHECK_DIGITS = 4


class Busy(NamedTuple):
    """The device works on it and says so (SYN)."""


class NotNow(NamedTuple):
    """The device has no time for the frame (Tremol's retry): nothing was done, it is to be sent again soon."""


class Refused(NamedTuple):
    """The device did not understand the frame (NAK): nothing was done."""


class Answer(NamedTuple):
    """A whole, valid answer. `status` as sent: 6 bytes (FP1), 8 (X4), 2 of an acknowledgement or none (ZFP)."""

    sequence: int
    command: int
    data: bytes
    status: bytes


class Echo(NamedTuple):
    """A whole, valid request: what we wrote comes back, so there is no device at the other end."""

    sequence: int
    command: int
    data: bytes


class Broken(NamedTuple):
    """A frame that cannot be believed."""

    why: str


class Noise(NamedTuple):
    """Bytes that belong to no frame."""

    data: bytes


Event = Busy | NotNow | Refused | Answer | Echo | Broken | Noise


class Codec(Protocol):
    """One wire variant: requests to bytes, and the shape of what lies between preamble and terminator."""

    @property
    def data_limit(self) -> int:
        """The longest data of a request."""

    def encode(self, sequence: int, command: int, data: bytes) -> bytes:
        """A request, ready to send. Raises ValueError for what the variant cannot carry."""

    def parser(self) -> Parser:
        """A fresh parser of what the device sends."""


class Parser(Protocol):
    """Turns chunks of bytes, cut anywhere, into events. Never raises and never keeps more than one frame."""

    def feed(self, chunk: bytes) -> list[Event]: ...

    @property
    def inside(self) -> bool:
        """Whether a frame has begun and not ended."""

    def give_up(self) -> None:
        """Forget a frame that has begun: the rest of it does not come."""


class FrameLayout(Protocol):
    """How a Datecs-style variant lays out the part between 01 and 03."""

    @property
    def longest(self) -> int:
        """The longest such part that a device may send, in bytes."""

    def read(self, body: bytes) -> Answer | Echo | Broken: ...


class FrameParser:
    """Datecs-style frames. 01, 03, 15 and 16 never stand inside a whole frame, so any 01 begins a new one."""

    def __init__(self, layout: FrameLayout) -> None:
        self._layout = layout
        self._body: bytearray | None = None

    @property
    def inside(self) -> bool:
        return self._body is not None

    def give_up(self) -> None:
        self._body = None

    def feed(self, chunk: bytes) -> list[Event]:
        """The events that end within this chunk, in order."""
        events: list[Event] = []
        noise = bytearray()
        for byte in chunk:
            if self._body is not None and byte not in (PREAMBLE, TERMINATOR, NAK, SYN):
                self._body.append(byte)
                if len(self._body) > self._layout.longest:
                    events.append(Broken("longer than any frame"))
                    self._body = None
                continue
            if self._body is None and byte not in (PREAMBLE, NAK, SYN):
                noise.append(byte)
                continue
            if noise:
                events.append(Noise(bytes(noise)))
                noise.clear()
            events += self._turn(byte)
        if noise:
            events.append(Noise(bytes(noise)))
        return events

    def _turn(self, byte: int) -> list[Event]:
        """A byte that begins or ends something."""
        events: list[Event] = []
        body, self._body = self._body, None
        if body is not None:
            events.append(self._layout.read(bytes(body)) if byte == TERMINATOR else Broken("cut short"))
        if byte == PREAMBLE:
            self._body = bytearray()
        elif byte == SYN:
            events.append(Busy())
        elif byte == NAK:
            events.append(Refused())
        return events


def digits(value: int) -> bytes:
    """A 16-bit number as four digits of 30h + nibble, most significant first (1AE3h: 31 3A 3E 33)."""
    return bytes(0x30 + (value >> shift & 0xF) for shift in (12, 8, 4, 0))


def number(four: bytes) -> int | None:
    """The number of four such digits, None where a byte is none."""
    if len(four) != _CHECK_DIGITS or any(not 0x30 <= byte <= 0x3F for byte in four):
        return None
    value = 0
    for byte in four:
        value = value << 4 | byte - 0x30
    return value


def framed(middle: bytes) -> bytes:
    """Preamble, what is given, postamble, the sum of all from after the preamble through the postamble, terminator."""
    summed = middle + bytes((POSTAMBLE,))
    return bytes((PREAMBLE,)) + summed + digits(sum(summed) & 0xFFFF) + bytes((TERMINATOR,))


def unframed(body: bytes) -> bytes | Broken:
    """What stands before the postamble, once postamble and sum are as they must be."""
    middle, rest = body[: -_CHECK_DIGITS - 1], body[-_CHECK_DIGITS - 1 :]
    if len(rest) != _CHECK_DIGITS + 1 or rest[0] != POSTAMBLE:
        return Broken("no postamble where it must be")
    if number(rest[1:]) != (sum(middle) + POSTAMBLE) & 0xFFFF:
        return Broken("wrong check sum")
    return middle


def told(sequence: int, command: int, rest: bytes, status_bytes: int) -> Answer | Echo | Broken:
    """An answer ends with separator and status; a frame without them is a request that came back."""
    if sequence < FIRST_SEQUENCE:
        return Broken("impossible sequence number")
    cut = len(rest) - status_bytes - 1
    if cut >= 0 and rest[cut] == SEPARATOR:
        data, status = rest[:cut], rest[cut + 1 :]
        if SEPARATOR in data or any(byte < 0x80 for byte in status):
            return Broken("impossible status")
        return Answer(sequence, command, data, status)
    if SEPARATOR in rest:
        return Broken("separator in the wrong place")
    return Echo(sequence, command, rest)


def request_data(data: bytes, limit: int) -> bytes:
    """The data, once it can travel in a request. Raises ValueError."""
    if len(data) > limit:
        raise ValueError(f"{len(data)} bytes of data, at most {limit} fit")
    if any(byte < 0x20 and byte not in (0x09, 0x0A) for byte in data):
        raise ValueError("a control byte in the data")
    return data


def next_sequence(sequence: int) -> int:
    """The number after this one; 7Fh is followed by 20h."""
    return FIRST_SEQUENCE if sequence >= LAST_SEQUENCE else sequence + 1
