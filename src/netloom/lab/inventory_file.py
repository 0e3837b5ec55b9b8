"""A lab as an Ansible inventory: groups by kind, group, role and site. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import yaml

from netloom.lab.accounts import PASSWORD, USER
from netloom.lab.services import COMMUNITY, SNMP_AUTH, SNMP_PRIVACY, SNMP_USER
from netloom.lab.simulated_node import usual_services
from netloom.lab.topology import Topology
from netloom.platforms.contract import load_platform

GROUPING_LABELS = ("role", "site", "ansible-group")


@dataclass(frozen=True, slots=True)
class Places:
    """What stands outside the topology and is said in the inventory."""

    keeper_socket: str
    known_hosts: str
    tls_pin: str = ""
    """The SHA-256 of the simulated nodes' certificate."""


def inventory_text(topology: Topology, places: Places) -> str:
    """The inventory file's text."""
    groups: dict[str, list[str]] = {}
    hosts: dict[str, dict[str, Any]] = {}
    for node in topology.nodes:
        hosts[node.name] = {"ansible_host": str(node.mgmt_ipv4)}
        if node.simulates and node.services != usual_services(node.simulates):
            transport = transport_of(node.simulates, node.services)
            if transport != transport_of(node.simulates, usual_services(node.simulates)):
                hosts[node.name]["netloom_transport"] = transport
        hosts[node.name] |= {f"label_{key.replace('-', '_')}": value for key, value in node.labels.items()}
        kinds = ["simulated", node.simulates] if node.simulates else [node.kind]
        names = [*kinds, node.group, *(node.labels.get(key) for key in GROUPING_LABELS)]
        for name in dict.fromkeys(name for name in names if name and name not in ("all", "ungrouped")):
            groups.setdefault(name, []).append(node.name)
    children: dict[str, Any] = {name: {"hosts": dict.fromkeys(members)} for name, members in groups.items()}
    for kind, platform in (("frr", "frr"), ("linux", "linux"), ("ovs", "linux")):
        if kind in children:
            children[kind]["vars"] = {"netloom_platform": platform}
    for platform in sorted({node.simulates for node in topology.simulated if node.simulates}):
        transport = transport_of(platform, usual_services(platform))
        children[platform]["vars"] = {"netloom_platform": platform, "netloom_transport": transport}
    if topology.simulated:
        children["simulated"]["vars"] = {"netloom_simulated": True, "netloom_tls_pin": places.tls_pin}
    if "frr" in children:
        children["frr"]["vars"]["netloom_shell_user"] = "netshell"
    shared = {
        "ansible_user": USER,
        "ansible_password": PASSWORD,
        "netloom_lab": topology.name,
        "netloom_network": places.keeper_socket,
        "netloom_known_hosts": places.known_hosts,
        "netloom_snmp_version": "3",
        "netloom_snmp_user": SNMP_USER,
        "netloom_snmp_auth_protocol": "SHA-256",
        "netloom_snmp_auth_password": SNMP_AUTH,
        "netloom_snmp_privacy_protocol": "AES",
        "netloom_snmp_privacy_password": SNMP_PRIVACY,
        "netloom_snmp_community": COMMUNITY,
    }
    data = {"all": {"vars": shared, "hosts": hosts, "children": children}}
    head = f"# The inventory of lab {topology.name}, written when it came up. Its passwords are no secrets.\n"
    return head + yaml.safe_dump(data, sort_keys=False, width=120).replace(": null\n", ":\n")


def transport_of(platform: str, services: Collection[str]) -> str:
    """The way that the platform likes best of those that are served."""
    return next((name for name in load_platform(platform).transports if name in services), "ssh")


def topology_data(topology: Topology, folder: str) -> dict[str, Any]:
    """The lab in the shape of containerlab's topology-data.json, and what is ours under `netloom`."""
    return {
        "name": topology.name,
        "type": "clab",
        "clab": {"config": {"mgmt": {"bridge": topology.bridge, "ipv4-subnet": str(topology.subnet)}}},
        "nodes": {
            node.name: {
                "index": str(index),
                "shortname": node.name,
                "longname": f"{topology.name}-{node.name}",
                "fqdn": f"{node.name}.{topology.name}",
                "group": node.group or "",
                "kind": node.kind,
                "image": "",
                "mgmt-ipv4-address": str(node.mgmt_ipv4),
                "mgmt-ipv4-prefix-length": topology.subnet.prefixlen,
                "labels": dict(node.labels),
            }
            for index, node in enumerate(topology.nodes)
        },
        "links": [
            {
                "a": {"node": link.a.node, "interface": link.a.interface, "peer": "z"},
                "z": {"node": link.b.node, "interface": link.b.interface, "peer": "a"},
            }
            for link in topology.links
        ],
        "netloom": {"folder": folder, "gateway": str(topology.gateway), "notes": list(topology.notes)},
    }
