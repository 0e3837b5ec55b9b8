"""BGP peer groups of an IOS router."""

from __future__ import annotations

from netloom.model.bgp_peer_group import BgpPeerGroup
from netloom.model.config import Config, Line
from netloom.platforms.bgp_lines import remote_as_text
from netloom.platforms.cisco_ios.bgp_instance import instance, instance_for, instances, said
from netloom.platforms.cisco_ios.bgp_settings import canonical_settings, refuse, setting_lines, settings
from netloom.platforms.cisco_ios.change import change


def configured(config: Config) -> list[BgpPeerGroup]:
    """Every group of every instance."""
    return [
        BgpPeerGroup(name=name, vrf=place.vrf, **settings(found))
        for place in instances(config)
        for name, found in said(config, place).items()
        if "peer-group" in found.lines
    ]


def lines(record: BgpPeerGroup, config: Config) -> list[Line]:
    """Its lines in the instance and in the address families; none where there is no instance."""
    place = instance(config, record.vrf)
    if place is None:
        return []
    start, home = f"neighbor {record.name}", place.home(record.name)
    found = [Line(f"{start} peer-group", home)]
    if record.remote_as is not None:
        found.append(Line(remote_as_text(config.section(*home), record.remote_as, f"{start} "), home))
    return found + setting_lines(record, record.name, config, place)


def render(have: BgpPeerGroup | None, want: BgpPeerGroup | None, config: Config) -> list[Line]:
    """The least change; a group that goes takes its members along."""
    if want is not None:
        refuse(want, want.name)
        instance_for(config, want.vrf, want.name)
    return change(have, want, config, lines)


def canonical(record: BgpPeerGroup) -> BgpPeerGroup:
    """As IOS shows it."""
    return canonical_settings(record)
