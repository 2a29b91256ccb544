"""FP1, the classic Datecs frame with a length of one byte: Datecs, Daisy, Eltrade, Incotex (Daisy protocol v1.8.1).

01 LEN SEQ CMD DATA [04 S0…S5] 05 BCC BCC BCC BCC 03; LEN is 20h plus the bytes from LEN through 05. Knows bytes only.
"""

from __future__ import annotations

from .frames import Answer, Broken, Echo, FrameParser, framed, request_data, told, unframed

_STATUS_BYTES = 6
# Length, sequence, command and postamble.
_OVERHEAD = 4
# A frame too long for one byte of length says FFh (Daisy).
_TOO_LONG_TO_SAY = 0xFF


class Fp1:
    """Implements frames.Codec and frames.FrameLayout."""

    def __init__(self, data_limit: int = 200) -> None:
        self.data_limit = data_limit
        self.longest = 260

    def encode(self, sequence: int, command: int, data: bytes) -> bytes:
        """A request. Raises ValueError for too much data or a control byte in it."""
        length = 0x20 + _OVERHEAD + len(request_data(data, self.data_limit))
        return framed(bytes((length, sequence, command)) + data)

    def parser(self) -> FrameParser:
        return FrameParser(self)

    def read(self, body: bytes) -> Answer | Echo | Broken:
        """The part between 01 and 03 as what it says, or why it cannot be believed."""
        middle = unframed(body)
        if isinstance(middle, Broken):
            return middle
        if len(middle) < _OVERHEAD - 1:
            return Broken("too short")
        length = 0x20 + len(middle) + 1
        if middle[0] != length and not (middle[0] == _TOO_LONG_TO_SAY and length > 224):
            return Broken("wrong length")
        return told(middle[1], middle[2], middle[3:], _STATUS_BYTES)
