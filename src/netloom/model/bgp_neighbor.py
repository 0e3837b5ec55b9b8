"""A BGP neighbor, by address or by interface (openconfig-bgp, RFC 4271, RFC 5549)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from netloom.model.bgp_peer_group import BgpAddressFamily
from netloom.model.noun import Noun, Record, Ref
from netloom.model.text import FreeText, SecretText, Word


@dataclass(frozen=True, slots=True)
class BgpNeighbor(Record):
    """A neighbor as configured."""

    IDENTITY = ("vrf", "peer")

    peer: Word
    """An address; or an interface's name, for a session over IPv6 link-local addresses (unnumbered)."""
    vrf: Word = "default"
    unnumbered: bool = False
    """True where `peer` is an interface's name."""
    remote_as: int | Literal["external", "internal"] | None = None
    """None where the peer group gives it."""
    peer_group: Word | None = None
    description: FreeText | None = None
    enabled: bool = True
    update_source: Word | None = None
    """An interface or an address."""
    ebgp_multihop: int | None = None
    keepalive_s: int | None = None
    hold_time_s: int | None = None
    connect_retry_s: int | None = None
    advertisement_interval_s: int | None = None
    local_as: int | None = None
    password: SecretText | None = None
    """As the device shows it."""
    password_type: Word | None = None
    """How it is hidden, in the system's word; None is plain, or what the text itself says."""
    bfd: bool = False
    bfd_profile: Word | None = None
    address_families: tuple[BgpAddressFamily, ...] = ()

    @property
    def refs(self) -> tuple[Ref, ...]:
        found = [Ref("bgp", (self.vrf,))]
        if self.peer_group:
            # some systems have groups for all VRFs at once
            found += [Ref("bgp_peer_group", (vrf, self.peer_group)) for vrf in dict.fromkeys((self.vrf, "default"))]
        if self.unnumbered:
            found.append(Ref("interface", (self.peer,)))
        if self.bfd_profile:
            found.append(Ref("bfd_profile", (self.bfd_profile,)))
        found += [ref for family in self.address_families for ref in family.refs]
        return tuple(found)


NOUN = Noun("bgp_neighbor", "bgp_neighbors", record=BgpNeighbor)
