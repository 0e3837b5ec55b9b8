"""BGP neighbors of a Junos device; each belongs to a group."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from typing import Literal

from netloom.errors import Unsupported
from netloom.model.bgp_neighbor import BgpNeighbor
from netloom.model.config import Config, Line, Tree
from netloom.platforms.juniper_junos.bgp import instance
from netloom.platforms.juniper_junos.bgp_peer_group import groups
from netloom.platforms.juniper_junos.bgp_peers import (
    FamilyName,
    canonical_settings,
    refuse,
    setting_paths,
    settings,
    stated_families,
)
from netloom.platforms.juniper_junos.spelling import Words
from netloom.platforms.juniper_junos.statements import changed, lines_of, moved, number, section, value
from netloom.platforms.line_words import is_address


def configured(config: Config) -> list[BgpNeighbor]:
    """Every neighbor by address."""
    return [
        BgpNeighbor(
            peer=str(ipaddress.ip_address(text)),
            vrf=vrf,
            remote_as=_remote_as(under),
            peer_group=group,
            **settings(under, _effective(text, vrf, below, config)),
        )
        for vrf, group, below, text, under in _neighbors(config)
    ]


def lines(record: BgpNeighbor, config: Config) -> list[Line]:
    """Its statements below its group."""
    return lines_of(_paths(record, config), config)


def render(have: BgpNeighbor | None, want: BgpNeighbor | None, config: Config) -> list[Line]:
    """The least change; a neighbor that changes its group takes along what else is said of it."""
    if want is None:
        return changed(config, [], [], [_home(have, config)] if have is not None else [])
    title = f"bgp neighbor {want.peer}"
    if want.unnumbered:
        raise Unsupported(f"{title}: Junos peers with addresses", device="")
    if want.peer_group is None:
        hint = "wish for one under bgp_peer_groups, and name it in peer_group"
        raise Unsupported(f"{title}: on Junos a neighbor belongs to a group", device="", hint=hint)
    if want.remote_as == "external":
        raise Unsupported(f"{title}: Junos needs the peer's AS number", device="", hint="state it in remote_as")
    refuse(want, title)
    before, after = _paths(have, config) if have is not None else [], _paths(want, config)
    if have is None or have.peer_group == want.peer_group:
        return changed(config, before, after)
    return moved(config, before, after)


def canonical(record: BgpNeighbor) -> BgpNeighbor:
    """As Junos shows it."""
    return canonical_settings(record)


def _neighbors(config: Config) -> Iterator[tuple[str, str, Tree, str, Tree]]:
    for vrf, group, below in groups(config):
        for text, under in below.get("neighbor", {}).items():
            if is_address(text):
                yield vrf, group, below, text, under


def _effective(text: str, vrf: str, group: Tree, config: Config) -> tuple[FamilyName, ...]:
    stated = stated_families(group) or stated_families(section(config, *instance(vrf)))
    return stated or (("ipv6-unicast",) if ":" in text else ("ipv4-unicast",))


def _remote_as(under: Tree) -> int | Literal["internal"] | None:
    asn = number(under, "peer-as")
    return "internal" if asn is None and value(under, "type") == "internal" else asn


def _home(record: BgpNeighbor, config: Config) -> Words:
    base = (*instance(record.vrf), "group", record.peer_group or "", "neighbor")
    for text in section(config, *base):
        if is_address(text) and str(ipaddress.ip_address(text)) == record.peer:
            return (*base, text)
    return (*base, record.peer)


def _paths(record: BgpNeighbor, config: Config) -> list[Words]:
    base = _home(record, config)
    found: list[Words] = [base]
    if isinstance(record.remote_as, int):
        found.append((*base, "peer-as", str(record.remote_as)))
    elif record.remote_as is not None:
        found.append((*base, "type", record.remote_as))
    return found + setting_paths(record, base, config)
