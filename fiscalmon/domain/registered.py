"""A registered device as it stands in the till's books: identity, certificate, configuration."""

from __future__ import annotations

import msgspec

from .device import DeviceConfig


class RegisteredDevice(msgspec.Struct, frozen=True):
    """`certificate_till` and `heard_at` are UTC texts; `config` is getConfig's last answer, None before the first."""

    device_id: int
    serial_no: str
    model_name: str
    model_version: str
    gateway_url: str
    ca_pem: str | None
    certificate_pem: str
    certificate_till: str
    registered_at: str
    config: DeviceConfig | None = None
    heard_at: str | None = None
