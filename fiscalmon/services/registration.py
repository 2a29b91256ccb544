"""Registering a device with FDMS: taxpayer, key, certificate, configuration (Gateway v7.2 §8, §9).

The certificate is written down as soon as it exists; a device whose configuration could not be read is finished
by its first heartbeat. Also the later look at the configuration.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from cryptography import x509

from ..domain.device import DeviceConfig
from ..domain.errors import BadInput, GatewayError, GatewayUnknown
from ..domain.gateway import Taxpayer
from ..domain.localtime import utc_text
from ..domain.registered import RegisteredDevice
from ..ports import ORDINARY_KEY, Gateways, KeyPlace, KeyStore, KeyWish
from . import configuration
from .devices import TillDevice
from .parts import Parts


class Registrant(NamedTuple):
    """What a person types to register a device. `ca_pem` only for a gateway with a CA of its own."""

    device_id: int
    serial_no: str
    activation_key: str
    gateway_url: str
    ca_pem: str | None = None
    model_name: str = "Server"
    model_version: str = "v1"
    key: KeyWish = ORDINARY_KEY


class Registrar:
    """`adopt` takes the new device into the running engine."""

    def __init__(self, parts: Parts, keys: KeyStore, gateways: Gateways, adopt: Callable[[TillDevice], None]) -> None:
        self._parts = parts
        self._keys = keys
        self._gateways = gateways
        self._adopt = adopt

    async def taxpayer(self, who: Registrant) -> Taxpayer:
        """Who the device would be registered for; changes nothing. Raises GatewayError."""
        public = self._gateways.registration(who.gateway_url, who.ca_pem, who.model_name, who.model_version)
        try:
            return await public.verify_taxpayer(who.device_id, who.activation_key, who.serial_no)
        finally:
            await public.close()

    async def register(self, who: Registrant) -> TillDevice:
        """Register with FDMS and take the device in. Raises BadInput, GatewayError, KeyUnavailable."""
        if any(device.device_id == who.device_id for device in self._parts.devices):
            raise BadInput(f"Device {who.device_id} is registered on this till already.", code="DEVICE_EXISTS")
        try:
            await self.taxpayer(who)
        except GatewayUnknown as lost:
            lost.text = _NOTHING_CHANGED
            raise
        certificate = await self._certify(who)
        now = self._parts.clock.now()
        registered = RegisteredDevice(
            who.device_id,
            who.serial_no,
            who.model_name,
            who.model_version,
            who.gateway_url,
            who.ca_pem,
            certificate,
            certificate_till(certificate),
            utc_text(now),
        )
        await self._parts.store.write(lambda work: work.devices.add(registered))
        device = TillDevice(
            registered, partial(self._keys.signer, who.device_id), partial(self._gateways.for_device, registered)
        )
        self._parts.devices.add(device)
        self._adopt(device)
        await self.configure(device.device_id)
        return device

    def place(self, device_id: int) -> KeyPlace:
        """What keeps the device's key, for the owner to know."""
        return self._keys.place(device_id)

    async def configure(self, device_id: int, seen: frozenset[int] | None = None) -> DeviceConfig:
        """Read the configuration anew. Raises GatewayError, UnknownDevice."""
        device = self._parts.devices.get(device_id, seen)
        config = await device.gateway.get_config()
        await configuration.take(self._parts, device, config)
        await self._parts.connection.accepted(device)
        return config

    async def _certify(self, who: Registrant) -> str:
        # A key without a device is left by a registration whose answer was lost: FDMS may have certified it.
        reused = self._keys.exists(who.device_id)
        if not reused:
            self._keys.create(who.device_id, who.key)
        try:
            request = self._keys.certificate_request(who.device_id, who.serial_no)
            public = self._gateways.registration(who.gateway_url, who.ca_pem, who.model_name, who.model_version)
            try:
                return await public.register(who.device_id, who.activation_key, request)
            finally:
                await public.close()
        except GatewayUnknown as lost:
            # FDMS may have certified the key: it is kept. Nothing asks again by itself, whatever the call's own words.
            lost.text = _ANSWER_LOST
            raise
        except GatewayError:
            if not reused:
                self._keys.forget(who.device_id)
            raise


_ANSWER_LOST = (
    "FDMS's answer to the registration was lost: it may have registered the device or not. Register again with the "
    "same activation key. If FDMS says that it was used, ask ZIMRA for a new one; the key file is kept."
)
_NOTHING_CHANGED = "FDMS did not say who the device would belong to, so nothing was registered yet. Register again."


def certificate_till(certificate_pem: str) -> str:
    """When a certificate ends, as UTC text. Raises BadInput for anything that is no certificate."""
    try:
        certificate = x509.load_pem_x509_certificate(certificate_pem.encode())
    except ValueError as wrong:
        raise BadInput("FDMS's answer holds no certificate: register again or ask ZIMRA.", str(wrong)) from None
    return utc_text(certificate.not_valid_after_utc)
