"""BGP peer templates of a Nexus, which are what others call peer groups."""

from __future__ import annotations

from netloom.errors import Unsupported
from netloom.model.bgp_peer_group import BgpPeerGroup
from netloom.model.config import Config, Line
from netloom.platforms.bgp_lines import remote_as_text
from netloom.platforms.cisco_nxos.bgp_instance import instances, path_for, process_of
from netloom.platforms.cisco_nxos.bgp_settings import canonical_settings, refuse, setting_lines, settings
from netloom.platforms.cisco_nxos.change import change

_HEADER = "template peer "


def configured(config: Config) -> list[BgpPeerGroup]:
    """Every template; neighbors of all VRFs use them."""
    return [
        BgpPeerGroup(name=text.removeprefix(_HEADER), **settings(below))
        for _, vrf, _, section in instances(config)
        if vrf == "default"
        for text, below in section.items()
        if text.startswith(_HEADER)
    ]


def lines(record: BgpPeerGroup, config: Config) -> list[Line]:
    """Its section; none where there is no BGP."""
    header = process_of(config)
    if header is None:
        return []
    path = (header, f"{_HEADER}{record.name}")
    section = config.section(*path)
    found = [Line(path[1], (header,))]
    if record.remote_as is not None:
        found.append(Line(remote_as_text(section, record.remote_as), path))
    return found + setting_lines(record, section, path)


def render(have: BgpPeerGroup | None, want: BgpPeerGroup | None, config: Config) -> list[Line]:
    """The least change."""
    if want is not None:
        path_for(config, want.vrf, want.name)
        if want.vrf != "default":
            raise Unsupported(
                f"bgp_peer_group {want.name}: NX-OS keeps templates beside the VRFs",
                device="",
                hint="leave its vrf out",
            )
        if want != have:
            refuse(want, want.name)
    return change(have, want, config, lines, *(["feature bfd"] if want is not None and want.bfd else []))


def canonical(record: BgpPeerGroup) -> BgpPeerGroup:
    """As NX-OS shows it."""
    return canonical_settings(record)
