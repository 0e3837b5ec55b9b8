"""The VLANs of a Cisco IOS switch."""

from __future__ import annotations

from netloom.model.config import Config, Line
from netloom.model.vlan import Vlan, VlanState
from netloom.platforms.cisco_ios import screen, show_vlan
from netloom.platforms.cisco_ios.change import change
from netloom.platforms.contract import Read
from netloom.platforms.vlan_lines import canonical_vlan, vlan_texts, vlans

READ = (Read("show vlan brief"), Read("show vlans"))
COMPLEMENT = True


def configured(config: Config) -> list[Vlan]:
    """The VLANs that the configuration shows: none where VTP keeps them (a server or a client)."""
    return vlans(config)


def lines(record: Vlan, config: Config) -> list[Line]:
    """Its section."""
    return vlan_texts(record, config)


def render(have: Vlan | None, want: Vlan | None, config: Config) -> list[Line]:
    """The least change; each VLAN by itself, whatever ranges the configuration is printed in."""
    if want is None and have is not None and have.id == 1:
        return []
    return change(have, want, config, lines)


def canonical(record: Vlan) -> Vlan:
    """Without the name that it has by itself."""
    return canonical_vlan(record)


def observed(*outputs: str) -> list[VlanState]:
    """Every VLAN and its access ports."""
    return screen.records(outputs, show_vlan.READERS, unite=("interfaces",))
