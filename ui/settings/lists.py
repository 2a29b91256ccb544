"""Panels around a list: devices, printers, accounts. Each row is chosen, each act is asked for by a button.

Ask the engine through their desk; a secret goes from its field to the engine and is kept nowhere.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from fiscalmon.domain.errors import BadInput
from ui.dialogs.form_sheet import Field, FormSheet
from ui.dialogs.sheet import Sheet
from ui.i18n import translate
from ui.presenters.device_facts import health_word
from ui.settings.panel import Host, Panel
from ui.widgets.labels import plain
from ui.widgets.table import Column, RowsModel, Table

Row = Mapping[str, Any]
_LEAST = 96  # px of a list: its head and a row


class ListPanel(Panel):
    """`chosen` is the row that acts are about; the first one is chosen by itself."""

    def __init__(self, host: Host, title: str, why: str, columns: Sequence[Column]) -> None:
        super().__init__(host, title, why)
        self.model = RowsModel(self.desk.theme, columns, self)
        self.table = Table(self.desk.theme, title, self.model, columns)
        self.table.setMinimumHeight(_LEAST)
        self.body.addWidget(self.table, 1)

    def show_rows(self, rows: Sequence[Row]) -> None:
        place = max(0, self.table.currentIndex().row())
        self.model.show_rows(rows)
        if rows:
            self.table.selectRow(min(place, len(rows) - 1))

    def about(self, act: Callable[[Row], Any]) -> Callable[[], None]:
        """An act on the chosen row; nothing without one."""

        def do() -> None:
            row = self.table.chosen()
            if row is None:
                self.desk.say(translate("settings", "Choose a row first"))
            else:
                self.run(act(row))

        return do

    async def fill_in(
        self, title: str, fields: Sequence[Field], done: str, check: Callable[[dict[str, str]], object] | None = None
    ) -> dict[str, str] | None:
        """A sheet with fields; None when it was left. It stays open while `check` raises."""
        sheet = FormSheet(self.window(), self.desk.theme, title, fields, check or (lambda values: None), done)
        return sheet.values() if await self.desk.dialog(lambda: sheet) else None

    async def sure(self, title: str, text: str, act: str) -> bool:
        """A question before something that cannot be taken back."""
        sheet = Sheet(self.window(), self.desk.theme, title)
        sheet.body.addWidget(plain(text, wrap=True))
        stay = sheet.add_button(translate("settings", "Cancel"))
        stay.clicked.connect(sheet.reject)
        go = sheet.add_button(act, act=True)
        go.clicked.connect(sheet.accept)
        stay.setFocus()
        sheet.setMinimumWidth(440)
        return await self.desk.dialog(lambda: sheet)


class DevicesPanel(ListPanel):
    """The fiscal devices; another one is registered in the first run's steps."""

    def __init__(self, host: Host) -> None:
        columns = (
            Column(translate("settings", "Device"), lambda d: str(d["deviceID"]), "0000000"),
            Column(translate("settings", "Taxpayer"), lambda d: str(d.get("taxPayerName") or "—"), stretch=True),
            Column(
                translate("settings", "State"),
                lambda d: health_word(str(d["health"])),
                health_word("failed"),
                state=lambda d: d["health"],
            ),
            Column(
                translate("settings", "Certificate till"), lambda d: str(d["certificateValidTill"])[:10], "0000-00-00"
            ),
        )
        title = translate("settings", "Devices")
        super().__init__(host, title, translate("settings", "What FDMS knows this till by."), columns)
        self.add_button(translate("settings", "Register another"), self._register, main=True)
        self.add_button(translate("settings", "Ask FDMS"), self.about(self._ping))
        self.add_button(translate("settings", "Read configuration"), self.about(self._config))
        self.add_button(translate("settings", "Renew certificate"), self.about(self._renew))
        self.table.opened.connect(lambda d: self.desk.go("device", str(d["deviceID"])))

    async def load(self) -> None:
        self.show_rows(await self.desk.operate("device.list"))

    def _register(self) -> None:
        self.run(self.register())

    async def register(self) -> None:
        """Asks FDMS whose the device is, shows it, then registers."""
        from ui.wizard.acts import WizardActs
        from ui.wizard.steps import LIVE_GATEWAY, TEST_GATEWAY, check_device
        from ui.wizard.summary import taxpayer_facts

        choices = ((translate("settings", "Test environment"), "test"), (translate("settings", "Production"), "live"))
        fields = [
            Field(
                "gateway",
                translate("settings", "FDMS"),
                "test",
                choices=(*choices, (translate("settings", "Other"), "other")),
            ),
            Field("gateway_url", translate("settings", "Other address"), hint=TEST_GATEWAY),
            Field("ca_file", translate("settings", "Its CA file, if any")),
            Field("device_id", translate("settings", "Device ID")),
            Field("serial", translate("settings", "Serial number")),
            Field("activation_key", translate("settings", "Activation key"), secret=True),
        ]
        values = await self.fill_in(
            translate("settings", "Register a device"), fields, translate("settings", "Ask FDMS")
        )
        if values is None:
            return
        problems = check_device(values)
        if problems:
            raise BadInput(" ".join(problems.values()))
        acts = WizardActs(self.desk.operate)
        await acts.ask_taxpayer(values)
        facts = taxpayer_facts(acts.taxpayer)[0].facts
        text = "\n".join(f"{fact.name}: {fact.value}" for fact in facts)
        live = values["gateway"] == "live"
        text += f"\n\nFDMS: {LIVE_GATEWAY if live else values['gateway_url'] or TEST_GATEWAY}"
        if await self.sure(translate("settings", "Is this you?"), text, translate("settings", "Register")):
            await acts.register(values)

    async def _ping(self, row: Row) -> None:
        await self.desk.operate("device.ping", deviceID=row["deviceID"])
        self.desk.say(translate("settings", "FDMS answered device {device}").format(device=row["deviceID"]))

    async def _config(self, row: Row) -> None:
        await self.desk.operate("device.config", deviceID=row["deviceID"])
        self.desk.say(
            translate("settings", "The configuration of device {device} was read").format(device=row["deviceID"])
        )

    async def _renew(self, row: Row) -> None:
        text = translate("settings", "FDMS gives device {device} a new certificate. Selling goes on.").format(
            device=row["deviceID"]
        )
        if await self.sure(translate("settings", "Renew the certificate?"), text, translate("settings", "Renew")):
            await self.desk.operate("device.renew", deviceID=row["deviceID"])
            self.desk.say(translate("settings", "Device {device} has a new certificate").format(device=row["deviceID"]))


class PrintersPanel(ListPanel):
    """The printers, and the slips that did not make it."""

    def __init__(self, host: Host) -> None:
        columns = (
            Column(translate("settings", "Printer"), lambda p: str(p["name"]), "kitchen printer"),
            Column(translate("settings", "Kind"), lambda p: str(p["family"]), "escpos"),
            Column(translate("settings", "Port"), lambda p: str(p["port"]), stretch=True),
            Column(translate("settings", "State"), lambda p: str(p["state"]), "attention", state=_printer_state),
        )
        super().__init__(
            host,
            translate("settings", "Printers"),
            translate("settings", "What stands on paper comes from these."),
            columns,
        )
        slips = (
            Column(translate("settings", "Slip"), lambda j: str(j["job"]), "00000"),
            Column(translate("settings", "Receipt"), lambda j: str(j["receiptGlobalNo"] or j["kind"]), "0000000"),
            Column(translate("settings", "State"), lambda j: str(j["state"]), "attention"),
            Column(translate("settings", "Why"), lambda j: str(j["reason"] or ""), stretch=True),
        )
        self.slips = RowsModel(self.desk.theme, slips, self)
        self.slip_table = Table(self.desk.theme, translate("settings", "Slips"), self.slips, slips)
        self.body.addWidget(plain(translate("settings", "Newest slips of the chosen printer"), "lead"))
        self.slip_table.setMinimumHeight(_LEAST)
        self.body.addWidget(self.slip_table, 1)
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self.host.work(self._slips()))
        self.add_button(translate("settings", "Add"), lambda: self.run(self.add()), main=True)
        self.add_button(translate("settings", "Test page"), self.about(self._test))
        self.add_button(translate("settings", "Remove"), self.about(self._remove))
        self.add_button(translate("settings", "Print slip again"), lambda: self.run(self._slip("printer.retry")))
        self.add_button(translate("settings", "Skip slip"), lambda: self.run(self._slip("printer.skip")))
        self.add_button(translate("settings", "It is on paper"), lambda: self.run(self._slip("printer.confirm")))

    async def load(self) -> None:
        self.show_rows(await self.desk.operate("printer.list"))
        await self._slips()

    async def add(self) -> None:
        from ui.wizard.acts import WizardActs
        from ui.wizard.steps import FAMILIES

        found = await self.desk.operate("printer.ports")
        port = str(found[0]["port"]) if found else ""
        kinds = tuple((translate("wizard", text), value) for value, text in FAMILIES)
        fields = [
            Field("printer_name", translate("settings", "Name"), "counter"),
            Field("printer_port", translate("settings", "Port"), port, "/dev/ttyUSB0, COM3"),
            Field("printer_family", translate("settings", "Kind"), "escpos", choices=kinds),
            Field("printer_baud", translate("settings", "Speed"), "115200"),
        ]
        values = await self.fill_in(translate("settings", "Add a printer"), fields, translate("settings", "Add"))
        if values is None:
            return
        if not values["printer_baud"].isdigit():
            raise BadInput(translate("settings", "The speed is a number, such as 115200."))
        await WizardActs(self.desk.operate).add_printer(values)

    async def _slips(self) -> None:
        row = self.table.chosen()
        jobs = await self.desk.operate("printer.jobs", printer=row["name"], limit=50) if row else []
        self.slips.show_rows(list(reversed(jobs)))

    async def _test(self, row: Row) -> None:
        job = await self.desk.operate("printer.test", printer=row["name"])
        done = translate("settings", "The test page was printed")
        self.desk.say(done if job["state"] == "printed" else str(job["reason"] or job["state"]))

    async def _remove(self, row: Row) -> None:
        text = translate("settings", "What waits for {name} is given up; its journal stays.").format(name=row["name"])
        if await self.sure(translate("settings", "Remove the printer?"), text, translate("settings", "Remove")):
            await self.desk.operate("printer.remove", printer=row["name"])

    async def _slip(self, operation: str) -> None:
        slip = self.slip_table.chosen()
        if slip is None:
            self.desk.say(translate("settings", "Choose a slip first"))
            return
        more = {"wait": False} if operation == "printer.retry" else {}
        await self.desk.operate(operation, job=slip["job"], **more)


class AccountsPanel(ListPanel):
    """Who may look in from the shop's network."""

    def __init__(self, host: Host) -> None:
        columns = (
            Column(translate("settings", "Name"), lambda a: str(a["name"]), stretch=True),
            Column(translate("settings", "Role"), lambda a: str(a["role"]), "manager"),
            Column(translate("settings", "Devices"), _devices, "10001, 10002"),
            Column(translate("settings", "Signed in"), lambda a: str(len(a["sessions"])), "000", right=True),
        )
        why = translate(
            "settings", "Viewers see figures, managers work with the day, support sees logs, owners everything."
        )
        super().__init__(host, translate("settings", "Accounts"), why, columns)
        self.add_button(translate("settings", "Add"), lambda: self.run(self.add()), main=True)
        self.add_button(translate("settings", "Password"), self.about(self._password))
        self.add_button(translate("settings", "Role"), self.about(self._role))
        self.add_button(translate("settings", "Devices"), self.about(self._devices))
        self.add_button(translate("settings", "Sign out everywhere"), self.about(self._end))
        self.add_button(translate("settings", "Remove"), self.about(self._remove))

    async def load(self) -> None:
        self.show_rows(await self.desk.operate("user.list"))

    async def add(self) -> None:
        fields = [
            Field("name", translate("settings", "Name")),
            Field("role", translate("settings", "Role"), "viewer", choices=_roles()),
            *_password_fields(),
        ]
        values = await self.fill_in(translate("settings", "Add an account"), fields, translate("settings", "Add"))
        if values is not None:
            _same(values)
            await self.desk.operate("user.add", name=values["name"], role=values["role"], password=values["password"])

    async def _password(self, row: Row) -> None:
        title = translate("settings", "A new password for {name}").format(name=row["name"])
        values = await self.fill_in(title, _password_fields(), translate("settings", "Change"))
        if values is not None:
            _same(values)
            await self.desk.operate("user.password", name=row["name"], password=values["password"])

    async def _role(self, row: Row) -> None:
        fields = [Field("role", translate("settings", "Role"), str(row["role"]), choices=_roles())]
        values = await self.fill_in(str(row["name"]), fields, translate("settings", "Change"))
        if values is not None:
            await self.desk.operate("user.role", name=row["name"], role=values["role"])

    async def _devices(self, row: Row) -> None:
        given = ", ".join(str(device) for device in row["devices"] or ())
        fields = [Field("devices", translate("settings", "Devices; empty is all"), given, "10001, 10002")]
        values = await self.fill_in(str(row["name"]), fields, translate("settings", "Change"))
        if values is None:
            return
        numbers = [part for part in values["devices"].replace(",", " ").split() if part]
        if not all(part.isdigit() for part in numbers):
            raise BadInput(translate("settings", "Devices are numbers, with commas between them."))
        devices = [int(part) for part in numbers] or None
        await self.desk.operate("user.devices", name=row["name"], devices=devices)

    async def _end(self, row: Row) -> None:
        await self.desk.operate("user.end", name=row["name"])
        self.desk.say(translate("settings", "{name} is signed out everywhere").format(name=row["name"]))

    async def _remove(self, row: Row) -> None:
        text = translate("settings", "{name} is signed out at once and cannot sign in again.").format(name=row["name"])
        if await self.sure(translate("settings", "Remove the account?"), text, translate("settings", "Remove")):
            await self.desk.operate("user.remove", name=row["name"])


def _printer_state(row: Row) -> str:
    return {"ready": "ok", "attention": "attention", "away": "attention", "stopped": "failed"}.get(
        str(row["state"]), "muted"
    )


def _devices(row: Row) -> str:
    return translate("settings", "all") if row["devices"] is None else ", ".join(str(d) for d in row["devices"])


def _roles() -> tuple[tuple[str, str], ...]:
    return tuple((role, role) for role in ("viewer", "manager", "support", "owner", "pos"))


def _password_fields() -> list[Field]:
    return [
        Field(
            "password",
            translate("settings", "Password"),
            hint=translate("settings", "12 characters or more"),
            secret=True,
        ),
        Field("again", translate("settings", "Once more"), secret=True),
    ]


def _same(values: Mapping[str, str]) -> None:
    if values["password"] != values["again"]:
        raise BadInput(translate("settings", "The two passwords differ: nothing was changed."))
