"""BGP neighbors of an FRR router, by address and by interface."""

from __future__ import annotations

import re
from collections.abc import Iterator

from netloom.model.bgp_neighbor import BgpNeighbor
from netloom.model.config import Config, Line, Tree
from netloom.platforms.bgp_lines import Said, remote_as
from netloom.platforms.frr.bgp_instance import instance, instance_for, instances, said
from netloom.platforms.frr.bgp_settings import canonical_settings, refuse_ignored, setting_lines, settings
from netloom.platforms.frr.change import change
from netloom.platforms.line_words import is_address, value, word

_INTERFACE = re.compile(r"interface(?: v6only)?(?: (peer-group|remote-as) (\S+))?")


def configured(config: Config) -> list[BgpNeighbor]:
    """Every neighbor of every instance."""
    return [
        neighbor
        for _, vrf, _, below in instances(config)
        for name, found in said(below).items()
        for neighbor in _neighbor(name, vrf, found)
    ]


def lines(record: BgpNeighbor, config: Config) -> list[Line]:
    """Its lines in the instance and in the address families; none where there is no instance."""
    header = instance(config, record.vrf)
    if header is None:
        return []
    bgp = config.section(header)
    found = [Line(text, (header,)) for text in _identity(record, bgp)]
    return found + setting_lines(record, record.peer, bgp, header)


def render(have: BgpNeighbor | None, want: BgpNeighbor | None, config: Config) -> list[Line]:
    """The least change; a neighbor that changes its group is made anew, with all that is said of it."""
    if want is not None:
        refuse_ignored(want, want.peer, instance_for(config, want.vrf, want.peer))
        if want.remote_as is None and want.peer_group is None:
            raise ValueError(f"BGP neighbor {want.peer}: expected remote_as or peer_group, got neither")
    return change(have, want, config, lines)


def canonical(record: BgpNeighbor) -> BgpNeighbor:
    """As FRR shows it."""
    return canonical_settings(record)


def _neighbor(name: str, vrf: str, found: Said) -> Iterator[BgpNeighbor]:
    by_interface = next((match for text in found.lines if (match := _INTERFACE.fullmatch(text))), None)
    if by_interface is None and not is_address(name):
        return
    group, asn = word(found.lines, "peer-group "), word(found.lines, "remote-as ")
    if by_interface is not None:
        group = by_interface[2] if by_interface[1] == "peer-group" else group
        asn = by_interface[2] if by_interface[1] == "remote-as" else asn
    elif group is None and asn is None:
        return
    yield BgpNeighbor(
        peer=name,
        vrf=vrf,
        unnumbered=by_interface is not None,
        peer_group=group,
        **settings(found) | {"remote_as": remote_as(asn)},
    )


def _identity(record: BgpNeighbor, bgp: Tree) -> list[str]:
    """What makes it a neighbor; a group's remote-as stands for its members'."""
    start = f"neighbor {record.peer}"
    of_group = value(bgp, f"neighbor {record.peer_group} remote-as ") if record.peer_group else None
    asn = None if of_group is not None else record.remote_as
    if not record.unnumbered:
        texts = [f"{start} remote-as {asn}"] if asn is not None else []
        return texts + ([f"{start} peer-group {record.peer_group}"] if record.peer_group else [])
    plain = f"{start} interface"
    if any(text.startswith(f"{plain} v6only") for text in bgp):
        plain += " v6only"
    if record.peer_group:
        own = [f"{start} remote-as {asn}"] if asn is not None else []
        return [f"{plain} peer-group {record.peer_group}", *own]
    return [f"{plain} remote-as {asn}"]
