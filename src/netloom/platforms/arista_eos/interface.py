"""Interfaces of every kind."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import replace

from netloom.errors import Unsupported
from netloom.model.config import Config, Line, Tree
from netloom.model.interface import Interface, InterfaceState
from netloom.platforms import lines as engine
from netloom.platforms.arista_eos import reply, show_interfaces
from netloom.platforms.arista_eos.rules import rules_of
from netloom.platforms.arista_eos.rules_interface import PHYSICAL
from netloom.platforms.arista_eos.syntax import interface_vrf
from netloom.platforms.draft import Draft
from netloom.platforms.line_words import number, value, word

READ = show_interfaces.READ
ABSENT = reply.ABSENT

_ADDRESS = re.compile(r"ip(?:v6)? address (\S+/\d+)( secondary| link-local)?")
_PHYSICAL = re.compile(PHYSICAL)
_ACLS = {
    "acl_in": ("ip access-group", "in"),
    "acl_out": ("ip access-group", "out"),
    "ipv6_acl_in": ("ipv6 access-group", "in"),
    "ipv6_acl_out": ("ipv6 access-group", "out"),
}
_MTU = 1500
_SWITCHES = re.compile(r"(?:Ethernet|Port-Channel)[\d/]+")
_TAG = "encapsulation dot1q vlan"


def configured(config: Config) -> list[Interface]:
    """Every `interface` section."""
    return [_interface(header.split(" ", 1)[1], below) for header, below in config.sections("interface ")]


def lines(record: Interface, config: Config) -> list[Line]:
    """Its section with the lines in it."""
    header = f"interface {record.name}"
    section, shown = config.section(header), canonical(record)
    texts = [f"description {shown.description}"] if shown.description else []
    if shown.vrf:
        texts.append(_present(section, f"vrf {shown.vrf}", f"vrf forwarding {shown.vrf}", interface_vrf(config)))
    if shown.vlan is not None:
        texts.append(f"{_TAG} {shown.vlan}")
    if shown.mtu is not None or f"mtu {_MTU}" in section:
        texts.append(f"mtu {shown.mtu or _MTU}")
    spelled = {_spelled(text): text for text in section}
    texts += [spelled.get(text, text) for text in _address_texts(shown.addresses)]
    for field, (start, end) in _ACLS.items():
        if name := getattr(shown, field):
            texts.append(f"{start} {name} {end}")
    if not shown.enabled:
        texts.append("shutdown")
    elif "no shutdown" in section:
        texts.append("no shutdown")
    return [Line(header), *(Line(text, (header,)) for text in texts)]


def render(have: Interface | None, want: Interface | None, config: Config) -> list[Line]:
    """The least change; a physical interface stays when it goes, with what no noun models."""
    first: list[Line] = []
    if want is not None:
        _refuse(want)
        first = _routing(have, want, config)
        config = engine.apply_lines(config, first, rules_of(config)) if first else config
    before = lines(have, config) if have is not None else []
    after = lines(want, config) if want is not None else []
    # what a move to another VRF takes along is still wanted, also where no noun models it: no effects here
    target = Draft(config, rules_of(config))
    for line in before:
        if line not in after and (line.path or not _PHYSICAL.fullmatch(line.text)):
            target.drop(line.path, line.text)
    for line in after:
        same = list(target.same(line.path, line.text))
        target.put(line.path, line.text, instead_of=same[0] if same else None)
        for other in same[1:]:
            target.drop(line.path, other)
    return [*first, *engine.delta(config, target.config(), rules_of(config))]


def _routing(have: Interface | None, want: Interface, config: Config) -> list[Line]:
    """A port of which nothing is said switches: it has to route before an address on it does anything."""
    section = config.section(f"interface {want.name}")
    routes_now = have is not None and bool(have.addresses or have.vrf)
    if routes_now or not (want.addresses or want.vrf) or not _SWITCHES.fullmatch(want.name):
        return []
    if "switchport default mode routed" in config.tree or any("switchport" in text.split()[:2] for text in section):
        return []
    return [Line("no switchport", (f"interface {want.name}",))]


def canonical(record: Interface) -> Interface:
    """Without the defaults; the primary address first, the others sorted, IPv4 before IPv6."""
    return replace(
        record,
        description=record.description or None,
        vrf=None if record.vrf == "default" else record.vrf,
        mtu=None if record.mtu == _MTU else record.mtu,
        addresses=_sorted(record.addresses),
    )


def _interface(name: str, below: Tree) -> Interface:
    acls = {field: _acl(below, start, end) for field, (start, end) in _ACLS.items()}
    return canonical(
        Interface(
            name=name,
            description=value(below, "description "),
            vrf=word(below, "vrf forwarding ") or word(below, "vrf "),
            addresses=_addresses(below),
            mtu=number(below, "mtu "),
            enabled="shutdown" not in below,
            vlan=number(below, f"{_TAG} "),
            **acls,
        )
    )


def _addresses(below: Tree) -> tuple[str, ...]:
    """The primary first; secondary ones beside something else than an address are none of ours."""
    found = [match for text in below if (match := _ADDRESS.fullmatch(text))]
    primary = any(match[2] is None and ":" not in match[1] for match in found)
    found.sort(key=lambda match: match[2] == " secondary")
    return tuple(match[1] for match in found if primary or match[2] != " secondary")


def _acl(below: Tree, start: str, end: str) -> str | None:
    return next((text.split()[2] for text in below if text.startswith(f"{start} ") and text.endswith(f" {end}")), None)


def _present(section: Tree, new: str, old: str, words: str) -> str:
    """The spelling that the section has, else the configuration's own."""
    for text in (new, old):
        if text in section:
            return text
    return old if words == "vrf forwarding" else new


def _spelled(text: str) -> str:
    """An address's line with the address in its one spelling."""
    match = _ADDRESS.fullmatch(text)
    return text if match is None else text.replace(match[1], str(ipaddress.ip_interface(match[1])))


def _address_texts(addresses: Iterable[str]) -> list[str]:
    texts = []
    primary = True
    for address in addresses:
        if ":" in address:
            texts.append(f"ipv6 address {address}{' link-local' if _is_link_local(address) else ''}")
        else:
            texts.append(f"ip address {address}{'' if primary else ' secondary'}")
            primary = False
    return texts


def _is_link_local(address: str) -> bool:
    return ipaddress.ip_interface(address).ip.is_link_local


def _sorted(addresses: Iterable[str]) -> tuple[str, ...]:
    unique = dict.fromkeys(str(ipaddress.ip_interface(address)) for address in addresses)
    four = [address for address in unique if ":" not in address]
    others = [*four[1:], *(address for address in unique if ":" in address)]
    return (*four[:1], *sorted(others, key=lambda text: (":" in text, ipaddress.ip_interface(text))))


def _refuse(want: Interface) -> None:
    title = f"interface {want.name}"
    if want.vlan is not None and "." not in want.name:
        raise Unsupported(f"{title}: EOS tags subinterfaces only", device="", hint=f"name it {want.name}.{want.vlan}")
    if want.addresses and want.name.startswith("Vxlan"):
        raise Unsupported(f"{title}: EOS gives no address to it", device="")


def observed(*outputs: str) -> list[InterfaceState]:
    """Every interface, as eAPI or the command line tells."""
    return show_interfaces.interfaces(outputs)
