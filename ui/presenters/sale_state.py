"""What stands on the sale page right now: the sale, the line it is about, findings, the last word, the last receipt.

Plain values and their views. Must not know Qt nor call the engine; ui/presenters/checkout.py moves it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import ROUND_CEILING, Decimal
from typing import Any

from fiscalmon.domain.errors import BadInput
from fiscalmon.domain.open_sale import OpenLine, OpenSale, add, rate_between, settle
from fiscalmon.domain.product import Product
from fiscalmon.services.open_sales import Desk
from ui.i18n import translate
from ui.presenters.sale_view import ResultView, SaleView, present, sold

UNDO_STEPS = 100
CENT = Decimal("0.01")


class SaleState:
    """`new_id` gives each sale the id it keeps, whatever is pressed how often."""

    def __init__(self, new_id: Callable[[], str]) -> None:
        self.new_id = new_id
        self.desk: Desk | None = None
        self.sale = OpenSale(new_id())
        self.past: list[OpenSale] = []
        self.chosen = -1  # the line that quantity, discount and price are about
        self.paying = False
        self.notice: tuple[str, str] | None = None  # (state, words) about the last act; None when all is well
        self.result: ResultView | None = None
        self.last: Mapping[str, Any] | None = None  # the receipt behind `result`
        self.suggestions: list[Product] = []
        self._judged: tuple[OpenSale | None, Sequence[Mapping[str, Any]]] = (None, ())

    def view(self) -> SaleView:
        judged, findings = self._judged
        config, now = (self.desk.config, self.desk.now) if self.desk else (None, "")
        return present(self.sale, config, now, findings if judged is self.sale else ())

    def judged(self, sale: OpenSale, findings: Sequence[Mapping[str, Any]]) -> None:
        """What the rulebook says of that sale; shown as long as it is the one on the screen."""
        self._judged = (sale, list(findings))

    def rate(self, currency: str, base: str) -> Decimal | None:
        return rate_between(self.desk.rates if self.desk else {}, currency, base)

    def missing_in(self, currency: str) -> Decimal | None:
        """What is still to be paid, in any money the shop has a rate for; rounded so that it covers it."""
        rate = self.rate(currency, self.sale.currency)
        return None if rate is None else (settle(self.sale).missing * rate).quantize(CENT, ROUND_CEILING)

    def currencies(self) -> tuple[str, ...]:
        """What can be taken: money that FDMS takes and that the shop has a rate for."""
        if self.desk is None:
            return (self.sale.currency,)
        return tuple(one for one in self.desk.currencies if one in ("USD", self.sale.currency, *self.desk.rates))

    def fresh(self, sale: OpenSale | None = None) -> None:
        """The next sale, or one that comes back."""
        self.sale = sale or OpenSale(self.new_id(), self.desk.currency if self.desk else "USD")
        self.chosen = len(self.sale.lines) - 1
        self.past, self.suggestions, self._judged = [], [], (None, ())

    def remember(self, before: OpenSale) -> None:
        self.past = [*self.past[-UNDO_STEPS:], before]

    def add(self, product: Product, quantity: Decimal) -> None:
        """A product at its price in the sale's currency. Raises BadInput."""
        price = self.price_of(product, self.sale.currency)
        line = OpenLine(product.name, product.tax_id, price, quantity, product.hs_code, product.sku)
        self.sale = add(self.sale, line)
        rows = range(len(self.sale.lines))
        self.chosen = next(row for row in reversed(rows) if self.sale.lines[row].sku == product.sku)
        self.suggestions = []

    def price_of(self, product: Product, currency: str) -> Decimal:
        """As the list has it, else at the shop's rate. Raises BadInput."""
        price = product.price(currency)
        if price is not None:
            return price
        for other, known in sorted(product.prices.items(), key=lambda item: item[0] != "USD"):
            rate = self.rate(currency, other)
            if rate is not None:
                return (known * rate).quantize(CENT)
        raise BadInput(
            translate("sale", "{name} has no price in {currency}, and the shop has no rate for it.").format(
                name=product.name, currency=currency
            )
        )

    def show_sold(self, result: Mapping[str, Any]) -> None:
        self.last, self.result = result, sold(result)

    def say(self, state: str, text: str) -> None:
        self.notice = (state, text)
