"""A topology as SVG: tiers from top to bottom, colour only for state and always with a word."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

from netloom.topology.graph import Endpoint, Link, Node, Topology
from netloom.topology.layout import Layout, tiers

STYLE = """
  svg { font-family: system-ui, "Segoe UI", Helvetica, Arial, sans-serif; background: var(--paper);
        --paper: #ffffff; --ink: #1d2733; --soft: #66727f; --box: #f3f5f7; --edge: #b6bfc8; --wire: #8b97a3;
        --good: #2f7d4f; --bad: #c0392b; --warn: #b7791f; }
  @media (prefers-color-scheme: dark) { svg { --paper: #14191f; --ink: #e6ebf0; --soft: #94a1ae; --box: #1f2730;
        --edge: #44515e; --wire: #6b7885; --good: #58b37c; --bad: #ef6a5b; --warn: #e0a94a; } }
  .node rect, .node ellipse { fill: var(--box); stroke: var(--edge); stroke-width: 1.2 }
  .node.simulated rect { stroke-dasharray: 5 3 }
  .node.unreachable rect { stroke: var(--bad); stroke-width: 2 }
  .node.unknown rect { stroke-dasharray: 4 3 }
  .node text { fill: var(--ink); text-anchor: middle; font-weight: 600 }
  .node .role { fill: var(--soft); font-weight: 400 }
  .node.unreachable .role { fill: var(--bad) }
  .link { stroke: var(--wire); stroke-width: 1.5; fill: none }
  .dense .link.up:not(.one-sided) { stroke-width: 0.9; opacity: 0.7 }
  .link.down { stroke: var(--bad); stroke-width: 2; stroke-dasharray: 6 4 }
  .link.one-sided { stroke: var(--warn); stroke-dasharray: 2 4 }
  .port, .mark { paint-order: stroke; stroke: var(--paper); stroke-width: 3px; stroke-linejoin: round }
  .port { fill: var(--soft); text-anchor: middle }
  .mark { text-anchor: middle; font-weight: 600 }
  .mark.down { fill: var(--bad) } .mark.one-sided { fill: var(--warn) }
  .mark.label { fill: var(--soft); font-weight: 400 }
  .title { fill: var(--ink); font-weight: 600 } .legend { fill: var(--soft) }
"""

MARGIN = 40
MOST_PORTS_A_SIDE = {"sparse": 8, "dense": 2}
"""More links than this on one side of a box, and their interfaces show only in tooltips."""

DENSE = 40
"""Links from which on a drawing is dense: thin lines, few words."""
HEADER = 56


@dataclass(frozen=True, slots=True)
class Scale:
    """Sizes in pixels; a big network gets small boxes, so that its map still fits a page."""

    box_width: int
    box_height: int
    gap: int
    row_gap: int
    font: float
    port_font: float


Point = tuple[float, float]
Places = Mapping[str, Point]


@dataclass(frozen=True, slots=True)
class Attachment:
    """Where a link touches a box."""

    point: Point
    lift: float
    """How much farther out the interface's name stands, so that crowded names do not overlap."""
    show_port: bool


def draw(topology: Topology, *, title: str = "") -> str:
    """The whole drawing; every link and node has a tooltip with what is known of it."""
    scale = _scale(topology)
    layout = tiers(topology, width=_row_width(topology))
    columns = max((len(row) for row in layout.rows), default=1)
    width = max(560, MARGIN * 2 + columns * (scale.box_width + scale.gap) - scale.gap)
    height = HEADER + MARGIN + len(layout.rows) * (scale.box_height + scale.row_gap) - scale.row_gap + MARGIN
    places = _places(layout, width, scale)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}"',
        f' class="{_density(topology)}" role="img" aria-label="{escape(_summary(topology), quote=True)}">',
        f"<style>{STYLE}</style>",
        f'<text class="title" x="{MARGIN}" y="30" font-size="15">{escape(title or topology.layer.upper())}</text>',
        f'<text class="legend" x="{MARGIN}" y="48" font-size="11.5">{escape(_summary(topology))}</text>',
        *_links(topology, places, scale),
        *(_node(node, places[node.name], scale) for node in topology.nodes),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _density(topology: Topology) -> str:
    return "dense" if len(topology.links) > DENSE else "sparse"


def _row_width(topology: Topology) -> int:
    return 12 if len(topology.nodes) <= 16 else 26


def _scale(topology: Topology) -> Scale:
    longest = max((len(node.name) for node in topology.nodes), default=6)
    if len(topology.nodes) <= 16:
        return Scale(max(104, longest * 8 + 24), 46, 56, 120, 13.5, 10.5)
    if len(topology.nodes) <= 60:
        return Scale(max(52, longest * 7 + 10), 26, 12, 150, 11.5, 8.5)
    return Scale(max(44, longest * 6 + 6), 22, 10, 130, 10, 0)


def _summary(topology: Topology) -> str:
    down = sum(link.state == "down" for link in topology.links)
    one_sided = sum(link.one_sided for link in topology.links)
    unreachable = sum(not node.reachable for node in topology.nodes)
    words = [f"{len(topology.nodes)} nodes", f"{len(topology.links)} links"]
    words += [f"{count} {word}" for count, word in ((down, "down"), (one_sided, "one-sided")) if count]
    words += [f"{unreachable} unreachable"] if unreachable else []
    simulated = sum(node.simulated for node in topology.nodes)
    words += [f"{simulated} simulated"] if simulated else []
    return " · ".join(words)


def _places(layout: Layout, width: int, scale: Scale) -> dict[str, Point]:
    """Each node's centre; every row is spread over the whole width."""
    places = {}
    for at, row in enumerate(layout.rows):
        y = HEADER + MARGIN + at * (scale.box_height + scale.row_gap) + scale.box_height / 2
        usable = width - 2 * MARGIN
        for index, name in enumerate(row):
            places[name] = (MARGIN + usable * (index + 0.5) / len(row), y)
    return places


def _node(node: Node, place: Point, scale: Scale) -> str:
    x, y = place
    state = ("" if node.reachable else " unreachable") + (" simulated" if node.simulated else "")
    role = node.role or ("not in inventory" if node.kind == "unknown" else "")
    role = ", ".join(filter(None, (role, "simulated"))) if node.simulated else role
    role = role if node.reachable else "not reached"
    show_role = role and scale.box_height > 40
    shape = (
        f'<rect x="{x - scale.box_width / 2:.1f}" y="{y - scale.box_height / 2:.1f}" width="{scale.box_width}" '
        f'height="{scale.box_height}" rx="{scale.box_height / 2 if node.kind == "subnet" else 7}"/>'
    )
    name = node.name if node.reachable or show_role else f"✕ {node.name}"
    name_y = y + (scale.font * 0.35 if not show_role else -1)
    text = f'<text x="{x:.1f}" y="{name_y:.1f}" font-size="{scale.font}">{escape(name)}</text>'
    if show_role:
        size = scale.font - 2.5
        text += f'<text class="role" x="{x:.1f}" y="{y + size + 1:.1f}" font-size="{size}">{escape(role)}</text>'
    tooltip = " · ".join(part for part in (node.name, role, node.platform or "") if part)
    return f'<g class="node {node.kind}{state}"><title>{escape(tooltip)}</title>{shape}{text}</g>'


def _links(topology: Topology, places: Places, scale: Scale) -> list[str]:
    """Lines first, words last, so that no line crosses out a word; problems over the rest; parallel links bow apart."""
    ends = _attachments(topology, places, scale)
    bundles: dict[frozenset[str], list[int]] = defaultdict(list)
    for at, link in enumerate(topology.links):
        bundles[frozenset((link.a.device, link.b.device))].append(at)
    drawn: list[tuple[bool, str]] = []
    words: list[str] = []
    for bundle in bundles.values():
        for index, at in enumerate(bundle):
            link = topology.links[at]
            bow = (index - (len(bundle) - 1) / 2) * 26
            line, text = _link(link, (ends[at, "a"], ends[at, "b"]), scale, bow)
            drawn.append((link.state == "down" or link.one_sided, line))
            words.extend(text)
    return [line for _, line in sorted(drawn, key=lambda item: item[0])] + words


def _attachments(topology: Topology, places: Places, scale: Scale) -> dict[tuple[int, str], Attachment]:
    """Where each link leaves its boxes: spread over the side that faces the other end, ordered by direction."""
    sides: dict[tuple[str, int], list[tuple[float, int, str]]] = defaultdict(list)
    for at, link in enumerate(topology.links):
        for end, near, far in (("a", link.a, link.b), ("b", link.b, link.a)):
            (x, y), (far_x, far_y) = places[near.device], places[far.device]
            side = 1 if far_y > y + 1 else -1
            sides[near.device, side].append((far_x - x, at, end))
    most_ports = MOST_PORTS_A_SIDE[_density(topology)]
    found: dict[tuple[int, str], Attachment] = {}
    for (device, side), links in sides.items():
        x, y = places[device]
        links.sort()
        reach = scale.box_width * min(0.8, 0.3 * (len(links) - 1))
        for index, (_, at, end) in enumerate(links):
            share = index / (len(links) - 1) - 0.5 if len(links) > 1 else 0.0
            crowded = scale.port_font * 2.6 > reach / max(1, len(links) - 1) if len(links) > 1 else False
            lift = (index % 2) * scale.port_font * 1.1 if crowded else 0.0
            point = (x + reach * share, y + side * scale.box_height / 2)
            found[at, end] = Attachment(point, lift, len(links) <= most_ports)
    return found


def _link(link: Link, ends: tuple[Attachment, Attachment], scale: Scale, bow: float) -> tuple[str, list[str]]:
    start, end = ends[0].point, ends[1].point
    aside = (0.0, bow - 30) if abs(start[1] - end[1]) < 1 else (bow, 0.0)
    middle = ((start[0] + end[0]) / 2 + aside[0], (start[1] + end[1]) / 2 + aside[1])
    classes = " ".join(["link", link.state, *(["one-sided"] if link.one_sided else [])])
    state = link.state + (", one-sided" if link.one_sided else "")
    tooltip = f"{link.a} - {link.b} ({state})" + (f" {link.label}" if link.label else "")
    curve = f"M{start[0]:.1f},{start[1]:.1f} Q{middle[0]:.1f},{middle[1]:.1f} {end[0]:.1f},{end[1]:.1f}"
    line = f'<path class="{classes}" d="{curve}"><title>{escape(tooltip)}</title></path>'
    words = [_port(link.a, ends[0], middle, scale), _port(link.b, ends[1], middle, scale)]
    mark = "down" if link.state == "down" else "one-sided" if link.one_sided else ""
    size = max(scale.port_font, 9)
    at = ((start[0] + 2 * middle[0] + end[0]) / 4, (start[1] + 2 * middle[1] + end[1]) / 4)
    if mark or (link.label and scale.box_height > 40):
        text = f"✕ {mark}" if mark == "down" else f"◐ {mark}" if mark else link.label
        where = f'x="{at[0]:.1f}" y="{at[1]:.1f}" font-size="{size}"'
        words.append(f'<text class="mark {mark or "label"}" {where}>{escape(text)}</text>')
    return line, [word for word in words if word]


def _port(end: Endpoint, attachment: Attachment, toward: Point, scale: Scale) -> str:
    """An interface's name just outside its box, along the line."""
    if not end.interface or not scale.port_font or not attachment.show_port:
        return ""
    x, y = attachment.point
    length = max(1.0, ((toward[0] - x) ** 2 + (toward[1] - y) ** 2) ** 0.5)
    rise = abs(toward[1] - y) / length
    step = (scale.port_font * 1.3 + attachment.lift) / max(rise, 0.25) / length
    x += (toward[0] - x) * step
    y += (toward[1] - y) * step + scale.port_font * 0.35
    return f'<text class="port" x="{x:.1f}" y="{y:.1f}" font-size="{scale.port_font}">{escape(end.interface)}</text>'
