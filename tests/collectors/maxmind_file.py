"""Writes small files in MaxMind's form (maxmind.github.io/MaxMind-DB), to have some to read."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import ip_network
from typing import Any

_EMPTY = -1


def maxmind_file(records: Mapping[str, Any], *, bits: int = 24, ip_version: int = 6, aliases: bool = False) -> bytes:
    """A file of prefixes and their records; with aliases, mapped addresses and 6to4 lead to IPv4's tree."""
    nodes: list[list[int]] = [[_EMPTY, _EMPTY]]
    data, places = b"", {}
    for prefix, record in records.items():
        encoded = _encoded(record)
        if encoded not in places:
            places[encoded] = len(data)
            data += encoded
        _insert(nodes, *_path(prefix, ip_version), -2 - places[encoded])
    if aliases:
        ipv4 = 0
        for _ in range(96):
            ipv4 = nodes[ipv4][0]
        _insert(nodes, 0xFFFF << 32, 96, ipv4)
        _insert(nodes, 0x2002 << 112, 16, ipv4)
    tree = b"".join(_node([_reference(value, len(nodes)) for value in node], bits) for node in nodes)
    about = {"node_count": len(nodes), "record_size": (5, bits), "ip_version": (5, ip_version), "languages": ["en"]}
    about |= {"binary_format_major_version": (5, 2), "binary_format_minor_version": (5, 0), "database_type": "Test"}
    about |= {"build_epoch": (9, 1_700_000_000), "description": {"en": "Test"}}
    return tree + bytes(16) + data + b"\xab\xcd\xefMaxMind.com" + _encoded(about)


def _path(prefix: str, ip_version: int) -> tuple[int, int]:
    net = ip_network(prefix)
    if ip_version == 4:
        return int(net.network_address) << 96, net.prefixlen
    return int(net.network_address), net.prefixlen + (96 if net.version == 4 else 0)


def _insert(nodes: list[list[int]], address: int, length: int, value: int) -> None:
    at = 0
    for depth in range(length - 1):
        bit = address >> 127 - depth & 1
        if nodes[at][bit] < 0:
            nodes.append([nodes[at][bit]] * 2)
            nodes[at][bit] = len(nodes) - 1
        at = nodes[at][bit]
    nodes[at][address >> 128 - length & 1] = value


def _reference(value: int, count: int) -> int:
    if value >= 0:
        return value
    return count if value == _EMPTY else count + 16 + (-2 - value)


def _node(sides: list[int], bits: int) -> bytes:
    left, right = sides
    if bits == 28:
        middle = (left >> 24) << 4 | right >> 24
        return (left & 0xFFFFFF).to_bytes(3) + bytes([middle]) + (right & 0xFFFFFF).to_bytes(3)
    return left.to_bytes(bits // 8) + right.to_bytes(bits // 8)


def _encoded(value: Any) -> bytes:
    """A control octet with type and size, then the value; a number may stand behind its type."""
    match value:
        case str():
            return _control(2, len(value.encode())) + value.encode()
        case int():
            return _encoded((6, value))
        case (int(kind), int(number)):
            size = (number.bit_length() + 7) // 8
            return _control(kind, size) + number.to_bytes(size)
        case Mapping():
            return _control(7, len(value)) + b"".join(_encoded(k) + _encoded(v) for k, v in value.items())
        case list():
            return _control(11, len(value)) + b"".join(map(_encoded, value))
    raise TypeError(value)


def _control(kind: int, size: int) -> bytes:
    """Types from 8 on are told in a second octet, less 7; sizes from 29 on take another."""
    first = (kind if kind < 8 else 0) << 5 | min(size, 29)
    return bytes([first]) + (bytes([kind - 7]) if kind >= 8 else b"") + (bytes([size - 29]) if size >= 29 else b"")
