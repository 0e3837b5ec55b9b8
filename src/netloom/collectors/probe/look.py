"""One look at one service: what it stands on, and what it tells."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from netloom.collectors.probe.permits import Permits
from netloom.collectors.probe.settings import Module
from netloom.errors import NetloomError, Unreachable
from netloom.model.probe import Probe
from netloom.model.secret import Secret
from netloom.transports.dialogue import Dialogue, Opener, connect
from netloom.transports.web import lookup

REASON_LIMIT = 300


class Failed(NetloomError):
    """The service is not as it should be."""


@dataclass(slots=True, kw_only=True)
class Look:
    """What a prober is given; it fills `told`, and raises where the look fails."""

    name: str
    """The module's."""
    module: Module
    target: str
    """An address, a name, host:port, or a URL."""
    permits: Permits
    secret: Callable[[str], Secret]
    open_socket: Opener = socket.socket
    told: dict[str, Any] = field(default_factory=dict)
    """Fields of the Probe."""

    def place(self, port: int) -> tuple[str, int]:
        """The target's host and port; raises Failed."""
        host, found = split_port(self.target)
        if "://" in self.target or "/" in host:
            raise Failed(f"expected a host, or host:port, got {self.target!r}")
        return host, found or self.module.port or port

    async def addresses(self, host: str) -> list[str]:
        """The host's addresses that may be asked; raises Unreachable and Unsupported."""
        begun = time.perf_counter()
        found = await lookup(host)
        self.told["probe_dns_lookup_time_seconds"] = time.perf_counter() - begun
        return self.allowed(host, found)

    def allowed(self, host: str, addresses: Sequence[str]) -> list[str]:
        """The addresses that may be asked, of the version that is wished for; the first is noted."""
        version = self.module.ip
        found = [
            address
            for address in self.permits(host, addresses)
            if version == "any" or (":" in address) == (version == "6")
        ]
        if not found:
            raise Unreachable(f"it has no address of IPv{version}", device=host)
        self.told["address"] = found[0]
        self.told["probe_ip_protocol"] = 6 if ":" in found[0] else 4
        return found

    async def connected(self, port: int) -> tuple[Dialogue, str]:
        """A connection to the target, and its name; raises NetloomError, OSError."""
        host, number = self.place(port)
        last: OSError | None = None
        for address in await self.addresses(host):
            try:
                found = await connect(address, number, self.open_socket)
            except OSError as exc:
                last = exc
                continue
            self.told["address"] = address
            return found, host
        closed = isinstance(last, ConnectionRefusedError)
        raise Unreachable("the port is closed" if closed else worded(last or OSError()), device=f"{host}:{number}")


def split_port(target: str) -> tuple[str, int | None]:
    """host:port apart; IPv6 with a port stands in brackets."""
    if target.startswith("["):
        host, _, port = target[1:].partition("]")
        port = port.removeprefix(":")
    elif target.count(":") == 1:
        host, _, port = target.partition(":")
    else:
        host, port = target, ""
    if port and not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        raise Failed(f"expected a port, got {port!r}")
    return host, int(port) if port else None


async def probe(look: Look, *, clock: Callable[[], int] = time.time_ns) -> Probe:
    """Look, and tell; whatever goes wrong is the outcome's reason."""
    began, begun, reason = clock(), time.perf_counter(), None
    prober = import_module(f"netloom.collectors.probe.probe_{look.module.prober}")
    try:
        async with asyncio.timeout(look.module.timeout_s):
            await prober.look(look)
    except TimeoutError:
        reason = f"not done within {look.module.timeout_s:g} s"
    except (NetloomError, OSError, EOFError, ValueError) as exc:
        reason = worded(exc)
    return Probe(
        timestamp_ns=began,
        module=look.name,
        prober=look.module.prober,
        target=look.target,
        probe_success=reason is None,
        reason=reason,
        probe_duration_seconds=time.perf_counter() - begun,
        **look.told,
    )


def worded(exc: BaseException) -> str:
    """What went wrong, in one line of what can be printed."""
    text = exc.strerror if isinstance(exc, OSError) and exc.strerror else str(exc)
    text = text or type(exc).__name__
    return "".join(character if character.isprintable() else " " for character in text)[:REASON_LIMIT]


def matches(expression: str, text: str) -> bool:
    """Whether an expression is found in a text, in time linear in both (RE2); raises Failed for what is none."""
    import pyarrow as pa  # noqa: PLC0415 - slow to import, seldom needed
    import pyarrow.compute as pc  # noqa: PLC0415 - as above

    try:
        return bool(pc.match_substring_regex(pa.array([text]), expression)[0].as_py())
    except pa.ArrowException as exc:
        raise Failed(f"{expression!r} is no expression of RE2: {exc}") from exc


def groups(expression: str, text: str) -> dict[str, str]:
    """What an expression's named groups stand for in a text that it matches."""
    import pyarrow as pa  # noqa: PLC0415 - as above
    import pyarrow.compute as pc  # noqa: PLC0415 - as above

    if "(?P<" not in expression:
        return {}
    try:
        found = pc.extract_regex(pa.array([text]), expression)[0].as_py()
    except pa.ArrowException as exc:
        raise Failed(f"{expression!r}: expected groups that all have a name: {exc}") from exc
    return {name: value or "" for name, value in (found or {}).items()}
