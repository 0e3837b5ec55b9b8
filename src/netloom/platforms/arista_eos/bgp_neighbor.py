"""BGP neighbors of an EOS switch, by address and by interface."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator

from netloom.errors import Unsupported
from netloom.model.bgp_neighbor import BgpNeighbor
from netloom.model.config import Config, Line
from netloom.platforms.arista_eos.bgp_instance import Instance, instance_for, instances, needed, said
from netloom.platforms.arista_eos.bgp_settings import canonical_settings, refuse, setting_lines, settings
from netloom.platforms.arista_eos.change import change
from netloom.platforms.arista_eos.syntax import peer_group
from netloom.platforms.as_numbers import as_number
from netloom.platforms.bgp_lines import Said, lacks_remote_as, remote_as_text
from netloom.platforms.line_words import word

_BY_INTERFACE = re.compile(r"neighbor interface (\S+) peer[ -]group (\S+) remote-as (\d+(?:\.\d+)?)")
_LONG = {"Et": "Ethernet", "Po": "Port-Channel", "Vl": "Vlan"}
_SHORTENED = re.compile(r"([A-Z][a-z]+(?:-[A-Z][a-z]+)?)(\d+(?:[/.]\d+)*)")


def configured(config: Config) -> list[BgpNeighbor]:
    """Every neighbor of every instance; those of a range of interfaces are left out."""
    return [neighbor for found in instances(config) for neighbor in _neighbors(found)]


def lines(record: BgpNeighbor, config: Config) -> list[Line]:
    """Its lines in the instance and in the address families; none where there is no instance."""
    there = instance_for(config, record.vrf)
    if there is None:
        return []
    if record.unnumbered:
        return [Line(_by_interface(record, there, config), there.path)]
    name = _spelled(record.peer, there)
    start = f"neighbor {name}"
    found = []
    if record.peer_group:
        both = (f"{start} {word} {record.peer_group}" for word in ("peer group", "peer-group"))
        present = (text for text in both if text in there.section)
        found.append(Line(next(present, f"{start} {peer_group(config)} {record.peer_group}"), there.path))
    if record.remote_as is not None:
        found.append(Line(remote_as_text(there.section, record.remote_as, f"{start} "), there.path))
    return found + setting_lines(record, name, there)


def render(have: BgpNeighbor | None, want: BgpNeighbor | None, config: Config) -> list[Line]:
    """The least change; a neighbor goes by one line."""
    if want is not None:
        title = f"BGP neighbor {want.peer}"
        needed(config, want.vrf, title)
        refuse(want, title, want.peer)
        if want.unnumbered:
            _refuse_settings(want, title)
        if lacks_remote_as(want) and (have is None or not lacks_remote_as(have)):
            raise ValueError(f"{title}: expected remote_as or peer_group, got neither")
    return change(have, want, config, lines)


def canonical(record: BgpNeighbor) -> BgpNeighbor:
    """As EOS shows it."""
    return canonical_settings(record)


def _neighbors(found: Instance) -> Iterator[BgpNeighbor]:
    for name, its in said(found.section).items():
        address = _address(name)
        neighbor = _neighbor(name, address, found.vrf, its) if address is not None else None
        # what is said of an address without an AS number or a group makes no neighbor
        if neighbor is not None and (neighbor.remote_as is not None or neighbor.peer_group is not None):
            yield neighbor
    for text in found.section:
        if (match := _BY_INTERFACE.fullmatch(text)) and (interface := _interface(match[1])) is not None:
            asn = as_number(match[3])
            yield BgpNeighbor(interface, vrf=found.vrf, unnumbered=True, peer_group=match[2], remote_as=asn)


def _neighbor(name: str, address: str, vrf: str, its: Said) -> BgpNeighbor:
    group = word(its.lines, "peer group ") or word(its.lines, "peer-group ")
    return BgpNeighbor(address, vrf=vrf, peer_group=group, **settings(its, name))


def _address(name: str) -> str | None:
    try:
        return str(ipaddress.ip_address(name))
    except ValueError:  # a peer group
        return None


def _spelled(peer: str, there: Instance) -> str:
    """A peer's address as the configuration spells it."""
    if ":" not in peer:
        return peer
    return next((name for name in said(there.section) if _address(name) == peer), peer)


def _interface(name: str) -> str | None:
    """An interface's long name; None for several."""
    match = _SHORTENED.fullmatch(name)
    return f"{_LONG.get(match[1], match[1])}{match[2]}" if match else None


def _by_interface(record: BgpNeighbor, there: Instance, config: Config) -> str:
    for text in there.section:
        match = _BY_INTERFACE.fullmatch(text)
        if match is None or _interface(match[1]) != record.peer:
            continue
        if (match[2], as_number(match[3])) == (record.peer_group, record.remote_as):
            return text
    group = f"{peer_group(config)} {record.peer_group}"
    return f"neighbor interface {record.peer} {group} remote-as {record.remote_as}"


def _refuse_settings(want: BgpNeighbor, title: str) -> None:
    plain = BgpNeighbor(want.peer, vrf=want.vrf, unnumbered=True, peer_group=want.peer_group, remote_as=want.remote_as)
    if want.peer_group is None or want.remote_as is None:
        raise ValueError(f"{title}: expected peer_group and remote_as for a neighbor by interface")
    if canonical(want) != plain:
        raise Unsupported(f"{title}: EOS keeps all else in its peer group", device="", hint="say it there")
