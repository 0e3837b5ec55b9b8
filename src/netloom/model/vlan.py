"""A VLAN (openconfig-vlan, IEEE 802.1Q)."""

from __future__ import annotations

from dataclasses import dataclass

from netloom.model.noun import Noun, Record
from netloom.model.text import Word


@dataclass(frozen=True, slots=True)
class Vlan(Record):
    """A VLAN as configured; VLAN 1 is there by itself."""

    id: int
    name: Word | None = None
    enabled: bool = True
    """False suspends it."""

    IDENTITY = ("id",)


@dataclass(frozen=True, slots=True)
class VlanState(Record):
    """A VLAN as seen."""

    id: int
    name: str | None = None
    status: str | None = None
    """active or suspended, or the device's own word."""
    interfaces: tuple[str, ...] = ()

    IDENTITY = ("id",)


NOUN = Noun("vlan", "vlans", record=Vlan, state=VlanState)
