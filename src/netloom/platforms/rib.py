"""Routes in the shape the model gives them, whatever shape the device keeps them in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from netloom.model.route import NextHop, RouteState


def merged(routes: Iterable[RouteState]) -> list[RouteState]:
    """One record a key, where a device lists next hops or metrics apart: all next hops, the selected one's values."""
    found: dict[tuple[str, str, str], RouteState] = {}
    for route in routes:
        key = (route.vrf, route.prefix, route.protocol)
        known = found.get(key)
        if known is None:
            found[key] = route
            continue
        first, second = (route, known) if route.selected and not known.selected else (known, route)
        found[key] = replace(first, next_hops=_joined(first.next_hops, second.next_hops))
    return list(found.values())


def _joined(first: tuple[NextHop, ...], second: tuple[NextHop, ...]) -> tuple[NextHop, ...]:
    """The next hops of both, each once; BGP may know several paths over one."""
    known = {_path(hop): hop for hop in reversed((*first, *second))}
    return tuple(known.pop(_path(hop)) for hop in (*first, *second) if _path(hop) in known)


def _path(hop: NextHop) -> tuple[object, ...]:
    return (hop.key, hop.as_path, hop.metric)
