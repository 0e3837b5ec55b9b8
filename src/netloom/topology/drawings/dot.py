"""A topology in Graphviz's DOT language."""

from __future__ import annotations

import json

from netloom.topology.graph import Topology
from netloom.topology.layout import tiers

COLORS = {"up": "#2f7d4f", "down": "#c0392b", "unknown": "#7a828c"}


def draw(topology: Topology) -> str:
    """An undirected graph: tiers on ranks, interfaces at the links' ends."""
    lines = [
        f"graph {json.dumps(topology.layer)} {{",
        '  graph [rankdir=TB, splines=line, nodesep=0.35, ranksep=1.1, fontname="Helvetica"];',
        '  node [shape=box, style="rounded,filled", fillcolor="#f4f6f8", color="#5b6672", fontname="Helvetica"];',
        '  edge [fontsize=9, fontname="Helvetica"];',
    ]
    for node in topology.nodes:
        shape = {"subnet": "ellipse", "unknown": "note", "device": "box"}[node.kind]
        color = COLORS["down"] if not node.reachable else "#5b6672"
        label = f"label={json.dumps(node.label)}, " if node.simulated else ""
        lines.append(f"  {json.dumps(node.name)} [{label}shape={shape}, color={json.dumps(color)}];")
    for row in tiers(topology).rows:
        members = "; ".join(json.dumps(name) for name in row)
        lines.append(f"  {{ rank=same; {members}; }}")
    for link in topology.links:
        style = "solid" if link.state == "up" and not link.one_sided else "dashed"
        label = link.label + (" (one-sided)" if link.one_sided else "") + (" down" if link.state == "down" else "")
        attributes = {
            "taillabel": link.a.interface,
            "headlabel": link.b.interface,
            "label": label.strip(),
            "color": COLORS[link.state],
            "style": style,
        }
        text = ", ".join(f"{key}={json.dumps(value)}" for key, value in attributes.items() if value)
        lines.append(f"  {json.dumps(link.a.device)} -- {json.dumps(link.b.device)} [{text}];")
    return "\n".join([*lines, "}"]) + "\n"
