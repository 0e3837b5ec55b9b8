"""`show interface counters`, its details and its errors: tables of counters by interface."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from netloom.model.interface import InterfaceState
from netloom.platforms.cisco_nxos.screens import long_name
from netloom.platforms.interface_names import CISCO_NXOS

_FIELDS = {
    "InOctets": "in_octets",
    "InUcastPkts": "in_unicast_packets",
    "InMcastPkts": "in_multicast_packets",
    "InBcastPkts": "in_broadcast_packets",
    "OutOctets": "out_octets",
    "OutUcastPkts": "out_unicast_packets",
    "OutMcastPkts": "out_multicast_packets",
    "OutBcastPkts": "out_broadcast_packets",
    "Rcv-Err": "in_errors",
    "Xmit-Err": "out_errors",
    "OutDiscards": "out_discards",
    "InDiscards": "in_discards",
}
_DETAILS = {
    "In Packets": "in_packets",
    "In Octets": "in_octets",
    "In Unicast Packets": "in_unicast_packets",
    "In Multicast Packets": "in_multicast_packets",
    "In Broadcast Packets": "in_broadcast_packets",
    "Out Packets": "out_packets",
    "Out Octets": "out_octets",
    "Out Unicast Packets": "out_unicast_packets",
    "Out Multicast Packets": "out_multicast_packets",
    "Out Broadcast Packets": "out_broadcast_packets",
    "Rx Packets": "in_packets",
    "Rx Bytes": "in_octets",
    "Rx Unicast Packets": "in_unicast_packets",
    "Rx Multicast Packets": "in_multicast_packets",
    "Rx Broadcast Packets": "in_broadcast_packets",
    "Tx Packets": "out_packets",
    "Tx Bytes": "out_octets",
    "Tx Unicast Packets": "out_unicast_packets",
    "Tx Multicast Packets": "out_multicast_packets",
    "Tx Broadcast Packets": "out_broadcast_packets",
}
_DETAIL = re.compile(r"\s+\d+\.\s+([A-Z][A-Za-z ]*?)(?: \([\w ]+\))?:?\s*[=:]\s*(\d+)")
_NAME = re.compile(r"([A-Za-z][\w/.-]*)\s*:?")
KNOWS = re.compile(
    r"^Port\s+(?:InOctets|InMcastPkts|OutOctets|Align-Err|Rcv-Err)|^\s+\d+\. (?:In|Out|Rx|Tx) ", re.MULTILINE
)


def interfaces(output: str) -> list[InterfaceState]:
    """A record an interface, with what the tables count of it."""
    found: dict[str, dict[str, Any]] = {}
    for name, field, count in _counts(output):
        found.setdefault(name, {})[field] = count
    return [InterfaceState(name=name, **counts) for name, counts in found.items()]


def _counts(output: str) -> Iterator[tuple[str, str, int]]:
    columns: list[str] = []
    name = ""
    for line in output.splitlines():
        words = line.split()
        if words and words[0] == "Port":
            columns = words[1:]
        elif match := _DETAIL.fullmatch(line.rstrip()):
            if match[1] in _DETAILS and name:
                yield name, _DETAILS[match[1]], int(match[2])
        elif len(words) == 1 and (match := _NAME.fullmatch(words[0])) and CISCO_NXOS.knows(match[1]):
            name = long_name(match[1])
        elif words and CISCO_NXOS.knows(words[0]) and len(words) == len(columns) + 1:
            for column, cell in zip(columns, words[1:], strict=True):
                if column in _FIELDS and cell.isdigit():
                    yield long_name(words[0]), _FIELDS[column], int(cell)
