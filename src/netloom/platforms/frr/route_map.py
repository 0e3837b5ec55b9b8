"""Route maps of an FRR router."""

from __future__ import annotations

from dataclasses import replace

from netloom.errors import Unsupported
from netloom.model.config import Config, Line
from netloom.model.route_map import RouteMap, RouteMapEntry
from netloom.platforms.frr.change import change
from netloom.platforms.frr.communities import spelled
from netloom.platforms.frr.words import one_line
from netloom.platforms.route_policy import RouteMapWords, refuse_bad_goto, route_map_lines, route_maps, unsaid

_MOST = 4_294_967_295
_WORDS = RouteMapWords(
    words={
        "call": "call",
        "match_as_path": "match as-path",
        "match_community": "match community",
        "match_interface": "match interface",
        "match_prefix_list": "match ip address prefix-list",
        "match_ipv6_prefix_list": "match ipv6 address prefix-list",
        "set_next_hop": "set ip next-hop",
        "set_origin": "set origin",
    },
    numbers={
        "match_metric": "match metric",
        "match_tag": "match tag",
        "set_local_preference": "set local-preference",
        "set_metric": "set metric",
        "set_tag": "set tag",
        "set_weight": "set weight",
    },
    next="on-match next",
    goto="on-match goto ",
    keeps_other=False,
)


def configured(config: Config) -> list[RouteMap]:
    """Every route map with its entries in order."""
    return route_maps(config, _WORDS)


def lines(record: RouteMap, config: Config) -> list[Line]:
    """A section for each entry."""
    return route_map_lines(canonical(record), config, _WORDS)


def render(have: RouteMap | None, want: RouteMap | None, config: Config) -> list[Line]:
    """The least change; an entry's action changes in place. Raises ValueError for what FRR 8 chokes on."""
    if want is not None:
        for entry in want.entries:
            _check(f"route map {want.name}, entry {entry.sequence}", entry)
        refuse_bad_goto(want)
    return change(have, want, config, lines)


def canonical(record: RouteMap) -> RouteMap:
    """Entries by their numbers, communities as FRR sorts them."""
    entries = sorted(record.entries, key=lambda entry: entry.sequence)
    return replace(
        record,
        entries=tuple(
            replace(entry, description=one_line(entry.description), set_community=spelled(entry.set_community))
            for entry in entries
        ),
    )


def _check(place: str, entry: RouteMapEntry) -> None:
    # A refused metric leaves FRR 8.4's daemons with a transaction that never ends: nothing is taken any more.
    if entry.match_metric is not None and not 1 <= entry.match_metric <= _MOST:
        raise ValueError(f"{place}: expected match_metric 1–{_MOST}, got {entry.match_metric}")
    if entry.match_tag is not None and not 1 <= entry.match_tag <= _MOST:
        raise ValueError(f"{place}: expected match_tag 1–{_MOST}, got {entry.match_tag}")
    if entry.on_match is not None and entry.action == "deny":
        raise ValueError(f"{place}: expected on_match with permit only, got deny")
    if unknown := unsaid(entry, _WORDS):
        raise Unsupported(f"{place}: {', '.join(unknown)} cannot be set", device="")
