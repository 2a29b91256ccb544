"""What importing a product list would do, looked at before anything is changed: figures, and the lines with problems.

Shows what it is given and calls what it is given; must not know the engine.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QCheckBox, QFrame, QListWidget, QListWidgetItem, QWidget

from fiscalmon.services.products import Looked
from ui.dialogs.sheet import Sheet
from ui.i18n import translate
from ui.presenters import words
from ui.theme import Theme
from ui.widgets.labels import plain, set_property, show_text

SHOWN = 200


def summary(looked: Looked, *, replace: bool) -> str:
    """One sentence of figures."""
    change = looked.change
    parts = [
        translate("import", "{added} new").format(added=words.count(change.added)),
        translate("import", "{changed} changed").format(changed=words.count(change.changed)),
    ]
    parts += [translate("import", "{same} the same").format(same=words.count(change.same))]
    told = f"{words.plural(len(looked.products), 'product')}: {', '.join(parts)}."
    return f"{told} {_fate(change.left, replace=replace)}" if change.left else told


def _fate(left: int, *, replace: bool) -> str:
    """What becomes of products that the file does not name."""
    many = words.plural(left, "product")
    if left == 1:
        return (
            translate("import", "1 product of the list is not in the file and would be dropped.")
            if replace
            else translate("import", "1 product of the list is not in the file and stays as it is.")
        )
    if replace:
        return translate("import", "{many} of the list are not in the file and would be dropped.").format(many=many)
    return translate("import", "{many} of the list are not in the file and stay as they are.").format(many=many)


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
        super().__init__(parent, theme, translate("import", "Import a product list?"))
        self._look, self._run = look, run
        self.figures = plain(wrap=True)
        self.body.addWidget(self.figures)
        self.trouble = plain("", wrap=True)
        set_property(self.trouble, "state", "attention")
        self.body.addWidget(self.trouble)
        self.advice = plain("", wrap=True)
        set_property(self.advice, "state", "attention")
        self.body.addWidget(self.advice)
        self.list = QListWidget()
        self.list.setAccessibleName(translate("import", "Lines of the file"))
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setMinimumSize(600, 140)
        self.body.addWidget(self.list, 1)
        self.replace = QCheckBox(translate("import", "Drop products that the file does not name"))
        self.replace.setMinimumHeight(theme.tokens.target)
        self.replace.toggled.connect(lambda on: self._run(self._again(on)))
        self.body.addWidget(self.replace)
        self.leave = self.add_button(translate("import", "Cancel"))
        self.leave.clicked.connect(self.reject)
        self.take = self.add_button(translate("import", "Import"), act=True)
        self.take.clicked.connect(self.accept)
        self.show_looked(looked)
        self.leave.setFocus()
        self.resize(660, 480)  # a list wants more than a low screen has

    def show_looked(self, looked: Looked) -> None:
        problems = len(looked.problems) + looked.more
        show_text(self.figures, summary(looked, replace=self.replace.isChecked()))
        show_text(
            self.trouble,
            translate("import", "{many} cannot be taken:").format(many=words.plural(problems, "line"))
            if problems
            else "",
        )
        self.trouble.setVisible(bool(problems))
        show_text(self.advice, words.sentence(looked.advice))
        self.advice.setVisible(bool(looked.advice))
        rows = [
            translate("import", "Line {line}: {text}").format(line=problem.line, text=problem.text)
            if problem.line
            else problem.text
            for problem in looked.problems
        ]
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
