"""Makes lines to FDMS from address, trust, certificate and time-out. The only way into this package.

Knows which files and settings there are; knows no call and no answer. Loads httpx when the first line is made: a till
shows what its books know before it asks FDMS anything.
"""

from __future__ import annotations

import math
import os
import ssl
from pathlib import Path
from typing import TYPE_CHECKING

from ..domain.errors import BadInput
from ..ports import Clock, DeviceIdentity
from . import tls
from .file_transport import FileTransport
from .signing import SigningCertificates

if TYPE_CHECKING:
    from .connection import Line
    from .gateway import FdmsGateway, FdmsRegistration
    from .stock import FdmsStock
    from .users import FdmsUsers

TIMEOUT_VARIABLE = "FISCALMON_GATEWAY_TIMEOUT"
DEFAULT_TIMEOUT = 30.0
_MOST_CONNECTIONS, _MOST_IDLE = 4, 2
# Long enough to span two sales of a busy till, shorter than servers and routers keep an idle connection.
_IDLE_SECONDS = 20.0


class FdmsGateways:
    """Implements ports.Gateways. `certificates`: the folder for devices' certificates, one <deviceID>.pem each.

    `timeout`: seconds for each of connect, send and answer; default from the environment (Gateway v7.2 §2: 30).
    `proxy`: an HTTP proxy's address; the environment's proxy variables are not obeyed. Raises BadInput for a wrong one.
    """

    def __init__(
        self,
        keys: tls.KeyFiles,
        certificates: Path,
        clock: Clock,
        timeout: float | None = None,
        file_transport: FileTransport = "text",
        proxy: str | None = None,
    ) -> None:
        if proxy is not None:
            from .addresses import proxy_address

            proxy_address(proxy)
        self._proxy = proxy
        self._file_transport = file_transport
        self._keys = keys
        self._certificates = certificates
        self._clock = clock
        self._seconds = timeout_from_environment() if timeout is None else timeout
        self._signing: dict[tuple[str, str | None], SigningCertificates] = {}

    def for_device(self, device: DeviceIdentity) -> FdmsGateway:
        """A gateway that authenticates as the device. Connects at the first call. Raises KeyUnavailable, BadInput."""
        return self._gateway(device, self._identified(device))

    def for_candidate(self, device: DeviceIdentity, *, next_key: bool) -> FdmsGateway:
        """As `for_device`, with a certificate that is still to be proven. Raises KeyUnavailable, BadInput."""
        context = tls.trusting(device.ca_pem)
        file = tls.write_certificate(self._certificates, device.device_id, device.certificate_pem, candidate=True)
        try:
            tls.identify(context, file, device.device_id, self._keys, next_key=next_key)
        finally:
            file.unlink(missing_ok=True)
        return self._gateway(device, context)

    def users(self, device: DeviceIdentity) -> FdmsUsers:
        """FDMS's users of the device's taxpayer. Close it after use. Raises KeyUnavailable, BadInput."""
        from .users import FdmsUsers

        return FdmsUsers(device.device_id, self._device_line(device, self._identified(device)))

    def stock(self, device: DeviceIdentity) -> FdmsStock:
        """Goods and branches of the device's taxpayer. Close it after use. Raises KeyUnavailable, BadInput."""
        from .stock import FdmsStock

        return FdmsStock(device.device_id, self._device_line(device, self._identified(device)))

    def _identified(self, device: DeviceIdentity) -> ssl.SSLContext:
        context = tls.trusting(device.ca_pem)
        certificate = tls.write_certificate(self._certificates, device.device_id, device.certificate_pem)
        tls.identify(context, certificate, device.device_id, self._keys)
        return context

    def _gateway(self, device: DeviceIdentity, context: ssl.SSLContext) -> FdmsGateway:
        from .gateway import FdmsGateway

        signing = self._signing.setdefault((device.gateway_url, device.ca_pem), SigningCertificates())
        line = self._device_line(device, context)
        return FdmsGateway(device.device_id, line, self._clock, signing, self._file_transport)

    def _device_line(self, device: DeviceIdentity, context: ssl.SSLContext) -> Line:
        return self._line(device.gateway_url, context, device.model_name, device.model_version)

    def registration(self, url: str, ca_pem: str | None, model_name: str, model_version: str) -> FdmsRegistration:
        """The public endpoints. Raises BadInput."""
        from .gateway import FdmsRegistration

        return FdmsRegistration(self._line(url, tls.trusting(ca_pem), model_name, model_version))

    def _line(self, url: str, context: ssl.SSLContext, model_name: str, model_version: str) -> Line:
        import httpx

        from .addresses import gateway_address, proxy_address
        from .connection import Line
        from .transport import DirectTransport

        limits = httpx.Limits(
            max_connections=_MOST_CONNECTIONS, max_keepalive_connections=_MOST_IDLE, keepalive_expiry=_IDLE_SECONDS
        )
        transport: httpx.AsyncBaseTransport
        if self._proxy is None:
            transport = DirectTransport(context, limits)
        else:
            proxy = proxy_address(self._proxy)
            transport = httpx.AsyncHTTPTransport(verify=context, trust_env=False, limits=limits, proxy=proxy)
        line = Line(gateway_address(url), transport, self._clock, self._seconds)
        line.introduce(model_name, model_version)
        return line


def timeout_from_environment() -> float:
    """FISCALMON_GATEWAY_TIMEOUT in seconds, 30 when unset. Raises BadInput for anything but a positive number."""
    text = os.environ.get(TIMEOUT_VARIABLE, "").strip()
    if not text:
        return DEFAULT_TIMEOUT
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not (math.isfinite(seconds) and seconds > 0):
        raise BadInput(f"{TIMEOUT_VARIABLE} must be a number of seconds above 0.")
    return seconds
