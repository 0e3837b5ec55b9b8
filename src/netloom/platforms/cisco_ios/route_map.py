"""Route maps of an IOS router."""

from __future__ import annotations

from dataclasses import replace

from netloom.errors import Unsupported
from netloom.model.config import Config, Line
from netloom.model.route_map import RouteMap
from netloom.platforms import policy_screens
from netloom.platforms.cisco_ios.change import change
from netloom.platforms.route_policy import (
    CISCO_WORDS,
    in_order,
    refuse_bad_goto,
    route_map_lines,
    route_maps,
    unsaid,
)

WORDS = replace(CISCO_WORDS, words={**CISCO_WORDS.words, "match_acl": "match ip address"}, _known={})


def configured(config: Config) -> list[RouteMap]:
    """Every route map with its entries in order."""
    return route_maps(config, WORDS)


def lines(record: RouteMap, config: Config) -> list[Line]:
    """A section for each entry."""
    return route_map_lines(record, config, WORDS)


def render(have: RouteMap | None, want: RouteMap | None, config: Config) -> list[Line]:
    """The least change; a `match` that changes goes before the new one comes, which would widen it."""
    if want is not None:
        refuse_bad_goto(want)
        for entry in want.entries:
            if missing := unsaid(entry, WORDS):
                place = f"route map {want.name}, entry {entry.sequence}"
                raise Unsupported(f"{place}: IOS has no {', '.join(missing)}", device="")
    return change(have, want, config, lines)


def canonical(record: RouteMap) -> RouteMap:
    """Entries by their numbers."""
    return in_order(record)


def screened(*outputs: str) -> list[RouteMap]:
    """What `show route-map` says."""
    return configured(policy_screens.route_map_config(outputs))
