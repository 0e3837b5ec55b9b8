"""MAC tables: `show ethernet-switching table` of switches old and new, `show bridge mac-table` of routers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from netloom.model.mac import MacState
from netloom.platforms.juniper_junos import notation
from netloom.platforms.replies import Reader

if TYPE_CHECKING:
    from netloom.platforms.xml_output import Element

_HEADING = re.compile(
    r"(?im)^\s*ethernet[- ]switching table\s*:|^MAC flags\s*\(|^\s*vlan\s+mac(?: address)?\s+(?:mac|type)\b"
)
_DOMAIN = re.compile(r"^\s*Bridging domain : (\S+?), VLAN : (\S+)")
_MAC = r"((?:[0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}|\*)"
_ROW = re.compile(rf"^\s*(\S+)\s+{_MAC}\s+(\S+)(?:\s+(-|\d[\d:.]*))?\s+([A-Za-z.]\S*)")
"""Newer switches print no age."""
_BRIDGE_ROW = re.compile(rf"^\s*{_MAC}\s+(\S+)\s+(\S+)")
_TAG = re.compile(r"(?i)(?:vlan|v|bd-?vlan)[-_]?(\d+)")

_VLAN_NAME = ("mac-vlan", "l2ng-l2-mac-vlan-name", "l2-mac-bridging-domain", "l2-mac-vlan-name")
_VLAN_ID = ("mac-vlan-tag", "l2ng-l2-vlan-id", "l2-bridge-vlan", "l2-vlan-id", "l2-mac-vlan-id")
_FLAGS = ("mac-type", "l2ng-l2-mac-flags", "l2-mac-flags", "l2-mac-entry-flags")
_INTERFACE = ("l2ng-l2-mac-logical-interface", "l2-mac-logical-interface", "mac-interfaces", "l2-mac-interface")
_AGE = ("mac-age", "l2ng-l2-mac-age", "l2-mac-age")


def macs(reply: Element) -> Iterator[MacState]:
    """Every entry with an address: a flooding one (`*`) is none."""
    for address in reply.iter("mac-address", "l2ng-l2-mac-address", "l2-mac-address"):
        entry = address.getparent()
        mac = notation.mac(address.text)
        if entry is None or mac is None:
            continue
        told = _told(entry)
        name = _first(told, _VLAN_NAME)
        interface = _first(told, _INTERFACE)
        yield MacState(
            mac_address=mac,
            interface=interface or "",
            vlan=tag_of(_first(told, _VLAN_ID), name),
            vlan_name=name,
            type=kind(_first(told, _FLAGS), interface),
            age_s=_age(_first(told, _AGE)),
        )


def _told(entry: Element) -> dict[str, str]:
    """What an entry and the elements around it tell; the innermost counts."""
    told: dict[str, str] = {}
    for below in entry.iter():
        if below.text and below.text.strip():
            told.setdefault(str(below.tag), below.text.strip())
    for around in entry.iterancestors():
        for child in around:
            if not len(child) and child.text and child.text.strip():
                told.setdefault(str(child.tag), child.text.strip())
    return told


def _first(told: Mapping[str, str], names: tuple[str, ...]) -> str | None:
    return next((told[name] for name in names if name in told), None)


def tag_of(shown: str | None, name: str | None) -> int | None:
    """A VLAN's number: as told, or from a name such as `Vlan100`."""
    if shown and shown.isdigit():
        return int(shown)
    match = _TAG.fullmatch(name or "")
    return int(match[1]) if match else None


def kind(flags: str | None, interface: str | None) -> str:
    """static, dynamic or self, from `Learn`, `Static` or flags such as `DL`."""
    shown = flags or "D"
    if (interface or "").lower() == "router":
        return "self"
    if shown[:1].isupper() and shown[1:2].islower():
        return "static" if shown.lower().startswith(("static", "persistent")) else "dynamic"
    return "static" if "S" in re.split(r",|SE", shown)[0] or "P" in shown else "dynamic"


def _age(shown: str | None) -> float | None:
    if not shown or shown == "-":
        return None
    found = notation.seconds(shown)
    return None if found is None else float(found)


def screen(shown: str) -> list[MacState]:
    """The tables; a router names the bridge domain above its entries."""
    found: list[MacState] = []
    domain: re.Match[str] | None = None
    for line in shown.splitlines():
        if match := _DOMAIN.match(line):
            domain = match
        elif domain is not None and (row := _BRIDGE_ROW.match(line)) and (mac := notation.mac(row[1])):
            tag = tag_of(domain[2], domain[1])
            found.append(
                MacState(mac_address=mac, interface=row[3], vlan=tag, vlan_name=domain[1], type=kind(row[2], row[3]))
            )
        elif domain is None and (row := _ROW.match(line)) and (mac := notation.mac(row[2])):
            found.append(_of_row(row, mac))
    return found


def _of_row(row: re.Match[str], mac: str) -> MacState:
    return MacState(
        mac_address=mac,
        interface=row[5],
        vlan=tag_of(None, row[1]),
        vlan_name=row[1],
        type=kind(row[3], row[5]),
        age_s=_age(row[4]),
    )


SCREENS: tuple[Reader[MacState], ...] = (Reader(_HEADING, screen),)
