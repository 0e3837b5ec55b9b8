"""Certificates of an authority of the test's own."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec


@dataclass(frozen=True)
class Certificate:
    """A server's, signed by an authority that nobody else knows."""

    authority: str
    """The file of the authority's certificate."""
    file: str
    key: str

    @property
    def context(self) -> ssl.SSLContext:
        """A server's side of TLS."""
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(self.file, self.key)
        return context


def certificate(folder: Path, names: tuple[str, ...] = ("localhost", "127.0.0.1"), *, days: float = 30) -> Certificate:
    """A certificate for these names and addresses, valid for so many days from now."""
    folder.mkdir(parents=True, exist_ok=True)
    authority_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    issuer, subject = _name("Test authority"), _name("server")
    authority = _builder(issuer, issuer, authority_key, 365).add_extension(
        x509.BasicConstraints(ca=True, path_length=None), critical=True
    )
    alternatives = [x509.IPAddress(ip_address(each)) if each[0].isdigit() else x509.DNSName(each) for each in names]
    own = _builder(subject, issuer, key, days).add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
    pem = serialization.Encoding.PEM
    authority_file, file, key_file = folder / "ca.pem", folder / "server.pem", folder / "server.key"
    authority_file.write_bytes(authority.sign(authority_key, hashes.SHA256()).public_bytes(pem))
    file.write_bytes(own.sign(authority_key, hashes.SHA256()).public_bytes(pem))
    form = (serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    key_file.write_bytes(key.private_bytes(pem, *form))
    return Certificate(str(authority_file), str(file), str(key_file))


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, text)])


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, days: float
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=60))
        .not_valid_after(now + timedelta(days=days))
    )
