"""BGP groups of a Junos device."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from netloom.errors import Unsupported
from netloom.model.bgp_peer_group import BgpPeerGroup
from netloom.model.config import Config, Line, Tree
from netloom.platforms.juniper_junos.bgp import as_number, instance
from netloom.platforms.juniper_junos.bgp_peers import (
    FamilyName,
    canonical_settings,
    refuse,
    setting_paths,
    settings,
    stated_families,
)
from netloom.platforms.juniper_junos.instances import home, tables
from netloom.platforms.juniper_junos.spelling import Words
from netloom.platforms.juniper_junos.statements import changed, lines_of, number, section, value


def configured(config: Config) -> list[BgpPeerGroup]:
    """Every group of every instance."""
    return [
        BgpPeerGroup(name, vrf, remote_as=_remote_as(below), **settings(below, _effective(vrf, config)))
        for vrf, name, below in groups(config)
    ]


def lines(record: BgpPeerGroup, config: Config) -> list[Line]:
    """Its own statements; its neighbors are records of their own."""
    return lines_of(_paths(record, config), config)


def render(have: BgpPeerGroup | None, want: BgpPeerGroup | None, config: Config) -> list[Line]:
    """The least change; a group goes with its neighbors."""
    if want is None:
        return changed(config, [], [], [_home(have)] if have is not None else [])
    refuse(want, f"bgp peer group {want.name}")
    if not want.enabled:
        raise Unsupported(f"bgp peer group {want.name}: Junos shuts neighbors down, not groups", device="")
    after = _paths(want, config)
    if any(family.route_reflector_client for family in want.address_families) and not any(
        path[-2] == "cluster" for path in after
    ):
        after.append((*_home(want), "cluster", _cluster(want, config)))
    before = _paths(have, config) if have is not None else []
    return changed(config, before, after)


def canonical(record: BgpPeerGroup) -> BgpPeerGroup:
    """As Junos shows it."""
    return canonical_settings(record)


def groups(config: Config) -> Iterator[tuple[str, str, Tree]]:
    """VRF, name and section of every group."""
    for vrf, _ in tables(config):
        for name, below in section(config, *instance(vrf), "group").items():
            yield vrf, name, below


def _effective(vrf: str, config: Config) -> tuple[FamilyName, ...]:
    return stated_families(section(config, *instance(vrf))) or ("ipv4-unicast",)


def _remote_as(below: Tree) -> int | Literal["external", "internal"] | None:
    asn = number(below, "peer-as")
    kind = value(below, "type")
    if asn is not None or kind not in ("internal", "external"):
        return asn
    return "internal" if kind == "internal" else "external"


def _home(record: BgpPeerGroup) -> Words:
    return (*instance(record.vrf), "group", record.name)


def _paths(record: BgpPeerGroup, config: Config) -> list[Words]:
    base = _home(record)
    there = section(config, *base)
    found: list[Words] = [base]
    if isinstance(record.remote_as, int):
        found.append((*base, "peer-as", str(record.remote_as)))
    kind = value(there, "type")
    if record.remote_as is not None:
        internal = record.remote_as in ("internal", as_number(record.vrf, config))
        if kind is not None or internal or not isinstance(record.remote_as, int) or not there:
            found.append((*base, "type", "internal" if internal else "external"))
    return found + setting_paths(record, base, config)


def _cluster(record: BgpPeerGroup, config: Config) -> str:
    """A reflector's cluster is called as its router."""
    router = value(section(config, *home(record.vrf), "routing-options"), "router-id")
    found = router or record.update_source
    if found is None:
        hint = "wish for router_id under bgp"
        raise Unsupported(f"bgp peer group {record.name}: a route reflector needs a cluster", device="", hint=hint)
    return found
