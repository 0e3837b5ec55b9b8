"""A lab's topology as values: nodes, links and the management network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network

KINDS = ("frr", "linux", "ovs")
"""Of real nodes; the others are `sim:` and a platform's name."""
SIMULATED = "sim:"
SERVICES = ("snmp", "lldp", "ssh", "telnet", "syslog")
"""What can be switched on and off on a node."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One end of a link."""

    node: str
    interface: str

    def __str__(self) -> str:
        return f"{self.node}:{self.interface}"


@dataclass(frozen=True, slots=True)
class Link:
    """A cable between two interfaces."""

    a: Endpoint
    b: Endpoint
    mtu: int = 1500


@dataclass(frozen=True, slots=True)
class Bind:
    """A file or folder of the machine that the node sees at a path of its own."""

    source: str
    target: str
    read_only: bool = False


@dataclass(frozen=True, slots=True)
class Flow:
    """What the node's softflowd exports."""

    interfaces: tuple[str, ...]
    version: int = 9
    """NetFlow 5 or 9, or 10 for IPFIX."""
    active: int = 5
    """Seconds after which a flow that goes on is reported."""


@dataclass(frozen=True, slots=True)
class Sflow:
    """What the node's Open vSwitch exports of itself."""

    sampling: int = 64
    """One of so many packets."""
    polling: int = 5
    """Seconds between counters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulation:
    """How a simulated device differs from a quick and open one."""

    latency_s: float = 0.0
    """Before each of its answers."""
    hurry: float = 1.0
    """How many times faster its own timers run."""
    enable_password: str | None = None
    """Where it has one, who logs in has to raise privileges."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One router or host, real or simulated."""

    name: str
    kind: str
    mgmt_ipv4: IPv4Address
    group: str | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    config: str = ""
    """The startup configuration's text."""
    daemons: tuple[str, ...] = ()
    """Routing daemons beside zebra and staticd."""
    addresses: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Interface → addresses the kernel gets at start; a router's belong into its configuration instead."""
    routes: tuple[str, ...] = ()
    """As `ip route add` takes them."""
    services: frozenset[str] = frozenset(SERVICES)
    """A simulated one's are `simulation.spec.Service`s."""
    flow: Flow | None = None
    sflow: Sflow | None = None
    files: Mapping[str, str] = field(default_factory=dict)
    """Path on the node → text."""
    binds: tuple[Bind, ...] = ()
    env: Mapping[str, str] = field(default_factory=dict)
    exec: tuple[str, ...] = ()
    """Commands for the node's shell once its daemons run."""
    simulation: Simulation = field(default_factory=Simulation)

    @property
    def simulates(self) -> str | None:
        """The platform that it pretends to be, None for a real machine."""
        return self.kind.removeprefix(SIMULATED) if self.kind.startswith(SIMULATED) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Topology:
    """A whole lab as its file describes it."""

    name: str
    subnet: IPv4Network
    """The management network; its first address is the gateway, where collectors listen."""
    bridge: str = "mgmt"
    nodes: tuple[Node, ...] = ()
    links: tuple[Link, ...] = ()
    notes: tuple[str, ...] = ()
    """What the file asks for and does not get, in words."""

    @property
    def gateway(self) -> IPv4Address:
        """The management network's own address."""
        return self.subnet[1]

    @property
    def real(self) -> tuple[Node, ...]:
        """The nodes that are machines of their own."""
        return tuple(node for node in self.nodes if node.simulates is None)

    @property
    def simulated(self) -> tuple[Node, ...]:
        """The nodes that only pretend."""
        return tuple(node for node in self.nodes if node.simulates is not None)

    def node(self, name: str) -> Node | None:
        """The node of this name."""
        return next((node for node in self.nodes if node.name == name), None)

    def cables(self, name: str) -> list[tuple[str, Endpoint, int]]:
        """A node's own interfaces, each with the far end and the MTU, in the links' order."""
        found = []
        for link in self.links:
            for near, far in ((link.a, link.b), (link.b, link.a)):
                if near.node == name:
                    found.append((near.interface, far, link.mtu))
        return found
