"""VLANs."""

from __future__ import annotations

from netloom.model.config import Config, Line
from netloom.model.vlan import Vlan, VlanState
from netloom.platforms import vlan_lines
from netloom.platforms.arista_eos import show_vlan
from netloom.platforms.arista_eos.change import change

READ = show_vlan.READ


def configured(config: Config) -> list[Vlan]:
    """Every VLAN that the configuration shows."""
    return vlan_lines.vlans(config)


def lines(record: Vlan, config: Config) -> list[Line]:
    """Its section."""
    return vlan_lines.vlan_texts(record, config)


def render(have: Vlan | None, want: Vlan | None, config: Config) -> list[Line]:
    """The least change."""
    return change(have, want, config, lines)


def canonical(record: Vlan) -> Vlan:
    """Without the name that a VLAN has by itself."""
    return vlan_lines.canonical_vlan(record)


def observed(*outputs: str) -> list[VlanState]:
    """Every VLAN, as eAPI or the command line tells."""
    return show_vlan.vlans(outputs)
