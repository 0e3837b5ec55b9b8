"""HTTP(S) to devices' APIs: one pooled connection a device, TLS verified, no proxies, no redirects.

Law: nothing is sent before the certificate is verified, by the system's authorities, by the device's own, or by its
pin. What the environment says of proxies and bundles does not count.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from base64 import b64encode
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING, Any

import aiohttp

from netloom.errors import (
    AlgorithmMismatch,
    AuthenticationFailed,
    DeviceError,
    HostKeyChanged,
    OperationTimeout,
    OutputNotUnderstood,
    Refused,
    SessionClosed,
    Unreachable,
)
from netloom.transports.http_exchange import CURRENT, FAREWELL_S, BreakableSocket, Exchange, breakable
from netloom.transports.tcp import open_unconnected

if TYPE_CHECKING:
    from netloom.model.host import Access

BODY_LIMIT = 1 << 28
"""Bytes of an answer."""
CONNECTIONS = 2
"""To one device: its API has few workers."""
KEEPALIVE_S = 60


class HttpConnection:
    """One device's API; connections are kept and used again."""

    def __init__(self, access: Access) -> None:
        self._access = access
        self._secure = access.transport != "http"
        self._port = access.port or (443 if self._secure else 80)
        self._session: aiohttp.ClientSession | None = None
        self._trusted: ssl.SSLContext | aiohttp.Fingerprint | bool | None = None
        """One object for all requests: connections are found again by it."""
        self._sockets: list[BreakableSocket] = []

    async def post(self, path: str, body: bytes, content_type: str, *, timeout_s: float | None = None) -> bytes:
        """The body of the answer; raises DeviceError where there is none, or its status is no success.

        A refusal's body comes back as well where the device explains it in its API's own words (status 400 or 500
        with JSON). Requests are never sent twice: whether a lost one was carried out nobody knows.
        """
        limit = self._access.command_timeout_s if timeout_s is None else timeout_s
        exchange = Exchange(self._access.connect_timeout_s)
        try:
            return await exchange.run(self._exchanged(path, body, content_type), limit)
        except (TimeoutError, aiohttp.ClientError, OSError) as exc:
            if exchange.unanswered:
                raise self._unanswered() from exc
            raise self._translated(exc, limit) from exc

    async def close(self) -> None:
        """Hang up, and come back when nothing of it is left: an event loop must not end before TLS has."""
        if self._session is None:
            return
        await self._session.close()
        self._session = None
        left, self._sockets = self._sockets, []
        for opened in left:
            opened.cut()  # what was given up in the middle of an exchange would wait for the device's farewell
        with suppress(TimeoutError):
            async with asyncio.timeout(FAREWELL_S):
                for opened in left:
                    await opened.gone.wait()

    async def _exchanged(self, path: str, body: bytes, content_type: str) -> bytes:
        access = self._access
        session = self._session or self._open()
        scheme = "https" if self._secure else "http"
        host = f"[{access.address}]" if ":" in access.address else access.address
        async with session.post(
            f"{scheme}://{host}:{self._port}{path}",
            data=body,
            headers={"Content-Type": content_type},
            allow_redirects=False,
            ssl=self._trust(),
        ) as answer:
            told = bytearray()
            while chunk := await answer.content.read(BODY_LIMIT + 1 - len(told)):
                told += chunk
            return self._judged(answer.status, bytes(told), answer.headers.get("Location"))

    def _open(self) -> aiohttp.ClientSession:
        access = self._access
        connector = aiohttp.TCPConnector(
            limit=CONNECTIONS,
            keepalive_timeout=KEEPALIVE_S,
            socket_factory=self._open_socket,
        )
        # Redirects are off: the credentials go to this device only.
        self._session = aiohttp.ClientSession(
            connector=connector,
            headers=_credentials(access),
            trust_env=False,
            cookie_jar=aiohttp.CookieJar(unsafe=True),
            # The limits are the exchange's: the library's would cancel what must not be cancelled.
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=None),
            trace_configs=[_tracing()],
        )
        return self._session

    def _open_socket(self, found: tuple[Any, ...]) -> socket.socket:
        self._sockets = [opened for opened in self._sockets if opened.open()]
        opened = breakable(open_unconnected(self._access, socket.AddressFamily(found[0]), socket.SOCK_STREAM))
        self._sockets.append(opened)
        CURRENT.get().opens(opened)
        return opened

    def _trust(self) -> ssl.SSLContext | aiohttp.Fingerprint | bool:
        if self._trusted is None:
            self._trusted = self._tls()
        return self._trusted

    def _tls(self) -> ssl.SSLContext | aiohttp.Fingerprint | bool:
        if not self._secure:
            return False
        access = self._access
        if access.tls_pin is not None:
            try:
                return aiohttp.Fingerprint(bytes.fromhex(access.tls_pin.replace(":", "")))
            except ValueError as exc:
                raise AuthenticationFailed(
                    f"netloom_tls_pin: expected a SHA-256 in hexadecimal, got {access.tls_pin!r}", device=access.name
                ) from exc
        try:
            return _context(access.tls_ca)
        except OSError as exc:  # an SSLError too: the file holds no certificates
            reason = exc.strerror or exc
            raise AuthenticationFailed(f"netloom_tls_ca: {access.tls_ca}: {reason}", device=access.name) from exc

    def _judged(self, status: int, body: bytes, location: str | None) -> bytes:
        name = self._access.name
        if len(body) > BODY_LIMIT:
            raise OutputNotUnderstood(f"its answer is larger than {BODY_LIMIT >> 20} MiB", device=name)
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

    def _translated(self, exc: Exception, limit: float) -> DeviceError:
        name = self._access.name
        if isinstance(exc, TimeoutError):
            return OperationTimeout(f"no answer within {limit:g} s", device=name)
        return (
            self._untrusted(exc)
            or self._unreached(exc)
            or SessionClosed(f"the connection broke: {str(exc) or type(exc).__name__}", device=name)
        )

    def _untrusted(self, exc: Exception) -> DeviceError | None:
        name = self._access.name
        if isinstance(exc, aiohttp.ServerFingerprintMismatch):
            return HostKeyChanged(
                f"certificate changed. Expected: SHA-256 {exc.expected.hex()}. Actual: SHA-256 {exc.got.hex()}. "
                "No credential was sent",
                device=name,
                hint="if you know why, set netloom_tls_pin to the new one",
            )
        if isinstance(exc, aiohttp.ClientConnectorCertificateError):
            reason = getattr(exc.certificate_error, "verify_message", "") or str(exc.certificate_error)
            return HostKeyChanged(
                f"its certificate cannot be verified: {reason}. No credential was sent",
                device=name,
                hint="name its authority (netloom_tls_ca), or pin its SHA-256 (netloom_tls_pin)",
            )
        return None

    def _unanswered(self) -> DeviceError:
        place, limit = f"{self._access.address} port {self._port}", self._access.connect_timeout_s
        return Unreachable(f"{place} does not answer within {limit:g} s", device=self._access.name)

    def _unreached(self, exc: Exception) -> DeviceError | None:
        name, place = self._access.name, f"{self._access.address} port {self._port}"
        if not isinstance(exc, aiohttp.ClientConnectorError):
            return None
        reason = getattr(exc.os_error, "reason", None) or exc.os_error.strerror or exc.os_error
        if isinstance(exc, aiohttp.ClientConnectorSSLError):
            return AlgorithmMismatch(
                f"{place}: no TLS session: {reason}", device=name, hint="does it speak HTTPS there, TLS 1.2 or later?"
            )
        if isinstance(exc.os_error, ConnectionRefusedError):
            return Refused(f"{place} is closed", device=name, hint="is the API enabled, and the port right?")
        return Unreachable(f"{place}: {reason}", device=name)


def _tracing() -> aiohttp.TraceConfig:
    """Tells an exchange that its connection stands."""

    async def connected(*_: object) -> None:
        CURRENT.get().connected()

    tracing = aiohttp.TraceConfig()
    tracing.on_connection_create_end.append(connected)
    return tracing


def _credentials(access: Access) -> dict[str, str]:
    """Basic authentication (RFC 7617)."""
    if not access.username:
        return {}
    password = access.password.reveal() if access.password else ""
    return {"Authorization": f"Basic {b64encode(f'{access.username}:{password}'.encode()).decode()}"}


@cache
def _context(authorities: str | None) -> ssl.SSLContext:
    """Loading authorities costs 20 ms: once for a fleet."""
    return ssl.create_default_context(cafile=authorities)
