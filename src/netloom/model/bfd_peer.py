"""A BFD session set up by hand, and every session as seen (openconfig-bfd, RFC 5880)."""

from __future__ import annotations

from dataclasses import dataclass

from netloom.model.noun import Noun, Record, Ref
from netloom.model.text import Address, Word


@dataclass(frozen=True, slots=True)
class BfdPeer(Record):
    """A session that no routing protocol asked for."""

    IDENTITY = ("vrf", "peer", "local_address", "interface", "multihop")

    peer: Address
    local_address: Address | None = None
    interface: Word | None = None
    vrf: Word = "default"
    multihop: bool = False
    profile: Word | None = None
    detect_multiplier: int | None = None
    receive_interval_ms: int | None = None
    transmit_interval_ms: int | None = None
    enabled: bool = True

    @property
    def refs(self) -> tuple[Ref, ...]:
        profile = (Ref("bfd_profile", (self.profile,)),) if self.profile else ()
        interface = (Ref("interface", (self.interface,)),) if self.interface else ()
        return (*profile, *interface)


@dataclass(frozen=True, slots=True)
class BfdPeerState(Record):
    """A session, whoever asked for it."""

    peer: str
    local_address: str | None = None
    interface: str | None = None
    vrf: str = "default"
    multihop: bool = False
    state: str = "down"
    """adminDown, down, init or up (RFC 5880)."""
    uptime_s: int | None = None
    diagnostic: str | None = None

    IDENTITY = ("vrf", "peer", "local_address", "interface", "multihop")


NOUN = Noun("bfd_peer", "bfd_peers", record=BfdPeer, state=BfdPeerState)
