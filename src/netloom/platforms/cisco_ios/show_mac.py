"""`show mac address-table` in the forms of the switches' generations."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from netloom.model.mac import MacState
from netloom.model.text import canonical_mac
from netloom.platforms.cisco_ios import screen
from netloom.platforms.replies import Reader

_MAC = r"(?P<mac>[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4})"
_VLAN = r"(?P<vlan>\d+|All|N/A|n/a|---+|-)"
_HEADER = re.compile(
    r"(?mi)^\s*(?:vlan\s+mac address\s+type\b|destination address\s+address type\b|Mac Address Table\s*$)"
)
_ROWS = (
    # 890, 1800 and their likes: the address first
    re.compile(rf"^\s*{_MAC}\s+(?P<type>\w+)\s+{_VLAN}\s+(?P<ports>\S.*)$"),
    # 6500, 7600: flags, whether it is learned, its age
    re.compile(
        rf"^\s*(?:\*\s*)?[RSDL]?\s*{_VLAN}\s+{_MAC}\s+(?P<type>\w+)\s+(?:Yes|No|--)\s+(?P<age>\d+|-|~+|n/a)(?:\s+(?P<ports>\S.*))?$"
    ),
    # 4500: which protocols
    re.compile(rf"^\s*{_VLAN}\s+{_MAC}\s+(?P<type>\w+)\s+(?:ip|ipx|assigned|other)(?:,\w+)*\s+(?P<ports>\S.*)$"),
    # 2960, 3560, 3850, 9000, and the 4500's multicast entries
    re.compile(rf"^\s*(?:\*\s+)?{_VLAN}\s+{_MAC}\s+(?P<type>\w+)\s+(?P<ports>\S.*)$"),
)
_CONTINUED = re.compile(r"^\s{15,}(?P<ports>(?:[A-Z][A-Za-z-]*\d[\d/.]*|Router|Switch|CPU)(?:[,\s]+\S+)*)\s*$")
_GROUPS = re.compile(r"(?mi)^Multicast Entries *$")
_LOOKS = re.compile(r"^[ *RSDL\d]*\s*[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\b")
_TYPES = {"self": "self", "dynamic": "dynamic", "learned": "dynamic"}


def entries(text: str, ports: Callable[[str], Sequence[str]] = screen.interfaces) -> Iterator[MacState]:
    """An entry a row and port; `ports` reads the names in the last column; raises ValueError."""
    last: re.Match[str] | None = None
    for line in text.splitlines():
        row = next((match for pattern in _ROWS if (match := pattern.match(line))), None)
        more = _CONTINUED.match(line) if row is None and last is not None else None
        if row is None and more is None:
            if _LOOKS.match(line):
                raise ValueError(f"expected an entry of the MAC address table, got {line.strip()[:100]!r}")
            last = None
            continue
        last = row or last
        if last is not None:
            names = ports((row or more or last)["ports"] or "")
            yield from (_entry(last, name) for name in names or ("",))


def _entry(row: re.Match[str], port: str) -> MacState:
    age = screen.integer(row.groupdict().get("age"))
    return MacState(
        mac_address=canonical_mac(row["mac"]),
        interface=port,
        vlan=screen.integer(row["vlan"]),
        type=_TYPES.get(row["type"].lower(), "static"),
        age_s=None if age is None else float(age),
    )


def _macs(text: str) -> list[MacState]:
    """The unicast entries: where groups are listed apart (4500), they are left out."""
    unicast = _GROUPS.split(text, maxsplit=1)[0]
    found = {entry.key: entry for entry in entries(unicast)}
    return list(found.values())


READERS = (Reader(_HEADER, _macs),)
