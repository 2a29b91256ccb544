"""The commands that ask an engine something and print the answer. Each returns its exit code."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Any

from ..data_folder import DataFolder
from ..domain.errors import BadInput, FiscalmonError, SaleRefused
from ..sale_files import name_of, split_sales
from .event_log import logs
from .output import complain, facts, json_line, say, table
from .papers import day_report, receipts_pdf, receipts_slip
from .preferences import settings_list, settings_set
from .products import products_import, products_list
from .queue import queue_list, queue_retry
from .stuck_days import day_mend, day_recover
from .till_access import Access, access

AT_ONCE = 16
Args = argparse.Namespace
DEVICE_COLUMNS = (
    ("deviceID", "DEVICE"),
    ("deviceSerialNo", "SERIAL"),
    ("taxPayerName", "TAXPAYER"),
    ("fiscalDayStatus", "DAY"),
    ("fiscalDayNo", "NO"),
    ("queueDepth", "WAITING"),
    ("lastReceiptGlobalNo", "LAST"),
    ("certificateValidTill", "CERTIFICATE TILL"),
    ("keyStore", "KEY"),
    ("attention", "ATTENTION"),
)
RECEIPT_COLUMNS = (
    ("receiptId", "RECEIPT"),
    ("receiptDate", "DATE"),
    ("deviceID", "DEVICE"),
    ("fiscalDayNo", "DAY"),
    ("receiptGlobalNo", "NUMBER"),
    ("invoiceNo", "INVOICE"),
    ("receiptCurrency", ""),
    ("receiptTotal", "TOTAL"),
    ("status", "STATUS"),
)


async def _ask(args: Args, folder: DataFolder, operation: str, arguments: dict[str, Any]) -> Any:
    async with access(folder, operation, args.config) as engine:
        return await engine.operate(operation, arguments)


async def _show(args: Args, folder: DataFolder, operation: str, arguments: dict[str, Any]) -> int:
    """Ask and print one object."""
    answer = await _ask(args, folder, operation, arguments)
    if args.json:
        json_line(answer)
    else:
        facts(answer)
    return 0


async def device_register(args: Args, folder: DataFolder) -> int:
    given = {
        "device_id": args.device_id,
        "serial_no": args.serial,
        "activation_key": sys.stdin.readline().strip() if args.activation_key_stdin else args.activation_key,
        "gateway_url": args.gateway,
        "ca_pem": _read(args.ca).decode() if args.ca else None,
        "model_name": args.model,
        "model_version": args.model_version,
        "key": {
            "kind": args.key,
            "token_module": args.token,
            "token_label": args.token_label,
            "pin": sys.stdin.readline().rstrip("\r\n") if args.pin_stdin else None,
        },
    }
    return await _show(args, folder, "device.register", given)


async def device_list(args: Args, folder: DataFolder) -> int:
    devices = await _ask(args, folder, "device.list", {})
    if args.json:
        json_line(devices)
    else:
        table(devices, DEVICE_COLUMNS, "No device is registered yet: run `fiscalmon device register`.")
    return 0


async def device_status(args: Args, folder: DataFolder) -> int:
    return await _show(args, folder, "device.status", {"deviceID": args.device_id})


async def device_config(args: Args, folder: DataFolder) -> int:
    return await _show(args, folder, "device.config", {"deviceID": args.device_id})


async def device_ping(args: Args, folder: DataFolder) -> int:
    return await _show(args, folder, "device.ping", {"deviceID": args.device_id})


async def device_renew_certificate(args: Args, folder: DataFolder) -> int:
    return await _show(args, folder, "device.renew", {"deviceID": args.device_id, "newKey": args.new_key})


async def day_open(args: Args, folder: DataFolder) -> int:
    return await _show(args, folder, "day.open", {"deviceID": args.device})


async def day_close(args: Args, folder: DataFolder) -> int:
    return await _show(args, folder, "day.close", {"deviceID": args.device, "wait": args.wait})


async def day_status(args: Args, folder: DataFolder) -> int:
    return await _show(args, folder, "day.status", {"deviceID": args.device})


async def submit(args: Args, folder: DataFolder) -> int:
    """One result a line, in the order of the sales, as soon as each is known."""
    refused = 0
    # All files are read before anything is sold: one that cannot be read leaves nothing half done.
    sales = list(_sales_of(args.files))
    async with access(folder, "submit", args.config) as engine:
        async for result in _results(engine, iter(sales), args):
            refused += result["status"] == "refused"
            if args.json:
                json_line(result)
            else:
                say(_submit_words(result))
    if refused:
        complain(
            f"fiscalmon: {refused} of {len(sales)} sales {_were(refused)} refused and not signed: correct what the "
            "advice says and submit again."
        )
    return 1 if refused else 0


async def _results(engine: Access, sales: Iterator[Any], args: Args) -> AsyncIterator[dict[str, Any]]:
    waiting: list[asyncio.Task[dict[str, Any]]] = []
    for position, sale in enumerate(sales):
        given = {"sale": sale, "position": position, "deviceID": args.device, "wait": args.wait}
        waiting.append(asyncio.create_task(_one_sale(engine, given)))
        # The first jobs must be on their way before later ones, or numbers would not follow the file.
        await asyncio.sleep(0)
        while len(waiting) >= AT_ONCE:
            yield await waiting.pop(0)
    for task in waiting:
        yield await task


async def _one_sale(engine: Access, given: dict[str, Any]) -> dict[str, Any]:
    try:
        result: dict[str, Any] = await engine.operate("submit", given)
    except SaleRefused as refused:
        return {"saleId": refused.sale_id, "status": "refused", "validationErrors": refused.errors}
    except FiscalmonError as wrong:
        error = {"code": wrong.code, "color": "Red", "advice": wrong.text, "field": None}
        return {"saleId": name_of(given["sale"]), "status": "refused", "validationErrors": [error]}
    return result


def _were(count: int) -> str:
    return "was" if count == 1 else "were"


def _submit_words(result: dict[str, Any]) -> str:
    if result["status"] == "refused":
        first = result["validationErrors"][0]
        more = len(result["validationErrors"]) - 1
        return f"{result['saleId'] or 'a sale without saleId'}: refused, {first['code']}: {first['advice']}" + (
            f" (and {more} more)" if more else ""
        )
    number = f"{result['receiptCounter']}/{result['receiptGlobalNo']}"
    total = f"{result['receiptCurrency']} {result['receiptTotal']}"
    return f"{result['saleId']}: {result['status']}, receipt {number}, {total}, {result['verificationCode']}"


async def check(args: Args, folder: DataFolder) -> int:
    """All findings; exit 1 when one is Red."""
    reds = 0
    sales = list(_sales_of([args.file]))
    async with access(folder, "check", args.config) as engine:
        for position, sale in enumerate(sales):
            given = {"sale": sale, "position": position, "deviceID": args.device}
            try:
                found = await engine.operate("check", given)
            except SaleRefused as refused:
                found = {"saleId": refused.sale_id, "errors": refused.errors}
            reds += any(error["color"] == "Red" for error in found["errors"])
            if args.json:
                json_line(found)
                continue
            name = found["saleId"] or "a sale without saleId"
            for error in found["errors"]:
                say(f"{name}: {error['code']} {error['color']}: {error['advice']}")
            if not found["errors"]:
                say(f"{name}: no rule is broken")
    if reds:
        complain(f"fiscalmon: {reds} of {len(sales)} sales would be refused: correct what the advice says.")
    return 1 if reds else 0


async def receipts_list(args: Args, folder: DataFolder) -> int:
    names = ("device", "day", "status", "since", "until", "search", "limit")
    wanted = {"before": args.cursor, **{name: getattr(args, name) for name in names}}
    page = await _ask(
        args, folder, "receipts.list", {name: value for name, value in wanted.items() if value is not None}
    )
    if args.json:
        json_line(page)
    else:
        table(page["items"], RECEIPT_COLUMNS, "No receipt matches.")
    return 0


async def receipts_show(args: Args, folder: DataFolder) -> int:
    return await _show(args, folder, "receipts.show", {"receiptId": args.receipt_id})


async def receipts_credit(args: Args, folder: DataFolder) -> int:
    given = {
        "receiptId": args.receipt_id,
        "notes": args.notes,
        "lines": args.lines,
        "saleId": args.sale_id,
        "deviceID": args.device,
        "wait": args.wait,
    }
    result = await _ask(args, folder, "receipts.credit", given)
    if args.json:
        json_line(result)
    else:
        say(_submit_words(result) + (" (recorded before)" if result["repeated"] else ""))
    return 0


async def audit(args: Args, folder: DataFolder) -> int:
    """Every break of the chain; exit 1 when there is one."""
    report = await _ask(args, folder, "audit", {"deviceID": args.device})
    if args.json:
        json_line(report)
    else:
        for found in report["errors"]:
            number = f"receipt {found['receiptGlobalNo']}: " if found["receiptGlobalNo"] else ""
            say(f"device {found['deviceID']}: {number}{found['what']}")
        for device_id, word in report["fdms"].items():
            say(f"device {device_id}: FDMS {word}")
        say(f"{report['receipts']} receipts of {report['devices']} devices: {report['auditErrors']} breaks")
    if report["auditErrors"]:
        complain(
            f"fiscalmon: the audit found {report['auditErrors']} breaks: sell on no device named there; send "
            "`fiscalmon doctor --bundle FILE.zip` to support."
        )
    return 1 if report["auditErrors"] else 0


async def inspect(args: Args, folder: DataFolder) -> int:
    """Explain a signature; needs no engine, only the certificate where the device is known here."""
    from ..services.inspection import explain
    from ..services.inspection import inspect as inspected

    try:
        document = json.loads(_read(args.file), parse_float=Decimal)
    except (ValueError, RecursionError) as wrong:
        name = "Standard input" if str(args.file) == "-" else args.file
        raise BadInput(f"{name} holds no JSON that can be read: {wrong}.") from None
    # A renewal may have brought a new key: the one that made the signature is looked for, the device's own first.
    keys, site = _known_device(document, folder)
    first, *others = keys or [None]
    result = inspected(document, public_key_pem=first, qr_site=site)
    for former in others:
        if not result["signatureValid"]:
            result = inspected(document, public_key_pem=former, qr_site=site)
    if args.json:
        json_line(result)
    else:
        say(explain(result))
    return 0


def _known_device(document: Any, folder: DataFolder) -> tuple[list[str | None], str | None]:
    """The public keys, newest first, and qrUrl of the device that the document names, where it is registered here."""
    from ..store.book_file import FILE_NAME
    from ..store.look import Look

    device_id = document.get("deviceID") if isinstance(document, dict) else None
    if device_id is None or not (folder.path / FILE_NAME).exists():
        return [], None
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    archive = Look(folder.path).archive
    device = next((device for device in archive.devices() if device.device_id == device_id), None)
    if device is None:
        return [], None
    keys = [
        x509.load_pem_x509_certificate(certificate.encode()).public_key()
        for certificate in (device.certificate_pem, *archive.certificates.former(device_id))
    ]
    site = device.config.qr_url if device.config else None
    return [key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode() for key in keys], site


def _sales_of(paths: list[str]) -> Iterator[Any]:
    for path in paths:
        yield from split_sales(_read(path))


def _read(path: str | Path) -> bytes:
    """A file's bytes; "-" is standard input. Raises BadInput with a plain sentence."""
    if str(path) == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(path).read_bytes()
    except OSError as wrong:
        raise BadInput(f"The file {path} cannot be read: {wrong.strerror or wrong}.") from None


COMMANDS: Mapping[str, Callable[[Args, DataFolder], Coroutine[Any, Any, int]]] = MappingProxyType(
    {
        command.__name__: command
        for command in (
            device_register,
            device_list,
            device_status,
            device_config,
            device_ping,
            device_renew_certificate,
            day_open,
            day_close,
            day_status,
            day_recover,
            day_mend,
            day_report,
            submit,
            check,
            receipts_list,
            receipts_show,
            receipts_slip,
            receipts_pdf,
            receipts_credit,
            queue_list,
            queue_retry,
            audit,
            logs,
            inspect,
            settings_list,
            settings_set,
            products_import,
            products_list,
        )
    }
)
