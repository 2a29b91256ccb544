"""What the sale page's buttons and Alt keys do: the dialogs beside the sale, and what becomes of their answers.

Lives in Qt's thread; changes the sale only through the checkout.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from PySide6.QtWidgets import QFileDialog

from fiscalmon.domain.errors import BadInput
from fiscalmon.domain.open_sale import add, change_line, take_off, void_line
from fiscalmon.domain.product_file import MOST_BYTES, decode_text
from ui.dialogs.form_sheet import Field, FormSheet
from ui.i18n import translate
from ui.note_acts import Kind, NoteActs
from ui.presenters import sale_forms as forms
from ui.presenters import words
from ui.presenters.checkout import Checkout
from ui.presenters.sale_view import SaleView, number
from ui.widgets.act_buttons import ActButtons
from ui.widgets.labels import show_text

if TYPE_CHECKING:
    from ui.pages.page import PageDesk
    from ui.pages.sale import SalePage


class SaleActs:
    """One for the page; `do` an act by its name."""

    def __init__(self, page: SalePage, desk: PageDesk, checkout: Checkout) -> None:
        self._page, self._desk, self._checkout = page, desk, checkout
        self._notes = NoteActs(page, desk, checkout, self._ask)
        self._acts: dict[str, Callable[[], Coroutine[Any, Any, Any]]] = {
            "other": self._other,
            "buyer": self._buyer,
            "hold": self._hold,
            "recall": self._recall,
            "quantity": self._quantity,
            "off": partial(self._off, whole=False),
            "whole": partial(self._off, whole=True),
            "void": self._void,
            "undo": checkout.undo,
            "currency": self._currency,
            "form": self._form,
            "drop": checkout.drop,
            "credit": partial(self._notes.find, "credit"),
            "debit": partial(self._notes.find, "debit"),
            "kind": self._kind,
            "pad": self._pad,
            "print": self._print,
            "rates": self._rates,
            "products": self._products,
        }

    def do(self, name: str) -> None:
        if name == "more":
            self._page.buttons.open_menu("more")
        else:
            self._page.work(self._acts[name]())

    def note(self, kind: Kind, receipt_id: str) -> None:
        """A note on that receipt, as another page asks for it."""
        self._page.work(self._notes.issue(kind, receipt_id))

    def allow(self, buttons: ActButtons, view: SaleView) -> None:
        state = self._checkout.state
        ready, lines = state.desk is not None and not state.paying, bool(view.lines)
        sells = ready and state.desk is not None and state.desk.config is not None
        buttons.allow(
            other=sells,
            quantity=ready and lines,
            off=ready and lines,
            void=ready and lines,
            whole=ready and lines,
            undo=ready and bool(state.past),
            hold=ready and not state.sale.empty,
            drop=ready and not state.sale.empty,
            **dict.fromkeys(("buyer", "recall", "form", "credit", "debit", "rates", "products"), ready),
            currency=ready and state.sale.reference is None,
            kind=ready and lines,
            print=ready and state.last is not None,
        )

    # dialogs: each reads its fields while it is open, so that what is wrong is said in it

    async def _ask(
        self, title: str, fields: list[Field], read: Callable[[dict[str, str]], Any], done: str, wrong: str = ""
    ) -> Any:
        """What `read` made of the fields; None when the dialog was left. `wrong`: why it is asked once more."""
        taken: list[Any] = []

        def take(values: dict[str, str]) -> None:
            taken.append(read(values))

        def make() -> FormSheet:
            sheet = FormSheet(self._page.window(), self._page.theme, title, fields, take, done)
            show_text(sheet.problem, wrong)
            sheet.problem.setVisible(bool(wrong))
            return sheet

        accepted = await self._desk.dialog(make)
        return taken[-1] if accepted else None

    async def _other(self) -> None:
        desk = self._checkout.state.desk
        if desk is None or desk.config is None:
            return
        taxes = tuple(forms.tax_choices(desk.config, desk.now))
        fields = [
            Field("name", translate("sale", "What it is"), hint=translate("sale", "as it stands on the receipt")),
            Field(
                "price",
                translate("sale", "Price in {currency}").format(currency=self._checkout.state.sale.currency),
                hint="2.50",
            ),
            Field("quantity", translate("sale", "How many"), "1"),
            Field("tax", translate("sale", "Tax"), choices=taxes),
            Field("hs", translate("sale", "HS code"), hint=translate("sale", "4 or 8 digits")),
        ]
        line = await self._ask(translate("sale", "Another item"), fields, forms.other_item, translate("sale", "Add it"))
        if line is not None:
            await self._checkout.change(lambda sale: add(sale, line), last=True)

    async def _buyer(self) -> None:
        held = forms.buyer_values(self._checkout.state.sale.buyer)
        labels = (
            ("name", translate("sale", "Registered name")),
            ("tin", translate("sale", "TIN (10 digits)")),
            ("vat", translate("sale", "VAT number (9 digits)")),
            ("trade", translate("sale", "Trade name")),
            ("phone", translate("sale", "Phone")),
            ("email", translate("sale", "E-mail")),
            ("city", translate("sale", "City")),
            ("street", translate("sale", "Street")),
        )
        fields = [Field(name, label, held.get(name, "")) for name, label in labels]
        # A buyer may be taken away: so the answer comes in a tuple.
        told = await self._ask(
            translate("sale", "Buyer"), fields, lambda values: (forms.buyer(values),), translate("sale", "Done")
        )
        if told is not None:
            await self._checkout.change(lambda sale: msgspec.structs.replace(sale, buyer=told[0]))

    async def _quantity(self) -> None:
        row, sale = self._checkout.state.chosen, self._checkout.state.sale
        if 0 <= row < len(sale.lines):
            line = sale.lines[row]
            fields = [Field("quantity", words.sentence(line.name), number(line.quantity).replace(",", ""))]
            many = await self._ask(
                translate("sale", "How many?"),
                fields,
                lambda values: forms.quantity(values["quantity"]),
                translate("sale", "Done"),
            )
            if many is not None:
                await self._checkout.change(lambda now: change_line(now, row, quantity=many))

    async def _off(self, *, whole: bool) -> None:
        row, sale = self._checkout.state.chosen, self._checkout.state.sale
        if not whole and not 0 <= row < len(sale.lines):
            return
        label = translate("sale", "The whole sale") if whole else words.sentence(sale.lines[row].name)
        fields = [Field("off", label, hint=translate("sale", "10% or 1.50; empty for none"))]
        off = await self._ask(
            translate("sale", "Discount"),
            fields,
            lambda values: forms.discount(values["off"]),
            translate("sale", "Done"),
        )
        if off is not None:
            await self._checkout.change(lambda now: take_off(now, off) if whole else change_line(now, row, off=off))

    async def _void(self) -> None:
        row = self._checkout.state.chosen
        await self._checkout.change(lambda sale: void_line(sale, row))

    async def _hold(self) -> None:
        fields = [Field("label", translate("sale", "Whose, or what for"), hint=translate("sale", "may be left empty"))]
        label = await self._ask(
            translate("sale", "Put the sale aside"), fields, lambda values: values["label"], translate("sale", "Hold")
        )
        if label is not None and await self._checkout.hold(label):
            self._desk.say(translate("sale", "The sale is held; Alt+R brings it back"))

    async def _recall(self) -> None:
        from ui.dialogs.held_sheet import HeldSheet

        held = await self._desk.ask(lambda till: till.open_sales.held())
        if not held:
            self._desk.say(translate("sale", "No sale is held"))
            return
        sheets: list[HeldSheet] = []

        def make() -> HeldSheet:
            sheets.append(HeldSheet(self._page.window(), self._page.theme, held, self._desk.view.clock.now()))
            return sheets[0]

        accepted = await self._desk.dialog(make)
        for sale_id in sheets[0].given_up if sheets else ():
            await self._desk.ask(lambda till, one=sale_id: till.open_sales.discard(one))
        if accepted:
            await self._checkout.recall(sheets[0].chosen)

    async def _currency(self) -> None:
        state = self._checkout.state
        choices = tuple((one, one) for one in (state.desk.currencies if state.desk else ()))
        fields = [Field("currency", translate("sale", "Prices and receipt in"), state.sale.currency, choices=choices)]
        currency = await self._ask(
            translate("sale", "Currency of this sale"),
            fields,
            lambda values: values["currency"],
            translate("sale", "Done"),
        )
        if currency is not None:
            await self._checkout.currency(currency)

    async def _form(self) -> None:
        sale = self._checkout.state.sale
        choices = (
            (translate("sale", "Receipt on the roll"), "Receipt48"),
            (translate("sale", "Invoice on A4"), "InvoiceA4"),
        )
        fields = [
            Field("form", translate("sale", "Form"), sale.print_form, choices=choices),
            Field("notes", translate("sale", "Words on it"), sale.notes, translate("sale", "may be left empty")),
        ]
        told = await self._ask(translate("sale", "Form of the receipt"), fields, dict, translate("sale", "Done"))
        if told is not None:
            notes = words.sentence(told["notes"])[:250]
            await self._checkout.change(lambda now: msgspec.structs.replace(now, print_form=told["form"], notes=notes))

    async def _kind(self) -> None:
        self._page.money.kind.setFocus()

    async def _pad(self) -> None:
        self._page.pad_place.toggle(self._page.height())

    async def _rates(self) -> None:
        state = self._checkout.state
        if state.desk is None:
            return
        others = [one for one in state.desk.currencies if one != "USD"]
        shown = ["ZWG", *sorted({*state.desk.rates, "ZAR", "BWP"} - {"ZWG", "USD"})]
        held = state.desk.rates
        fields = [
            Field(
                one,
                translate("sale", "{one} for 1 USD").format(one=one),
                f"{held[one]:f}" if one in held else "",
                translate("sale", "not taken"),
            )
            for one in shown
            if one in others
        ]
        rates = await self._ask(
            translate("sale", "Exchange rates of the shop"), fields, forms.rates, translate("sale", "Use them")
        )
        if rates is not None:
            await self._desk.ask(lambda till: till.open_sales.set_rates(rates))
            await self._checkout.start()

    # the last receipt

    async def _print(self) -> None:
        last = self._checkout.state.last
        if last is not None:
            receipt_id = str(last["receiptId"])
            await self._desk.ask(lambda till: till.printing.print_receipt(receipt_id))
            self._desk.say(
                translate("sale", "Receipt {number} goes to the printer again").format(
                    number=words.count(int(last["receiptGlobalNo"]))
                )
            )

    # the product list

    async def _products(self) -> None:
        kinds = translate("sale", "Product lists (*.csv *.txt);;All files (*)")
        chooser = QFileDialog(self._page.window(), translate("sale", "Import a product list"), "", kinds)
        chooser.setAccessibleName(translate("sale", "Import a product list"))
        chooser.setFileMode(QFileDialog.FileMode.ExistingFile)
        chooser.fileSelected.connect(lambda path: self._page.work(self.import_file(Path(path))))
        chooser.finished.connect(chooser.deleteLater)
        chooser.open()

    async def import_file(self, path: Path) -> None:
        """Looks at a file, asks, takes it in."""
        from ui.dialogs.import_sheet import ImportSheet

        text = _text_of(path)
        ask = self._desk.ask
        looked = await ask(lambda till: till.products.preview(text))
        sheets: list[ImportSheet] = []

        def make() -> ImportSheet:
            sheet = ImportSheet(
                self._page.window(),
                self._page.theme,
                looked,
                lambda replace: ask(lambda till: till.products.preview(text, replace=replace)),
                lambda work: self._page.work(work),
            )
            sheets.append(sheet)
            return sheet

        if await self._desk.dialog(make):
            replace = sheets[0].replace.isChecked()
            taken = await ask(lambda till: till.products.take(text, replace=replace))
            self._desk.say(
                translate("sale", "{many} taken into the list").format(
                    many=words.plural(len(taken.products), "product")
                )
            )


def _text_of(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return decode_text(file.read(MOST_BYTES + 1))
    except OSError as wrong:
        raise BadInput(
            translate("sale", "{name} cannot be read: {strerror}.").format(name=path.name, strerror=wrong.strerror)
        ) from None
