"""The certificates of simulated devices' APIs: self-signed, and pinned by those who connect."""

from __future__ import annotations

import hashlib
import ssl
import tempfile
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path


class Certificate:
    """A private key and its certificate, in PEM; without one it is made."""

    def __init__(self, pem: str | None = None) -> None:
        self.pem = _self_signed() if pem is None else pem
        certificate = self.pem[self.pem.index("-----BEGIN CERTIFICATE") :]
        self.pin = hashlib.sha256(ssl.PEM_cert_to_DER_cert(certificate)).hexdigest()
        """The certificate's SHA-256 in hexadecimal."""

    def context(self) -> ssl.SSLContext:
        """What a server needs."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, "both.pem")
            file.write_text(self.pem, encoding="ascii")
            context.load_cert_chain(file)
        return context


@cache
def certificate() -> Certificate:
    """The process's own: devices that have none share it."""
    return Certificate()


@cache
def server_context(pem: str | None) -> ssl.SSLContext:
    """One context for all devices of a certificate."""
    return (certificate() if pem is None else Certificate(pem)).context()


def _self_signed() -> str:
    # Slow to load, and only needed where an API is served.
    from cryptography import x509  # noqa: PLC0415
    from cryptography.hazmat.primitives import hashes, serialization  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "simulated")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=365))
        .sign(key, hashes.SHA256())
    )
    encoding = serialization.Encoding.PEM
    private = key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return (private + made.public_bytes(encoding)).decode()
