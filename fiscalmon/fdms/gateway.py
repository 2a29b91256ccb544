"""FDMS for one registered device: the calls of Gateway v7.2 §8-§17 over its own mutual-TLS line.

Says what FDMS said; decides nothing about days, receipts or retries.
"""

from __future__ import annotations

from urllib.parse import urlencode

from cryptography import x509

from ..domain.device import DeviceConfig
from ..domain.errors import GatewayRefused, GatewayUnknown
from ..domain.gateway import (
    Acknowledgement,
    CloseDayRequest,
    IssueCertificateRequest,
    OpenDayRequest,
    RegisterRequest,
    ServerSignature,
    Status,
    Taxpayer,
    VerifyTaxpayerRequest,
)
from ..domain.gateway_files import SubmittedFiles
from ..ports import Clock
from . import wire
from .connection import Line
from .file_transport import FileTransport, pack
from .signing import SigningCertificates

FILES_A_PAGE = 100


class FdmsGateway:
    """Implements ports.Gateway. One sender at a time submits; the other calls may come beside it."""

    def __init__(
        self,
        device_id: int,
        line: Line,
        clock: Clock,
        signing: SigningCertificates,
        file_transport: FileTransport = "text",
    ) -> None:
        self._line = line
        self._clock = clock
        self._signing = signing
        self._file_transport = file_transport
        self._files_path = f"/Device/v1/{device_id}/SubmittedFileList"
        base = f"/Device/v1/{device_id}"
        self._config_url = line.url(f"{base}/GetConfig")
        self._status_url = line.url(f"{base}/GetStatus")
        self._ping_url = line.url(f"{base}/Ping")
        self._open_url = line.url(f"{base}/OpenDay")
        self._submit_url = line.url(f"{base}/SubmitReceipt")
        self._close_url = line.url(f"{base}/CloseDay")
        self._issue_url = line.url(f"{base}/IssueCertificate")
        self._file_url = line.url(f"{base}/SubmitFile")

    async def get_config(self) -> DeviceConfig:
        return await self._line.get("GetConfig", self._config_url, wire.decode_config)

    async def get_status(self) -> Status:
        return await self._line.get("GetStatus", self._status_url, wire.decode_status)

    async def ping(self) -> int:
        return await self._line.post("Ping", self._ping_url, b"", wire.decode_ping)

    async def open_day(self, opened_local: str, day_no: int) -> int:
        content = wire.encode(OpenDayRequest(opened_local, day_no))
        return await self._line.post("OpenDay", self._open_url, content, wire.decode_day_no)

    async def submit_receipt(self, payload: bytes) -> Acknowledgement:
        return await self._line.post("SubmitReceipt", self._submit_url, payload, wire.decode_acknowledgement)

    async def close_day(self, request: CloseDayRequest) -> None:
        await self._line.post("CloseDay", self._close_url, wire.encode(request), wire.decode_accepted)

    async def issue_certificate(self, certificate_request: str) -> str:
        content = wire.encode(IssueCertificateRequest(certificate_request))
        return await self._line.post("IssueCertificate", self._issue_url, content, wire.decode_certificate)

    async def submit_file(self, content: bytes) -> str:
        package = pack(content, self._file_transport)
        return await self._line.post(
            "SubmitFile", self._file_url, package.content, wire.decode_file_answer, kind=package.kind
        )

    async def submitted_files(self, uploaded_from: str, uploaded_till: str, offset: int = 0) -> SubmittedFiles:
        query = {
            "FileUploadedFrom": uploaded_from,
            "FileUploadedTill": uploaded_till,
            "Offset": offset,
            "Limit": FILES_A_PAGE,
            "Sort": "FileUploadDate",
            "Order": "asc",
        }
        url = self._line.url(f"{self._files_path}?{urlencode(query)}")
        return await self._line.get("SubmittedFileList", url, wire.decode_submitted_files)

    async def verify(self, canonical: str, signature: ServerSignature) -> bool:
        return await self._signing.verify(canonical, signature, self._clock.now(), self._server_certificates)

    @property
    def clock_drift(self) -> float | None:
        return self._line.drift

    async def close(self) -> None:
        await self._line.close()

    async def _server_certificates(self, thumbprint: str) -> tuple[x509.Certificate, ...]:
        url = self._line.url(f"/Public/v1/GetServerCertificate?thumbprint={thumbprint}")
        try:
            return await self._line.get("GetServerCertificate", url, wire.decode_server_certificates)
        except GatewayRefused as refused:
            # What was refused is the certificate, not the receipt or day whose answer is being verified.
            text = "FDMS does not hand out the certificate it signed its answer with. It is asked again."
            raise GatewayUnknown(
                text, refused.detail, status=refused.status, operation_id=refused.operation_id
            ) from refused


class FdmsRegistration:
    """Implements ports.Registration: the public calls, without a client certificate (§8)."""

    def __init__(self, line: Line) -> None:
        self._line = line

    async def verify_taxpayer(self, device_id: int, activation_key: str, serial_no: str) -> Taxpayer:
        url = self._line.url(f"/Public/v1/{device_id}/VerifyTaxpayerInformation")
        content = wire.encode(VerifyTaxpayerRequest(activation_key, serial_no))
        return await self._line.post("VerifyTaxpayerInformation", url, content, wire.decode_taxpayer)

    async def register(self, device_id: int, activation_key: str, certificate_request: str) -> str:
        url = self._line.url(f"/Public/v1/{device_id}/RegisterDevice")
        content = wire.encode(RegisterRequest(certificate_request, activation_key))
        return await self._line.post("RegisterDevice", url, content, wire.decode_certificate)

    async def close(self) -> None:
        await self._line.close()
