"""Rows of a page's table: replaced, appended, asked for as the end comes near, shown as plain text."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester

from ui.theme import Theme
from ui.widgets.table import ROW, Column, RowsModel, Table

COLUMNS = (
    Column("Name", lambda row: row[0], stretch=True),
    Column("State", lambda row: row[1], "failed", state=lambda row: row[1]),
)


def test_the_model_keeps_qt_s_rules_and_asks_for_more(qapp: object, theme: Theme) -> None:
    model = RowsModel(theme, COLUMNS)
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    asked: list[int] = []
    model.show_rows([("a", "ok"), ("b", "failed")])
    assert not model.canFetchMore(QModelIndex())
    model.more = lambda: asked.append(1)
    assert model.canFetchMore(QModelIndex())
    model.fetchMore(QModelIndex())
    model.append([("c", "plain")])
    model.append([])
    assert asked and [model.index(i, 0).data(ROW)[0] for i in range(model.rowCount())] == ["a", "b", "c"]
    assert model.index(1, 1).data(int(Qt.ItemDataRole.ForegroundRole)) == theme.colour("failed")
    assert model.index(2, 1).data(int(Qt.ItemDataRole.ForegroundRole)) is None
    resets: list[int] = []
    model.modelReset.connect(lambda: resets.append(1))
    model.show_rows([("a", "ok"), ("b", "failed"), ("c", "plain")])
    assert resets == []  # the same rows: whoever reads keeps their place
    del tester


def test_markup_in_a_cell_is_no_markup_in_its_tooltip(qapp: object, theme: Theme) -> None:
    model = RowsModel(theme, COLUMNS)
    model.show_rows([("<b>x</b>", "ok")])
    assert model.index(0, 0).data() == "<b>x</b>"
    assert "&lt;b&gt;" in model.index(0, 0).data(int(Qt.ItemDataRole.ToolTipRole))


def test_a_row_is_opened_and_told_whole(qapp: object, theme: Theme) -> None:
    model = RowsModel(theme, COLUMNS)
    table = Table(theme, "Things", model, COLUMNS)
    opened: list[object] = []
    table.opened.connect(opened.append)
    model.show_rows([("a", "ok"), ("b", "failed")])
    assert table.chosen() is None
    table.selectRow(1)
    table.activated.emit(table.currentIndex())
    assert table.chosen() == ("b", "failed") and opened == [("b", "failed")]
