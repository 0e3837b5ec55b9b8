"""A topology in a terminal: boxes in tiers, links as braille lines between them, a table beneath."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from netloom.topology.graph import Link, Node, Topology
from netloom.topology.layout import Layout, tiers

BRAILLE = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
"""The dot of each place in a braille cell, by row and column (Unicode chapter 21)."""

ROW_GAP = 5

Style = str
"""A name that the caller maps to a colour: `up`, `down`, `one-sided`, `node`, `unreachable`, or empty."""


@dataclass(frozen=True, slots=True)
class Span:
    """A run of characters in one style."""

    text: str
    style: Style = ""


Row = tuple[Span, ...]


def draw(topology: Topology, *, width: int = 100) -> list[Row]:
    """Rows of styled text; links only as a table where the boxes do not fit the width."""
    layout = tiers(topology, width=max(1, len(topology.nodes)))
    rows: list[Row] = []
    if topology.nodes and _fits(topology, layout, width):
        rows += _Canvas(topology, layout, width).rows()
        rows.append(())
    rows += list(_table(topology, width))
    return rows


def _label(node: Node) -> str:
    marker = {"device": "", "subnet": "", "unknown": "?"}[node.kind]
    return f"{marker}{node.label}" + ("" if node.reachable else " ✕")


def _fits(topology: Topology, layout: Layout, width: int) -> bool:
    nodes = {node.name: node for node in topology.nodes}
    return all(sum(len(_label(nodes[name])) + 6 for name in row) <= width for row in layout.rows)


class _Canvas:
    """Cells for text over dots for lines: a cell is two dots wide and four high."""

    def __init__(self, topology: Topology, layout: Layout, width: int) -> None:
        self.topology = topology
        self.width = width
        self.height = len(layout.rows) * (3 + ROW_GAP) - ROW_GAP
        self.dots: dict[tuple[int, int], int] = {}
        self.styles: dict[tuple[int, int], Style] = {}
        self.text: dict[tuple[int, int], str] = {}
        self.centers: dict[str, tuple[int, int]] = {}
        for at, row in enumerate(layout.rows):
            for index, name in enumerate(row):
                self.centers[name] = (int(width * (index + 0.5) / len(row)), at * (3 + ROW_GAP) + 1)

    def rows(self) -> list[Row]:
        for link in sorted(self.topology.links, key=lambda link: link.state == "down"):
            self.line(link)
        for node in self.topology.nodes:
            self.box(node)
        return [self.row(y) for y in range(self.height)]

    def line(self, link: Link) -> None:
        (x1, y1), (x2, y2) = self.centers[link.a.device], self.centers[link.b.device]
        style = "down" if link.state == "down" else "one-sided" if link.one_sided else link.state
        steps = max(abs(x2 - x1) * 2, abs(y2 - y1) * 4, 1)
        for step in range(steps + 1):
            if style != "up" and step % 4 > 1:
                continue
            x = (x1 * 2 + 1) + (x2 - x1) * 2 * step / steps
            y = (y1 * 4 + 2) + (y2 - y1) * 4 * step / steps
            cell = (int(x) // 2, int(y) // 4)
            self.dots[cell] = self.dots.get(cell, 0) | BRAILLE[int(y) % 4][int(x) % 2]
            self.styles[cell] = style

    def box(self, node: Node) -> None:
        label = _label(node)
        x, y = self.centers[node.name]
        left = max(0, min(x - (len(label) + 4) // 2, self.width - len(label) - 4))
        style = "node" if node.reachable else "unreachable"
        inner = len(label) + 2
        for at, text in enumerate((f"╭{'─' * inner}╮", f"│ {label} │", f"╰{'─' * inner}╯")):
            for offset, character in enumerate(text):
                cell = (left + offset, y - 1 + at)
                self.text[cell] = character
                self.styles[cell] = style

    def row(self, y: int) -> Row:
        spans: list[Span] = []
        for x in range(self.width):
            character = self.text.get((x, y)) or (chr(0x2800 + dots) if (dots := self.dots.get((x, y))) else " ")
            style = self.styles.get((x, y), "") if character != " " else ""
            if spans and spans[-1].style == style:
                spans[-1] = Span(spans[-1].text + character, style)
            else:
                spans.append(Span(character, style))
        return tuple(spans)


def _table(topology: Topology, width: int) -> Iterable[Row]:
    """Every link on a line, problems first."""
    links = sorted(topology.links, key=lambda link: (link.state != "down", not link.one_sided))
    texts = [(str(link.a), str(link.b)) for link in links]
    left = max((len(a) for a, _ in texts), default=0)
    right = max((len(b) for _, b in texts), default=0)
    cells: list[Row] = []
    for link, (a, b) in zip(links, texts, strict=True):
        style = "down" if link.state == "down" else "one-sided" if link.one_sided else link.state
        words = [link.state if link.state != "up" else "", "one-sided" if link.one_sided else "", link.label]
        note = " ".join(word for word in words if word)
        mark = {"up": "──", "down": "✕✕", "one-sided": "╌╌"}.get(style, "··")
        cells.append((Span(f"{a:>{left}} "), Span(mark, style), Span(f" {b:<{right}}"), Span(f" {note}", style)))
    longest = max((sum(len(span.text) for span in cell) for cell in cells), default=1)
    columns = max(1, (width + 3) // (longest + 3))
    height = -(-len(cells) // columns)
    for at in range(height):
        row: list[Span] = []
        for cell in cells[at::height]:
            used = sum(len(span.text) for span in cell)
            row += [*cell, Span(" " * (longest - used + 3))]
        yield tuple(row)
