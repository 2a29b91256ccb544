"""The device's side of the framed protocols: requests taken apart strictly, answers put together.

FP1 has a length of one byte, X4 writes length and command as four nibbles, ZFP is Tremol's. No state, no port."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, Protocol

START, SEPARATOR, POSTAMBLE, END = 0x01, 0x04, 0x05, 0x03
NAK, SYN = b"\x15", b"\x16"
LONGEST = 600


class Request(NamedTuple):
    """A well-formed request: its sequence number, command, data, and the frame it came in."""

    seq: int
    command: int
    data: bytes
    frame: bytes

    @property
    def is_ping(self) -> bool:
        """A single byte outside any frame (ZFP)."""
        return len(self.frame) == 1


class Bad(NamedTuple):
    """A frame that is none; `answer` is what the device says to it."""

    answer: bytes = NAK


class Reader(Protocol):
    """Cuts a byte stream into requests."""

    def feed(self, chunk: bytes) -> list[Request | Bad]:
        """The requests that end in this chunk."""
        ...

    def reset(self) -> None:
        """Forget what has begun."""
        ...


Parse = Callable[[bytes], "Request | Bad"]


def nibbles(value: int, digits: int = 4) -> bytes:
    """Each hexadecimal digit as 30h + digit, most significant first."""
    return bytes(0x30 + (value >> shift & 0xF) for shift in range(4 * (digits - 1), -4, -4))


def from_nibbles(raw: bytes) -> int | None:
    """None where a byte is no nibble."""
    value = 0
    for byte in raw:
        if not 0x30 <= byte <= 0x3F:
            return None
        value = value << 4 | byte - 0x30
    return value


def checksum(raw: bytes | bytearray) -> int:
    """The sum of all bytes after 01 up to and including 05, in 16 bits."""
    return sum(raw) & 0xFFFF


def parse_fp1(frame: bytes) -> Request | Bad:
    """From 01 to 03. LEN counts LEN, SEQ, CMD, DATA and 05, plus 20h; FFh stands for more than fits (Daisy)."""
    body = frame[1:-5]
    if len(frame) < 10 or body[-1] != POSTAMBLE or from_nibbles(frame[-5:-1]) != checksum(body):
        return Bad()
    length, seq, command, data = body[0], body[1], body[2], body[3:-1]
    if length != min(0x20 + len(body), 0xFF) or seq < 0x20 or command < 0x20:
        return Bad(SYN + NAK if from_nibbles(body[:4]) == 0x20 + len(body) else NAK)
    return Request(seq, command, data, frame)


def parse_x4(frame: bytes) -> Request | Bad:
    """From 01 to 03. The length counts itself, SEQ, command, DATA and 05, plus 20h."""
    body = frame[1:-5]
    if len(body) < 10:
        # The frame of the other variant is shorter than any of this one.
        fp1 = bool(body) and body[0] == 0x20 + len(body)
        return Bad(SYN + NAK if fp1 else NAK)
    if body[-1] != POSTAMBLE or from_nibbles(frame[-5:-1]) != checksum(body):
        return Bad()
    command, seq = from_nibbles(body[5:9]), body[4]
    if from_nibbles(body[:4]) != 0x20 + len(body) or seq < 0x20 or command is None:
        return Bad(SYN + NAK if body[0] == 0x20 + len(body) else NAK)
    return Request(seq, command, body[9:-1], frame)


def answer_fp1(request: Request, data: bytes, status: bytes) -> bytes:
    """The answer to a request: its SEQ and CMD, data, 04, six status bytes."""
    length = min(0x20 + 5 + len(data) + len(status), 0xFF)
    return _framed(bytes((length, request.seq, request.command)) + data + bytes((SEPARATOR,)) + status)


def answer_x4(request: Request, data: bytes, status: bytes) -> bytes:
    """The same in the variant of four nibbles, with eight status bytes."""
    length = nibbles(0x20 + 11 + len(data) + len(status))
    head = length + bytes((request.seq,)) + nibbles(request.command)
    return _framed(head + data + bytes((SEPARATOR,)) + status)


def older(frame: bytes, seq_at: int) -> bytes:
    """The frame under the sequence number before its own, which stands at `seq_at`; the checksum is right again."""
    body = bytearray(frame[1:-5])
    body[seq_at - 1] = body[seq_at - 1] - 1 if body[seq_at - 1] > 0x20 else 0x7F
    return frame[:1] + bytes(body) + nibbles(checksum(body)) + frame[-1:]


def _framed(body: bytes) -> bytes:
    summed = body + bytes((POSTAMBLE,))
    return bytes((START,)) + summed + nibbles(checksum(summed)) + bytes((END,))


class FrameReader:
    """Cuts a byte stream into frames from 01 to 03; what stands between them is noise and falls away.

    A control byte inside a frame cannot be data, so an 01 always begins anew and the rest of a torn frame is lost.
    """

    def __init__(self, parse: Parse) -> None:
        self._parse = parse
        self._frame = bytearray()

    def feed(self, chunk: bytes) -> list[Request | Bad]:
        found: list[Request | Bad] = []
        for byte in chunk:
            if byte == START:
                self._frame[:] = (START,)
            elif self._frame:
                self._frame.append(byte)
                if byte == END:
                    found.append(self._parse(bytes(self._frame)))
                    self._frame.clear()
                elif len(self._frame) > LONGEST:
                    self._frame.clear()
                    found.append(Bad())
        return found

    def reset(self) -> None:
        self._frame.clear()


class ZfpReader:
    """The same for Tremol's frames, `02 LEN SEQ CMD DATA CS CS 0A`, and its single-byte ping (09).

    The length says where a frame ends; a frame whose end is not 0A there is answered with NAK.
    """

    PING = 0x09

    def __init__(self) -> None:
        self._frame = bytearray()

    def feed(self, chunk: bytes) -> list[Request | Bad]:
        found: list[Request | Bad] = []
        for byte in chunk:
            if self._frame:
                self._frame.append(byte)
                if len(self._frame) > 1 and len(self._frame) == self._whole():
                    found.append(parse_zfp(bytes(self._frame)))
                    self._frame.clear()
            elif byte == 0x02:
                self._frame.append(byte)
            elif byte == self.PING:
                found.append(Request(0, self.PING, b"", b"\x09"))
        return found

    def _whole(self) -> int:
        # LEN counts itself, SEQ, CMD and DATA, plus 20h; around them stand 02, two of the checksum and 0A.
        return max(self._frame[1] - 0x20, 3) + 4

    def reset(self) -> None:
        self._frame.clear()


def parse_zfp(frame: bytes) -> Request | Bad:
    """From 02 to 0A; the checksum is the exclusive or of LEN to DATA, in two nibbles."""
    body = frame[1:-3]
    if frame[-1] != 0x0A or body[0] != 0x20 + len(body) or from_nibbles(frame[-3:-1]) != _xor(body):
        return Bad()
    if not 0x20 <= body[1] <= 0x9F:
        return Bad()
    return Request(body[1], body[2], body[3:], frame)


def answer_zfp(request: Request, data: bytes) -> bytes:
    """An answer with data."""
    body = bytes((0x20 + 3 + len(data), request.seq, request.command)) + data
    return b"\x02" + body + nibbles(_xor(body), 2) + b"\x0a"


def receipt_zfp(request: Request, device_error: int, command_error: int) -> bytes:
    """The acknowledgement of a command without data: two error digits, 30h is none."""
    body = bytes((request.seq, 0x30 + device_error, 0x30 + command_error))
    return b"\x06" + body + nibbles(_xor(body), 2) + b"\x0a"


def older_zfp(frame: bytes) -> bytes:
    """The answer under the sequence number before its own."""
    at = 1 if frame[0] == 0x06 else 2
    body = bytearray(frame[1:-3])
    body[at - 1] = body[at - 1] - 1 if body[at - 1] > 0x20 else 0x9F
    return frame[:1] + bytes(body) + nibbles(_xor(bytes(body)), 2) + frame[-1:]


def _xor(raw: bytes) -> int:
    value = 0
    for byte in raw:
        value ^= byte
    return value
