"""The simulator's certificate authority, its TLS identity and FDMS's signing key (Gateway v7.2 §8, §18).

Made once into the state folder, read from there afterwards. Knows nothing of devices' state.
"""

from __future__ import annotations

import base64
import hashlib
import ipaddress
import os
import ssl
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from fiscalmon.domain.canonical import Parts, digest
from fiscalmon.domain.gateway import ServerSignature

from .csr import COUNTRY, ORGANISATION, PublicKey, common_name

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
# The validity of its own certificates does not follow /clock: wide enough for every clock a test sets.
BEGIN, END = datetime(2017, 1, 1, tzinfo=UTC), datetime(2049, 12, 31, tzinfo=UTC)
DEVICE_YEARS = timedelta(days=365)
# Certificates' dates are judged by the simulator's own clock, not in the handshake (X509_V_FLAG_NO_CHECK_TIME).
NO_CHECK_TIME = 0x200000


class Authority:
    """`names`: host names and addresses that the TLS certificate is made out for."""

    def __init__(self, folder: Path, names: Iterable[str]) -> None:
        self.folder = folder
        self.ca_file = folder / "ca.pem"
        self._ca_key = self._key("ca.key", elliptic=False)
        self.ca = self._certificate("ca.pem", self._make_ca)
        signing_key = self._key("signing.key", elliptic=False)
        assert isinstance(signing_key, rsa.RSAPrivateKey)  # noqa: S101 - made just above as RSA
        self._signing_key = signing_key
        self.signing_certificate = self._certificate("signing.pem", self._make_signing)
        self.thumbprint = _thumbprint(self.signing_certificate)
        server_key = self._key("server.key", elliptic=True)
        self._write("server.pem", _pem(self._make_server(server_key, names)))

    def sign(self, parts: Parts) -> ServerSignature:
        """RSA PKCS#1 v1.5 with SHA-256 over the canonical string (§18.1), by FDMS's signing key."""
        text, sha256 = digest(parts)
        signature = self._signing_key.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256())
        return ServerSignature(_b64(sha256), _b64(signature), self.thumbprint)

    def chain_of(self, thumbprint: str | None) -> list[x509.Certificate] | None:
        """Leaf first. None asks for the active signing certificate; None is the answer to an unknown thumbprint."""
        if thumbprint is None or thumbprint.upper() == self.thumbprint:
            return [self.signing_certificate, self.ca]
        return [self.ca] if thumbprint.upper() == _thumbprint(self.ca) else None

    def issue(self, key: PublicKey, serial_no: str, device_id: int, now: datetime) -> x509.Certificate:
        """A device's certificate: one year, client authentication, the fields of §8."""
        names = [
            x509.NameAttribute(NameOID.COUNTRY_NAME, COUNTRY),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, ORGANISATION),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name(serial_no, device_id)),
        ]
        # A device's clock may be some minutes behind: its new certificate must hold for it at once.
        begin = now - timedelta(minutes=10)
        builder = _builder(x509.Name(names), self.ca.subject, key, begin, begin + DEVICE_YEARS)
        builder = _with_usage(builder, ExtendedKeyUsageOID.CLIENT_AUTH, commitment=True)
        return builder.sign(self._ca_key, hashes.SHA256())

    def tls(self) -> ssl.SSLContext:
        """TLS 1.2 or newer; a client certificate is asked for, not required: 401 is the gateway's own answer."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.load_cert_chain(self.folder / "server.pem", self.folder / "server.key")
        context.load_verify_locations(self.ca_file)
        context.verify_mode = ssl.CERT_OPTIONAL
        context.verify_flags |= NO_CHECK_TIME
        context.set_alpn_protocols(["http/1.1"])
        context.num_tickets = 0
        return context

    def _make_ca(self) -> x509.Certificate:
        name = _name("FDMS simulator CA")
        builder = _builder(name, name, self._ca_key.public_key(), BEGIN, END)
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        builder = builder.add_extension(_usage(certs=True), critical=True)
        builder = builder.add_extension(
            x509.SubjectKeyIdentifier.from_public_key(self._ca_key.public_key()), critical=False
        )
        return builder.sign(self._ca_key, hashes.SHA256())

    def _make_signing(self) -> x509.Certificate:
        name = _name("FDMS simulator signing")
        builder = _builder(name, self.ca.subject, self._signing_key.public_key(), BEGIN, END)
        builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        builder = builder.add_extension(_usage(signs=True, commitment=True), critical=True)
        return builder.sign(self._ca_key, hashes.SHA256())

    def _make_server(self, key: PrivateKey, names: Iterable[str]) -> x509.Certificate:
        builder = _builder(_name("FDMS simulator"), self.ca.subject, key.public_key(), BEGIN, END)
        builder = _with_usage(builder, ExtendedKeyUsageOID.SERVER_AUTH, commitment=False)
        builder = builder.add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(self._ca_key.public_key()), critical=False
        )
        alternatives = x509.SubjectAlternativeName([_general_name(name) for name in dict.fromkeys(names)])
        return builder.add_extension(alternatives, critical=False).sign(self._ca_key, hashes.SHA256())

    def _key(self, file: str, *, elliptic: bool) -> PrivateKey:
        path = self.folder / file
        if not path.exists():
            made: PrivateKey = (
                ec.generate_private_key(ec.SECP256R1()) if elliptic else rsa.generate_private_key(65537, 2048)
            )
            self._write(
                file,
                made.private_bytes(
                    serialization.Encoding.PEM,
                    serialization.PrivateFormat.PKCS8,
                    serialization.NoEncryption(),
                ),
            )
            return made
        return serialization.load_pem_private_key(path.read_bytes(), None)  # type: ignore[return-value]  # our own

    def _certificate(self, file: str, make: Callable[[], x509.Certificate]) -> x509.Certificate:
        path = self.folder / file
        if not path.exists():
            self._write(file, _pem(make()))
        return x509.load_pem_x509_certificate(path.read_bytes())

    def _write(self, file: str, content: bytes) -> None:
        """Whole or not at all, and readable by the owner alone."""
        beside = self.folder / f"{file}.new"
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
            out.write(content)
        beside.replace(self.folder / file)


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _builder(
    subject: x509.Name, issuer: x509.Name, key: PublicKey, begin: datetime, end: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(end)
    )


def _with_usage(
    builder: x509.CertificateBuilder, purpose: x509.ObjectIdentifier, *, commitment: bool
) -> x509.CertificateBuilder:
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    builder = builder.add_extension(_usage(signs=True, commitment=commitment, encipherment=True), critical=True)
    return builder.add_extension(x509.ExtendedKeyUsage([purpose]), critical=False)


def _usage(
    *, certs: bool = False, signs: bool = False, commitment: bool = False, encipherment: bool = False
) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=signs,
        content_commitment=commitment,
        key_encipherment=encipherment,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=certs,
        crl_sign=certs,
        encipher_only=False,
        decipher_only=False,
    )


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _thumbprint(certificate: x509.Certificate) -> str:
    """SHA-1 of the DER as 40 hex digits, upper case (§3): a name, not a protection."""
    der = certificate.public_bytes(serialization.Encoding.DER)
    return hashlib.sha1(der, usedforsecurity=False).hexdigest().upper()


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _b64(content: bytes) -> str:
    return base64.b64encode(content).decode()
