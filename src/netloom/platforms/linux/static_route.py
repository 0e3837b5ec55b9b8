"""Static routes of a Linux host, in the main table. A prefix has one route for each metric."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import replace

from netloom.errors import Unsupported
from netloom.model.config import Config, Line
from netloom.model.static_route import StaticRoute
from netloom.platforms import lines as engine
from netloom.platforms.linux.rules import RULES
from netloom.platforms.refusals import refuse

_ROUTE = re.compile(r"route add (?:(blackhole|unreachable) )?(\S+)(?: via (\S+))?(?: dev (\S+))?(?: metric (\d+))?")
_NULL = {"blackhole": "blackhole", "unreachable": "reject"}
_TYPES = {meant: word for word, meant in _NULL.items()}


def configured(config: Config) -> list[StaticRoute]:
    """Routes with one next hop and no options beyond a metric."""
    return [
        StaticRoute(
            prefix=match[2],
            next_hop=match[3],
            interface=_NULL[match[1]] if match[1] else match[4],
            distance=int(match[5]) if match[5] else None,
        )
        for text in config.tree
        if text.startswith("route ") and (match := _ROUTE.fullmatch(text)) and match[3] != "inet6"
    ]


def lines(record: StaticRoute, config: Config) -> list[Line]:  # noqa: ARG001 - every noun's lines sees the configuration
    """The one line of a route."""
    shown = canonical(record)
    text = f"route add {shown.prefix}"
    if shown.interface in _TYPES:
        text = f"route add {_TYPES[shown.interface]} {shown.prefix}"
    else:
        text += f" via {shown.next_hop}" if shown.next_hop else ""
        text += f" dev {shown.interface}" if shown.interface else ""
    return [Line(text + (f" metric {shown.distance}" if shown.distance is not None else ""))]


def render(have: StaticRoute | None, want: StaticRoute | None, config: Config) -> list[Line]:
    """The least change; a route takes the place of another one with the same prefix and metric."""
    if want is not None and want.vrf != "default":
        raise Unsupported(f"static route {want.prefix}: no VRFs on Linux hosts, got {want.vrf!r}", device="")
    if want is not None:
        refuse(want, ("tag", "name"), f"static route {want.prefix}", "Linux routes have no")
    before = lines(have, config) if have is not None else []
    after = lines(want, config) if want is not None else []
    return engine.change(config, before, after, RULES)


def canonical(record: StaticRoute) -> StaticRoute:
    """Without the default metric, and without the interface where the next hop tells it."""
    default = 1024 if ":" in record.prefix else 0
    implied = record.next_hop is not None and not ipaddress.ip_address(record.next_hop).is_link_local
    return replace(
        record,
        distance=None if record.distance == default else record.distance,
        interface=None if implied else record.interface,
    )
