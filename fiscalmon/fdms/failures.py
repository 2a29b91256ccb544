"""Which of two outcomes a failed call has: it never left, or nobody knows. Put into plain words.

Knows httpx's and ssl's exceptions so that nobody else has to. Unknown is the safe reading of everything else.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator, Mapping
from types import MappingProxyType

import httpx

from ..domain.errors import GatewayError, GatewayUnknown, GatewayUnreachable

_MOST_DETAIL = 300

# OpenSSL's verify codes (X509_V_ERR_*): stable numbers, unlike their texts.
_NOT_YET_VALID, _EXPIRED, _REVOKED = 9, 10, 23
_NAME_MISMATCHES = frozenset({62, 64})

# How a server says in the handshake that it does not take our certificate. With TLS 1.3 that arrives when the
# request is on its way, but a server reads no request before it has accepted the certificate (RFC 8446 §4.4).
_CLIENT_CERTIFICATE_ALERTS: Mapping[str, str] = MappingProxyType(
    {
        "TLSV13_ALERT_CERTIFICATE_REQUIRED": "it wants a certificate and this device sent none",
        "SSLV3_ALERT_CERTIFICATE_EXPIRED": "it has expired",
        "SSLV3_ALERT_CERTIFICATE_REVOKED": "it was revoked",
        "SSLV3_ALERT_CERTIFICATE_UNKNOWN": "it is not known there",
        "SSLV3_ALERT_BAD_CERTIFICATE": "it is damaged",
        "TLSV1_ALERT_UNKNOWN_CA": "it was not issued by ZIMRA",
    }
)

Failure = httpx.HTTPError | httpx.StreamError | OSError


def failure(error: Failure, host: str, seconds: float) -> GatewayUnreachable | GatewayUnknown:
    """What a failed exchange means. `seconds` is the time-out that was in force."""
    refused = _client_certificate_alert(error)
    if refused is not None:
        return GatewayUnreachable(
            f"{host} does not accept this device's certificate: {refused}. It has read nothing. "
            "Renew the certificate, or register the device again.",
            _detail(error),
        )
    if isinstance(error, httpx.ConnectTimeout):
        return GatewayUnreachable(
            f"{host} did not answer within {seconds:g} s. Check this machine's internet connection; "
            "receipts wait here and are sent later.",
            _detail(error),
        )
    if isinstance(error, httpx.ProxyError):
        # Raised only while the way to FDMS is asked for: no byte of the request has left.
        return GatewayUnreachable(
            f"The shop's proxy does not open the way to {host}: {error}. Check gateway.proxy in settings.toml.",
            _detail(error),
        )
    if isinstance(error, httpx.ConnectError):
        return GatewayUnreachable(_not_connected(error, host), _detail(error))
    if isinstance(error, httpx.PoolTimeout):
        return GatewayUnreachable("All connections to FDMS are busy. It is tried again.", _detail(error))
    if isinstance(error, httpx.TimeoutException | TimeoutError):
        text = f"FDMS gave no answer within {seconds:g} s, so nobody knows yet whether it did what was asked."
        return GatewayUnknown(f"{text} It is asked again.", _detail(error))
    return GatewayUnknown(
        f"The connection to {host} broke before the answer was complete, so nobody knows yet whether FDMS did "
        "what was asked. It is asked again.",
        _detail(error),
    )


def _not_connected(error: Exception, host: str) -> str:
    for cause in _causes(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return _untrusted(cause.verify_code, host)
        if isinstance(cause, ssl.SSLError):
            return (
                f"No secure connection to {host}: it does not speak TLS 1.2 or newer there. Nothing was sent. "
                "Check the gateway's address and port."
            )
        if isinstance(cause, socket.gaierror):
            return (
                f"The address {host} was not found. Check this machine's internet connection and the gateway's "
                "address; receipts wait here and are sent later."
            )
    return f"No connection to {host}. Check this machine's internet connection; receipts wait here and are sent later."


def _untrusted(verify_code: int, host: str) -> str:
    if verify_code in _NAME_MISMATCHES:
        return (
            f"The server that answered as {host} shows a certificate for another name. Nothing was sent. "
            "Check the gateway's address; someone may be reading along on this network."
        )
    if verify_code == _EXPIRED:
        return (
            f"The certificate of {host} has expired. Nothing was sent. "
            "Check this machine's date; if it is right, tell ZIMRA."
        )
    if verify_code == _NOT_YET_VALID:
        return f"The certificate of {host} is not valid yet. Nothing was sent. Check this machine's date."
    if verify_code == _REVOKED:
        return f"The certificate of {host} was revoked. Nothing was sent. Tell ZIMRA."
    return (
        f"The certificate of {host} was not issued by an authority that this till trusts. Nothing was sent. "
        "Check the gateway's address and its CA file; someone may be reading along on this network."
    )


def _client_certificate_alert(error: Exception) -> str | None:
    for cause in _causes(error):
        if isinstance(cause, ssl.SSLError) and cause.reason in _CLIENT_CERTIFICATE_ALERTS:
            return _CLIENT_CERTIFICATE_ALERTS[cause.reason]
    return None


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and what caused it; a failed connection to several addresses holds a group of them.

    httpcore drops causes ("raise … from None"), so contexts are followed too, but not into an older failure that
    the caller was just handling: those have our own form.
    """
    at: BaseException | None = error
    while at is not None and not isinstance(at, GatewayError):
        if isinstance(at, BaseExceptionGroup):
            for member in at.exceptions:
                yield from _causes(member)
            return
        yield at
        at = at.__cause__ or at.__context__


def _detail(error: Exception) -> str:
    texts = [f"{type(cause).__name__}: {cause}" for cause in _causes(error)]
    return " < ".join(dict.fromkeys(texts))[:_MOST_DETAIL]
