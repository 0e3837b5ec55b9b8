"""HTTP(S) to devices' APIs: one pooled connection a device, TLS verified, no proxies, no redirects.

Law: nothing is sent before the certificate is verified, by the system's authorities, by the device's own, or by its
pin. What the environment says of proxies and bundles does not count.
"""

from __future__ import annotations

import asyncio
import re
import ssl
from base64 import b64encode
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING

from netloom.codecs.http1 import HttpError, TooLarge, request
from netloom.errors import (
    AlgorithmMismatch,
    AuthenticationFailed,
    HostKeyChanged,
    OperationTimeout,
    OutputNotUnderstood,
    Refused,
    SessionClosed,
    Unreachable,
)
from netloom.transports.http_wire import HttpWire, open_wire

if TYPE_CHECKING:
    from netloom.model.host import Access

BODY_LIMIT = 1 << 28
"""Bytes of an answer."""
CONNECTIONS = 2
"""To one device: its API has few workers."""
KEEPALIVE_S = 60
FAREWELL_S = 1.0
"""For closed connections to be gone."""


_SHA256 = re.compile(r"[0-9a-f]{64}")


class HttpConnection:
    """One device's API; connections are kept and used again."""

    def __init__(self, access: Access) -> None:
        self._access = access
        self._secure = access.transport != "http"
        self._port = access.port or (443 if self._secure else 80)
        self._slots = asyncio.Semaphore(CONNECTIONS)
        self._idle: list[HttpWire] = []
        self._wires: list[HttpWire] = []
        """Those and the ones at work, and what is left of closed ones."""
        self._fields = _fields(access, self._port, secure=self._secure)
        self._cookies: dict[str, str] = {}

    async def post(self, path: str, body: bytes, content_type: str, *, timeout_s: float | None = None) -> bytes:
        """The body of the answer; raises DeviceError where there is none, or its status is no success.

        A refusal's body comes back as well where the device explains it in its API's own words (status 400 or 500
        with JSON). Requests are never sent twice: whether a lost one was carried out nobody knows.
        """
        name = self._access.name
        limit = self._access.command_timeout_s if timeout_s is None else timeout_s
        try:
            async with asyncio.timeout(limit), self._slots:
                return await self._exchange(path, body, content_type)
        except TimeoutError as exc:
            raise OperationTimeout(f"no answer within {limit:g} s", device=name) from exc
        except TooLarge as exc:
            raise OutputNotUnderstood(f"its answer is larger than {BODY_LIMIT >> 20} MiB", device=name) from exc
        except (HttpError, OSError) as exc:
            raise SessionClosed(f"the connection broke: {str(exc) or type(exc).__name__}", device=name) from exc

    async def close(self) -> None:
        """Hang up, and come back when nothing of it is left."""
        wires, self._wires, self._idle = self._wires, [], []
        for wire in wires:
            wire.close()
        with suppress(TimeoutError):
            async with asyncio.timeout(FAREWELL_S):
                for wire in wires:
                    await wire.gone.wait()
        for wire in wires:
            wire.abort()

    async def _exchange(self, path: str, body: bytes, content_type: str) -> bytes:
        wire = self._standing() or await self._connect()
        fields = {**self._fields, "Content-Type": content_type}
        if self._cookies:
            fields["Cookie"] = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        try:
            answer = await wire.exchange(request("POST", path, fields, body), BODY_LIMIT)
        except BaseException:
            wire.abort()
            raise
        if answer.lasting and wire.usable:
            self._idle.append(wire)
        else:
            wire.close()
        for name, value in answer.cookies.items():
            self._cookies[name] = value
            if not value:
                del self._cookies[name]
        return self._judged(answer.status, answer.body, answer.fields.get("location"))

    def _standing(self) -> HttpWire | None:
        """A connection from before that can still be used."""
        oldest = asyncio.get_running_loop().time() - KEEPALIVE_S
        while self._idle:
            wire = self._idle.pop()
            if wire.usable and wire.idle_since >= oldest:
                return wire
            wire.close()
        return None

    async def _connect(self) -> HttpWire:
        access, place = self._access, f"{self._access.address} port {self._port}"
        context = self._context()
        try:
            async with asyncio.timeout(access.connect_timeout_s):
                wire = await open_wire(access, self._port, context)
        except TimeoutError as exc:
            raise Unreachable(
                f"{place} does not answer within {access.connect_timeout_s:g} s", device=access.name
            ) from exc
        except Refused as exc:
            raise Refused(exc.message, device=access.name, hint="is the API enabled, and the port right?") from exc
        except ssl.SSLCertVerificationError as exc:
            raise HostKeyChanged(
                f"its certificate cannot be verified: {exc.verify_message}. No credential was sent",
                device=access.name,
                hint="name its authority (netloom_tls_ca), or pin its SHA-256 (netloom_tls_pin)",
            ) from exc
        except ssl.SSLError as exc:
            raise AlgorithmMismatch(
                f"{place}: no TLS session: {exc.reason or exc}",
                device=access.name,
                hint="does it speak HTTPS there, TLS 1.2 or later?",
            ) from exc
        self._wires = [known for known in self._wires if not known.gone.is_set()]
        self._wires.append(wire)
        self._check_pin(wire)
        return wire

    def _check_pin(self, wire: HttpWire) -> None:
        """Nothing was sent yet."""
        if self._access.tls_pin is None or wire.tls is None:
            return
        pinned, shown = _digits(self._access.tls_pin), wire.tls.fingerprint
        if pinned != shown:
            wire.abort()
            raise HostKeyChanged(
                f"certificate changed. Expected: SHA-256 {pinned}. Actual: SHA-256 {shown}. No credential was sent",
                device=self._access.name,
                hint="if you know why, set netloom_tls_pin to the new one",
            )

    def _context(self) -> ssl.SSLContext | None:
        access = self._access
        if not self._secure:
            return None
        if access.tls_pin is not None:
            if not _SHA256.fullmatch(_digits(access.tls_pin)):
                raise AuthenticationFailed(
                    f"netloom_tls_pin: expected a SHA-256 in hexadecimal, got {access.tls_pin!r}", device=access.name
                )
            return _pinned_context()
        try:
            return _verifying_context(access.tls_ca)
        except OSError as exc:  # an SSLError too: the file holds no certificates
            reason = exc.strerror or exc
            raise AuthenticationFailed(f"netloom_tls_ca: {access.tls_ca}: {reason}", device=access.name) from exc

    def _judged(self, status: int, body: bytes, location: str | None) -> bytes:
        name = self._access.name
        if status in (401, 403):
            raise AuthenticationFailed(
                f"the API accepts none of the credentials of {self._access.username!r} (HTTP {status})", device=name
            )
        if 300 <= status < 400:
            raise OutputNotUnderstood(
                f"its API sends us elsewhere (HTTP {status} to {location}), which is not followed", device=name
            )
        if status == 200 or (status in (400, 500) and body.lstrip()[:1] in (b"{", b"[")):
            return body
        raise OutputNotUnderstood(f"HTTP {status} from its API", device=name, hint="is the API enabled at this path?")


def _fields(access: Access, port: int, *, secure: bool) -> dict[str, str]:
    """What every request says, with basic authentication (RFC 7617)."""
    host = f"[{access.address}]" if ":" in access.address else access.address
    fields = {
        "Host": host if port == (443 if secure else 80) else f"{host}:{port}",
        "User-Agent": "netloom",
        "Accept": "*/*",
        "Accept-Encoding": "gzip, deflate",
    }
    if access.username:
        password = access.password.reveal() if access.password else ""
        fields["Authorization"] = f"Basic {b64encode(f'{access.username}:{password}'.encode()).decode()}"
    return fields


def _digits(pin: str) -> str:
    return pin.replace(":", "").lower()


@cache
def _verifying_context(authorities: str | None) -> ssl.SSLContext:
    """Loading authorities costs 20 ms: once for a fleet."""
    return ssl.create_default_context(cafile=authorities)


@cache
def _pinned_context() -> ssl.SSLContext:
    """Whoever vouches for a certificate does not matter where it is compared itself."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
