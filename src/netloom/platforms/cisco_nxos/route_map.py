"""The route maps of a Nexus."""

from __future__ import annotations

from dataclasses import replace

from netloom.errors import Unsupported
from netloom.model.config import Config, Line
from netloom.model.route_map import RouteMap
from netloom.platforms import policy_screens
from netloom.platforms.cisco_nxos.change import change
from netloom.platforms.cisco_nxos.words import one_line
from netloom.platforms.route_policy import (
    CISCO_WORDS,
    in_order,
    refuse_bad_goto,
    route_map_lines,
    route_maps,
    unsaid,
)

_WORDS = replace(CISCO_WORDS, words={**CISCO_WORDS.words, "match_acl": "match ip address"})


def configured(config: Config) -> list[RouteMap]:
    """Every route map, its entries by their numbers."""
    return route_maps(config, _WORDS)


def lines(record: RouteMap, config: Config) -> list[Line]:
    """A section for each entry."""
    return route_map_lines(record, config, _WORDS)


def render(have: RouteMap | None, want: RouteMap | None, config: Config) -> list[Line]:
    """The least change; an entry's action changes in place."""
    if want is not None:
        _check(want)
    return change(have, want, config, lines)


def canonical(record: RouteMap) -> RouteMap:
    """Entries by their numbers."""
    entries = in_order(record).entries
    return replace(record, entries=tuple(replace(entry, description=one_line(entry.description)) for entry in entries))


def _check(want: RouteMap) -> None:
    refuse_bad_goto(want)
    for entry in want.entries:
        if fields := unsaid(entry, _WORDS):
            place = f"route_map {want.name}, entry {entry.sequence}"
            raise Unsupported(f"{place}: NX-OS has no {', '.join(fields)}", device="")
        if entry.on_match == "next":
            place = f"route_map {want.name}, entry {entry.sequence}"
            raise Unsupported(f"{place}: NX-OS continues at a number", device="", hint="on_match: goto N")


def screened(*outputs: str) -> list[RouteMap]:
    """What `show route-map` says."""
    return configured(policy_screens.route_map_config(outputs))
