"""Syslog over TCP (RFC 6587) and TLS (RFC 5425): connections, each with its limits."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections import Counter
from pathlib import Path
from typing import cast

from netloom.codecs.syslog_framing import SyslogFraming
from netloom.collectors.contract import Context
from netloom.collectors.health import Health
from netloom.collectors.listening import Place, bound_at, bound_socket
from netloom.collectors.syslog.intake import Addresses, Intake
from netloom.collectors.syslog.settings import SyslogSettings, Tls
from netloom.errors import NetloomError


class Connections:
    """Everyone who is connected, over all listeners."""

    def __init__(self, settings: SyslogSettings, intake: Intake, health: Health) -> None:
        self.settings = settings
        self.intake = intake
        self.health = health
        self.open: set[Connection] = set()
        self.by_source: Counter[str] = Counter()
        self.truncated = 0
        self.addresses = Addresses()
        intake.readers.append(self._flow)

    def refusal(self, source: str) -> str | None:
        """Why another connection of this sender is one too many."""
        if len(self.open) >= self.settings.connections:
            return "connections"
        if self.by_source[source] >= self.settings.connections_per_source:
            return "connections_per_source"
        return None

    def _flow(self, read: bool) -> None:
        for connection in self.open:
            connection.flow(read=read)


class Connection(asyncio.Protocol):
    """One sender's stream."""

    def __init__(self, shared: Connections) -> None:
        self._shared = shared
        self._framing = SyslogFraming(shared.settings.message_limit)
        self._transport: asyncio.Transport | None = None
        self._source = ""
        self._heard = 0.0
        self._idle: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take it, or refuse it and count that."""
        transport = cast("asyncio.Transport", transport)  # uvloop's own class says nowhere that it is one
        shared = self._shared
        name = transport.get_extra_info("peername")
        self._source = shared.addresses.plain(name[0]) if name else ""
        reason = shared.refusal(self._source) or self._stranger(transport)
        if reason is not None:
            shared.health.count("refused_connections_total", reason=reason)
            transport.abort()
            return
        self._transport = transport
        shared.open.add(self)
        shared.by_source[self._source] += 1
        self.flow(read=not shared.intake.is_full)
        self._heard = asyncio.get_running_loop().time()
        self._watch()

    def data_received(self, data: bytes) -> None:
        """Cut it into messages."""
        if self._transport is None:
            return
        self._heard = asyncio.get_running_loop().time()
        before = self._framing.truncated
        messages = self._framing.feed(data)
        self._shared.truncated += self._framing.truncated - before
        if messages:
            self._shared.intake.add(messages, self._source)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's signature
        """Keep what came without its end."""
        if self._transport is None:
            return
        if self._idle is not None:
            self._idle.cancel()
        self._transport = None
        self._shared.open.discard(self)
        self._shared.by_source -= Counter((self._source,))
        if messages := self._framing.end():
            self._shared.intake.add(messages, self._source)

    def flow(self, *, read: bool) -> None:
        """Read on, or let the sender wait."""
        if self._transport is None or self._transport.is_closing():
            return
        if read:
            self._transport.resume_reading()
        else:
            self._transport.pause_reading()

    def close(self) -> None:
        """End it."""
        if self._transport is not None:
            self._transport.abort()

    def _watch(self) -> None:
        """Close it when nothing has come for too long."""
        loop, limit = asyncio.get_running_loop(), self._shared.settings.idle_s
        if self._transport is None:
            return
        quiet = loop.time() - self._heard
        if quiet >= limit and not self._shared.intake.is_full:
            self._shared.health.count("idle_connections_total")
            self._transport.close()
            return
        self._idle = loop.call_later(max(limit - quiet, 0.05), self._watch)

    def _stranger(self, transport: asyncio.Transport) -> str | None:
        names = self._shared.settings.tls.client_names
        if not names or (certificate := transport.get_extra_info("peercert")) is None:
            return None
        told = {value for kind, value in certificate.get("subjectAltName", ()) if kind in ("DNS", "IP Address")}
        told |= {value for part in certificate.get("subject", ()) for kind, value in part if kind == "commonName"}
        return None if told & set(names) else "client_name"


class StreamListener:
    """One listening socket for TCP or TLS."""

    def __init__(self, where: Place, context: Context, shared: Connections) -> None:
        self._context = tls_context(shared.settings.tls) if where.scheme == "tls" else None
        self._files = _written(shared.settings.tls)
        self._socket = bound_socket(where, socket.SOCK_STREAM, context.open_socket, shared=context.workers > 1)
        self.place = bound_at(self._socket, where.scheme)
        self._shared = shared
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        """Take connections from now on."""
        patience = self._shared.settings.handshake_s if self._context else None
        self._server = await asyncio.get_running_loop().create_server(
            lambda: Connection(self._shared),
            sock=self._socket,
            ssl=self._context,
            backlog=256,
            ssl_handshake_timeout=patience,
        )

    def is_stale(self) -> bool:
        """Whether its certificates are others by now."""
        return self._context is not None and self._files != _written(self._shared.settings.tls)

    async def close(self) -> None:
        """Take no more connections; those that are open stay."""
        if self._server is not None:
            self._server.close()
        else:
            self._socket.close()


def _written(settings: Tls) -> tuple[object, ...]:
    """The settings, and when their files were written."""
    moments = []
    for name in (settings.certificate, settings.key, settings.client_ca):
        try:
            moments.append(Path(name).stat().st_mtime_ns if name else 0)
        except OSError:
            moments.append(0)
    return (settings, *moments)


def tls_context(settings: Tls) -> ssl.SSLContext:
    """TLS 1.2 or later with the receiver's certificate; raises NetloomError."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.load_cert_chain(settings.certificate, settings.key or None, password=_no_password)
        if settings.client_ca:
            context.load_verify_locations(settings.client_ca)
            context.verify_mode = ssl.CERT_REQUIRED
    except (OSError, ValueError) as exc:  # ssl.SSLError is an OSError
        raise NetloomError(
            f"collectors.syslog.tls: {settings.certificate}: the certificate cannot be used: {exc}",
            hint="expected PEM files of a certificate and its key without a passphrase",
        ) from exc
    return context


def _no_password() -> str:
    raise ValueError("the key is encrypted")
