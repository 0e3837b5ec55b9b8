"""BGP neighbors of a Nexus."""

from __future__ import annotations

import ipaddress
from dataclasses import replace

from netloom.model.bgp_neighbor import BgpNeighbor
from netloom.model.config import Config, Line, Tree
from netloom.platforms.bgp_lines import lacks_remote_as, remote_as
from netloom.platforms.cisco_nxos.bgp_instance import (
    canonical_peer,
    instances,
    neighbors,
    path_for,
    path_in,
    process_of,
)
from netloom.platforms.cisco_nxos.bgp_settings import canonical_settings, refuse, setting_lines, settings
from netloom.platforms.cisco_nxos.change import change
from netloom.platforms.line_words import value, word


def configured(config: Config) -> list[BgpNeighbor]:
    """Every neighbor of every VRF."""
    return [
        BgpNeighbor(
            peer=peer,
            vrf=vrf,
            unnumbered=not _is_address(peer),
            peer_group=word(below, "inherit peer "),
            **settings(below) | ({} if asn is None else {"remote_as": remote_as(asn)}),
        )
        for _, vrf, _, section in instances(config)
        for peer, asn, _, below in neighbors(section)
    ]


def lines(record: BgpNeighbor, config: Config) -> list[Line]:
    """Its section; the AS number stands in the header where the configuration has it there (before release 9)."""
    process = process_of(config)
    if process is None:
        return []
    above = path_in(process, record.vrf)
    header, in_header, section = _present(config.section(*above), record.peer)
    shown = in_header if in_header is not None else value(section, "remote-as ")
    if remote_as(shown) != record.remote_as:
        shown = None if record.remote_as is None else str(record.remote_as)
    if in_header is not None:
        header = f"neighbor {header.split()[1]}" + (f" remote-as {shown}" if shown else "")
    path = (*above, header)
    found = [*(Line(vrf, above[:1]) for vrf in above[1:]), Line(header, above)]
    if record.peer_group:
        found.append(Line(f"inherit peer {record.peer_group}", path))
    if shown and in_header is None:
        found.append(Line(f"remote-as {shown}", path))
    return found + setting_lines(record, section, path)


def render(have: BgpNeighbor | None, want: BgpNeighbor | None, config: Config) -> list[Line]:
    """The least change."""
    if want is None:
        return change(have, want, config, _without_vrf)
    path_for(config, want.vrf, want.peer)
    if want != have:
        refuse(want, want.peer)
    if lacks_remote_as(want) and (have is None or not lacks_remote_as(have)):
        raise ValueError(f"bgp_neighbor {want.peer}: expected remote_as or peer_group, got neither")
    return change(have, want, config, lines, *(["feature bfd"] if want.bfd else []))


def canonical(record: BgpNeighbor) -> BgpNeighbor:
    """As NX-OS shows it."""
    return replace(canonical_settings(record), peer=canonical_peer(record.peer))


def _without_vrf(record: BgpNeighbor, config: Config) -> list[Line]:
    """The section alone: the VRF around it stays."""
    return [line for line in lines(record, config) if not line.text.startswith("vrf ")]


def _present(section: Tree, peer: str) -> tuple[str, str | None, Tree]:
    for known, asn, header, below in neighbors(section):
        if known == canonical_peer(peer):
            return header, asn, below
    return f"neighbor {peer}", None, {}


def _is_address(peer: str) -> bool:
    try:
        ipaddress.ip_network(peer)
    except ValueError:
        return False
    return True
