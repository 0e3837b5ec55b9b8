"""A topology as a Mermaid flowchart, for Markdown."""

from __future__ import annotations

from netloom.topology.graph import Link, Topology


def draw(topology: Topology) -> str:
    """A flowchart from top to bottom, dotted where a link is down or one-sided."""
    names = {node.name: f"n{at}" for at, node in enumerate(topology.nodes)}
    lines = ["flowchart TB"]
    for node in topology.nodes:
        left, right = {"device": ("[", "]"), "subnet": ("([", "])"), "unknown": ("{{", "}}")}[node.kind]
        lines.append(f'  {names[node.name]}{left}"{_escape(node.label)}"{right}')
    down = []
    for at, link in enumerate(topology.links):
        arrow = "---" if link.state == "up" and not link.one_sided else "-.-"
        text = _escape(_text(link))
        label = f'|"{text}"|' if text else ""
        lines.append(f"  {names[link.a.device]} {arrow}{label} {names[link.b.device]}")
        if link.state == "down":
            down.append(str(at))
    if down:
        lines.append(f"  linkStyle {','.join(down)} stroke:#c0392b")
    return "\n".join(lines) + "\n"


def _text(link: Link) -> str:
    ends = " - ".join(end.interface for end in (link.a, link.b) if end.interface)
    notes = [link.label, "down" if link.state == "down" else "", "one-sided" if link.one_sided else ""]
    return " ".join(part for part in (ends, *notes) if part)


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;").replace(">", "&gt;")
