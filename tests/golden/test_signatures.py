"""Signatures of the worked day, made elsewhere by keys that no longer exist: ours must be of the same form.

The device's signatures are verified by the same code that verifies FDMS's own."""

import base64
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from device.keys.signer import EcSigner
from fiscalmon.domain.gateway import ServerSignature
from fiscalmon.fdms.signing import SigningCertificates
from tests.golden.vectors import DAY
from tests.support.pki import Authority, ServerSigner

SIGNED = [*DAY["receipts"], DAY["closeDay"]]
PUBLIC = {
    "ecdsa_der": load_pem_public_key(DAY["ec_public_key_pem"].encode()),
    "ecdsa_p1363_must_be_rejected": load_pem_public_key(DAY["ec_public_key_pem"].encode()),
    "rsa_pkcs1v15": load_pem_public_key(DAY["rsa_public_key_pem"].encode()),
}
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


async def verifies(form: str, step: dict) -> bool:
    """As if FDMS had signed: the vectors' public key in a certificate, and the signature named by its SHA-1."""
    certificate = Authority().certify(PUBLIC[form], datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))
    signature = ServerSignature(step["sha256_base64"], step["signatures"][form], ServerSigner.name_of(certificate))

    async def ask(thumbprint: str) -> tuple[x509.Certificate, ...]:
        return (certificate,)

    return await SigningCertificates().verify(step["canonical"], signature, NOW, ask)


def test_the_worked_day_is_all_there():
    assert len(SIGNED) == 5
    assert {form for step in SIGNED for form in step["signatures"]} == set(PUBLIC)


@pytest.mark.parametrize("step", SIGNED, ids=lambda step: step["canonical"][:30])
@pytest.mark.parametrize("form", PUBLIC)
async def test_signatures_of_the_worked_day(form, step):
    assert await verifies(form, step) is ("rejected" not in form)


@pytest.mark.parametrize("form", ["ecdsa_der", "rsa_pkcs1v15"])
async def test_no_signature_fits_another_step(form):
    for step, other in pairwise(SIGNED):
        assert await verifies(form, {**step, "signatures": other["signatures"]}) is False


def test_our_signatures_have_the_published_form():
    """An ASN.1 sequence of two integers, as the golden ones; the raw form of 64 bytes is refused by FDMS."""
    signature = EcSigner(ec.generate_private_key(ec.SECP256R1())).sign_digest(
        base64.b64decode(SIGNED[0]["sha256_base64"])
    )
    golden = base64.b64decode(SIGNED[0]["signatures"]["ecdsa_der"])
    for der in (signature, golden):
        assert (der[0], der[1], der[2]) == (0x30, len(der) - 2, 0x02)
