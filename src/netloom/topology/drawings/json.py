"""A topology as JSON: nodes and links with all their fields."""

from __future__ import annotations

import json
from dataclasses import asdict

from netloom.topology.graph import Topology


def draw(topology: Topology) -> str:
    """One object with layer, nodes and links."""
    return json.dumps(asdict(topology), indent=2, ensure_ascii=False) + "\n"
