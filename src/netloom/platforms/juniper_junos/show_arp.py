"""`show arp` and `show ipv6 neighbors`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from netloom.model.arp import ArpState
from netloom.platforms.juniper_junos import notation
from netloom.platforms.replies import Reader
from netloom.platforms.xml_output import every, first, text

if TYPE_CHECKING:
    from netloom.platforms.xml_output import Element

_HEADING = re.compile(r"^MAC Address\s+Address\s+", re.MULTILINE)
_HEADING_6 = re.compile(r"^IPv6 Address\s+Linklayer Address\s+", re.MULTILINE)
_ROW = re.compile(
    r"^([0-9A-Fa-f:]{17})\s+([0-9A-Fa-f:.]+)\s+([^\s\[]\S*?)(?:\s*\[(\S+)\])?"
    r"\s+([a-z]\S*(?: [a-z]\S*)*)(?:\s+(\d+))?\s*$"
)
_NAMED_ROW = re.compile(r"^(\S+\s+\S+)\s+\S+(\s+\S.*)$")
_NAMED = re.compile(r"^MAC Address\s+Address\s+Name\s", re.MULTILINE)
_ROW_6 = re.compile(
    r"^([0-9A-Fa-f:.]+)\s+([0-9A-Fa-f:]{17}|none|<none>)\s+([a-z]+)\s+(\S+)\s+(?:\S+\s+)*?([^\s\[]\S*)(?:\s*\[(\S+)\])?\s*$"
)
_PORT = re.compile(r"^(\S+)\s*\[\s*(\S+?)\s*\]$")


def arps(reply: Element) -> Iterator[ArpState]:
    """IPv4's entries."""
    for entry in every(reply, "arp-table-entry"):
        address = notation.address(text(entry, "ip-address"))
        if address is None:
            continue
        name, port = interface(text(entry, "interface-name"))
        flags = first(entry, "arp-table-entry-flags")
        shown = [] if flags is None else [str(flag.tag) for flag in flags if flag.tag != "none"]
        yield ArpState(
            address=address,
            interface=name,
            mac_address=notation.mac(text(entry, "mac-address")),
            state="permanent" if "permanent" in shown else None,
            type=" ".join(shown) or None,
            port=port,
        )


def neighbors(reply: Element) -> Iterator[ArpState]:
    """IPv6's entries."""
    for entry in every(reply, "ipv6-nd-entry"):
        address = notation.address(text(entry, "ipv6-nd-neighbor-address"))
        if address is None:
            continue
        name, port = interface(text(entry, "ipv6-nd-interface-name"))
        yield ArpState(
            address=address,
            interface=name,
            mac_address=notation.mac(text(entry, "ipv6-nd-neighbor-l2-address")),
            state=(text(entry, "ipv6-nd-state") or "").lower() or None,
            port=port,
        )


def interface(shown: str | None) -> tuple[str, str | None]:
    """`irb.10 [ae0.0]`: the VLAN's interface, and the port behind it."""
    match = _PORT.match(shown or "")
    return (match[1], match[2]) if match else (shown or "", None)


def screen(shown: str) -> list[ArpState]:
    """IPv4's table, with names, expiration times or neither."""
    lines = shown.splitlines()
    if _NAMED.search(shown):
        lines = [_NAMED_ROW.sub(r"\1\2", line) for line in lines]
    return [
        ArpState(
            address=address,
            interface=row[3],
            mac_address=notation.mac(row[1]),
            state="permanent" if "permanent" in row[5] else None,
            type=None if row[5] == "none" else row[5],
            port=row[4],
        )
        for line in lines
        if (row := _ROW.match(line)) and (address := notation.address(row[2]))
    ]


def screen_6(shown: str) -> list[ArpState]:
    """IPv6's table."""
    return [
        ArpState(address=address, interface=row[5], mac_address=notation.mac(row[2]), state=row[3], port=row[6])
        for line in shown.splitlines()
        if (row := _ROW_6.match(line)) and (address := notation.address(row[1]))
    ]


SCREENS: tuple[Reader[ArpState], ...] = (Reader(_HEADING, screen), Reader(_HEADING_6, screen_6))
