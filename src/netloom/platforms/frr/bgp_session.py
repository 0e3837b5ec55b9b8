"""BGP sessions as FRR reports them, in JSON and, where there is only SNMP, through BGP4-MIB."""

from __future__ import annotations

import re
from collections.abc import Iterator

from netloom.model.bgp_session import BgpSessionState
from netloom.platforms import bgp4_mib
from netloom.platforms.contract import Columns, Read
from netloom.platforms.json_output import Object, integer, members, objects, text

READ = Read("show bgp vrf all summary json")
WALK = bgp4_mib.COLUMNS

_FAMILY = re.compile(r"(ipv4|ipv6|l2Vpn)([A-Z]\w*)")


def observed(output: str) -> list[BgpSessionState]:
    """One session a peer, address family and VRF."""
    return [
        _session(vrf, family, summary, peer, values)
        for document in objects(output)
        for vrf, families in members(document)
        for family, summary in members(families)
        for peer, values in members(summary.get("peers"))
    ]


def walked(columns: Columns) -> list[BgpSessionState]:
    """The IPv4-numbered peers: FRR's BGP4-MIB knows no others, and no VRF."""
    return bgp4_mib.sessions(columns)


def _session(vrf: str, family: str, summary: Object, peer: str, values: Object) -> BgpSessionState:
    afi, safi = _address_family(family)
    # «Idle (Admin)» in newer versions says in brackets what peerState says
    state = (text(values, "state", "peerState") or "Idle").split(" ")[0].strip()
    uptime_ms = integer(values, "peerUptimeMsec")
    return BgpSessionState(
        peer=peer,
        vrf=vrf,
        afi=afi,
        safi=safi,
        state=state,
        asn=integer(values, "localAs") or integer(summary, "as"),
        peer_asn=integer(values, "remoteAs"),
        peer_hostname=text(values, "hostname"),
        router_id=text(summary, "routerId"),
        description=text(values, "desc"),
        pfx_rx=integer(values, "pfxRcd", "prefixReceivedCount"),
        pfx_tx=integer(values, "pfxSnt"),
        uptime_s=uptime_ms // 1000 if uptime_ms is not None and state == "Established" else None,
        flaps=integer(values, "connectionsDropped"),
    )


def _address_family(name: str) -> tuple[str, str]:
    """ipv4Unicast → ipv4, unicast; l2VpnEvpn → l2vpn, evpn."""
    match = _FAMILY.fullmatch(name)
    if match is None:
        return name.lower(), ""
    words: Iterator[str] = iter(re.findall(r"[A-Z][a-z0-9]*", match[2]))
    return match[1].lower(), "-".join(word.lower() for word in words)
