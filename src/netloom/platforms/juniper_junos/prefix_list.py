"""Prefix lists of a Junos device.

A `prefix-list` holds prefixes that match exactly, in no order; lengths from and to stand in a `route-filter-list`.
Both are one noun: a list becomes the other kind when its entries ask for it, and the policies that name it follow.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Literal

from netloom.errors import Unsupported
from netloom.model.config import Config, Line
from netloom.model.prefix_list import PrefixList, PrefixListEntry
from netloom.model.text import SEEN
from netloom.platforms.juniper_junos.delta import delta
from netloom.platforms.juniper_junos.draft import Draft
from netloom.platforms.juniper_junos.spelling import Words
from netloom.platforms.juniper_junos.statements import change_draft, lines_of, section
from netloom.platforms.juniper_junos.terms import STEP
from netloom.platforms.juniper_junos.tree import leaves

Family = Literal["ipv4", "ipv6"]
EXACT, RANGED = "prefix-list", "route-filter-list"
_MOST = {"ipv4": 32, "ipv6": 128}
_EVERYTHING = {"ipv4": "0.0.0.0/0", "ipv6": "::/0"}


def configured(config: Config) -> list[PrefixList]:
    """The lists of both kinds, one record a family; what goes beyond lengths is left out."""
    found: dict[tuple[str, ...], PrefixList] = {}
    for word in (EXACT, RANGED):
        for name in section(config, "policy-options", word):
            for record in _records(word, name, config):
                found.setdefault(record.key, record)
    return list(found.values())


def lines(record: PrefixList, config: Config) -> list[Line]:
    """Its prefixes."""
    return lines_of(_paths(record, config), config)


def render(have: PrefixList | None, want: PrefixList | None, config: Config) -> list[Line]:
    """The least change; a list that holds the other family as well stays for that one."""
    draft = Draft(config)
    before = _paths(have, config) if have is not None else []
    if want is not None:
        _refuse(want)
        after = _paths(want, config)
        change_draft(draft, before, after)
        _follow(draft, want.name, after[0][1], config)
    elif have is not None:
        others = [record for record in _records(before[0][1], have.name, config) if record.key != have.key]
        change_draft(draft, before[1:] if others else [], [], [] if others else before[:1])
    return delta(config, draft.config())


def canonical(record: PrefixList) -> PrefixList:
    """Each rule once, in the order of prefixes, counted by tens: their order says nothing."""
    rules = {_rule(entry, record.family) for entry in record.entries}
    ordered = sorted(rules, key=lambda entry: (_network(entry.prefix), entry.ge or 0, entry.le or 0))
    entries = [replace(entry, sequence=STEP * place) for place, entry in enumerate(ordered, 1)]
    return replace(record, entries=tuple(entries))


def kind_of(name: str, config: Config) -> str:
    """The word by which a policy names a list."""
    options = section(config, "policy-options")
    return RANGED if name in options.get(RANGED, {}) and name not in options.get(EXACT, {}) else EXACT


def _rule(entry: PrefixListEntry, family: Family) -> PrefixListEntry:
    """Without its number; lengths as Junos says them."""
    most = _MOST[family]
    if entry.prefix == "any":
        entry = replace(entry, prefix=_EVERYTHING[family], ge=entry.ge, le=entry.le or most)
    length = int(entry.prefix.partition("/")[2])
    ge, le = entry.ge, entry.le
    if ge is not None and le is None:
        le = most
    if ge == length and le != length:
        ge = None
    if le == length and ge in (None, length):
        ge = le = None
    return replace(entry, sequence=0, ge=ge, le=le)


def _records(word: str, name: str, config: Config) -> Iterator[PrefixList]:
    found: dict[Family, list[PrefixListEntry]] = {}
    for path in leaves(section(config, "policy-options", word, name)):
        if prefix := _prefix(path[0]):
            family: Family = "ipv6" if ":" in prefix else "ipv4"
            entry = _read(PrefixListEntry(0, "permit", prefix), path[1:], family)
            found.setdefault(family, []).extend([entry] if entry is not None else [])
    for family, entries in (found or {"ipv4": []}).items():
        yield canonical(PrefixList(name, family, entries=tuple(entries)))


def _read(entry: PrefixListEntry, said: Words, family: Family) -> PrefixListEntry | None:
    """The rule of a route filter; None for other words than those about lengths."""
    length = int(entry.prefix.partition("/")[2])
    if said in ((), ("exact",)):
        return entry
    if said == ("orlonger",):
        return replace(entry, le=_MOST[family])
    if said == ("longer",):
        return replace(entry, ge=length + 1, le=_MOST[family])
    if len(said) == 2 and said[0] == "upto" and said[1].lstrip("/").isdigit():
        return replace(entry, le=int(said[1].lstrip("/")))
    if len(said) == 2 and (match := re.fullmatch(r"/(\d+)-/(\d+)", said[1])) and said[0] == "prefix-length-range":
        return replace(entry, ge=int(match[1]), le=int(match[2]))
    return None


def _write(entry: PrefixListEntry, family: Family) -> Words:
    """What follows the prefix in a route filter."""
    if entry.ge is None and entry.le is None:
        return ("exact",)
    if entry.ge is None:
        return ("orlonger",) if entry.le == _MOST[family] else ("upto", f"/{entry.le}")
    if entry.ge == int(entry.prefix.partition("/")[2]) + 1 and entry.le == _MOST[family]:
        return ("longer",)
    return ("prefix-length-range", f"/{entry.ge}-/{entry.le}")


def _paths(record: PrefixList, config: Config) -> list[Words]:
    """The list, and each of its prefixes as it is spelled there."""
    shown = canonical(record)
    exact = all(entry.ge is None and entry.le is None for entry in shown.entries)
    word = kind_of(record.name, config)
    word = word if exact else RANGED
    home: Words = ("policy-options", word, record.name)
    there: dict[PrefixListEntry, Words] = {}
    for path in leaves(section(config, *home)):
        if prefix := _prefix(path[0]):
            entry = _read(PrefixListEntry(0, "permit", prefix), path[1:], record.family)
            if entry is not None:
                there.setdefault(_rule(entry, record.family), path)
    found: list[Words] = [home]
    for entry in shown.entries:
        spelled = there.get(_rule(entry, record.family))
        made = (entry.prefix, *(_write(entry, record.family) if word == RANGED else ()))
        found.append((*home, *(spelled if spelled is not None else made)))
    return found


def _follow(draft: Draft, name: str, word: str, config: Config) -> None:
    """A list of the other kind goes, and the policies that name it name this one."""
    other = EXACT if word == RANGED else RANGED
    if name not in section(config, "policy-options", other):
        return
    named = [path for path in leaves(section(config, "firewall")) if path[-1] == name and path[-2].endswith(EXACT)]
    if word == RANGED and named:
        raise Unsupported(f"prefix list {name}: firewall filters name it, which know no lengths", device="")
    draft.remove(("policy-options", other, name))
    for policy, below in section(config, "policy-options", "policy-statement").items():
        base: Words = ("policy-options", "policy-statement", policy)
        for path in leaves(below, base):
            if path[-3:] == ("from", other, name):
                draft.remove(path)
                draft.put((*path[:-2], word, name))


def _refuse(want: PrefixList) -> None:
    if want.description is not None:
        raise Unsupported(f"prefix list {want.name}: Junos has no description of prefix lists", device="")
    for entry in want.entries:
        if entry.action == "deny":
            hint = "let a policy's term reject what a list of its own holds"
            raise Unsupported(
                f"prefix list {want.name}, entry {entry.sequence}: Junos has no deny", device="", hint=hint
            )
        length = 0 if entry.prefix == "any" else int(entry.prefix.partition("/")[2])
        limits = [limit for limit in (entry.ge, entry.le) if limit is not None]
        if [length, *limits, _MOST[want.family]] != sorted([length, *limits, _MOST[want.family]]):
            raise ValueError(
                f"prefix list {want.name}, entry {entry.sequence}: expected length <= ge <= le, "
                f"got {entry.prefix} ge {entry.ge} le {entry.le}"
            )


@lru_cache(SEEN)
def _network(prefix: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    return ipaddress.ip_network(prefix, strict=False)


@lru_cache(SEEN)
def _prefix(text: str) -> str:
    try:
        return str(_network(text))
    except ValueError:
        return ""
