"""What the last step shows and prints: how the till is set up, in sections of facts. No secret stands in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ui.i18n import translate
from ui.presenters.sections import Fact, Section
from ui.wizard.steps import YES, Answers, Facts


def summary(
    answers: Answers, facts: Facts, devices: Sequence[Mapping[str, Any]], dashboard: str | None
) -> tuple[Section, ...]:
    """Sections for the page and for paper."""
    none = translate("wizard", "none yet")
    lan = (
        translate("wizard", "the shop's network") if answers.get("lan") == YES else translate("wizard", "this machine")
    )
    till = [
        Fact(translate("wizard", "Shop"), answers.get("shop", "") or none),
        Fact(translate("wizard", "Data folder"), facts.folder),
        Fact(translate("wizard", "Printers"), ", ".join(facts.printers) or none),
        Fact(translate("wizard", "Owner's account"), answers.get("owner", "") if facts.owner else none),
        Fact(translate("wizard", "May look in"), lan),
    ]
    if dashboard:
        till.append(Fact(translate("wizard", "Dashboard"), dashboard))
    sections = [Section(translate("wizard", "This till"), tuple(till))]
    for device in devices:
        told = (
            Fact(translate("wizard", "Taxpayer"), str(device.get("taxPayerName") or "")),
            Fact(translate("wizard", "Branch"), str(device.get("deviceBranchName") or "")),
            Fact(translate("wizard", "Serial number"), str(device.get("deviceSerialNo") or "")),
            Fact(translate("wizard", "Certificate till"), str(device.get("certificateValidTill") or "")),
        )
        title = translate("wizard", "Device {number}").format(number=device.get("deviceID", ""))
        sections.append(Section(title, tuple(fact for fact in told if fact.value)))
    if not devices:
        text = translate("wizard", "No device is registered: nothing can be sold yet. Register one in the settings.")
        sections.append(
            Section(translate("wizard", "Device"), (Fact(translate("wizard", "Missing"), text, "attention"),))
        )
    return tuple(sections)


def taxpayer_facts(told: Mapping[str, Any]) -> tuple[Section, ...]:
    """Who FDMS says that the device belongs to."""
    address = told.get("deviceBranchAddress") or {}
    where = ", ".join(str(address[part]) for part in ("houseNo", "street", "city", "province") if address.get(part))
    facts = (
        Fact(translate("wizard", "Taxpayer"), str(told.get("taxPayerName") or "")),
        Fact(translate("wizard", "TIN"), str(told.get("taxPayerTIN") or "")),
        Fact(translate("wizard", "VAT number"), str(told.get("vatNumber") or "")),
        Fact(translate("wizard", "Branch"), str(told.get("deviceBranchName") or "")),
        Fact(translate("wizard", "Address"), where),
    )
    return (Section(translate("wizard", "FDMS says"), tuple(fact for fact in facts if fact.value)),)
