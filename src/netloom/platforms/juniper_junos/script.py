"""Lines as typed at the top of Junos' configuration mode, or loaded with `load set`."""

from __future__ import annotations

from collections.abc import Iterable

from netloom.model.config import Line
from netloom.platforms.juniper_junos.spelling import Words, join, quote, split
from netloom.platforms.juniper_junos.tree import MARKING, is_mark


def script(lines: Iterable[Line]) -> list[str]:
    """Every line by itself; comments are written from the level above their statement."""
    typed: list[str] = []
    for line in lines:
        words = split(line.text)
        if line.path or is_mark(line.text):
            typed.append(_command((*line.path, line.text)))
        elif words[:1] == ("annotate",) and len(words) > 2:
            level, statement, text = words[1:-2], words[-2], words[-1]
            typed += [f"edit {join(level)}"] if level else []
            typed.append(f'annotate {quote(statement)} "{text}"')
            typed += ["top"] if level else []
        else:
            typed.append(line.text)
    return typed


def _command(path: Words) -> str:
    """The command for a line that stands in the tree, such as a template's."""
    if path[-1] in MARKING:
        return f"{MARKING[path[-1]]} {join(path[:-1])}"
    return f"set {join(path)}"
