"""NAPALM's getters for NX-OS: its drivers `nxos` (the NX-API's JSON) and `nxos_ssh` (screens, and `| json`)."""

from __future__ import annotations

from collections.abc import Mapping

from netloom.compat.napalm.cisco_nxos import bgp, bgp_config, environment, interfaces, neighbors, probes, system, tools
from netloom.compat.napalm.replies import Getter, is_alive

GETTERS: Mapping[str, Getter] = {
    "get_arp_table": neighbors.get_arp_table,
    "get_arp_table_with_vrf": neighbors.get_arp_table,
    "get_bgp_config": bgp_config.get_bgp_config,
    "get_bgp_neighbors": bgp.get_bgp_neighbors,
    "get_bgp_neighbors_detail": bgp.get_bgp_neighbors_detail,
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
    "get_lldp_neighbors": neighbors.get_lldp_neighbors,
    "get_lldp_neighbors_detail": neighbors.get_lldp_neighbors_detail,
    "get_mac_address_table": neighbors.get_mac_address_table,
    "get_network_instances": interfaces.get_network_instances,
    "get_ntp_peers": system.get_ntp_peers,
    "get_ntp_servers": system.get_ntp_servers,
    "get_ntp_stats": system.get_ntp_stats,
    "get_optics": interfaces.get_optics,
    "get_probes_config": probes.get_probes_config,
    "get_probes_results": probes.get_probes_results,
    "get_route_to": bgp.get_route_to,
    "get_route_to_longer": bgp.get_route_to,
    "get_snmp_information": system.get_snmp_information,
    "get_users": system.get_users,
    "get_vlans": interfaces.get_vlans,
    "is_alive": is_alive,
    "ping": tools.ping,
    "traceroute": tools.traceroute,
}
