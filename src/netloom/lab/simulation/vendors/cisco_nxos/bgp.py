"""BGP sessions of a simulated Nexus: summaries, neighbors, the process."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from ipaddress import ip_address, ip_interface
from typing import Any

from netloom.lab.simulation.device import Command, Device
from netloom.lab.simulation.network import BgpSession, bgp_sessions, interfaces, router_id
from netloom.lab.simulation.rib import announced
from netloom.lab.simulation.shell import Answer
from netloom.lab.simulation.vendors.cisco_nxos.rows import table
from netloom.lab.simulation.vendors.cisco_nxos.shell import Note, NxosShell
from netloom.lab.simulation.vendors.cisco_nxos.system import clock_face
from netloom.model.bgp import Bgp

_NOT_RUNNING = Answer("Note:  process currently not running\n", Note())
_FAMILIES = {"ipv4": ("1", "IPv4 Unicast"), "ipv6": ("2", "IPv6 Unicast")}


def _instances(device: Device, vrf: str = "all") -> Iterator[Bgp]:
    for record in device.records("bgp"):
        if isinstance(record, Bgp) and vrf in ("all", record.vrf):
            yield record


def _families(session: BgpSession) -> list[str]:
    named = [item.name.removesuffix("-unicast") for item in session.neighbor.address_families]
    return [name for name in named if name in _FAMILIES] or ["ipv4"]


def _counts(device: Device) -> tuple[int, int]:
    """Messages of a session: one each minute, and a few to begin with."""
    messages = 10 + int(device.uptime_s // 60)
    return messages, messages


def _received(device: Device, session: BgpSession) -> int:
    peer = device.world.get(session.peer_device)
    return len(announced(peer)) if peer is not None and session.established else 0


def _state(session: BgpSession) -> str:
    return "Established" if session.established else "Idle" if session.neighbor.enabled else "Shutdown"


def _vrf_of(words: str) -> str:
    typed = words.split()
    return typed[typed.index("vrf") + 1] if "vrf" in typed and typed.index("vrf") + 1 < len(typed) else "default"


def _bgp(shell: NxosShell, words: str) -> Answer:
    """`show bgp [all|vrf …] … summary|neighbors`, and the like with `ip`."""
    typed = words.split()
    if any("summary".startswith(word) and len(word) > 2 for word in typed):
        return _summary(shell, _vrf_of(words))
    if any("neighbors".startswith(word) and len(word) > 4 for word in typed):
        return _neighbors(shell, _vrf_of(words))
    if typed[:1] == ["process"]:
        return _process(shell)
    if typed[:1] == ["sessions"]:
        return _sessions(shell, _vrf_of(words))
    return shell.unknown(shell.typed)


def _summary(shell: NxosShell, vrf: str) -> Answer:
    device, text, rows = shell.device, "", []
    sessions = bgp_sessions(device)
    for instance in _instances(device, vrf):
        own = [session for session in sessions if session.neighbor.vrf == instance.vrf]
        afs = []
        for family in sorted({name for session in own for name in _families(session)}) or ["ipv4"]:
            members = [session for session in own if family in _families(session)]
            text += f"{chr(10) if text else ''}{_summary_head(device, instance, _FAMILIES[family][1], members)}"
            text += "".join(_summary_line(device, session) for session in members)
            saf = {
                "safi": "1",
                "af-name": _FAMILIES[family][1],
                "tableversion": "8",
                "configuredpeers": len(members),
                "capablepeers": sum(session.established for session in members),
                **table("neighbor", (_summary_row(device, session) for session in members)),
            }
            afs.append({"af-id": _FAMILIES[family][0], **table("saf", [saf])})
        rows.append(
            {
                "vrf-name-out": instance.vrf,
                "vrf-router-id": router_id(device),
                "vrf-local-as": instance.asn,
                **table("af", afs),
            }
        )
    return Answer(text, table("vrf", rows)) if rows else _NOT_RUNNING


def _summary_head(device: Device, instance: Bgp, family: str, members: Sequence[BgpSession]) -> str:
    capable = sum(session.established for session in members)
    return (
        f"BGP summary information for VRF {instance.vrf}, address family {family}\n"
        f"BGP router identifier {router_id(device)}, local AS number {instance.asn}\n"
        f"BGP table version is 8, {family} config peers {len(members)}, capable peers {capable}\n"
        "1 network entries and 1 paths using 244 bytes of memory\n"
        "BGP attribute entries [1/164], BGP AS path entries [0/0]\n"
        "BGP community entries [0/0], BGP clusterlist entries [0/0]\n\n"
        "Neighbor        V    AS MsgRcvd MsgSent   TblVer  InQ OutQ Up/Down  State/PfxRcd\n"
    )


def _summary_line(device: Device, session: BgpSession) -> str:
    received, sent = _counts(device) if session.established else (0, 0)
    age = clock_face(device.uptime_s)
    state = (
        str(_received(device, session))
        if session.established
        else "Idle"
        if session.neighbor.enabled
        else "Shut (Admin)"
    )
    peer = session.neighbor.peer
    head = f"{peer:<15} 4" if len(peer) < 16 else f"{peer}\n                4"
    version = 8 if session.established else 0
    return f"{head} {session.remote_as:>5} {received:>7} {sent:>7} {version:>8} {0:>4} {0:>4} {age:>8} {state}\n"


def _summary_row(device: Device, session: BgpSession) -> dict[str, Any]:
    received, sent = _counts(device) if session.established else (0, 0)
    return {
        "neighborid": session.neighbor.peer,
        "neighborversion": "4",
        "msgrecvd": received,
        "msgsent": sent,
        "neighbortableversion": 8 if session.established else 0,
        "inq": 0,
        "outq": 0,
        "neighboras": session.remote_as,
        "time": clock_face(device.uptime_s),
        "state": _state(session),
        "prefixreceived": _received(device, session),
    }


def _local_address(device: Device, session: BgpSession) -> str:
    """The address that the session is spoken from: of its source, or in the peer's network."""
    peer = ip_address(session.neighbor.peer)
    for record in interfaces(device):
        for text in record.addresses:
            own = ip_interface(text)
            if record.name == session.neighbor.update_source and own.version == peer.version:
                return str(own.ip)
            if session.neighbor.update_source is None and peer in own.network:
                return str(own.ip)
    return "0.0.0.0"  # noqa: S104 - as shown before a session has one


def _neighbors(shell: NxosShell, vrf: str) -> Answer:
    device = shell.device
    found = [session for session in bgp_sessions(device) if vrf in ("all", session.neighbor.vrf)]
    if not list(_instances(device, vrf)):
        return _NOT_RUNNING
    text = "".join(_neighbor_screen(device, session) for session in found)
    return Answer(text, table("neighbor", (_neighbor_row(device, session) for session in found)))


def _neighbor_screen(device: Device, session: BgpSession) -> str:
    neighbor, age = session.neighbor, clock_face(device.uptime_s)
    received, sent = _counts(device) if session.established else (0, 0)
    link = "ibgp" if session.remote_as == session.local_as else "ebgp"
    state = f"Established, up for {age}" if session.established else f"{_state(session)}, down for {age}"
    where = "" if neighbor.vrf == "default" else f"  vrf {neighbor.vrf},"
    text = f"BGP neighbor is {neighbor.peer}, remote AS {session.remote_as},{where} {link} link, Peer index 3\n"
    text += f"  Description: {neighbor.description}\n" if neighbor.description else ""
    text += f"  Inherits peer configuration from peer-template {neighbor.peer_group}\n" if neighbor.peer_group else ""
    text += (
        f"  BGP version 4, remote router ID {session.peer_router_id}\n  BGP state = {state}\n"
        "  Last read 00:00:10, hold time = 180, keepalive interval is 60 seconds\n"
        f"  Received {received} messages, 0 notifications, 0 bytes in queue\n"
        f"  Sent {sent} messages, 0 notifications, 0(0) bytes in queue\n"
        f"  Connections established {int(session.established)}, dropped 0\n\n  Message statistics:\n"
        "                              Sent               Rcvd\n"
        f"  Total:                {sent:>8}          {received:>8}\n\n"
    )
    accepted, announcing = _received(device, session), len(announced(device))
    for family in _families(session):
        text += (
            f"  For address family: {_FAMILIES[family][1]}\n  BGP table version 8, neighbor version 8\n"
            f"  {accepted} accepted prefixes ({accepted} paths), consuming 244 bytes of memory\n"
            f"  {announcing} sent prefixes ({announcing} paths)\n\n"
        )
    return (
        f"{text}  Local host: {_local_address(device, session)}, Local port: 179\n"
        f"  Foreign host: {neighbor.peer}, Foreign port: 50000\n\n"
    )


def _neighbor_row(device: Device, session: BgpSession) -> dict[str, Any]:
    neighbor = session.neighbor
    received, sent = _counts(device) if session.established else (0, 0)
    return {
        "neighbor": neighbor.peer,
        "remoteas": session.remote_as,
        "localas": session.local_as,
        "vrf": neighbor.vrf,
        "link": "ibgp" if session.remote_as == session.local_as else "ebgp",
        "description": neighbor.description,
        "peer-template": neighbor.peer_group,
        "version": "4",
        "remote-id": session.peer_router_id,
        "state": _state(session),
        "elapsedtime": clock_face(device.uptime_s),
        "holdtime": "180",
        "keepalivetime": "60",
        "msgrecvd": received,
        "msgsent": sent,
        "recvbufbytesinq": 0,
        "sentbytesoutstanding": 0,
        "connsestablished": int(session.established),
        "connsdropped": 0,
        "localaddr": _local_address(device, session),
        "localport": "179",
        "remoteport": "50000",
        **table(
            "peraf",
            (
                {"per-afi": "1", **table("persaf", [_family_row(device, session, family)])}
                for family in _families(session)
            ),
        ),
    }


def _family_row(device: Device, session: BgpSession, family: str) -> dict[str, Any]:
    return {
        "per-af-name": _FAMILIES[family][1],
        "tableversion": "8",
        "neighbortableversion": "8",
        "pfxrecvd": _received(device, session),
        "pathsrecvd": _received(device, session),
        "pfxsent": len(announced(device)),
        "pathssent": len(announced(device)),
    }


def _process(shell: NxosShell) -> Answer:
    text = ""
    for instance in _instances(shell.device, "default"):
        text += (
            "BGP Process Information\nBGP Process ID                 : 26000\n"
            f"BGP Protocol Started, reason:  : configuration\nBGP Protocol Tag               : {instance.asn}\n"
            "BGP Protocol State             : Running\n"
        )
    return Answer(text) if text else _NOT_RUNNING


def _sessions(shell: NxosShell, vrf: str) -> Answer:
    device, text = shell.device, ""
    for instance in _instances(device, vrf):
        own = [session for session in bgp_sessions(device) if session.neighbor.vrf == instance.vrf]
        standing = sum(session.established for session in own)
        text += "" if text else f"Total peers {len(own)}, established peers {standing}\nASN {instance.asn}\n"
        text += f"VRF {instance.vrf}, local ASN {instance.asn}\npeers {len(own)}, established peers {standing}, "
        text += f"local router-id {router_id(device)}\n{_SESSIONS_HEAD}"
        text += "".join(_session_line(session, clock_face(device.uptime_s)) for session in own)
    return Answer(text) if text else _NOT_RUNNING


_SESSIONS_HEAD = (
    "State: I-Idle, A-Active, O-Open, E-Established, C-Closing, S-Shutdown\n\n"
    "Neighbor        ASN    Flaps LastUpDn|LastRead|LastWrit St Port(L/R)  Notif(S/R)\n"
)


def _session_line(session: BgpSession, age: str) -> str:
    peer, state = session.neighbor.peer, _state(session)[0]
    return f"{peer:<15} {session.remote_as:>5} 0     {age:<8}|00:00:10|00:00:10 {state}   179/50000      0/0\n"


COMMANDS = (
    Command("show bgp ...", _bgp),
    Command("show ip bgp ...", _bgp),
)
