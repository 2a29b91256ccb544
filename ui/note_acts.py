"""Credit and debit notes from the sale page: the receipt is found, looked at, and what becomes of it is said.

Lives in Qt's thread. A credit note is issued at once; a debit note goes on the screen to be paid like a sale.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Literal

from fiscalmon.domain.errors import BadInput
from fiscalmon.services.crediting import CreditRequest
from ui.dialogs.form_sheet import Field
from ui.i18n import translate
from ui.presenters import debit, words
from ui.presenters.checkout import Checkout
from ui.presenters.receipts import searched

if TYPE_CHECKING:
    from ui.pages.page import PageDesk
    from ui.pages.sale import SalePage

Kind = Literal["credit", "debit"]
Ask = Callable[[str, list[Field], Callable[[dict[str, str]], Any], str, str], Awaitable[Any]]


class NoteActs:
    """`ask` shows a form, with what was wrong before, and gives what was read of it, None when it was left."""

    def __init__(self, page: SalePage, desk: PageDesk, checkout: Checkout, ask: Ask) -> None:
        self._page, self._desk, self._checkout, self._ask = page, desk, checkout, ask

    async def find(self, kind: Kind) -> None:
        """Which receipt? By its number, its invoice number or a scan of its QR code; asked until one is found."""
        text: str | None = ""
        wrong = ""
        while (text := await self._which(kind, text or "", wrong)) is not None:
            found = await self._desk.ask(lambda till, text=text: till.receipts(limit=3, search=searched(text)))
            items = [one for one in found["items"] if one["receiptType"] != "CreditNote"]
            exact = [one for one in items if text in (str(one["receiptGlobalNo"]), one["invoiceNo"], one["saleId"])]
            if len(exact or items) == 1:
                await self.issue(kind, (exact or items)[0]["receiptId"])
                return
            key = "Alt+K" if kind == "credit" else "Alt+E"
            wrong = (
                translate("notes", "No receipt is found by that.")
                if not items
                else translate(
                    "notes",
                    "More than one receipt is found by that: look for it under Receipts (F3), open it, and "
                    "press {key} there.",
                ).format(key=key)
            )

    async def _which(self, kind: Kind, text: str, wrong: str) -> str | None:
        hint = translate("notes", "its number, or a scan of its QR code")
        fields = [Field("receipt", translate("notes", "Receipt"), text, hint)]
        title = (
            translate("notes", "Credit note on which receipt?")
            if kind == "credit"
            else translate("notes", "Debit note on which receipt?")
        )
        told: str | None = await self._ask(title, fields, _needed, translate("notes", "Find it"), wrong)
        return told

    async def issue(self, kind: Kind, receipt_id: str) -> None:
        """A note on that receipt, as another page asks for it too."""
        receipt = await self._desk.ask(lambda till: till.receipt(receipt_id))
        if receipt["receiptType"] == "CreditNote":
            raise BadInput(
                translate("notes", "This is a credit note itself: a note refers to the receipt of the sale.")
            )
        if kind == "credit":
            await self._credit(receipt_id, receipt)
        else:
            await self._debit(receipt)

    async def _credit(self, receipt_id: str, receipt: dict[str, Any]) -> None:
        from ui.dialogs.credit_sheet import CreditSheet

        sheets: list[CreditSheet] = []

        def make() -> CreditSheet:
            sheets.append(CreditSheet(self._page.window(), self._page.theme, receipt))
            return sheets[0]

        if await self._desk.dialog(make):
            asked = CreditRequest(receipt_id, sheets[0].why(), sheets[0].lines)
            result = await self._desk.ask(lambda till: till.credit(asked))
            self._checkout.state.show_sold(result)
            self._page.show_state()

    async def _debit(self, receipt: dict[str, Any]) -> None:
        lines = debit.line_choices(receipt)
        if not lines:
            raise BadInput(translate("notes", "This receipt has no line that could be charged more."))
        fields = [
            Field("line", translate("notes", "For which line"), choices=lines),
            Field(
                "name", translate("notes", "What it is"), hint=translate("notes", "empty: the same words as the line")
            ),
            Field(
                "price",
                translate("notes", "How much more, in {receiptCurrency}").format(
                    receiptCurrency=receipt["receiptCurrency"]
                ),
                hint="0.50",
            ),
            Field("quantity", translate("notes", "How many"), "1"),
            Field(
                "reason", translate("notes", "Why?"), hint=translate("notes", "on the paper and to FDMS: wrong price …")
            ),
        ]
        number = words.count(int(receipt["receiptGlobalNo"]))
        values = await self._ask(
            translate("notes", "Debit note on receipt {number}").format(number=number),
            fields,
            lambda told: _readable(receipt, told),
            translate("notes", "Go on to the money"),
            "",
        )
        if values is not None:
            await self._checkout.begin(lambda sale_id: debit.debit_sale(sale_id, receipt, values))


def _readable(receipt: dict[str, Any], values: dict[str, str]) -> dict[str, str]:
    debit.debit_sale("read", receipt, values)
    return values


def _needed(values: dict[str, str]) -> str:
    text = words.sentence(values["receipt"])
    if not text:
        raise BadInput(translate("notes", "Say which receipt."))
    return text
