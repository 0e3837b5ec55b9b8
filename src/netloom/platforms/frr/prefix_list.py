"""Prefix lists of an FRR router."""

from __future__ import annotations

from dataclasses import replace

from netloom.model.config import Config, Line
from netloom.model.prefix_list import PrefixList
from netloom.platforms.frr.change import change
from netloom.platforms.frr.words import one_line
from netloom.platforms.route_policy import prefix_list_lines, prefix_lists, refuse_lengths, refuse_twins


def configured(config: Config) -> list[PrefixList]:
    """The lists of both families."""
    return prefix_lists(config)


def lines(record: PrefixList, config: Config) -> list[Line]:
    """Its description and its entries."""
    return prefix_list_lines(canonical(record), config, sectioned=False)


def render(have: PrefixList | None, want: PrefixList | None, config: Config) -> list[Line]:
    """The least change; FRR replaces an entry in place, and ignores one that another number holds already."""
    if want is not None:
        refuse_lengths(want)
        refuse_twins(want, "which FRR ignores")
    return change(have, want, config, lines)


def canonical(record: PrefixList) -> PrefixList:
    """Entries by their numbers."""
    entries = tuple(sorted(record.entries, key=lambda entry: entry.sequence))
    return replace(record, description=one_line(record.description), entries=entries)
