"""Simulated sites of any number: four devices each, one of each vendor, cabled in a ring."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from importlib import resources
from ipaddress import IPv4Address, IPv4Network
from string import Template

from netloom.errors import UsageError
from netloom.lab.simulated_node import usual_services
from netloom.lab.topology import SIMULATED, Endpoint, Link, Node, Topology

VENDORS: Mapping[str, str] = {
    "edge": "juniper_junos",
    "core": "cisco_nxos",
    "access": "arista_eos",
    "branch": "cisco_ios",
}
"""Role → platform. A site that is not whole lacks the last of these."""
RING = (
    ("edge", "ge-0/0/0", "core", "Ethernet1/1"),
    ("core", "Ethernet1/2", "access", "Ethernet1"),
    ("access", "Ethernet2", "branch", "GigabitEthernet1/0/1"),
    ("branch", "GigabitEthernet1/0/2", "edge", "ge-0/0/1"),
)
FIRST_AS = 64512
"""RFC 6996: the private numbers of two octets are enough for every site there may be."""
MOST = 1020
NETWORK = IPv4Network("172.20.16.0/21")
"""The management network of many: room for them all."""
FIRST = 11


def sites(size: int, name: str) -> Topology:
    """A topology of so many simulated devices in sites of four; raises UsageError."""
    if not 1 <= size <= MOST:
        raise UsageError(f"sites have 1 to {MOST} devices here, got {size}", hint="as in sites:8")
    subnet = IPv4Network("172.20.20.0/24") if size <= 200 else NETWORK
    addresses = iter(list(subnet)[FIRST:-1])
    nodes: list[Node] = []
    links: list[Link] = []
    for number in range(1, -(-size // len(VENDORS)) + 1):
        site_nodes, site_links = site(number, addresses, subnet, devices=size - len(nodes))
        nodes += site_nodes
        links += site_links
    return Topology(name=name, subnet=subnet, nodes=tuple(nodes), links=tuple(links))


def beside(topology: Topology, name: str) -> Topology:
    """A lab of real machines and, on the same management network, one simulated site."""
    taken = {node.mgmt_ipv4 for node in topology.nodes}
    free = (address for address in list(topology.subnet)[FIRST:-1] if address not in taken)
    nodes, links = site(1, free, topology.subnet)
    return replace(topology, name=name, nodes=(*topology.nodes, *nodes), links=(*topology.links, *links))


def site(
    number: int, addresses: Iterator[IPv4Address], subnet: IPv4Network, *, devices: int = len(VENDORS)
) -> tuple[list[Node], list[Link]]:
    """One site's devices and cables; BGP runs on every other link of the ring."""
    roles = list(VENDORS)[:devices]
    high, low = divmod(number, 256)
    words = {"prefix": f"10.{64 + high}.{low}", "netmask": str(subnet.netmask)}
    for at, role in enumerate(VENDORS):
        words |= {role: f"{role}{number}", f"{role}_asn": str(FIRST_AS + (number - 1) * len(VENDORS) + at)}
    nodes = [_node(role, number, next(addresses), subnet, words) for role in roles]
    links = [
        Link(Endpoint(f"{near}{number}", port), Endpoint(f"{far}{number}", far_port))
        for near, port, far, far_port in RING
        if near in roles and far in roles
    ]
    return nodes, links


def _node(role: str, number: int, address: IPv4Address, subnet: IPv4Network, words: Mapping[str, str]) -> Node:
    platform = VENDORS[role]
    # IOS writes the mask apart, the others the length behind the address.
    written = str(address) if platform == "cisco_ios" else f"{address}/{subnet.prefixlen}"
    own = {"name": words[role], "asn": words[f"{role}_asn"], "address": written}
    return Node(
        name=words[role],
        kind=f"{SIMULATED}{platform}",
        group=role,
        labels={"role": role, "site": f"site{number}", "tier": "1" if role in ("edge", "core") else "2"},
        mgmt_ipv4=address,
        config=_template(platform).substitute({**words, **own}),
        services=usual_services(platform),
    )


@cache
def _template(platform: str) -> Template:
    entry = resources.files("netloom.lab") / "topologies" / "site" / f"{platform}.conf"
    return Template(entry.read_text(encoding="utf-8"))
