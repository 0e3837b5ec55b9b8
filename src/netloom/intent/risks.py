"""The rules that say what a person should look at twice: each a function with a stable code.

Severity is `high` where an outage like those people remember could follow, else `medium`. A rule that lacks
information says nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from netloom.intent.account_risks import accounts_changed, communities_opened
from netloom.intent.acl_risks import acl_order_changed, filters_unbound, rules_opened, traffic_denied
from netloom.intent.filter_risks import content, filter_removed
from netloom.intent.management import management_path
from netloom.intent.planned import Risk
from netloom.intent.situation import Situation
from netloom.intent.steer import words
from netloom.intent.switching_risks import trunk_narrowed, vlans_removed
from netloom.model.bgp import Bgp
from netloom.model.interface import Interface
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
        yield Risk("addresses_removed", "high" if most else "medium", f"addresses removed: {few(gone)}")


def policy_order_changed(situation: Situation) -> Iterator[Risk]:
    """The same terms in another order decide otherwise (Cloudflare 2020 and 2022)."""
    for noun, key, before, after in situation.changed():
        if not isinstance(before, (PrefixList, RouteMap)) or not isinstance(after, (PrefixList, RouteMap)):
            continue
        old = [content(entry) for entry in sorted(before.entries, key=lambda entry: entry.sequence)]
        new = [content(entry) for entry in sorted(after.entries, key=lambda entry: entry.sequence)]
        common = set(old) & set(new)
        if [term for term in old if term in common] != [term for term in new if term in common]:
            yield Risk("policy_order_changed", "high", f"{words(noun, key)}: the order of its terms changes")


def vrf_moved(situation: Situation) -> Iterator[Risk]:
    """An interface goes over to another routing table, and every session and route over it with it."""
    for noun, key, before, after in situation.changed():
        if not isinstance(before, Interface) or not isinstance(after, Interface):
            continue
        if before.vrf != after.vrf and before.addresses:
            place = f"from VRF {before.vrf or 'default'} to {after.vrf or 'default'}"
            yield Risk("vrf_moved", "medium", f"{words(noun, key)} moves {place}, with its routes and sessions")


def unmodelled_lines_removed(situation: Situation) -> Iterator[Risk]:
    """Lines go that nobody spoke of."""
    lines = [situation.shown(line) for line in situation.unmodelled_lost]
    if lines:
        yield Risk("unmodelled_lines_removed", "high", f"lines that no noun knows are removed: {few(lines)}")


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
    size = max(1, sum(1 for _ in situation.base.lines()))
    if touched >= BIG_LINES and touched > BIG_SHARE * size and situation.lost:
        lines = f"{len(situation.lost)} lines go and {len(situation.gained)} come"
        told = f"{lines}, {touched / size:.0%} of the configuration"
        # what only comes beside what is there is less to fear
        yield Risk("big_change", "high" if len(situation.lost) > BIG_SHARE * size else "medium", told)


RULES: tuple[Rule, ...] = (
    management_path,
    addresses_removed,
    filter_removed,
    rules_opened,
    filters_unbound,
    traffic_denied,
    policy_order_changed,
    acl_order_changed,
    vlans_removed,
    trunk_narrowed,
    vrf_moved,
    accounts_changed,
    communities_opened,
    unmodelled_lines_removed,
    bgp_restarted,
    missing_reference,
    big_change,
)
"""Every rule; each speaks only of its own."""


def _held(record: Record) -> tuple[str, ...]:
    return getattr(record, "addresses", ())


def few(items: list[str]) -> str:
    """Some of them, and how many more."""
    more = f" and {len(items) - SHOWN} more" if len(items) > SHOWN else ""
    return ", ".join(items[:SHOWN]) + more
