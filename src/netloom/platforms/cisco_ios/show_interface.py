"""`show interfaces` and `show interfaces summary`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from netloom.model.interface import InterfaceState
from netloom.model.text import canonical_interface_address, canonical_mac
from netloom.platforms.cisco_ios import screen
from netloom.platforms.replies import Reader

HEADER = re.compile(
    r"(?m)^ *(?P<name>\S.*?) is (?P<link>\w[\w \-/]*?(?: \([^)\n]*\))?), line protocol is (?P<protocol>[\w-]+(?: \w+)*)"
    r"(?: \((?P<reason>[^)\n]*)\))?(?:\s*,.*)?[ \t]*$"
)
"""Both `show interfaces` and `show ip interface` begin so."""
_HARDWARE = re.compile(r"(?m)^\s*(?:Hardware is \S|MTU \d+ bytes, (?:sub MTU|BW))")
_SUMMARY = re.compile(r"(?m)^\s*Interface\s+IHQ\s+IQD\s+OHQ\s+OQD\b")

_NUMBERS = [
    re.compile(pattern)
    for pattern in (
        r"\n\s*MTU (?P<mtu>\d+) bytes",
        r"Encapsulation (?:802\.1Q|ISL) Virtual LAN, (?:Vlan ID|Color)\s+(?P<vlan>\d+)",
        r"Encapsulation QinQ Virtual LAN, outer ID\s+(?P<vlan>\d+)",
        r"Input queue: \d+/\d+/(?P<in_discards>\d+)/\d+",
        r"Total output drops: (?P<out_discards>\d+)",
        r"Output queue:? \d+/\d+, (?P<out_discards>\d+) drops; input queue \d+/\d+, (?P<in_discards>\d+) drops",
        r"input rate (?P<in_bps>\d+) bits/sec",
        r"output rate (?P<out_bps>\d+) bits/sec",
        r"(?P<in_packets>\d+) packets input, (?P<in_octets>\d+) bytes",
        r"Received (?P<in_broadcast_packets>\d+) broadcasts?",
        r"Received \d+ broadcasts? *\((?P<in_multicast_packets>\d+) (?:IP )?multicasts?\)",
        r"\d+ watchdog, (?P<in_multicast_packets>\d+) multicast",
        r"(?P<in_errors>\d+) input errors, (?P<in_crc_errors>\d+) CRC",
        r"(?P<out_packets>\d+) packets output, (?P<out_octets>\d+) bytes",
        r"Output (?P<out_broadcast_packets>\d+) broadcasts?",
        r"Output \d+ broadcasts? \((?P<out_multicast_packets>\d+) (?:IP )?multicasts?\)",
        r"(?P<out_errors>\d+) output errors",
    )
]
"""Where several tell a number the first that matches counts."""
_HARDWARE_IS = re.compile(
    r"\n\s*Hardware is (?P<type>[^\n]*?)(?:, address is (?P<mac>[0-9a-fA-F.]{14})[^\n]*)?(?:\n|$)"
)
_DESCRIPTION = re.compile(r"\n\s*Description: (?P<text>[^\n]+)")
_BANDWIDTH = re.compile(r"\bBW (\d+) Kbit")
_SPEED = re.compile(r"(?i)\b(\d+)\s*([MG])b(?:/s|ps|it/s)\b")
_DUPLEX = re.compile(r"\n\s*(?:a-)?(Full|Half|Auto)[- ]duplex", re.IGNORECASE)
_ADDRESS = re.compile(r"\n\s*(?:Internet address is|Secondary address) (\d[\d.]+/\d+)")
_UP = ("connected", "spoofing")


def _interfaces(text: str) -> Iterator[InterfaceState]:
    for head, block in screen.blocks(text, HEADER):
        yield InterfaceState(name=screen.interface(head["name"]), **status(head), **_details(f"\n{block}"))


def status(head: re.Match[str]) -> dict[str, Any]:
    """What the first line tells."""
    up = head["protocol"].startswith("up")
    link = head["link"].split(" (")[0]
    reason = head["reason"] if head["reason"] not in _UP else None
    if reason is None and link not in ("up", "down") and not link.startswith("admin"):
        reason = link
    return {
        "admin_status": "down" if link.startswith("admin") else "up",
        "oper_status": "up" if up else "down",
        "reason": None if up else reason,
    }


def _details(block: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for pattern in _NUMBERS:
        if match := pattern.search(block):
            found.update({name: int(value) for name, value in match.groupdict().items() if name not in found})
    if hardware := _HARDWARE_IS.search(block):
        found["type"] = hardware["type"].strip() or None
        found["mac_address"] = canonical_mac(hardware["mac"]) if hardware["mac"] else None
    if description := _DESCRIPTION.search(block):
        found["description"] = description["text"].strip()
    if duplex := _DUPLEX.search(block):
        found["duplex"] = duplex[1].lower()
    found["speed_bps"] = _speed(block)
    found["addresses"] = tuple(canonical_interface_address(text) for text in _ADDRESS.findall(block))
    return found


def _speed(block: str) -> int | None:
    """The bandwidth, which follows the speed and, of an aggregate, its members'; else the speed on the line."""
    if bandwidth := _BANDWIDTH.search(block):
        return int(bandwidth[1]) * 1000
    speed = _SPEED.search(block)
    return int(speed[1]) * {"m": 10**6, "g": 10**9}[speed[2].lower()] if speed else None


_SUMMARY_ROW = re.compile(
    r"^(?:\*| )\s*(?P<name>[A-Za-z]\S*(?: \S+)*?)\s+\d+\s+(?P<in_discards>\d+)\s+\d+\s+(?P<out_discards>\d+)"
    r"\s+(?P<in_bps>\d+)\s+\d+\s+(?P<out_bps>\d+)\s+\d+\s+\d+\s*$"
)


def _summary(text: str) -> Iterator[InterfaceState]:
    for row in screen.rows(text, _SUMMARY_ROW):
        yield InterfaceState(
            name=screen.interface(row["name"]),
            in_discards=int(row["in_discards"]),
            out_discards=int(row["out_discards"]),
            in_bps=int(row["in_bps"]),
            out_bps=int(row["out_bps"]),
        )


def counted(text: str) -> list[InterfaceState]:
    """`show interfaces summary`, or nothing."""
    return list(_summary(text))


READERS = (
    Reader(lambda text: bool(HEADER.search(text) and _HARDWARE.search(text)), _interfaces),
    Reader(_SUMMARY, _summary),
)
