"""Lines that state a default: what one text says and another leaves out differs in words only."""

from __future__ import annotations

from collections.abc import Iterator

from netloom.model.config import Config, Line
from netloom.platforms.contract import Platform
from netloom.platforms.wording import silent_on, states


def reconciled(platform: Platform, base: Config, aim: Config) -> Config:
    """The aim in the base's words: it states a default where the base does, wherever both come to the same."""
    surplus = set(_unsaid(platform, aim, base))
    missing = list(_unsaid(platform, base, aim))
    if not surplus and not missing:
        return aim
    made = aim.copy()
    for line in surplus:
        del made.section(*line.path)[line.text]
    for line in missing:
        made.section(*line.path)[line.text] = {}
    return made


def _unsaid(platform: Platform, one: Config, other: Config) -> Iterator[Line]:
    """The defaults that one configuration states, and that hold in the other without a word."""
    acquaintance = Config(other.tree, one.marks | other.marks, origins=one.origins | other.origins)
    for line in one.lines():
        if line in other or not states(one, line):
            continue
        silent = silent_on(acquaintance, line)
        there = all(Line(header, line.path[:depth]) in other for depth, header in enumerate(line.path))
        if there and platform.apply_lines(silent, [line]) == other:
            yield line
