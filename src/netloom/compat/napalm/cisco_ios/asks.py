"""What NAPALM's getters ask an IOS."""

from __future__ import annotations

import re
from collections.abc import Mapping
from ipaddress import ip_interface

from netloom.compat.napalm.asking import (
    Asker,
    Asking,
    Ping,
    Question,
    Traceroute,
    asked,
    command,
    fixed,
    pinging,
    tracing,
    words,
)
from netloom.compat.napalm.cisco_ios.bgp import SUMMARIES
from netloom.platforms.cisco_ios import bgp_session, vlan, vrf

_ENTRY = re.compile(r"(?m)^Routing entry for (?P<prefix>\S+)")
_SOURCE = re.compile(r"(?m) from ([\d.]+) \(")
_INTERFACES = fixed(command("show interfaces"))
_LLDP = fixed(command("show lldp neighbors"), command("show lldp neighbors detail"))


def _arp_table(*, structured: bool, vrf: str = "") -> Asking:  # noqa: ARG001 - an asker's signature
    yield command(f"show arp{words(vrf=vrf)} | exclude Incomplete", f"show ip arp{words(vrf=vrf)}")
    return None


def _family(afi: str, safi: str) -> str:
    """As `show bgp` takes it; the VPN families want to be told of which VRF."""
    return f"{afi} {safi}" + (" all" if afi.startswith("vpn") else "")


def _bgp_neighbors(*, structured: bool) -> Asking:  # noqa: ARG001 - as above
    summary = yield command("show bgp all summary")
    rows = bgp_session.observed(summary) if summary else []
    families = dict.fromkeys(_family(row.afi, row.safi) for row in rows)
    yield from asked(command(f"show bgp {family} neighbors") for family in families)
    return None


def _bgp_neighbors_detail(*, structured: bool) -> Asking:  # noqa: ARG001 - as above
    summary = yield command(*SUMMARIES)
    rows = bgp_session.observed(summary) if summary else []
    yield from asked(command(f"show bgp {_family(row.afi, row.safi)} neighbors {row.peer}") for row in rows)
    return None


def _config(*, structured: bool, full: bool = False, sanitized: bool = False) -> Asking:  # noqa: ARG001 - as above
    yield command(f"show running-config{' all' if full else ''}", name="show running-config")
    yield command("show startup-config")
    return None


def _vlans(*, structured: bool) -> Asking:  # noqa: ARG001 - as above
    if (yield command("show vlan all-ports")):
        return None
    brief = yield command("show vlan brief", "show vlan")
    for state in vlan.observed(brief) if brief else []:
        yield command(f"show vlan id {state.id}")
    return None


def _route_to(*, structured: bool, destination: str, protocol: str = "", longer: bool = False) -> Asking:  # noqa: ARG001 - as above
    if longer:
        raise ValueError("expected one prefix, got longer=True, which NAPALM's driver for IOS does not know")
    network = ip_interface(destination).network
    place = f"{network.network_address} {network.netmask}" if "/" in destination else destination
    yield command("show ip protocols | include bgp", "show ip protocols")
    shown = yield command("show vrf")
    for instance in ["", *(state.name for state in vrf.observed(shown))] if shown else [""]:
        route = yield command(f"show ip route{words(vrf=instance)} {place}")
        entry = _ENTRY.search(route)
        if entry is None or 'Known via "bgp' not in route:
            continue
        table = f"show ip bgp{f' vpnv4 vrf {instance}' if instance else ''}"
        paths = yield command(f"{table} {entry['prefix']}")
        for source in dict.fromkeys(_SOURCE.findall(paths)):
            yield command(f"{table} neighbors | include is {source}")
    return None


def _ping(sent: Ping) -> Question:
    """IOS has no word for the time to live."""
    what = f"{sent.destination} timeout {sent.timeout} size {sent.size} repeat {sent.count}"
    return command(f"ping{words(vrf=sent.vrf)} {what}{words(source=sent.source or sent.source_interface)}")


def _traceroute(sent: Traceroute) -> Question:
    what = f"{sent.destination}{words(source=sent.source)} ttl 0 {sent.ttl} timeout {sent.timeout}"
    return command(f"traceroute{words(vrf=sent.vrf)} {what}")


ASKS: Mapping[str, Asker] = {
    "get_arp_table": _arp_table,
    "get_bgp_config": fixed(command("show running-config")),
    "get_bgp_neighbors": _bgp_neighbors,
    "get_bgp_neighbors_detail": _bgp_neighbors_detail,
    "get_config": _config,
    "get_environment": fixed(
        command("show memory statistics"),
        command("show proc cpu"),
        command("show env temperature status", "show environment temperature"),
    ),
    "get_facts": fixed(command("show version"), command("show hosts"), command("show ip interface brief")),
    "get_interfaces": _INTERFACES,
    "get_interfaces_counters": fixed(
        command("show interfaces"), command("show interface summary", "show interfaces summary")
    ),
    "get_interfaces_ip": fixed(command("show ip interface"), command("show ipv6 interface")),
    "get_ipv6_neighbors_table": fixed(command("show ipv6 neighbors")),
    "get_lldp_neighbors": _LLDP,
    "get_lldp_neighbors_detail": _LLDP,
    "get_mac_address_table": fixed(command("show mac address-table", "show mac-address-table")),
    "get_network_instances": fixed(command("show vrf detail"), command("show ip interface brief")),
    "get_ntp_peers": fixed(command("show ntp associations")),
    "get_ntp_servers": fixed(command("show run | include ntp server")),
    "get_ntp_stats": fixed(command("show ntp associations")),
    "get_optics": fixed(command("show interfaces transceiver")),
    "get_probes_config": fixed(command("show run | section ip sla [0-9]")),
    "get_probes_results": fixed(command("show run | section ip sla [0-9]"), command("show ip sla statistics")),
    "get_route_to": _route_to,
    "get_snmp_information": fixed(command("show run | include snmp-server"), command("show snmp chassis")),
    "get_users": fixed(command("show run | section username")),
    "get_vlans": _vlans,
    "ping": pinging(_ping),
    "traceroute": tracing(_traceroute),
}
"""By NAPALM's names."""
