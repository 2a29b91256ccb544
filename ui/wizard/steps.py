"""The steps of the first run as data: what is asked, what is wrong with an answer, which step comes next.

Knows no Qt and no engine; what the engine knows comes in as Facts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal
from urllib.parse import urlsplit

from fiscalmon.domain.errors import FiscalmonError
from ui.i18n import QT_TRANSLATE_NOOP, translate

Answers = Mapping[str, str]
Problems = dict[str, str]
Kind = Literal["text", "secret", "choice", "radio", "folder", "tick"]

TEST_GATEWAY = "https://fdmsapitest.zimra.co.zw"
LIVE_GATEWAY = "https://fdmsapi.zimra.co.zw"
GATEWAYS: Mapping[str, str] = MappingProxyType({"test": TEST_GATEWAY, "live": LIVE_GATEWAY})
SET_UP, TRAINING = "setup", "training"
YES, NO = "yes", "no"


@dataclass(frozen=True)
class Facts:
    """What is so already. `folder_fixed`: the data folder was named when fiscalmon was started."""

    folder: str = ""
    folder_fixed: bool = False
    devices: tuple[int, ...] = ()
    printers: tuple[str, ...] = ()
    owner: bool = False
    addresses: tuple[str, ...] = ()


@dataclass(frozen=True)
class Field:
    """`choices`: (value, words). `on`: shown only where another answer has that value. A `secret` is never stored."""

    name: str
    label: str
    kind: Kind = "text"
    hint: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    start: str = ""
    on: tuple[str, str] | None = None


@dataclass(frozen=True)
class Step:
    """`act`: what "next" does on the engine before the step is left. `skip`: words of a way past it, "" for none."""

    name: str
    title: str
    why: str
    fields: tuple[Field, ...] = ()
    forward: str = QT_TRANSLATE_NOOP("wizard", "Next")
    skip: str = ""
    act: str = ""
    shown: Callable[[Answers, Facts], bool] = lambda answers, facts: True
    check: Callable[[Answers], Problems] = lambda answers: {}


def _check_shop(answers: Answers) -> Problems:
    shop = answers.get("shop", "").strip()
    if answers.get("mode") == SET_UP and not shop:
        return {"shop": translate("wizard", "Write the shop's name: it stands in the window and on the summary.")}
    return {}


def _check_folder(answers: Answers) -> Problems:
    if answers.get("folder_choice") == "other" and not answers.get("folder", "").strip():
        return {"folder": translate("wizard", "Choose the folder in which this till is to keep everything.")}
    return {}


def _check_printer(answers: Answers) -> Problems:
    problems = {}
    if not answers.get("printer_name", "").strip():
        problems["printer_name"] = translate("wizard", "Give the printer a name, such as counter.")
    if not answers.get("printer_port", "").strip():
        problems["printer_port"] = translate("wizard", "Choose the port it is connected to, or look for printers.")
    return problems


def check_device(answers: Answers) -> Problems:
    problems = {}
    number = answers.get("device_id", "").strip()
    if not (number.isascii() and number.isdigit() and 0 < int(number) < 2**31):
        problems["device_id"] = translate("wizard", "The device ID is the number that ZIMRA gave you, digits only.")
    serial = answers.get("serial", "").strip()
    if not 1 <= len(serial) <= 20:
        problems["serial"] = translate("wizard", "The serial number has 1 to 20 characters, as it was told to ZIMRA.")
    if len(answers.get("activation_key", "").strip()) != 8:
        problems["activation_key"] = translate("wizard", "The activation key has 8 characters.")
    if gateway_url(answers) is None:
        problems["gateway_url"] = translate("wizard", "The address begins with https:// and names FDMS.")
    return problems


def _check_taxpayer(answers: Answers) -> Problems:
    if answers.get("confirmed") != YES:
        return {"confirmed": translate("wizard", "Read who the device belongs to, then tick the box if it is right.")}
    return {}


def _check_owner(answers: Answers) -> Problems:
    from fiscalmon.domain.account import checked_name
    from fiscalmon.services.passwords import check_password

    problems = {}
    name, password = answers.get("owner", ""), answers.get("password", "")
    try:
        name = checked_name(name)
    except FiscalmonError as wrong:
        problems["owner"] = wrong.text
    try:
        check_password(password, name or "owner")
    except FiscalmonError as wrong:
        problems["password"] = wrong.text
    if password != answers.get("again", ""):
        problems["again"] = translate("wizard", "The two passwords differ.")
    return problems


def gateway_url(answers: Answers) -> str | None:
    """FDMS's address that was chosen or written; None for what is no address."""
    chosen = answers.get("gateway", "test")
    if chosen in GATEWAYS:
        return GATEWAYS[chosen]
    written = answers.get("gateway_url", "").strip().rstrip("/")
    try:
        parts = urlsplit(written)
        return (
            written if parts.scheme == "https" and parts.hostname and (parts.port is None or parts.port > 0) else None
        )
    except ValueError:
        return None


def _is_set_up(answers: Answers, facts: Facts) -> bool:
    return answers.get("mode", SET_UP) == SET_UP


def _may_register(answers: Answers, facts: Facts) -> bool:
    """A device that is registered stays so; another one is registered in the settings."""
    return _is_set_up(answers, facts) and not facts.devices


def _needs_owner(answers: Answers, facts: Facts) -> bool:
    return _is_set_up(answers, facts) and not facts.owner


FAMILIES = (
    ("escpos", QT_TRANSLATE_NOOP("wizard", "Receipt printer (ESC/POS)")),
    ("fp1:datecs", QT_TRANSLATE_NOOP("wizard", "Datecs FP, fiscal")),
    ("x4", QT_TRANSLATE_NOOP("wizard", "Datecs FP, newer protocol")),
    ("fp1:daisy", QT_TRANSLATE_NOOP("wizard", "Daisy, fiscal")),
    ("fp1:eltrade", QT_TRANSLATE_NOOP("wizard", "Eltrade, fiscal")),
    ("fp1:incotex", QT_TRANSLATE_NOOP("wizard", "Incotex, fiscal")),
    ("zfp", QT_TRANSLATE_NOOP("wizard", "Tremol, fiscal")),
)
_SPEEDS = tuple((str(baud), str(baud)) for baud in (115_200, 9_600, 19_200, 38_400, 57_600))

STEPS: tuple[Step, ...] = (
    Step(
        "shop",
        QT_TRANSLATE_NOOP("wizard", "Welcome"),
        QT_TRANSLATE_NOOP(
            "wizard", "A few questions, about five minutes. You can stop at any time: what is done stays."
        ),
        (
            Field(
                "language", QT_TRANSLATE_NOOP("wizard", "Language"), "choice", choices=(("en", "English"),), start="en"
            ),
            Field(
                "mode",
                QT_TRANSLATE_NOOP("wizard", "What is this till for?"),
                "radio",
                choices=(
                    (SET_UP, QT_TRANSLATE_NOOP("wizard", "Selling: set it up with ZIMRA's FDMS")),
                    (TRAINING, QT_TRANSLATE_NOOP("wizard", "Practising: nothing reaches ZIMRA")),
                ),
                start=SET_UP,
            ),
            Field(
                "shop", QT_TRANSLATE_NOOP("wizard", "Name of the shop"), hint="Muonde Supermarket", on=("mode", SET_UP)
            ),
        ),
        act="shop",
        check=_check_shop,
    ),
    Step(
        "folder",
        QT_TRANSLATE_NOOP("wizard", "Data folder"),
        QT_TRANSLATE_NOOP(
            "wizard", "Every receipt, key and setting lies here. Choose a disk that is always there, never a USB stick."
        ),
        (
            Field(
                "folder_choice",
                QT_TRANSLATE_NOOP("wizard", "Where this till keeps everything"),
                "radio",
                choices=(
                    ("this", QT_TRANSLATE_NOOP("wizard", "In the usual place")),
                    ("other", QT_TRANSLATE_NOOP("wizard", "In another folder")),
                ),
                start="this",
            ),
            Field("folder", QT_TRANSLATE_NOOP("wizard", "Folder"), "folder", on=("folder_choice", "other")),
        ),
        act="folder",
        shown=_is_set_up,
        check=_check_folder,
    ),
    Step(
        "printer",
        QT_TRANSLATE_NOOP("wizard", "Printer"),
        QT_TRANSLATE_NOOP("wizard", "Switch it on and connect it, then look for it. Each port is asked who is there."),
        (
            Field("printer_port", QT_TRANSLATE_NOOP("wizard", "Port"), hint="/dev/ttyUSB0, COM3"),
            Field("printer_family", QT_TRANSLATE_NOOP("wizard", "Kind"), "choice", choices=FAMILIES, start="escpos"),
            Field("printer_baud", QT_TRANSLATE_NOOP("wizard", "Speed"), "choice", choices=_SPEEDS, start="115200"),
            Field("printer_name", QT_TRANSLATE_NOOP("wizard", "Name"), start="counter"),
        ),
        skip=QT_TRANSLATE_NOOP("wizard", "No printer now"),
        act="printer",
        shown=_is_set_up,
        check=_check_printer,
    ),
    Step(
        "device",
        QT_TRANSLATE_NOOP("wizard", "Register with FDMS"),
        QT_TRANSLATE_NOOP(
            "wizard", "ZIMRA gave you a device ID and an activation key. First FDMS is asked whose they are."
        ),
        (
            Field(
                "gateway",
                QT_TRANSLATE_NOOP("wizard", "FDMS"),
                "choice",
                choices=(
                    ("test", QT_TRANSLATE_NOOP("wizard", "Test environment")),
                    ("live", QT_TRANSLATE_NOOP("wizard", "Production")),
                    ("other", QT_TRANSLATE_NOOP("wizard", "Another address")),
                ),
                start="test",
            ),
            Field("gateway_url", QT_TRANSLATE_NOOP("wizard", "Address"), hint="https://", on=("gateway", "other")),
            Field("ca_file", QT_TRANSLATE_NOOP("wizard", "CA file, if any"), hint="ca.pem", on=("gateway", "other")),
            Field("device_id", QT_TRANSLATE_NOOP("wizard", "Device ID"), hint="12345"),
            Field("serial", QT_TRANSLATE_NOOP("wizard", "Serial number")),
            Field("activation_key", QT_TRANSLATE_NOOP("wizard", "Activation key"), "secret"),
        ),
        forward=QT_TRANSLATE_NOOP("wizard", "Ask FDMS"),
        skip=QT_TRANSLATE_NOOP("wizard", "Later"),
        act="taxpayer",
        shown=_may_register,
        check=check_device,
    ),
    Step(
        "taxpayer",
        QT_TRANSLATE_NOOP("wizard", "Is this you?"),
        QT_TRANSLATE_NOOP(
            "wizard", "FDMS says that this device belongs to the taxpayer below. Registering uses up the key."
        ),
        (Field("confirmed", QT_TRANSLATE_NOOP("wizard", "Yes, this is my business and this branch"), "tick"),),
        forward=QT_TRANSLATE_NOOP("wizard", "Register"),
        act="register",
        shown=_may_register,
        check=_check_taxpayer,
    ),
    Step(
        "owner",
        QT_TRANSLATE_NOOP("wizard", "Owner's account"),
        QT_TRANSLATE_NOOP(
            "wizard", "For looking in from a phone or the office. Nobody may do so before there is an owner."
        ),
        (
            Field("owner", QT_TRANSLATE_NOOP("wizard", "Name"), hint="Tariro"),
            Field(
                "password",
                QT_TRANSLATE_NOOP("wizard", "Password"),
                "secret",
                QT_TRANSLATE_NOOP("wizard", "12 characters or more"),
            ),
            Field("again", QT_TRANSLATE_NOOP("wizard", "Once more"), "secret"),
        ),
        skip=QT_TRANSLATE_NOOP("wizard", "Later"),
        act="owner",
        shown=_needs_owner,
        check=_check_owner,
    ),
    Step(
        "lan",
        QT_TRANSLATE_NOOP("wizard", "Looking in from other devices"),
        QT_TRANSLATE_NOOP(
            "wizard", "The dashboard can be opened on phones and PCs of this shop's network, with an account."
        ),
        (
            Field(
                "lan",
                QT_TRANSLATE_NOOP("wizard", "Who may look in?"),
                "radio",
                choices=(
                    (NO, QT_TRANSLATE_NOOP("wizard", "This machine only")),
                    (YES, QT_TRANSLATE_NOOP("wizard", "The shop's network")),
                ),
                start=NO,
            ),
            Field("address", QT_TRANSLATE_NOOP("wizard", "Address to show"), "choice", on=("lan", YES)),
        ),
        act="lan",
        shown=lambda answers, facts: _is_set_up(answers, facts) and facts.owner,
    ),
    Step(
        "summary",
        QT_TRANSLATE_NOOP("wizard", "Done"),
        QT_TRANSLATE_NOOP(
            "wizard", "This is how the till is set up. Keep it as a file, or print it for the shop's papers."
        ),
        forward=QT_TRANSLATE_NOOP("wizard", "Finish"),
        act="finish",
        shown=_is_set_up,
    ),
)


def defaults() -> dict[str, str]:
    """Every field's first answer."""
    return {field.name: field.start for step in STEPS for field in step.fields if field.start}


def secret_names() -> frozenset[str]:
    """The answers that are never written down; a box that was ticked is ticked anew too."""
    return frozenset(field.name for step in STEPS for field in step.fields if field.kind in ("secret", "tick"))
