"""The static routes of a Nexus."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache

from netloom.errors import Unsupported
from netloom.model.config import Config, Line
from netloom.model.static_route import StaticRoute
from netloom.model.text import SEEN, canonical_prefix
from netloom.platforms.cisco_nxos.change import change

_ROUTE = re.compile(r"ip(?:v6)? route (\S+/\d+)(?: ([A-Za-z]\S*\d))?(?: ([0-9a-fA-F]*[.:][0-9a-fA-F.:]*))?(?= |$)(.*)")
_OPTION = re.compile(r" (?:name (\S+)|tag (\d+)|(\d+)|track \d+)(?= |$)")
_TRACK = re.compile(r" track \d+")
_NULL = "Null0"
_VRF = "vrf context "


def configured(config: Config) -> list[StaticRoute]:
    """Routes at the top and in VRFs; those with options that no field holds are left out, but for `track`."""
    found = [route for _, route in _routes(config.tree, "default")]
    for header, below in config.sections(_VRF):
        found += [route for _, route in _routes(below, header.removeprefix(_VRF))]
    return found


def lines(record: StaticRoute, config: Config) -> list[Line]:
    """The one line of a route, in the words that the configuration has."""
    path = () if record.vrf == "default" else (f"{_VRF}{record.vrf}",)
    wanted = canonical(record)
    for text, route in _routes(config.section(*path), record.vrf):
        if route.prefix == wanted.prefix and canonical(route) == wanted:
            return [Line(text, path)]
    interface = _NULL if record.interface == "blackhole" else record.interface
    same = (text for text, route in _routes(config.section(*path), record.vrf) if route.key == record.key)
    stated = next(same, f"{'ipv6' if ':' in record.prefix else 'ip'} route {record.prefix} ")
    prefix, track = stated.split()[2], _TRACK.search(stated)
    words = ["ipv6" if ":" in record.prefix else "ip", "route", prefix, interface, record.next_hop]
    words += [track[0].strip()] if track else []
    words += ["name", record.name] if record.name else []
    words += ["tag", str(record.tag)] if record.tag is not None else []
    words += [str(record.distance)] if record.distance not in (None, 1) else []
    return [Line(" ".join(word for word in words if word), path)]


def render(have: StaticRoute | None, want: StaticRoute | None, config: Config) -> list[Line]:
    """The least change."""
    if want is not None and want.interface == "reject":
        raise Unsupported(
            f"static_route {want.prefix}: NX-OS discards silently", device="", hint="interface: blackhole"
        )
    if want is not None and not want.next_hop and not want.interface:
        raise ValueError(f"{want.prefix}: expected a next_hop or an interface, got neither")
    return change(have, want, config, lines)


def canonical(record: StaticRoute) -> StaticRoute:
    """Without the default distance."""
    return replace(record, distance=None) if record.distance == 1 else record


def _routes(section: Iterable[str], vrf: str) -> Iterator[tuple[str, StaticRoute]]:
    for text in section:
        if text.startswith(("ip route ", "ipv6 route ")) and (route := _route(text, vrf)) is not None:
            yield text, route


@lru_cache(SEEN)
def _route(text: str, vrf: str) -> StaticRoute | None:
    match = _ROUTE.fullmatch(text)
    if match is None or not (match[2] or match[3]) or _OPTION.sub("", match[4]):
        return None
    name, tag, distance = (next((found for found in column if found), None) for column in _columns(match[4]))
    try:
        return StaticRoute(
            prefix=canonical_prefix(match[1]),
            next_hop=str(ipaddress.ip_address(match[3])) if match[3] else None,
            interface="blackhole" if match[2] == _NULL else match[2],
            vrf=vrf,
            distance=int(distance) if distance else None,
            tag=int(tag) if tag else None,
            name=name,
        )
    except ValueError:  # host bits set: the device would not print it, and no record may hold it
        return None


def _columns(options: str) -> list[list[str]]:
    """Names, tags and distances."""
    return [list(column) for column in zip(*(("", "", ""), *_OPTION.findall(options)), strict=True)]
