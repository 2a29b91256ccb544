"""All that FDMS holds, loaded at start and written through: devices' books, taxpayers, models, settings, certificates.

Knows neither HTTP nor how a receipt is judged. One thread uses it; readers of long lists open the archive themselves.
"""

from __future__ import annotations

import msgspec

from fiscalmon.domain.receipt import Receipt

from . import world
from .archive import Archive
from .book import Book, Chain, Place
from .certificates import Certificates
from .clock import SimulatorClock
from .records import Day, Device, Held, Settings, Taxpayer


class Ledger:
    """`generation` grows with each reset, so that work begun before one can tell that it is void."""

    def __init__(self, archive: Archive, clock: SimulatorClock) -> None:
        self.archive = archive
        self.clock = clock
        self.generation = 0
        if archive.one("setting", "keys", list[str]) is None:
            self._create(world.new_keys())
        self._load()

    def reset(self) -> None:
        """Everything as at the first start; keys of the authority and activation keys stay the same."""
        keys = self.archive.one("setting", "keys", list[str]) or world.new_keys()
        self._create(keys)
        self.generation += 1
        self._load()

    def change_settings(self, settings: Settings) -> None:
        self.archive.put("setting", "settings", settings)
        self.settings = settings

    def set_clock(self, offset: float) -> None:
        """Move the simulator's clock; survives a kill."""
        self.archive.put("setting", "clock", offset)
        self.clock.offset = offset

    def put_model(self, model: world.Model) -> None:
        self.archive.put("model", f"{model.name}\n{model.version}", model)
        self.models[model.name, model.version] = model

    def put_device(self, device: Device) -> Book:
        """Enter a device, or change one; its days and receipts stay."""
        self.archive.put("device", device.device_id, device)
        book = self.books.get(device.device_id)
        if book is None:
            book = self.books[device.device_id] = Book(device, self.taxpayers[device.taxpayer_id])
        else:
            book.enter(device, self.taxpayers[device.taxpayer_id])
        return book

    def put_taxpayer(self, taxpayer: Taxpayer) -> None:
        self.archive.put("taxpayer", taxpayer.taxpayer_id, taxpayer)
        self.taxpayers[taxpayer.taxpayer_id] = taxpayer

    def put_day(self, book: Book, day: Day) -> None:
        """Store a day's new state, then let it be the book's day. A day of another number begins the chain anew."""
        self.archive.put("day", _day_key(day), day)
        if book.day is None or book.day.no != day.no:
            book.chain = book.chain.next_day()
        book.day = day

    def add_receipt(self, book: Book, held: Held, receipt: Receipt, rechecked: tuple[int, bytes] | None) -> None:
        """Store a receipt, with the new errors of its successor if it filled a gap, in one transaction."""
        with self.archive.transaction():
            self.archive.receipts.add(held)
            if rechecked is not None:
                self.archive.receipts.change_errors(*rechecked)
        self.next_receipt_id = held.receipt_id + 1
        book.take(held, receipt)

    def forget(self, book: Book) -> None:
        """A device as if it had never registered; its activation key is good again."""
        device = msgspec.structs.replace(book.device, key_used=False, active=True)
        with self.archive.transaction():
            self.archive.wipe_device(device.device_id)
            self.archive.put("device", device.device_id, device)
        self.certificates.forget(device.device_id)
        self.books[device.device_id] = Book(device, book.taxpayer)
        self.generation += 1

    def _create(self, keys: list[str]) -> None:
        archive = self.archive
        with archive.transaction():
            archive.wipe()
            archive.put("setting", "keys", keys)
            archive.put("setting", "clock", 0.0)
            archive.put("setting", "settings", Settings())
            name, version = world.DEFAULT_MODEL
            archive.put("model", f"{name}\n{version}", world.Model(name, version))
            for taxpayer in world.taxpayers():
                archive.put("taxpayer", taxpayer.taxpayer_id, taxpayer)
            for device in world.devices(keys):
                archive.put("device", device.device_id, device)

    def _load(self) -> None:
        archive = self.archive
        self.settings = archive.one("setting", "settings", Settings) or Settings()
        self.clock.offset = archive.one("setting", "clock", float) or 0.0
        self.models = {(m.name, m.version): m for m in archive.all("model", world.Model)}
        self.taxpayers = {t.taxpayer_id: t for t in archive.all("taxpayer", Taxpayer)}
        self.certificates = Certificates(archive)
        self.next_receipt_id = archive.receipts.next_id()
        self.books: dict[int, Book] = {}
        days: dict[int, Day] = {}
        for day in archive.all("day", Day):
            days[day.device_id] = day
        for device in archive.all("device", Device):
            book = Book(device, self.taxpayers[device.taxpayer_id])
            self._restore(book, days.get(device.device_id))
            self.books[device.device_id] = book

    def _restore(self, book: Book, day: Day | None) -> None:
        """The book as it was when the archive last committed."""
        if day is None:
            return
        table, device_id = self.archive.receipts, book.device.device_id
        before, latest = table.last_before(device_id, day.no), table.latest(device_id)
        book.day = day
        book.chain = Chain(None if before is None else Place.of(before))
        for held in table.of_device(device_id, day.no):
            book.chain.add(Place.of(held), held.receipt)
        book.latest = None if latest is None else Place.of(latest)
        book.highest_no = table.highest_no(device_id)


def _day_key(day: Day) -> str:
    return f"{day.device_id}/{day.no:09d}"
