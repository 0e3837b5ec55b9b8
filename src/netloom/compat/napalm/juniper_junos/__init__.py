"""NAPALM's Junos driver: its getters from replies by RPC and configuration filter."""

from __future__ import annotations

from collections.abc import Mapping

from netloom.compat.napalm.juniper_junos import (
    bgp,
    bgp_config,
    environment,
    interfaces,
    neighborhood,
    probes,
    routes,
    settings,
)
from netloom.compat.napalm.replies import Getter, is_alive

GETTERS: Mapping[str, Getter] = {
    "cli": settings.cli,
    "get_arp_table": neighborhood.get_arp_table,
    "get_bgp_config": bgp_config.get_bgp_config,
    "get_bgp_neighbors": bgp.get_bgp_neighbors,
    "get_bgp_neighbors_detail": bgp.get_bgp_neighbors_detail,
    "get_config": settings.get_config,
    "get_config_filtered": settings.get_config_filtered,
    "get_config_sanitized": settings.get_config_sanitized,
    "get_config_sanitized_filtered": settings.get_config_sanitized_filtered,
    "get_environment": environment.get_environment,
    "get_facts": interfaces.get_facts,
    "get_interfaces": interfaces.get_interfaces,
    "get_interfaces_counters": interfaces.get_interfaces_counters,
    "get_interfaces_ip": interfaces.get_interfaces_ip,
    "get_ipv6_neighbors_table": neighborhood.get_ipv6_neighbors_table,
    "get_lldp_neighbors": neighborhood.get_lldp_neighbors,
    "get_lldp_neighbors_detail": neighborhood.get_lldp_neighbors_detail,
    "get_mac_address_table": neighborhood.get_mac_address_table,
    "get_network_instances": routes.get_network_instances,
    "get_ntp_peers": settings.get_ntp_peers,
    "get_ntp_servers": settings.get_ntp_servers,
    "get_ntp_stats": settings.get_ntp_stats,
    "get_optics": interfaces.get_optics,
    "get_probes_config": probes.get_probes_config,
    "get_probes_results": probes.get_probes_results,
    "get_route_to": routes.get_route_to,
    "get_route_to_longer": routes.get_route_to,
    "get_snmp_information": settings.get_snmp_information,
    "get_users": settings.get_users,
    "get_vlans": neighborhood.get_vlans,
    "is_alive": is_alive,
    "ping": probes.ping,
    "traceroute": probes.traceroute,
}
