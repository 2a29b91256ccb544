"""Renewing a device's certificate, with its key or a new one (Gateway v7.2 §8): the old one stays until the new works.

Every step is written down before the next, so a restart in the middle goes on or goes back by itself:
new key beside the old one → certificate issued and stored beside the old one → proven over a fresh connection →
exchanged in the books (this decides) → new key in the old one's place. `mend` finishes the last step at a start.
"""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from functools import partial
from typing import Any

import msgspec
import structlog
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from ..domain.errors import BadInput, DayRefused, FiscalmonError, GatewayError, GatewayRefused
from ..domain.fiscal_day import DayStatus
from ..domain.localtime import utc_text
from ..domain.registered import RegisteredDevice
from ..ports import Gateway, Gateways, KeyStore
from .devices import TillDevice
from .parts import Parts
from .registration import certificate_till

log = structlog.get_logger()


class CertificateFailed(FiscalmonError):
    """FDMS's new certificate cannot be used; the old one stays."""

    code = "CERTIFICATE"


class Renewal:
    """One for all devices of a till; one renewal at a time."""

    def __init__(self, parts: Parts, keys: KeyStore, gateways: Gateways) -> None:
        self._parts = parts
        self._keys = keys
        self._gateways = gateways
        self._lock = asyncio.Lock()

    async def renew(self, device_id: int, *, new_key: bool = False) -> dict[str, Any]:
        """Fetch, prove and exchange: {"deviceID", "certificateValidTill", "formerlyValidTill", "newKey"}.

        A new key needs a closed day: a day's receipts and its close are signed by one key. An earlier renewal that
        was interrupted is finished in its place. Raises DayRefused, CertificateFailed, GatewayError, KeyUnavailable,
        UnknownDevice; the old certificate stays in use whatever is raised.
        """
        device = self._parts.devices.get(device_id)
        before = device.registered.certificate_till
        async with self._lock, AsyncExitStack() as held:
            if device.next_certificate is not None and await self._finish(device, new_key_asked=new_key):
                return self._result(device, before, new_key=new_key)
            if new_key:
                await held.enter_async_context(device.day_lock)
                _closed_and_through(device)
                self._keys.create_next(device_id)
            certificate = await self._issue(device, new_key=new_key)
            at = utc_text(self._parts.clock.now())
            await self._parts.store.write(lambda work: work.certificates.expect(device_id, certificate, at))
            device.next_certificate = certificate
            await self._prove_and_exchange(device, certificate, next_key=new_key)
        return self._result(device, before, new_key=new_key)

    async def resume(self, device: TillDevice) -> None:
        """Go on with a renewal that was interrupted, as far as that is possible now. Raises nothing of FDMS's."""
        if device.next_certificate is None or self._lock.locked():
            return
        async with self._lock:
            try:
                await self._finish(device)
            except (GatewayError, CertificateFailed) as failed:
                log.warning("certificate.unproven", device=device.device_id, text=failed.text, detail=failed.detail)

    async def _finish(self, device: TillDevice, *, new_key_asked: bool = False) -> bool:
        """Prove and exchange the certificate that waits; False when it must wait on, or is none for our keys."""
        certificate = device.next_certificate
        if certificate is None:
            return False
        key = _public_key(certificate)
        next_key = key == self._keys.next_public_key_pem(device.device_id)
        if not next_key and key != device.signer.public_key_pem:
            await self._drop(device)
            return False
        if new_key_asked and not next_key:
            return False
        async with AsyncExitStack() as held:
            if next_key:
                await held.enter_async_context(device.day_lock)
                if not _between_days(device) and await self._old_one_works(device):
                    return False
            await self._prove_and_exchange(device, certificate, next_key=next_key)
        return True

    async def _issue(self, device: TillDevice, *, new_key: bool) -> str:
        """A certificate for the key, by the old certificate."""
        registered = device.registered
        request = self._keys.certificate_request(device.device_id, registered.serial_no, next_key=new_key)
        try:
            certificate = await device.gateway.issue_certificate(request)
        except GatewayRefused as refused:
            if new_key:
                self._keys.discard_next(device.device_id)
            if refused.status == 401:
                raise CertificateFailed(
                    "FDMS does not accept the old certificate any more (it has expired or was revoked), so it cannot "
                    "be renewed. Ask ZIMRA for a new activation key and register the device again.",
                    refused.detail,
                ) from refused
            raise
        await self._parts.connection.heard(device)
        expected = self._keys.next_public_key_pem(device.device_id) if new_key else device.signer.public_key_pem
        if _public_key(certificate) != expected:
            raise CertificateFailed(
                "FDMS issued a certificate for another key than this device's. The old one stays in use; "
                "try again, and tell ZIMRA if it stays so."
            )
        return certificate

    async def _prove_and_exchange(self, device: TillDevice, certificate: str, *, next_key: bool) -> None:
        registered = msgspec.structs.replace(
            device.registered, certificate_pem=certificate, certificate_till=certificate_till(certificate)
        )
        gateway = await self._prove(device, registered, next_key=next_key)
        at = utc_text(self._parts.clock.now())
        try:
            await self._parts.store.write(
                lambda work: work.certificates.exchange(device.device_id, certificate, registered.certificate_till, at)
            )
            if next_key:
                self._keys.adopt_next(device.device_id)
            else:
                self._keys.discard_next(device.device_id)
            device.recertified(registered, gateway, partial(self._gateways.for_device, registered))
        except BaseException:
            await gateway.close()
            raise
        device.next_certificate = None
        log.info("certificate.renewed", device=device.device_id, till=registered.certificate_till, new_key=next_key)

    async def _prove(self, device: TillDevice, registered: RegisteredDevice, *, next_key: bool) -> Gateway:
        """A connection on which FDMS has answered to the new certificate."""
        gateway = self._gateways.for_candidate(registered, next_key=next_key)
        try:
            # getStatus is not for devices in offline mode (§10).
            await (gateway.get_config() if device.offline_mode else gateway.get_status())
        except GatewayRefused as refused:
            await gateway.close()
            if refused.status != 401:
                raise
            await self._drop(device)
            if next_key:
                self._keys.discard_next(device.device_id)
            raise CertificateFailed(
                "FDMS does not accept the certificate that it has just issued. The old one stays in use; "
                "try again later, and tell ZIMRA if it stays so.",
                refused.detail,
            ) from refused
        except BaseException:
            await gateway.close()
            raise
        return gateway

    async def _old_one_works(self, device: TillDevice) -> bool:
        """Whether FDMS still takes the certificate in use; when it does not, a waiting new key waits no longer."""
        try:
            await device.gateway.get_config()
        except GatewayRefused as refused:
            return refused.status != 401
        return True

    async def _drop(self, device: TillDevice) -> None:
        await self._parts.store.write(lambda work: work.certificates.drop(device.device_id))
        device.next_certificate = None

    @staticmethod
    def _result(device: TillDevice, before: str, *, new_key: bool) -> dict[str, Any]:
        return {
            "deviceID": device.device_id,
            "certificateValidTill": device.registered.certificate_till,
            "formerlyValidTill": before,
            "newKey": new_key,
        }


def mend(keys: KeyStore, registered: RegisteredDevice) -> None:
    """At a start: a renewal that ended between the books and the key folder. Raises KeyUnavailable."""
    following = keys.next_public_key_pem(registered.device_id)
    if following is not None and following == _public_key(registered.certificate_pem):
        keys.adopt_next(registered.device_id)


def _between_days(device: TillDevice) -> bool:
    return device.day_status == DayStatus.CLOSED and device.queued == 0


def _closed_and_through(device: TillDevice) -> None:
    if device.day_status != DayStatus.CLOSED:
        raise DayRefused(
            f"Device {device.device_id} gets a new key between two fiscal days only: close the day first, or renew "
            "without --new-key."
        )
    if device.queued:
        raise DayRefused(
            f"{device.queued} receipts of device {device.device_id} still wait for FDMS, signed by the old key: renew "
            "when they are through, or without --new-key."
        )


def _public_key(certificate_pem: str) -> str:
    try:
        key = x509.load_pem_x509_certificate(certificate_pem.encode()).public_key()
    except ValueError as wrong:
        raise BadInput("FDMS's answer holds no certificate: try again or ask ZIMRA.", str(wrong)) from None
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
