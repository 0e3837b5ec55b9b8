"""What a Junos device announces: the routes of its own that the export policies of its BGP groups accept."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import ip_network

from netloom.lab.simulation.device import Device
from netloom.lab.simulation.rib import Route, own_routes
from netloom.model.config import Tree
from netloom.platforms.juniper_junos.tree import active, below

_PROTOCOLS = {"connected": "direct", "static": "static"}


def announces(device: Device) -> list[str]:
    """The prefixes; a route that no policy decides on stays at home, for it came from no BGP."""
    tree = active(device.config)
    bgp = below(tree, ("protocols", "bgp")) or {}
    chains = [tuple(level.get("export", {})) for level in _levels(bgp) if "export" in level]
    policies = below(tree, ("policy-options", "policy-statement")) or {}
    lists = below(tree, ("policy-options", "prefix-list")) or {}
    found = (
        route.prefix
        for route in own_routes(device)
        if route.vrf == "default" and any(_accepted(route, chain, policies, lists) for chain in chains)
    )
    return list(dict.fromkeys(found))


def _levels(bgp: Tree) -> Iterable[Tree]:
    yield bgp
    for group in bgp.get("group", {}).values():
        yield group
        yield from group.get("neighbor", {}).values()


def _accepted(route: Route, chain: tuple[str, ...], policies: Tree, lists: Tree) -> bool:
    for name in chain:
        policy = policies.get(name, {})
        for term in (*policy.get("term", {}).values(), policy):
            if _matches(route, term.get("from", {}), lists):
                then = term.get("then", {})
                if "accept" in then or "reject" in then:
                    return "accept" in then
                if "policy" in then.get("next", {}):
                    break
    return False


def _matches(route: Route, conditions: Tree, lists: Tree) -> bool:
    """Whether all conditions hold; one that is not known here does not."""
    for word, values in conditions.items():
        if word == "protocol":
            if _PROTOCOLS.get(route.protocol) not in values:
                return False
        elif word in ("prefix-list", "route-filter"):
            prefixes = (
                [item for name in values for item in lists.get(name, {})] if word == "prefix-list" else list(values)
            )
            kinds = values if word == "route-filter" else {}
            if not any(_covers(prefix, kinds.get(prefix, {}), route.prefix) for prefix in prefixes):
                return False
        elif word == "family":
            if ("inet6" in values) != (":" in route.prefix):
                return False
        else:
            return False
    return True


def _covers(prefix: str, kind: Tree, found: str) -> bool:
    one, other = ip_network(prefix, strict=False), ip_network(found)
    if one.version != other.version:
        return False
    if not kind or "exact" in kind:
        return one == other
    inside = one.network_address <= other.network_address <= one.broadcast_address  # type: ignore[operator] # one version
    return inside and (other.prefixlen > one.prefixlen if "longer" in kind else other.prefixlen >= one.prefixlen)
