"""X4, the newer Datecs frame with length and command as four digits each (Datecs X programmer's manual 2.02).

01 LLLL SEQ CCCC DATA [04 S0…S7] 05 BCC BCC BCC BCC 03; the length is 20h plus the bytes from LLLL through 05.
Knows bytes only.
"""

from __future__ import annotations

from .frames import Answer, Broken, Echo, FrameParser, digits, framed, number, request_data, told, unframed

_STATUS_BYTES = 8
# Four of length, one of sequence, four of command, the postamble.
_OVERHEAD = 10


class X4:
    """Implements frames.Codec and frames.FrameLayout."""

    def __init__(self, data_limit: int = 213) -> None:
        self.data_limit = data_limit
        self.longest = 540

    def encode(self, sequence: int, command: int, data: bytes) -> bytes:
        """A request. Raises ValueError for too much data or a control byte in it."""
        length = 0x20 + _OVERHEAD + len(request_data(data, self.data_limit))
        return framed(digits(length) + bytes((sequence,)) + digits(command) + data)

    def parser(self) -> FrameParser:
        return FrameParser(self)

    def read(self, body: bytes) -> Answer | Echo | Broken:
        """The part between 01 and 03 as what it says, or why it cannot be believed."""
        middle = unframed(body)
        if isinstance(middle, Broken):
            return middle
        if len(middle) < _OVERHEAD - 1:
            return Broken("too short")
        if number(middle[:4]) != 0x20 + len(middle) + 1:
            return Broken("wrong length")
        command = number(middle[5:9])
        if command is None:
            return Broken("the command is no number")
        return told(middle[4], command, middle[9:], _STATUS_BYTES)
