"""Where collectors listen: `udp://127.0.0.1:5514` to sockets, with errors that say what to do."""

from __future__ import annotations

import errno
import ipaddress
import re
import socket
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass

from netloom.errors import NetloomError

_FORM = re.compile(r"(?P<scheme>[a-z]+)://(?:\[(?P<six>[0-9A-Fa-f:.]+)\]|(?P<four>[0-9.]+)):(?P<port>\d{1,5})")
_SO_RCVBUFFORCE = 33


@dataclass(frozen=True, slots=True)
class Place:
    """An address and port to listen on."""

    scheme: str
    address: str
    port: int
    """0 is any that is free."""

    def __str__(self) -> str:
        host = f"[{self.address}]" if ":" in self.address else self.address
        return f"{self.scheme}://{host}:{self.port}"


def place(text: str, schemes: Iterable[str]) -> Place:
    """A place as people write it; raises ValueError."""
    known = tuple(schemes)
    match = _FORM.fullmatch(text)
    with suppress(ValueError):
        if match and match["scheme"] in known and int(match["port"]) < 65536:
            address = ipaddress.ip_address(match["six"] or match["four"])
            return Place(match["scheme"], str(address), int(match["port"]))
    examples = f"{known[0]}://0.0.0.0:5514 or {known[0]}://[::]:5514"
    raise ValueError(f"listen: expected {'://, '.join(known)}:// with an address and a port ({examples}), got {text!r}")


def bound_socket(
    where: Place,
    kind: socket.SocketKind,
    opened: Callable[[int, int], socket.socket] = socket.socket,
    *,
    receive_buffer: int = 0,
    shared: bool = False,
) -> socket.socket:
    """A non-blocking socket there; IPv6 without IPv4, so that both can be had; raises NetloomError."""
    family = socket.AF_INET6 if ":" in where.address else socket.AF_INET
    made = None
    try:
        made = opened(family, kind)
        made.setblocking(False)
        if family == socket.AF_INET6:
            made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        if kind == socket.SOCK_STREAM:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if shared:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        if receive_buffer:
            _enlarge(made, receive_buffer)
        made.bind((where.address, where.port))
    except OSError as exc:
        if made is not None:
            made.close()
        raise _translated(where, exc) from exc
    return made


def bound_at(bound: socket.socket, scheme: str) -> Place:
    """Where a socket really listens."""
    name = bound.getsockname()
    return Place(scheme, name[0], name[1])


def _enlarge(made: socket.socket, octets: int) -> None:
    """As much buffer as is asked for, or as the system grants (net.core.rmem_max)."""
    try:
        made.setsockopt(socket.SOL_SOCKET, _SO_RCVBUFFORCE, octets)
    except OSError:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, octets)


def _translated(where: Place, exc: OSError) -> NetloomError:
    hints = {
        errno.EACCES: "ports below 1024 need the capability CAP_NET_BIND_SERVICE; or listen on a higher port",
        errno.EADDRINUSE: "another program listens there: ss -ulnpt shows which",
        errno.EADDRNOTAVAIL: "this machine has no such address: ip address shows which it has",
    }
    return NetloomError(f"cannot listen on {where}: {exc.strerror or exc}", hint=hints.get(exc.errno or 0))
