"""A panel for one section of the engine's settings: a form from a table, and "Save". A backup can be made at once."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from ui.i18n import translate
from ui.settings.panel import Host, Panel
from ui.settings.sections import SectionForm, shown, taken
from ui.widgets.form import Form, Question


class SectionPanel(Panel):
    """What the engine refuses is said in the page; nothing is changed then."""

    def __init__(self, host: Host, form: SectionForm) -> None:
        super().__init__(host, translate("settings", form.title), translate("settings", form.why))
        self._form = form
        kinds = {"tick": "tick", "folder": "folder"}
        self.fields = Form(
            self.desk.theme,
            [
                Question(m.name, translate("settings", m.label), kinds.get(m.form, "text"), m.hint)  # type: ignore[arg-type]
                for m in form.members
            ],
        )
        self.body.addWidget(self.fields)
        self.body.addStretch(1)
        self.fields.entered.connect(self.save)
        self.add_button(translate("settings", "Save"), self.save, main=True)
        if form.section == "backup":
            self.add_button(translate("settings", "Back up now"), self._ask_file)

    async def load(self) -> None:
        values = (await self.desk.operate("settings.list"))[self._form.section]
        self.fields.fill(shown(self._form, values))

    def save(self) -> None:
        self.run(self._save())

    async def _save(self) -> None:
        values = taken(self._form, self.fields.values())
        await self.desk.operate("settings.set", section=self._form.section, values=values)
        self.desk.say(translate("settings", "Saved"))

    def _ask_file(self) -> None:
        dialog = QFileDialog(self, translate("settings", "Back up to"), "fiscalmon-backup.db")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.fileSelected.connect(lambda file: self.run(self.back_up(file)))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    async def back_up(self, file: str) -> None:
        """A verified copy, without the keys: those go into an encrypted file by the command line."""
        await self.desk.operate("backup", file=file)
        self.desk.say(translate("settings", "A verified copy lies in {file}").format(file=file))
