"""Static routes of an EOS switch."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

from netloom.errors import Unsupported
from netloom.model.config import Config, Line, once
from netloom.model.static_route import StaticRoute
from netloom.model.text import SEEN, canonical_address, canonical_prefix
from netloom.platforms.arista_eos.change import change

_ROUTE = re.compile(
    r"ip(?:v6)? route (?:vrf (?P<vrf>\S+) )?(?P<prefix>\S+/\d+) "
    r"(?:(?P<interface>[A-Z][A-Za-z-]*[\d./]+)(?: (?P<via>[\da-fA-F]*[.:][\da-fA-F.:]*))?"
    r"|(?P<next_hop>[\da-fA-F]*[.:]\S*))"
    r"(?: (?P<distance>\d+))?(?: tag (?P<tag>\d+))?(?: name (?P<name>\S+))?"
)
_NULL = "Null0"


def configured(config: Config) -> list[StaticRoute]:
    """Routes by an address or an interface; those with options that the model does not know are left out."""
    found: dict[tuple[str, ...], StaticRoute] = {}
    for record, _ in _routes(config):
        found.setdefault(record.key, record)
    return list(found.values())


def lines(record: StaticRoute, config: Config) -> list[Line]:
    """The one line of a route, spelled as the configuration does."""
    shown = canonical(record)
    present = next((text for found, text in _routes(config) if found == shown), None)
    return [Line(present or _text(shown))]


def render(have: StaticRoute | None, want: StaticRoute | None, config: Config) -> list[Line]:
    """The least change: the old line goes before the new one comes."""
    if want is not None and want.interface == "reject":
        title = f"static route {want.prefix}"
        raise Unsupported(f"{title}: EOS drops without a word only", device="", hint="wish for blackhole")
    return change(have, want, config, lines)


def canonical(record: StaticRoute) -> StaticRoute:
    """Without the default distance."""
    return replace(record, distance=None) if record.distance == 1 else record


@once
def _routes(config: Config) -> list[tuple[StaticRoute, str]]:
    found = ((_route(text), text) for text in config.tree if text.startswith(("ip route ", "ipv6 route ")))
    return [(record, text) for record, text in found if record is not None]


@lru_cache(SEEN)
def _route(text: str) -> StaticRoute | None:
    match = _ROUTE.fullmatch(text)
    if match is None:
        return None
    interface = match["interface"]
    next_hop = match["next_hop"] or match["via"]
    try:
        return canonical(
            StaticRoute(
                prefix=canonical_prefix(match["prefix"]),
                next_hop=canonical_address(next_hop) if next_hop else None,
                interface="blackhole" if interface == _NULL else interface,
                vrf=match["vrf"] or "default",
                distance=int(match["distance"]) if match["distance"] else None,
                tag=int(match["tag"]) if match["tag"] else None,
                name=match["name"],
            )
        )
    except ValueError:  # a word that only looks like an address
        return None


def _text(record: StaticRoute) -> str:
    way = [_NULL if record.interface == "blackhole" else record.interface, record.next_hop]
    parts = [
        "ipv6 route" if ":" in record.prefix else "ip route",
        f"vrf {record.vrf}" if record.vrf != "default" else None,
        record.prefix,
        *way,
        str(record.distance) if record.distance is not None else None,
        f"tag {record.tag}" if record.tag is not None else None,
        f"name {record.name}" if record.name else None,
    ]
    return " ".join(part for part in parts if part)
