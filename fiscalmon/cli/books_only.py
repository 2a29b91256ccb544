"""The reading operations answered from the books alone, when no engine runs: nothing is started, sent or locked."""

from __future__ import annotations

from typing import Any

from device.keys.places import key_place

from ..books import Queue
from ..data_folder import DataFolder
from ..domain.errors import BadInput, FiscalmonError, UnknownReceipt
from ..services.devices import Devices, TillDevice
from ..store.book_file import FILE_NAME
from ..store.look import Look


class BooksOnly:
    """A data folder that nobody works on; an empty one has no devices and no receipts."""

    def __init__(self, folder: DataFolder) -> None:
        self._folder = folder
        self._look = Look(folder.path) if (folder.path / FILE_NAME).exists() else None
        self._archive = self._look.archive if self._look else None

    async def close(self) -> None:
        """Let the file go."""
        if self._look is not None:
            self._look.close()

    async def operate(self, operation: str, arguments: dict[str, Any]) -> Any:
        """The result as the engine would give it; live facts (online, last heard) as they were left."""
        if operation == "device.list":
            from ..clocks import SystemClock

            now = SystemClock().now()
            return [
                {**one.describe(now), "keyStore": key_place(self._folder.keys, one.device_id)}
                for one in self._devices()
            ]
        if operation == "events":
            found = self._archive.events(arguments.get("after", 0), arguments.get("limit", 50)) if self._archive else []
            return [message.as_dict() for message in found]
        if operation == "receipts.list":
            return self._receipts(**arguments)
        if operation in ("receipts.document", "day.report"):
            return self._paper(operation, arguments)
        if operation == "receipts.show":
            return self._receipt(arguments["receiptId"])
        if operation in ("printer.list", "printer.jobs", "receipts.slips"):
            return self._printing(operation, arguments)
        device = self._devices().get(arguments["deviceID"])
        if operation == "day.status":
            from ..clocks import SystemClock
            from ..services.fiscal_days import describe_day

            return describe_day(device, SystemClock().now())
        return self._device(device)

    def _device(self, device: TillDevice) -> dict[str, Any]:
        from ..clocks import SystemClock
        from ..services.details import device_details
        from ..services.waiting import queue_of

        now = SystemClock().now()
        day_no = device.day.fiscal_day_no if device.day else 0
        details = device_details(self._archive, device.device_id, day_no) if self._archive else {}
        printers = [card for card in self._printing("printer.list", {}) if card["deviceID"] == device.device_id]
        queue = queue_of(self._archive, device, now) if self._archive else {"head": None, "acts": []}
        place = key_place(self._folder.keys, device.device_id)
        return {**device.describe(now), **details, "queue": queue, "printers": printers, "keyStore": place}

    def _paper(self, operation: str, arguments: dict[str, Any]) -> Any:
        from ..services.reports import as_plain, receipt_document, report_of_day

        if self._archive is None:
            raise UnknownReceipt("This folder has no books yet: no device was ever registered here.")
        if operation == "day.report":
            return as_plain(report_of_day(self._archive, arguments["deviceID"], arguments.get("fiscalDayNo")))
        return as_plain(receipt_document(self._archive, arguments["receiptId"]))

    def _printing(self, operation: str, arguments: dict[str, Any]) -> list[dict[str, Any]]:
        from device.printers.findings import ADVICE

        from ..services.printer_card import books_card

        if self._archive is None:
            if operation == "printer.jobs":
                raise BadInput(f"There is no printer {arguments['printer']}; `fiscalmon printer list` shows them.")
            return []
        prints = self._archive.prints
        if operation == "receipts.slips":
            return [job.as_dict() for job in prints.of_receipt(arguments["receiptId"])]
        if operation == "printer.list":
            counts, told = prints.counts(), prints.attention()
            return [
                books_card(setup, told.get(setup.name), counts.get(setup.name, {}), ADVICE)
                for setup in prints.printers()
            ]
        jobs = prints.jobs(arguments["printer"], arguments["limit"])
        if not jobs and arguments["printer"] not in {setup.name for setup in prints.printers()}:
            raise BadInput(f"There is no printer {arguments['printer']}; `fiscalmon printer list` shows them.")
        return [job.as_dict() for job in jobs]

    def _devices(self) -> Devices:
        devices = Devices()
        if self._archive is None:
            return devices
        days, numbers = self._archive.last_days(), self._archive.last_numbers()
        for registered in self._archive.devices():
            device = TillDevice(registered, _closed, _closed)
            device.day = days.get(device.device_id)
            device.last_global_no = numbers.get(device.device_id, 0)
            devices.add(device)
        queues: dict[int, Queue] = self._archive.queues()
        devices.load_queues(queues)
        return devices

    def _receipts(self, limit: int = 50, **wanted: Any) -> dict[str, Any]:
        from ..clocks import SystemClock
        from ..services.receipt_search import receipt_filter

        chosen = receipt_filter(SystemClock().now(), **wanted)
        found = self._archive.receipts(chosen, limit) if self._archive else []
        more = str(found[-1].row) if len(found) == limit else None
        return {"items": [entry.result() for entry in found], "next": more}

    def _receipt(self, receipt_id: str) -> dict[str, Any]:
        from ..services.details import receipt_details

        if self._archive is None:
            raise UnknownReceipt(f"There is no receipt {receipt_id} on this till.")
        return receipt_details(self._archive, receipt_id)


def _closed() -> Any:
    raise FiscalmonError("No engine runs on this data folder.", code=BadInput.code)
