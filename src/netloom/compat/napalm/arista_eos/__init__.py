"""NAPALM's getters on Arista EOS, from the replies that its driver asks for."""

from __future__ import annotations

from collections.abc import Mapping

from netloom.compat.napalm.arista_eos import bgp, bgp_config, links, probes, routes, system
from netloom.compat.napalm.replies import Getter, is_alive

GETTERS: Mapping[str, Getter] = {
    "get_arp_table": links.arp_table,
    "get_arp_table_with_vrf": links.arp_table_of_test_vrf,
    "get_bgp_config": bgp_config.bgp_config,
    "get_bgp_neighbors": bgp.bgp_neighbors,
    "get_bgp_neighbors_detail": bgp.bgp_neighbors_detail,
    "get_config": system.config,
    "get_config_filtered": system.config_filtered,
    "get_config_sanitized": system.config_sanitized,
    "get_config_sanitized_filtered": system.config_sanitized,
    "get_environment": system.environment,
    "get_facts": system.facts,
    "get_interfaces": links.interfaces,
    "get_interfaces_counters": links.interfaces_counters,
    "get_interfaces_ip": links.interfaces_ip,
    "get_ipv6_neighbors_table": links.ipv6_neighbors_table,
    "get_lldp_neighbors": links.lldp_neighbors,
    "get_lldp_neighbors_detail": links.lldp_neighbors_detail,
    "get_mac_address_table": links.mac_address_table,
    "get_network_instances": routes.network_instances,
    "get_ntp_peers": system.ntp_peers,
    "get_ntp_servers": system.ntp_servers,
    "get_ntp_stats": system.ntp_stats,
    "get_optics": links.optics,
    "get_probes_config": probes.probes_config,
    "get_probes_results": probes.probes_results,
    "get_route_to": routes.route_to,
    "get_route_to_longer": routes.route_to,
    "get_snmp_information": system.snmp_information,
    "get_users": system.users,
    "get_vlans": links.vlans,
    "is_alive": is_alive,
    "ping": probes.ping,
    "traceroute": probes.traceroute,
}
