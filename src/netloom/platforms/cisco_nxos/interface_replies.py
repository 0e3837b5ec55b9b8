"""Interfaces in structured replies: `show interface` and all its tables say the same by the same members."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from netloom.model.interface import InterfaceState
from netloom.model.text import canonical_address, canonical_interface_address
from netloom.platforms.cisco_nxos import screens
from netloom.platforms.cisco_nxos.screens import age, long_name
from netloom.platforms.cisco_nxos.speeds import bits_per_second
from netloom.platforms.cisco_nxos.tables import everywhere, holds, number, replies, rows, texts, word
from netloom.platforms.complement import complemented
from netloom.platforms.json_output import Object

KNOWS = holds(r"TABLE_(?:interface|interface_\w+|\w*_counters|port|ifindex\w*)")
KNOWS_IP = holds("TABLE_intf")

_NAMES = ("interface", "interface_rx", "interface_tx", "intf-name", "port")
_MEMBERS = {
    "in_octets": ("eth_inbytes", "mgmt_in_bytes", "vdc_lvl_in_bytes", "svi_ucast_bytes_in", "loop_in_bytes"),
    "in_packets": ("eth_inpkts", "mgmt_in_pkts", "vdc_lvl_in_pkts", "loop_in_pkts"),
    "in_unicast_packets": ("eth_inucast", "vdc_lvl_in_ucast", "svi_ucast_pkts_in"),
    "in_multicast_packets": ("eth_inmcast", "mgmt_in_mcast", "vdc_lvl_in_mcast", "loop_in_mcast"),
    "in_broadcast_packets": ("eth_inbcast", "vdc_lvl_in_bcast"),
    "in_errors": ("eth_inerr", "loop_in_errors"),
    "in_crc_errors": ("eth_crc",),
    "in_discards": ("eth_indiscard",),
    "out_octets": ("eth_outbytes", "mgmt_out_bytes", "vdc_lvl_out_bytes", "svi_ucast_bytes_out", "loop_out_bytes"),
    "out_packets": ("eth_outpkts", "mgmt_out_pkts", "vdc_lvl_out_pkts", "loop_out_pkts"),
    "out_unicast_packets": ("eth_outucast", "vdc_lvl_out_ucast", "svi_ucast_pkts_out"),
    "out_multicast_packets": ("eth_outmcast", "vdc_lvl_out_mcast"),
    "out_broadcast_packets": ("eth_outbcast", "vdc_lvl_out_bcast"),
    "out_errors": ("eth_outerr", "loop_out_errors"),
    "out_discards": ("eth_outdiscard",),
    "in_bps": ("eth_inrate1_bits", "vdc_lvl_in_avg_bits", "svi_rate1_bits_in"),
    "out_bps": ("eth_outrate1_bits", "vdc_lvl_out_avg_bits", "svi_rate1_bits_out"),
}
_BANDWIDTH = ("eth_bw", "svi_bw", "loop_bw", "tunnel_bw")
_UP = ("connected", "up", "monitor")
_ADMIN_DOWN = re.compile(r"admin|disabled", re.IGNORECASE)
_DUPLEX = ("full", "half", "auto")


def interfaces(output: str) -> list[InterfaceState]:
    """Every interface of the replies, rows of one name put together."""
    found: list[InterfaceState] = []
    for reply in replies(output):
        rows_of_any = everywhere(reply, r"interface\w*|\w*counters|port|ifindex\w*")
        found += [_interface(name, row) for row in rows_of_any if (name := word(row, *_NAMES))]
    return _by_name(found)


def bandwidths(output: str) -> dict[str, int]:
    """The bandwidth in kbit/s, which metrics are computed from, by interface."""
    found = {
        long_name(name): number(row, *_BANDWIDTH)
        for reply in replies(output)
        for row in everywhere(reply, "interface")
        if (name := word(row, "interface"))
    }
    return {name: kbit for name, kbit in found.items() if kbit is not None}


def _by_name(found: Iterable[InterfaceState]) -> list[InterfaceState]:
    """One record an interface: tables of counters come in two halves."""
    merged: dict[str, InterfaceState] = {}
    for state in found:
        merged[state.name] = complemented([merged[state.name]], [state])[0] if state.name in merged else state
    return list(merged.values())


def _interface(name: str, row: Object) -> InterfaceState:
    mac = word(row, "eth_hw_addr", "svi_mac", "eth_bia_addr")
    bandwidth = number(row, *_BANDWIDTH)
    speed = bits_per_second(word(row, "eth_speed", "speed"))
    state = word(row, "svi_line_proto", "state", "tunnel_line_proto", "svi_admin_state")
    reason = word(row, "state_rsn_desc", "svi_rsn_desc")
    if reason is None and state not in (*_UP, "down", None):
        reason = state
    admin = word(row, "admin_state", "svi_admin_state")
    if admin is None and state is not None:
        admin = "down" if reason and _ADMIN_DOWN.match(reason) else "up"
    counts: dict[str, Any] = {
        field: count for field, names in _MEMBERS.items() if (count := number(row, *names)) is not None
    }
    return InterfaceState(
        name=long_name(name),
        ifindex=number(row, "snmp-ifindex", "ifmib-ifindex", "ifindex"),
        description=(word(row, "desc", "svi_desc", "name") or "").strip('"') or None,
        type=word(row, "eth_hw_desc", "svi_hw_desc", "type"),
        admin_status=admin,
        oper_status=None if state is None else "up" if state in _UP else "down",
        reason=None if reason in (*_UP, "none") else reason,
        mtu=number(row, "eth_mtu", "svi_mtu", "loop_mtu", "tunnel_mtu", "mtu"),
        speed_bps=speed if speed is not None or bandwidth is None else bandwidth * 1000,
        duplex=duplex if (duplex := word(row, "eth_duplex", "duplex")) in _DUPLEX else None,
        mac_address=screens.mac(mac) if mac else None,
        vlan=number(row, "eth_encap_vlan", "vlan") if "." in name else None,
        addresses=_addresses(row),
        last_flap_s=age(word(row, "eth_link_flapped")),
        **counts,
    )


def _addresses(row: Object) -> tuple[str, ...]:
    address = word(row, "eth_ip_addr", "svi_ip_addr", "loop_ip_addr", "ip_addr")
    length = number(row, "eth_ip_mask", "svi_ip_mask", "loop_ip_mask")
    return () if address is None else (address if length is None else f"{address}/{length}",)


def ip_interfaces(output: str, *, link_local: bool = True) -> list[InterfaceState]:
    """The interfaces of `show ip interface` and `show ipv6 interface` with all their addresses."""
    found = []
    for reply in replies(output):
        vrfs = [word(row, "vrf-name-out") for row in everywhere(reply, "vrf")]
        for row in everywhere(reply, "intf"):
            if name := word(row, "intf-name"):
                vrf = word(row, "vrf-name-out") or (vrfs[0] if len(set(vrfs)) == 1 else None)
                found.append(_ip_interface(name, vrf, _all_addresses(row, link_local=link_local), row))
    return _by_name(found)


def _ip_interface(name: str, vrf: str | None, addresses: tuple[str, ...], row: Object) -> InterfaceState:
    return InterfaceState(
        name=long_name(name),
        admin_status=word(row, "admin-state"),
        oper_status=word(row, "proto-state"),
        mtu=number(row, "mtu"),
        vrf=vrf,
        addresses=addresses,
    )


def _all_addresses(row: Object, *, link_local: bool) -> tuple[str, ...]:
    found = []
    prefix, length = word(row, "prefix"), number(row, "masklen")
    if prefix and ":" not in prefix:
        found.append(prefix if length is None else f"{prefix}/{length}")
    for secondary in rows(row, "secondary_address"):
        address, length = word(secondary, "prefix1", "prefix"), number(secondary, "masklen1", "masklen")
        found += [f"{address}/{length}"] if address else []
    # beside an IPv6 address without its length stands the network
    size = prefix.partition("/")[2] if prefix and ":" in prefix else ""
    for text in (text for source in (row, *rows(row, "addr")) for text in texts(source, "addr")):
        found.append(f"{text}/{size}" if size and "/" not in text else text)
    if link_local and (own := word(row, "linklocal-addr")):
        found.append(own)
    return tuple(dict.fromkeys(address for text in found if (address := canonical(text))))


def canonical(text: str) -> str | None:
    """An address in its canonical spelling, with its length where that is told; None where it is none."""
    try:
        return canonical_interface_address(text) if "/" in text else canonical_address(text)
    except ValueError:
        return None
