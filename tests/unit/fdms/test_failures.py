"""What each exception of httpx and ssl means, also those that a test server cannot bring about at will."""

import socket
import ssl

import httpx
import pytest

from fiscalmon.domain.errors import GatewayUnknown, GatewayUnreachable
from fiscalmon.fdms.failures import failure
from fiscalmon.fdms.problems import read_problem


def caused(error: Exception, *causes: BaseException) -> Exception:
    """The error with a chain of causes."""
    at: BaseException = error
    for cause in causes:
        at.__cause__ = cause
        at = cause
    return error


def verification(code: int) -> ssl.SSLCertVerificationError:
    error = ssl.SSLCertVerificationError(1, "certificate verify failed")
    error.reason = "CERTIFICATE_VERIFY_FAILED"
    error.verify_code = code
    return error


def alert(reason: str) -> ssl.SSLError:
    error = ssl.SSLError(1, f"[SSL: {reason}]")
    error.reason = reason
    return error


NEVER_LEFT = [
    (httpx.ConnectError("x"), "No connection"),
    (httpx.ConnectTimeout("x"), "did not answer within 30 s"),
    (httpx.PoolTimeout("x"), "busy"),
    (caused(httpx.ConnectError("x"), OSError("all failed"), socket.gaierror(-2, "unknown")), "was not found"),
    (caused(httpx.ConnectError("x"), ExceptionGroup("tried", [OSError(111, "refused")])), "No connection"),
    (
        caused(httpx.ConnectError("x"), ExceptionGroup("tried", [OSError(1, "a"), socket.gaierror(-2, "b")])),
        "not found",
    ),
    (caused(httpx.ConnectError("x"), verification(10)), "has expired"),
    (caused(httpx.ConnectError("x"), verification(9)), "not valid yet"),
    (caused(httpx.ConnectError("x"), verification(23)), "was revoked"),
    (caused(httpx.ConnectError("x"), verification(62)), "another name"),
    (caused(httpx.ConnectError("x"), verification(64)), "another name"),
    (caused(httpx.ConnectError("x"), verification(19)), "authority that this till trusts"),
    (caused(httpx.ConnectError("x"), alert("UNSUPPORTED_PROTOCOL")), "TLS 1.2"),
    (caused(httpx.ConnectError("x"), alert("SSLV3_ALERT_CERTIFICATE_EXPIRED")), "it has expired"),
    (alert("SSLV3_ALERT_CERTIFICATE_REVOKED"), "it was revoked"),
    (alert("TLSV13_ALERT_CERTIFICATE_REQUIRED"), "sent none"),
    (caused(httpx.ReadError("x"), alert("TLSV1_ALERT_UNKNOWN_CA")), "not issued by ZIMRA"),
]

MAY_HAVE_ARRIVED = [
    httpx.ReadError("x"),
    httpx.WriteError("x"),
    httpx.ReadTimeout("x"),
    httpx.WriteTimeout("x"),
    httpx.RemoteProtocolError("x"),
    httpx.LocalProtocolError("x"),
    httpx.CloseError("x"),
    httpx.DecodingError("x"),
    httpx.StreamClosed(),
    TimeoutError(),
    ConnectionResetError(104, "reset"),
    alert("DECRYPTION_FAILED_OR_BAD_RECORD_MAC"),
    caused(httpx.ReadError("x"), verification(10)),
]


@pytest.mark.parametrize(("error", "words"), NEVER_LEFT, ids=lambda given: repr(given)[:60])
def test_it_never_left(error, words):
    found = failure(error, "fdms.example", 30.0)
    assert isinstance(found, GatewayUnreachable)
    assert words in found.text
    assert len(found.detail) <= 300


@pytest.mark.parametrize("error", MAY_HAVE_ARRIVED, ids=repr)
def test_it_may_have_arrived(error):
    found = failure(error, "fdms.example", 30.0)
    assert isinstance(found, GatewayUnknown)
    assert "nobody knows" in found.text


def test_an_older_failure_that_was_being_handled_does_not_count():
    """Asking for the status while handling a refused certificate: the new failure speaks for itself."""
    refused = caused(GatewayUnreachable("refused"), alert("SSLV3_ALERT_CERTIFICATE_EXPIRED"))
    try:
        try:
            raise refused
        except GatewayUnreachable:
            raise httpx.ReadTimeout("x")  # noqa: B904 - the context without a cause is what this is about
    except httpx.ReadTimeout as later:
        assert later.__context__ is refused
        assert isinstance(failure(later, "fdms.example", 30.0), GatewayUnknown)


@pytest.mark.parametrize(
    "content", [b"", b"null", b"[]", b"{", b'{"status": "422"}', b'{"errors": []}', b'{"errorCode": 7}', b"[" * 100_000]
)
def test_what_is_no_problem_of_fdms(content):
    assert read_problem(422, content) is None
