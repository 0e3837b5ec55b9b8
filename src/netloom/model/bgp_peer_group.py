"""A BGP peer group: what its members share (openconfig-bgp)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from netloom.model.noun import Noun, Record, Ref
from netloom.model.text import FreeText, SecretText, Word


@dataclass(frozen=True, slots=True)
class BgpAddressFamily(Record):
    """How a neighbor or a group treats one address family."""

    IDENTITY = ("name",)

    name: Literal["ipv4-unicast", "ipv6-unicast"]
    activate: bool | None = None
    """None is the instance's default."""
    policy_in: Word | None = None
    """A route map's name."""
    policy_out: Word | None = None
    prefix_list_in: Word | None = None
    prefix_list_out: Word | None = None
    next_hop_self: bool = False
    send_community: Literal["standard", "extended", "both", "large", "all"] | None = None
    """None is the system's default."""
    route_reflector_client: bool = False
    soft_reconfiguration_inbound: bool = False
    default_originate: bool = False
    maximum_prefix: int | None = None
    allow_as_in: int | None = None

    @property
    def refs(self) -> tuple[Ref, ...]:
        """The policies and prefix lists named here."""
        family = "ipv4" if self.name == "ipv4-unicast" else "ipv6"
        maps = [Ref("route_map", (name,)) for name in (self.policy_in, self.policy_out) if name]
        lists = [Ref("prefix_list", (family, name)) for name in (self.prefix_list_in, self.prefix_list_out) if name]
        return (*maps, *lists)


@dataclass(frozen=True, slots=True)
class BgpPeerGroup(Record):
    """Settings that its members inherit."""

    IDENTITY = ("vrf", "name")

    name: Word
    vrf: Word = "default"
    remote_as: int | Literal["external", "internal"] | None = None
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
        profile = (Ref("bfd_profile", (self.bfd_profile,)),) if self.bfd_profile else ()
        policies = tuple(ref for family in self.address_families for ref in family.refs)
        return (Ref("bgp", (self.vrf,)), *profile, *policies)


NOUN = Noun("bgp_peer_group", "bgp_peer_groups", record=BgpPeerGroup)
