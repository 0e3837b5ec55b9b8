"""`show interface counters`, its details and its errors: tables of counters by interface."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from netloom.model.interface import InterfaceState
from netloom.platforms.cisco_nxos.screens import long_name
from netloom.platforms.counter_columns import COUNTER_COLUMNS
from netloom.platforms.interface_names import CISCO_NXOS

_FIELDS = COUNTER_COLUMNS | {"Rcv-Err": "in_errors", "Xmit-Err": "out_errors"}
_COUNTED = {
    "Packets": "packets",
    "Octets": "octets",
    "Bytes": "octets",
    "Unicast Packets": "unicast_packets",
    "Multicast Packets": "multicast_packets",
    "Broadcast Packets": "broadcast_packets",
}
_DETAILS = {
    f"{way} {what}": f"{direction}_{field}"
    for way, direction in (("In", "in"), ("Out", "out"), ("Rx", "in"), ("Tx", "out"))
    for what, field in _COUNTED.items()
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
