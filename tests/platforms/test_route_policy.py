"""Route maps and prefix lists as Cisco-like systems write them."""

from __future__ import annotations

import pytest

from netloom.model.config import Config, Line, Tree
from netloom.model.prefix_list import PrefixList, PrefixListEntry
from netloom.model.route_map import RouteMap, RouteMapEntry
from netloom.platforms.route_policy import (
    CISCO_WORDS,
    prefix_list_lines,
    prefix_lists,
    refuse_bad_goto,
    refuse_lengths,
    route_map_lines,
    route_maps,
)

TERM: Tree = {
    "description to the world": {},
    "match ip address prefix-list PL": {},
    "match interface Ethernet1": {},
    "match tag 7": {},
    "set metric +10": {},
    "set ip next-hop 10.0.0.1": {},
    "set ip next-hop peer-address": {},
    "set community 65000:1 additive": {},
    "set as-path prepend 65000 65000": {},
    "set as-path prepend auto": {},
    "continue 30": {},
}


def test_a_term_says_what_fields_hold_and_the_rest_in_its_own_words() -> None:
    config = Config({"route-map RM deny 20": {}, "route-map RM permit 10": dict(TERM), "route-map broken": {}})
    assert route_maps(config, CISCO_WORDS) == [
        RouteMap(
            "RM",
            (
                RouteMapEntry(
                    10,
                    "permit",
                    description="to the world",
                    match_prefix_list="PL",
                    match_interface="Ethernet1",
                    match_tag=7,
                    set_next_hop="10.0.0.1",
                    set_community=("65000:1", "additive"),
                    set_as_path_prepend=(65000, 65000),
                    on_match="goto 30",
                    other=("set as-path prepend auto", "set ip next-hop peer-address", "set metric +10"),
                ),
                RouteMapEntry(20, "deny"),
            ),
        )
    ]


def test_a_route_maps_lines_are_those_it_was_read_from() -> None:
    config = Config({"route-map RM permit 10": TERM | {"set ipv6 next-hop 2001:DB8:0::1": {}}})
    (record,) = route_maps(config, CISCO_WORDS)
    assert set(route_map_lines(record, config, CISCO_WORDS)) == set(config.lines())


@pytest.mark.parametrize("on_match", ["goto 10", "goto 5", "onwards"])
def test_going_back_is_refused(on_match: str) -> None:
    with pytest.raises(ValueError, match="expected on_match `next` or `goto` a later entry"):
        refuse_bad_goto(RouteMap("RM", (RouteMapEntry(10, "permit", on_match=on_match),)))


FLAT = Config(
    {
        "ip prefix-list PL description mine": {},
        "ip prefix-list PL seq 20 deny 0.0.0.0/0 ge 25": {},
        "ip prefix-list PL seq 10 permit 10.0.0.0/8 eq 24": {},
        "ipv6 prefix-list P6 seq 5 permit 2001:DB8::/32 le 64": {},
    }
)
SECTIONED = Config(
    {
        "ip prefix-list PL": {
            "description mine": {},
            "seq 10 permit 10.0.0.0/8 eq 24": {},
            "seq 20 deny 0.0.0.0/0 ge 25": {},
        },
        "ipv6 prefix-list P6": {"seq 5 permit 2001:DB8::/32 le 64": {}},
    }
)
LISTS = [
    PrefixList(
        "PL",
        "ipv4",
        "mine",
        (PrefixListEntry(10, "permit", "10.0.0.0/8", 24, 24), PrefixListEntry(20, "deny", "0.0.0.0/0", 25)),
    ),
    PrefixList("P6", "ipv6", None, (PrefixListEntry(5, "permit", "2001:db8::/32", le=64),)),
]


@pytest.mark.parametrize(("config", "sectioned"), [(FLAT, False), (SECTIONED, True)])
def test_a_prefix_list_is_the_same_in_lines_and_in_a_section(config: Config, sectioned: bool) -> None:
    assert prefix_lists(config) == LISTS
    written = [line for record in LISTS for line in prefix_list_lines(record, config, sectioned=sectioned)]
    assert set(written) == set(config.lines())


def test_an_empty_section_is_an_empty_list() -> None:
    assert prefix_lists(Config({"ip prefix-list NONE": {}})) == [PrefixList("NONE")]
    assert prefix_list_lines(PrefixList("NONE"), Config({}), sectioned=True) == [Line("ip prefix-list NONE")]


@pytest.mark.parametrize(
    "entry", [PrefixListEntry(5, "permit", "10.0.0.0/8", le=4), PrefixListEntry(5, "permit", "10.0.0.0/8", 24, 16)]
)
def test_lengths_that_match_nothing_are_refused(entry: PrefixListEntry) -> None:
    with pytest.raises(ValueError, match="expected length <= ge <= le <= 32"):
        refuse_lengths(PrefixList("PL", entries=(entry,)))
