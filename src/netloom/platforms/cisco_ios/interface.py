"""The interfaces of a Cisco IOS device."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import replace

from netloom.model.config import Config, Line, Tree
from netloom.model.interface import Interface, InterfaceState
from netloom.platforms import if_mib
from netloom.platforms.cisco_ios import screen, show_interface, show_interface_tables, show_ip_interface
from netloom.platforms.cisco_ios.change import change
from netloom.platforms.cisco_ios.interface_effects import ADDRESSES, NO_ADDRESS
from netloom.platforms.cisco_ios.interface_headers import interface_header, interface_sections
from netloom.platforms.cisco_ios.interface_rules import LOGICAL
from netloom.platforms.cisco_ios.words import interface_address, ipv6_interface, with_mask
from netloom.platforms.contract import Columns, Read
from netloom.platforms.line_words import number, value

READ = (Read("show interfaces"), Read("show ip interface"), Read("show ipv6 interface"))
WALK = if_mib.COLUMNS
COMPLEMENT = True
_READERS = (*show_interface.READERS, *show_ip_interface.READERS, *show_interface_tables.READERS)
_IPV4 = re.compile(r"ip address (\S+) (\d\S+)( secondary)?")
_IPV6 = re.compile(r"ipv6 address ([0-9A-Fa-f:.]+/\d+)")
_ENCAPSULATION = re.compile(r"encapsulation dot1[qQ] (\d+)(?: native)?")
_FILTERS = {
    "acl_in": ("ip access-group", "in"),
    "acl_out": ("ip access-group", "out"),
    "ipv6_acl_in": ("ipv6 traffic-filter", "in"),
    "ipv6_acl_out": ("ipv6 traffic-filter", "out"),
}
_LOGICAL = re.compile(rf"(?!Port-channel\d+$){LOGICAL}")
_MTU = 1500


def configured(config: Config) -> list[Interface]:
    """Every `interface` section."""
    return [_interface(name, below) for name, below in interface_sections(config)]


def lines(record: Interface, config: Config) -> list[Line]:
    """Its section, spelled as the configuration does."""
    header = interface_header(record.name, config)
    section = config.section(header)
    texts = [_description(record.description, section)] if record.description else []
    if record.vrf:
        texts.append(_membership(record.vrf, section, config))
    if record.vlan is not None:
        stated = next((text for text in section if _ENCAPSULATION.fullmatch(text)), "")
        match = _ENCAPSULATION.fullmatch(stated)
        texts.append(stated if match and int(match[1]) == record.vlan else f"encapsulation dot1Q {record.vlan}")
    if record.mtu is not None and (record.mtu != _MTU or f"mtu {_MTU}" in section):
        texts.append(f"mtu {record.mtu}")
    texts += _address_texts(record.addresses, section)
    for field, (start, direction) in _FILTERS.items():
        if name := getattr(record, field):
            texts.append(f"{start} {name} {direction}")
    if not record.enabled or "no shutdown" in section:
        texts.append("no shutdown" if record.enabled else "shutdown")
    return [Line(header), *(Line(text, (header,)) for text in texts)]


def render(have: Interface | None, want: Interface | None, config: Config) -> list[Line]:
    """The least change; an address stays through a change of the VRF.

    A physical interface cannot go, and a port channel goes with the noun lag: they are stripped.
    """
    if want is None and have is not None and interface_header(have.name, config) not in config.tree:
        return []
    if want is None and have is not None and not _LOGICAL.match(have.name):
        want = Interface(have.name, enabled=have.enabled)
    if have is not None and want is not None and have.vrf != want.vrf:
        return change(have, want, config, _with_other_addresses)
    return change(have, want, config, lines)


def canonical(record: Interface) -> Interface:
    """Addresses in one order: the first of IPv4, its secondary ones, those of IPv6."""
    mtu = None if record.mtu == _MTU else record.mtu
    description = " ".join(record.description.split(" ")).strip() if record.description else None
    return replace(record, mtu=mtu, description=description, addresses=_ordered(record.addresses))


def _description(text: str, section: Tree) -> str:
    """The line as the section has it: some releases print several blanks."""
    stated = value(section, "description ")
    return f"description {stated if stated is not None and stated.strip() == text else text}"


def _with_other_addresses(record: Interface, config: Config) -> list[Line]:
    """The lines of an interface with the addresses that no record holds (DHCP, link-local, …)."""
    header = interface_header(record.name, config)
    found = lines(record, config)
    modelled = {line.text for line in found}
    others = [text for text in config.section(header) if ADDRESSES.fullmatch(text) and not _address(text)]
    if any(text.startswith("ip address") for text in modelled):
        others = [text for text in others if not text.startswith("ip address")]
    return found + [Line(text, (header,)) for text in others if text not in modelled]


def _interface(name: str, below: Tree) -> Interface:
    tags = [int(match[1]) for text in below if (match := _ENCAPSULATION.fullmatch(text))]
    filters = {field: _filter(below, *words) for field, words in _FILTERS.items()}
    return canonical(
        Interface(
            name=name,
            description=value(below, "description "),
            vrf=value(below, "vrf forwarding ") or value(below, "ip vrf forwarding "),
            addresses=_addresses(below),
            mtu=number(below, "mtu "),
            enabled="shutdown" not in below,
            vlan=tags[0] if tags else None,
            **filters,
        )
    )


def _filter(below: Tree, start: str, direction: str) -> str | None:
    for text in below:
        if text.startswith(f"{start} ") and text.endswith(f" {direction}") and text.count(" ") == 3:
            return text.split(" ")[2]
    return None


def _address(text: str) -> str | None:
    """The address that a line sets, None where it does not or says more."""
    if match := _IPV4.fullmatch(text):
        return interface_address(match[1], match[2])
    match = _IPV6.fullmatch(text)
    return ipv6_interface(match[1]) if match else None


def _addresses(below: Tree) -> tuple[str, ...]:
    """The addresses of a section, primary ones first: IOS prints the secondary ones before."""
    texts = sorted(below, key=lambda text: text.endswith(" secondary"))
    return tuple(address for text in texts if (address := _address(text)))


def _address_texts(addresses: Iterable[str], section: Tree) -> list[str]:
    wished = _ordered(addresses)
    present = {address: text for text in section if (address := _address(text))}
    primary = next((address for address in wished if ":" not in address), None)
    texts = []
    for address in wished:
        if ":" in address:
            stated = present.get(address, f"ipv6 address {address.upper()}")
        else:
            stated = f"ip address {with_mask(address)}" + ("" if address == primary else " secondary")
        texts.append(stated)
    if primary is None and NO_ADDRESS in section:
        texts.append(NO_ADDRESS)
    return texts


def _ordered(addresses: Iterable[str]) -> tuple[str, ...]:
    found = [str(ipaddress.ip_interface(address)) for address in dict.fromkeys(addresses)]
    first = next((address for address in found if ":" not in address), None)

    def place(address: str) -> tuple[bool, bool, ipaddress.IPv4Interface | ipaddress.IPv6Interface]:
        return ":" in address, address != first, ipaddress.ip_interface(address)

    return tuple(sorted(found, key=place))


def _membership(vrf: str, section: Tree, config: Config) -> str:
    """`ip vrf forwarding` for a VRF of the old kind."""
    for text in (f"vrf forwarding {vrf}", f"ip vrf forwarding {vrf}"):
        if text in section:
            return text
    old = f"ip vrf {vrf}" in config.tree
    return f"ip vrf forwarding {vrf}" if old else f"vrf forwarding {vrf}"


def observed(*outputs: str) -> list[InterfaceState]:
    """Every interface that any of the outputs tells of, with the addresses of all."""
    found = screen.records(outputs, _READERS, unite=("addresses",))
    return [show_interface_tables.with_lengths(state) for state in found]


def walked(columns: Columns) -> list[InterfaceState]:
    """IF-MIB's view, whose ifName is the short one."""
    return [replace(state, name=screen.interface(state.name)) for state in if_mib.interfaces(columns)]
