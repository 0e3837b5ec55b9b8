"""OSPF on an interface (openconfig-ospfv2, RFC 2328)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from netloom.model.noun import Noun, Record, Ref
from netloom.model.text import Word


@dataclass(frozen=True, slots=True)
class OspfInterface(Record):
    """What OSPFv2 does on one interface."""

    IDENTITY = ("interface",)

    interface: Word
    process: Word | None = None
    """The OSPF process, on systems that name it here."""
    area: Word | None = None
    """A number or an address, as the device shows it; None where a network statement decides."""
    cost: int | None = None
    network_type: Literal["point-to-point", "broadcast", "non-broadcast", "point-to-multipoint"] | None = None
    hello_interval_s: int | None = None
    dead_interval_s: int | None = None
    priority: int | None = None
    passive: bool | None = None
    """None follows the instance's default."""
    bfd: bool = False
    mtu_ignore: bool = False

    @property
    def refs(self) -> tuple[Ref, ...]:
        return (Ref("interface", (self.interface,)),)


NOUN = Noun("ospf_interface", "ospf_interfaces", record=OspfInterface)
