"""Neighbour tables: `show ip arp`, `show ip adjacency`, `show forwarding adjacency`, `show ipv6 neighbor`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from netloom.model.arp import ArpState
from netloom.platforms.cisco_nxos import screens
from netloom.platforms.cisco_nxos.screens import age, long_name, sections, value
from netloom.platforms.cisco_nxos.tables import everywhere, holds, replies, word
from netloom.platforms.contract import Read
from netloom.platforms.json_output import Object

READ = (Read("show ip arp vrf all | json"), Read("show ipv6 neighbor vrf all | json"))
KNOWS_REPLY = holds("TABLE_adj|ROW_adj|ip-addr-out|TABLE_vrf")
KNOWS = re.compile(
    r"^\s*(?:IP ARP Table|IP(?:v6)? Adjacency Table|IPv4 adjacency information|IPv6 adjacency information"
    r"|Address\s+(?:Age\s+)?MAC Address|Flags: \* - Adjacencies learnt|Address : +\S)",
    re.MULTILINE,
)

_TABLE = re.compile(
    r"^\s*IP(?:v6)? (?:ARP|Adjacency) Table for (?:context|VRF|all (?:contexts|VRFs))[ \t]*(\S*)", re.MULTILINE
)
_MAC = r"(?:\w{4}\.){2}\w{4}"
_ADDRESS = r"(?:\d+\.\d+\.\d+\.\d+|[0-9a-fA-F:]*:[0-9a-fA-F:.]*)"
_ARP = re.compile(
    rf"^[ \t]*({_ADDRESS})\s+(-|\d[\d.:]*|\d[\w.:]*)\s+({_MAC}|INCOMPLETE)[ \t]+(?:(\d+)[ \t]+([\w-]+)[ \t]+)?(\S+)"
    r"(?:[ \t]+([A-Za-z][\w/.-]*\d))?",
    re.MULTILINE,
)
_ADJACENCY = re.compile(
    rf"^[ \t]*({_ADDRESS})\s+({_MAC}|INCOMPLETE)[ \t]+(?:(\d+)[ \t]+(\S+)[ \t]+)?(\S+)", re.MULTILINE
)
_HAS_ADDRESS = re.compile(r"^[ \t]*\d+\.\d+\.\d+\.\d+[ \t]+\S", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class _Row:
    """The cells of an entry, as shown."""

    address: str
    age: str | None
    mac: str
    interface: str
    port: str | None = None


def arps(output: str) -> list[ArpState]:
    """Every entry of every VRF; raises ValueError where a line with an address does not read."""
    found: dict[tuple[str, ...], ArpState] = {}
    starts = [*_TABLE.finditer(output)]
    bounds = [match.start() for match in starts] + [len(output)]
    parts: Iterable[tuple[str, str]] = [
        (match[1].strip('"') or "default", output[match.end() : bounds[at + 1]]) for at, match in enumerate(starts)
    ] or [("default", output)]
    for vrf, text in parts:
        rows = list(_details(text)) or list(_rows(text))
        if len(rows) < len(_HAS_ADDRESS.findall(text)):
            raise ValueError("expected address, age, MAC address and interface in every row of the ARP table")
        for entry in (_entry(vrf, row) for row in rows):
            found.setdefault(entry.key, entry)
    return list(found.values())


def _rows(text: str) -> Iterator[_Row]:
    with_age = [*_ARP.finditer(text)]
    if with_age:
        yield from (_Row(match[1], match[2], match[3], match[6], match[7]) for match in with_age)
    else:
        yield from (_Row(match[1], None, match[2], match[5]) for match in _ADJACENCY.finditer(text))


_DETAIL = re.compile(rf"^[ \t]*Address :[ \t]+({_ADDRESS})[ \t]*$", re.MULTILINE)
_LABELS = {
    label: re.compile(rf"^[ \t]*{label} :[ \t]+(\S+)", re.MULTILINE)
    for label in ("Age", "MacAddr", "Interface", "Physical Interface")
}


def _details(text: str) -> Iterator[_Row]:
    """`show ipv6 neighbor detail`: an entry a paragraph."""
    for heading, body in sections(text, _DETAIL):
        found = {label: value(body, pattern) for label, pattern in _LABELS.items()}
        port = found["Physical Interface"]
        yield _Row(heading[1], found["Age"], found["MacAddr"] or "INCOMPLETE", found["Interface"] or "", port)


def arp_replies(output: str) -> list[ArpState]:
    """Every entry of the replies."""
    found = []
    for reply in replies(output):
        for table in everywhere(reply, "vrf"):
            vrf = word(table, "vrf-name-out", "vrf-name") or "default"
            found += [_reply(vrf, address, row) for row in everywhere(table, "adj") if (address := _address(row))]
    return found


def _address(row: Object) -> str | None:
    return word(row, "ip-addr-out", "ip-addr", "ipv6-addr", "ipaddr")


def _reply(vrf: str, address: str, row: Object) -> ArpState:
    mac = "INCOMPLETE" if word(row, "incomplete") == "true" else word(row, "mac") or "INCOMPLETE"
    port = word(row, "phy-intf")
    return _entry(vrf, _Row(address, word(row, "time-stamp"), mac, word(row, "intf-out", "intf") or port or "", port))


def _entry(vrf: str, row: _Row) -> ArpState:
    complete = row.mac.upper() != "INCOMPLETE"
    return ArpState(
        address=screens.address(row.address),
        interface="" if row.interface == "-" else long_name(row.interface),
        mac_address=screens.mac(row.mac) if complete else None,
        state="reachable" if complete else "incomplete",
        vrf=vrf,
        age_s=_age(row.age),
        port=long_name(row.port) if row.port else None,
    )


def _age(text: str | None) -> float | None:
    """Below a second the device prints a fraction: 0.411797."""
    if text and re.fullmatch(r"\d+\.\d+", text):
        return float(text)
    whole = age(text)
    return None if whole is None else float(whole)
