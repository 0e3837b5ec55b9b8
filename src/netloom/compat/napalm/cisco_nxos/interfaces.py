"""NAPALM's getters about interfaces, on NX-OS."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from netloom.compat.napalm import shapes
from netloom.compat.napalm.cisco_nxos.names import is_json, named, spelled
from netloom.compat.napalm.replies import Replies
from netloom.model.interface import InterfaceState
from netloom.platforms.cisco_nxos import interface, interface_replies, show_interface, show_transceiver, vlan, vrf
from netloom.platforms.cisco_nxos.screens import sections
from netloom.platforms.cisco_nxos.tables import everywhere, number, replies, word
from netloom.platforms.json_output import Object

_BLANK_POWER, _BLANK_BIAS = -100.0, 0.0
_CONNECTORS = (
    (re.compile(r"AOC", re.IGNORECASE), "AOC_CONNECTOR"),
    (re.compile(r"-?A?CU\d|CU[\d.]+M|CR\d?$|twinax|copper", re.IGNORECASE), "DAC_CONNECTOR"),
    (re.compile(r"SR4|SR8|SR10|PSM4|MPO", re.IGNORECASE), "MPO_CONNECTOR"),
    (re.compile(r"-(?:[SLBZE]X|LH|[SLEZ]R|LRM|BIDI|CWDM|DWDM)", re.IGNORECASE), "LC_CONNECTOR"),
)
_STATUS = re.compile(r"^(\S+), Interface status: .*$", re.MULTILINE)
_IPV4 = re.compile(r"IP address: ([\d.]+), IP subnet: [\d.]+/(\d+)")
_IPV6 = re.compile(r"([0-9a-fA-F:]*:[0-9a-fA-F:.]+)(?:/(\d+))?(?: \(\w+\))? \[VALID\]")
_NO_ADDRESS = re.compile(r"IP(?:v6)? address:\s*none")
_COUNTED = re.compile(r"Ethernet|port-channel")
_DETAILS = {
    "octets": "bytes",
    "unicast_packets": "ucast",
    "multicast_packets": "mcast",
    "broadcast_packets": "bcast",
}
_MGMT = {"tx_octets": "mgmt_out_bytes", "rx_octets": "mgmt_in_bytes", "rx_multicast_packets": "mgmt_in_mcast"}


def get_interfaces(asked: Replies) -> object:
    """Interfaces; from a screen without an SVI's MAC address, as its line is another one."""
    reply = asked.first("show interface", "show interface | json")
    states = [replace(state, name=named(state.name, reply)) for state in interface.observed(reply)]
    if is_json(reply):
        return _from_json(reply, states)
    bandwidths = {spelled(name): kbit for name, kbit in show_interface.bandwidths(reply).items()}
    return {
        name: shape | {"speed": bandwidths.get(name, -1) / 1000 if name in bandwidths else -1.0, "last_flapped": -1.0}
        for name, shape in shapes.interfaces(_without_svi_macs(states)).items()
    }


def _without_svi_macs(states: list[InterfaceState]) -> list[InterfaceState]:
    return [replace(state, mac_address=None) if state.type == "EtherSVI" else state for state in states]


def _from_json(reply: str, states: list[InterfaceState]) -> dict[str, Any]:
    """What is not told is 0; the last flap is a moment."""
    bandwidths = interface_replies.bandwidths(reply)
    rows = {word(row, "interface"): row for each in replies(reply) for row in everywhere(each, "interface")}
    found = shapes.interfaces(states, speed=0.0, mtu=0)
    for name, shape in found.items():
        row: Object = rows.get(name, {})
        shape["is_up"] = word(row, "state") == "up" or word(row, "svi_admin_state") == "up"
        shape["is_enabled"] = word(row, "admin_state", "svi_admin_state", "state") == "up"
        shape["speed"] = bandwidths.get(name, 0) / 1000
        shape["description"] = (word(row, "desc", "svi_desc") or "").strip('"')
        if shape["last_flapped"] >= 0:
            shape["last_flapped"] = time.time() - shape["last_flapped"]
    return found


def get_interfaces_counters(asked: Replies) -> object:
    """Ethernet ports, port channels and mgmt0: packets by `counters detailed`, errors by `show interface`."""
    shown = asked.first("show interface | json", "show interface")
    detailed = asked.first("show interface counters detailed | json", "show interface counters detailed")
    if not is_json(shown):
        states = [replace(state, name=spelled(state.name)) for state in interface.observed(shown, detailed)]
        return shapes.interfaces_counters(states)
    details = _rows(detailed)
    found = {}
    for name, row in _rows(shown).items():
        if name.startswith("mgmt"):
            found[name] = _blank() | {field: number(details.get(name, {}), key) or 0 for field, key in _MGMT.items()}
        elif _COUNTED.match(name):
            found[name] = _counters(row, details.get(name, {}))
    return found


def _rows(reply: str) -> dict[str, Object]:
    return {
        name: row
        for each in (replies(reply) if reply.strip() else [])
        for row in everywhere(each, "interface")
        if (name := word(row, "interface"))
    }


def _blank() -> dict[str, int]:
    counters = ("errors", "discards", *_DETAILS)
    return {f"{side}_{counter}": 0 for counter in counters for side in ("tx", "rx")}


def _counters(row: Object, detail: Object) -> dict[str, int]:
    found = _blank()
    for side, way in (("tx", "out"), ("rx", "in")):
        found[f"{side}_errors"] = number(row, f"eth_{way}err") or 0
        found[f"{side}_discards"] = number(row, f"eth_{way}discard") or 0
        for counter, key in _DETAILS.items():
            found[f"{side}_{counter}"] = number(detail, f"eth_{way}{key}") or 0
    return found


def get_interfaces_ip(asked: Replies) -> object:
    """Addresses of both families; on screens also that an interface has none."""
    structured: list[InterfaceState] = []
    found: dict[str, Any] = {}
    last = ""
    for family, read in (("ipv4", _screen_ipv4), ("ipv6", _screen_ipv6)):
        command = f"show {family.removesuffix('v4')} interface"
        reply = asked.first(command, f"{command} vrf all", f"{command} vrf default", f"{command} | json")
        if is_json(reply):
            structured += interface_replies.ip_interfaces(reply, link_local=False)
            continue
        for heading, body in sections(reply, _STATUS):
            addresses = read(body)
            # an interface that `show ipv6 interface` says anything of has a family, be it an empty one
            if addresses or _NO_ADDRESS.search(body) or (family == "ipv6" and body.strip()):
                found.setdefault(heading[1], {})[family] = {
                    address: {"prefix_length": length} for address, length in addresses.items()
                }
        if family == "ipv6" and last and _before(reply, _STATUS):
            # NAPALM takes the table's heading for a line of the last interface with IPv4
            found.setdefault(last, {}).setdefault("ipv6", {})
        last = next((heading[1] for heading in reversed(list(_STATUS.finditer(reply)))), last)
    return found or shapes.interfaces_ip(structured)


def _before(reply: str, heading: re.Pattern[str]) -> bool:
    """Whether lines stand before the first of these headings."""
    first = heading.search(reply)
    return bool((reply[: first.start()] if first else reply).strip())


def _screen_ipv4(body: str) -> dict[str, int]:
    return {address: int(length) for address, length in _IPV4.findall(body)}


def _screen_ipv6(body: str) -> dict[str, int]:
    """What is valid, link-local addresses too: these are shown without their length."""
    return {address: int(length or 64) for address, length in _IPV6.findall(body)}


def get_vlans(asked: Replies) -> object:
    """VLANs and their ports, in NAPALM's spelling whatever the reply."""
    states = vlan.observed(asked.first("show vlan brief", "show vlan brief | json", "show vlan"))
    return shapes.vlans(
        # a VLAN without ports has one without a name
        replace(state, interfaces=tuple(spelled(name) for name in state.interfaces or ("",)))
        for state in states
    )


def get_interfaces_vlans(asked: Replies) -> object:
    """Each interface's VLANs."""
    found: dict[str, Any] = {}
    for state in vlan.observed(asked.first("show vlan brief", "show vlan brief | json", "show vlan")):
        for name in state.interfaces:
            found.setdefault(spelled(name), []).append(state.id)
    return found


def get_network_instances(asked: Replies) -> object:
    """VRFs; without a route distinguisher it is 0:0."""
    detail = asked.first("show vrf detail", "show vrf detail | json", "show vrf all detail", "show vrf")
    members = asked.first("show vrf interface", "show vrf interface | json", "show vrf all interface")
    return shapes.network_instances(vrf.observed(detail, members), rd="0:0")


def get_optics(asked: Replies) -> object:
    """Transceivers; channels only where they are measured."""
    reply = asked.first("show interface transceiver details", "show interface transceiver details | json")
    if is_json(reply):
        lanes = show_transceiver.lane_replies(reply)
        return shapes.optics(lanes, dark=_BLANK_POWER, rest=_BLANK_POWER)
    found: dict[str, Any] = {}
    measured = shapes.optics(show_transceiver.lanes(reply), dark=_BLANK_POWER, rest=_BLANK_POWER)
    for name, body in show_transceiver.transceivers(reply):
        if name in measured:
            channels = measured[name] if "Detail Diagnostics" in body else {"physical_channels": {"channel": []}}
            found[name] = {**channels, "state": _transceiver(body)}
    return found


def _transceiver(body: str) -> Mapping[str, str]:
    lane = show_transceiver.lanes(f"Ethernet1/1\n{body}")[0]
    revision = show_transceiver.REVISION.search(body)
    return {
        "vendor": lane.vendor or "",
        "vendor_part": lane.part_number or "",
        "vendor_rev": revision[1] if revision else "",
        "serial_no": lane.serial_number or "",
        "connector_type": next((name for kind, name in _CONNECTORS if kind.search(lane.type or "")), "Unknown"),
    }
