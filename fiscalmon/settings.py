"""A till's settings: a small TOML file, typed, checked as a whole before anything uses it. No secret stands in it.

[server]
host = "0.0.0.0"
port = 8443
host_names = ["till-1.shop.lan"]

[gateway]
timeout_seconds = 30
file_transport = "text"
proxy = "http://proxy.shop.lan:3128"
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from .domain.errors import BadInput

FILE_NAME = "settings.toml"


class ServerSection(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where the LAN server listens; the command line's own options win."""

    host: str = "127.0.0.1"
    port: Annotated[int, Meta(ge=0, le=65_535)] = 8443
    host_names: tuple[str, ...] = ()


class GatewaySection(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How FDMS is called. None: FISCALMON_GATEWAY_TIMEOUT, else 30 s. `file_transport`: as in fdms/file_transport.

    `proxy`: the shop's HTTP proxy, as in http://proxy.shop.lan:3128. It passes TLS through and sees no receipt.
    """

    timeout_seconds: Annotated[float, Meta(gt=0, le=600)] | None = None
    file_transport: Literal["text", "base64", "multipart"] = "text"
    proxy: str | None = None


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All settings with their defaults."""

    server: ServerSection = ServerSection()
    gateway: GatewaySection = GatewaySection()


def load_settings(folder: Path, named: Path | None) -> Settings:
    """The file that was named, else DATA_DIR/settings.toml, else the defaults. Raises BadInput with the wrong place."""
    path = named or folder / FILE_NAME
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        if named is None:
            return Settings()
        raise BadInput(f"There is no settings file {named}.") from None
    except OSError as wrong:
        raise BadInput(f"The settings file {path} cannot be read: {wrong.strerror}.") from None
    try:
        return msgspec.toml.decode(content, type=Settings)
    except msgspec.MsgspecError as wrong:
        raise BadInput(f"The settings file {path} is wrong: {wrong}.") from None
