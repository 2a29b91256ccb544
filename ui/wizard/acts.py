"""What the steps of the first run do on the engine: look for printers, ask FDMS, register, make the owner.

Every act raises what the engine raises; secrets pass through and are kept nowhere. Knows no widget.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from pathlib import Path
from typing import Any

from fiscalmon.domain.errors import BadInput
from ui.i18n import translate
from ui.presenters.lan import addresses
from ui.wizard.steps import YES, Answers, Facts, gateway_url

Operate = Callable[..., Coroutine[Any, Any, Any]]


class WizardActs:
    """`operate` runs an operation of the engine by its name. `taxpayer`: what FDMS said last."""

    def __init__(self, operate: Operate) -> None:
        self._operate = operate
        self.taxpayer: Mapping[str, Any] = {}

    async def facts(self, folder: str, *, folder_fixed: bool) -> Facts:
        devices = await self._operate("device.list")
        printers = await self._operate("printer.list")
        accounts = await self._operate("user.list")
        return Facts(
            folder,
            folder_fixed,
            tuple(int(device["deviceID"]) for device in devices),
            tuple(str(card["name"]) for card in printers),
            any(account["role"] == "owner" for account in accounts),
            addresses(await self._operate("lan.status")),
        )

    async def devices(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = await self._operate("device.list")
        return found

    async def look_for_printers(self, port: str) -> list[dict[str, Any]]:
        """Ports and who answered there; the one that was written, or every one there is."""
        told: list[dict[str, Any]] = await self._operate("printer.detect", **({"port": port} if port else {}))
        return told

    async def add_printer(self, answers: Answers) -> str:
        """Sets the printer up; its name."""
        family, _, dialect = answers["printer_family"].partition(":")
        card = await self._operate(
            "printer.add",
            name=answers["printer_name"].strip(),
            family=family,
            port=answers["printer_port"].strip(),
            baud=int(answers["printer_baud"]),
            **({"dialect": dialect} if dialect else {}),
        )
        return str(card["name"])

    async def test_printer(self, answers: Answers) -> str:
        """A test page; what became of it in a sentence."""
        name = answers["printer_name"].strip()
        if name not in {card["name"] for card in await self._operate("printer.list")}:
            name = await self.add_printer(answers)
        job = await self._operate("printer.test", printer=name)
        if job["state"] == "printed":
            return translate("wizard", "The test page was printed.")
        reason = str(job.get("reason") or "")
        return translate("wizard", "The test page is not on paper yet. {reason}").format(reason=reason).strip()

    async def ask_taxpayer(self, answers: Answers) -> None:
        """Who the device would be registered for: into `taxpayer`."""
        self.taxpayer = await self._operate("device.taxpayer", **_registrant(answers))

    async def register(self, answers: Answers) -> None:
        await self._operate("device.register", **_registrant(answers))

    async def add_owner(self, answers: Answers) -> None:
        await self._operate("user.add", name=answers["owner"], role="owner", password=answers["password"])

    async def set_lan(self, answers: Answers) -> None:
        listen = answers.get("lan") == YES
        values = {"listen": listen, "shown_address": (answers.get("address") or None) if listen else None}
        await self._operate("settings.set", section="lan", values=values)


def _registrant(answers: Answers) -> dict[str, Any]:
    return {
        "device_id": int(answers["device_id"].strip()),
        "serial_no": answers["serial"].strip(),
        "activation_key": answers["activation_key"].strip(),
        "gateway_url": gateway_url(answers),
        "ca_pem": _ca(answers.get("ca_file", "").strip()) if answers.get("gateway") == "other" else None,
    }


def _ca(file: str) -> str | None:
    if not file:
        return None
    try:
        return Path(file).read_text(encoding="ascii")
    except (OSError, UnicodeError):
        raise BadInput(translate("wizard", "The CA file {file} cannot be read.").format(file=file)) from None
