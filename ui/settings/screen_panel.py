"""This screen: light or dark, what closing means, coming back by itself, the PIN of the cashier's lock."""

from __future__ import annotations

from ui import autostart
from ui.dialogs.form_sheet import Field, FormSheet
from ui.i18n import translate
from ui.settings.panel import Host, Panel
from ui.widgets.form import Form, Question


class ScreenPanel(Panel):
    """Remembered on this machine, not in the books. Each choice holds at once."""

    def __init__(self, host: Host) -> None:
        why = translate("settings", "How this window behaves on this machine.")
        super().__init__(host, translate("settings", "This screen"), why)
        self._shown = False
        self.fields = Form(
            self.desk.theme,
            [
                Question(
                    "scheme",
                    translate("settings", "Light or dark"),
                    "radio",
                    choices=(
                        ("", translate("settings", "As the system has it")),
                        ("light", translate("settings", "Light")),
                        ("dark", translate("settings", "Dark")),
                    ),
                ),
                Question(
                    "keep",
                    translate("settings", "When the window is closed"),
                    "radio",
                    choices=(
                        ("ask", translate("settings", "Ask")),
                        ("keep", translate("settings", "Stay at work beside the clock")),
                        ("quit", translate("settings", "Quit")),
                    ),
                ),
                Question("autostart", translate("settings", "Start when this user signs in"), "tick"),
            ],
        )
        self.fields.changed.connect(self._changed)
        self.body.addWidget(self.fields)
        self.body.addStretch(1)
        self.add_button(translate("settings", "PIN"), lambda: self.run(self._pin()), main=True)
        self.add_button(translate("settings", "Lock now"), lambda: self.desk.do("lock"))

    async def load(self) -> None:
        screen = self.desk.screen.screen
        keep = {None: "ask", True: "keep", False: "quit"}[screen.keep]
        self._shown = False
        on = "yes" if autostart.is_on() else "no"
        self.fields.fill({"scheme": screen.scheme, "keep": keep, "autostart": on})
        self._shown = True

    def _changed(self) -> None:
        if not self._shown:
            return
        values = self.fields.values()
        self.desk.screen.change(keep={"ask": None, "keep": True, "quit": False}[values["keep"]])
        scheme = values["scheme"]
        if (self.desk.theme.chosen or "") != scheme:
            self.desk.theme.choose(scheme if scheme in ("light", "dark") else None)  # type: ignore[arg-type]
        on = values["autostart"] == "yes"
        if on != autostart.is_on():
            self.run(self._autostart(on))

    async def _autostart(self, on: bool) -> None:
        autostart.switch(on)
        self.desk.say(translate("settings", "Saved"))

    async def _pin(self) -> None:
        has = (await self.desk.operate("lock.state"))["pin"]
        before = [Field("before", translate("settings", "PIN until now"), secret=True)] if has else []
        fields = [*before, Field("pin", translate("settings", "New PIN; empty for none"), secret=True)]
        title = translate("settings", "PIN of the lock")
        sheet = FormSheet(
            self.window(), self.desk.theme, title, fields, lambda values: None, translate("settings", "Save")
        )
        if await self.desk.dialog(lambda: sheet):
            values = sheet.values()
            state = await self.desk.operate("lock.set", pin=values["pin"] or None, before=values.get("before"))
            on, off = translate("settings", "F12 locks this screen"), translate("settings", "There is no PIN any more")
            self.desk.say(on if state["pin"] else off)
