"""NAPALM's getters over Cisco IOS."""

from __future__ import annotations

from collections.abc import Mapping

from netloom.compat.napalm.cisco_ios import bgp, bgp_config, config, device, interfaces, probes, routes, tables
from netloom.compat.napalm.replies import Getter, is_alive

GETTERS: Mapping[str, Getter] = {
    "is_alive": is_alive,
    "get_facts": device.get_facts,
    "get_users": device.get_users,
    "get_snmp_information": device.get_snmp_information,
    "get_ntp_servers": device.get_ntp_servers,
    "get_ntp_peers": device.get_ntp_peers,
    "get_ntp_stats": device.get_ntp_stats,
    "get_environment": device.get_environment,
    "get_interfaces": interfaces.get_interfaces,
    "get_interfaces_counters": interfaces.get_interfaces_counters,
    "get_interfaces_ip": interfaces.get_interfaces_ip,
    "get_optics": interfaces.get_optics,
    "get_vlans": interfaces.get_vlans,
    "get_network_instances": interfaces.get_network_instances,
    "get_arp_table": tables.get_arp_table,
    "get_arp_table_with_vrf": tables.get_arp_table_with_vrf,
    "get_ipv6_neighbors_table": tables.get_ipv6_neighbors_table,
    "get_mac_address_table": tables.get_mac_address_table,
    "get_lldp_neighbors": tables.get_lldp_neighbors,
    "get_lldp_neighbors_detail": tables.get_lldp_neighbors_detail,
    "get_bgp_neighbors": bgp.get_bgp_neighbors,
    "get_bgp_neighbors_detail": bgp.get_bgp_neighbors_detail,
    "get_bgp_config": bgp_config.get_bgp_config,
    "get_route_to": routes.get_route_to,
    "get_route_to_longer": routes.get_route_to,
    "get_config": config.get_config,
    "get_config_filtered": config.get_config_filtered,
    "get_config_sanitized": config.get_config_sanitized,
    "get_config_sanitized_filtered": config.get_config_filtered,
    "get_probes_config": probes.get_probes_config,
    "get_probes_results": probes.get_probes_results,
    "ping": probes.ping,
    "traceroute": probes.traceroute,
}
"""By NAPALM's names."""
