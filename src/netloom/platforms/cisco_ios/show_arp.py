"""`show arp`, `show ip arp`, `show ipv6 neighbors`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from netloom.model.arp import ArpState
from netloom.model.text import canonical_address, canonical_mac
from netloom.platforms.cisco_ios import screen
from netloom.platforms.replies import Reader

_HEADER = re.compile(r"(?m)^\s*Protocol\s+Address\s+Age\s*\(min\)\s+Hardware Addr\b")
_ROW = re.compile(
    r"^\s*Internet\s+(?P<address>\d[\d.]+)\s+(?P<age>\d+|-)\s+(?P<mac>[0-9A-Fa-f]{4}(?:\.[0-9A-Fa-f]{4})+|Incomplete|\S+)\s+"
    r"(?P<type>\S+)(?:\s+(?P<interface>\S+))?"
)
_BEGINS = re.compile(r"^\s*Internet\s+\d")
_HEADER6 = re.compile(r"(?m)^\s*IPv6 Address\s+(?:TRLV\s+)?Age\s+Link-layer Addr\s+State\s+Interface")
ROW6 = re.compile(
    r"^\s*(?P<address>[0-9A-Fa-f]*:[0-9A-Fa-f:.]+)\s+(?:\d+\s+)?(?P<age>\d+|-)\s+"
    r"(?P<mac>[0-9A-Fa-f]{4}(?:\.[0-9A-Fa-f]{4}){2}|-)\s+(?P<state>[A-Z]+)\s+(?P<interface>\S+)"
)
_BEGINS6 = re.compile(r"^\s*[0-9A-Fa-f]+:[0-9A-Fa-f:]+\s")
_STATES = {
    "REACH": "reachable",
    "STALE": "stale",
    "DELAY": "delay",
    "PROBE": "probe",
    "INCMP": "incomplete",
    "INCMPL": "incomplete",
}
"""Cisco IOS IPv6 Command Reference, `show ipv6 neighbors`; RFC 4861's words."""


def _arps(text: str) -> Iterator[ArpState]:
    for row in screen.rows(text, _ROW, _BEGINS):
        unresolved = row["mac"].lower() == "incomplete"
        yield ArpState(
            address=canonical_address(row["address"]),
            interface=screen.interface(row["interface"] or ""),
            mac_address=None if unresolved else canonical_mac(row["mac"]),
            state="incomplete" if unresolved else None,
            age_s=screen.minutes(row["age"]),
            type=row["type"],
        )


def _neighbors(text: str) -> Iterator[ArpState]:
    for row in screen.rows(text, ROW6, _BEGINS6):
        yield ArpState(
            address=canonical_address(row["address"]),
            interface=screen.interface(row["interface"]),
            mac_address=None if row["mac"] == "-" else canonical_mac(row["mac"]),
            state=_STATES.get(row["state"], row["state"].lower()),
            age_s=screen.minutes(row["age"]),
        )


READERS = (Reader(_HEADER, _arps), Reader(_HEADER6, _neighbors))
