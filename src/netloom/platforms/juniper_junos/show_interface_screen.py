"""Screens of interfaces: `show interfaces` in any depth, `terse`, `descriptions`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from netloom.model.interface import InterfaceState
from netloom.platforms.juniper_junos import notation
from netloom.platforms.juniper_junos.show_interface import duplex, tag
from netloom.platforms.replies import Reader

_PHYSICAL = re.compile(r"^Physical interface: ([^\s,]+),? *(.*?),? *Physical link is (\S+)", re.MULTILINE)
_LOGICAL = re.compile(r"^\s+Logical interface (\S+)")
_TERSE = re.compile(
    r"^Interface\s+Admin\s+Link\s+Proto\b|^\S+\d\s+(?:up|down)\s+(?:up|down)(?:\s+(?:inet6?|iso|mpls|eth-switch|aenet)\b|\s*$)",
    re.MULTILINE,
)
"""The heading, or a row of a table that was asked of one interface or filtered."""
_DESCRIPTIONS = re.compile(r"^Interface\s+Admin\s+Link\s+Description", re.MULTILINE)
_ROW = re.compile(r"^(\S+)\s+(up|down|testing)\s+(up|down|testing|unknown)(?:\s+(.*))?$")
_MEMBER = re.compile(r"Destination: ([^,]+), Local: ([^,\s]+)|^\s+Local: ([^,\s]+)")
_SHORT_ADDRESS = re.compile(r"^\s+(?:inet6?\s+)?((?:\d+\.){3}\d+(?:/\d+)?|[0-9a-f]*:[0-9a-f:.]+(?:/\d+)?)(?:\s|$)")
_FLAPPED = re.compile(r"Last flapped\s*: .*\((?:(.*) ago)\)")
_MAC_COUNTER = re.compile(r"^\s+(Unicast packets|Multicast packets|Broadcast packets|CRC/Align errors)\s+(\d+)\s+(\d+)")

_FACTS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("ifindex", re.compile(r"SNMP ifIndex:? (\d+)")),
    ("description", re.compile(r"^\s+Description: (.*\S)")),
    ("type", re.compile(r"Link-level type: ([^,]+)|^\s+Type: ([^,]+), MTU|Encapsulation: ([^,\s]+)")),
    ("mtu", re.compile(r"\bMTU: (\d+)")),
    ("speed", re.compile(r"\bSpeed: ([^,]+)|Link partner Speed: ([^,]+)", re.IGNORECASE)),
    ("duplex", re.compile(r"Link-mode: ([^,]+)|Duplex: ([^,]+)|Link type\s*: (\S+)", re.IGNORECASE)),
    ("mac", re.compile(r"Current address: (\S+?),")),
    ("in_octets", re.compile(r"^\s+Input  ?bytes *: +(\d+)")),
    ("out_octets", re.compile(r"^\s+Output bytes *: +(\d+)")),
    ("in_packets", re.compile(r"^\s+Input  ?packets *: +(\d+)")),
    ("out_packets", re.compile(r"^\s+Output packets *: +(\d+)")),
    ("in_bps", re.compile(r"Input rate\s*: (\d+) bps|^\s+Input  ?bytes *: +\d+ +(\d+) bps")),
    ("out_bps", re.compile(r"Output rate\s*: (\d+) bps|^\s+Output bytes *: +\d+ +(\d+) bps")),
)
"""What a line may tell, and how; a fact's first line counts."""
_NUMBERS = frozenset({"ifindex", "mtu", "in_octets", "out_octets", "in_packets", "out_packets", "in_bps", "out_bps"})
_ERRORS = {
    "Input errors:": (("in_errors", r"\bErrors: (\d+)"), ("in_discards", r"\bPoliced discards: (\d+)")),
    "Output errors:": (("out_errors", r"(?<!CRC )\bErrors: (\d+)"), ("out_discards", r"\bDrops: (\d+)")),
}
_COUNTED = {
    "Unicast packets": "unicast_packets",
    "Multicast packets": "multicast_packets",
    "Broadcast packets": "broadcast_packets",
    "CRC/Align errors": "crc_errors",
}
_ONLY_IN = "crc_errors"


def interfaces(shown: str) -> list[InterfaceState]:
    """`show interfaces`, `brief` to `extensive`."""
    found: list[InterfaceState] = []
    parent: InterfaceState | None = None
    for block in _blocks(shown):
        head = _PHYSICAL.match(block[0])
        if head:
            parent = _physical(head, block)
            found.append(parent)
        elif unit := _LOGICAL.match(block[0]):
            found.append(_logical(unit[1], block, parent))
    return found


def _blocks(shown: str) -> Iterator[list[str]]:
    """The lines of each interface, physical or logical."""
    block: list[str] = []
    for line in shown.splitlines():
        if _PHYSICAL.match(line) or _LOGICAL.match(line):
            if block:
                yield block
            block = [line]
        elif block:
            block.append(line)
    if block:
        yield block


def _physical(head: re.Match[str], block: list[str]) -> InterfaceState:
    facts = _facts(block)
    flapped = next((match[1] for line in block if (match := _FLAPPED.search(line))), None)
    since = notation.seconds(flapped)
    return InterfaceState(
        name=head[1],
        admin_status="down" if "down" in head[2].lower() else "up",
        oper_status=head[3].lower(),
        last_flap_s=None if since is None else float(since),
        **facts,
        **_errors(block),
    )


def _logical(name: str, block: list[str], parent: InterfaceState | None) -> InterfaceState:
    flags = next((line for line in block if line.strip().startswith("Flags:")), "")
    admin = "down" if re.search(r"Flags: (?:\S+ )*?(?:Down|Device-Down|Hardware-Down)\b", flags) else "up"
    oper = "down" if admin == "down" or "-Down" in flags else parent.oper_status if parent else "up"
    facts = _facts(block)
    if parent is not None:
        facts.setdefault("mac_address", parent.mac_address)
    return InterfaceState(
        name=name,
        admin_status="up" if "-Down" in flags else admin,
        oper_status=oper,
        vlan=tag(flags),
        addresses=tuple(dict.fromkeys(_addresses(block))),
        **facts,
    )


def _facts(block: list[str]) -> dict[str, Any]:
    told: dict[str, str] = {}
    for line in block:
        for name, pattern in _FACTS:
            if name not in told and (match := pattern.search(line)):
                told[name] = next(group for group in match.groups() if group).strip()
    facts: dict[str, Any] = {name: int(value) for name, value in told.items() if name in _NUMBERS}
    facts |= {name: told[name] for name in ("description", "type") if name in told}
    if (speed := notation.bits(told.get("speed"))) is not None:
        facts["speed_bps"] = speed
    if found := duplex(told.get("duplex")):
        facts["duplex"] = found
    if mac := notation.mac(told.get("mac")):
        facts["mac_address"] = mac
    return facts


def _errors(block: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    section: Iterable[tuple[str, str]] = ()
    for line in block:
        if line.strip() in _ERRORS:
            section = _ERRORS[line.strip()]
            continue
        for name, pattern in section:
            if match := re.search(pattern, line):
                found.setdefault(name, int(match[1]))
        if match := _MAC_COUNTER.match(line):
            counter = _COUNTED[match[1]]
            found[f"in_{counter}"] = int(match[2])
            if counter != _ONLY_IN:
                found[f"out_{counter}"] = int(match[3])
        elif not line.startswith("    "):
            section = ()
    return found


def _addresses(block: list[str]) -> Iterator[str]:
    for line in block:
        if match := _MEMBER.search(line):
            found = notation.interface_address(match[2] or match[3], match[1])
        else:
            short = _SHORT_ADDRESS.match(line)
            found = notation.interface_address(short[1], None) if short else None
        if found:
            yield found


def terse(shown: str) -> list[InterfaceState]:
    """`show interfaces terse`: further addresses stand on lines of their own."""
    rows: list[tuple[re.Match[str], list[str]]] = []
    for line in shown.splitlines():
        if row := _ROW.match(line.rstrip()):
            rows.append((row, [f"  {row[4] or ''}"]))
        elif rows and line.startswith(" "):
            rows[-1][1].append(line)
    return [
        InterfaceState(
            name=row[1],
            admin_status=row[2],
            oper_status=row[3],
            addresses=tuple(dict.fromkeys(_addresses(lines))),
        )
        for row, lines in rows
    ]


def descriptions(shown: str) -> list[InterfaceState]:
    """`show interfaces descriptions`: only interfaces that have one."""
    return [
        InterfaceState(name=row[1], admin_status=row[2], oper_status=row[3], description=(row[4] or "").strip() or None)
        for line in shown.splitlines()
        if (row := _ROW.match(line.rstrip()))
    ]


SCREENS: tuple[Reader[InterfaceState], ...] = (
    Reader(_PHYSICAL, interfaces),
    Reader(_DESCRIPTIONS, descriptions),
    Reader(_TERSE, terse),
)
