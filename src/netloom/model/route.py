"""A route in the routing table, as seen (openconfig-aft, RFC 8349)."""

from __future__ import annotations

from dataclasses import dataclass

from netloom.model.noun import Noun, Record


@dataclass(frozen=True, slots=True)
class NextHop(Record):
    """One way on."""

    IDENTITY = ("address", "interface")

    address: str | None = None
    """None for a directly connected network."""
    interface: str | None = None
    vrf: str | None = None
    """The VRF that it lies in, where it is another one."""
    weight: int | None = None
    """Its share of several, or BGP's own preference, which counts before all others."""
    active: bool = True
    """Installed in the forwarding table."""
    kind: str = "forward"
    """forward, receive, blackhole, unreachable or prohibit."""
    metric: int | None = None
    """The path's own, where the paths of one prefix have different ones: BGP's MED (RFC 4271)."""
    local_preference: int | None = None
    as_path: str | None = None
    """BGP's, the nearest first, as shown: `65001 65002 {65003}`; empty for one's own."""
    origin: str | None = None
    """BGP's: igp, egp or incomplete."""


@dataclass(frozen=True, slots=True)
class RouteState(Record):
    """A prefix by one protocol."""

    prefix: str
    protocol: str
    """connected, local, kernel, static, bgp, ospf, isis, …"""
    vrf: str = "default"
    selected: bool = True
    """The best of all protocols' routes to this prefix."""
    preference: int | None = None
    """Administrative distance."""
    metric: int | None = None
    next_hops: tuple[NextHop, ...] = ()
    uptime_s: int | None = None
    tag: int | None = None
    type: str | None = None
    """The protocol's kind: intra-area, inter-area, external-1, nssa-2, level-1, external, internal, …"""

    IDENTITY = ("vrf", "prefix", "protocol")


NOUN = Noun("route", "routes", state=RouteState)
