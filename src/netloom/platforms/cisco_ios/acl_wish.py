"""A wished access list in the numbers that a system can keep."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from netloom.errors import Unsupported
from netloom.model.acl import Acl, AclEntry
from netloom.platforms.acl_text import canonical_rule
from netloom.platforms.cisco_ios.acl_numbers import SHARED, STEP, UNNUMBERED

_STANDARD = re.compile(r"\d{1,2}|1[3-9]\d\d")


def as_wished(have: Acl | None, want: Acl, marks: frozenset[str]) -> Acl:
    """The list to set; raises ValueError and Unsupported for what IOS refuses or ignores."""
    want = _sorted(want)
    _check_name(want)
    if not marks & {UNNUMBERED, SHARED}:
        _check_twins(want)
        return want
    if have is None:
        _check_twins(want)
        return replace(want, entries=tuple(_remarks_before_rules(want.entries)))
    have = _sorted(have)
    if UNNUMBERED in marks:
        want = _without_leftovers(have, want)
    _check_twins(want)
    if [_words(entry) for entry in have.entries] == [_words(entry) for entry in want.entries]:
        ruled = all(
            mine.action is None or mine == theirs for mine, theirs in zip(want.entries, have.entries, strict=True)
        )
        if UNNUMBERED in marks or ruled:
            return have
    if UNNUMBERED in marks and want.family == "ipv4":
        want = _by_position(have, want)
    return replace(want, entries=tuple(_remarks_before_rules(want.entries)))


def _sorted(record: Acl) -> Acl:
    entries = sorted((canonical_rule(entry, record) for entry in record.entries), key=lambda entry: entry.sequence)
    return replace(record, entries=tuple(entries))


def _words(entry: AclEntry) -> AclEntry:
    return replace(entry, sequence=0)


def _check_name(record: Acl) -> None:
    if record.name.isdigit() and record.family == "ipv4":
        kind = "standard" if _STANDARD.fullmatch(record.name) else "extended"
        if record.type != kind:
            raise ValueError(f"access list {record.name}: expected a {kind} list by its number, got {record.type}")
    for entry in record.entries:
        if entry.name is not None:
            raise Unsupported(f"access list {record.name}: IOS has no names of rules", device="")


def _check_twins(record: Acl) -> None:
    seen: dict[AclEntry, int] = {}
    for entry in record.entries:
        if entry.action is not None and _words(entry) in seen:
            raise ValueError(
                f"access list {record.name}: expected different rules, got entry {entry.sequence} equal to entry "
                f"{seen[_words(entry)]}, which IOS ignores"
            )
        seen[_words(entry)] = entry.sequence


def _without_leftovers(have: Acl, want: Acl) -> Acl:
    """Without the rules that a merge left at numbers by position, though the wish names them at its own."""
    stale = set(have.entries)
    said = {_words(entry) for entry in want.entries if entry not in stale}
    kept = [entry for entry in want.entries if entry not in stale or _words(entry) not in said]
    return replace(want, entries=tuple(kept))


def _by_position(have: Acl, want: Acl) -> Acl:
    """The wish's rules at the numbers that they have by position, new ones between them where there is room."""
    before = {_words(entry): entry.sequence for entry in have.entries if entry.action is not None}
    ruled = [entry for entry in want.entries if entry.action is not None]
    kept = [(entry.sequence, before[_words(entry)]) for entry in ruled if _words(entry) in before]
    shown = [number for _, number in kept]
    if all(wished == number for wished, number in kept) or shown != sorted(shown):
        return want
    found: list[AclEntry] = []
    waiting: list[AclEntry] = []
    last = 0
    for entry in want.entries:
        waiting.append(entry)
        if entry.action is not None and (number := before.get(_words(entry))) is not None:
            found += _spread(waiting[:-1], last, number)
            found.append(replace(entry, sequence=number))
            last, waiting = number, []
    return replace(want, entries=(*found, *_spread(waiting, last, None)))


def _spread(entries: list[AclEntry], low: int, high: int | None) -> list[AclEntry]:
    """Rules at numbers between two others; remarks follow them."""
    ruled = sum(1 for entry in entries if entry.action is not None)
    gap = STEP if high is None else (high - low) // (ruled + 1)
    if ruled and gap < 1:
        raise ValueError(f"expected room for {ruled} rules between {low} and {high}, got none")
    found, number = [], low
    for entry in entries:
        number += gap if entry.action is not None else 0
        found.append(replace(entry, sequence=number))
    return found


def _remarks_before_rules(entries: Iterable[AclEntry]) -> list[AclEntry]:
    """Remarks at the numbers just before the next rule, as they are read."""
    found: list[AclEntry] = []
    waiting: list[AclEntry] = []
    last = 0
    for entry in entries:
        if entry.remark is not None:
            waiting.append(entry)
            continue
        found += _numbered(waiting, entry.sequence)
        found.append(entry)
        last, waiting = entry.sequence, []
    return found + _numbered(waiting, last + STEP)


def _numbered(remarks: list[AclEntry], following: int) -> list[AclEntry]:
    return [replace(remark, sequence=max(following - len(remarks) + place, 1)) for place, remark in enumerate(remarks)]
