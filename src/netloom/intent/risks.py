"""The rules that say what a person should look at twice: each a function with a stable code.

Severity is `high` where an outage like those people remember could follow, else `medium`. A rule that lacks
information says nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from netloom.intent.management import management_path
from netloom.intent.planned import Risk
from netloom.intent.situation import Situation
from netloom.intent.steer import words
from netloom.model.bgp import Bgp
from netloom.model.bgp_neighbor import BgpNeighbor
from netloom.model.bgp_peer_group import BgpAddressFamily, BgpPeerGroup
from netloom.model.noun import Record
from netloom.model.prefix_list import PrefixList
from netloom.model.route_map import RouteMap

Rule = Callable[[Situation], Iterator[Risk]]

SHOWN = 5
"""Lines and names told in one message."""
BIG_SHARE = 0.3
BIG_LINES = 20


def assess(situation: Situation) -> tuple[Risk, ...]:
    """Every risk of a change, the high ones first."""
    found = dict.fromkeys(risk for rule in RULES for risk in rule(situation))
    return tuple(sorted(found, key=lambda risk: (risk.severity != "high", risk.code, risk.message)))


def addresses_removed(situation: Situation) -> Iterator[Risk]:
    """An address goes, and no other interface takes it."""
    interfaces = situation.before.get("interface", {})
    before = [(key, address) for key, record in interfaces.items() for address in _held(record)]
    kept = {address for record in situation.after.get("interface", {}).values() for address in _held(record)}
    gone = [f"{address} on {' '.join(key)}" for key, address in before if address not in kept]
    if gone:
        most = len(gone) * 2 > len(before) and len(gone) > 1
        yield Risk("addresses_removed", "high" if most else "medium", f"addresses removed: {_few(gone)}")


def filter_removed(situation: Situation) -> Iterator[Risk]:
    """A filter goes or opens up (Rogers 2022)."""
    objects = [record for records in situation.before.values() for record in records.values()]
    named = {(ref.noun, ref.key) for record in objects for ref in record.refs}
    for noun, key, before, after in situation.changed():
        title = words(noun, key)
        if noun in ("prefix_list", "route_map") and before is not None and after is None:
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
    still = {_content(entry) for entry in after.entries if entry.action == "deny"}
    return [entry.sequence for entry in before.entries if entry.action == "deny" and _content(entry) not in still]


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


def policy_order_changed(situation: Situation) -> Iterator[Risk]:
    """The same terms in another order decide otherwise (Cloudflare 2020 and 2022)."""
    for noun, key, before, after in situation.changed():
        if not isinstance(before, (PrefixList, RouteMap)) or not isinstance(after, (PrefixList, RouteMap)):
            continue
        old = [_content(entry) for entry in sorted(before.entries, key=lambda entry: entry.sequence)]
        new = [_content(entry) for entry in sorted(after.entries, key=lambda entry: entry.sequence)]
        common = set(old) & set(new)
        if [term for term in old if term in common] != [term for term in new if term in common]:
            yield Risk("policy_order_changed", "high", f"{words(noun, key)}: the order of its terms changes")


def unmodelled_lines_removed(situation: Situation) -> Iterator[Risk]:
    """Lines go that nobody spoke of."""
    lines = [situation.shown(line) for line in situation.unmodelled_lost]
    if lines:
        yield Risk("unmodelled_lines_removed", "high", f"lines that no noun knows are removed: {_few(lines)}")


def bgp_restarted(situation: Situation) -> Iterator[Risk]:
    """All sessions of an instance start anew."""
    for noun, key, before, after in situation.changed():
        if not isinstance(before, Bgp):
            continue
        if after is None:
            yield Risk("bgp_restarted", "high", f"{words(noun, key)}: BGP is removed")
        elif isinstance(after, Bgp) and before.asn != after.asn:
            message = f"{words(noun, key)}: the AS number changes from {before.asn} to {after.asn}"
            yield Risk("bgp_restarted", "high", message)
        elif isinstance(after, Bgp) and before.router_id != after.router_id:
            yield Risk("bgp_restarted", "medium", f"{words(noun, key)}: every session restarts with the new router id")


def missing_reference(situation: Situation) -> Iterator[Risk]:
    """An object names another that is not there, and did not before: what devices make of that differs."""
    known = {(noun, key) for noun, records in situation.after.items() for key in records}
    dangling = _dangling(
        situation.before, {(noun, key) for noun, records in situation.before.items() for key in records}
    )
    for title, name in _dangling(situation.after, known) - dangling:
        yield Risk("missing_reference", "high", f"{title} names {words(*name)}, which is not there")


def _dangling(objects: Any, known: set[tuple[str, tuple[str, ...]]]) -> set[tuple[str, tuple[str, tuple[str, ...]]]]:
    return {
        (words(noun, key), (ref.noun, ref.key))
        for noun, records in objects.items()
        for key, record in records.items()
        for ref in record.refs
        # interfaces are there without a line of configuration
        if ref.noun != "interface" and ref.noun in objects and (ref.noun, ref.key) not in known
    }


def big_change(situation: Situation) -> Iterator[Risk]:
    """A large share of the configuration changes."""
    touched = len(situation.lost) + len(situation.gained)
    share = touched / max(1, sum(1 for _ in situation.base.lines()))
    if touched >= BIG_LINES and share > BIG_SHARE and situation.lost:
        percent = f"{len(situation.lost)} lines go and {len(situation.gained)} come, {share:.0%} of the configuration"
        yield Risk("big_change", "high" if share > 2 * BIG_SHARE else "medium", percent)


RULES: tuple[Rule, ...] = (
    management_path,
    addresses_removed,
    filter_removed,
    policy_order_changed,
    unmodelled_lines_removed,
    bgp_restarted,
    missing_reference,
    big_change,
)
"""Every rule; each speaks only of its own."""


def _held(record: Record) -> tuple[str, ...]:
    return getattr(record, "addresses", ())


def _content(entry: Any) -> tuple[Any, ...]:
    """An entry without its number."""
    return tuple(getattr(entry, name) for name in entry.__dataclass_fields__ if name not in ("sequence", "description"))


def _few(items: list[str]) -> str:
    more = f" and {len(items) - SHOWN} more" if len(items) > SHOWN else ""
    return ", ".join(items[:SHOWN]) + more
