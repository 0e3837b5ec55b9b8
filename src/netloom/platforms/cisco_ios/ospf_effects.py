"""What `passive-interface` shows: only what differs from `passive-interface default`, or from its absence."""

from __future__ import annotations

import re
from collections.abc import Callable

from netloom.model.config import Line
from netloom.platforms.rules import Sheet

DEFAULT = "passive-interface default"
_ONE = re.compile(r"passive-interface (?!default$).+")


def effect(draft: Sheet, line: Line) -> Callable[[], None] | None:
    """What is to be done after a line."""
    if len(line.path) != 1 or not line.path[0].startswith("router ospf "):
        return None
    text = draft.rules.unsigned(line.text)
    if text == DEFAULT:
        return lambda: _turned(draft, line.path)
    return (lambda: _hide(draft, line.path, text)) if _ONE.fullmatch(text) else None


def _turned(draft: Sheet, path: tuple[str, ...]) -> None:
    for text in list(draft.section(path)):
        if _ONE.fullmatch(draft.rules.unsigned(text)):
            _hide(draft, path, draft.rules.unsigned(text))


def _hide(draft: Sheet, path: tuple[str, ...], text: str) -> None:
    draft.drop(path, text if DEFAULT in draft.section(path) else f"no {text}")
