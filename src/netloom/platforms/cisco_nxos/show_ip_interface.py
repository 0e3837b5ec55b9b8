"""Addresses of interfaces: `show ip interface`, `show ipv6 interface` and their briefs."""

from __future__ import annotations

import re

from netloom.model.interface import InterfaceState
from netloom.platforms.cisco_nxos.interface_replies import canonical
from netloom.platforms.cisco_nxos.screens import long_name, number, sections, value

_VRF = re.compile(r'^[ \t]*IP(?:v6)? Interface Status for VRF "([^"\n]+)"[^\n]*$', re.MULTILINE)
_HEADING = re.compile(
    r"^[ \t]*(\S+), Interface status: protocol-(\S+?)/link-(\S+?)/admin-(\w+)(?:, iod: \d+)?,?[ \t]*$", re.MULTILINE
)
_ADDRESS = re.compile(r"^\s*IP address: ([\d.]+), IP subnet: [\d.]+/(\d+)", re.MULTILINE)
_IPV6 = re.compile(r"^\s*(?:IPv6 address:)?\s*([0-9a-fA-F:]*:[0-9a-fA-F:.]*/\d+)(?: \[\w+\])?", re.MULTILINE)
_LINK_LOCAL = re.compile(r"IPv6 link-local address: (\S+)")
_MTU = re.compile(r"^\s*IP(?:v6)?(?: interface)? MTU: (\d+)", re.MULTILINE)
_BRIEF = re.compile(
    r"^(\S+)\s+([0-9a-fA-F:]*:[0-9a-fA-F:.]*|\S+)\s+(?:protocol-)?(\w+)/(?:link-)?(\w+)/(?:admin-)?(\w+)[ \t]*$",
    re.MULTILINE,
)
_MORE = re.compile(r"^[ \t]+([0-9a-fA-F:]*:[0-9a-fA-F:.]*)[ \t]*$", re.MULTILINE)

_FILTERED = r"^\S+[ \t]+\S+[ \t]+protocol-\w+/link-\w+/admin-\w+[ \t]*$"
"""A row of a brief table whose heading was filtered away."""
KNOWS = re.compile(rf"{_VRF.pattern}|{_HEADING.pattern}|{_FILTERED}", re.MULTILINE)


def interfaces(output: str) -> list[InterfaceState]:
    """Every interface of every VRF."""
    vrfs = [(match[1], body) for match, body in sections(output, _VRF)] or [(None, output)]
    found = []
    for vrf, text in vrfs:
        found += [_interface(vrf, heading, body) for heading, body in sections(text, _HEADING)]
        found += [_brief(vrf, heading, body) for heading, body in sections(text, _BRIEF)]
    return found


def _interface(vrf: str | None, heading: re.Match[str], body: str) -> InterfaceState:
    name, protocol, _, admin = heading.groups()
    addresses = [f"{address}/{length}" for address, length in _ADDRESS.findall(body)]
    addresses += _IPV6.findall(body)
    if own := value(body, _LINK_LOCAL):
        addresses.append(own)
    return InterfaceState(
        name=long_name(name),
        admin_status=admin,
        oper_status=protocol,
        mtu=number(value(body, _MTU)),
        vrf=vrf,
        addresses=_canonical(addresses),
    )


def _brief(vrf: str | None, heading: re.Match[str], body: str) -> InterfaceState:
    name, address, protocol, _, admin = heading.groups()
    return InterfaceState(
        name=long_name(name),
        admin_status=admin,
        oper_status=protocol,
        vrf=vrf,
        addresses=_canonical([address, *_MORE.findall(body)]),
    )


def _canonical(addresses: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found for address in addresses if (found := canonical(address))))
