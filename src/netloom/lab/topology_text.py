"""A topology as the text of its file; reading it again gives the same topology."""

from __future__ import annotations

from typing import Any

import yaml

from netloom.lab.simulated_node import usual_services
from netloom.lab.simulation.spec import PORTS
from netloom.lab.topology import SERVICES, Node, Topology


class _Dumper(yaml.SafeDumper):
    """Block style, with configurations as literal text."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - PyYAML's signature
        """Write repeated values out."""
        return True


class _Flow(list[str]):
    """A list to be written in one line."""


def _text(dumper: _Dumper, value: str) -> yaml.Node:
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style="|" if "\n" in value else None)


def _flow(dumper: _Dumper, value: _Flow) -> yaml.Node:
    return dumper.represent_sequence("tag:yaml.org,2002:seq", value, flow_style=True)


_Dumper.add_representer(str, _text)
_Dumper.add_representer(_Flow, _flow)


def topology_text(topology: Topology) -> str:
    """The topology file's text, everything resolved and inline."""
    data = {
        "name": topology.name,
        "mgmt": {"bridge": topology.bridge, "ipv4-subnet": str(topology.subnet)},
        "topology": {
            "nodes": {node.name: _node(node) for node in topology.nodes},
            "links": [
                {"endpoints": _Flow([str(link.a), str(link.b)])} | ({"mtu": link.mtu} if link.mtu != 1500 else {})
                for link in topology.links
            ],
        },
    }
    return yaml.dump(data, Dumper=_Dumper, sort_keys=False, width=120)


def _node(node: Node) -> dict[str, Any]:
    own: dict[str, Any] = {}
    if node.daemons:
        own["daemons"] = _Flow(node.daemons)
    if node.addresses:
        own["addresses"] = {name: _Flow(values) for name, values in node.addresses.items()}
    if node.routes:
        own["routes"] = list(node.routes)
    if node.sflow:
        own["sflow"] = {"sampling": node.sflow.sampling, "polling": node.sflow.polling}
    if node.flow:
        flow = node.flow
        own["flow"] = {"interfaces": _Flow(flow.interfaces), "version": flow.version, "active": flow.active}
    if node.files:
        own["files"] = dict(node.files)
    own |= _simulation(node) if node.simulates is not None else _services(node)
    entries = {
        "kind": node.kind,
        "group": node.group,
        "labels": dict(node.labels),
        "mgmt-ipv4": str(node.mgmt_ipv4),
        "startup-config": node.config,
        "binds": [f"{bind.source}:{bind.target}{':ro' if bind.read_only else ''}" for bind in node.binds],
        "env": dict(node.env),
        "exec": list(node.exec),
        "netloom": own,
    }
    return {key: value for key, value in entries.items() if value}


def _services(node: Node) -> dict[str, Any]:
    """The services that differ from the usual ones."""
    usual = {service: node.kind == "frr" or service not in ("telnet", "syslog") for service in SERVICES}
    return {name: name in node.services for name, serves in usual.items() if (name in node.services) != serves}


def _simulation(node: Node) -> dict[str, Any]:
    """The same of a simulated device, and how it behaves."""
    served = usual_services(node.simulates or "")
    changed = [name for name in PORTS if (name in node.services) != (name in served)]
    own: dict[str, Any] = {name: name in node.services for name in changed}
    given = node.simulation
    behaviour = {"latency": given.latency_s, "hurry": given.hurry, "enable-password": given.enable_password}
    usual = {"latency": 0.0, "hurry": 1.0, "enable-password": None}
    return own | {key: value for key, value in behaviour.items() if value != usual[key]}
