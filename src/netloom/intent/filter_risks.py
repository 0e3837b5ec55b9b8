"""The rules about filters of routes and packets that go or open up."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from netloom.intent.planned import Risk
from netloom.intent.situation import Situation
from netloom.intent.steer import words
from netloom.model.bgp import Bgp
from netloom.model.bgp_neighbor import BgpNeighbor
from netloom.model.bgp_peer_group import BgpAddressFamily, BgpPeerGroup
from netloom.model.prefix_list import PrefixList
from netloom.model.route_map import RouteMap

FILTERS = ("acl", "prefix_list", "route_map")


def filter_removed(situation: Situation) -> Iterator[Risk]:
    """A filter goes or opens up (Rogers 2022)."""
    objects = [record for records in situation.before.values() for record in records.values()]
    named = {(ref.noun, ref.key) for record in objects for ref in record.refs}
    for noun, key, before, after in situation.changed():
        title = words(noun, key)
        if noun in FILTERS and before is not None and after is None:
            used = (noun, key) in named
            yield Risk(
                "filter_removed",
                "high" if used else "medium",
                f"{title} is removed" + (", and is in use" if used else ""),
            )
        elif isinstance(before, (PrefixList, RouteMap)) and isinstance(after, (PrefixList, RouteMap)):
            for sequence in _opened(before, after):
                yield Risk("filter_removed", "high", f"{title} no longer denies what {sequence} denied")
        elif isinstance(before, Bgp) and isinstance(after, Bgp):
            if before.ebgp_requires_policy is not False and after.ebgp_requires_policy is False:
                yield Risk("filter_removed", "high", f"{title}: sessions without a policy accept and send everything")
        elif isinstance(before, (BgpNeighbor, BgpPeerGroup)) and isinstance(after, (BgpNeighbor, BgpPeerGroup)):
            yield from _unfiltered(title, before, after)


def _opened(before: PrefixList | RouteMap, after: PrefixList | RouteMap) -> list[int]:
    still = {content(entry) for entry in after.entries if entry.action == "deny"}
    return [entry.sequence for entry in before.entries if entry.action == "deny" and content(entry) not in still]


def _unfiltered(title: str, before: BgpNeighbor | BgpPeerGroup, after: BgpNeighbor | BgpPeerGroup) -> Iterator[Risk]:
    families = {family.name: family for family in after.address_families}
    for family in before.address_families:
        then = families.get(family.name, BgpAddressFamily(family.name))
        if then.activate is False:
            continue
        for name in ("policy_in", "policy_out", "prefix_list_in", "prefix_list_out", "maximum_prefix"):
            was, will = getattr(family, name), getattr(then, name)
            if was is not None and will is None:
                yield Risk("filter_removed", "high", f"{title} {family.name}: {name} {was} is removed")
            elif name == "maximum_prefix" and was is not None and will > was:
                yield Risk("filter_removed", "medium", f"{title} {family.name}: {name} rises from {was} to {will}")


def content(entry: Any, *beside: str) -> tuple[Any, ...]:
    """An entry without its number, and without some fields more."""
    left = ("sequence", "description", *beside)
    return tuple(getattr(entry, name) for name in entry.__dataclass_fields__ if name not in left)
