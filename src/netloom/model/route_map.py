"""A route map: ordered terms that match routes and change them (openconfig-routing-policy)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from netloom.model.noun import Noun, Record, Ref
from netloom.model.text import Address, FreeText, Word


@dataclass(frozen=True, slots=True)
class RouteMapEntry(Record):
    """One term; None means that the term neither matches nor sets it."""

    IDENTITY = ("sequence",)

    sequence: int
    """Of a term that has a name and no number: ten times its place."""
    action: Literal["permit", "deny"]
    name: Word | None = None
    """Of a term, on systems that name terms (Junos)."""
    description: FreeText | None = None
    match_prefix_list: Word | None = None
    """An IPv4 prefix list's name."""
    match_ipv6_prefix_list: Word | None = None
    match_community: Word | None = None
    match_as_path: Word | None = None
    match_interface: Word | None = None
    match_acl: Word | None = None
    """An IPv4 ACL's name, matched against the prefix."""
    match_next_hop: Word | None = None
    """A prefix list's name, matched against the next hop."""
    match_source_protocol: Word | None = None
    match_tag: int | None = None
    match_metric: int | None = None
    set_local_preference: int | None = None
    set_metric: int | None = None
    set_weight: int | None = None
    set_tag: int | None = None
    set_origin: Literal["igp", "egp", "incomplete"] | None = None
    set_next_hop: Address | None = None
    set_ipv6_next_hop: Address | None = None
    set_community: tuple[str, ...] = ()
    """Communities, or words such as no-export; with `additive` last they are added."""
    set_as_path_prepend: tuple[int, ...] = ()
    call: Word | None = None
    on_match: str | None = None
    """`next`, or `goto N`."""
    other: tuple[FreeText, ...] = ()
    """What else the term says, in the device's words."""


@dataclass(frozen=True, slots=True)
class RouteMap(Record):
    """A named route map."""

    IDENTITY = ("name",)

    name: Word
    entries: tuple[RouteMapEntry, ...] = ()

    @property
    def refs(self) -> tuple[Ref, ...]:
        found = []
        for entry in self.entries:
            if entry.match_prefix_list:
                found.append(Ref("prefix_list", ("ipv4", entry.match_prefix_list)))
            if entry.match_ipv6_prefix_list:
                found.append(Ref("prefix_list", ("ipv6", entry.match_ipv6_prefix_list)))
            if entry.call:
                found.append(Ref("route_map", (entry.call,)))
        return tuple(found)


NOUN = Noun("route_map", "route_maps", record=RouteMap)
