"""Getters about interfaces, their addresses, light and VLANs."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import replace

from netloom.compat.napalm import shapes
from netloom.compat.napalm.cisco_ios.names import expanded
from netloom.compat.napalm.replies import Replies
from netloom.compat.napalm.shapes import Shape
from netloom.model.interface import InterfaceState
from netloom.model.optics import OpticsState
from netloom.model.vlan import VlanState
from netloom.model.vrf import VrfState
from netloom.platforms.cisco_ios import (
    interface,
    optics,
    screen,
    show_interface,
    show_ip_interface,
    vlan,
    vrf,
)


def _printed(text: str) -> list[InterfaceState]:
    """The interfaces under the names that the device printed."""
    names = [head["name"] for head in show_interface.HEADER.finditer(text)]
    return [replace(state, name=name) for name, state in zip(names, interface.observed(text), strict=False)]


def get_interfaces(replies: Replies) -> dict[str, Shape]:
    """From `show interfaces`."""
    return shapes.interfaces(_printed(replies.first("show interfaces")))


_MULTICASTS = re.compile(r"Received \d+ broadcasts?[^\n]*multicasts?")
"""Where NAPALM looks for them; those that stand behind `watchdog` it does not tell."""


def get_interfaces_counters(replies: Replies) -> dict[str, dict[str, int]]:
    """From `show interfaces`; what was dropped from `show interface summary`, as NAPALM has it."""
    summary = screen.outputs([replies.first("show interface summary", "show interfaces summary")])
    drops = {state.name: state for text in summary for state in show_interface.counted(text)}
    text = replies.first("show interfaces")
    blocks = [block for _, block in screen.blocks(text, show_interface.HEADER)]
    states = [
        state if _MULTICASTS.search(block) else replace(state, in_multicast_packets=None)
        for state, block in zip(_printed(text), blocks, strict=False)
    ]
    found = shapes.interfaces_counters(_counted(state, drops.get(screen.interface(state.name))) for state in states)
    for state in states:
        told = _told(state)
        # what an interface does not count is left out, but for drops that the summary tells
        found[state.name] = {name: count for name, count in found[state.name].items() if count != -1 or name in told}
    return found


def _told(state: InterfaceState) -> set[str]:
    """The counters whose lines an interface prints, whatever they say."""
    kept: set[str] = set()
    if state.out_packets is not None:
        kept |= {"tx_unicast_packets", "tx_octets", "tx_broadcast_packets", "tx_multicast_packets"}
    if state.in_broadcast_packets is not None:
        kept |= {"rx_broadcast_packets", "rx_multicast_packets"}
    if state.in_errors is not None:
        kept |= {"rx_errors", "rx_discards"}
    if state.out_errors is not None:
        kept |= {"tx_errors", "tx_discards"}
    return kept


def _counted(state: InterfaceState, dropped: InterfaceState | None) -> InterfaceState:
    """IOS counts packets of all kinds together: NAPALM calls them unicast, and tells none of those sent apart."""
    return replace(
        state,
        in_unicast_packets=state.in_packets,
        out_unicast_packets=state.out_packets,
        out_multicast_packets=None,
        out_broadcast_packets=None,
        in_discards=dropped.in_discards if dropped else None,
        out_discards=dropped.out_discards if dropped else None,
    )


def get_interfaces_ip(replies: Replies) -> dict[str, Shape]:
    """From `show ip interface` and `show ipv6 interface`, addresses in their canonical form."""
    found: dict[str, Shape] = {}
    for text in screen.outputs([replies.first("show ip interface")]):
        for head, block in screen.blocks(text, show_interface.HEADER):
            for match in show_ip_interface.ADDRESS.finditer(block):
                length = ipaddress.ip_interface(
                    f"{match['address']}/{match['length'] or match['mask'] or 32}"
                ).network.prefixlen
                _address(found, expanded(head["name"]), "ipv4", match["address"], length)
    for text in screen.outputs([replies.first("show ipv6 interface")]):
        for head, block in screen.blocks(text, show_interface.HEADER):
            # the prefix of every link-local address (RFC 4291 section 2.5.6)
            for address in show_ip_interface.LINK_LOCAL.findall(block):
                _address(found, expanded(head["name"]), "ipv6", address, 10)
            for address, length in show_ip_interface.ADDRESS6.findall(block):
                _address(found, expanded(head["name"]), "ipv6", address, int(length))
    return found


def _address(found: dict[str, Shape], name: str, family: str, address: str, length: int) -> None:
    spelled = str(ipaddress.ip_address(address))
    found.setdefault(name, {}).setdefault(family, {})[spelled] = {"prefix_length": length}


def get_optics(replies: Replies) -> dict[str, Shape]:
    """From `show interfaces transceiver`, of each switch of a virtual one; darkness is -100 dBm."""
    texts = [text for text in replies.starting("show interfaces transceiver").values() if "Port " in text]
    lanes = [_named(lane) for text in texts for lane in optics.observed(text)]
    return shapes.optics(lanes, dark=-100.0, rest=-100.0)


def _named(lane: OpticsState) -> OpticsState:
    return replace(lane, interface=expanded(lane.interface))


def get_vlans(replies: Replies) -> dict[str, Shape]:
    """From `show vlan all-ports` or, on switches without it, `show vlan brief` and each `show vlan id`."""
    every = vlan.observed(replies.first("show vlan all-ports"))
    if not every:
        each = [text for stem, text in replies.starting("show vlan id").items() if stem.isdigit()]
        briefs = vlan.observed(replies.first("show vlan brief"), replies.first("show vlan"))
        details = {state.id: state for state in vlan.observed(*each)}
        every = [details.get(state.id, state) for state in briefs] or list(details.values())
    return shapes.vlans(_expanded(every))


def _expanded(states: Iterable[VlanState]) -> list[VlanState]:
    return [replace(state, interfaces=tuple(expanded(name) for name in state.interfaces)) for state in states]


def get_network_instances(replies: Replies) -> dict[str, Shape]:
    """From `show vrf detail` and, for what belongs to none, `show ip interface brief`."""
    vrfs = [
        replace(state, type="L3VRF", interfaces=tuple(expanded(name) for name in state.interfaces))
        for state in vrf.observed(replies.first("show vrf detail"))
    ]
    taken = {name for state in vrfs for name in state.interfaces}
    every = [expanded(state.name) for state in interface.observed(replies.first("show ip interface brief"))]
    default = VrfState(name="default", interfaces=tuple(name for name in every if name not in taken))
    return shapes.network_instances([default, *vrfs])
