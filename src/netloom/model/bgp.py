"""BGP on a device, one instance a VRF (openconfig-bgp, RFC 4271)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from netloom.model.noun import Noun, Record, Ref
from netloom.model.text import Address, Prefix, Word


@dataclass(frozen=True, slots=True)
class BgpNetwork(Record):
    """A prefix that BGP originates."""

    IDENTITY = ("prefix",)

    prefix: Prefix
    policy: Word | None = None
    """A route map's name."""


@dataclass(frozen=True, slots=True)
class BgpRedistribution(Record):
    """Routes taken over from another protocol."""

    IDENTITY = ("family", "protocol", "process")

    family: Literal["ipv4", "ipv6"]
    protocol: Word
    policy: Word | None = None
    process: Word | None = None
    """The other protocol's number or name, on systems that name it."""


@dataclass(frozen=True, slots=True)
class Bgp(Record):
    """One BGP instance; its neighbors and peer groups are nouns of their own."""

    IDENTITY = ("vrf",)

    asn: int
    vrf: Word = "default"
    router_id: Address | None = None
    ebgp_requires_policy: bool | None = None
    """RFC 8212: without a policy nothing is accepted or sent. Here and below None is the system's default."""
    log_neighbor_changes: bool | None = None
    multipath_relax: bool | None = None
    """ECMP over paths with different autonomous systems of equal length."""
    default_ipv4_unicast: bool | None = None
    keepalive_s: int | None = None
    hold_time_s: int | None = None
    maximum_paths: int | None = None
    networks: tuple[BgpNetwork, ...] = ()
    redistribute: tuple[BgpRedistribution, ...] = ()

    @property
    def refs(self) -> tuple[Ref, ...]:
        policies = [network.policy for network in self.networks] + [source.policy for source in self.redistribute]
        found = [Ref("vrf", (self.vrf,))] if self.vrf != "default" else []
        return (*found, *(Ref("route_map", (policy,)) for policy in policies if policy))


NOUN = Noun("bgp", "bgp", record=Bgp)
