"""The grammar of the command line. Wrong usage ends here with exit code 2."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from .. import __version__
from ..domain.localtime import MOMENT_FORMS, named_moment
from .alert_grammar import alert_commands


def build_parser(first: str | None = None) -> argparse.ArgumentParser:
    """All commands; `args.run` names the function in `commands` that does it.

    `first`: the command that is meant. A window waits for no other command's grammar.
    """
    parser = argparse.ArgumentParser(
        prog="fiscalmon", description="Signs a shop's receipts, sends them to ZIMRA's FDMS, shows both live."
    )
    parser.add_argument("--version", action="version", version=f"fiscalmon {__version__}")
    _common(parser, top=True)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    _running(commands)
    if first == "app":
        return parser
    _devices(commands)
    _receipts(commands)
    _files(commands)
    _printers(commands)
    _keys(commands)
    _support(commands)
    alert_commands(partial(_group, commands), _command)
    _lan(commands)
    return parser


def _common(parser: argparse.ArgumentParser, *, top: bool = False) -> None:
    """Options that stand before or after the command."""
    missing = None if top else argparse.SUPPRESS
    parser.add_argument("--data-dir", type=Path, default=missing, help="where this till keeps everything")
    parser.add_argument(
        "--config", type=Path, default=missing, help="a settings file (TOML) instead of the folder's own"
    )
    parser.add_argument("-v", "--verbose", action="count", default=0 if top else argparse.SUPPRESS, help="log more")


def _command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str, run: str, help_: str, *, json: bool = True
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=help_, description=help_)
    parser.set_defaults(run=run)
    _common(parser)
    if json:
        parser.add_argument("--json", action="store_true", help="print JSON and nothing else")
    return parser


def _group(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str, help_: str
) -> argparse._SubParsersAction[argparse.ArgumentParser]:
    parser = commands.add_parser(name, help=help_, description=help_)
    return parser.add_subparsers(dest=f"{name}_command", metavar="COMMAND", required=True)


def _running(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    app = _command(commands, "app", "app", "the desktop app", json=False)
    app.add_argument("--training", action="store_true", help="practise with the simulator: nothing reaches ZIMRA")
    app.add_argument("--minimised", action="store_true", help="begin out of the way, as after a power cut")
    serve = _command(commands, "serve", "serve", "the engine and LAN server without a window")
    serve.add_argument("--host", help="the address to listen on (default: this machine only)")
    serve.add_argument("--port", type=_port, help="0 picks a free one (default 8443)")
    serve.add_argument("--no-tls", action="store_true", help="plain HTTP; on this machine only")
    demo = _command(commands, "demo", "demo", "everything on this machine with no set-up")
    demo.add_argument("--headless", action="store_true", help="no window")
    demo.add_argument("--sales", type=Path, help="sales or raw baskets (default: the bundled real ones)")
    demo.add_argument("--devices", type=_tills, default=3, help="how many tills (default 3)")
    demo.add_argument("--rate", type=_rate, default=2.0, help="sales a second; 0 = as fast as it can (default 2)")
    demo.add_argument("--exit-when-done", action="store_true", help="close the days, audit, print a summary, end")
    demo.add_argument("--port", type=_port, default=0, help="the dashboard's port (default: a free one)")
    simulator = _command(commands, "simulator", "simulator", "the FDMS simulator, alone")
    emulator = _command(commands, "printer-emulator", "printer_emulator", "a fiscal printer on a pseudo-terminal")
    for one in (simulator, emulator):
        one.add_argument("rest", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)


def _devices(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    device = _group(commands, "device", "register, list and look after fiscal devices")
    register = _command(device, "register", "device_register", "register a device with FDMS")
    register.add_argument("--device-id", type=_positive, required=True)
    register.add_argument("--serial", required=True)
    key = register.add_mutually_exclusive_group(required=True)
    key.add_argument("--activation-key")
    key.add_argument("--activation-key-stdin", action="store_true", help="read the key from standard input")
    register.add_argument("--key", choices=("ec", "rsa"), default="ec", help="P-256, which FDMS prefers, or RSA-2048")
    register.add_argument("--token", metavar="LIBRARY", help="make the key in a PKCS#11 token, by its maker's library")
    register.add_argument("--token-label", metavar="LABEL", help="which token")
    register.add_argument(
        "--pin-stdin", action="store_true", help="read the token's PIN from standard input, after an activation key"
    )
    register.add_argument("--gateway", required=True, help="FDMS's address, e.g. https://fdmsapi.zimra.co.zw")
    register.add_argument("--ca", type=Path, help="a CA file, for a gateway with a CA of its own")
    register.add_argument("--model", default="Server")
    register.add_argument("--model-version", default="v1")
    _command(device, "list", "device_list", "all devices of this till")
    for name, help_ in (
        ("status", "one device with counters, last receipts and errors"),
        ("config", "read the configuration from FDMS and print it"),
        ("ping", "ask FDMS for a sign of life"),
    ):
        one = _command(device, name, f"device_{name}", help_)
        one.add_argument("device_id", type=_positive, metavar="ID")
    renew = _command(device, "renew-certificate", "device_renew_certificate", "a new certificate from FDMS")
    renew.add_argument("device_id", type=_positive, metavar="ID")
    renew.add_argument("--new-key", action="store_true", help="for a new key; between two fiscal days only")
    day = _group(commands, "day", "open, close and look at fiscal days")
    for name, help_ in (
        ("open", "open the next fiscal day"),
        ("close", "close the fiscal day"),
        ("status", "the newest fiscal day"),
    ):
        one = _command(day, name, f"day_{name}", help_)
        one.add_argument("--device", type=_positive, required=True, metavar="ID")
        if name == "close":
            one.add_argument("--wait", action="store_true", help="wait until FDMS has closed it")
    recover = _command(day, "recover", "day_recover", "close a day that these books do not know")
    recover.add_argument("--opened", required=True, metavar="LOCALTIME", help="when it was opened: it is signed")
    mend = _command(day, "mend", "day_mend", "why a day is stuck, and the way out")
    mend.add_argument("--reason", metavar="TEXT", help="do it, for this reason; it is kept with what was done")
    mend.add_argument("--act", metavar="NAME", help="another act than the first one offered")
    mend.add_argument("--opened", metavar="LOCALTIME", help="for a day that these books do not know")
    for one in (recover, mend):
        one.add_argument("--device", type=_positive, required=True, metavar="ID")
        one.add_argument("--dry-run", action="store_true", help="show what would be sent; send nothing")
    report = _command(day, "report", "day_report", "the X report of an open day, the Z report of a closed one")
    report.add_argument("--device", type=_positive, required=True, metavar="ID")
    report.add_argument("--day", type=_positive, metavar="N", help="a day's number (default: the newest)")
    report.add_argument("--pdf", metavar="FILE", help="write a PDF file; - is standard output")
    report.add_argument("--width", type=int, choices=(48, 42, 32), default=48, help="columns of the text (default 48)")
    report.add_argument("--preview", metavar="FILE", help="what a printer would put out, as .txt, .png or .pdf")
    report.add_argument("--print", action="store_true", help="on the device's printer")
    _on_printer(report)


def _receipts(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    submit = _command(commands, "submit", "submit", "sales into the pipeline: sign, record, send")
    submit.add_argument("files", nargs="+", metavar="FILE", help="sales as JSON or JSON lines; - is standard input")
    submit.add_argument("--device", type=_positive, metavar="ID", help="the device for sales that name none")
    submit.add_argument("--wait", choices=("signed", "completed"), default="signed")
    check = _command(commands, "check", "check", "run every receipt rule on a sale without signing anything")
    check.add_argument("file", metavar="FILE", help="- is standard input")
    check.add_argument("--device", type=_positive, metavar="ID")
    receipts = _group(commands, "receipts", "find and show receipts")
    listing = _command(receipts, "list", "receipts_list", "receipts, newest first")
    listing.add_argument("--device", type=_positive, metavar="ID")
    listing.add_argument("--day", type=_positive, metavar="N")
    listing.add_argument("--status", choices=("signed", "sending", "queued", "completed", "failed"))
    listing.add_argument("--since", type=_moment, metavar="T", help=MOMENT_FORMS)
    listing.add_argument("--until", type=_moment, metavar="T", help="the same; a date means its end")
    listing.add_argument("--search", metavar="TEXT")
    listing.add_argument("--limit", type=_positive, default=50)
    listing.add_argument("--cursor", type=_positive, metavar="NEXT", help="the `next` of the page before")
    show = _command(receipts, "show", "receipts_show", "one receipt")
    show.add_argument("receipt_id", metavar="ID")
    slip = _command(receipts, "slip", "receipts_slip", "the text of a receipt's slip")
    slip.add_argument("receipt_id", metavar="ID")
    slip.add_argument("--width", type=int, choices=(48, 42, 32), default=48, help="columns (default 48)")
    paper = _command(receipts, "print", "receipts_print", "a receipt onto paper; COPY where it may be there already")
    paper.add_argument("receipt_id", metavar="ID")
    _on_printer(paper)
    paper.add_argument("--preview", metavar="FILE", help="no paper: what would come out, as .txt, .png or .pdf")
    paper.add_argument("--width", type=int, choices=(48, 42, 32), default=48, help="the preview's columns (default 48)")
    pdf = _command(receipts, "pdf", "receipts_pdf", "a receipt as a PDF file")
    pdf.add_argument("receipt_id", metavar="ID")
    pdf.add_argument("file", metavar="FILE", help="- is standard output")
    pdf.add_argument("--form", choices=("Receipt48", "InvoiceA4"), help="another form than the receipt's own")
    credit = _command(receipts, "credit", "receipts_credit", "a credit note on a receipt, whole or by lines")
    credit.add_argument("receipt_id", metavar="ID")
    credit.add_argument("--lines", type=_ids, default=[], metavar="1,3", help="these lines and their discounts alone")
    credit.add_argument("--notes", required=True, metavar="TEXT", help="why: stands on the paper and goes to FDMS")
    credit.add_argument("--sale-id", metavar="ID", help="repeats are recognised by it (default: by receipt and lines)")
    credit.add_argument("--device", type=_positive, metavar="ID", help="who issues the note (default: who sold)")
    credit.add_argument("--wait", choices=("signed", "completed"), default="signed")


def _keys(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    keys = _group(commands, "keys", "what unlocks the keys, and keys on their way; at the till only")
    move = _command(keys, "move", "keys_move", "where the passphrase of the keys lies")
    move.add_argument("--to", choices=("keyring", "file"), required=True)
    export = _command(keys, "export", "keys_export", "a device's key and certificate as one encrypted file")
    export.add_argument("device_id", type=_positive, metavar="ID")
    back = _command(keys, "import", "keys_import", "put back a key that was exported")
    for one in (export, back):
        one.add_argument("file", type=Path, metavar="FILE")
        one.add_argument("--passphrase-stdin", action="store_true", help="read the passphrase from standard input")
    pin = _command(keys, "pin", "keys_pin", "give the PIN of the token that holds a device's key")
    pin.add_argument("device_id", type=_positive, metavar="ID")
    pin.add_argument("--pin-stdin", action="store_true", help="read the PIN from standard input")


def _files(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    files = _group(commands, "files", "hand over the days of a device that ZIMRA has in offline mode")
    for name, help_ in (
        ("build", "put what is in no file yet into files"),
        ("list", "all files with their states"),
        ("send", "send FDMS what it did not get yet"),
        ("status", "ask FDMS what became of the files, receipt by receipt"),
    ):
        one = _command(files, name, f"files_{name}", help_)
        one.add_argument("--device", type=_positive, required=True, metavar="ID")
        if name == "send":
            one.add_argument("--file", type=_positive, metavar="FILE-ID", help="this file, even once more")
    export = _command(files, "export", "files_export", "write one file as FDMS gets it")
    export.add_argument("file_id", type=_positive, metavar="FILE-ID")
    export.add_argument("path", type=Path, metavar="PATH", help="- is standard output")


def _on_printer(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--printer", metavar="NAME", help="default: the device's own, or the only one")
    parser.add_argument("--no-wait", action="store_true", help="do not wait until it is on paper")


def _printers(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    printer = _group(commands, "printer", "printers and what they printed")
    add = _command(printer, "add", "printer_add", "set up a printer")
    add.add_argument("name", metavar="NAME")
    add.add_argument("--family", required=True, choices=("escpos", "fp1", "x4", "zfp"))
    add.add_argument("--dialect", choices=("eltrade", "incotex", "datecs", "daisy"))
    add.add_argument("--port", required=True, help="a serial port, a pseudo-terminal's path or a pyserial URL")
    add.add_argument("--baud", type=_positive, default=115_200, help="the line's speed (default 115200)")
    add.add_argument("--width", type=_columns, default=48, help="columns at most (default 48)")
    add.add_argument("--qr", choices=("auto", "native", "image", "text"), default="auto")
    add.add_argument("--mode", choices=("print-only", "hardware-fiscal"), default="print-only")
    add.add_argument("--no-status", action="store_true", help="escpos with no back channel: what was sent is printed")
    add.add_argument("--device", type=_positive, metavar="ID", help="print each receipt of this device")
    _command(printer, "list", "printer_list", "all printers")
    _command(printer, "ports", "printer_ports", "the serial ports of this machine")
    for name, help_ in (
        ("status", "how a printer is now"),
        ("test", "print a test page"),
        ("jobs", "each slip of a printer with its state"),
        ("remove", "forget a printer; what waits for it is given up"),
    ):
        one = _command(printer, name, f"printer_{name}", help_)
        one.add_argument("name", metavar="NAME")
        if name == "jobs":
            one.add_argument("--limit", type=_positive, default=10_000, help="the newest so many (default 10000)")
        if name == "test":
            one.add_argument("--no-wait", action="store_true", help="do not wait until it is on paper")
    for name, help_ in (
        ("retry", "print once more what failed or is unknown"),
        ("skip", "give up a slip that waits; the next ones go on"),
        ("confirm", "an unknown slip is whole on paper: somebody has seen it"),
    ):
        one = _command(printer, name, f"printer_{name}", help_)
        one.add_argument("job", type=_positive, metavar="SLIP")
        if name == "retry":
            one.add_argument("--no-wait", action="store_true", help="do not wait until it is on paper")


def _support(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    inspect = _command(commands, "inspect", "inspect", "explain a signature part by part")
    inspect.add_argument("file", metavar="FILE", help="a receipt or a close; - is standard input")
    backup = _command(commands, "backup", "backup", "the books into one verified file, while the till goes on")
    backup.add_argument("file", metavar="FILE")
    backup.add_argument("--with-keys", action="store_true", help="the keys too, sealed by a passphrase of their own")
    restore = _command(commands, "restore", "restore", "verify a backup, then put it in the books' place")
    restore.add_argument("file", metavar="FILE")
    restore.add_argument("--with-keys", action="store_true", help="the backup's keys too")
    for one in (backup, restore):
        one.add_argument("--passphrase-stdin", action="store_true", help="read the passphrase from standard input")
    doctor = _command(commands, "doctor", "doctor", "how this till is, and what to do about it")
    doctor.add_argument("--bundle", type=Path, metavar="FILE.zip", help="also a file for support, without any secret")
    queue = _group(commands, "queue", "what waits for FDMS")
    _command(queue, "list", "queue_list", "every waiting receipt, and what its device's line says").add_argument(
        "--limit", type=_positive, default=200, help="at most so many a device (default 200)"
    )
    _command(queue, "retry", "queue_retry", "try it now instead of at the next try")
    for one in queue.choices.values():
        one.add_argument("--device", type=_positive, metavar="ID", help="this device only")
    audit = _command(commands, "audit", "audit", "re-derive the local chain and compare it with FDMS")
    audit.add_argument("--device", type=_positive, metavar="ID")
    logs = _command(commands, "logs", "logs", "the local event log")
    logs.add_argument("--since", type=_moment, metavar="T", help=MOMENT_FORMS)
    logs.add_argument("--level", type=str.lower, choices=("info", "warning", "error"), help="this and what is graver")
    logs.add_argument("--device", type=_positive, metavar="ID")
    logs.add_argument("--search", metavar="TEXT")
    logs.add_argument("--follow", action="store_true", help="go on until Ctrl-C")
    products = _group(commands, "products", "the list of what the shop sells")
    take = _command(products, "import", "products_import", "take a CSV file into the list")
    take.add_argument("file", metavar="FILE", help="columns: sku, name, hs_code, tax, price_USD …; - is stdin")
    take.add_argument("--replace", action="store_true", help="drop what the file does not name")
    take.add_argument("--dry-run", action="store_true", help="say what would change; change nothing")
    some = _command(products, "list", "products_list", "the list, by name")
    some.add_argument("--search", metavar="TEXT")
    some.add_argument("--limit", type=_positive, default=1_000)
    settings = _group(commands, "settings", "what the owner sets at run time")
    _command(settings, "list", "settings_list", "every setting with its value")
    put = _command(settings, "set", "settings_set", "change settings of one section")
    put.add_argument("section", metavar="SECTION")
    put.add_argument("values", nargs="+", metavar="NAME=VALUE", help="null or a default's value puts it back")
    user = _group(commands, "user", "LAN accounts")
    add = _command(user, "add", "user_add", "a new account")
    add.add_argument("name")
    add.add_argument("--role", required=True, choices=("viewer", "manager", "support", "owner", "pos"))
    add.add_argument("--devices", type=_ids, metavar="ID,…", help="only these devices (default: all)")
    passwd = _command(user, "passwd", "user_passwd", "a new password; ends the account's sessions")
    passwd.add_argument("name")
    for one in (add, passwd):
        one.add_argument("--password-stdin", action="store_true", help="read the password from standard input")
    _command(user, "list", "user_list", "all accounts")
    remove = _command(user, "remove", "user_remove", "remove an account and end its sessions")
    remove.add_argument("name")
    _command(user, "sessions", "user_sessions", "where an account is signed in").add_argument("name")
    end = _command(user, "end-sessions", "user_end_sessions", "end an account's sessions, or one of them")
    end.add_argument("name")
    end.add_argument("--session", metavar="ID", help="only this one")
    key = _command(user, "key", "user_key", "a key with which a program acts as the account")
    key.add_argument("name")
    key.add_argument("--days", type=_positive, default=365, help="how long it holds (default 365)")
    key.add_argument("--purpose", default="Key", help="what it is for, for the list of sessions")


def _lan(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    lan = _group(commands, "lan", "whether other machines may look in")
    _command(lan, "status", "lan_status", "the addresses, the name, the fingerprint")
    on = _command(lan, "on", "lan_on", "let other machines look in")
    on.add_argument("--address", help="listen on this one only (default: every address)")
    on.add_argument("--port", type=_port, help="default: the one that fiscalmon was started with")
    on.add_argument("--certificate", type=Path, metavar="FILE", help="a certificate of your own authority, PEM")
    on.add_argument("--key", type=Path, metavar="FILE", help="its key, PEM without passphrase")
    _command(lan, "off", "lan_off", "this machine only")
    tv = _group(commands, "tv", "screens on the wall, each with a token bound to its view")
    add = _command(tv, "add", "tv_add", "a new screen; prints its address once")
    add.add_argument("name")
    add.add_argument("--devices", type=_ids, metavar="ID,…", help="only these devices (default: all)")
    _command(tv, "list", "tv_list", "all screens")
    _command(tv, "remove", "tv_remove", "the screen goes dark").add_argument("name")


def _positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return value


def _columns(text: str) -> int:
    value = int(text)
    if not 24 <= value <= 64:
        raise argparse.ArgumentTypeError("must be 24 to 64")
    return value


def _tills(text: str) -> int:
    value = int(text)
    if not 1 <= value <= 500:
        raise argparse.ArgumentTypeError("must be 1 to 500")
    return value


def _moment(text: str) -> str:
    try:
        named_moment(text, datetime.now(UTC))
    except (ValueError, OverflowError):
        raise argparse.ArgumentTypeError(f"must be {MOMENT_FORMS}") from None
    return text


def _port(text: str) -> int:
    value = int(text)
    if not 0 <= value <= 65_535:
        raise argparse.ArgumentTypeError("must be 0 to 65535")
    return value


def _rate(text: str) -> float:
    value = float(text)
    if not 0 <= value <= 10_000:
        raise argparse.ArgumentTypeError("must be 0 to 10000 sales a second")
    return value


def _ids(text: str) -> list[int]:
    return [_positive(part) for part in text.split(",") if part.strip()]
