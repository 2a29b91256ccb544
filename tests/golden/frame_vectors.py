"""Frames as vendors' manuals and public device logs print them, and some that follow from their rules. Data only.

Daisy protocol 1.8.1 (V1-V6, V8), logs in ErpNet.FP's issues 56, 101, 135, 183, 191 (V7, X1-X8); C and Z are computed
by the written rules, no public dump of them is known.
"""

from typing import NamedTuple


class Frame(NamedTuple):
    """`status` is None for a request. `command` and `sequence` as numbers."""

    name: str
    family: str
    sequence: int
    command: int
    data: bytes
    status: bytes | None
    wire: bytes


def _frame(name: str, family: str, sequence: int, command: int, data: bytes, status: str | None, wire: str) -> Frame:
    said = None if status is None else bytes.fromhex(status)
    return Frame(name, family, sequence, command, data, said, bytes.fromhex(wire))


HEALTHY = "80 80 80 80 86 9A"
OPEN = "80 80 88 80 86 9A"
DAISY = "88 80 80 80 80 B8"
DAISY_OPEN = "88 80 88 80 80 B8"

FRAMES = (
    _frame("V1", "fp1", 0x50, 0x4A, b"", None, "01 24 50 4A 05 30 30 3C 33 03"),
    _frame(
        "V2", "fp1", 0x50, 0x4A, bytes.fromhex(DAISY), DAISY,
        "01 31 50 4A 88 80 80 80 80 B8 04 88 80 80 80 80 B8 05 30 37 35 34 03",
    ),
    _frame(
        "V3", "fp1", 0x37, 0x30, b"1,1,DY000694-OP01-0000018", None,
        "01 3D 37 30 31 2C 31 2C 44 59 30 30 30 36 39 34 2D 4F 50 30 31 2D 30 30 30 30 30 31 38 05 30 35 3E 36 03",
    ),
    _frame(
        "V4", "fp1", 0x37, 0x30, b"000001,000000", DAISY_OPEN,
        "01 38 37 30 30 30 30 30 30 31 2C 30 30 30 30 30 30 04 88 80 88 80 80 B8 05 30 36 35 3D 03",
    ),
    _frame(
        "V5", "fp1", 0xDE, 0x30, b"20,9999,DY000600-OP20-0000003\tR1,203,10-04-23 21:54:02\t36940032", None,
        "01 63 DE 30 32 30 2C 39 39 39 39 2C 44 59 30 30 30 36 30 30 2D 4F 50 32 30 2D 30 30 30 30 30 30 33 09 52 31 2C"
        "32 30 33 2C 31 30 2D 30 34 2D 32 33 20 32 31 3A 35 34 3A 30 32 09 33 36 39 34 30 30 33 32 05 30 3D 3E 38 03",
    ),
    _frame(
        "V6", "fp1", 0xC0, 0x30, "20,9999,1,TВарна\tБургас\t10\t31-12-2022 15:59".encode("cp1251"), None,
        "01 4F C0 30 32 30 2C 39 39 39 39 2C 31 2C 54 C2 E0 F0 ED E0 09 C1 F3 F0 E3 E0 F1 09 31 30 09 33 31 2D 31 32 2D"
        "32 30 32 32 20 31 35 3A 35 39 05 31 30 3D 3B 03",
    ),
    _frame("V7", "fp1", 0x21, 0x5A, b"1", None, "01 25 21 5A 31 05 30 30 3D 36 03"),
    _frame(
        "V8", "fp1", 0x3A, 0x74, b"PS,14,36940099*000123*2023-04-19*09:19:02*0.00", "88 80 C0 80 80 B8",
        "01 59 3A 74 50 53 2C 31 34 2C 33 36 39 34 30 30 39 39 2A 30 30 30 31 32 33 2A 32 30 32 33 2D 30 34 2D 31 39 2A"
        "30 39 3A 31 39 3A 30 32 2A 30 2E 30 30 04 88 80 C0 80 80 B8 05 30 3D 3B 3C 03",
    ),
    _frame("X1", "x4", 0x21, 0x5A, b"1", None, "01 30 30 32 3B 21 30 30 35 3A 31 05 30 31 3F 33 03"),
    _frame(
        "X2", "x4", 0x21, 0x5A, b"DP-150MX,609428 20Jul23 1353,9460,00000000,    02500002", "80 80 80 80 84 82 80 80",
        "01 30 30 36 3A 21 30 30 35 3A 44 50 2D 31 35 30 4D 58 2C 36 30 39 34 32 38 20 32 30 4A 75 6C 32 33 20 31 33 35"
        "33 2C 39 34 36 30 2C 30 30 30 30 30 30 30 30 2C 20 20 20 20 30 32 35 30 30 30 30 32 04 80 80 80 80 84 82 80 80"
        "05 31 31 31 32 03",
    ),
    _frame(
        "X3", "x4", 0x61, 0x3D, b"16-09-19 17:24:30", None,
        "01 30 30 33 3B 61 30 30 33 3D 31 36 2D 30 39 2D 31 39 20 31 37 3A 32 34 3A 33 30 05 30 35 35 3D 03",
    ),
    _frame(
        "X4", "x4", 0x61, 0x3D, b"-112001\t", "A1 80 80 80 84 82 80 80",
        "01 30 30 33 3B 61 30 30 33 3D 2D 31 31 32 30 30 31 09 04 A1 80 80 80 84 82 80 80 05 30 37 38 3A 03",
    ),
    _frame("X5", "x4", 0x62, 0x3E, b"", None, "01 30 30 32 3A 62 30 30 33 3E 05 30 32 30 34 03"),
    _frame(
        "X6", "x4", 0x62, 0x3E, b"0\t16-09-19 17:26:44 DST\t", "80 80 80 80 84 82 80 80",
        "01 30 30 34 3B 62 30 30 33 3E 30 09 31 36 2D 30 39 2D 31 39 20 31 37 3A 32 36 3A 34 34 20 44 53 54 09 04 80 80"
        "80 80 84 82 80 80 05 30 3A 3B 3E 03",
    ),
    _frame("X7", "x4", 0x30, 0x35, b"4\t1.53\t1\t", None,
           "01 30 30 33 33 30 30 30 33 35 34 09 31 2E 35 33 09 31 09 05 30 33 30 3A 03"),
    _frame(
        "X8", "x4", 0x30, 0x35, b"-111016\t", "80 80 80 80 86 9A 80 80",
        "01 30 30 33 3B 30 30 30 33 35 2D 31 31 31 30 31 36 09 04 80 80 80 80 86 9A 80 80 05 30 37 34 3F 03",
    ),
    _frame("C1", "fp1", 0x20, 0x4A, b"", None, "01 24 20 4A 05 30 30 39 33 03"),
    _frame("C2", "fp1", 0x21, 0x4A, b"X", None, "01 25 21 4A 58 05 30 30 3E 3D 03"),
    _frame("C3", "fp1", 0x22, 0x3E, b"", None, "01 24 22 3E 05 30 30 38 39 03"),
    _frame("C4", "fp1", 0x22, 0x3E, b"22-11-26 15:30:00", HEALTHY,
           "01 3C 22 3E 32 32 2D 31 31 2D 32 36 20 31 35 3A 33 30 3A 30 30 04 80 80 80 80 86 9A 05 30 37 30 3A 03"),
    _frame("C5", "fp1", 0x23, 0x30, b"1,0000,1", None, "01 2C 23 30 31 2C 30 30 30 30 2C 31 05 30 31 3F 3E 03"),
    _frame("C6", "fp1", 0x23, 0x30, b"0001,00000042", OPEN,
           "01 38 23 30 30 30 30 31 2C 30 30 30 30 30 30 34 32 04 80 80 88 80 86 9A 05 30 36 32 3F 03"),
    _frame("C7", "fp1", 0x24, 0x31, b"Bread 700g\tA1.20*2.000", None,
           "01 3A 24 31 42 72 65 61 64 20 37 30 30 67 09 41 31 2E 32 30 2A 32 2E 30 30 30 05 30 35 3B 35 03"),
    _frame("C8", "fp1", 0x24, 0x31, b"", OPEN, "01 2B 24 31 04 80 80 88 80 86 9A 05 30 33 3B 31 03"),
    _frame("C9", "fp1", 0x24, 0x31, b"", "A0 80 89 80 86 9A", "01 2B 24 31 04 A0 80 89 80 86 9A 05 30 33 3D 32 03"),
    _frame("C10", "fp1", 0x25, 0x35, b"\tP5.00", None, "01 2A 25 35 09 50 35 2E 30 30 05 30 31 3A 35 03"),
    _frame("C11", "fp1", 0x25, 0x35, b"R000000260", OPEN,
           "01 35 25 35 52 30 30 30 30 30 30 32 36 30 04 80 80 88 80 86 9A 05 30 35 3C 3A 03"),
    _frame("C12", "fp1", 0x26, 0x38, b"", None, "01 24 26 38 05 30 30 38 37 03"),
    _frame("C13", "fp1", 0x27, 0x3C, b"", None, "01 24 27 3C 05 30 30 38 3C 03"),
    _frame("C14", "fp1", 0x28, 0x45, b"2", None, "01 25 28 45 32 05 30 30 3C 39 03"),
    _frame("C15", "fp1", 0x29, 0x45, b"0", None, "01 25 29 45 30 05 30 30 3C 38 03"),
    _frame("C16", "fp1", 0x2A, 0x4C, b"T", None, "01 25 2A 4C 54 05 30 30 3F 34 03"),
    _frame("C17", "fp1", 0x7F, 0x6A, b"", None, "01 24 7F 6A 05 30 31 31 32 03"),
    _frame("C18", "x4", 0x20, 0x4A, b"", None, "01 30 30 32 3A 20 30 30 34 3A 05 30 31 3B 3F 03"),
    _frame(
        "C19", "x4", 0x22, 0x31, b"Bread 700g\t1\t1.20\t2.000\t\t\t0\t", None,
        "01 30 30 34 36 22 30 30 33 31 42 72 65 61 64 20 37 30 30 67 09 31 09 31 2E 32 30 09 32 2E 30 30 30 09 09 09 30"
        "09 05 30 37 30 32 03",
    ),
    _frame("C20", "x4", 0x23, 0x45, b"X\t", None, "01 30 30 32 3C 23 30 30 34 35 58 09 05 30 32 32 30 03"),
    _frame("C21", "x4", 0x24, 0x54, b"4\tHELLO\t6\t", None,
           "01 30 30 33 34 24 30 30 35 34 34 09 48 45 4C 4C 4F 09 36 09 05 30 33 3B 32 03"),
    _frame("Z1", "zfp", 0x20, 0x20, b"", None, "02 23 20 20 32 33 0A"),
    _frame("Z2", "zfp", 0x21, 0x7C, b"X", None, "02 24 21 7C 58 32 31 0A"),
)  # fmt: skip

# The manual prints an answer whose sequence number is mistyped: its sum is right for C0h, not for the 59h it shows.
MISPRINTED = bytes.fromhex("01 38 59 30 30 30 30 30 30 35 2C 30 30 30 30 30 32 04 88 80 88 80 80 B8 05 30 36 3E 3C 03")
# How a real port delivered X8, right after a SYN.
X8_IN_PIECES = tuple(
    bytes.fromhex(piece)
    for piece in (
        "16", "01", "30 30 33 3B 30 30 30", "33", "35 2D 31 31 31 30 31", "36", "09 04 80 80 80 80 86", "9A",
        "80 80 05 30 37 34 3F", "03",
    )
)  # fmt: skip
