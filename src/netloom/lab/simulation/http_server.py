"""HTTP and HTTPS in front of simulated devices' APIs."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import ssl
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from aiohttp import web

from netloom.lab.simulation.vendor import HttpReply

if TYPE_CHECKING:
    from netloom.lab.simulation.device import Device
    from netloom.lab.simulation.vendor import Vendor


async def start_http(device: Device, vendor: Vendor, port: int, *, secure: bool) -> asyncio.Server:
    """A listening HTTP(S) server for the vendor's API."""
    handler = vendor.http
    assert handler is not None  # noqa: S101 - asked for by the caller

    async def handle(request: web.BaseRequest) -> web.StreamResponse:
        if not accepted(device, request.headers):
            return web.Response(status=401, headers={"WWW-Authenticate": 'Basic realm="simulated"'})
        body = await request.read()
        said = f"{request.method} {request.path} {body[:4096].decode('utf-8', 'replace')}"
        fault = device.faults.strike(said)
        if fault is not None and fault.kind == "stall":
            await asyncio.Event().wait()
        if fault is not None and fault.kind == "reset" and request.transport is not None:
            request.transport.abort()
        if fault is not None and fault.kind == "error_body":
            return web.Response(text="<html><body>internal error</body></html>", content_type="text/html")
        if device.spec.latency_s or (fault is not None and fault.kind == "slow"):
            await asyncio.sleep(device.spec.latency_s + (fault.seconds if fault is not None else 0))
        reply: HttpReply = await handler(device, request.method, request.path, request.headers, body)
        if fault is not None and fault.kind == "reset_after" and request.transport is not None:
            request.transport.abort()
        return web.Response(
            status=reply.status, body=reply.body, content_type=reply.content_type, headers=dict(reply.headers or {})
        )

    context = certificate().context if secure else None
    loop = asyncio.get_running_loop()
    return await loop.create_server(web.Server(handle, access_log=None), device.spec.address, port, ssl=context)


def accepted(device: Device, headers: Mapping[str, str]) -> bool:
    """Whether basic authentication names the account (RFC 7617)."""
    scheme, _, token = headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return False
    try:
        user, _, password = base64.b64decode(token).decode().partition(":")
    except ValueError:
        return False
    return (user, password) == (device.spec.username, device.spec.password)


class Certificate:
    """A self-signed certificate and its SHA-256."""

    def __init__(self) -> None:
        key, der, pem = _self_signed()
        self.pin = hashlib.sha256(der).hexdigest()
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, "both.pem")
            file.write_bytes(key + pem)
            self.context.load_cert_chain(file)


@cache
def certificate() -> Certificate:
    """The process's certificate: all its devices share it."""
    return Certificate()


def _self_signed() -> tuple[bytes, bytes, bytes]:
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
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    encoding = serialization.Encoding
    return private, made.public_bytes(encoding.DER), made.public_bytes(encoding.PEM)
