"""The till's own certificate authority and its server certificate, in DATA_DIR/tls.

The authority may only vouch for private addresses and this machine's names (RFC 5280 §4.2.1.10): whoever trusts it
and loses its key to a thief has not lost the rest of the web. The server certificate renews itself.
"""

from __future__ import annotations

import ipaddress
import re
import ssl
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from .addresses import Address
from .secret_files import write_private

CA_FILE: Final = "ca.pem"
_LIFE: Final = timedelta(days=397)
_CA_LIFE: Final = timedelta(days=3_650)
_RENEW_BEFORE: Final = timedelta(days=30)
# Clients' clocks differ; FDMS's own tolerance is smaller than a day.
_BACKDATED: Final = timedelta(days=1)
_DNS_NAME: Final = re.compile(r"(?!\d+(\.\d+){3}$)[a-z0-9]([a-z0-9-]{0,62})(\.[a-z0-9]([a-z0-9-]{0,62}))*")
_PRIVATE: Final = tuple(
    ipaddress.ip_network(text)
    for text in (
        "127.0.0.0/8",
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "169.254.0.0/16",
        "100.64.0.0/10",
        "::1/128",
        "fc00::/7",
        "fe80::/10",
    )
)


class Authority:
    """The CA and the server certificate of one data folder. `names` and `addresses` are what the till is called."""

    def __init__(self, folder: Path, names: Sequence[str], addresses: Sequence[Address]) -> None:
        self._folder = folder
        plain_names = dict.fromkeys(name.partition(":")[0] for name in names)
        self._names = tuple(name for name in plain_names if _DNS_NAME.fullmatch(name) and len(name) < 254)
        self._addresses = tuple(addresses)
        self.ca_file = folder / CA_FILE

    def ensure(self, now: datetime | None = None) -> bool:
        """Make or renew what is missing, runs out within 30 days or names something else; whether it did."""
        now = now or datetime.now(UTC)
        ca = self._load("ca")
        if ca is None or not self._usable_ca(ca[1], now):
            ca = self._make_ca(now)
        server = self._load("server")
        if server is not None and self._usable_server(server[1], ca[1], now):
            return False
        self._make_server(ca, now)
        return True

    def context(self) -> ssl.SSLContext:
        """A server context: TLS 1.2 with authenticated encryption, or 1.3."""
        return server_context(self._folder / "server.pem", self._folder / "server.key")

    def readdress(self, addresses: Sequence[Address]) -> None:
        """What the till is called from now on; `ensure` makes the certificate for it."""
        self._addresses = tuple(addresses)

    def load_into(self, context: ssl.SSLContext) -> None:
        """Give the context the present certificate; new connections use it."""
        context.load_cert_chain(self._folder / "server.pem", self._folder / "server.key")

    def _load(self, name: str) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate] | None:
        try:
            key = serialization.load_pem_private_key((self._folder / f"{name}.key").read_bytes(), None)
            certificate = x509.load_pem_x509_certificate((self._folder / f"{name}.pem").read_bytes())
        except (OSError, ValueError):
            return None
        if not isinstance(key, ec.EllipticCurvePrivateKey) or key.public_key() != certificate.public_key():
            return None
        return key, certificate

    def _usable_ca(self, certificate: x509.Certificate, now: datetime) -> bool:
        if not certificate.not_valid_before_utc <= now < certificate.not_valid_after_utc - _LIFE:
            return False
        constraints = certificate.extensions.get_extension_for_class(x509.NameConstraints).value
        allowed = constraints.permitted_subtrees or []
        names = [part.value for part in allowed if isinstance(part, x509.DNSName)]
        networks = [part.value for part in allowed if isinstance(part, x509.IPAddress)]
        return all(any(name == known or name.endswith("." + known) for known in names) for name in self._names) and all(
            any(isinstance(net, ipaddress.IPv4Network | ipaddress.IPv6Network) and a in net for net in networks)
            for a in self._addresses
        )

    def _usable_server(self, certificate: x509.Certificate, ca: x509.Certificate, now: datetime) -> bool:
        if certificate.issuer != ca.subject:
            return False
        try:
            certificate.verify_directly_issued_by(ca)
        except (ValueError, TypeError, InvalidSignature):
            return False
        in_time = certificate.not_valid_before_utc <= now < certificate.not_valid_after_utc - _RENEW_BEFORE
        named = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        return (
            in_time
            and set(named.get_values_for_type(x509.DNSName)) == set(self._names)
            and set(named.get_values_for_type(x509.IPAddress)) == set(self._addresses)
        )

    def _make_ca(self, now: datetime) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
        key = ec.generate_private_key(ec.SECP256R1())
        serial = x509.random_serial_number()
        # The number keeps two authorities of one machine apart in a browser's store.
        subject = _subject(f"fiscalmon till {self._names[-1]} {serial % 16**6:06x}")
        outside = [a for a in self._addresses if not any(a in net for net in _PRIVATE)]
        permitted: list[x509.GeneralName] = [x509.DNSName(name) for name in self._names]
        permitted += [x509.IPAddress(net) for net in (*_PRIVATE, *(ipaddress.ip_network(a) for a in outside))]
        certificate = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(subject)
            .public_key(key.public_key())
            .serial_number(serial)
            .not_valid_before(now - _BACKDATED)
            .not_valid_after(now + _CA_LIFE)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_usage(signs_certificates=True), critical=True)
            .add_extension(x509.NameConstraints(permitted, None), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .sign(key, hashes.SHA256())
        )
        self._save("ca", key, certificate)
        return key, certificate

    def _make_server(self, ca: tuple[ec.EllipticCurvePrivateKey, x509.Certificate], now: datetime) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        named: list[x509.GeneralName] = [x509.DNSName(name) for name in self._names]
        named += [x509.IPAddress(address) for address in self._addresses]
        certificate = (
            x509.CertificateBuilder()
            .subject_name(_subject("fiscalmon"))
            .issuer_name(ca[1].subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - _BACKDATED)
            .not_valid_after(now - _BACKDATED + _LIFE)
            .add_extension(x509.SubjectAlternativeName(named), critical=False)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(signs_certificates=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(ca[0].public_key()), critical=False)
            .sign(ca[0], hashes.SHA256())
        )
        self._save("server", key, certificate)

    def _save(self, name: str, key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate) -> None:
        pem = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        write_private(self._folder / f"{name}.key", pem)
        write_private(self._folder / f"{name}.pem", certificate.public_bytes(serialization.Encoding.PEM), 0o644)


def server_context(certificate: Path, key: Path) -> ssl.SSLContext:
    """A server context: TLS 1.2 with authenticated encryption, or 1.3. Raises OSError, ssl.SSLError."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("ECDHE+AESGCM:ECDHE+CHACHA20")
    context.set_alpn_protocols(["http/1.1"])
    context.load_cert_chain(certificate, key)
    return context


def _subject(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:64])])


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )
