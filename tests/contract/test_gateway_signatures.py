"""Whether FDMS's signature holds: by the certificate that it names, over the very string, valid when it was made."""

import base64
import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from fiscalmon.domain.errors import GatewayUnknown
from fiscalmon.domain.gateway import ServerSignature
from fiscalmon.fdms.signing import SigningCertificates
from tests.support import rough_gateway as does
from tests.support.pki import Authority, ServerSigner, pem

# The form of §18.3: device signature, receiptID, serverDate; and of §18.5, with its second date.
RECEIPT = "MEUCIByvAWonGQGjBF0RpupBkjffIbPRyz2+uIl1NUfPuR/rAiEA==104319862026-03-02T08:05:11"
FISCAL_DAY = "1234572026-03-022026-03-02T20:00:00AUTOSALEBYTAXUSD740MEUCIByvAWonGQGj"
BEGIN, END = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module", params=[False, True], ids=["rsa", "ecdsa"])
def signer(request):
    return ServerSigner(BEGIN, END, elliptic=request.param)


@pytest.fixture
def server(serve):
    return serve()


@pytest.fixture
def gateway(server, connect):
    return connect(server.url)


def handing_out(*signers):
    certificates = [pem(one.certificate) for one in signers]
    return does.answer({"certificate": certificates, "certificateValidTill": "2027-01-01T00:00:00", "operationID": "1"})


@pytest.mark.parametrize("canonical", [RECEIPT, FISCAL_DAY])
async def test_holds(canonical, signer, server, gateway):
    server.act = handing_out(signer)
    assert await gateway.verify(canonical, ServerSignature(**signer.sign(canonical)))
    assert server.seen[0].path == f"/Public/v1/GetServerCertificate?thumbprint={signer.thumbprint}"


async def test_the_certificate_is_asked_for_once_by_all_devices(signer, server, connect):
    server.act = handing_out(signer)
    for _ in range(2):
        gateway = connect(server.url)
        for _ in range(3):
            assert await gateway.verify(RECEIPT, ServerSignature(**signer.sign(RECEIPT)))
    assert len(server.seen) == 1


def other_text(given):
    return RECEIPT.replace("8:05:11", "8:05:12"), given


def other_hash(given):
    return RECEIPT, {**given, "hash": "A" * 43 + "="}


def other_signature(given):
    return RECEIPT, {**given, "signature": given["signature"][:-8] + "AAAAAA=="}


def no_base64(given):
    return RECEIPT, {**given, "signature": "%%%"}


def empty(given):
    return RECEIPT, {**given, "hash": "", "signature": ""}


def text_and_hash_exchanged_but_not_signed(given):
    text = RECEIPT.replace("10431986", "10431987")
    return text, {**given, "hash": base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}


def no_thumbprint(given):
    return RECEIPT, {**given, "thumbprint": "../../Device/v1/1/Ping"}


FORGERIES = [
    other_text,
    other_hash,
    other_signature,
    no_base64,
    empty,
    text_and_hash_exchanged_but_not_signed,
    no_thumbprint,
]


@pytest.mark.parametrize("forge", FORGERIES)
async def test_does_not_hold(forge, signer, server, gateway):
    server.act = handing_out(signer)
    canonical, given = forge(signer.sign(RECEIPT))
    assert await gateway.verify(canonical, ServerSignature(**given)) is False


async def test_a_text_where_no_thumbprint_is_never_becomes_an_address(signer, server, gateway):
    server.act = handing_out(signer)
    for bad in ("AB&x=1", "A" * 39, "G" * 40, ""):
        assert await gateway.verify(RECEIPT, ServerSignature(**{**signer.sign(RECEIPT), "thumbprint": bad})) is False
    assert server.seen == []


async def test_a_certificate_with_another_thumbprint_is_not_taken(signer, server, gateway):
    """The server hands out a key of its own for someone else's thumbprint."""
    other = ServerSigner(BEGIN, END)
    server.act = handing_out(other)
    forged = {**other.sign(RECEIPT), "thumbprint": signer.thumbprint}
    assert await gateway.verify(RECEIPT, ServerSignature(**forged)) is False
    server.act = handing_out(other, signer)
    assert await gateway.verify(RECEIPT, ServerSignature(**signer.sign(RECEIPT))), "a wrong answer is not remembered"


@pytest.mark.parametrize(
    ("made", "holds"),
    [
        ("2025-12-30T08:00:00", False),
        ("2025-12-31T23:00:00", True),
        ("2026-12-31T23:59:59", True),
        ("2027-01-03T08:00:00", False),
        ("2026-99-99T08:00:00", True),
    ],
)
async def test_validity_counts_when_the_signature_was_made(made, holds, server, gateway, clock):
    """Not when it is looked at: old receipts verify for ever, new ones not by an old certificate."""
    signer = ServerSigner(BEGIN, END, elliptic=True)
    clock.ahead = datetime(2026, 6, 1, tzinfo=UTC) - datetime.now(UTC)
    server.act = handing_out(signer)
    canonical = f"AAAA==7{made}"
    assert await gateway.verify(canonical, ServerSignature(**signer.sign(canonical))) is holds


async def test_a_text_without_a_date_is_judged_by_now(server, gateway, clock):
    signer = ServerSigner(BEGIN, END, elliptic=True)
    server.act = handing_out(signer)
    given = ServerSignature(**signer.sign("no date"))
    clock.ahead = datetime(2026, 6, 1, tzinfo=UTC) - datetime.now(UTC)
    assert await gateway.verify("no date", given) is True
    clock.ahead += timedelta(days=900)
    assert await gateway.verify("no date", given) is False


@pytest.mark.parametrize(
    ("act", "status"),
    [
        (does.problem(404, "Not Found"), 404),
        (does.problem(500), 500),
        (does.answer({"certificate": ["no PEM"], "operationID": "1"}), 200),
        (does.answer({"certificate": None}), 200),
        (does.hang_up, None),
    ],
)
async def test_without_the_certificate_nobody_knows(act, status, signer, server, gateway):
    """Never "refused": what FDMS refuses here is a certificate, not the receipt that it has stored."""
    server.act = act
    given = ServerSignature(**signer.sign(RECEIPT))
    with pytest.raises(GatewayUnknown) as caught:
        await gateway.verify(RECEIPT, given)
    assert caught.value.status == status
    server.act = handing_out(signer)
    assert await gateway.verify(RECEIPT, given)


async def test_a_key_of_another_kind_never_holds(server, gateway):
    certificate = Authority().certify(Ed25519PrivateKey.generate().public_key(), BEGIN, END)
    server.act = does.answer({"certificate": [pem(certificate)], "operationID": "1"})
    given = {**ServerSigner(BEGIN, END, elliptic=True).sign(RECEIPT), "thumbprint": ServerSigner.name_of(certificate)}
    assert await gateway.verify(RECEIPT, ServerSignature(**given)) is False


async def test_only_so_many_certificates_are_kept():
    """A gateway that names a new certificate each time costs requests, not memory without end."""
    asked, signers = [], [ServerSigner(BEGIN, END, elliptic=True) for _ in range(33)]
    by_name = {one.thumbprint: one.certificate for one in signers}

    async def ask(thumbprint):
        asked.append(thumbprint)
        return (by_name[thumbprint],)

    signing = SigningCertificates()
    for one in [*signers, signers[32], signers[0]]:
        assert await signing.verify(RECEIPT, ServerSignature(**one.sign(RECEIPT)), BEGIN, ask)
    assert len(asked) == 34
    assert asked[-1] == signers[0].thumbprint
