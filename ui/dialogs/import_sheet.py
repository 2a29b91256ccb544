"""What importing a product list would do, looked at before anything is changed: figures, and the lines with problems.

Shows what it is given and calls what it is given; must not know the engine.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QCheckBox, QFrame, QListWidget, QListWidgetItem, QWidget

from fiscalmon.services.products import Looked
from ui.dialogs.sheet import Sheet
from ui.presenters import words
from ui.theme import Theme
from ui.widgets.labels import plain, set_property, show_text

SHOWN = 200


def summary(looked: Looked, *, replace: bool) -> str:
    """One sentence of figures."""
    change = looked.change
    left = f"{words.plural(change.left, 'product')} of the list {'is' if change.left == 1 else 'are'} not in the file"
    parts = [f"{words.count(change.added)} new", f"{words.count(change.changed)} changed"]
    parts += [f"{words.count(change.same)} the same"]
    fate = "" if not change.left else f" {left} and {'would be dropped' if replace else 'stay as they are'}."
    return f"{words.plural(len(looked.products), 'product')}: {', '.join(parts)}.{fate}"


class ImportSheet(Sheet):
    """`look` is asked again when the mark for replacing changes; accepted when the list is to be taken."""

    def __init__(
        self,
        parent: QWidget,
        theme: Theme,
        looked: Looked,
        look: Callable[[bool], Awaitable[Looked]],
        run: Callable[[Awaitable[None]], None],
    ) -> None:
        super().__init__(parent, theme, "Import a product list?")
        self._look, self._run = look, run
        self.figures = plain(wrap=True)
        self.body.addWidget(self.figures)
        self.trouble = plain("", wrap=True)
        set_property(self.trouble, "state", "attention")
        self.body.addWidget(self.trouble)
        self.list = QListWidget()
        self.list.setAccessibleName("Lines of the file")
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setMinimumSize(600, 220)
        self.body.addWidget(self.list, 1)
        self.replace = QCheckBox("Drop products that the file does not name")
        self.replace.setMinimumHeight(theme.tokens.target)
        self.replace.toggled.connect(lambda on: self._run(self._again(on)))
        self.body.addWidget(self.replace)
        self.leave = self.add_button("Cancel")
        self.leave.clicked.connect(self.reject)
        self.take = self.add_button("Import", act=True)
        self.take.clicked.connect(self.accept)
        self.show_looked(looked)
        self.leave.setFocus()

    def show_looked(self, looked: Looked) -> None:
        problems = len(looked.problems) + looked.more
        show_text(self.figures, summary(looked, replace=self.replace.isChecked()))
        show_text(self.trouble, f"{words.plural(problems, 'line')} cannot be taken:" if problems else "")
        self.trouble.setVisible(bool(problems))
        rows = [f"Line {problem.line}: {problem.text}" if problem.line else problem.text for problem in looked.problems]
        if not rows:
            rows = [
                f"{product.name} · {product.sku} · "
                + ", ".join(f"{currency} {price:f}" for currency, price in product.prices.items())
                for product in looked.products[:SHOWN]
            ]
        self.list.clear()
        for row in rows[:SHOWN]:
            item = QListWidgetItem(words.sentence(row))
            item.setSizeHint(QSize(100, 28))
            item.setToolTip("")
            self.list.addItem(item)
        self.take.setEnabled(bool(looked.products))

    async def _again(self, on: bool) -> None:
        self.show_looked(await self._look(on))
