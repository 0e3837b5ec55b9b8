"""BGP peer groups of an FRR router."""

from __future__ import annotations

from netloom.model.bgp_peer_group import BgpPeerGroup
from netloom.model.config import Config, Line
from netloom.platforms.frr.bgp_instance import instance, instance_for, instances, said
from netloom.platforms.frr.bgp_settings import canonical_settings, refuse_ignored, setting_lines, settings
from netloom.platforms.frr.change import change


def configured(config: Config) -> list[BgpPeerGroup]:
    """Every group of every instance."""
    return [
        BgpPeerGroup(name=name, vrf=vrf, **settings(found))
        for _, vrf, _, below in instances(config)
        for name, found in said(below).items()
        if "peer-group" in found.lines
    ]


def lines(record: BgpPeerGroup, config: Config) -> list[Line]:
    """Its lines in the instance and in the address families; none where there is no instance."""
    header = instance(config, record.vrf)
    if header is None:
        return []
    start = f"neighbor {record.name}"
    found = [Line(f"{start} peer-group", (header,))]
    if record.remote_as is not None:
        found.append(Line(f"{start} remote-as {record.remote_as}", (header,)))
    return found + setting_lines(record, record.name, config.section(header), header)


def render(have: BgpPeerGroup | None, want: BgpPeerGroup | None, config: Config) -> list[Line]:
    """The least change; a group that goes takes its members along."""
    if want is not None:
        refuse_ignored(want, want.name, instance_for(config, want.vrf, want.name))
    return change(have, want, config, lines)


def canonical(record: BgpPeerGroup) -> BgpPeerGroup:
    """As FRR shows it."""
    return canonical_settings(record)
