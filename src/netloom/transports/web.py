"""One request to a URL: name resolved, address checked by the caller, TLS verified, each phase timed.

Law: the connection goes to an address that the caller has let pass, and to no other: the name is not resolved again.
No proxies, no redirects; the environment does not count.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import ssl
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urlsplit

from netloom.codecs.http1 import Answer, AnswerReader, HttpError, request
from netloom.errors import NetloomError, Refused, Unreachable
from netloom.transports.dialogue import Dialogue, Opener, connect

PORTS = {"http": 80, "https": 443}
PHASES = ("resolve", "connect", "tls", "processing", "transfer")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request."""

    url: str
    method: str = "GET"
    fields: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    context: ssl.SSLContext | None = None
    """For https."""
    server_name: str | None = None
    """Whom the certificate must be of; None is the URL's host."""
    limit: int = 1 << 20
    """Of the answer, in bytes."""
    opener: Opener = socket.socket


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What came of it."""

    answer: Answer
    address: str
    phases: Mapping[str, float]
    """Seconds."""
    tls: ssl.SSLObject | None = None


def parse_url(url: str) -> tuple[SplitResult, str, int]:
    """A URL, its host and its port; raises ValueError."""
    parts = urlsplit(url)
    if parts.scheme not in PORTS or not parts.hostname:
        raise ValueError(f"expected a URL such as https://host/path, got {url!r}")
    if any(not character.isprintable() or character.isspace() for character in url):
        raise ValueError(f"expected a URL without spaces, got {url!r}")
    if parts.username is not None or parts.password is not None:
        raise ValueError("expected a URL without a password")
    return parts, parts.hostname, parts.port or PORTS[parts.scheme]


async def lookup(host: str, port: int = 0) -> list[str]:
    """The addresses of a name, as the system resolves it, or of an address itself; raises Unreachable."""
    try:
        return [str(ipaddress.ip_address(host.strip("[]")))]
    except ValueError:
        pass
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (socket.gaierror, UnicodeError) as exc:
        raise Unreachable("its name does not resolve", device=host) from exc
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


async def fetch(asked: Asked, allowed: Callable[[str, Sequence[str]], Sequence[str]] | None = None) -> Fetched:
    """The answer to one request; raises NetloomError, ValueError.

    `allowed` is given the host and its addresses, and says to which of them a connection may be made; it may raise.
    """
    parts, host, port = parse_url(asked.url)
    started = time.perf_counter()
    addresses: Sequence[str] = await lookup(host, port)
    if allowed is not None:
        addresses = allowed(host, addresses)
    phases = {"resolve": time.perf_counter() - started}
    last: OSError | None = None
    for address in addresses:
        begun = time.perf_counter()
        try:
            dialogue = await connect(address, port, asked.opener)
        except OSError as exc:
            last = exc
            continue
        phases["connect"] = time.perf_counter() - begun
        async with dialogue:
            return await _exchange(asked, parts, dialogue, address, phases)
    raise _translated(last, f"{host}:{port}")


async def _exchange(
    asked: Asked, parts: SplitResult, dialogue: Dialogue, address: str, phases: dict[str, float]
) -> Fetched:
    host = asked.server_name or parts.hostname or ""
    begun = time.perf_counter()
    try:
        if parts.scheme == "https":
            await dialogue.start_tls(asked.context or ssl.create_default_context(), host)
            phases["tls"] = time.perf_counter() - begun
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        fields = {"Host": parts.netloc, "User-Agent": "netloom", "Accept": "*/*", "Connection": "close", **asked.fields}
        begun = time.perf_counter()
        await dialogue.write(request(asked.method, path, fields, asked.body))
        answer = await _read(asked, dialogue, begun, phases)
    except ssl.SSLCertVerificationError as exc:
        raise Refused(f"its certificate cannot be verified: {exc.verify_message}", device=parts.netloc) from exc
    except ssl.SSLError as exc:
        raise Refused(f"no TLS session: {exc.reason or exc}", device=parts.netloc) from exc
    except HttpError as exc:
        raise Unreachable(f"its answer is not HTTP: {exc}", device=parts.netloc) from exc
    except OSError as exc:
        raise _translated(exc, parts.netloc) from exc
    return Fetched(answer=answer, address=address, phases=phases, tls=dialogue.tls)


async def _read(asked: Asked, dialogue: Dialogue, begun: float, phases: dict[str, float]) -> Answer:
    reader = AnswerReader(asked.limit, bodiless=asked.method == "HEAD")
    first = None
    while reader.answer is None:
        data = await dialogue.read()
        if first is None:
            first = time.perf_counter()
            phases["processing"] = first - begun
        if data:
            reader.feed(data)
        else:
            reader.end()
    phases["transfer"] = time.perf_counter() - (first or begun)
    return reader.answer


def _translated(exc: OSError | None, place: str) -> NetloomError:
    if exc is None:
        return Unreachable("it has no address that may be asked", device=place)
    if isinstance(exc, ConnectionRefusedError):
        return Refused("the port is closed", device=place)
    return Unreachable(exc.strerror or str(exc) or type(exc).__name__, device=place)
