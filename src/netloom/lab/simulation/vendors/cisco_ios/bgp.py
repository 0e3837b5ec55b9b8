"""What an IOS device says of its BGP sessions."""

from __future__ import annotations

from ipaddress import ip_network

from netloom.lab.simulation.device import Command, Device
from netloom.lab.simulation.network import BgpSession, bgp_sessions, router_id
from netloom.lab.simulation.rib import announced, outgoing, routes
from netloom.lab.simulation.shell import Answer
from netloom.lab.simulation.vendors.cisco_ios.shell import IosShell
from netloom.lab.simulation.vendors.cisco_ios.system import ago
from netloom.model.bgp import Bgp

_FAMILIES = {"ipv4-unicast": "IPv4 Unicast", "ipv6-unicast": "IPv6 Unicast", "vpnv4": "VPNv4 Unicast"}
_WORDS = {("ipv4", "unicast"): "ipv4-unicast", ("ipv6", "unicast"): "ipv6-unicast"}
_INACTIVE = "% BGP not active\n"
_SELF = "0.0.0.0"  # noqa: S104 - the device itself, as a next hop
_LEGEND = """\
Status codes: s suppressed, d damped, h history, * valid, > best, i - internal,
              r RIB-failure, S Stale, m multipath, b backup-path, f RT-Filter,
              x best-external, a additional-path, c RIB-compressed,
              t secondary path, L long-lived-stale,
Origin codes: i - IGP, e - EGP, ? - incomplete
RPKI validation codes: V valid, I invalid, N Not found
"""


def _local_as(device: Device) -> int | None:
    return next((record.asn for record in device.records("bgp") if isinstance(record, Bgp)), None)


def _is_in(session: BgpSession, family: str) -> bool:
    """Whether a session carries a family; one with a VRF's neighbor is VPNv4's."""
    neighbor = session.neighbor
    if neighbor.vrf != "default":
        return family == "vpnv4"
    stated: dict[str, bool | None] = {item.name: item.activate for item in neighbor.address_families}
    own = ("ipv6" if ":" in neighbor.peer else "ipv4") + "-unicast"
    active = stated.get(family)
    return bool(active) if active is not None else family == own


def _sessions(device: Device, family: str) -> list[BgpSession]:
    return [session for session in bgp_sessions(device) if _is_in(session, family)]


def _received(device: Device, session: BgpSession, family: str) -> int:
    version, hop = 6 if family.startswith("ipv6") else 4, session.neighbor.peer
    learned = (route for route in routes(device) if route.protocol in ("ebgp", "ibgp") and route.next_hop == hop)
    return sum(1 for route in learned if route.version == version)


def _sent(device: Device, family: str) -> int:
    return sum(1 for prefix in announced(device) if (":" in prefix) == family.startswith("ipv6"))


def _state(session: BgpSession) -> str:
    if session.established:
        return "Established"
    return "Idle" if not session.neighbor.enabled else "Active"


def _summary(device: Device, family: str) -> str:
    listed = _sessions(device, family)
    if not listed:
        return ""
    text = (
        f"For address family: {_FAMILIES[family]}\n"
        f"BGP router identifier {router_id(device)}, local AS number {_local_as(device)}\n"
        "BGP table version is 1, main routing table version 1\n\n"
        "Neighbor        V           AS MsgRcvd MsgSent   TblVer  InQ OutQ Up/Down  State/PfxRcd\n"
    )
    for session in listed:
        peer, count = session.neighbor.peer.upper(), int(device.uptime_s) // 60 + 3 if session.established else 0
        up = ago(device.uptime_s) if session.established else "never"
        told = str(_received(device, session, family)) if session.established else _word(session)
        row = f"4 {session.remote_as:>12} {count:>7} {count:>7} {1:>8} {0:>4} {0:>4} {up:<8} {told:>8}"
        text += f"{peer:<15} {row}\n" if len(peer) <= 15 else f"{peer}\n{'':<15} {row}\n"
    return text


def _word(session: BgpSession) -> str:
    return "Idle (Admin)" if not session.neighbor.enabled else _state(session)


def _all_summaries(shell: IosShell) -> Answer:
    if _local_as(shell.device) is None:
        return Answer(_INACTIVE)
    return Answer("\n".join(text for family in _FAMILIES if (text := _summary(shell.device, family))))


def _one_summary(shell: IosShell, afi: str = "ipv4", safi: str = "unicast") -> Answer:
    family = _WORDS.get((afi, safi))
    if _local_as(shell.device) is None:
        return Answer(_INACTIVE)
    if family is None:
        return Answer("")
    return Answer(_summary(shell.device, family).partition("\n")[2])


# ---- neighbors ----------------------------------------------------------------------------------


def _neighbor(device: Device, session: BgpSession, families: list[str]) -> str:
    neighbor, up = session.neighbor, session.established
    link = "internal" if session.local_as == session.remote_as else "external"
    vrf = f"  vrf {neighbor.vrf}," if neighbor.vrf != "default" else ""
    text = f"BGP neighbor is {neighbor.peer.upper()},{vrf}  remote AS {session.remote_as}, {link} link\n"
    text += f" Description: {neighbor.description}\n" if neighbor.description else ""
    text += f" Member of peer-group {neighbor.peer_group} for session parameters\n" if neighbor.peer_group else ""
    text += " Administratively shut down\n" if not neighbor.enabled else ""
    count = int(device.uptime_s) // 60 + 1
    hold, keepalive = neighbor.hold_time_s or 180, neighbor.keepalive_s or 60
    text += (
        f"  BGP version 4, remote router ID {session.peer_router_id}\n"
        f"  BGP state = {_state(session)}{f', up for {ago(device.uptime_s)}' if up else ''}\n"
        f"  Last read 00:00:08, last write 00:00:01, hold time is {hold}, keepalive interval is {keepalive} seconds\n"
        "  Message statistics:\n    InQ depth is 0\n    OutQ depth is 0\n\n"
        "                         Sent       Rcvd\n"
        f"    Opens:         {int(up):>10} {int(up):>10}\n    Notifications: {0:>10} {0:>10}\n"
        f"    Updates:       {int(up):>10} {int(up):>10}\n    Keepalives:    {count * up:>10} {count * up:>10}\n"
        f"    Route Refresh: {0:>10} {0:>10}\n    Total:         {(count + 2) * up:>10} {(count + 2) * up:>10}\n"
        "  Default minimum time between advertisement runs is 30 seconds\n\n"
    )
    text += "".join(_family(device, session, family) for family in families)
    text += f"  Connections established {int(up)}; dropped 0\n  Last reset never\n"
    return f"{text}{_connection(device, session)}\n"


def _family(device: Device, session: BgpSession, family: str) -> str:
    received = _received(device, session, family) if session.established else 0
    sent = _sent(device, family) if session.established else 0
    vrf = session.neighbor.vrf
    name = _FAMILIES[family]
    translated = f"  Translates address family IPv4 Unicast for VRF {vrf}\n" if family == "vpnv4" else ""
    return (
        f" For address family: {name}\n{translated}  Session: {session.neighbor.peer.upper()}\n"
        "  BGP table version 1, neighbor version 1/0\n  Output queue size : 0\n  Index 1, Advertise bit 0\n"
        "                                 Sent       Rcvd\n"
        "  Prefix activity:               ----       ----\n"
        f"    Prefixes Current:      {sent:>10} {received:>10} (Consumes {136 * received} bytes)\n"
        f"    Prefixes Total:        {sent:>10} {received:>10}\n    Implicit Withdraw:     {0:>10} {0:>10}\n"
        f"    Explicit Withdraw:     {0:>10} {0:>10}\n    Used as bestpath:             n/a {received:>10}\n"
        "    Used as multipath:            n/a          0\n\n"
        "                                   Outbound    Inbound\n"
        "  Local Policy Denied Prefixes:    --------    -------\n"
        f"    Total:                         {0:>8}    {0:>7}\n\n"
    )


def _connection(device: Device, session: BgpSession) -> str:
    if not session.established:
        return "  No active TCP connection\n"
    name = outgoing(device, session.neighbor.peer)
    own = next(
        (
            address.partition("/")[0]
            for record in device.records("interface")
            if getattr(record, "name", "") == name
            for address in getattr(record, "addresses", ())
            if (":" in address) == (":" in session.neighbor.peer)
        ),
        router_id(device),
    )
    return (
        "Connection state is ESTAB, I/O status: 1, unread input bytes: 0            \n"
        f"Local host: {own.upper()}, Local port: 179\n"
        f"Foreign host: {session.neighbor.peer.upper()}, Foreign port: 40179\n"
    )


def _all_neighbors(shell: IosShell) -> Answer:
    if _local_as(shell.device) is None:
        return Answer(_INACTIVE)
    text = ""
    for session in bgp_sessions(shell.device):
        text += _neighbor(shell.device, session, [family for family in _FAMILIES if _is_in(session, family)])
    return Answer(text)


def _some_neighbors(shell: IosShell, *words: str) -> Answer:
    """`show bgp ipv4 unicast neighbors`, and its likes of one peer."""
    if _local_as(shell.device) is None:
        return Answer(_INACTIVE)
    afi, safi = (*words, "", "")[:2]
    family = "vpnv4" if afi == "vpnv4" else _WORDS.get((afi, safi))
    if family is None:
        return Answer("")
    peer = words[2].lower() if len(words) > 2 else None
    listed = [session for session in _sessions(shell.device, family) if peer in (None, session.neighbor.peer)]
    if peer is not None and not listed:
        return Answer("% No such neighbor or address family\n", refused=True)
    return Answer("".join(_neighbor(shell.device, session, [family]) for session in listed))


def _of_ipv4(shell: IosShell, peer: str = "") -> Answer:
    return _some_neighbors(shell, "ipv4", "unicast", *([peer] if peer else []))


# ---- the table ----------------------------------------------------------------------------------


def _paths(device: Device, version: int = 4) -> list[tuple[str, BgpSession | None]]:
    """Each prefix of the table, and who told it; None for the device's own."""
    peers = {session.neighbor.peer: session for session in bgp_sessions(device) if session.established}
    own: list[tuple[str, BgpSession | None]] = [(prefix, None) for prefix in announced(device)]
    told = (route for route in routes(device) if route.protocol in ("ebgp", "ibgp") and route.next_hop in peers)
    known = [*own, *((route.prefix, peers.get(route.next_hop or "")) for route in told)]
    listed = [(network, who) for prefix, who in known if (network := ip_network(prefix)).version == version]
    return [(str(network), who) for network, who in sorted(listed, key=lambda item: int(item[0].network_address))]


def _table(shell: IosShell) -> Answer:
    device = shell.device
    if _local_as(device) is None:
        return Answer(_INACTIVE)
    text = (
        f"BGP table version is 1, local router ID is {router_id(device)}\n{_LEGEND}\n"
        "     Network          Next Hop            Metric LocPrf Weight Path\n"
    )
    for prefix, session in _paths(device):
        hop = session.neighbor.peer if session is not None else _SELF
        way = f"{0:>10}{'':>6} {32768 if session is None else 0:>6} {_as_path(session)}i"
        text += f" *{'i' if _is_internal(session) else ' '}> {prefix:<16} {hop:<16}{way}\n".replace("* >", "*> ")
    return Answer(text)


def _entry(shell: IosShell, prefix: str) -> Answer:
    device = shell.device
    if _local_as(device) is None:
        return Answer(_INACTIVE)
    try:
        wanted = ip_network(prefix)
    except ValueError:
        return shell.lacks(f"show ip bgp {prefix}")
    found = [session for known, session in _paths(device, wanted.version) if ip_network(known) == wanted]
    if not found:
        return Answer("% Network not in table\n")
    text = f"BGP routing table entry for {prefix}, version 2\nPaths: ({len(found)} available, best #1, table default)\n"
    text += "  Not advertised to any peer\n"
    for number, session in enumerate(found):
        peer = session.neighbor.peer if session is not None else _SELF
        far = session.peer_router_id if session is not None else router_id(device)
        kind = "sourced, local" if session is None else "internal" if _is_internal(session) else "external"
        text += (
            f"  Refresh Epoch 1\n  {_as_path(session).strip() or 'Local'}\n    {peer} from {peer} ({far})\n"
            f"      Origin IGP, metric 0, localpref 100, valid, {kind}{', best' if number == 0 else ''}\n"
            "      rx pathid: 0, tx pathid: 0x0\n"
        )
    return Answer(text)


def _is_internal(session: BgpSession | None) -> bool:
    return session is not None and session.local_as == session.remote_as


def _as_path(session: BgpSession | None) -> str:
    return "" if session is None or _is_internal(session) else f"{session.remote_as} "


COMMANDS = (
    Command("show ip bgp", _table),
    Command("show bgp ipv4 unicast", _table),
    Command("show ip bgp <prefix>", _entry),
    Command("show bgp all summary", _all_summaries),
    Command("show ip bgp all summary", _all_summaries),
    Command("show ip bgp summary", _one_summary),
    Command("show bgp summary", _one_summary),
    Command("show bgp <afi> <safi> summary", _one_summary),
    Command("show ip bgp <afi> <safi> summary", _one_summary),
    Command("show bgp all neighbors", _all_neighbors),
    Command("show ip bgp neighbors", _of_ipv4),
    Command("show ip bgp neighbors <peer>", _of_ipv4),
    Command("show bgp <afi> <safi> neighbors", _some_neighbors),
    Command("show bgp <afi> <safi> all neighbors", _some_neighbors),
    Command("show bgp <afi> <safi> neighbors <peer>", _some_neighbors),
    Command("show ip bgp <afi> <safi> neighbors <peer>", _some_neighbors),
)
