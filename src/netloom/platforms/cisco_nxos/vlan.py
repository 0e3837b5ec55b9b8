"""The VLANs of a Nexus."""

from __future__ import annotations

from netloom.model.config import Config, Line
from netloom.model.vlan import Vlan, VlanState
from netloom.platforms.cisco_nxos import show_vlan
from netloom.platforms.cisco_nxos.change import change
from netloom.platforms.cisco_nxos.screens import telling
from netloom.platforms.contract import Read
from netloom.platforms.replies import Reader, merged
from netloom.platforms.vlan_lines import canonical_vlan, vlan_texts, vlans

READ = Read("show vlan brief | json")

_READERS = (
    Reader(show_vlan.KNOWS_REPLY, show_vlan.vlan_replies),
    Reader(show_vlan.KNOWS, show_vlan.vlans),
)


canonical = canonical_vlan
"""Without the name that a VLAN has by itself."""


def configured(config: Config) -> list[Vlan]:
    """Every VLAN that the configuration shows."""
    return vlans(config)


def lines(record: Vlan, config: Config) -> list[Line]:
    """The VLAN's section; its place in the list of all VLANs is the section's header."""
    return vlan_texts(record, config)


def render(have: Vlan | None, want: Vlan | None, config: Config) -> list[Line]:
    """The least change, one VLAN at a time; VLAN 1 is there by itself and stays."""
    if want is None and have is not None and have.id == 1:
        return change(have, Vlan(1), config, lines)
    return change(have, want, config, lines)


def observed(*outputs: str) -> list[VlanState]:
    """Every VLAN, with the ports that carry it."""
    return merged(telling(outputs), _READERS)
