"""NAPALM's getters for NX-OS: its drivers `nxos` (the NX-API's JSON) and `nxos_ssh` (screens, and `| json`)."""

from __future__ import annotations

from collections.abc import Mapping

from netloom.compat.napalm.cisco_nxos import bgp, bgp_config, environment, interfaces, neighbors, probes, system, tools
from netloom.compat.napalm.replies import Getter, Replies, is_alive
from netloom.platforms.cisco_nxos.absent import FEATURE_OFF


def _unless_off(getter: Getter) -> Getter:
    """The getter over features that may be off: it finds nothing there, as NAPALM's do."""

    def read(replies: Replies) -> object:
        kept = {stem: "" if len(text) < _SHORT and FEATURE_OFF.search(text) else text for stem, text in replies.items()}
        return getter(Replies(kept))

    return read


_SHORT = 300
"""Characters: a refusal, and the command with a caret beneath it."""

GETTERS: Mapping[str, Getter] = {
    "get_arp_table": neighbors.get_arp_table,
    "get_arp_table_with_vrf": neighbors.get_arp_table,
    "get_bgp_config": bgp_config.get_bgp_config,
    "get_bgp_neighbors": _unless_off(bgp.get_bgp_neighbors),
    "get_bgp_neighbors_detail": _unless_off(bgp.get_bgp_neighbors_detail),
    "get_checkpoint_file": system.get_checkpoint_file,
    "get_config": system.get_config,
    "get_config_filtered": system.get_config_filtered,
    "get_config_sanitized": system.get_config_sanitized,
    "get_config_sanitized_filtered": system.get_config_sanitized,
    "get_environment": environment.get_environment,
    "get_facts": system.get_facts,
    "get_interfaces": interfaces.get_interfaces,
    "get_interfaces_counters": interfaces.get_interfaces_counters,
    "get_interfaces_ip": interfaces.get_interfaces_ip,
    "get_interfaces_vlans": interfaces.get_interfaces_vlans,
    "get_ipv6_neighbors_table": neighbors.get_ipv6_neighbors_table,
    "get_lldp_neighbors": _unless_off(neighbors.get_lldp_neighbors),
    "get_lldp_neighbors_detail": _unless_off(neighbors.get_lldp_neighbors_detail),
    "get_mac_address_table": _unless_off(neighbors.get_mac_address_table),
    "get_network_instances": interfaces.get_network_instances,
    "get_ntp_peers": _unless_off(system.get_ntp_peers),
    "get_ntp_servers": _unless_off(system.get_ntp_servers),
    "get_ntp_stats": _unless_off(system.get_ntp_stats),
    "get_optics": interfaces.get_optics,
    "get_probes_config": probes.get_probes_config,
    "get_probes_results": probes.get_probes_results,
    "get_route_to": bgp.get_route_to,
    "get_route_to_longer": bgp.get_route_to,
    "get_snmp_information": system.get_snmp_information,
    "get_users": system.get_users,
    "get_vlans": _unless_off(interfaces.get_vlans),
    "is_alive": is_alive,
    "ping": tools.ping,
    "traceroute": tools.traceroute,
}
