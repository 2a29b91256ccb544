"""One number with its name over it and a line of context under it. Shows a KpiView; decides nothing."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from ui.i18n import translate
from ui.presenters.kpis import KpiView
from ui.presenters.words import plural
from ui.theme import Theme
from ui.widgets.card import Card
from ui.widgets.icons import Icon
from ui.widgets.labels import FitLabel, escaped, plain, set_property, show_text
from ui.widgets.sparkline import Sparkline

_THIN = "\u202f"  # a narrow space that does not break: "100.0 %" fits a narrow card at the numeral's size
CURRENCIES = 2  # lines on the sales card; the rest is counted in its context line


class KpiCard(Card):
    """Label, numeral (or amounts by currency), context, chip when not plainly ok, sparkline."""

    def __init__(self, theme: Theme, label: str, *, foot: bool = False) -> None:
        """`foot` keeps room for a sparkline, so that the numbers of one row stand on one line."""
        super().__init__(theme, theme.tokens.space["3"])
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(label)
        self._view: KpiView | None = None
        self._label = FitLabel(theme, ("body", "small"), role="muted")
        self._label.show_whole(label)
        self._chip = plain(role="chip")
        self._chip.hide()
        self._sign = Icon(theme, 18)
        self._sign.hide()
        self._value = FitLabel(theme, ("kpi", "numeral", "title"), strong=True)
        self._amounts = [_Amount(theme) for _ in range(CURRENCIES)]
        self._context = FitLabel(theme, ("body", "small"), role="muted")
        self._spark = Sparkline(theme)
        self._spark.setAccessibleName(translate("kpi_card", "{label}, history").format(label=label))
        head = QHBoxLayout()
        head.setSpacing(theme.tokens.space["1"])
        head.addWidget(self._label, 1)
        head.addWidget(self._chip, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(head)
        self.body.addStretch(1)
        self.body.addWidget(self._value)
        for amount in self._amounts:
            amount.hide()
            self.body.addWidget(amount)
        self.body.addStretch(1)
        self.body.addWidget(self._context)
        self.body.addWidget(self._spark)
        kept = self._spark.sizePolicy()
        kept.setRetainSizeWhenHidden(foot)
        self._spark.setSizePolicy(kept)
        self._spark.hide()

    def show_kpi(self, view: KpiView) -> None:
        """Touches only what differs from the last view."""
        if view == self._view:
            return
        self._view = view
        self.setAccessibleDescription(view.spoken())
        self._value.setVisible(not view.amounts)
        self._value.show_whole(f"{view.value}{_THIN}{view.unit}" if view.unit else view.value)
        self._value.setAccessibleName(view.spoken())
        set_property(self._value, "state", "unknown" if view.reason else view.state if view.state == "failed" else "")
        if view.reason:
            self._value.setToolTip(escaped(view.reason))
        for i, amount in enumerate(self._amounts):
            amount.setVisible(i < len(view.amounts))
            if i < len(view.amounts):
                amount.show_amount(*view.amounts[i])
        more = len(view.amounts) - CURRENCIES
        rest = f", {plural(more, 'currency')}" if more > 0 else ""
        self._context.show_whole(view.context + rest)
        self._context.setToolTip(escaped("\n".join(f"{c} {a}" for c, a in view.amounts)) if more > 0 else "")
        show_text(self._chip, view.chip)
        set_property(self._chip, "state", view.state)
        self._sign.show_icon(view.state, view.state if view.chip else "text")
        self._place_chip()
        self._spark.show_values(view.spark)
        self._spark.setVisible(bool(view.spark))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_chip()

    def _place_chip(self) -> None:
        """The chip with its word where it fits beside the label, else its sign: the context says the word."""
        chip = self._view.chip if self._view else ""
        margins = self.body.contentsMargins()
        room = self.width() - margins.left() - margins.right() - self._label.sizeHint().width() - 8
        wide = self._chip.sizeHint().width() <= room
        self._chip.setVisible(bool(chip) and wide)
        self._sign.setVisible(bool(chip) and not wide)
        self._sign.setToolTip(escaped(chip) if chip else "")

    def view(self) -> KpiView | None:
        return self._view

    def texts(self) -> list[QLabel]:
        """Every text label, for the check that nothing is cut off."""
        return [self._label, self._value, self._context, *(a.text for a in self._amounts)]

    def minimumSizeHint(self) -> QSize:
        return QSize(120, super().minimumSizeHint().height())


class _Amount(QWidget):
    """A currency's code, quiet, and its amount."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._code = plain(role="muted")
        self.text = FitLabel(theme, ("numeral", "title", "lead", "body"), strong=True)
        self.text.setMaximumHeight(theme.tokens.sizes["numeral"] + 4)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.tokens.space["2"])
        row.addWidget(self._code, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.text, 1)

    def show_amount(self, currency: str, amount: str) -> None:
        show_text(self._code, currency)
        self.text.show_whole(amount)
        self.text.setAccessibleName(f"{currency} {amount}")
