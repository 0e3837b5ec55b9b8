"""Places for a topology's nodes: tiers from top to bottom, each ordered so that few links cross."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Mapping
from dataclasses import dataclass

from netloom.topology.graph import Topology

ROLE_TIERS = {
    "core": 0,
    "superspine": 0,
    "border": 0,
    "spine": 1,
    "distribution": 1,
    "router": 1,
    "leaf": 2,
    "access": 2,
    "tor": 2,
    "switch": 2,
    "host": 3,
    "server": 3,
}
"""Where common roles stand when nobody says."""

SWEEPS = 12


@dataclass(frozen=True, slots=True)
class Layout:
    """Rows of node names from top to bottom; a wide tier takes several rows."""

    rows: tuple[tuple[str, ...], ...]

    def position(self, name: str) -> tuple[int, int]:
        """Row and place in it, counted from zero; raises KeyError."""
        for at, row in enumerate(self.rows):
            if name in row:
                return at, row.index(name)
        raise KeyError(name)


def tiers(topology: Topology, *, width: int = 16) -> Layout:
    """Lay nodes out in tiers of at most `width` a row."""
    neighbors = _neighbors(topology)
    ranks = _ranks(topology, neighbors)
    grouped: dict[int, list[str]] = defaultdict(list)
    for node in sorted(topology.nodes, key=lambda node: _natural(node.name)):
        grouped[ranks[node.name]].append(node.name)
    levels = [grouped[rank] for rank in sorted(grouped)]
    for sweep in range(SWEEPS):
        order = range(1, len(levels)) if sweep % 2 == 0 else range(len(levels) - 2, -1, -1)
        for at in order:
            beside = levels[at - 1] if sweep % 2 == 0 else levels[at + 1]
            levels[at] = _by_barycenter(levels[at], beside, neighbors)
    return Layout(tuple(row for level in levels for row in _wrap(level, width)))


def _neighbors(topology: Topology) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {node.name: set() for node in topology.nodes}
    for link in topology.links:
        found[link.a.device].add(link.b.device)
        found[link.b.device].add(link.a.device)
    return found


def _ranks(topology: Topology, neighbors: Mapping[str, set[str]]) -> dict[str, int]:
    """A tier for every node: as told, by its role, or one below its nearest ranked neighbor."""
    ranks: dict[str, int] = {}
    for node in topology.nodes:
        if node.tier is not None:
            ranks[node.name] = node.tier
        elif node.role and node.role.lower() in ROLE_TIERS:
            ranks[node.name] = ROLE_TIERS[node.role.lower()]
    if not ranks:
        ranks = _roots(neighbors)
    queue = deque(sorted(ranks, key=lambda name: ranks[name]))
    while queue:
        name = queue.popleft()
        for neighbor in sorted(neighbors[name]):
            if neighbor not in ranks:
                ranks[neighbor] = ranks[name] + 1
                queue.append(neighbor)
    lowest = max(ranks.values(), default=0)
    return {name: ranks.get(name, lowest) for name in neighbors}


def _roots(neighbors: Mapping[str, set[str]]) -> dict[str, int]:
    """The best-connected node of each connected part stands at the top."""
    roots: dict[str, int] = {}
    seen: set[str] = set()
    for name in sorted(neighbors, key=lambda name: (-len(neighbors[name]), _natural(name))):
        if name in seen:
            continue
        roots[name] = 0
        queue = [name]
        while queue:
            current = queue.pop()
            if current not in seen:
                seen.add(current)
                queue.extend(neighbors[current])
    return roots


def _by_barycenter(level: list[str], beside: list[str], neighbors: Mapping[str, set[str]]) -> list[str]:
    """Order a tier by the mean place of each node's neighbors in the tier beside it."""
    place = {name: at / max(1, len(beside) - 1) for at, name in enumerate(beside)}

    def weight(item: tuple[int, str]) -> tuple[float, int]:
        at, name = item
        places = [place[neighbor] for neighbor in neighbors[name] if neighbor in place]
        own = at / max(1, len(level) - 1)
        return (round(sum(places) / len(places), 6) if places else own, at)

    return [name for _, name in sorted(enumerate(level), key=weight)]


def _wrap(level: list[str], width: int) -> list[tuple[str, ...]]:
    """Split a tier into rows of nearly equal length."""
    count = -(-len(level) // width)
    size, longer = divmod(len(level), count)
    rows, start = [], 0
    for at in range(count):
        end = start + size + (1 if at < longer else 0)
        rows.append(tuple(level[start:end]))
        start = end
    return rows


def _natural(name: str) -> tuple[tuple[int, str], ...]:
    """Sorts leaf2 before leaf10."""
    parts: list[tuple[int, str]] = []
    digits = ""
    for character in name:
        if character in "0123456789":
            digits += character
            continue
        if digits:
            parts.append((int(digits), ""))
            digits = ""
        parts.append((-1, character))
    if digits:
        parts.append((int(digits), ""))
    return tuple(parts)
