"""What an EOS device says of BGP: its sessions stand where the other device is configured for them too."""

from __future__ import annotations

from ipaddress import ip_address, ip_interface
from typing import Any

from netloom.lab.simulation.device import Command, Device
from netloom.lab.simulation.network import BgpSession, bgp_sessions, interfaces, router_id
from netloom.lab.simulation.rib import announced, routes
from netloom.lab.simulation.shell import Answer
from netloom.lab.simulation.vendors.arista_eos.shell import EosShell
from netloom.model.bgp import Bgp

DEFAULT, ALL = "default", "all"
_KEEPALIVE_S = 60
_AGREED = "advertised and received and negotiated"
_SUMMARY_HEAD = (
    "  Description              Neighbor         V AS           MsgRcvd   MsgSent  InQ OutQ"
    "  Up/Down State   PfxRcd PfxAcc\n"
)


def _sessions(device: Device, version: int) -> dict[str, list[BgpSession]]:
    """Of each VRF that runs BGP."""
    found: dict[str, list[BgpSession]] = {record.vrf: [] for record in device.records("bgp") if isinstance(record, Bgp)}
    for session in bgp_sessions(device):
        if _version(session.neighbor.peer) == version:
            found.setdefault(session.neighbor.vrf, []).append(session)
    return found


def _version(peer: str) -> int:
    return 6 if ":" in peer else 4


def _state(session: BgpSession) -> str:
    return "Established" if session.established else "Idle" if not session.neighbor.enabled else "Active"


def _received(device: Device, session: BgpSession) -> int:
    return sum(
        1 for route in routes(device) if route.protocol.endswith("bgp") and route.next_hop == session.neighbor.peer
    )


def _messages(device: Device, session: BgpSession) -> int:
    return int(device.uptime_s) // _KEEPALIVE_S + 2 if session.established else 0


def _summary(shell: EosShell, version: int, vrf: str = DEFAULT) -> Answer:
    device, text, data = shell.device, "", {}
    for name, listed in _sessions(device, version).items():
        if vrf not in (ALL, name):
            continue
        own_id, local_as = _identity(device)
        text += f"BGP summary information for VRF {name}\nRouter identifier {own_id}, local AS number {local_as}\n"
        text += "Neighbor Status Codes: m - Under maintenance\n" + _SUMMARY_HEAD
        text += "".join(_row(device, session) for session in listed) + "\n"
        peers = {session.neighbor.peer: _summarised(device, session) for session in listed}
        data[name] = {"vrf": name, "routerId": own_id, "asn": str(local_as), "peers": peers}
    return _of_bgp(device, text, data)


def _summarised(device: Device, session: BgpSession) -> dict[str, Any]:
    count, prefixes = _messages(device, session), _received(device, session)
    told = {
        "description": session.neighbor.description or "",
        "version": 4,
        "asn": str(session.remote_as),
        "msgReceived": count,
        "msgSent": count,
        "inMsgQueue": 0,
        "outMsgQueue": 0,
        "upDownTime": 0.0,
        "underMaintenance": False,
        "peerState": _state(session),
        "prefixReceived": prefixes,
        "prefixAccepted": prefixes,
    }
    return told if session.neighbor.enabled else told | {"peerStateIdleReason": "Admin"}


def _row(device: Device, session: BgpSession) -> str:
    count, state, prefixes = _messages(device, session), _state(session), _received(device, session)
    said = {"Established": "Estab", "Idle": "Idle(Admin)"}.get(state, state)
    since = _clock(device.uptime_s) if session.established else "never"
    counted = f"{prefixes:<6} {prefixes}" if session.established else ""
    head = f"  {(session.neighbor.description or '')[:24]:<24} {session.neighbor.peer:<16} 4 {session.remote_as:<12}"
    return f"{head} {count:>9} {count:>9}    0    0 {since:>8} {said:<7} {counted}".rstrip() + "\n"


def _of_bgp(device: Device, text: str, data: dict[str, Any]) -> Answer:
    runs = any(isinstance(record, Bgp) for record in device.records("bgp"))
    return Answer(text if runs else "% BGP inactive\n", {"vrfs": data})


def _identity(device: Device) -> tuple[str, int]:
    own = next((record for record in device.records("bgp") if isinstance(record, Bgp)), None)
    return router_id(device), own.asn if own is not None else 0


def _clock(seconds: float) -> str:
    whole = int(seconds)
    if whole >= 86_400:
        return f"{whole // 86_400}d{whole // 3600 % 24:02}h"
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}"


def _bgp_neighbors(shell: EosShell, version: int, vrf: str = DEFAULT, peer: str = "") -> Answer:
    device, text, data = shell.device, "", {}
    for name, listed in _sessions(device, version).items():
        if vrf not in (ALL, name):
            continue
        chosen = [session for session in listed if peer in ("", session.neighbor.peer)]
        data[name] = {"peerList": [_peer(device, session) for session in chosen]}
        text += "".join(_peer_text(device, session) for session in chosen)
    return _of_bgp(device, text, data)


def _peer(device: Device, session: BgpSession) -> dict[str, Any]:
    count, received, sent = _messages(device, session), _received(device, session), len(announced(device))
    ipv6 = _version(session.neighbor.peer) == 6
    told: dict[str, Any] = {
        "peerAddress": session.neighbor.peer,
        "vrf": session.neighbor.vrf,
        "asn": str(session.remote_as),
        "localAsn": str(session.local_as),
        "linkType": "internal" if session.local_as == session.remote_as else "external",
        "description": session.neighbor.description or "",
        "routerId": session.peer_router_id,
        "localRouterId": session.router_id,
        "version": 4,
        "state": _state(session),
        "prefixesReceived": 0 if ipv6 else received,
        "prefixesSent": sent if session.established and not ipv6 else 0,
        "v6PrefixesReceived": received if ipv6 else 0,
        "v6PrefixesSent": sent if session.established and ipv6 else 0,
        "establishedTransitions": 1 if session.established else 0,
        "receivedMessages": count,
        "sentMessages": count,
        "inMessageQueueDepth": 0,
        "outMessageQueueDepth": 0,
        "holdTime": 180,
        "keepaliveTime": _KEEPALIVE_S,
    }
    if not session.neighbor.enabled:
        told["idleReason"] = "Administratively shut down"
    elif not session.established:
        told["idleReason"] = "NoInterface"
    if session.established:
        family = {"advertised": True, "received": True, "enabled": True}
        told["establishedTime"] = int(device.uptime_s)
        told["updateSource"] = _facing(device, session.neighbor.peer) or ""
        told["neighborCapabilities"] = {"multiprotocolCaps": {"ipv6Unicast" if ipv6 else "ipv4Unicast": family}}
    return told


def _facing(device: Device, peer: str) -> str | None:
    """Our own address in the peer's network."""
    own = (ip_interface(address) for record in interfaces(device) for address in record.addresses)
    return next((str(item.ip) for item in own if ip_address(peer) in item.network), None)


def _peer_text(device: Device, session: BgpSession) -> str:
    told = _peer(device, session)
    up = f", up for {_clock(device.uptime_s)}" if session.established else ""
    shut = "" if session.neighbor.enabled else ", Administratively shut down"
    family = "IPv6 Unicast" if _version(session.neighbor.peer) == 6 else "IPv4 Unicast"
    lines = [
        f"BGP neighbor is {told['peerAddress']}, remote AS {told['asn']}, {told['linkType']} link",
        *([f" Description: {told['description']}"] if told["description"] else []),
        f"  BGP version 4, remote router ID {told['routerId']}, VRF {told['vrf']}",
        "  Negotiated BGP version is 4",
        f"  Hold time is 180, keepalive interval is {_KEEPALIVE_S} seconds",
        f"  Configured hold time is 180, keepalive interval is {_KEEPALIVE_S} seconds",
        f"  BGP state is {told['state']}{up}{shut}",
        f"  Number of transitions to established: {told['establishedTransitions']}",
        *(["  Neighbor Capabilities:", f"    Multiprotocol {family}: {_AGREED}"] if up else []),
        "  Message Statistics:",
        "    InQ depth is 0",
        "    OutQ depth is 0",
        "                         Sent      Rcvd",
        f"    Total messages: {told['sentMessages']:>9} {told['receivedMessages']:>9}",
        "  Prefix Statistics:",
        "                         Sent      Rcvd     Best Paths     Best ECMP Paths",
        _counted("IPv4", told["prefixesSent"], told["prefixesReceived"]),
        _counted("IPv6", told["v6PrefixesSent"], told["v6PrefixesReceived"]),
        f"Local AS is {told['localAsn']}, local router ID {told['localRouterId']}",
        f"TTL is {1 if told['linkType'] == 'external' else 255}",
        *([f"Local TCP address is {told['updateSource']}, local port is 179"] if up else []),
        *([f"Remote TCP address is {told['peerAddress']}, remote port is 40179"] if up else []),
        "Auto-Local-Addr is disabled",
    ]
    return "".join(f"{line}\n" for line in lines) + "\n"


def _counted(family: str, sent: int, received: int) -> str:
    return f"    {family} Unicast: {sent:>11} {received:>9} {received:>14} 0"


def _table(shell: EosShell, version: int, asked: str = "") -> Answer:
    """The best route to each prefix, as the peers announce them."""
    device, words = shell.device, asked.split()
    wanted = words[0] if words and words[0] != "vrf" else ""
    own_id, local_as = _identity(device)
    text = f"BGP routing table information for VRF default\nRouter identifier {own_id}, local AS number {local_as}\n"
    text += "          Network                Next Hop            Metric  LocPref Weight  Path\n"
    entries: dict[str, Any] = {}
    for route in routes(device):
        if not route.protocol.endswith("bgp") or route.version != version or wanted not in ("", route.prefix):
            continue
        path = " ".join(map(str, route.as_path))
        text += f" * >      {route.prefix:<22} {route.next_hop!s:<19} 0       100     0       {path} i\n"
        entry = {
            "nextHop": route.next_hop,
            "asPathEntry": {"asPath": f"{path} i".strip(), "asPathType": "External" if route.as_path else "Internal"},
            "localPreference": 100,
            "med": 0,
            "weight": 0,
            "routeType": {"valid": True, "active": True, "ebgp": route.protocol == "ebgp"},
            "reasonNotBestpath": "noReason",
            "routeDetail": {"peerEntry": {"peerAddr": route.next_hop, "peerRouterId": own_id}, "communityList": []},
        }
        entries.setdefault(route.prefix, {"address": route.prefix, "bgpRoutePaths": []})["bgpRoutePaths"].append(entry)
    whole = {"vrf": DEFAULT, "routerId": own_id, "asn": str(local_as), "bgpRouteEntries": entries}
    return _of_bgp(device, text, {DEFAULT: whole})


def _bound(version: int, answer: Any) -> Any:
    return lambda shell, *taken: answer(shell, version, *taken)


COMMANDS = (
    Command("show ip bgp", _bound(4, _table)),
    Command("show ip bgp ...", _bound(4, _table)),
    Command("show ipv6 bgp", _bound(6, _table)),
    Command("show ipv6 bgp ...", _bound(6, _table)),
    Command("show ip bgp summary", _bound(4, _summary)),
    Command("show ip bgp summary vrf <vrf>", _bound(4, _summary)),
    Command("show bgp summary", _bound(4, _summary)),
    Command("show bgp summary vrf <vrf>", _bound(4, _summary)),
    Command("show ipv6 bgp summary", _bound(6, _summary)),
    Command("show ipv6 bgp summary vrf <vrf>", _bound(6, _summary)),
    Command("show ip bgp neighbors", _bound(4, _bgp_neighbors)),
    Command("show ip bgp neighbors vrf <vrf>", _bound(4, _bgp_neighbors)),
    Command("show ip bgp neighbors <peer>", lambda shell, peer: _bgp_neighbors(shell, 4, DEFAULT, peer)),
    Command("show ip bgp neighbors <peer> vrf <vrf>", lambda shell, peer, vrf: _bgp_neighbors(shell, 4, vrf, peer)),
    Command("show ipv6 bgp peers", _bound(6, _bgp_neighbors)),
    Command("show ipv6 bgp peers vrf <vrf>", _bound(6, _bgp_neighbors)),
)
