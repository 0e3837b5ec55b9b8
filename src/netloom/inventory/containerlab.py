"""containerlab's topology-data.json: its nodes with their management addresses and groups."""

from __future__ import annotations

from typing import Any

from netloom.codecs.marked_yaml import Document
from netloom.inventory.tree import Layer, Position, Tree

PLATFORMS = {
    "nokia_srlinux": "nokia_srlinux",
    "srl": "nokia_srlinux",
    "ceos": "arista_eos",
    "arista_ceos": "arista_eos",
    "vr-veos": "arista_eos",
    "arista_veos": "arista_eos",
    "crpd": "juniper_junos",
    "juniper_crpd": "juniper_junos",
    "juniper_vjunosrouter": "juniper_junos",
    "juniper_vjunosswitch": "juniper_junos",
    "cisco_iol": "cisco_ios",
    "cisco_csr1000v": "cisco_ios",
    "cisco_c8000v": "cisco_ios",
    "cisco_cat9kv": "cisco_ios",
    "cisco_n9kv": "cisco_nxos",
    "cisco_xrd": "cisco_iosxr",
    "cisco_xrv9k": "cisco_iosxr",
    "vyosnetworks_vyos": "vyos",
}
"""containerlab's kind → platform; other kinds are taken for a platform's name."""


def is_topology_data(data: Any) -> bool:
    """Whether a document is what containerlab writes beside a running lab."""
    return isinstance(data, dict) and isinstance(data.get("nodes"), dict) and "clab" in data


def read_topology_data(document: Document, tree: Tree) -> None:
    """Add the nodes to the tree, each in the groups of its kind and of its `group`; raises SourceError."""
    for name, node in document.data["nodes"].items():
        if not isinstance(node, dict):
            raise document.error(("nodes", name), f"nodes.{name}: expected a mapping")
        kind = str(node.get("kind") or "linux")
        values = {
            "netloom_address": node.get("mgmt-ipv4-address") or node.get("mgmt-ipv6-address") or node.get("longname"),
            "netloom_platform": _platform(kind, str(node.get("image") or "")),
            "clab_kind": kind,
            **{str(key): value for key, value in (node.get("labels") or {}).items() if _is_users(str(key))},
        }
        groups = [kind.replace("-", "_"), *([str(node["group"])] if node.get("group") else [])]
        for group in groups:
            host = tree.host(str(name), group)
        host.layers.append(_layer(document, str(name), {key: value for key, value in values.items() if value}))


def _platform(kind: str, image: str) -> str:
    if kind == "linux" and "frr" in image:
        return "frr"
    return PLATFORMS.get(kind, kind)


def _is_users(label: str) -> bool:
    """Whether a label is the user's own: containerlab adds some under clab-."""
    return label.isidentifier() and not label.startswith("clab")


def _layer(document: Document, name: str, values: dict[str, Any]) -> Layer:
    def place(_variable: str) -> Position:
        return document.place(("nodes", name), at_key=True)

    return Layer(document.name, f"host {name}", values, place)
