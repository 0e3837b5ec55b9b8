"""A BGP session as seen, one row an address family (SuzieQ's columns, OpenConfig's leaves)."""

from __future__ import annotations

from dataclasses import dataclass

from netloom.model.noun import Noun, Record


@dataclass(frozen=True, slots=True)
class BgpSessionState(Record):
    """A session with one peer in one address family."""

    peer: str
    """An address or, for an unnumbered session, an interface's name."""
    vrf: str = "default"
    afi: str = "ipv4"
    safi: str = "unicast"
    state: str = "Idle"
    """Idle, Connect, Active, OpenSent, OpenConfirm or Established (RFC 4271)."""
    asn: int | None = None
    peer_asn: int | None = None
    peer_hostname: str | None = None
    router_id: str | None = None
    description: str | None = None
    peer_group: str | None = None
    """Whose settings it takes."""
    enabled: bool | None = None
    local_address: str | None = None
    local_router_id: str | None = None
    pfx_rx: int | None = None
    """Prefixes received, before the policy where the device tells that."""
    pfx_accepted: int | None = None
    pfx_tx: int | None = None
    uptime_s: int | None = None
    """Seconds in Established; None where the session never was."""
    flaps: int | None = None
    """Times the session left Established."""
    messages_rx: int | None = None
    messages_tx: int | None = None
    table_version: int | None = None
    in_queue: int | None = None
    out_queue: int | None = None

    IDENTITY = ("vrf", "peer", "afi", "safi")


NOUN = Noun("bgp_session", "bgp_sessions", state=BgpSessionState)
