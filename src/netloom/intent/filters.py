"""The filters that intent and templates may use beside Jinja's own, for addresses and text.

    {{ "10.0.0.1/24" | network }}      10.0.0.0/24      {{ "10.0.0.1/24" | address }}    10.0.0.1
    {{ "10.0.0.0/24" | netmask }}      255.255.255.0    {{ "10.0.0.0/24" | hostmask }}   0.0.0.255
    {{ "10.0.0.0/24" | prefixlen }}    24               {{ "10.0.0.0/24" | version }}    4
    {{ "10.0.0.0/24" | host(5) }}      10.0.0.5/24      {{ "10.0.0.0/24" | host(-2) }}   10.0.0.254/24
    {{ "10.0.0.0/16" | subnet(24, 3) }} 10.0.3.0/24     {{ "eth1" | regex_replace("^eth", "Ethernet") }}

`ipaddr` answers to Ansible's words for the same: `"10.0.0.1/24" | ipaddr("network/prefix")`.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from typing import Any

Interface = ipaddress.IPv4Interface | ipaddress.IPv6Interface


def _interface(value: Any) -> Interface:
    try:
        return ipaddress.ip_interface(str(value))
    except ValueError as exc:
        raise ValueError(f"expected an address or a prefix, got {value!r}") from exc


def network(value: Any) -> str:
    """The prefix that an address with its length lies in."""
    return str(_interface(value).network)


def address(value: Any) -> str:
    """The address without its length."""
    return str(_interface(value).ip)


def netmask(value: Any) -> str:
    """The length as a mask."""
    return str(_interface(value).netmask)


def hostmask(value: Any) -> str:
    """The length as a wildcard mask."""
    return str(_interface(value).hostmask)


def prefixlen(value: Any) -> int:
    """The length."""
    return _interface(value).network.prefixlen


def version(value: Any) -> int:
    """4 or 6."""
    return _interface(value).version


def host(value: Any, number: int) -> str:
    """The address at this place of the prefix, with the length; a negative place counts from the end."""
    prefix = _interface(value).network
    try:
        return f"{prefix[number]}/{prefix.prefixlen}"
    except IndexError as exc:
        raise ValueError(f"{prefix} has no address number {number}") from exc


def subnet(value: Any, length: int, number: int) -> str:
    """The subnet of this length at this place of the prefix."""
    prefix = _interface(value).network
    count = 1 << max(length - prefix.prefixlen, 0)
    if not prefix.prefixlen <= length <= prefix.max_prefixlen or not 0 <= number < count:
        raise ValueError(f"{prefix} has no /{length} number {number}")
    start = int(prefix.network_address) + (number << (prefix.max_prefixlen - length))
    return f"{ipaddress.ip_address(start) if prefix.version == 4 else ipaddress.IPv6Address(start)}/{length}"


def regex_replace(value: Any, pattern: str, replacement: str) -> str:
    """The text with every match replaced."""
    return re.sub(pattern, replacement, str(value))


def regex_search(value: Any, pattern: str) -> str | None:
    """The first match, its first group where it has one; None without a match."""
    found = re.search(pattern, str(value))
    return None if found is None else found.group(1 if found.re.groups else 0)


_ANSIBLE: dict[str, Callable[[Any], Any]] = {
    "address": address,
    "host": lambda value: str(_interface(value)),
    "host/prefix": lambda value: str(_interface(value)),
    "network": lambda value: str(_interface(value).network.network_address),
    "network/prefix": network,
    "subnet": network,
    "netmask": netmask,
    "hostmask": hostmask,
    "wildcard": hostmask,
    "broadcast": lambda value: str(_interface(value).network.broadcast_address),
    "prefix": prefixlen,
    "version": version,
}


def ipaddr(value: Any, query: str | int = "host") -> Any:
    """Ansible's filter of that name: one of its words, or the number of an address in the prefix."""
    if isinstance(query, int):
        return host(value, query)
    if query not in _ANSIBLE:
        raise ValueError(f"ipaddr: unknown query {query!r}; expected one of {', '.join(_ANSIBLE)}")
    return _ANSIBLE[query](value)


FILTERS: dict[str, Callable[..., Any]] = {
    made.__name__: made
    for made in (
        network,
        address,
        netmask,
        hostmask,
        prefixlen,
        version,
        host,
        subnet,
        regex_replace,
        regex_search,
        ipaddr,
    )
}
