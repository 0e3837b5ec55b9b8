"""An OSPF instance, one a VRF (openconfig-ospfv2, RFC 2328)."""

from __future__ import annotations

from dataclasses import dataclass

from netloom.model.noun import Noun, Record, Ref
from netloom.model.text import Address, Prefix, Word


@dataclass(frozen=True, slots=True)
class OspfNetwork(Record):
    """Interfaces with an address in this prefix belong to this area."""

    IDENTITY = ("prefix", "area")

    prefix: Prefix
    area: Word
    """A number or an address, as the device shows it."""


@dataclass(frozen=True, slots=True)
class OspfRedistribution(Record):
    """Routes taken over from another protocol."""

    IDENTITY = ("protocol", "process")

    protocol: Word
    policy: Word | None = None
    """A route map's name."""
    metric: int | None = None
    metric_type: int | None = None
    """1 or 2; None is the default, 2."""
    process: Word | None = None
    """The other protocol's number or name, on systems that name it."""


@dataclass(frozen=True, slots=True)
class Ospf(Record):
    """One OSPFv2 instance; what is set on interfaces is the noun ospf_interface."""

    IDENTITY = ("vrf",)

    vrf: Word = "default"
    process: Word | None = None
    """The process's number or name, on systems that have one; None is the system's usual."""
    router_id: Address | None = None
    log_adjacency_changes: bool | None = None
    """None is the system's default."""
    reference_bandwidth_mbps: int | None = None
    maximum_paths: int | None = None
    passive_default: bool = False
    networks: tuple[OspfNetwork, ...] = ()
    redistribute: tuple[OspfRedistribution, ...] = ()
    default_originate: bool = False

    @property
    def refs(self) -> tuple[Ref, ...]:
        found = [Ref("vrf", (self.vrf,))] if self.vrf != "default" else []
        return (*found, *(Ref("route_map", (source.policy,)) for source in self.redistribute if source.policy))


NOUN = Noun("ospf", "ospf", record=Ospf)
