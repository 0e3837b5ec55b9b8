"""BGP neighbors of an IOS router."""

from __future__ import annotations

import re

from netloom.model.bgp_neighbor import BgpNeighbor
from netloom.model.config import Config, Line
from netloom.platforms.bgp_lines import Said, lacks_remote_as, remote_as_text
from netloom.platforms.cisco_ios.bgp_instance import Instance, instance, instance_for, instances, said
from netloom.platforms.cisco_ios.bgp_settings import canonical_settings, refuse, setting_lines, settings
from netloom.platforms.cisco_ios.change import change
from netloom.platforms.cisco_ios.words import address, shown_address
from netloom.platforms.line_words import is_address, value, word

_DEFINES = re.compile(r"(?:remote-as|peer-group|inherit peer-session) ")


def configured(config: Config) -> list[BgpNeighbor]:
    """Every neighbor of every instance."""
    return [
        _neighbor(name, place, found)
        for place in instances(config)
        for name, found in said(config, place).items()
        if is_address(name) and any(map(_DEFINES.match, found.lines))
    ]


def lines(record: BgpNeighbor, config: Config) -> list[Line]:
    """Its lines in the instance and in the address families; none where there is no instance."""
    place = instance(config, record.vrf)
    if place is None:
        return []
    name = _name(record.peer, config, place)
    home = place.home(name)
    present = config.section(*home)
    of_group = value(present, f"neighbor {record.peer_group} remote-as ") if record.peer_group else None
    texts = []
    if record.remote_as is not None and of_group is None:
        texts.append(remote_as_text(present, record.remote_as, f"neighbor {name} "))
    if record.peer_group:
        texts.append(f"neighbor {name} peer-group {record.peer_group}")
    return [Line(text, home) for text in texts] + setting_lines(record, name, config, place)


def render(have: BgpNeighbor | None, want: BgpNeighbor | None, config: Config) -> list[Line]:
    """The least change; a neighbor goes with all that is said of it."""
    if want is not None:
        refuse(want, want.peer)
        instance_for(config, want.vrf, want.peer)
        if lacks_remote_as(want) and (have is None or not lacks_remote_as(have)):
            raise ValueError(f"BGP neighbor {want.peer}: expected remote_as or peer_group, got neither")
    if want is None and have is not None and (place := instance(config, have.vrf)) is not None:
        name = _name(have.peer, config, place)
        if not any(text.startswith(f"neighbor {name} ") for text in config.section(*place.home(name))):
            return []
        return [Line(f"no neighbor {name}", place.home(name))]
    return change(have, want, config, lines)


def canonical(record: BgpNeighbor) -> BgpNeighbor:
    """As IOS shows it."""
    return canonical_settings(record)


def _name(peer: str, config: Config, place: Instance) -> str:
    """The neighbor's address as the configuration spells it."""
    shown = shown_address(peer)
    for text in config.section(*place.home(peer)):
        if text.startswith("neighbor ") and address(text.split(" ", 2)[1]) == peer:
            return text.split(" ", 2)[1]
    return shown


def _neighbor(name: str, place: Instance, found: Said) -> BgpNeighbor:
    return BgpNeighbor(
        peer=address(name) or name,
        vrf=place.vrf,
        peer_group=word(found.lines, "peer-group "),
        **settings(found),
    )
