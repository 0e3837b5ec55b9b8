"""The interfaces of an FRR router."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from dataclasses import replace

from netloom.errors import Unsupported
from netloom.model.config import Config, Line
from netloom.model.interface import Interface, InterfaceState
from netloom.platforms.contract import Columns
from netloom.platforms.frr import show_interface
from netloom.platforms.frr.change import change
from netloom.platforms.frr.words import family_of, one_line
from netloom.platforms.line_words import value
from netloom.platforms.refusals import refuse

READ = show_interface.READ
WALK = show_interface.WALK
COMPLEMENT = True

_OF_THE_KERNEL = ("vrf", "vlan", "acl_in", "acl_out", "ipv6_acl_in", "ipv6_acl_out")


def configured(config: Config) -> list[Interface]:
    """Every `interface` section; FRR shows addresses sorted, so their order says nothing."""
    return [
        Interface(
            name=header.split()[1],
            description=value(below, "description "),
            addresses=_sorted(text.split()[2] for text in below if _is_address_line(text)),
            enabled="shutdown" not in below,
        )
        for header, below in config.sections("interface ")
    ]


def lines(record: Interface, config: Config) -> list[Line]:
    """The lines of its section."""
    path = (section_of(record.name, config),)
    texts = [f"{family_of(address)} address {address}" for address in record.addresses]
    if description := one_line(record.description):
        texts.insert(0, f"description {description}")
    if not record.enabled:
        texts.append("shutdown")
    return [Line(text, path) for text in texts]


def render(have: Interface | None, want: Interface | None, config: Config) -> list[Line]:
    """The least change; MTU, VRF, tag and filters are the kernel's and cannot be set here."""
    if want is not None:
        hint = "set it in the system beneath FRR"
        if want.mtu is not None:
            raise Unsupported(f"interface {want.name}: FRR cannot set the MTU", device="", hint=hint)
        refuse(want, _OF_THE_KERNEL, f"interface {want.name}", "FRR cannot set its", hint=hint)
    return change(have, want, config, lines)


def canonical(record: Interface) -> Interface:
    """Addresses in FRR's order, single spaces in the description."""
    return replace(record, description=one_line(record.description), addresses=_sorted(record.addresses))


def section_of(name: str, config: Config) -> str:
    """The header of an interface's section; older releases name its VRF there."""
    header = f"interface {name}"
    if header in config.tree:
        return header
    return next((found for found, _ in config.sections(f"{header} vrf ")), header)


def _is_address_line(text: str) -> bool:
    return text.startswith(("ip address ", "ipv6 address ")) and text.count(" ") == 2


def _sorted(addresses: Iterable[str]) -> tuple[str, ...]:
    found = sorted((ipaddress.ip_interface(text) for text in addresses), key=lambda each: (each.version, each))
    return tuple(dict.fromkeys(map(str, found)))


def observed(shown: str, kernel: str = "") -> list[InterfaceState]:
    """FRR's view, completed from the kernel's."""
    return show_interface.interfaces(shown, kernel)


def walked(columns: Columns) -> list[InterfaceState]:
    """IF-MIB's view."""
    return show_interface.walked(columns)
