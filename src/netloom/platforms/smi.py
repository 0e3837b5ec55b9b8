"""SNMP columns as the SMI encodes them (RFC 2578, RFC 4001): text, MAC and IP addresses, table indices."""

from __future__ import annotations

import ipaddress

from netloom.platforms.contract import Columns


def number(columns: Columns, oid: str, instance: str = "0") -> int | None:
    """An integer's value, None where the agent has none."""
    value = columns.get(oid, {}).get(instance)
    return value if isinstance(value, int) else None


def text(columns: Columns, oid: str, instance: str = "0") -> str | None:
    """A string's text, None where the agent has none or an empty one."""
    value = columns.get(oid, {}).get(instance)
    if isinstance(value, bytes):
        # DisplayStrings are ASCII, what people write in them is mostly UTF-8; some agents end them with NUL
        value = value.rstrip(b"\0").decode("utf-8", "replace")
    return value.strip() or None if isinstance(value, str) else None


def octets(columns: Columns, oid: str, instance: str = "0") -> bytes:
    """A string's bytes, empty where the agent has none."""
    value = columns.get(oid, {}).get(instance)
    return value if isinstance(value, bytes) else b""


def mac(value: bytes) -> str | None:
    """Six octets as 00:1b:21:3c:9d:f8; None where they are not six or all zero."""
    return value.hex(":") if len(value) == 6 and any(value) else None


def address(value: bytes) -> str | None:
    """Four or sixteen octets as an IP address; None where they are neither."""
    return str(ipaddress.ip_address(value)) if len(value) in (4, 16) else None


def indexed_address(index: tuple[str, ...]) -> str | None:
    """The last parts of an instance: InetAddressType, length, octets (RFC 4001); None for other types."""
    if len(index) < 2 or index[0] not in ("1", "2"):
        return None
    value = [int(part) for part in index[1:]]
    size = 4 if index[0] == "1" else 16
    if len(value) == size + 1 and value[0] == size:
        value = value[1:]  # some agents leave the length out
    return address(bytes(value)) if len(value) == size and max(value) < 256 else None
