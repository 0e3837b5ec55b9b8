"""Prefix lists of an FRR router."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Literal, cast

from netloom.model.config import Config, Line
from netloom.model.prefix_list import PrefixList, PrefixListEntry
from netloom.platforms.frr.change import change
from netloom.platforms.frr.words import one_line

_LINE = re.compile(
    r"(ip|ipv6) prefix-list (\S+) (?:description (.*)"
    r"|seq (\d+) (permit|deny) (\S+)(?: ge (\d+))?(?: le (\d+))?)"
)


def configured(config: Config) -> list[PrefixList]:
    """The lists of both families."""
    found: dict[tuple[str, str], PrefixList] = {}
    for text in config.tree:
        if " prefix-list " not in text or not (match := _LINE.fullmatch(text)):
            continue
        family: Literal["ipv4", "ipv6"] = "ipv4" if match[1] == "ip" else "ipv6"
        known = found.get((family, match[2])) or PrefixList(match[2], family)
        if match[4] is None:
            known = replace(known, description=match[3])
        else:
            known = replace(known, entries=(*known.entries, _entry(*match.groups()[3:])))
        found[family, match[2]] = known
    return [canonical(record) for record in found.values()]


def lines(record: PrefixList, config: Config) -> list[Line]:  # noqa: ARG001 - every noun's lines sees the configuration
    """Its description and its entries."""
    start = f"{'ip' if record.family == 'ipv4' else 'ipv6'} prefix-list {record.name}"
    texts = [f"{start} description {description}"] if (description := one_line(record.description)) else []
    for entry in record.entries:
        text = f"{start} seq {entry.sequence} {entry.action} {entry.prefix}"
        text += f" ge {entry.ge}" if entry.ge is not None else ""
        texts.append(text + (f" le {entry.le}" if entry.le is not None else ""))
    return [Line(text) for text in texts]


def render(have: PrefixList | None, want: PrefixList | None, config: Config) -> list[Line]:
    """The least change; FRR replaces an entry in place, and ignores one that another number holds already."""
    if want is not None:
        _refuse_lengths(want)
        _refuse_twins(want)
    return change(have, want, config, lines)


def canonical(record: PrefixList) -> PrefixList:
    """Entries by their numbers."""
    entries = tuple(sorted(record.entries, key=lambda entry: entry.sequence))
    return replace(record, description=one_line(record.description), entries=entries)


def _entry(sequence: str, action: str, prefix: str, ge: str | None, le: str | None) -> PrefixListEntry:
    return PrefixListEntry(
        sequence=int(sequence),
        action=cast("Literal['permit', 'deny']", action),
        prefix=prefix,
        ge=int(ge) if ge else None,
        le=int(le) if le else None,
    )


def _refuse_lengths(record: PrefixList) -> None:
    most = 32 if record.family == "ipv4" else 128
    for entry in record.entries:
        length = 0 if entry.prefix == "any" else int(entry.prefix.partition("/")[2])
        limits = [limit for limit in (entry.ge, entry.le) if limit is not None]
        if [length, *limits, most] != sorted([length, *limits, most]) or (limits and entry.prefix == "any"):
            shown = f"{entry.prefix} ge {entry.ge} le {entry.le}"
            raise ValueError(
                f"prefix list {record.name}, entry {entry.sequence}: expected length <= ge <= le <= {most}, got {shown}"
            )


def _refuse_twins(record: PrefixList) -> None:
    seen: dict[PrefixListEntry, int] = {}
    for entry in record.entries:
        rule = replace(entry, sequence=0)
        if rule in seen:
            raise ValueError(
                f"prefix list {record.name}: expected different rules, got entry {entry.sequence} equal to entry "
                f"{seen[rule]}, which FRR ignores"
            )
        seen[rule] = entry.sequence
