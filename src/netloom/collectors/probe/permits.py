"""Which addresses may be probed: the inventory's, and those of names that its hosts' variables hold.

Law: an address is judged after its name was resolved, and the connection goes to just that address; a name that
resolves to something else the next time (DNS rebinding) changes nothing. Link-local addresses, and those under which
clouds hand out credentials, are never probed.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from netloom.errors import NetloomError, Unsupported
from netloom.inventory.substitute import substitute
from netloom.model.host import Host
from netloom.model.secret import Secret

ADDRESS_VARIABLES = ("netloom_address", "ansible_host", "ansible_ssh_host")
_DENIED = [
    ipaddress.ip_network(prefix)
    for prefix in (
        "0.0.0.0/8",
        "169.254.0.0/16",
        "224.0.0.0/4",
        "255.255.255.255/32",
        # Metadata of Alibaba's and Oracle's clouds, of Azure's platform, and of AWS over IPv6.
        *("100.100.100.200/32", "192.0.0.192/32", "168.63.129.16/32", "fd00:ec2::/32"),
        *("::/128", "fe80::/10", "ff00::/8"),
    )
]
_NAME = re.compile(r"(?=.{1,253}\.?\Z)(?:[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?\.)+[A-Za-z0-9-]{2,63}\.?")
_DEPTH = 4
Resolve = Callable[[str], Secret]


class Permits:
    """What an inventory lets be probed."""

    def __init__(self, hosts: Iterable[Host], resolve: Resolve) -> None:
        self._addresses: set[str] = set()
        self._names: set[str] = set()
        for host in hosts:
            self._take(address_of(host, resolve))
            for value in _texts(host.variables, _DEPTH):
                if name := _listed(value):
                    self._take(name)

    def _take(self, name: str) -> None:
        found = canonical(name)
        (self._names if found is None else self._addresses).add(found or name.lower().rstrip("."))

    def __call__(self, host: str, addresses: Sequence[str]) -> list[str]:
        """Those of a name's addresses that may be asked; raises Unsupported where none may."""
        known = host.lower().rstrip(".") in self._names
        good = [address for address in addresses if self._permits(address, known=known)]
        if not good:
            told = ", ".join(addresses) or "nothing"
            raise Unsupported(
                f"it stands for {told}, which may not be probed",
                device=host,
                hint="only the inventory's addresses, and names in its hosts' variables; never link-local ones",
            )
        return good

    def _permits(self, address: str, *, known: bool) -> bool:
        found = ipaddress.ip_address(address.partition("%")[0])
        if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is not None:
            found = found.ipv4_mapped
        if "%" in address or any(found in network for network in _DENIED if network.version == found.version):
            return False
        return str(found) in self._addresses or (known and not found.is_loopback)


def address_of(host: Host, resolve: Resolve) -> str:
    """A host's address or DNS name; its own name where its variables tell none."""
    for name in ADDRESS_VARIABLES:
        value = host.variables.get(name)
        if value:
            try:
                found = substitute(value, host, resolve)
            except (ValueError, NetloomError):
                continue
            return found.reveal() if isinstance(found, Secret) else str(found)
    return host.name


def canonical(text: str) -> str | None:
    """An address as the library writes it, None for anything else."""
    try:
        found = ipaddress.ip_address(text.strip("[]"))
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return str(mapped or found)


def _listed(value: str) -> str | None:
    """The name in a variable that holds a URL, or a name with a dot in it, with a port perhaps."""
    if "://" in value:
        try:
            return urlsplit(value).hostname
        except ValueError:
            return None
    name = value.partition(":")[0]
    return name if _NAME.fullmatch(name) and canonical(name) is None else None


def _texts(value: Any, depth: int) -> Iterator[str]:
    if isinstance(value, str):
        if len(value) <= 2000:
            yield value
    elif depth and isinstance(value, Mapping):
        for item in value.values():
            yield from _texts(item, depth - 1)
    elif depth and isinstance(value, list | tuple):
        for item in value:
            yield from _texts(item, depth - 1)
