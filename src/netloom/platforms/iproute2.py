"""What Linux says of its network through iproute2's JSON, the same on every system with that kernel."""

from __future__ import annotations

import re
from collections.abc import Iterator

from netloom.model.arp import ArpState
from netloom.model.interface import InterfaceState
from netloom.model.mac import MacState
from netloom.platforms.contract import Read
from netloom.platforms.json_output import Object, elements, integer, items, text, words

INTERFACES = Read("ip -j -s -d address show", where="shell")
SPEEDS = Read("grep -s . /sys/class/net/*/speed || true", where="shell")
NEIGHBOURS = Read("ip -j neigh show", where="shell")
FORWARDING = Read("bridge -j fdb show", where="shell")

_TYPES = {"loopback": "softwareLoopback", "ether": "ethernetCsmacd", "ppp": "ppp"}
_KINDS = {
    "bridge": "bridge",
    "bond": "ieee8023adLag",
    "vlan": "l2vlan",
    **dict.fromkeys(("vxlan", "gre", "gretap", "ip6gre", "ipip", "sit", "ip6tnl", "wireguard", "geneve"), "tunnel"),
    **dict.fromkeys(("vrf", "dummy", "tun"), "propVirtual"),
}
_OPERATIONAL = {"NOTPRESENT": "notPresent", "LOWERLAYERDOWN": "lowerLayerDown"}


def interfaces(output: str, speeds: str = "") -> list[InterfaceState]:
    """Interfaces from `ip -j -s -d address`; `speeds` holds lines `/sys/class/net/NAME/speed:MBIT`."""
    told = {
        name: int(mbit)
        for name, mbit in re.findall(r"(?m)^/sys/class/net/([^/\s]+)/speed:(\d+)\s*$", speeds)
        if int(mbit)
    }
    return [_interface(link, told) for link in elements(output) if text(link, "ifname")]


def _interface(link: Object, speeds: dict[str, int]) -> InterfaceState:
    name = text(link, "ifname") or ""
    flags = words(link, "flags")
    received, sent = _counters(link)
    mac = text(link, "address") if link.get("link_type") == "ether" else None
    return InterfaceState(
        name=name,
        ifindex=integer(link, "ifindex"),
        description=text(link, "ifalias"),
        type=_type(link),
        admin_status="up" if "UP" in flags else "down",
        oper_status=_operational(text(link, "operstate") or "UNKNOWN", running="LOWER_UP" in flags),
        mtu=integer(link, "mtu"),
        speed_bps=speeds[name] * 1_000_000 if name in speeds else None,
        mac_address=mac,
        addresses=tuple(
            f"{local}/{length}"
            for entry in items(link.get("addr_info"))
            if (local := text(entry, "local")) and (length := integer(entry, "prefixlen")) is not None
        ),
        in_octets=integer(received, "bytes"),
        in_packets=integer(received, "packets"),
        in_errors=integer(received, "errors"),
        in_discards=integer(received, "dropped"),
        out_octets=integer(sent, "bytes"),
        out_packets=integer(sent, "packets"),
        out_errors=integer(sent, "errors"),
        out_discards=integer(sent, "dropped"),
    )


def _counters(link: Object) -> tuple[Object, Object]:
    statistics = next(items(link.get("stats64") or link.get("stats")), {})
    return next(items(statistics.get("rx")), {}), next(items(statistics.get("tx")), {})


def _type(link: Object) -> str | None:
    kind = text(next(items(link.get("linkinfo")), {}), "info_kind")
    return _KINDS.get(kind or "") or _TYPES.get(text(link, "link_type") or "", "other")


def _operational(state: str, *, running: bool) -> str:
    """RFC 2863's word; the kernel counts UNKNOWN as up where the driver does not tell (netif_oper_up)."""
    if state == "UNKNOWN" and running:
        return "up"
    return _OPERATIONAL.get(state, state.lower())


def neighbours(output: str) -> list[ArpState]:
    """The ARP and ND table; multicast and other entries that need no resolution are left out."""
    return [
        ArpState(
            address=text(entry, "dst") or "",
            interface=text(entry, "dev") or "",
            mac_address=text(entry, "lladdr"),
            state=_neighbour_state(entry),
        )
        for entry in elements(output)
        if text(entry, "dst") and "NOARP" not in words(entry, "state")
    ]


def _neighbour_state(entry: Object) -> str | None:
    return next((state.lower() for state in words(entry, "state")), None)


def forwarding(output: str) -> list[MacState]:
    """Bridges' forwarding entries; what plain interfaces listen to (multicast) is none."""
    return [
        MacState(
            mac_address=mac.lower(),
            interface=text(entry, "ifname") or "",
            vlan=integer(entry, "vlan"),
            type=_forwarding_type(entry),
        )
        for entry in _bridged(output)
        if (mac := text(entry, "mac"))
    ]


def _bridged(output: str) -> Iterator[Object]:
    for entry in elements(output):
        # the lowest bit of a MAC's first octet says that it is a group's
        unicast = re.match(r"[0-9a-f][02468ace]:", text(entry, "mac") or "", re.IGNORECASE)
        behind_a_port = "master" in entry or "vlan" in entry
        if unicast and behind_a_port and "self" not in words(entry, "flags"):
            yield entry


def _forwarding_type(entry: Object) -> str:
    """`permanent` are the bridge's own addresses, `static` those that people set."""
    return {"permanent": "self", "static": "static", "noarp": "static"}.get(text(entry, "state") or "", "dynamic")
