"""Topology files: containerlab's format, the subset that has a meaning here, and what is ours under `netloom`.

What is read outside the text (startup configurations by path) comes through `read`, so parsing itself is pure.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from difflib import get_close_matches
from ipaddress import IPv4Address, IPv4Network
from typing import Any

from netloom.codecs.marked_yaml import Document, Path, load
from netloom.lab.definition import DAEMONS, interface, kind, mapping, merge, number, port, read_definition, text
from netloom.lab.simulated_node import check_simulated, services_of, simulation_of
from netloom.lab.topology import SERVICES, SIMULATED, Endpoint, Link, Node, Topology

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,31}")
DEFAULT_SUBNET = "172.20.20.0/24"
"""As containerlab; the network is the lab's own, so nothing can collide with it."""
FIRST_NODE = 11
"""The first nodes' place in the management network; those before it stay free for people."""
CONFIG_MARKS = {
    "bgpd": r"router bgp\b",
    "ospfd": r"router ospf\b|[ ]ip ospf ",
    "ospf6d": r"router ospf6\b|[ ]ipv6 ospf6 ",
    "isisd": r"router isis\b",
    "ripd": r"router rip\b",
    "bfdd": r"bfd$|[ ].* bfd\b",
    "pimd": r"[ ]ip pim\b",
    "ldpd": r"mpls ldp\b",
}
"""What in a configuration asks for which daemon."""


def parse_topology(source: str, name: str, read: Callable[[str], str] | None = None) -> Topology:
    """The topology in a file's text; `read` gives the text behind a path in it. Raises SourceError."""
    document = load(source, name)
    if not isinstance(document.data, dict):
        raise document.error((), "expected a topology: name, mgmt, topology")
    notes = []
    for key in mapping(document, ()):
        if key in ("prefix", "settings", "debug"):
            notes.append(f"{key}: has no meaning here")
        elif key not in ("name", "mgmt", "topology"):
            raise document.unknown_key((key,), ["name", "mgmt", "topology"])
    for key in ("name", "topology"):
        if key not in document.data:
            raise document.error((), f"expected {key!r}, got {', '.join(document.data)}")
    return _Reader(document, read, notes).topology()


class _Reader:
    """Reads one document; its methods stand in the order of the file."""

    def __init__(self, document: Document, read: Callable[[str], str] | None, notes: list[str]) -> None:
        self.document = document
        self.read = read
        self.notes = notes
        self.subnet = IPv4Network(DEFAULT_SUBNET)
        self.bridge = "mgmt"

    def topology(self) -> Topology:
        document = self.document
        name = text(document, ("name",))
        if not NAME.fullmatch(name):
            raise document.error(("name",), f"{name!r} cannot name a lab", hint="at most 32 letters, digits and '-'")
        self.management()
        body = mapping(document, ("topology",))
        for key in body:
            if key not in ("defaults", "kinds", "groups", "nodes", "links"):
                raise document.unknown_key(("topology", key), ["defaults", "kinds", "groups", "nodes", "links"])
        if not body.get("nodes"):
            raise document.error(("topology",), "expected at least one node under topology.nodes")
        nodes = self.nodes()
        links = self.links({node.name: node for node in nodes})
        self.check_interfaces(nodes, links)
        return Topology(
            name=name,
            subnet=self.subnet,
            bridge=self.bridge,
            nodes=tuple(nodes),
            links=tuple(links),
            notes=tuple(self.notes),
        )

    def management(self) -> None:
        document = self.document
        if "mgmt" not in document.data:
            return
        for key in mapping(document, ("mgmt",)):
            path = ("mgmt", key)
            if key == "bridge":
                self.bridge = interface(document, path, text(document, path))
            elif key == "ipv4-subnet":
                try:
                    self.subnet = IPv4Network(text(document, path))
                except ValueError as exc:
                    raise document.error(path, f"expected an IPv4 network such as {DEFAULT_SUBNET}: {exc}") from exc
                if self.subnet.prefixlen > 28:
                    raise document.error(path, f"{self.subnet} is too small for a management network")
            elif key in ("network", "ipv4-gw", "mtu", "external-access"):
                self.notes.append(f"mgmt.{key}: has no meaning here")
            else:
                raise document.unknown_key(path, ["network", "bridge", "ipv4-subnet"])

    def layer(self, section: str) -> dict[str, dict[str, Any]]:
        """The definitions of a section, by name."""
        path: Path = ("topology", section)
        if section not in mapping(self.document, ("topology",)):
            return {}
        found = {}
        for name in mapping(self.document, path):
            if section == "kinds":
                kind(self.document, (*path, name), name, at_key=True)
            found[name] = read_definition(self.document, (*path, name))
        return found

    def nodes(self) -> list[Node]:
        document = self.document
        body = mapping(document, ("topology",))
        defaults = read_definition(document, ("topology", "defaults")) if "defaults" in body else {}
        kinds, groups = self.layer("kinds"), self.layer("groups")
        definitions = {}
        for name in mapping(document, ("topology", "nodes")):
            path = ("topology", "nodes", name)
            if not NAME.fullmatch(name) or name == "mgmt":
                hint = "at most 32 letters, digits and '-', and not mgmt"
                raise document.error(path, f"{name!r} cannot name a node", hint=hint, at_key=True)
            own = read_definition(document, path)
            group = own.get("group", defaults.get("group"))
            layers = [defaults, {}, groups.get(str(group), {}), own]
            node_kind = merge(layers).get("kind")
            if node_kind is None:
                raise document.error(path, f"{name}: expected a kind", hint="kind: frr, or kind: linux", at_key=True)
            layers[1] = kinds.get(node_kind, {})
            definitions[name] = merge(layers) | {"kind": node_kind}
        addresses = self.addresses(definitions)
        return [self.node(name, entries, addresses[name]) for name, entries in definitions.items()]

    def addresses(self, definitions: dict[str, dict[str, Any]]) -> dict[str, IPv4Address]:
        """Each node's management address: as written, or the next free one."""
        taken: dict[IPv4Address, str] = {self.subnet[1]: "the gateway"}
        found = {}
        for name, entries in definitions.items():
            if "mgmt-ipv4" not in entries:
                continue
            path = ("topology", "nodes", name, "mgmt-ipv4")
            try:
                address = IPv4Address(entries["mgmt-ipv4"])
            except ValueError as exc:
                raise self.document.error(path, f"expected an IPv4 address, got {entries['mgmt-ipv4']!r}") from exc
            if address not in self.subnet or address in (self.subnet[0], self.subnet[-1]):
                raise self.document.error(path, f"{address} is no host's address in {self.subnet}")
            if address in taken:
                raise self.document.error(path, f"{address} belongs to {taken[address]} already")
            taken[address] = name
            found[name] = address
        start = FIRST_NODE if len(definitions) + FIRST_NODE < self.subnet.num_addresses - 1 else 2
        free = (address for address in list(self.subnet)[start:-1] if address not in taken)
        for name in definitions:
            if name not in found:
                try:
                    found[name] = next(free)
                except StopIteration:
                    message = f"{self.subnet} is too small for {len(definitions)} nodes"
                    raise self.document.error(("mgmt",), message, hint="set mgmt.ipv4-subnet") from None
        return found

    def node(self, name: str, entries: dict[str, Any], address: IPv4Address) -> Node:
        path = ("topology", "nodes", name)
        for key, value in entries["ignored"]:
            hint = "; for a router, write kind: frr" if key == "image" and "frr" in str(value) else ""
            own = hint if entries["kind"] == "linux" else ""
            self.notes.append(f"{name}: {key} has no meaning here{own}")
        routed = entries["kind"] == "frr"
        simulated = entries["kind"].startswith(SIMULATED)
        check_simulated(self.document, name, entries)
        if not routed and "daemons" in entries:
            raise self.document.error((*path, "netloom", "daemons"), f"{name}: only kind frr runs routing daemons")
        config = self.config(name, entries)
        if not routed and not simulated and config:
            raise self.document.error(
                (*path, "startup-config"), f"{name}: kind {entries['kind']} takes no startup-config"
            )
        if "sflow" in entries and entries["kind"] != "ovs":
            raise self.document.error((*path, "netloom", "sflow"), f"{name}: only kind ovs exports sFlow")
        services = {key for key in SERVICES if entries.get(key, routed or key not in ("telnet", "syslog"))}
        return Node(
            name=name,
            kind=entries["kind"],
            mgmt_ipv4=address,
            group=entries.get("group"),
            labels=entries.get("labels", {}),
            config=config,
            daemons=_needed_daemons(config, entries.get("daemons", [])) if routed else (),
            addresses=entries.get("addresses", {}),
            routes=tuple(entries.get("routes", ())),
            services=services_of(entries) if simulated else frozenset(services),
            flow=entries.get("flow"),
            sflow=entries.get("sflow"),
            files=entries.get("files", {}),
            binds=tuple(entries.get("binds", ())),
            env=entries.get("env", {}),
            exec=tuple(entries.get("exec", ())),
            simulation=simulation_of(entries),
        )

    def config(self, name: str, entries: dict[str, Any]) -> str:
        """The startup configuration: text with line ends is itself, a single line is a path to it."""
        written: str = entries.get("startup-config", "")
        if not written or "\n" in written:
            return written
        path = ("topology", "nodes", name, "startup-config")
        file = written.replace("__clabNodeName__", name)
        if self.read is None:
            raise self.document.error(path, f"{name}: no file can be read from here, got {file!r}")
        try:
            return self.read(file)
        except (OSError, UnicodeDecodeError) as exc:
            reason = exc.strerror if isinstance(exc, OSError) else "not UTF-8"
            raise self.document.error(path, f"{name}: startup-config {file}: {reason}") from exc

    def links(self, nodes: dict[str, Node]) -> list[Link]:
        path: Path = ("topology", "links")
        value = mapping(self.document, ("topology",)).get("links")
        if value is None:
            return []
        if not isinstance(value, list):
            raise self.document.error(path, "expected a list of links")
        used: dict[Endpoint, Path] = {}
        found = []
        for index in range(len(value)):
            link = self.link((*path, index), nodes)
            for end in (link.a, link.b):
                if end in used:
                    line = self.document.marks[used[end]][0]
                    raise self.document.error((*path, index), f"{end} has a cable already, in line {line}")
                used[end] = (*path, index)
            found.append(link)
        return found

    def link(self, path: Path, nodes: dict[str, Node]) -> Link:
        document = self.document
        data = mapping(document, path)
        for key in data:
            if key not in ("type", "endpoints", "mtu", "labels", "vars"):
                raise document.unknown_key((*path, key), ["type", "endpoints", "mtu"])
        if data.get("type", "veth") != "veth":
            raise document.error((*path, "type"), f"link type {data['type']!r} does not work here", hint="type: veth")
        ends = data.get("endpoints")
        if not isinstance(ends, list) or len(ends) != 2:
            raise document.error((*path, "endpoints"), "expected two endpoints", hint='["leaf1:eth1", "spine1:eth1"]')
        mtu = number(document, (*path, "mtu"), 68, 65535) if "mtu" in data else 1500
        a, b = (self.endpoint((*path, "endpoints", index), nodes) for index in (0, 1))
        if (nodes[a.node].simulates is None) != (nodes[b.node].simulates is None):
            far = b.node if nodes[a.node].simulates is None else a.node
            hint = "its cables carry no packets: it can be linked to other simulated devices alone"
            raise document.error((*path, "endpoints"), f"{far} is simulated", hint=hint)
        return Link(a, b, mtu)

    def endpoint(self, path: Path, nodes: dict[str, Node]) -> Endpoint:
        document = self.document
        value = document.data["topology"]["links"][path[2]]["endpoints"][path[4]]
        if isinstance(value, dict):
            for key in value:
                if key not in ("node", "interface"):
                    raise document.unknown_key((*path, key), ["node", "interface"])
            for key in ("node", "interface"):
                if key not in value:
                    raise document.error(path, f"expected {key!r} in the endpoint")
            node, name = text(document, (*path, "node")), text(document, (*path, "interface"))
        else:
            node, separator, name = text(document, path).partition(":")
            if not separator:
                raise document.error(path, f"expected NODE:INTERFACE, got {node!r}")
        if node not in nodes:
            near = get_close_matches(node, nodes, n=1)
            hint = f'did you mean "{near[0]}"?' if near else f"the nodes are {', '.join([*nodes][:8])}"
            raise document.error(path, f"unknown node {node!r}", hint=hint)
        read = interface if nodes[node].simulates is None else port
        return Endpoint(node, read(document, path, name))

    def check_interfaces(self, nodes: list[Node], links: list[Link]) -> None:
        """Addresses and flows speak of interfaces that a link gives the node."""
        cabled: dict[str, set[str]] = {node.name: {"lo"} for node in nodes}
        for link in links:
            for end in (link.a, link.b):
                cabled[end.node].add(end.interface)
        for node in nodes:
            flow = node.flow.interfaces if node.flow else ()
            for name, key in [*((name, "addresses") for name in node.addresses), *((name, "flow") for name in flow)]:
                if name not in cabled[node.name]:
                    path = ("topology", "nodes", node.name, "netloom", key, name)
                    known = ", ".join(sorted(cabled[node.name] - {"lo"})) or "none"
                    raise self.document.error(path, f"{node.name} has no link at {name}", hint=f"it has {known}")


def _needed_daemons(config: str, asked: list[str]) -> tuple[str, ...]:
    """The daemons asked for and those the configuration speaks of, in FRR's own order."""
    needed = {name for name, mark in CONFIG_MARKS.items() if re.search(f"^(?:{mark})", config, re.MULTILINE)}
    return tuple(name for name in DAEMONS if name in needed or name in asked)
