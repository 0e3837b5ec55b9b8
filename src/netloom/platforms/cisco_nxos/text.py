"""The running configuration of NX-OS as text."""

from __future__ import annotations

import re

from netloom.model.config import Config, Tree
from netloom.platforms import lines as engine
from netloom.platforms.cisco_nxos.rules import rules_of

_CHANGING = re.compile(r"!(?:Command|Time|Running configuration last done at|No configuration change since).*")


def parse_config(text: str) -> Config:
    """The tree of a running configuration or a checkpoint."""
    return engine.parse_indented(text, rules_of(Config({})))


def format_config(config: Config) -> str:
    """The text as NX-OS prints it: sections two blanks deeper, none closed."""
    out: list[str] = []
    _format(config.tree, 0, out)
    return "\n".join(out) + "\n" if out else ""


def _format(tree: Tree, depth: int, out: list[str]) -> None:
    for text, below in tree.items():
        out.append("  " * depth + text)
        _format(below, depth + 1, out)


def normalise(text: str) -> str:
    """The configuration without what changes by itself: the command, the time, blank lines."""
    kept = [line.rstrip() for line in text.splitlines()]
    kept = [line for line in kept if line and not _CHANGING.fullmatch(line.strip())]
    return "\n".join(kept) + "\n" if kept else ""
