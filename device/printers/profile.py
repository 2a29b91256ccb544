"""What differs from one framed printer to the next, as one table: widths, bits, numbers of commands, words of them.

Data only: a driver asks the profile and never the name of a brand.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, NamedTuple

from .exchange import Timing

# (byte, bit) of the status and the finding that it means.
StatusBit = tuple[int, int, str]


class IdentityFields(NamedTuple):
    """Where the answer to 5Ah says what: `length` fields in all, the others counted from 0; None where it does not."""

    length: int
    serial: int
    memory: int
    model: int | None = 0
    firmware: int = 1


class DeviceProfile(NamedTuple):
    """`columns`: of a line of free text; `name`: bytes of a goods' name; `constants`: the printer tells its own widths
    (80h); `open_receipt`: command and data; `discount`: the sign before an absolute discount; `qr`: the form of the
    QR command, None where there is none; `payments`: the letter of each of FDMS's money types; `error_byte`: the
    status byte with a number of its own."""

    brand: str
    columns: int
    name: int
    bits: tuple[StatusBit, ...]
    identity: IdentityFields
    open_receipt: tuple[int, str]
    payments: Mapping[str, str]
    cancel: int = 0x3C
    discount: str = ";"
    qr: Literal["barcode", "daisy", "x4"] | None = None
    code_page: str = "ascii"
    constants: bool = False
    error_byte: int | None = None
    cut: bytes | None = None
    clock: str = "%d-%m-%y %H:%M:%S"
    data_limit: int = 200
    timing: Timing = Timing()


# The same, or unused, on every device that we know of: decisions rest on these alone.
SYNTAX, UNKNOWN_COMMAND, NOT_NOW = (0, 0), (0, 1), (1, 1)
OVERFLOW, NO_PAPER = (1, 0), (2, 0)
RECEIPT_OPEN, TEXT_OPEN = (2, 3), (2, 5)

_EVERYWHERE: tuple[StatusBit, ...] = (
    (0, 2, "E14"),
    (1, 2, "E13"),
    (2, 0, "E05"),
    (2, 3, "W08"),
    (2, 5, "W08"),
    (4, 0, "E12"),
    (4, 3, "W03"),
    (4, 4, "E11"),
)
_PAPER_AND_JOURNAL: tuple[StatusBit, ...] = ((0, 4, "E08"), (2, 1, "W01"), (2, 2, "W09"), (2, 4, "W02"))

# ZWG and foreign money go by the same letters: the printer counts in one currency, which is its owner's choice.
_DATECS_PAYMENTS: Mapping[str, str] = MappingProxyType(
    {"Cash": "P", "Card": "C", "MobileWallet": "D", "Coupon": "N", "Credit": "N", "BankTransfer": "D", "Other": "N"}
)
_X4_PAYMENTS: Mapping[str, str] = MappingProxyType(
    # Never 2: on some models it starts a card terminal.
    {"Cash": "0", "Card": "1", "MobileWallet": "3", "Coupon": "4", "Credit": "5", "BankTransfer": "3", "Other": "4"}
)

ELTRADE = DeviceProfile(
    brand="Eltrade",
    columns=46,
    name=30,
    bits=(*_EVERYWHERE, *_PAPER_AND_JOURNAL, (1, 3, "W05"), (1, 4, "E13"), (1, 5, "E06"), (1, 6, "W10"), (5, 0, "E12")),
    identity=IdentityFields(7, 5, 6),
    open_receipt=(0x90, "1"),
    payments=_DATECS_PAYMENTS,
    discount="$",
)
DATECS = DeviceProfile(
    brand="Datecs",
    columns=42,
    name=22,
    bits=(*_EVERYWHERE, *_PAPER_AND_JOURNAL, (0, 6, "E06"), (1, 3, "W05"), (4, 6, "E09"), (5, 0, "E12"), (5, 2, "E12")),
    identity=IdentityFields(6, 4, 5),
    open_receipt=(0x30, "1,0000,1"),
    payments=_DATECS_PAYMENTS,
    qr="barcode",
    cut=b"",
)
DAISY = DeviceProfile(
    brand="Daisy",
    columns=40,
    name=28,
    bits=(*_EVERYWHERE, *_PAPER_AND_JOURNAL, (1, 5, "E07"), (1, 6, "E20"), (4, 2, "E12"), (5, 0, "E11")),
    identity=IdentityFields(6, 4, 5, model=None, firmware=0),
    open_receipt=(0x30, "1,1"),
    payments=_DATECS_PAYMENTS,
    cancel=0x82,
    discount="$",
    qr="daisy",
    constants=True,
    error_byte=3,
    cut=b"2",
    clock="%d.%m.%y %H:%M:%S",
)
INCOTEX = DeviceProfile(
    brand="Incotex",
    columns=42,
    name=22,
    bits=(*_EVERYWHERE, (1, 5, "E20"), (4, 2, "E12"), (5, 0, "E12")),
    identity=IdentityFields(7, 4, 5),
    open_receipt=(0x30, "1,0000,0"),
    payments=_DATECS_PAYMENTS,
    cancel=0x82,
    constants=True,
    error_byte=3,
)
DATECS_X4 = DeviceProfile(
    brand="Datecs",
    columns=46,
    name=72,
    bits=(*_EVERYWHERE, *_PAPER_AND_JOURNAL, (0, 6, "E06"), (4, 6, "E12")),
    identity=IdentityFields(8, 6, 7),
    # Operator, password, till and no invoice number.
    open_receipt=(0x30, "1\t0000\t1\t\t"),
    payments=_X4_PAYMENTS,
    qr="x4",
    data_limit=213,
)

FP1_DIALECTS: Mapping[str, DeviceProfile] = MappingProxyType(
    {"eltrade": ELTRADE, "datecs": DATECS, "daisy": DAISY, "incotex": INCOTEX}
)


def has(status: bytes, bit: tuple[int, int]) -> bool:
    """Whether a status says it; a status too short for the bit says nothing."""
    byte, place = bit
    return byte < len(status) and bool(status[byte] >> place & 1)


def findings_of(profile: DeviceProfile, status: bytes) -> frozenset[str]:
    """The codes of everything that a status says."""
    found = {code for byte, place, code in profile.bits if has(status, (byte, place))}
    if profile.error_byte is not None and status[profile.error_byte] & 0x7F and "E05" not in found:
        found.add("E22")
    if "E05" in found:
        found.discard("W01")
    return frozenset(found)
