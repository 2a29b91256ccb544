"""A till's settings: a small TOML file, typed, checked as a whole before anything uses it. No secret stands in it.

[server]
host = "0.0.0.0"
port = 8443
host_names = ["till-1.shop.lan"]

[keys]
store = "auto"
token_module = "/usr/lib/softhsm/libsofthsm2.so"
token_label = "till-1"

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


class KeysSection(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where new keys go; a PIN has no place here. `store`: "auto" is the system's keyring, else a file.

    `token_module` and `token_label`: the PKCS#11 library and token of devices that are registered from now on.
    """

    store: Literal["auto", "file", "keyring"] = "auto"
    token_module: str | None = None
    token_label: str | None = None

    @property
    def token(self) -> tuple[str, str] | None:
        """Library and label. Raises BadInput when one of them is missing."""
        if self.token_module is None and self.token_label is None:
            return None
        if not self.token_module or not self.token_label:
            raise BadInput("The settings keys.token_module and keys.token_label belong together.")
        return self.token_module, self.token_label


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All settings with their defaults."""

    server: ServerSection = ServerSection()
    gateway: GatewaySection = GatewaySection()
    keys: KeysSection = KeysSection()


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
