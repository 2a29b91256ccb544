"""Certificates made on the fly: an authority, what it issues, and FDMS's signing keys. Knows nothing of the program."""

import base64
import hashlib
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

DAY = timedelta(days=1)


def pem(certificate) -> str:
    return certificate.public_bytes(Encoding.PEM).decode()


def plain(key) -> bytes:
    """A private key of the tests themselves, for a server or a stranger; never one of a device."""
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


class Authority:
    """Signs what it is asked to, also what no real authority would."""

    def __init__(self, name: str = "test authority") -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        built = self._builder(self.name, self.key.public_key(), -DAY, 30 * DAY)
        built = built.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        self.certificate = built.sign(self.key, hashes.SHA256())
        self.pem = pem(self.certificate)

    def server(self, *names: str, begin: timedelta = -DAY, end: timedelta = DAY) -> bytes:
        """Certificate and key in one PEM, for a server that answers to these names or addresses."""
        key = ec.generate_private_key(ec.SECP256R1())
        alternatives = [_alternative(name) for name in names]
        built = self._builder(_named(names[0]), key.public_key(), begin, end)
        built = built.add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
        built = built.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        return plain(key) + pem(built.sign(self.key, hashes.SHA256())).encode()

    def device(self, request_pem: str) -> str:
        """A device's certificate from its PKCS#10, as FDMS issues it."""
        request = x509.load_pem_x509_csr(request_pem.encode())
        built = self._builder(request.subject, request.public_key(), -DAY, DAY)
        built = built.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), critical=False)
        return pem(built.sign(self.key, hashes.SHA256()))

    def certify(self, public_key, begin: datetime, end: datetime) -> x509.Certificate:
        """A certificate for a public key alone, whoever has the private one."""
        now = datetime.now(UTC)
        return self._builder(_named("of a public key"), public_key, begin - now, end - now).sign(
            self.key, hashes.SHA256()
        )

    def _builder(self, subject, public_key, begin: timedelta, end: timedelta) -> x509.CertificateBuilder:
        now = datetime.now(UTC)
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self.name)
            .public_key(public_key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now + begin)
            .not_valid_after(now + end)
        )


class ServerSigner:
    """A key by which FDMS signs, with a certificate valid between two moments."""

    def __init__(self, begin: datetime, end: datetime, *, elliptic: bool = False) -> None:
        self.elliptic = elliptic
        self.key = (
            ec.generate_private_key(ec.SECP256R1())
            if elliptic
            else rsa.generate_private_key(public_exponent=65537, key_size=2048)
        )
        built = (
            x509.CertificateBuilder()
            .subject_name(_named("FDMS signing"))
            .issuer_name(_named("FDMS signing"))
            .public_key(self.key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(begin)
            .not_valid_after(end)
        )
        self.certificate = built.sign(self.key, hashes.SHA256())
        self.thumbprint = self.name_of(self.certificate)

    @staticmethod
    def name_of(certificate: x509.Certificate) -> str:
        """The thumbprint by which a signature names its certificate."""
        return hashlib.sha1(certificate.public_bytes(Encoding.DER)).hexdigest().upper()

    def sign(self, canonical: str) -> dict[str, str]:
        """A ServerSignature by its members: hash, signature, thumbprint."""
        content = canonical.encode()
        if self.elliptic:
            mark = self.key.sign(content, ec.ECDSA(hashes.SHA256()))
        else:
            mark = self.key.sign(content, padding.PKCS1v15(), hashes.SHA256())
        digest = hashlib.sha256(content).digest()
        return {
            "hash": base64.b64encode(digest).decode(),
            "signature": base64.b64encode(mark).decode(),
            "thumbprint": self.thumbprint,
        }


def _named(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _alternative(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)
