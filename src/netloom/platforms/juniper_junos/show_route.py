"""`show route` of every instance, brief or in full; only tables that packets of IPv4 and IPv6 are forwarded by."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from netloom.model.route import NextHop, RouteState
from netloom.platforms.juniper_junos import notation
from netloom.platforms.replies import Reader
from netloom.platforms.rib import merged
from netloom.platforms.xml_output import every, has, integer, number_of, text

if TYPE_CHECKING:
    from netloom.platforms.xml_output import Element

_PROTOCOLS = {"direct": "connected", "ospf3": "ospf", "ospf2": "ospf", "is-is": "isis", "ripng": "rip"}
_KINDS = {
    "discard": "blackhole",
    "reject": "unreachable",
    "receive": "receive",
    "multirecv": "receive",
    "local": "receive",
}

_HEADING = re.compile(r"^(\S+): \d+ destinations?, \d+ routes?", re.MULTILINE)
_SUMMARY = re.compile(r"^Autonomous system number:|^ +\w+: +\d+ routes, +\d+ active", re.MULTILINE)
_TABLE = re.compile(r"^(\S+): \d+ destinations?, \d+ routes?")
_PREFIX = re.compile(r"^((?:\d+\.){1,3}\d+(?:/\d+)?|\d+/\d+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*(?:/\d+)?)(?:\s|$)")
_ENTRY = re.compile(r"([*+-]?)\[([A-Za-z0-9-]+)/(-?\d+)(?:/-?\d+)?\]\s*([^,]*)(.*)$")
_VIA = re.compile(r"(?:\bto (\S+) )?\bvia ([^\s,]+)")
_TO_TABLE = re.compile(r"\bto table (\S+)")
_METRIC = re.compile(r"(?:metric|MED) (\d+)")
_TAG = re.compile(r"tag (\d+)")


def routes(reply: Element) -> list[RouteState]:
    """One route a prefix and protocol, with all its next hops."""
    return merged(_routes(reply))


def _routes(reply: Element) -> Iterator[RouteState]:
    for table in every(reply, "route-table"):
        vrf = vrf_of(text(table, "table-name") or "")
        if vrf is None:
            continue
        for entry in table.iter("rt"):
            length = text(entry, "rt-prefix-length")
            shown = text(entry, "rt-destination") or ""
            prefix = notation.prefix(f"{shown}/{length}" if length and "/" not in shown else shown)
            if prefix is not None:
                yield from (_route(prefix, vrf, found) for found in every(entry, "rt-entry"))


def vrf_of(table: str) -> str | None:
    """The VRF of a table, None where it is not one of those that forward packets, or is Junos's own."""
    vrf, family = notation.of_table(table)
    if family not in ("inet", "inet6") or not table.endswith(".0") or vrf.startswith("__"):
        return None
    return vrf


def protocol(shown: str) -> str:
    """The model's word for a protocol."""
    return _PROTOCOLS.get(shown.lower(), shown.lower())


def _route(prefix: str, vrf: str, entry: Element) -> RouteState:
    selected = has(entry, "current-active") or (text(entry, "active-tag") or "") in ("*", "+")
    kind = _KINDS.get((text(entry, "nh-type") or "").lower(), "forward")
    hops = tuple(_next_hop(hop, kind, selected=selected) for hop in every(entry, "nh"))
    if not hops and kind != "forward":
        hops = (NextHop(active=selected, kind=kind),)
    known = protocol(text(entry, "protocol-name") or "unknown")
    return RouteState(
        prefix=prefix,
        protocol=known,
        vrf=vrf,
        selected=selected,
        preference=integer(entry, "preference"),
        metric=integer(entry, "metric", "med"),
        next_hops=tuple({hop.key: hop for hop in hops}.values()),
        uptime_s=number_of(entry, "age", "seconds") or notation.seconds(text(entry, "age")),
        tag=integer(entry, "tag", "rt-tag"),
    )


def _next_hop(hop: Element, kind: str, *, selected: bool) -> NextHop:
    local = text(hop, "nh-local-interface")
    own = _KINDS.get((text(hop, "nh-type") or "").lower())
    return NextHop(
        address=notation.address(text(hop, "to")),
        interface=text(hop, "via", "nh-local-interface", "nh-interface"),
        vrf=vrf_of(text(hop, "nh-table") or ""),
        weight=None,
        active=selected and (has(hop, "selected-next-hop") or local is not None or own is not None),
        kind="receive" if local else own or kind,
    )


@dataclass(slots=True)
class _Reading:
    """Where a screen of routes stands."""

    vrf: str | None = None
    prefix: str | None = None
    route: RouteState | None = None
    hops: list[NextHop] = field(default_factory=list)

    def finished(self) -> Iterator[RouteState]:
        """The route read so far."""
        if self.route is not None:
            unique = tuple({hop.key: hop for hop in self.hops}.values())
            yield replace(self.route, next_hops=unique)
        self.route, self.hops = None, []


def screen(shown: str) -> list[RouteState]:
    """The screen: a prefix, its routes in brackets, and a line a next hop; raises ValueError for labels' alone."""
    found = merged(_of_screen(shown.splitlines()))
    others = [name for name in _HEADING.findall(shown) if vrf_of(name) is None and not name.startswith("__")]
    if others and not found:
        raise ValueError(f"expected a table of unicast routes, got {len(others)} other: {', '.join(others)[:80]}")
    return found


def _of_screen(lines: Iterable[str]) -> Iterator[RouteState]:
    reading = _Reading()
    for line in lines:
        if table := _TABLE.match(line):
            yield from reading.finished()
            reading.vrf, reading.prefix = vrf_of(table[1]), None
        elif reading.vrf is None:
            continue
        elif match := _PREFIX.match(line):
            yield from reading.finished()
            reading.prefix = notation.prefix(match[1])
        if reading.prefix is None or reading.vrf is None:
            continue
        if entry := _ENTRY.search(line):
            yield from reading.finished()
            reading.route = _entry(entry, reading.prefix, reading.vrf)
        elif reading.route is not None and (hop := _hop(line, selected=reading.route.selected)):
            reading.hops.append(hop)
    yield from reading.finished()


def _entry(match: re.Match[str], prefix: str, vrf: str) -> RouteState:
    metric, tag = _METRIC.search(match[5]), _TAG.search(match[5])
    return RouteState(
        prefix=prefix,
        protocol=protocol(match[2]),
        vrf=vrf,
        selected=match[1] in ("*", "+"),
        preference=int(match[3]),
        metric=int(metric[1]) if metric else None,
        uptime_s=notation.seconds(match[4]),
        tag=int(tag[1]) if tag else None,
    )


def _hop(line: str, *, selected: bool) -> NextHop | None:
    word = line.strip().lstrip("> ").split(" ")[0].rstrip(",").lower()
    if match := _TO_TABLE.search(line):
        return NextHop(vrf=vrf_of(match[1]), active=selected)
    if match := _VIA.search(line):
        kind = "receive" if word == "local" else "forward"
        active = selected and (">" in line or kind == "receive")
        return NextHop(address=notation.address(match[1]), interface=match[2], active=active, kind=kind)
    return NextHop(active=selected, kind=_KINDS[word]) if word in _KINDS else None


def _knows(shown: str) -> bool:
    """Routes themselves, not `show route summary`, which counts them."""
    return bool(_HEADING.search(shown)) and not _SUMMARY.search(shown)


SCREENS: tuple[Reader[RouteState], ...] = (Reader(_knows, screen),)
