"""The commands that show and change what the owner sets at run time."""

from __future__ import annotations

import argparse
import json
from typing import Any

from ..data_folder import DataFolder
from ..domain.errors import BadInput
from .output import facts, json_line
from .till_access import access

Args = argparse.Namespace


async def settings_list(args: Args, folder: DataFolder) -> int:
    """All sections with their members."""
    async with access(folder, "settings.list", args.config) as engine:
        sections = await engine.operate("settings.list", {})
    if args.json:
        json_line(sections)
    else:
        facts({f"{name}.{key}": value for name, section in sections.items() for key, value in section.items()})
    return 0


async def settings_set(args: Args, folder: DataFolder) -> int:
    """Change one section: NAME=VALUE, one or more."""
    given = {"section": args.section, "values": dict(_pair(text) for text in args.values)}
    async with access(folder, "settings.set", args.config) as engine:
        section = await engine.operate("settings.set", given)
    if args.json:
        json_line(section)
    else:
        facts(section)
    return 0


def _pair(text: str) -> tuple[str, Any]:
    """A value is JSON where it reads as such (true, 30, null), else the text itself."""
    name, equals, value = text.partition("=")
    if not equals:
        raise BadInput(f"{text!r} is not NAME=VALUE, as in open_at=07:30.")
    try:
        return name.strip(), json.loads(value)
    except ValueError:
        return name.strip(), value
