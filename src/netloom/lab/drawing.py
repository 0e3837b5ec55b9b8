"""A topology file's drawing, as Mermaid or DOT. Pure."""

from __future__ import annotations

from typing import Literal

from netloom.lab.topology import Node, Topology


def graph(topology: Topology, style: Literal["mermaid", "dot"] = "mermaid") -> str:
    """The drawing's text, nodes in tiers where their labels say so."""
    return _mermaid(topology) if style == "mermaid" else _dot(topology)


def _tiers(topology: Topology) -> list[list[Node]]:
    tiers: dict[str, list[Node]] = {}
    for node in topology.nodes:
        tiers.setdefault(node.labels.get("tier", ""), []).append(node)
    return [tiers[key] for key in sorted(tiers)]


def _mermaid(topology: Topology) -> str:
    """https://mermaid.js.org/syntax/flowchart.html; ids cannot hold every character of a name, so they are counted."""
    ids = {node.name: f"n{index}" for index, node in enumerate(topology.nodes)}
    lines = ["graph TD"]
    for tier in _tiers(topology):
        for node in tier:
            shape = f'(["{_label(node)}"])' if node.kind == "linux" else f'["{_label(node)}"]'
            lines.append(f"  {ids[node.name]}{shape}")
    for link in topology.links:
        label = f"{link.a.interface} — {link.b.interface}"
        lines.append(f'  {ids[link.a.node]} ---|"{label}"| {ids[link.b.node]}')
    return "\n".join(lines) + "\n"


def _dot(topology: Topology) -> str:
    lines = [f'graph "{topology.name}" {{', "  node [fontname=sans-serif]; edge [fontsize=8];"]
    for tier in _tiers(topology):
        shapes = [f'"{node.name}" [label="{_label(node)}", shape={_shape(node)}];' for node in tier]
        lines.append(f"  {{ rank=same; {' '.join(shapes)} }}")
    for link in topology.links:
        ends = f'taillabel="{link.a.interface}", headlabel="{link.b.interface}"'
        lines.append(f'  "{link.a.node}" -- "{link.b.node}" [{ends}];')
    return "\n".join([*lines, "}"]) + "\n"


def _label(node: Node) -> str:
    return node.name if node.simulates is None else f"{node.name} (simulated)"


def _shape(node: Node) -> str:
    return "ellipse" if node.kind == "linux" else "box"
