"""Leaf-spine fabrics of any size: eBGP between leaves and spines, a subnet for each host."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network

from netloom.errors import UsageError
from netloom.lab.topology import Endpoint, Flow, Link, Node, Topology

SPINE_AS = 65000
SITES = ("paris", "lyon")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """How large a fabric is, and how its links are addressed."""

    spines: int
    leaves: int
    hosts_per_leaf: int = 1
    numbered: bool = False
    """/31 addresses between leaves and spines (BGP4-MIB lists only such peers) instead of unnumbered links."""

    def __post_init__(self) -> None:
        for name, low, high in (("spines", 1, 32), ("leaves", 1, 250), ("hosts_per_leaf", 0, 32)):
            if not low <= getattr(self, name) <= high:
                message = f"{name.replace('_', ' ')}: expected {low} to {high}, got {getattr(self, name)}"
                raise UsageError(message, hint="as in clos:20 or clos:spines=2,leaves=4,hosts=1")

    @property
    def size(self) -> int:
        """How many nodes it has."""
        return self.spines + self.leaves * (1 + self.hosts_per_leaf)


def shape_of(size: int, *, numbered: bool = False) -> Shape:
    """The fabric of that many nodes, with one host a leaf; raises UsageError."""
    if not 6 <= size <= 250:
        raise UsageError(f"a fabric has 6 to 250 nodes here, got {size}", hint="as in clos:20")
    spines = 2 if size <= 12 else 4 if size <= 60 else 6
    spines += size % 2
    return Shape(spines=spines, leaves=(size - spines) // 2, numbered=numbered)


def clos(shape: Shape, name: str) -> Topology:
    """The fabric of a shape: spines and leaves run BGP (bfdd stands by), leaves announce their hosts' subnets."""
    wide = 2 + shape.size + 10 > 254
    subnet = IPv4Network("172.20.20.0/23" if wide else "172.20.20.0/24", strict=False)
    addresses = iter(list(subnet)[11:-1])
    spines, leaves = range(1, shape.spines + 1), range(1, shape.leaves + 1)
    nodes = [_router(shape, f"spine{spine}", next(addresses), _spine_config(shape, spine)) for spine in spines]
    nodes += [_router(shape, f"leaf{leaf}", next(addresses), _leaf_config(shape, leaf)) for leaf in leaves]
    links: list[Link] = []
    for leaf in leaves:
        links += [Link(Endpoint(f"leaf{leaf}", f"eth{at}"), Endpoint(f"spine{at}", f"eth{leaf}")) for at in spines]
    for leaf in leaves:
        for host in range(1, shape.hosts_per_leaf + 1):
            link = Link(
                Endpoint(f"leaf{leaf}", f"eth{shape.spines + host}"), Endpoint(_host_name(shape, leaf, host), "eth1")
            )
            links.append(link)
            nodes.append(
                Node(
                    name=link.b.node,
                    kind="linux",
                    group="host",
                    labels={"role": "host", "tier": "3", "site": _site(leaf)},
                    mgmt_ipv4=next(addresses),
                    addresses={"eth1": (f"10.{leaf}.{host}.10/24",)},
                    routes=(f"10.0.0.0/8 via 10.{leaf}.{host}.1",),
                    services=frozenset(("snmp", "lldp", "ssh")),
                )
            )
    return Topology(name=name, subnet=subnet, nodes=tuple(nodes), links=tuple(links))


def _router(shape: Shape, name: str, address: IPv4Address, config: str) -> Node:
    role = name.rstrip("0123456789")
    number = int(name[len(role) :])
    tier, site = ("1", SITES[0]) if role == "spine" else ("2", _site(number))
    ports = tuple(f"eth{shape.spines + host}" for host in range(1, shape.hosts_per_leaf + 1))
    return Node(
        name=name,
        kind="frr",
        group=role,
        labels={"role": role, "tier": tier, "site": site},
        mgmt_ipv4=address,
        config=config,
        daemons=("bgpd", "bfdd"),
        flow=Flow(ports) if role == "leaf" and ports else None,
    )


def _site(leaf: int) -> str:
    return SITES[(leaf - 1) % len(SITES)]


def _host_name(shape: Shape, leaf: int, host: int) -> str:
    return f"host{leaf}" if shape.hosts_per_leaf == 1 else f"host{leaf}-{host}"


def _point(spine: int, leaf: int, side: int) -> str:
    """One end of the /31 between a spine (side 0) and a leaf (side 1)."""
    offset = (leaf - 1) * 2 + side
    return f"172.16.{spine * 4 + offset // 256}.{offset % 256}"


def _spine_config(shape: Shape, spine: int) -> str:
    interfaces, peers = [], []
    for leaf in range(1, shape.leaves + 1):
        address = _point(spine, leaf, 0) if shape.numbered else None
        interfaces.append(_interface(f"eth{leaf}", f"leaf{leaf}:eth{spine}", address and f"{address}/31"))
        peers.append((f"eth{leaf}", _point(spine, leaf, 1), SPINE_AS + leaf, f"leaf{leaf}"))
    loopback = f"10.255.0.{spine}/32"
    return _config(shape, f"spine{spine}", (SPINE_AS, loopback), interfaces, peers, [loopback])


def _leaf_config(shape: Shape, leaf: int) -> str:
    interfaces, peers = [], []
    for spine in range(1, shape.spines + 1):
        address = _point(spine, leaf, 1) if shape.numbered else None
        interfaces.append(_interface(f"eth{spine}", f"spine{spine}:eth{leaf}", address and f"{address}/31"))
        peers.append((f"eth{spine}", _point(spine, leaf, 0), SPINE_AS, f"spine{spine}"))
    networks = [f"10.{leaf}.{host}.0/24" for host in range(1, shape.hosts_per_leaf + 1)]
    for host in range(1, shape.hosts_per_leaf + 1):
        far = f"{_host_name(shape, leaf, host)}:eth1"
        interfaces.append(_interface(f"eth{shape.spines + host}", far, f"10.{leaf}.{host}.1/24"))
    loopback = f"10.255.1.{leaf}/32"
    return _config(shape, f"leaf{leaf}", (SPINE_AS + leaf, loopback), interfaces, peers, [*networks, loopback])


def _interface(name: str, far: str, address: str | None) -> str:
    lines = [f"interface {name}", f" description {far}"]
    if address:
        lines.append(f" ip address {address}")
    return "\n".join([*lines, "exit", "!"])


def _config(
    shape: Shape,
    name: str,
    identity: tuple[int, str],
    interfaces: list[str],
    peers: list[tuple[str, str, int, str]],
    networks: list[str],
) -> str:
    """The lines as FRR itself prints them, so that loading them changes nothing of their text."""
    number, loopback = identity
    lines = ["frr defaults traditional", f"hostname {name}", "log syslog informational", "agentx"]
    # A link that comes back is missing from the kernel's nexthop groups (FRR 8.4), though zebra shows it.
    lines += ["no zebra nexthop kernel enable", "log commands", "service integrated-vtysh-config", "!"]
    lines += sorted(interfaces, key=lambda block: int(block.split()[1].removeprefix("eth")))
    lines += ["interface lo", f" ip address {loopback}", "exit", "!"]
    lines += [f"router bgp {number}", f" bgp router-id {loopback.split('/')[0]}", " bgp log-neighbor-changes"]
    lines += [" no bgp ebgp-requires-policy", " bgp bestpath as-path multipath-relax", " timers bgp 3 9"]
    lines += [" neighbor FABRIC peer-group"]
    if not shape.numbered:
        lines.append(" neighbor FABRIC remote-as external")
    lines += [" neighbor FABRIC advertisement-interval 0", " neighbor FABRIC timers connect 1"]
    for interface, address, remote, far in peers:
        if shape.numbered:
            lines += [f" neighbor {address} remote-as {remote}", f" neighbor {address} peer-group FABRIC"]
            lines.append(f" neighbor {address} description {far}")
        else:
            lines.append(f" neighbor {interface} interface peer-group FABRIC")
    lines += [" !", " address-family ipv4 unicast", *(f"  network {network}" for network in networks)]
    lines += [" exit-address-family", "exit", "!"]
    return "\n".join(lines) + "\n"
