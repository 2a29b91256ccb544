"""Whether the books can be trusted: SQLite's pages and references, and the chain of receipts re-derived.

What fails is told once as a lasting event, and nothing is sold on doubt; the file is never touched.
"""

from __future__ import annotations

import asyncio
from typing import Any

import structlog

from ..books.copies import Copies
from ..domain.errors import FiscalmonError
from ..domain.localtime import utc_text
from ..events import INTEGRITY_FAILED, Message
from .audit import Audit
from .chores import AUDIT, INTEGRITY, Chores
from .parts import Parts

log = structlog.get_logger()
MOST_TOLD = 20
PAGES = (
    "The database has damaged pages. Nothing is sold until it is mended: stop fiscalmon, keep a copy of the data "
    "folder, restore the last backup with `fiscalmon restore FILE`."
)
CHAIN = (
    "The receipts of device {device} do not add up any more (receipt {number}: {what}). It sells nothing until that is "
    "cleared up: run `fiscalmon audit`, keep the data folder as it is, and call support or restore the last backup."
)


class Integrity:
    """The two looks at the books; each remembers its outcome."""

    def __init__(self, parts: Parts, chores: Chores, copies: Copies, audit: Audit) -> None:
        self._parts = parts
        self._chores = chores
        self._copies = copies
        self._audit = audit

    async def recall(self) -> None:
        """At a start: a doubt that was found before stands until a check has found it gone."""
        for name in (INTEGRITY, AUDIT):
            record = self._chores.last(name)
            if record is not None and record.outcome == "failed" and record.note.get("doubts"):
                self._doubt(record.note["doubts"])
                await self._chores.ask(name, record.note)

    async def check_pages(self) -> None:
        """Every page, index and reference of the file. Records the outcome, raises nothing of the books."""
        problems = await asyncio.to_thread(self._copies.problems_of_books)
        if not problems:
            self._parts.devices.distrust(None)
            await self._chores.done(INTEGRITY, {})
            return
        log.error("integrity.failed", what="pages", problems=len(problems))
        self._parts.devices.distrust(PAGES)
        await self._fail(INTEGRITY, {"reason": PAGES, "problems": problems[:MOST_TOLD], "doubts": {"all": PAGES}})

    async def check_chain(self) -> dict[str, Any]:
        """The audit of all devices; its report. Records the outcome."""
        report = await self._audit.run()
        doubts: dict[str, str] = {}
        for found in report["errors"]:
            if found["receiptGlobalNo"] is not None:
                doubts.setdefault(
                    str(found["deviceID"]),
                    CHAIN.format(device=found["deviceID"], number=found["receiptGlobalNo"], what=found["what"]),
                )
        for device in self._parts.devices:
            self._parts.devices.distrust(doubts.get(str(device.device_id)), device.device_id)
        if not report["errors"]:
            await self._chores.done(AUDIT, {"receipts": report["receipts"], "fdms": report["fdms"]})
            return report
        first = report["errors"][0]
        reason = next(iter(doubts.values()), f"Device {first['deviceID']}: {first['what']}. {first['advice']}")
        log.error("integrity.failed", what="chain", problems=report["auditErrors"])
        note = {"reason": reason, "problems": report["errors"][:MOST_TOLD], "doubts": doubts}
        await self._fail(AUDIT, note, first["deviceID"])
        return report

    def _doubt(self, doubts: dict[str, str]) -> None:
        for whom, text in doubts.items():
            self._parts.devices.distrust(text, None if whom == "all" else int(whom))

    async def _fail(self, name: str, note: dict[str, Any], device_id: int | None = None) -> None:
        before = self._chores.last(name)
        try:
            await self._chores.failed(name, note)
            if before is not None and before.note.get("reason") == note["reason"]:
                return
            at, data = utc_text(self._parts.clock.now()), {k: note[k] for k in ("reason", "problems")}
            message = await self._parts.store.write(
                lambda work: work.events.add(INTEGRITY_FAILED, at, device_id, {"deviceID": device_id, **data})
            )
        except FiscalmonError as wrong:
            # Damaged books may take no event: nothing is sold all the same, the log has it, and whoever looks is told.
            log.error("integrity.unrecorded", code=wrong.code, text=wrong.text)
            at = utc_text(self._parts.clock.now())
            message = Message(INTEGRITY_FAILED, 0, at, device_id, {"deviceID": device_id, **note}, passing=True)
        self._parts.announcer.tell(message)
