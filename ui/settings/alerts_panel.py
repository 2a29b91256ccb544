"""Alerts: where they go besides the feed, and what is watched, from when on and at which hours.

Asks the engine through its desk; a secret goes from its hidden field to the engine and is kept nowhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from PySide6.QtWidgets import QSizePolicy

from fiscalmon.domain.errors import FiscalmonError
from ui.dialogs.form_sheet import Field
from ui.i18n import translate
from ui.presenters import words
from ui.presenters.alert_settings import (
    KINDS,
    RULES,
    ChannelRow,
    RuleRow,
    channel_of,
    channel_rows,
    check_name,
    rhythm,
    rhythm_values,
    rule_rows,
    rule_values,
    switched,
)
from ui.presenters.till_view import Heard
from ui.settings.lists import ListPanel
from ui.settings.panel import Host
from ui.widgets.labels import plain, show_text
from ui.widgets.table import Column, RowsModel, Table

_LEAST_RULES = 136  # px: the head and two rules and a half, so that one sees that there are more
_LONGEST_SECRET = 2_000


class AlertsPanel(ListPanel):
    """The channels above, the rules below; the first three buttons are about a channel, the others about the rules."""

    def __init__(self, host: Host) -> None:
        columns = (
            Column(translate("settings", "Channel"), lambda row: row.name, "office-mail"),
            Column(translate("settings", "Kind"), lambda row: row.kind, translate("settings", "Telegram")),
            Column(translate("settings", "To"), lambda row: row.target, stretch=True),
            Column(
                translate("settings", "Last outcome"),
                lambda row: row.outcome,
                stretch=True,
                state=lambda row: row.state,
            ),
        )
        why = translate("settings", "Who is told of trouble besides the feed of window and dashboard, and of what.")
        super().__init__(host, translate("settings", "Alerts"), why, columns)
        self._tests: dict[str, tuple[str, str]] = {}
        self.empty = plain(
            translate("settings", "Alerts stand in the feed alone. Add a channel, so that they reach you elsewhere."),
            "muted",
            wrap=True,
        )
        # Nothing is said before the engine has answered.
        self.empty.hide()
        self.body.addWidget(self.empty)
        rules = (
            Column(translate("settings", "What is watched"), lambda row: row.title, stretch=True),
            Column(
                translate("settings", "State"),
                lambda row: row.word,
                translate("settings", "Off"),
                state=lambda row: row.state,
            ),
            Column(translate("settings", "Told from"), lambda row: row.limit, "000 days", right=True),
            Column(translate("settings", "After"), lambda row: row.after, translate("settings", "at once"), right=True),
            Column(translate("settings", "Quiet hours"), lambda row: row.quiet, translate("settings", "Waits")),
        )
        self.rules = RowsModel(self.desk.theme, rules, self)
        self.rule_table = Table(self.desk.theme, translate("settings", "Rules"), self.rules, rules)
        self.rule_table.setMinimumHeight(_LEAST_RULES)
        self.rule_table.opened.connect(lambda row: self.run(self._change(row)))
        self.rhythm = plain("", "muted", wrap=True)
        self.body.addWidget(plain(translate("settings", "Rules"), "lead"))
        self.body.addWidget(self.rule_table, 2)
        for table in (self.table, self.rule_table):  # they take what is left, so that the buttons are in sight
            table.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self.body.addWidget(self.rhythm)
        self.add_button(translate("settings", "Add"), lambda: self.run(self.add()), main=True)
        self.test_button = self.add_button(translate("settings", "Test"), self.about(self._test))
        self.remove_button = self.add_button(translate("settings", "Remove"), self.about(self._remove))
        self.add_button(translate("settings", "Change rule"), lambda: self._about_rule(self._change))
        self.add_button(translate("settings", "Rule on or off"), lambda: self._about_rule(self._switch))
        self.add_button(translate("settings", "Quiet hours"), lambda: self.run(self._quiet()))

    async def load(self) -> None:
        channels = await self.desk.operate("alerts.channels")
        rules, section = await self.desk.operate("alerts.rules"), await self._section()
        self.show_rows(channel_rows(channels, self._tests))
        place = max(0, self.rule_table.currentIndex().row())
        self.rules.show_rows(rule_rows(rules, section))
        self.rule_table.selectRow(place)
        show_text(self.rhythm, rhythm(section))
        self.table.setVisible(bool(channels))
        self.empty.setVisible(not channels)
        for button in (self.test_button, self.remove_button):
            button.setEnabled(bool(channels))

    def told(self, messages: Iterable[Heard]) -> None:
        if any(message.type == "setting.changed" or message.type.startswith("alert.") for message in messages):
            self.host.work(self.load())

    async def add(self) -> None:
        """Which way and its name first, then what that way needs."""
        taken = [row.name for row in self.model.rows()]
        kinds = tuple((translate("settings", text), kind) for kind, text in KINDS)
        title = translate("settings", "Add a channel")
        first = await self.fill_in(
            title,
            [
                Field("kind", translate("settings", "Alerts go by"), kinds[0][1], choices=kinds),
                Field("name", translate("settings", "Name"), hint=translate("settings", "office")),
            ],
            translate("settings", "Next"),
            lambda values: check_name(values, taken),
        )
        if first is None:
            return
        name, kind = first["name"].strip(), first["kind"]
        values = await self.fill_in(
            translate("settings", "Add the channel {name}").format(name=name),
            _channel_fields(kind),
            translate("settings", "Add"),
            lambda values: channel_of(name, kind, values),
        )
        if values is None:
            return
        channel, secret = channel_of(name, kind, values)
        await self.desk.operate("alerts.add-channel", channel=channel, secret=secret)
        self._tests.pop(name, None)
        self.desk.say(translate("settings", "Alerts go to {name} from now on. Test it.").format(name=name))

    async def _test(self, row: ChannelRow) -> None:
        at = words.clock(self.desk.view.clock.now(), seconds=False)
        try:
            await self.desk.operate("alerts.test", name=row.name)
        except FiscalmonError:
            self._tests[row.name] = "failed", translate("settings", "The test of {time} failed").format(time=at)
            await self.load()
            raise
        self._tests[row.name] = "ok", translate("settings", "A test went out at {time}").format(time=at)
        self.desk.say(
            translate("settings", "A test went out by {name}: look whether it has arrived").format(name=row.name)
        )

    async def _remove(self, row: ChannelRow) -> None:
        text = translate("settings", "{name} and its secret are forgotten, with what waits for it.").format(
            name=row.name
        )
        if await self.sure(translate("settings", "Remove the channel?"), text, translate("settings", "Remove")):
            await self.desk.operate("alerts.remove-channel", name=row.name)
            self._tests.pop(row.name, None)

    def _about_rule(self, act: Any) -> None:
        row = self.rule_table.chosen()
        if row is None:
            self.desk.say(translate("settings", "Choose a rule first"))
        else:
            self.run(act(row))

    async def _switch(self, row: RuleRow) -> None:
        await self._set(switched(row, await self._section()))

    async def _change(self, row: RuleRow) -> None:
        section = await self._section()
        values = await self.fill_in(
            row.title,
            _rule_fields(row),
            translate("settings", "Change"),
            lambda values: rule_values(row, values, section),
        )
        if values is not None:
            await self._set(rule_values(row, values, await self._section()))

    async def _quiet(self) -> None:
        section = await self._section()
        fields = [
            Field("quiet_from", translate("settings", "Quiet from"), section["quiet_from"] or "", "21:00"),
            Field("quiet_until", translate("settings", "Quiet until"), section["quiet_until"] or "", "06:30"),
            Field(
                "repeat_hours",
                translate("settings", "Hours until what lasts is told again; 0 is never"),
                str(section["repeat_hours"]),
            ),
        ]
        title = translate("settings", "Quiet hours")
        values = await self.fill_in(title, fields, translate("settings", "Save"), rhythm_values)
        if values is not None:
            await self._set(rhythm_values(values))

    async def _section(self) -> Mapping[str, Any]:
        section: Mapping[str, Any] = (await self.desk.operate("settings.list"))["alerts"]
        return section

    async def _set(self, values: Mapping[str, Any]) -> None:
        await self.desk.operate("settings.set", section="alerts", values=values)
        self.desk.say(translate("settings", "Saved"))


def _channel_fields(kind: str) -> list[Field]:
    if kind == "e-mail":
        protections = (
            ("STARTTLS", "starttls"),
            ("TLS", "tls"),
            (translate("settings", "None: a server of one's own"), "none"),
        )
        return [
            Field("host", translate("settings", "Mail server"), hint="mail.example.org"),
            Field("security", translate("settings", "Protection"), "starttls", choices=protections),
            Field("port", translate("settings", "Port"), hint="587"),
            Field("user", translate("settings", "User")),
            Field("secret", translate("settings", "Password"), secret=True),
            Field("sender", translate("settings", "Sender"), hint="till@example.org"),
            Field("to", translate("settings", "Recipients"), hint="owner@example.org", longest=_LONGEST_SECRET),
        ]
    if kind == "telegram":
        return [
            Field("chat", translate("settings", "Chat"), hint="123456789"),
            Field("secret", translate("settings", "The bot's token"), secret=True),
        ]
    where = (
        (translate("settings", "Machines of the Internet"), "no"),
        (translate("settings", "Also machines of the shop's own network"), "yes"),
    )
    private = Field("private", translate("settings", "It leads to"), "no", choices=where)
    if kind == "secret-webhook":
        address = translate("settings", "Address, typed hidden")
        return [Field("secret", address, hint="https://", secret=True, longest=_LONGEST_SECRET), private]
    return [
        Field("url", translate("settings", "Address"), hint="https://alerts.example.org/till", longest=500),
        Field("secret", translate("settings", "Its token, if it asks for one"), secret=True, longest=_LONGEST_SECRET),
        private,
    ]


def _rule_fields(row: RuleRow) -> list[Field]:
    switch = ((translate("settings", "On"), "yes"), (translate("settings", "Off"), "no"))
    quiet = (
        (translate("settings", "It waits until they end"), "no"),
        (translate("settings", "It is told all the same"), "yes"),
    )
    known = RULES.get(row.rule)
    fields = [Field("on", translate("settings", "This rule is"), "yes" if row.on else "no", choices=switch)]
    if known is not None and known.limit is not None:
        fields.append(Field("limit", translate("settings", known.limit.label), row.number))
    if known is None or not known.moment:
        fields.append(Field("minutes", translate("settings", "Minutes before it is told"), str(row.minutes)))
    fields.append(
        Field("wakes", translate("settings", "In the quiet hours"), "yes" if row.wakes else "no", choices=quiet)
    )
    return fields
