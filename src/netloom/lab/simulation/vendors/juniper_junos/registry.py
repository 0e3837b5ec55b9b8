"""Every `show` command and rpc of a simulated Junos device."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from netloom.lab.simulation.vendors.juniper_junos import (
    show_bgp,
    show_chassis,
    show_interfaces,
    show_neighbors,
    show_routes,
    show_switching,
    show_system,
)
from netloom.lab.simulation.vendors.juniper_junos.shows import NotShown, Options, Show

SHOWS: tuple[Show, ...] = (
    *show_system.SHOWS,
    *show_chassis.SHOWS,
    *show_interfaces.SHOWS,
    *show_neighbors.SHOWS,
    *show_bgp.SHOWS,
    *show_routes.SHOWS,
    *show_switching.SHOWS,
)


@cache
def shows_by_rpc() -> dict[str, Show]:
    """The rpc's element → what it shows."""
    return {rpc: show for show in SHOWS for rpc in show.rpcs}


def found_show(words: Sequence[str]) -> tuple[Show, Options]:
    """The command that these words are, shortened or not; raises NotShown with the word that is none."""
    fits: list[tuple[int, int, Show]] = []
    deepest = 0
    for show in SHOWS:
        names = show.command.split()
        depth = next(
            (at for at, name in enumerate(names) if at >= len(words) or not name.startswith(words[at])), len(names)
        )
        deepest = max(deepest, min(depth, len(words)))
        if depth == len(names):
            exact = sum(1 for name, word in zip(names, words, strict=False) if name == word)
            fits.append((depth, exact, show))
    if not fits:
        wrong = words[deepest] if deepest < len(words) else ""
        known = deepest or (words and any(show.command.startswith(words[0]) for show in SHOWS))
        raise NotShown("syntax error, expecting <command>" if known else "unknown command", wrong or " ")
    best: tuple[int, str] | None = None
    for depth, _, show in sorted(fits, key=lambda item: item[:2], reverse=True):
        options = show.options(words[depth:])
        if not isinstance(options, int):
            return show, options
        at = depth + options
        best = max(best or (0, ""), (at, words[at] if at < len(words) else " "))
    raise NotShown("syntax error", best[1] if best else " ")
