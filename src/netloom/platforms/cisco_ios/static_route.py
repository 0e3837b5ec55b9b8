"""Static routes of an IOS device."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import replace
from functools import lru_cache

from netloom.model.config import Config, Line, once
from netloom.model.static_route import StaticRoute
from netloom.model.text import SEEN
from netloom.platforms.cisco_ios.change import change
from netloom.platforms.cisco_ios.words import address, network, shown_address, with_mask
from netloom.platforms.line_words import is_address

_START = re.compile(r"(ip|ipv6) route (?:vrf (\S+) )?(.*)")
_OPTIONS = ("name", "tag", "track")
_NULL = {"Null0": "blackhole"}


def configured(config: Config) -> list[StaticRoute]:
    """The routes of every VRF; those with options that no field holds are left out, but for `track`."""
    return [record for _, record in _routes(config)]


def lines(record: StaticRoute, config: Config) -> list[Line]:
    """Its line, with the options that no field holds where the configuration has them."""
    shown = canonical(record)
    for text, found in _routes(config):
        if found == shown:
            return [Line(text)]
    return [Line(_text(shown, _kept(shown, config)))]


def render(have: StaticRoute | None, want: StaticRoute | None, config: Config) -> list[Line]:
    """The least change; another distance, tag or name takes the old one's place."""
    if want is not None and want.interface == "reject":
        raise ValueError(f"static route {want.prefix}: expected blackhole, got reject, which IOS does not have")
    return change(have, want, config, lines)


def canonical(record: StaticRoute) -> StaticRoute:
    """Without the default distance; the null interface is a black hole."""
    interface = _NULL.get(record.interface or "", record.interface)
    distance = None if record.distance == 1 else record.distance
    return replace(record, distance=distance, interface=interface)


@once
def _routes(config: Config) -> list[tuple[str, StaticRoute]]:
    found = ((text, _route(text)) for text in config.tree if text.startswith(("ip route ", "ipv6 route ")))
    return [(text, record) for text, record in found if record is not None]


@lru_cache(SEEN)
def _route(text: str) -> StaticRoute | None:
    match = _START.fullmatch(text)
    if match is None or match[3].startswith("topology "):
        return None
    words = match[3].split()
    six = match[1] == "ipv6"
    prefix = _prefix(words[0]) if six else network(words[0], words[1]) if len(words) > 1 else None
    rest = words[1:] if six else words[2:]
    if prefix is None or not rest:
        return None
    interface = next_hop = None
    if not is_address(rest[0]):
        interface = rest.pop(0)
        if rest and re.fullmatch(r"\d+(?:/\d+)+(?:\.\d+)?", rest[0]):
            interface += f" {rest.pop(0)}"
    if rest and is_address(rest[0]):
        next_hop = address(rest.pop(0))
    options = _options(rest)
    if options is None or (interface is None and next_hop is None) or interface == "dhcp":
        return None
    return canonical(
        StaticRoute(
            prefix=prefix,
            next_hop=next_hop,
            interface=interface,
            vrf=match[2] or "default",
            distance=int(options["distance"]) if "distance" in options else None,
            tag=int(options["tag"]) if "tag" in options else None,
            name=options.get("name"),
        )
    )


def _prefix(text: str) -> str | None:
    try:
        return str(ipaddress.IPv6Network(text))
    except ValueError:
        return None


def _options(words: list[str]) -> dict[str, str] | None:
    """Distance, name, tag and track; None where more is said."""
    found: dict[str, str] = {}
    while words:
        word = words.pop(0)
        if word.isdigit() and "distance" not in found:
            found["distance"] = word
        elif word in _OPTIONS and words:
            found[word] = words.pop(0)
        elif word == "permanent":
            found[word] = word
        else:
            return None
    return found


def _kept(record: StaticRoute, config: Config) -> str:
    """The `track` and `permanent` of the route that stands there."""
    for text, other in _routes(config):
        if other.key == record.key:
            return "".join(re.findall(r" (?:track \d+|permanent)\b", text))
    return ""


def _text(record: StaticRoute, kept: str) -> str:
    six = ":" in record.prefix
    vrf = "" if record.vrf == "default" else f"vrf {record.vrf} "
    prefix = record.prefix.upper() if six else with_mask(record.prefix)
    interface = "Null0" if record.interface == "blackhole" else record.interface
    way = " ".join(part for part in (interface, shown_address(record.next_hop or "")) if part)
    text = f"{'ipv6' if six else 'ip'} route {vrf}{prefix} {way}"
    text += f" {record.distance}" if record.distance is not None else ""
    text += f" tag {record.tag}" if record.tag is not None else ""
    text += f" name {record.name}" if record.name else ""
    return text + kept
