"""TCP connections to devices, in this network namespace or in a lab's, with errors that name the device."""

from __future__ import annotations

import asyncio
import errno
import socket
from contextlib import suppress

from netloom.errors import LabError, Refused, Unreachable
from netloom.model.host import Access
from netloom.transports.network import open_socket

_Address = tuple[socket.AddressFamily, tuple[str, int] | tuple[str, int, int, int] | tuple[int, bytes]]


async def open_tcp(access: Access, port: int) -> socket.socket:
    """A connected, non-blocking socket; every address of the name is tried within `connect_timeout_s`."""
    failure: Unreachable | None = None
    try:
        async with asyncio.timeout(access.connect_timeout_s):
            for family, address in await resolve(access, port, socket.SOCK_STREAM):
                try:
                    return await _connect(access, family, address)
                except OSError as exc:
                    failure = _translated(access, port, exc)
                    failure.__cause__ = exc
    except TimeoutError as exc:
        raise Unreachable(
            f"{access.address} port {port} does not answer within {access.connect_timeout_s:g} s", device=access.name
        ) from exc
    raise failure or Unreachable(f"{access.address} has no address", device=access.name)


async def resolve(access: Access, port: int, kind: socket.SocketKind) -> list[_Address]:
    """The addresses of the device; raises Unreachable where its name is unknown."""
    if (family := _numeric(access.address)) is not None:
        return [(family, (access.address, port))]
    try:
        found = await asyncio.get_running_loop().getaddrinfo(access.address, port, type=kind)
    except (socket.gaierror, UnicodeError) as exc:
        raise Unreachable(
            f"{access.address!r} is neither an address nor a name that resolves",
            device=access.name,
            hint="check its address in the inventory (ansible_host)",
        ) from exc
    return [(family, address) for family, _, _, _, address in found]


def open_unconnected(access: Access, family: socket.AddressFamily, kind: socket.SocketKind) -> socket.socket:
    """A non-blocking socket in the device's network; raises Unreachable where the lab's keeper is gone."""
    if access.network is None:
        opened = socket.socket(family, kind)
    else:
        try:
            opened = open_socket(access.network, family, kind)
        except LabError as exc:
            raise Unreachable(exc.message, device=access.name, hint=exc.hint) from exc
    opened.setblocking(False)
    return opened


def _numeric(address: str) -> socket.AddressFamily | None:
    """The family of an address that needs no resolver, and so no thread."""
    for family in (socket.AF_INET, socket.AF_INET6):
        with suppress(OSError, ValueError):
            socket.inet_pton(family, address)
            return family
    return None


async def _connect(access: Access, family: socket.AddressFamily, address: object) -> socket.socket:
    opened = open_unconnected(access, family, socket.SOCK_STREAM)
    try:
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        await asyncio.get_running_loop().sock_connect(opened, address)  # type: ignore[arg-type] # getaddrinfo's own
    except BaseException:
        opened.close()
        raise
    return opened


def _translated(access: Access, port: int, exc: OSError) -> Unreachable:
    place = f"{access.address} port {port}"
    if isinstance(exc, ConnectionRefusedError):
        return Refused(f"{place} is closed", device=access.name, hint="is the service running, and the port right?")
    if exc.errno in (errno.ENETUNREACH, errno.EHOSTUNREACH):
        return Unreachable(f"no route to {access.address}", device=access.name)
    return Unreachable(f"{place}: {exc.strerror or exc}", device=access.name)
