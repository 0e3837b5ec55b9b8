"""Access lists of an IOS device."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Literal, cast

from netloom.errors import Unsupported
from netloom.model.acl import Acl, AclEntry, AclState
from netloom.model.config import Config, Line
from netloom.platforms.acl_text import Dialect, canonical_rule, read_rule, write_rule
from netloom.platforms.cisco_ios import acl_numbers, screen, show_access_lists
from netloom.platforms.cisco_ios.acl_numbers import NAMED, NAMED6, UNNUMBERED
from netloom.platforms.cisco_ios.change import change
from netloom.platforms.contract import Read

DIALECT = Dialect(wildcards=True, bare_host=True, upper=True, protocols={"icmpv6": "icmp"})
_STANDARD = re.compile(r"\d{1,2}|1[3-9]\d\d")


def configured(config: Config) -> list[Acl]:
    """Every list of both families, its rules by their numbers."""
    found = []
    for header, below in config.tree.items():
        if (empty := _list(header)) is not None:
            rules = acl_numbers.rules(below, six=empty.family == "ipv6")
            found.append(replace(empty, entries=tuple(read_rule(text, number, empty) for number, text in rules)))
    return found


def lines(record: Acl, config: Config) -> list[Line]:
    """Its section; where the configuration spells a rule otherwise, as it does."""
    header = _header(record)
    six = record.family == "ipv6"
    present = dict(acl_numbers.rules(config.section(header), six=six))
    found = [Line(header)]
    for entry in canonical(record).entries:
        text = present.get(entry.sequence)
        if text is None or read_rule(text, entry.sequence, record) != entry:
            text = write_rule(entry, record, DIALECT)
        found.append(Line(f"sequence {entry.sequence} {text}" if six else f"{entry.sequence} {text}", (header,)))
    return found


def render(have: Acl | None, want: Acl | None, config: Config) -> list[Line]:
    """The least change; where rules have no printed numbers, their order counts and their numbers do not."""
    if want is not None:
        _check(want)
        if have is not None and have.type != want.type:
            raise Unsupported(
                f"access list {want.name}: IOS cannot turn a {have.type} list into a {want.type} one",
                device="",
                hint="use another name",
            )
        if have is not None and want.family == "ipv4" and UNNUMBERED in config.marks:
            want = _by_position(canonical(have), canonical(want))
    return change(have, want, config, lines)


def canonical(record: Acl) -> Acl:
    """Rules by their numbers, in one spelling."""
    if record.family == "ipv6":
        record = replace(record, type="extended")
    entries = sorted(record.entries, key=lambda entry: entry.sequence)
    return replace(record, entries=tuple(canonical_rule(entry, record) for entry in entries))


def _list(header: str) -> Acl | None:
    if match := NAMED.fullmatch(header):
        return Acl(match[2], type=cast("Literal['standard', 'extended']", match[1]))
    if match := NAMED6.fullmatch(header):
        return Acl(match[1], family="ipv6")
    return None


def _header(record: Acl) -> str:
    if record.family == "ipv6":
        return f"ipv6 access-list {record.name}"
    return f"ip access-list {record.type} {record.name}"


def _check(record: Acl) -> None:
    if record.name.isdigit() and record.family == "ipv4":
        kind = "standard" if _STANDARD.fullmatch(record.name) else "extended"
        if record.type != kind:
            raise ValueError(f"access list {record.name}: expected a {kind} list by its number, got {record.type}")
    seen: dict[AclEntry, int] = {}
    for entry in canonical(record).entries:
        rule = replace(entry, sequence=0)
        if entry.action is not None and rule in seen:
            raise ValueError(
                f"access list {record.name}: expected different rules, got entry {entry.sequence} equal to entry "
                f"{seen[rule]}, which IOS ignores"
            )
        seen[rule] = entry.sequence


def _by_position(have: Acl, want: Acl) -> Acl:
    """The wish with the numbers that its rules have by position; new ones between them, where there is room."""
    before = {_words(entry): entry.sequence for entry in have.entries}
    if [_words(entry) for entry in have.entries] == [_words(entry) for entry in want.entries]:
        return have
    kept = [(entry.sequence, before[_words(entry)]) for entry in want.entries if _words(entry) in before]
    if all(wished == shown for wished, shown in kept) or len(before) < len(have.entries):
        return want
    shown = [number for _, number in kept]
    if shown != sorted(shown):
        return want
    return replace(want, entries=tuple(_numbered_between(want.entries, before)))


def _numbered_between(entries: Iterable[AclEntry], before: dict[AclEntry, int]) -> list[AclEntry]:
    found: list[AclEntry] = []
    last, waiting = 0, list[AclEntry]()
    for entry in entries:
        number = before.get(_words(entry))
        if number is None:
            waiting.append(entry)
            continue
        found += _spread(waiting, last, number)
        found.append(replace(entry, sequence=number))
        last, waiting = number, []
    return found + _spread(waiting, last, last + acl_numbers.STEP * (len(waiting) + 1))


def _spread(entries: list[AclEntry], low: int, high: int) -> list[AclEntry]:
    gap = (high - low) // (len(entries) + 1)
    if entries and gap < 1:
        raise ValueError(f"expected room for {len(entries)} rules between {low} and {high}")
    return [replace(entry, sequence=low + gap * place) for place, entry in enumerate(entries, 1)]


def _words(entry: AclEntry) -> AclEntry:
    return replace(entry, sequence=0)


READ = (Read("show ip access-lists"), Read("show ipv6 access-list"))


def observed(*outputs: str) -> list[AclState]:
    """Every list, its rules and how often they matched."""
    return screen.records(outputs, show_access_lists.READERS)
