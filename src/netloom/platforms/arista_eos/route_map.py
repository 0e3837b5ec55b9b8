"""Route maps of an EOS switch."""

from __future__ import annotations

from dataclasses import replace

from netloom.errors import Unsupported
from netloom.model.config import Config, Line
from netloom.model.route_map import RouteMap
from netloom.platforms import policy_screens
from netloom.platforms.arista_eos.change import change
from netloom.platforms.route_policy import (
    CISCO_WORDS,
    RouteMapWords,
    in_order,
    refuse_bad_goto,
    route_map_lines,
    route_maps,
    unsaid,
)

_WORDS = RouteMapWords(
    words={**CISCO_WORDS.words, "match_acl": "match ip address access-list", "call": "sub-route-map"},
    numbers=CISCO_WORDS.numbers,
)


def configured(config: Config) -> list[RouteMap]:
    """Every route map with its entries in order."""
    return route_maps(config, _WORDS)


def lines(record: RouteMap, config: Config) -> list[Line]:
    """A section for each entry."""
    return route_map_lines(canonical(record), config, _WORDS)


def render(have: RouteMap | None, want: RouteMap | None, config: Config) -> list[Line]:
    """The least change; an entry that turns from permit to deny is made anew."""
    if want is not None:
        refuse_bad_goto(want)
        for entry in want.entries:
            if unknown := unsaid(entry, _WORDS):
                place = f"route map {want.name}, entry {entry.sequence}"
                raise Unsupported(f"{place}: EOS does not know {', '.join(unknown)}", device="")
    return change(have, want, config, lines)


def canonical(record: RouteMap) -> RouteMap:
    """Entries by their numbers, empty descriptions as none."""
    entries = in_order(record).entries
    return replace(record, entries=tuple(replace(entry, description=entry.description or None) for entry in entries))


def screened(*outputs: str) -> list[RouteMap]:
    """What `show route-map` says."""
    return configured(policy_screens.route_map_config(outputs))
