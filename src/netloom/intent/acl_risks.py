"""The rules about access lists: rules that open, lists that are unbound, and what nobody permits any more."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from itertools import groupby

from netloom.intent.bindings import FIELDS
from netloom.intent.filter_risks import content
from netloom.intent.planned import Risk
from netloom.intent.situation import Situation
from netloom.intent.steer import words
from netloom.model.acl import Acl, AclEntry
from netloom.model.interface import Interface

_WHOLE = ("ip", "ipv4", "ipv6", None)
_LIMITS = ("source_ports", "destination_ports", "icmp_type", "established", "tcp_flags", "dscp", "fragments", "options")


def rules_opened(situation: Situation) -> Iterator[Risk]:
    """A list denies less or permits more than before."""
    for before, after in _changed_lists(situation):
        title = words("acl", before.key)
        if not _ruled(after) and _ruled(before):
            if _bindings(situation, after.key):
                message = f"{title} loses every rule while it is bound: systems then permit everything, or nothing"
                yield Risk("filter_removed", "high", message)
            continue
        denied = {_said(entry) for entry in after.entries if entry.action == "deny"}
        for entry in before.entries:
            if entry.action == "deny" and _said(entry) not in denied:
                yield Risk("filter_removed", "high", f"{title} no longer denies what {entry.sequence} denied")
        yield from _permits(title, before, after)


def _permits(title: str, before: Acl, after: Acl) -> Iterator[Risk]:
    known = {_said(entry) for entry in before.entries if entry.action == "permit"}
    for entry in after.entries:
        if entry.action != "permit" or _said(entry) in known:
            continue
        if permits_all(entry):
            yield Risk("filter_removed", "high", f"{title}: {entry.sequence} permits everything that comes to it")
            continue
        kept = {_said(other) for other in after.entries}
        gone = [old for old in before.entries if old.action == "permit" and _said(old) not in kept]
        wider = next((old for old in gone if _covers(entry, old)), None)
        if wider is not None:
            message = f"{title}: {entry.sequence} permits more than {wider.sequence} did"
            yield Risk("filter_removed", "medium", message)


def filters_unbound(situation: Situation) -> Iterator[Risk]:
    """An interface that stays no longer has a list filter its packets."""
    for noun, key, before, after in situation.changed():
        if isinstance(before, Interface) and isinstance(after, Interface):
            for name in FIELDS:
                was, will = getattr(before, name), getattr(after, name)
                if was is not None and will is None:
                    yield Risk("filter_removed", "high", f"{words(noun, key)}: {name} {was} is unbound")


def traffic_denied(situation: Situation) -> Iterator[Risk]:
    """Packets that passed fall to the deny that stands at the end of every list unsaid."""
    for before, after in _changed_lists(situation):
        passed = any(map(permits_all, before.entries)) or not _ruled(before)
        if passed and _ruled(after) and not any(map(permits_all, after.entries)) and _bindings(situation, after.key):
            message = f"{words('acl', after.key)}: what no rule permits is denied from now on"
            yield Risk("traffic_denied", "medium", message)
    lists = situation.after.get("acl", {})
    for noun, key, before_, after_ in situation.changed():
        if not isinstance(after_, Interface):
            continue
        for name, family in FIELDS.items():
            bound = getattr(after_, name)
            if bound is None or bound == getattr(before_, name, None):
                continue
            found = lists.get((family, bound))
            if isinstance(found, Acl) and not any(entry.action == "permit" for entry in found.entries):
                yield Risk("traffic_denied", "high", f"{words(noun, key)}: {name} {bound} permits nothing")


def acl_order_changed(situation: Situation) -> Iterator[Risk]:
    """Denies and permits change places; rules of one action may stand in any order."""
    for before, after in _changed_lists(situation):
        common = {_said(entry) for entry in before.entries} & {_said(entry) for entry in after.entries}
        if _runs(before, common) != _runs(after, common):
            title = words("acl", after.key)
            yield Risk("policy_order_changed", "high", f"{title}: denies and permits change their order")


def only_adds_permits(before: Acl, after: Acl) -> bool:
    """Whether everything that passed a list passes it still."""
    said = {_said(entry) for entry in before.entries if entry.action is not None}
    new = [entry for entry in after.entries if entry.action is not None and _said(entry) not in said]
    kept = {_said(entry) for entry in after.entries if entry.action is not None} & said
    same = _runs(before, kept) == _runs(after, kept)
    return kept == said and same and bool(_ruled(before)) and all(entry.action == "permit" for entry in new)


def permits_all(entry: AclEntry) -> bool:
    """Whether a rule lets everything pass."""
    return entry.action == "permit" and _covers(entry, AclEntry(0, "permit", protocol=entry.protocol))


def _changed_lists(situation: Situation) -> Iterator[tuple[Acl, Acl]]:
    for _, _, before, after in situation.changed():
        if isinstance(before, Acl) and isinstance(after, Acl):
            yield before, after


def _bindings(situation: Situation, key: tuple[str, ...]) -> list[str]:
    """What names a list afterwards."""
    return [
        words(noun, owner)
        for noun, records in situation.after.items()
        for owner, record in records.items()
        if any(ref.noun == "acl" and ref.key == key for ref in record.refs)
    ]


def _runs(record: Acl, among: set[object]) -> list[frozenset[object]]:
    """The rules in order, those that stand together with one action as a set."""
    found = sorted((entry for entry in record.entries if _said(entry) in among), key=lambda entry: entry.sequence)
    ruled = [entry for entry in found if entry.action is not None]
    return [frozenset(map(_said, run)) for _, run in groupby(ruled, key=lambda entry: entry.action)]


def _ruled(record: Acl) -> bool:
    return any(entry.action is not None for entry in record.entries)


def _said(entry: AclEntry) -> object:
    """A rule without its number, its name and whether it writes a log."""
    return content(entry, "name", "log")


def _covers(wide: AclEntry, narrow: AclEntry) -> bool:
    """Whether every packet that one rule means is one that the other means."""
    if wide.protocol not in _WHOLE and wide.protocol != narrow.protocol:
        return False
    if not _holds(wide.source, narrow.source) or not _holds(wide.destination, narrow.destination):
        return False
    return all(getattr(wide, name) in (None, False, (), getattr(narrow, name)) for name in _LIMITS)


def _holds(wide: str | None, narrow: str | None) -> bool:
    if wide in (None, "any") or wide == narrow:
        return True
    try:
        outer, inner = ipaddress.ip_network(wide or ""), ipaddress.ip_network(narrow or "")
    except ValueError:
        return False
    return outer.version == inner.version and inner.subnet_of(outer)  # type: ignore[arg-type] # of one version
