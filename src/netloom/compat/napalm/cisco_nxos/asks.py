"""What NAPALM's getters ask an NX-OS: JSON over the NX-API as its driver `nxos`, screens over SSH as `nxos_ssh`."""

from __future__ import annotations

import re
from collections.abc import Mapping

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
from netloom.platforms.cisco_nxos import route

_FROM = re.compile(r"^\s*\S+(?: \([^)\n]*\))* from ([0-9a-fA-F.:]+) \(", re.MULTILINE)
_VLANS = fixed(command("show vlan brief", json=True))
_RUNNING = fixed(command("show running-config"))


def _either(*questions: Question) -> Asker:
    """The same questions by API and by SSH, structured where the API is."""

    def ask(*, structured: bool) -> Asking:
        yield from asked(command(*question.forms, json=question.json or structured) for question in questions)
        return None

    return ask


def _by(api: Asker, screens: Asker) -> Asker:
    """Other questions by API than by SSH."""

    def ask(*, structured: bool) -> Asking:
        return (yield from (api if structured else screens)(structured=structured))

    return ask


_NTP = _either(command("show ntp peers"))
_LLDP = _either(command("show lldp neighbors detail"))


def _arp_table(*, structured: bool, vrf: str = "") -> Asking:
    shown = "show ip arp" if structured and not vrf else f"show ip arp vrf {vrf or 'all'}"
    yield command(shown if structured else f"{shown} | exc INCOMPLETE", json=structured)
    return None


def _config(*, structured: bool, full: bool = False, sanitized: bool = False) -> Asking:  # noqa: ARG001 - an asker's signature
    yield command(f"show running-config{' all' if full else ''}", name="show running-config")
    yield command("show startup-config")
    return None


def _route_to(*, structured: bool, destination: str, protocol: str = "", longer: bool = False) -> Asking:  # noqa: ARG001 - as above
    if longer:
        raise ValueError("expected one prefix, got longer=True, which NAPALM's driver for NX-OS does not know")
    version = "ipv6" if ":" in destination else "ip"
    yield command("show bgp process | include 'BGP Protocol Tag'")
    shown = yield command(f"show {version} route vrf all {destination}")
    for state in route.observed(shown) if shown else []:
        if state.protocol != "bgp":
            continue
        paths = yield command(f"show {version} bgp vrf {state.vrf} {state.prefix}")
        for source in dict.fromkeys(_FROM.findall(paths)):
            yield command(f"show ip bgp neighbors vrf {state.vrf} | include 'is {source}'")
    return None


def _ping(sent: Ping) -> Question:
    """NX-OS has no word for the time to live."""
    what = f"{sent.destination} timeout {sent.timeout} packet-size {sent.size} count {sent.count}"
    chosen = words(source=sent.source, source_interface=sent.source_interface, vrf=sent.vrf)
    return command(f"ping {what}{chosen}")


def _traceroute(sent: Traceroute) -> Question:
    """NX-OS has words for neither hops nor time."""
    return command(f"traceroute {sent.destination}{words(source=sent.source, vrf=sent.vrf)}")


ASKS: Mapping[str, Asker] = {
    "get_arp_table": _arp_table,
    "get_bgp_config": _RUNNING,
    "get_bgp_neighbors": _either(command("show bgp all summary vrf all", "show bgp vrf all all summary")),
    "get_bgp_neighbors_detail": fixed(command("show bgp vrf all all neighbors", "show bgp all neighbors vrf all")),
    "get_config": _config,
    "get_environment": _by(
        fixed(
            command("show environment", json=True),
            command("show processes cpu", json=True),
            command("show processes memory shared", json=True),
        ),
        fixed(command("show environment temperature", "show environment"), command("show system resources")),
    ),
    "get_facts": _by(
        fixed(*(command(f"show {what}", json=True) for what in ("version", "hostname", "interface", "inventory"))),
        fixed(
            *(command(f"show {what}") for what in ("version", "hostname", "hosts", "interface status")),
            command("show inventory", json=True),
        ),
    ),
    "get_interfaces": _either(command("show interface")),
    "get_interfaces_counters": fixed(
        command("show interface", json=True), command("show interface counters detailed", json=True)
    ),
    "get_interfaces_ip": _by(
        fixed(command("show ip interface", json=True), command("show ipv6 interface", json=True)),
        fixed(command("show ip interface vrf all"), command("show ipv6 interface vrf all")),
    ),
    "get_interfaces_vlans": _VLANS,
    "get_ipv6_neighbors_table": _either(command("show ipv6 neighbor vrf all", "show ipv6 neighbor")),
    "get_lldp_neighbors": _LLDP,
    "get_lldp_neighbors_detail": _LLDP,
    "get_mac_address_table": _either(command("show mac address-table")),
    "get_network_instances": _either(command("show vrf detail"), command("show vrf interface")),
    "get_ntp_peers": _NTP,
    "get_ntp_servers": _NTP,
    "get_ntp_stats": _either(command("show ntp peer-status")),
    "get_optics": _either(command("show interface transceiver details")),
    "get_probes_config": _RUNNING,
    "get_probes_results": fixed(command("show running-config"), command("show ip sla statistics")),
    "get_route_to": _route_to,
    "get_snmp_information": _RUNNING,
    "get_users": _RUNNING,
    "get_vlans": _VLANS,
    "ping": pinging(_ping),
    "traceroute": tracing(_traceroute),
}
"""By NAPALM's names."""
