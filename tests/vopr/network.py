"""The line between till and FDMS in the simulated world: the real client and FDMS's real gateway, no sockets between.

Requests and answers get lost, late, garbled or cut; FDMS goes on with what it has received, whoever dies.
"""

import asyncio

import httpx
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from fiscalmon.fdms.addresses import gateway_address
from fiscalmon.fdms.connection import Line
from fiscalmon.fdms.gateway import FdmsGateway, FdmsRegistration
from fiscalmon.fdms.signing import SigningCertificates
from fiscalmon.simulator.gateway_app import GARBAGE

from .loop import VirtualLoop

TIMEOUT = 30.0
FAULTS = (
    "unreachable",
    "drop-before",
    "drop-after",
    "late",
    "garbage",
    "truncate",
    "503-before",
    "500-after",
    "429",
)


class Wire:
    """What the weather is like: `rate` is the share of requests that meet a fault; `cut`: nothing gets through."""

    def __init__(self, loop: VirtualLoop, serve) -> None:
        self.loop = loop
        self.rate = 0.0
        self.cut = False
        self.faults = FAULTS
        self._serve = serve
        self.met: dict[str, int] = {}

    async def exchange(self, certificate: bytes | None, request: httpx.Request) -> httpx.Response:
        chance = self.loop.chance
        body = b"".join([part async for part in request.stream])
        fault = None
        if self.cut:
            fault = "unreachable"
        elif self.rate and chance.random() < self.rate:
            fault = chance.choice(self.faults)
        if fault:
            self.met[fault] = self.met.get(fault, 0) + 1
        await asyncio.sleep(chance.uniform(0.001, 0.08))
        if fault == "unreachable":
            raise httpx.ConnectError("no route")
        if fault == "drop-before":
            raise httpx.ReadError("reset")
        if fault == "503-before":
            return _answer(503, b"")
        if fault == "429":
            return _answer(429, b"", [(b"retry-after", b"%d" % chance.randint(1, 40))])
        if fault == "late":
            # It arrives, now or much later, when nobody waits any more.
            self._serve(certificate, request, body, chance.choice((0.0, 5.0, TIMEOUT + 5, TIMEOUT * 3)))
            await asyncio.sleep(TIMEOUT)
            raise httpx.ReadTimeout("no answer")
        answer = await self._serve(certificate, request, body, 0.0)
        await asyncio.sleep(chance.uniform(0.001, 0.08))
        if fault == "drop-after":
            raise httpx.ReadError("reset")
        if fault == "500-after":
            return _answer(chance.choice((500, 502)), b"<html>")
        if fault == "garbage":
            return _answer(200, GARBAGE)
        if fault == "truncate":
            raise httpx.RemoteProtocolError("peer closed connection without sending complete message body")
        status, headers, content = answer
        return _answer(status, content, headers)


class _Transport(httpx.AsyncBaseTransport):
    def __init__(self, wire: Wire, certificate: bytes | None) -> None:
        self._wire = wire
        self._certificate = certificate

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return await self._wire.exchange(self._certificate, request)


class SimulatedGateways:
    """Implements ports.Gateways for one life of the till."""

    def __init__(self, wire: Wire, clock) -> None:
        self._wire = wire
        self._clock = clock
        self._signing = SigningCertificates()

    def for_device(self, device) -> FdmsGateway:
        presented = x509.load_pem_x509_certificate(device.certificate_pem.encode())
        line = self._line(device.gateway_url, presented.public_bytes(Encoding.DER))
        line.introduce(device.model_name, device.model_version)
        return FdmsGateway(device.device_id, line, self._clock, self._signing)

    def for_candidate(self, device, *, next_key: bool) -> FdmsGateway:
        return self.for_device(device)

    def registration(self, url, ca_pem, model_name, model_version) -> FdmsRegistration:
        line = self._line(url, None)
        line.introduce(model_name, model_version)
        return FdmsRegistration(line)

    def _line(self, url: str, certificate: bytes | None) -> Line:
        return Line(gateway_address(url), _Transport(self._wire, certificate), self._clock, TIMEOUT)


def _answer(status: int, body: bytes, headers=()) -> httpx.Response:
    return httpx.Response(status, headers=list(headers), stream=httpx.ByteStream(body))
