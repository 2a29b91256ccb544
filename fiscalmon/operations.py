"""The operations of the command line by name, on a running engine: JSON-ready arguments in, JSON-ready results out.

The same table serves a command that works alone and one that works through the control channel.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from decimal import Decimal
from importlib.resources import files
from typing import Any

import msgspec

from .domain.basket import DepartmentTable, decode_departments, is_basket, sale_from_basket
from .domain.errors import BadInput, SaleRefused
from .domain.localtime import local_text
from .domain.sale import Sale
from .ports import KeyWish
from .services.certificates import Renewal
from .services.crediting import CreditRequest
from .services.mending import MendRequest
from .services.offline_files import OfflineFiles
from .services.preferences import Preferences
from .services.print_acts import printing_operations
from .services.registration import Registrant
from .services.reports import as_plain
from .services.till import Till

Json = dict[str, Any]
Operation = Callable[[Json], Awaitable[Any]]


class Operations:
    """All operations; an unknown name raises BadInput."""

    def __init__(self, till: Till, renewal: Renewal, files: OfflineFiles, preferences: Preferences) -> None:
        self._till = till
        self._preferences = preferences
        self._departments: DepartmentTable | None = None
        self._table: dict[str, Operation] = {
            "submit": self._submit,
            "check": self._check,
            "device.register": self._register,
            "device.taxpayer": self._taxpayer,
            "device.list": self._devices,
            "device.status": lambda given: self._device(given["deviceID"]),
            "device.config": self._config,
            "device.ping": lambda given: till.ping(given["deviceID"]),
            "device.renew": lambda given: renewal.renew(given["deviceID"], new_key=given.get("newKey", False)),
            "files.build": lambda given: files.build(given["deviceID"]),
            "files.list": lambda given: files.listed(given["deviceID"]),
            "files.export": lambda given: files.exported(given["fileId"]),
            "files.send": lambda given: files.send(given["deviceID"], given.get("fileId")),
            "files.status": lambda given: files.status(given["deviceID"]),
            "day.open": lambda given: till.open_day(given["deviceID"]),
            "day.close": lambda given: till.close_day(given["deviceID"], wait=given.get("wait", True)),
            "day.status": lambda given: till.day_status(given["deviceID"]),
            "day.report": self._day_report,
            "day.recover": self._recover,
            "day.mend": lambda given: till.mending.mend(MendRequest(**given)),
            "receipts.list": lambda given: till.receipts(**given),
            "receipts.show": lambda given: till.receipt(given["receiptId"]),
            "receipts.document": self._document,
            "receipts.credit": self._credit,
            "products.import": self._import_products,
            "products.list": lambda given: till.products.listed(**given),
            **printing_operations(till.printing),
            "queue.list": lambda given: till.waiting.listed(given.get("limit", 200), device_id=given.get("deviceID")),
            "queue.retry": lambda given: till.waiting.send_now(device_id=given.get("deviceID")),
            "audit": lambda given: till.audit.run(given.get("deviceID")),
            "events": lambda given: till.events(**given),
            "metrics": lambda _: till.snapshot(),
            "settings.list": self._settings,
            "settings.set": lambda given: preferences.set(given["section"], given["values"], by="till"),
        }

    def offer(self, table: Mapping[str, Operation]) -> None:
        """More operations, by whoever brings them: the engine's housekeeping, a window that can be raised."""
        self._table.update(table)

    async def run(self, operation: str, arguments: Json) -> Any:
        """Run one operation. Raises FiscalmonError."""
        work = self._table.get(operation)
        if work is None:
            raise BadInput(
                f"The running fiscalmon does not know the operation {operation!r}: restart it after an update."
            )
        return await work(arguments)

    async def _settings(self, _: Json) -> Json:
        return self._preferences.listed()

    async def _import_products(self, given: Json) -> Json:
        products = self._till.products
        work = products.preview if given.get("dryRun") else products.take
        return (await work(given["text"], replace=given.get("replace", False))).as_dict()

    async def _submit(self, given: Json) -> Json:
        wait = given.get("wait", "signed")
        return await self._till.submit(self._sale(given), wait=wait, default_device=given.get("deviceID"))

    async def _check(self, given: Json) -> Json:
        return await self._till.check(self._sale(given), given.get("deviceID"))

    async def _recover(self, given: Json) -> Json:
        recovery = self._till.mending.recovery
        return await recovery.recover(given["deviceID"], given["opened"], dry_run=given.get("dryRun", False))

    async def _credit(self, given: Json) -> Json:
        asked = CreditRequest(
            given["receiptId"],
            given["notes"],
            tuple(given.get("lines") or ()),
            given.get("saleId"),
            given.get("deviceID"),
        )
        return await self._till.credit(asked, wait=given.get("wait", "signed"))

    def _sale(self, given: Json) -> Json | Sale:
        """A sale as a POS sends it, or a raw basket turned into one by the taxes of the device asked for."""
        sale = given["sale"]
        if not isinstance(sale, dict):
            raise SaleRefused(None, [_not_a_sale()])
        if not is_basket(sale):
            return sale
        device = self._till.device_or_default(given.get("deviceID"))
        now = local_text(self._till.clock.now())
        return sale_from_basket(sale, given.get("position", 0), self._department_table(), device.config, now)

    def _department_table(self) -> DepartmentTable:
        if self._departments is None:
            self._departments = decode_departments((files("resources") / "demo" / "departments.json").read_bytes())
        return self._departments

    async def _register(self, given: Json) -> Json:
        plain = {**given, "key": KeyWish(**given.get("key", {}))}
        device = await self._till.registrar.register(Registrant(**plain))
        return await self._device(device.device_id)

    async def _devices(self, _: Json) -> list[Json]:
        return [{**one, "keyStore": self._till.registrar.place(one["deviceID"])} for one in await self._till.devices()]

    async def _device(self, device_id: int) -> Json:
        return {**await self._till.device(device_id), "keyStore": self._till.registrar.place(device_id)}

    async def _taxpayer(self, given: Json) -> Json:
        """Who the device would be registered for, in FDMS's words; changes nothing."""
        found = await self._till.registrar.taxpayer(Registrant(**given))
        told: Json = msgspec.to_builtins(found)
        return told

    async def _day_report(self, given: Json) -> Json:
        return as_plain(await self._till.reports.day_report(given["deviceID"], given.get("fiscalDayNo")))

    async def _document(self, given: Json) -> Json:
        return as_plain(await self._till.reports.receipt_document(given["receiptId"]))

    async def _config(self, given: Json) -> Json:
        device_id = given["deviceID"]
        config = await self._till.registrar.configure(device_id)
        plain = msgspec.to_builtins(config, builtin_types=(Decimal,))
        return {**plain, "deviceID": device_id, "deviceSerialNo": config.serial_no}


def _not_a_sale() -> Json:
    return {
        "code": "RCPT02",
        "color": "Red",
        "advice": "sale: this is no JSON object; see docs/pos-integration.md.",
        "field": "sale",
    }
