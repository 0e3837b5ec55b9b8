"""An entry of a bridge's forwarding table, as seen (openconfig-network-instance, BRIDGE-MIB)."""

from __future__ import annotations

from dataclasses import dataclass

from netloom.model.noun import Noun, Record


@dataclass(frozen=True, slots=True)
class MacState(Record):
    """Behind which port a MAC address is."""

    mac_address: str
    interface: str
    vlan: int | None = None
    type: str = "dynamic"
    """dynamic, static or self."""
    active: bool | None = None
    moves: int | None = None
    """How often it changed its port."""
    last_move_s: float | None = None
    """Seconds since it last did."""
    age_s: float | None = None
    vlan_name: str | None = None
    """The VLAN's or bridge domain's name, on systems that tell that instead of its number."""

    IDENTITY = ("vlan", "mac_address", "interface")


NOUN = Noun("mac", "macs", state=MacState)
