"""`show bgp neighbor` and `show bgp summary`, in XML or JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from netloom.model.bgp_session import BgpSessionState
from netloom.platforms.juniper_junos import notation
from netloom.platforms.xml_output import every, integer, number_of, text

if TYPE_CHECKING:
    from netloom.platforms.xml_output import Element

_FAMILIES = {
    "inet.0": ("ipv4", "unicast"),
    "inet.1": ("ipv4", "multicast"),
    "inet.2": ("ipv4", "multicast"),
    "inet.3": ("ipv4", "labeled-unicast"),
    "inet6.0": ("ipv6", "unicast"),
    "inet6.1": ("ipv6", "multicast"),
    "inet6.2": ("ipv6", "multicast"),
    "inet6.3": ("ipv6", "labeled-unicast"),
    "inetflow.0": ("ipv4", "flowspec"),
    "inet6flow.0": ("ipv6", "flowspec"),
    "bgp.l3vpn.0": ("ipv4", "vpn"),
    "bgp.l3vpn-inet6.0": ("ipv6", "vpn"),
    "bgp.l3vpn.2": ("ipv4", "multicast-vpn"),
    "bgp.mvpn.0": ("ipv4", "mvpn"),
    "bgp.mvpn-inet6.0": ("ipv6", "mvpn"),
    "bgp.rtarget.0": ("ipv4", "route-target"),
    "bgp.l2vpn.0": ("l2vpn", "vpls"),
    "bgp.evpn.0": ("l2vpn", "evpn"),
    "lsdist.0": ("link-state", "unicast"),
    "lsdist.1": ("link-state", "unicast"),
    "mdt.0": ("ipv4", "mdt"),
    "iso.0": ("iso", "unicast"),
}
"""What a routing table carries; an instance's name may stand before it."""
_NLRI = {
    "inet-unicast": ("ipv4", "unicast"),
    "inet-multicast": ("ipv4", "multicast"),
    "inet-labeled-unicast": ("ipv4", "labeled-unicast"),
    "inet6-unicast": ("ipv6", "unicast"),
    "inet6-labeled-unicast": ("ipv6", "labeled-unicast"),
    "inet-vpn-unicast": ("ipv4", "vpn"),
    "inet6-vpn-unicast": ("ipv6", "vpn"),
    "inet-flow": ("ipv4", "flowspec"),
    "l2vpn-signaling": ("l2vpn", "vpls"),
    "l2vpn": ("l2vpn", "vpls"),
    "evpn": ("l2vpn", "evpn"),
    "route-target": ("ipv4", "route-target"),
}
STATES = {"establ": "Established", "opensent": "OpenSent", "openconfirm": "OpenConfirm"}
"""Longer than Junos writes them, or in another case."""


def sessions(reply: Element) -> Iterator[BgpSessionState]:
    """One session a peer and address family, from the neighbors' details or the summary."""
    for peer in every(reply, "bgp-peer"):
        yield from _of_peer(peer)


def _of_peer(peer: Element) -> Iterator[BgpSessionState]:
    base = _session(peer)
    ribs = every(peer, "bgp-rib")
    instance = text(peer, "peer-cfg-rti", "peer-fwd-rti")
    tables = [text(rib, "name") or "" for rib in ribs]
    vrf = notation.vrf(instance) if instance else instance_of(tables)
    base = replace(base, vrf=vrf)
    found = False
    for rib, table in zip(ribs, tables, strict=True):
        family = family_of(table, vrf)
        if family is None:
            continue  # a VRF's table that this session only feeds
        found = True
        yield replace(
            base,
            afi=family[0],
            safi=family[1],
            pfx_rx=integer(rib, "received-prefix-count"),
            pfx_accepted=integer(rib, "accepted-prefix-count"),
            pfx_tx=integer(rib, "advertised-prefix-count"),
        )
    if not found:
        told = text(peer, "bgp-option-information/address-families", "nlri-type-session", "nlri-type-peer")
        yield from of_families(base, told)


def _session(peer: Element) -> BgpSessionState:
    state = text(peer, "peer-state") or "Idle"
    options = " ".join(text(peer, f"bgp-option-information/bgp-options{more}") or "" for more in ("", "2", "-extended"))
    queues = [integer(queue, "count") or 0 for queue in every(peer, "bgp-output-queue")]
    return BgpSessionState(
        peer=peer_name(text(peer, "peer-address")),
        state=state_of(state),
        asn=integer(peer, "local-as"),
        peer_asn=integer(peer, "peer-as"),
        peer_group=text(peer, "peer-group"),
        router_id=text(peer, "peer-id"),
        description=text(peer, "description"),
        enabled=False if "Shutdown" in options.split() else None,
        local_address=notation.address(text(peer, "local-address")),
        local_router_id=text(peer, "local-id"),
        uptime_s=number_of(peer, "elapsed-time", "seconds") if state_of(state) == "Established" else None,
        flaps=integer(peer, "flap-count"),
        messages_rx=integer(peer, "input-messages"),
        messages_tx=integer(peer, "output-messages"),
        out_queue=sum(queues) if queues else integer(peer, "route-queue-count"),
    )


def peer_name(shown: str | None) -> str:
    """The peer's address without its port, or its name."""
    return notation.address(shown) or (shown or "").partition("+")[0]


def state_of(shown: str) -> str:
    """The model's word for a state."""
    word = shown.split(maxsplit=1)[0] if shown.split() else "Idle"
    return STATES.get(word.lower(), word)


def instance_of(tables: Iterable[str]) -> str:
    """The VRF of a session by its tables: their instance, where they have one in common."""
    instances = {notation.of_table(table)[0] for table in tables if table not in _FAMILIES}
    instances |= {"default" for table in tables if table in _FAMILIES}
    return instances.pop() if len(instances) == 1 else "default"


def family_of(table: str, vrf: str) -> tuple[str, str] | None:
    """The address family that a session of this VRF exchanges in a table, None where the table is another VRF's."""
    if table in _FAMILIES:
        return _FAMILIES[table]
    instance, _, rest = table.rpartition(".")[0].rpartition(".")
    known = _FAMILIES.get(f"{rest}.{table.rpartition('.')[2]}")
    if instance and vrf not in (instance, notation.vrf(instance)):
        return None
    return known or (table, "")


def of_families(base: BgpSessionState, told: str | None) -> Iterator[BgpSessionState]:
    """A session without tables, for each of the address families it was set up for."""
    families = [_NLRI[word] for word in (told or "").split() if word in _NLRI]
    default = ("ipv6" if ":" in base.peer else "ipv4", "unicast")
    for afi, safi in families or [default]:
        yield replace(base, afi=afi, safi=safi)


def combined(details: list[BgpSessionState], summary: list[BgpSessionState]) -> list[BgpSessionState]:
    """The details with what only the summary tells; a peer that is down stands there without its VRF and families."""
    known = {(session.peer, session.peer_asn) for session in details}
    keys = {session.key for session in details}
    rest = [row for row in summary if row.key in keys or (row.peer, row.peer_asn) not in known]
    by_key = {row.key: row for row in rest}
    filled = [
        replace(session, uptime_s=by_key[session.key].uptime_s) if session.key in by_key else session
        for session in details
    ]
    return [*filled, *(row for row in rest if row.key not in keys)]
