"""The routing table as FRR's zebra keeps it, every protocol's routes, both families, all VRFs."""

from __future__ import annotations

from collections.abc import Iterator

from netloom.model.route import NextHop, RouteState
from netloom.platforms.contract import Read
from netloom.platforms.frr.uptime import seconds
from netloom.platforms.json_output import Object, flag, integer, items, objects, text
from netloom.platforms.rib import merged

READ = (Read("show ip route vrf all json"), Read("show ipv6 route vrf all json"))


def observed(*outputs: str) -> list[RouteState]:
    """One route a prefix and protocol, with all its next hops."""
    return merged(
        _route(vrf, values)
        for output in outputs
        for document in objects(output)
        for vrf, entry in _entries(document)
        for values in items(entry)
    )


def _entries(document: Object) -> Iterator[tuple[str, object]]:
    """Prefixes stand at the top; since FRR 9 one level deeper, below their VRF's name."""
    for name, value in document.items():
        if isinstance(value, list):
            yield "default", value
        elif isinstance(value, dict):
            yield from ((name, entry) for entry in value.values())


def _route(vrf: str, values: Object) -> RouteState:
    protocol = text(values, "protocol") or "unknown"
    # a route that lost to another protocol's may share its next hops, `fib` and all
    installed = flag(values, "selected", "installed")
    return RouteState(
        prefix=(text(values, "prefix") or "").replace("\\/", "/"),
        protocol=protocol,
        vrf=text(values, "vrfName") or vrf,
        selected=flag(values, "selected"),
        preference=integer(values, "distance"),
        metric=integer(values, "metric"),
        next_hops=tuple(
            _next_hop(protocol, hop, installed=installed)
            for hop in items(values.get("nexthops"))
            if not flag(hop, "duplicate")
        ),
        uptime_s=seconds(text(values, "uptime")),
    )


def _next_hop(protocol: str, values: Object, *, installed: bool) -> NextHop:
    return NextHop(
        address=text(values, "ip"),
        interface=text(values, "interfaceName"),
        weight=integer(values, "weight"),
        active=installed and flag(values, "fib"),
        kind=_kind(protocol, values),
    )


def _kind(protocol: str, values: Object) -> str:
    if flag(values, "blackhole"):
        return "blackhole"
    if flag(values, "adminProhibited"):
        return "prohibit"
    if flag(values, "reject", "unreachable"):
        return "unreachable"
    return "receive" if protocol == "local" else "forward"
