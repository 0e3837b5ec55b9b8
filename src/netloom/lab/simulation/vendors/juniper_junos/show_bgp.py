"""BGP's sessions: `show bgp neighbor` and `show bgp summary`."""

from __future__ import annotations

from ipaddress import ip_interface

from netloom.lab.simulation import rib
from netloom.lab.simulation.device import Device
from netloom.lab.simulation.network import BgpSession, bgp_sessions
from netloom.lab.simulation.vendors.juniper_junos.elements import Element, el
from netloom.lab.simulation.vendors.juniper_junos.shows import Options, Show, columns, seconds_of, span, told
from netloom.model.interface import Interface


def _table(session: BgpSession) -> str:
    family = "inet6" if ":" in session.neighbor.peer else "inet"
    vrf = session.neighbor.vrf
    return f"{family}.0" if vrf == "default" else f"{vrf}.{family}.0"


def _sessions(device: Device, options: Options) -> list[BgpSession]:
    instance, peer = options.get("instance"), options.get("neighbor-address")
    wanted = "default" if instance == "master" else instance
    return [
        session
        for session in bgp_sessions(device)
        if wanted in (None, "", "all", session.neighbor.vrf) and peer in (None, session.neighbor.peer)
    ]


def _counts(device: Device, session: BgpSession) -> tuple[int, int]:
    """Prefixes received and sent."""
    far = device.world.get(session.peer_device)
    if not session.established or far is None:
        return 0, 0
    return len(rib.announced(far)), len(rib.announced(device))


def _rib(device: Device, session: BgpSession) -> Element:
    received, sent = _counts(device, session)
    return el(
        "bgp-rib",
        el("name", _table(session)),
        el("rib-bit", 10000),
        el("bgp-rib-state", "BGP restart is complete"),
        el("send-state", "in sync"),
        el("active-prefix-count", received),
        el("received-prefix-count", received),
        el("accepted-prefix-count", received),
        el("suppressed-prefix-count", 0),
        el("advertised-prefix-count", sent),
    )


def _messages(device: Device) -> int:
    return int(device.uptime_s // 30) + 3


def _local_address(device: Device, session: BgpSession) -> str | None:
    for record in device.records("interface"):
        for address in record.addresses if isinstance(record, Interface) else ():
            network = ip_interface(address).network
            if ":" not in session.neighbor.peer and ip_interface(session.neighbor.peer).ip in network:
                return address.partition("/")[0]
    return None


def _bgp_neighbor(device: Device, options: Options) -> Element:
    return told("bgp-information", "routing", *(_peer(device, session) for session in _sessions(device, options)))


def _peer(device: Device, session: BgpSession) -> Element:
    neighbor, up = session.neighbor, session.established
    kind = "Internal" if session.local_as == session.remote_as else "External"
    instance = "master" if neighbor.vrf == "default" else neighbor.vrf
    local = _local_address(device, session)
    peer = el(
        "bgp-peer",
        {"junos:style": "detail"},
        el("peer-address", f"{neighbor.peer}+179" if up else neighbor.peer),
        el("peer-as", session.remote_as),
        el("local-address", f"{local}+51234" if up else local) if local else None,
        el("local-as", session.local_as),
        el("description", neighbor.description) if neighbor.description else None,
        el("peer-group", neighbor.peer_group or kind.lower()),
        el("peer-cfg-rti", instance),
        el("peer-fwd-rti", instance),
        el("peer-type", kind),
        el("peer-state", _state(session)),
        el("peer-flags", "Sync"),
        el("last-state", "OpenConfirm" if up else "Idle"),
        el("last-event", "RecvKeepAlive" if up else "Start"),
        el("last-error", "None"),
        _option_information(session),
        el("flap-count", 0),
    )
    if up:
        peer.extend(_of_established(device, session))
    return peer


def _state(session: BgpSession) -> str:
    if session.established:
        return "Established"
    return "Active" if session.neighbor.enabled else "Idle"


def _family(session: BgpSession) -> str:
    return "inet6-unicast" if ":" in session.neighbor.peer else "inet-unicast"


def _option_information(session: BgpSession) -> Element:
    return el(
        "bgp-option-information",
        el("bgp-options", "Preference PeerAS LocalAS Refresh"),
        el("bgp-options2"),
        el("bgp-options-extended", "" if session.neighbor.enabled else "Shutdown"),
        el("address-families", _family(session)),
        el("holdtime", 90),
        el("preference", 170),
    )


def _of_established(device: Device, session: BgpSession) -> list[Element]:
    messages = _messages(device)
    return [
        el("peer-id", session.peer_router_id),
        el("local-id", session.router_id),
        el("active-holdtime", 90),
        el("keepalive-interval", 30),
        el("nlri-type-peer", _family(session)),
        el("nlri-type-session", _family(session)),
        el("peer-4byte-as-capability-advertised", session.remote_as),
        _rib(device, session),
        el("input-messages", messages),
        el("input-updates", 2),
        el("output-messages", messages),
        el("output-updates", 2),
        el("bgp-output-queue", el("number", 1), el("count", 0), el("table-name", _table(session))),
    ]


def _bgp_neighbor_screen(device: Device, options: Options) -> str:
    shown = []
    for peer in _bgp_neighbor(device, options):
        said = {child.tag: child.text or "" for child in peer}
        local = said.get("local-address", "unspecified")
        lines = [f"Peer: {said['peer-address']} AS {said['peer-as']} Local: {local} AS {said['local-as']}"]
        if "description" in said:
            lines.append(f"  Description: {said['description']}")
        lines += [
            f"  Group: {said['peer-group']:<21} Routing-Instance: {said['peer-cfg-rti']}",
            f"  Forwarding routing-instance: {said['peer-fwd-rti']}",
            f"  Type: {said['peer-type']}    State: {said['peer-state']}    Flags: <{said['peer-flags']}>",
            f"  Last State: {said['last-state']}   Last Event: {said['last-event']}",
            "  Last Error: None",
            "  Options: <Preference PeerAS LocalAS Refresh>",
            f"  Address families configured: {peer.findtext('bgp-option-information/address-families')}",
            "  Holdtime: 90 Preference: 170",
            "  Number of flaps: 0",
        ]
        table = peer.find("bgp-rib")
        if table is not None:
            lines += [
                f"  Peer ID: {said['peer-id']:<16} Local ID: {said['local-id']:<16} Active Holdtime: 90",
                "  Keepalive Interval: 30         Group index: 0    Peer index: 0",
                f"  Table {table.findtext('name')} Bit: 10000",
                "    RIB State: BGP restart is complete",
                "    Send state: in sync",
                f"    Active prefixes:              {table.findtext('active-prefix-count')}",
                f"    Received prefixes:            {table.findtext('received-prefix-count')}",
                f"    Accepted prefixes:            {table.findtext('accepted-prefix-count')}",
                "    Suppressed due to damping:    0",
                f"    Advertised prefixes:          {table.findtext('advertised-prefix-count')}",
                f"  Input messages:  Total {said['input-messages']}     Updates 2       Refreshes 0     Octets 100",
                f"  Output messages: Total {said['output-messages']}     Updates 2       Refreshes 0     Octets 100",
            ]
        shown.append("".join(f"{line}\n" for line in lines))
    return "\n".join(shown)


def _bgp_summary(device: Device, options: Options) -> Element:
    sessions = _sessions(device, options)
    received: dict[str, int] = {}
    for session in sessions:
        received[_table(session)] = received.get(_table(session), 0) + _counts(device, session)[0]
    ribs = [
        el(
            "bgp-rib",
            el("name", table),
            el("total-prefix-count", count),
            el("active-prefix-count", count),
            el("suppressed-prefix-count", 0),
            el("pending-prefix-count", 0),
        )
        for table, count in received.items()
    ]
    head = (
        el("group-count", len({session.neighbor.peer_group for session in sessions})),
        el("peer-count", len(sessions)),
        el("down-peer-count", sum(1 for session in sessions if not session.established)),
    )
    return told("bgp-information", "routing", *head, *ribs, *(_brief(device, session) for session in sessions))


def _brief(device: Device, session: BgpSession) -> Element:
    messages = _messages(device) if session.established else 0
    age, neighbor = device.uptime_s, session.neighbor
    return el(
        "bgp-peer",
        {"junos:style": "terse", "heading": "Peer AS InPkt OutPkt OutQ Flaps Last Up/Dwn State|#Active/Received"},
        el("peer-address", neighbor.peer),
        el("peer-as", session.remote_as),
        el("input-messages", messages),
        el("output-messages", messages),
        el("route-queue-count", 0),
        el("flap-count", 0),
        el("elapsed-time", span(age), seconds_of(age)),
        el("description", neighbor.description) if neighbor.description else None,
        el("peer-state", _state(session)),
        _rib(device, session) if session.established else None,
    )


_TABLE_HEAD = ("Table", "Tot Paths", "Act Paths", "Suppressed", "History", "Damp State", "Pending")
_TABLE_WIDTHS = (15, 11, 11, 11, 11, 11)
_PEER_HEAD = (
    "Peer",
    "AS",
    "InPkt",
    "OutPkt",
    "OutQ",
    "Flaps",
    "Last Up/Dwn",
    "State|#Active/Received/Accepted/Damped...",
)
_PEER_WIDTHS = (22, 11, 11, 11, 8, 8, 12)


def _bgp_summary_screen(device: Device, options: Options) -> str:
    summary = _bgp_summary(device, options)
    peers = summary.findall("bgp-peer")
    if not peers:
        return "BGP is not running\n"
    groups, count, down = (summary.findtext(f"{name}-count") for name in ("group", "peer", "down-peer"))
    shown = f"Groups: {groups} Peers: {count} Down peers: {down}\n{columns([_TABLE_HEAD], _TABLE_WIDTHS)}"
    for table in summary.findall("bgp-rib"):
        total = table.findtext("total-prefix-count") or "0"
        shown += f"{table.findtext('name')}\n" + columns([("", total, total, "0", "0", "0", "0")], _TABLE_WIDTHS)
    shown += columns([_PEER_HEAD], _PEER_WIDTHS)
    for peer in peers:
        said = {child.tag: child.text or "" for child in peer}
        state = "Establ" if said["peer-state"] == "Established" else said["peer-state"]
        cells = (said["peer-address"], said["peer-as"], said["input-messages"], said["output-messages"])
        shown += columns([(*cells, "0", "0", said["elapsed-time"], state)], _PEER_WIDTHS)
        if (of_peer := peer.find("bgp-rib")) is not None:
            received = of_peer.findtext("received-prefix-count")
            shown += f"  {of_peer.findtext('name')}: {received}/{received}/{received}/0\n"
    return shown


SHOWS = (
    Show(
        command="show bgp neighbor",
        rpcs=("get-bgp-neighbor-information",),
        element=_bgp_neighbor,
        screen=_bgp_neighbor_screen,
        values={"instance": "instance"},
        argument="neighbor-address",
    ),
    Show(
        command="show bgp summary",
        rpcs=("get-bgp-summary-information",),
        element=_bgp_summary,
        screen=_bgp_summary_screen,
        values={"instance": "instance"},
    ),
)
