"""Prefix lists of an EOS switch."""

from __future__ import annotations

from dataclasses import replace

from netloom.errors import Unsupported
from netloom.model.config import Config, Line
from netloom.model.prefix_list import PrefixList
from netloom.platforms import policy_screens
from netloom.platforms.arista_eos.change import change
from netloom.platforms.arista_eos.syntax import before
from netloom.platforms.route_policy import prefix_list_lines, prefix_lists, refuse_lengths


def configured(config: Config) -> list[PrefixList]:
    """The lists of both families, in sections or in a line each."""
    return [canonical(record) for record in prefix_lists(config)]


def lines(record: PrefixList, config: Config) -> list[Line]:
    """Its entries, in the form that the configuration's lists have."""
    return prefix_list_lines(canonical(record), config, sectioned=_sectioned(record, config))


def render(have: PrefixList | None, want: PrefixList | None, config: Config) -> list[Line]:
    """The least change; an entry that changes goes before it comes again under its number."""
    if want is not None:
        refuse_lengths(want)
        title = f"prefix list {want.name}"
        if want.description:
            raise Unsupported(f"{title}: EOS keeps no description of it", device="")
        if any(entry.prefix == "any" for entry in want.entries):
            hint = "0.0.0.0/0 le 32, or ::/0 le 128"
            raise Unsupported(f"{title}: EOS does not know the prefix `any`", device="", hint=hint)
    return change(have, want, config, lines)


def canonical(record: PrefixList) -> PrefixList:
    """Entries by their numbers."""
    entries = tuple(sorted(record.entries, key=lambda entry: entry.sequence))
    return replace(record, description=record.description or None, entries=entries)


def _sectioned(record: PrefixList, config: Config) -> bool:
    """EOS shows all lists of a family in sections as soon as one was entered so; it did not before 4.22."""
    words = "ip prefix-list" if record.family == "ipv4" else "ipv6 prefix-list"
    if f"{words} {record.name}" in config.tree:
        return True
    if any(True for _ in config.sections(f"{words} {record.name} seq ")):
        return False
    forms = {len(header.split()) == 3 for header, _ in config.sections(f"{words} ")}
    return True in forms or (not forms and not (record.family == "ipv4" and before(config, 4, 22)))


def screened(*outputs: str) -> list[PrefixList]:
    """What `show ip prefix-list` says, with and without its detail."""
    return policy_screens.prefix_lists(outputs)
