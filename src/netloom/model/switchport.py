"""A port as a switch uses it: access or trunk, and its VLANs (openconfig-vlan, IEEE 802.1Q)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from netloom.model.noun import Noun, Record, Ref
from netloom.model.text import VlanSet, Word


@dataclass(frozen=True, slots=True)
class Switchport(Record):
    """How a port switches, or that it does not."""

    interface: Word
    mode: Literal["access", "trunk", "routed"] | None = None
    """`routed` is `no switchport`; None leaves the system's default."""
    access_vlan: int | None = None
    native_vlan: int | None = None
    """The VLAN of untagged frames on a trunk; None is VLAN 1."""
    allowed_vlans: VlanSet | None = None
    """Of a trunk: `10,20-29`, `none`; None is every VLAN."""
    voice_vlan: int | None = None

    IDENTITY = ("interface",)

    @property
    def refs(self) -> tuple[Ref, ...]:
        tags = [tag for tag in (self.access_vlan, self.native_vlan, self.voice_vlan) if tag not in (None, 1)]
        return (Ref("interface", (self.interface,)), *(Ref("vlan", (str(tag),)) for tag in tags))


@dataclass(frozen=True, slots=True)
class SwitchportState(Record):
    """How a port switches at the moment."""

    interface: str
    mode: str | None = None
    """access, trunk or routed."""
    access_vlan: int | None = None
    native_vlan: int | None = None
    allowed_vlans: str | None = None
    voice_vlan: int | None = None

    IDENTITY = ("interface",)


NOUN = Noun("switchport", "switchports", record=Switchport, state=SwitchportState)
