"""Everything a node's folder holds: rendered files, the start script, the binds. Pure."""

from __future__ import annotations

import shlex
from dataclasses import dataclass

from netloom.lab.accounts import account_files
from netloom.lab.services import (
    Programs,
    Service,
    frr,
    lldpd,
    openvswitch,
    rsyslogd,
    snmpd,
    softflowd,
    sshd,
    telnetd,
)
from netloom.lab.topology import Node, Topology


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What of the machine goes into a node's files."""

    passwd: str
    group: str
    programs: Programs
    available: frozenset[str]
    """Services whose daemons this machine has."""


def services(node: Node, topology: Topology, host_key: str, around: Surroundings) -> list[Service]:
    """The node's daemons, in the order of their start."""
    wanted = node.services & around.available
    found: list[Service] = []
    if "syslog" in wanted:
        found.append(rsyslogd(topology))
    if "snmp" in wanted:
        found.append(snmpd(node, topology))
    if node.kind == "frr":
        found += frr(node, around.programs)
    if node.kind == "ovs" and "openvswitch" in around.available:
        found.append(openvswitch(node, topology))
    if "lldp" in wanted:
        found.append(lldpd(node, topology))
    if "ssh" in wanted:
        found.append(sshd(node, host_key, around.programs))
    if "telnet" in wanted:
        found.append(telnetd(node))
    if "softflowd" in around.available:
        found += softflowd(node, topology)
    return found


def node_files(node: Node, own: list[Service], around: Surroundings) -> dict[str, str]:
    """Path on the node → text, the user's own files last."""
    files = account_files(node.kind, around.passwd, around.group)
    files["/etc/hostname"] = f"{node.name}\n"
    files["/etc/hosts"] = f"127.0.0.1 localhost\n127.0.1.1 {node.name}\n::1 localhost\n"
    for service in own:
        files.update(service.files)
    files.update(node.files)
    return files


def binds_file(node: Node) -> str:
    """The binds as node-init.sh reads them: source, target, mode, with tabs between."""
    return "".join(f"{bind.source}\t{bind.target}\t{'ro' if bind.read_only else 'rw'}\n" for bind in node.binds)


def start_script(node: Node, topology: Topology, own: list[Service]) -> str:
    """The shell script that makes a node of an empty namespace: sysctls, addresses, then the daemons."""
    lines = ["set -x", "export LC_ALL=C.UTF-8 MIBS="]
    lines += [f"export {key}={shlex.quote(value)}" for key, value in node.env.items()]
    lines += [*_sysctls(routed=node.kind == "frr"), "ip -b - <<'END'", *_links(node, topology), "END"]
    lines += _offloads(node, topology)
    # The agent first: those that speak AgentX would otherwise try again only after a while.
    first = [service for service in own if service.name in ("rsyslogd", "snmpd")]
    routing = [service for service in own if "frr/" in service.command or service.name == "vtysh"]
    rest = [service for service in own if service not in first and service not in routing]
    lines += [service.command for service in first]
    lines += ["(", *(service.command for service in rest), ") &"] if rest else []
    lines += [service.command for service in routing]
    lines += ["wait %1 2>/dev/null" if rest else ":"]
    return "\n".join([*lines, *node.exec, ":"]) + "\n"


def _sysctls(*, routed: bool) -> list[str]:
    """Set by writing, for a process each would be slow. No duplicate address detection: links come up at once."""
    forward = 1 if routed else 0
    return [
        "cd /proc/sys/net",
        'for f in ipv6/conf/*/accept_dad ipv6/conf/*/dad_transmits; do echo 0 > "$f"; done',
        'for f in ipv6/conf/*/keep_addr_on_down; do echo 1 > "$f"; done',
        f"echo {forward} > ipv4/ip_forward; echo {forward} > ipv6/conf/all/forwarding",
        "echo 1 > ipv4/fib_multipath_hash_policy; echo 1 > ipv6/fib_multipath_hash_policy",
        "echo 0 > ipv4/conf/all/rp_filter; echo 0 > ipv4/conf/default/rp_filter",
        "cd /",
    ]


def _links(node: Node, topology: Topology) -> list[str]:
    lines = ["link set lo up", f"addr add {node.mgmt_ipv4}/{topology.subnet.prefixlen} brd + dev mgmt0"]
    lines.append("link set mgmt0 up")
    lines += [f"link set {name} alias {far} up" for name, far, _ in topology.cables(node.name)]
    for name, addresses in node.addresses.items():
        lines += [f"addr add {address} dev {name}" for address in addresses]
    return lines + [f"route add {route}" for route in node.routes]


def _offloads(node: Node, topology: Topology) -> list[str]:
    """A switch in userspace passes packets on as they are: without checksums, or as large as a segment never is."""
    kinds = {other.name: other.kind for other in topology.nodes}
    names = [name for name, far, _ in topology.cables(node.name) if "ovs" in (node.kind, kinds[far.node])]
    return [f"ethtool -K {name} tx off tso off gso off gro off" for name in names]


def link_batch(topology: Topology) -> list[str]:
    """The `ip` commands that build the management network and every cable, as seen from the keeper."""
    lines = ["link set lo up", f"link add {topology.bridge} type bridge", f"link set {topology.bridge} up"]
    lines.append(f"addr add {topology.gateway}/{topology.subnet.prefixlen} brd + dev {topology.bridge}")
    # A simulated node is an address of the keeper's own.
    lines += [f"addr add {node.mgmt_ipv4}/32 dev {topology.bridge}" for node in topology.simulated]
    for index, node in enumerate(topology.real):
        lines.append(f"link add nl{index} type veth peer name mgmt0 netns {node.name}")
        lines.append(f"link set nl{index} master {topology.bridge} alias {node.name} up")
    real = {node.name for node in topology.real}
    for link in topology.links:
        if link.a.node not in real:
            continue
        near = f"link add {link.a.interface} mtu {link.mtu} netns {link.a.node} type veth"
        lines.append(f"{near} peer name {link.b.interface} mtu {link.mtu} netns {link.b.node}")
    return lines
