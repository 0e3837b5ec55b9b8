"""Static routes of a Junos device."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from netloom.errors import Unsupported
from netloom.model.config import Config, Line, Tree
from netloom.model.static_route import StaticRoute
from netloom.platforms.juniper_junos.instances import home, tables
from netloom.platforms.juniper_junos.spelling import Words
from netloom.platforms.juniper_junos.statements import changed, lines_of, number, section, value

_DEFAULT_DISTANCE = 5
_NULL = {"discard": "blackhole", "reject": "reject"}
_SHOWN = {meant: word for word, meant in _NULL.items()}


@dataclass(frozen=True, slots=True)
class _Route:
    """One `route` statement."""

    vrf: str
    prefix: str
    path: Words
    below: Tree


def configured(config: Config) -> list[StaticRoute]:
    """One record a next hop; routes to another table are left out."""
    found: dict[tuple[str, ...], StaticRoute] = {}
    for route in _routes(config):
        for record in _records(route):
            found.setdefault(record.key, record)
    return list(found.values())


def lines(record: StaticRoute, config: Config) -> list[Line]:
    """Its next hop, and what it has from the whole route."""
    return lines_of(_paths(record, config), config)


def render(have: StaticRoute | None, want: StaticRoute | None, config: Config) -> list[Line]:
    """The least change; a route's last next hop takes the route with it."""
    before = _paths(have, config) if have is not None else []
    if want is None:
        route = _route(have, config) if have is not None else None
        others = [record for record in _records(route) if record.key != have.key] if route and have else []
        return changed(config, before[:1], [], [] if others or route is None else [route.path])
    if want.name is not None:
        raise Unsupported(f"static route {want.prefix}: Junos keeps no name with a route", device="")
    if have is not None and canonical(have) == canonical(want):
        return changed(config, [], before)
    route = _route(want, config)
    if route is not None and any(record.key != want.key for record in _records(route)):
        before = [path for path in before if path[:-2] != route.path or path[-2] != "preference"]
    return changed(config, before, _wanted(want, config))


def canonical(record: StaticRoute) -> StaticRoute:
    """Without the default preference."""
    return replace(record, distance=None) if record.distance == _DEFAULT_DISTANCE else record


def _routes(config: Config) -> Iterator[_Route]:
    for vrf, base in tables(config):
        options = (*base, "routing-options")
        places = [(*options, "static")]
        places += [(*options, "rib", rib, "static") for rib in section(config, *options, "rib") if _is_unicast(rib)]
        for place in places:
            for text, below in section(config, *place, "route").items():
                if prefix := _prefix(text):
                    yield _Route(vrf, prefix, (*place, "route", text), below)


def _route(record: StaticRoute, config: Config) -> _Route | None:
    return next((each for each in _routes(config) if each.vrf == record.vrf and each.prefix == record.prefix), None)


def _records(route: _Route) -> Iterator[StaticRoute]:
    plain = StaticRoute(route.prefix, vrf=route.vrf, tag=number(route.below, "tag"))
    shared = canonical(replace(plain, distance=number(route.below, "preference")))
    for text in route.below.get("next-hop", {}):
        yield replace(shared, next_hop=text) if _is_address(text) else replace(shared, interface=text)
    for text, below in route.below.get("qualified-next-hop", {}).items():
        distance = number(below, "preference")
        own = canonical(replace(plain, distance=distance)) if distance is not None else shared
        if _is_address(text):
            yield replace(own, next_hop=text, interface=value(below, "interface"))
        else:
            yield replace(own, interface=text)
    for word, meant in _NULL.items():
        if word in route.below:
            yield replace(shared, interface=meant)


def _paths(record: StaticRoute, config: Config) -> list[Words]:
    """The statements as they stand, the next hop first; as they would be set where there are none."""
    route = _route(record, config)
    if route is None or record not in _records(route):
        return _wanted(record, config)
    hop = record.next_hop or record.interface or ""
    shared: list[Words] = []
    if (preference := value(route.below, "preference")) is not None:
        shared.append((*route.path, "preference", preference))
    if record.tag is not None:
        shared.append((*route.path, "tag", str(record.tag)))
    if hop in _SHOWN:
        return [(*route.path, _SHOWN[hop]), *shared]
    if hop in route.below.get("next-hop", {}) and not (record.next_hop and record.interface):
        return [(*route.path, "next-hop", hop), *shared]
    own = (*route.path, "qualified-next-hop", hop)
    found = [own]
    if record.next_hop and record.interface:
        found.append((*own, "interface", record.interface))
    if (preference := value(section(config, *own), "preference")) is not None:
        found.append((*own, "preference", preference))
    return found + [path for path in shared if path[-2] == "tag" or len(found) < 2]


def _wanted(record: StaticRoute, config: Config) -> list[Words]:
    """The statements to set: a preference of its own makes a next hop a qualified one, beside others."""
    route = _route(record, config)
    path = route.path if route is not None else _new(record)
    below = route.below if route is not None else {}
    tag = [(*path, "tag", str(record.tag))] if record.tag is not None else []
    hop = record.next_hop or record.interface or ""
    if not hop:
        raise ValueError(f"static route {record.prefix}: expected next_hop or interface, got neither")
    others = route is not None and any(each.key != record.key for each in _records(route))
    preference = number(below, "preference")
    distance = str(record.distance) if record.distance is not None else None
    if record.next_hop and record.interface:
        own = (*path, "qualified-next-hop", hop)
        found = [own, (*own, "interface", record.interface)]
        if distance is None and preference not in (None, _DEFAULT_DISTANCE):
            distance = str(_DEFAULT_DISTANCE)
        return found + ([(*own, "preference", distance)] if distance else []) + tag
    if hop in _SHOWN:
        return [(*path, _SHOWN[hop]), *([(*path, "preference", distance)] if distance else []), *tag]
    # a preference that no plain next hop uses any more would become this one's
    stale = preference is not None and not any(word in below for word in ("next-hop", *_NULL))
    if (others or stale) and record.distance != (None if preference == _DEFAULT_DISTANCE else preference):
        own = (*path, "qualified-next-hop", hop)
        return [own, (*own, "preference", distance or str(_DEFAULT_DISTANCE)), *tag]
    return [(*path, "next-hop", hop), *([(*path, "preference", distance)] if distance else []), *tag]


def _new(record: StaticRoute) -> Words:
    """Where a route stands that is not there yet: IPv6 has a table of its own."""
    base: Words = (*home(record.vrf), "routing-options")
    if ":" in record.prefix:
        base = (*base, "rib", "inet6.0" if record.vrf == "default" else f"{record.vrf}.inet6.0")
    return (*base, "static", "route", record.prefix)


def _is_unicast(rib: str) -> bool:
    return re.fullmatch(r"(?:.+\.)?inet6?\.0", rib) is not None


def _prefix(text: str) -> str:
    try:
        return str(ipaddress.ip_network(text if text != "default" else "0.0.0.0/0", strict=False))
    except ValueError:
        return ""


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
