"""What a TLS session tells: its version, its cipher, and when the certificates end."""

from __future__ import annotations

import asyncio
import hashlib
import ssl
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from netloom.collectors.probe.look import Failed, Look
from netloom.transports.dialogue import Dialogue, chain, verifying_context

_NAMES = 20


async def start_tls(look: Look, dialogue: Dialogue, name: str) -> None:
    """Begin TLS, and tell of it; raises Failed."""
    await asyncio.sleep(0)
    try:
        await dialogue.start_tls(context_of(look), look.module.tls.server_name or name)
    except ssl.SSLCertVerificationError as exc:
        raise Failed(f"the certificate cannot be verified: {exc.verify_message}") from exc
    except ssl.SSLError as exc:
        raise Failed(f"no TLS session: {exc.reason or exc}") from exc
    assert dialogue.tls is not None  # noqa: S101 - it has begun
    tell(look, dialogue.tls)


def context_of(look: Look) -> ssl.SSLContext:
    """How far the server is trusted; raises Failed where the file of authorities cannot be used."""
    options = look.module.tls
    try:
        return _context(str(Path(options.ca).expanduser()) if options.ca else None, options.verify)
    except OSError as exc:
        raise Failed(f"{options.ca}: {exc.strerror or exc}") from exc


@lru_cache(64)
def _context(authorities: str | None, verify: bool) -> ssl.SSLContext:
    """Loading the system's authorities takes 20 ms: once is enough."""
    return verifying_context(authorities, verify=verify)


def tell(look: Look, tls: ssl.SSLObject) -> None:
    """Note what the session tells; raises Failed where a certificate ends too soon."""
    from cryptography import x509  # noqa: PLC0415 - slow to import
    from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415 - as above

    cipher = tls.cipher()
    look.told["probe_tls_version_info"] = (tls.version() or "").replace("v", " ")
    look.told["probe_tls_cipher_info"] = cipher[0] if cipher else None
    shown = chain(tls)
    if not shown:
        return
    try:
        certificates = [x509.load_der_x509_certificate(each) for each in shown]
        own = certificates[0]
        ends = min(each.not_valid_after_utc for each in certificates)
        look.told["probe_ssl_certificate"] = {
            "subject": own.subject.rfc4514_string(),
            "issuer": own.issuer.rfc4514_string(),
            "serial_number": f"{own.serial_number:x}",
            "fingerprint_sha256": hashlib.sha256(shown[0]).hexdigest(),
            "subject_alternative_names": ", ".join(_names(own)[:_NAMES]),
            "signature_hash": (own.signature_hash_algorithm or SHA256()).name,
        }
    except (ValueError, TypeError) as exc:
        raise Failed(f"the certificate cannot be read: {exc}") from exc
    left = (ends - datetime.now(UTC)).total_seconds() / 86400
    look.told["probe_ssl_earliest_cert_expiry"] = int(ends.timestamp()) * 10**9
    look.told["probe_ssl_days_left"] = left
    if left < look.module.tls.min_days:
        raise Failed(f"a certificate ends in {left:.1f} days, at least {look.module.tls.min_days:g} are wished for")


def _names(certificate: object) -> list[str]:
    from cryptography import x509  # noqa: PLC0415 - slow to import

    assert isinstance(certificate, x509.Certificate)  # noqa: S101 - the caller made it
    try:
        found = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (x509.ExtensionNotFound, ValueError):
        return []
    return [
        str(each) for each in (*found.get_values_for_type(x509.DNSName), *found.get_values_for_type(x509.IPAddress))
    ]
