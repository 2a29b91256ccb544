"""Text from FDMS, sales and printers that wants to be more than text: all of the window shows it plain."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QAbstractItemModel, QAbstractListModel, QModelIndex, Qt
from PySide6.QtWidgets import QAbstractItemView, QComboBox, QLabel, QListWidget, QWidget

from tests.gui.scripted_engine import Message, device, snapshot
from tests.gui.walk import marked_up
from ui.dialogs.credit_sheet import CreditSheet
from ui.dialogs.form_sheet import Field, FormSheet
from ui.dialogs.notices import row_sheet
from ui.main_window import MainWindow
from ui.presenters import words
from ui.presenters.debit import line_choices
from ui.presenters.feed import _SENTENCES
from ui.presenters.receipts import life, life_title
from ui.presenters.till_view import TillView
from ui.theme import Theme
from ui.widgets.facts import FactsView

HOSTILE = (
    "<b>PAID</b><img src='file:///etc/passwd'><a href='http://x'>free</a> &amp; &lt;i&gt;",
    "a\u202egnihton\u202c \u2066x\u2069 \u200e\ufeff",
    "\x1b[31mred\x1b[0m \x00\x07\r\nnext\tcell",
    "x" * 4_000,
    "None null undefined NaN %s {0} {name} ${HOME}",
)
FORBIDDEN = [chr(n) for n in (*range(9), *range(11, 32), 127, *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E)]
FIELDS = (
    *("reason", "advice", "printer", "title", "by", "invoiceNo", "saleId", "receiptType", "currency", "refusal"),
    *("attention", "closingError", "detail", "code", "fiscalDayClosingErrorCode", "serial", "deviceSerialNo"),
)


def texts(root: QWidget) -> Iterator[str]:
    """All that is shown: labels, tooltips, rows of lists and tables with their tooltips, titles, choices."""
    for one in (root, *root.findChildren(QWidget)):
        yield from (one.toolTip(), one.windowTitle())
        if isinstance(one, QLabel):
            yield one.text()
        elif isinstance(one, QComboBox):
            yield from (one.itemText(row) for row in range(one.count()))
        elif isinstance(one, QAbstractItemView) and one.model() is not None:
            yield from cells(one.model())


def cells(model: QAbstractItemModel) -> Iterator[str]:
    for row in range(model.rowCount(QModelIndex())):
        for column in range(1 if isinstance(model, QAbstractListModel) else model.columnCount(QModelIndex())):
            for role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
                value = model.data(model.index(row, column), role)
                if isinstance(value, str):
                    yield value


def tricks(root: QWidget) -> list[str]:
    """What is not plain: labels that read markup, tooltips with tags of others, characters that turn or hide text."""
    found = [f"markup: {text[:60]!r}" for text in marked_up(root)]
    found += [
        f"tooltip of {type(one).__name__}: {one.toolTip()[:60]!r}"
        for one in (root, *root.findChildren(QWidget))
        if any(tag in one.toolTip() for tag in ("<b>", "<img", "<a "))
    ]
    found += [f"characters: {text[:60]!r}" for text in texts(root) if any(char in text for char in FORBIDDEN)]
    return found


def test_the_search_finds_what_it_looks_for(qapp: object) -> None:
    root = QWidget()
    QLabel("<b>x</b>", root)
    listed = QListWidget(root)
    listed.addItem("a\u202eb")
    listed.setToolTip("<img src=x>")
    assert [one.partition(":")[0] for one in tricks(root)] == ["markup", "tooltip of QListWidget", "characters"]


@pytest.mark.parametrize("hostile", HOSTILE, ids=["markup", "bidi", "control", "long", "nullish"])
def test_the_window_shows_it_plain(qapp: object, theme: Theme, hostile: str) -> None:
    view, window = TillView(lambda: 0.0), MainWindow(theme, "test")
    view.refreshed(snapshot())
    view.heard_devices(
        [device(101, health="attention", attention=hostile, taxPayerName=hostile, deviceModelName=hostile)]
    )
    data: dict[str, Any] = dict.fromkeys(FIELDS, hostile)
    kinds = list(_SENTENCES)
    for seq, kind in enumerate(kinds, 1):
        errors = [{"code": hostile, "color": "Red", "advice": hostile, "field": hostile}]
        told = Message(kind, seq, {**data, "validationErrors": errors, "receiptId": f"r{seq}", "receiptGlobalNo": seq})
        window.show_feed(view.fold([told]))
    assert window.model.rowCount() == len(view.feed.rows) >= len(kinds) - 3
    window.show_status(view.status())
    window.show_kpis(view.kpis())
    window.overview.show_panels(view)
    window.say(words.sentence(hostile))
    assert tricks(window) == []
    for row in view.feed.rows:
        assert tricks(row_sheet(window, theme, row)) == []
    window.deleteLater()


@pytest.mark.parametrize("hostile", HOSTILE, ids=["markup", "bidi", "control", "long", "nullish"])
def test_a_receipt_and_its_dialogs_show_it_plain(qapp: object, theme: Theme, hostile: str) -> None:
    receipt: dict[str, Any] = {
        **dict.fromkeys(("receiptType", "receiptCurrency", "status", "invoiceNo", "saleId", "receiptDate"), hostile),
        "receiptId": "r1",
        "receiptGlobalNo": 7,
        "receiptCounter": 1,
        "deviceID": 101,
        "fiscalDayNo": 1,
        "receiptTotal": "1.00",
        "validationErrors": [{"code": hostile, "color": hostile, "advice": hostile}],
        "fdmsReceiptId": hostile,
        "life": {
            "signedAt": hostile,
            "serverDate": hostile,
            "attempts": [{"at": hostile, "outcome": hostile, "error": hostile}],
        },
        "receipt": {
            "buyerData": {"buyerRegisterName": hostile, "buyerTIN": hostile},
            "receiptLines": [
                {
                    "receiptLineType": "Sale",
                    "receiptLineNo": 1,
                    "receiptLineName": hostile,
                    "receiptLineQuantity": hostile,
                    "receiptLinePrice": "1",
                    "receiptLineTotal": "1",
                    "taxID": 3,
                }
            ],
            "receiptPayments": [{"moneyTypeCode": hostile, "paymentAmount": hostile}],
        },
    }
    root = QWidget()
    facts = FactsView(theme, words.sentence(hostile)[:80])
    facts.setParent(root)
    facts.show_sections(life(receipt, None))
    assert tricks(root) == [] and not any(char in life_title(receipt) for char in FORBIDDEN)
    assert tricks(CreditSheet(root, theme, receipt)) == []
    field = Field("line", "For which line", choices=line_choices(receipt))
    assert tricks(FormSheet(root, theme, "Debit note", [field], lambda _: None)) == []
