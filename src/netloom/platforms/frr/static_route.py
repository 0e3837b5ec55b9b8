"""Static routes of an FRR router."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from netloom.model.config import Config, Line, Tree
from netloom.model.static_route import StaticRoute
from netloom.platforms.frr.change import change
from netloom.platforms.frr.words import family_of
from netloom.platforms.line_words import is_address
from netloom.platforms.refusals import refuse

_ROUTE = re.compile(r"ip(?:v6)? route (\S+) (\S+)(?: (?!tag )([^\s\d]\S*))?(?: tag (\d+))?(?: (\d+))?")
_NULL = {"Null0": "blackhole"}


def configured(config: Config) -> list[StaticRoute]:
    """Routes at the top and in VRF sections; those with options that the model does not know are left out."""
    found = list(_routes(config.tree, "default"))
    for header, below in config.sections("vrf "):
        found += _routes(below, header.split()[1])
    return found


def lines(record: StaticRoute, config: Config) -> list[Line]:
    """The one line of a route."""
    path = () if record.vrf == "default" else (f"vrf {record.vrf}",)
    way = " ".join(part for part in (record.next_hop, record.interface) if part)
    text = f"{family_of(record.prefix)} route {record.prefix} {way}"
    options = f" tag {record.tag}" if record.tag is not None else ""
    if record.distance not in (None, 1):
        options += f" {record.distance}"
    for shown, meant in _NULL.items():
        other = f"{family_of(record.prefix)} route {record.prefix} {shown}{options}"
        if way == meant and other in config.section(*path):
            return [Line(other, path)]
    return [Line(text + options, path)]


def render(have: StaticRoute | None, want: StaticRoute | None, config: Config) -> list[Line]:
    """The least change."""
    if want is not None:
        refuse(want, ("name",), f"static route {want.prefix}", "FRR's routes have no")
    return change(have, want, config, lines)


def canonical(record: StaticRoute) -> StaticRoute:
    """Without the default distance."""
    return replace(record, distance=None) if record.distance == 1 else record


def _routes(tree: Tree, vrf: str) -> Iterator[StaticRoute]:
    for text in tree:
        if not text.startswith(("ip route ", "ipv6 route ")) or not (match := _ROUTE.fullmatch(text)):
            continue
        prefix, way, interface, tag, distance = match.groups()
        next_hop = way if is_address(way) else None
        if next_hop is None and interface is not None:
            continue
        out = interface if next_hop else _NULL.get(way, way)
        yield StaticRoute(
            prefix=prefix,
            next_hop=next_hop,
            interface=out,
            vrf=vrf,
            distance=int(distance) if distance else None,
            tag=int(tag) if tag else None,
        )
