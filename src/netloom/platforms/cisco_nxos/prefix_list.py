"""The prefix lists of a Nexus."""

from __future__ import annotations

from dataclasses import replace

from netloom.model.config import Config, Line
from netloom.model.prefix_list import PrefixList
from netloom.platforms import policy_screens
from netloom.platforms.cisco_nxos.change import change
from netloom.platforms.cisco_nxos.words import one_line
from netloom.platforms.route_policy import prefix_list_lines, prefix_lists, refuse_lengths


def configured(config: Config) -> list[PrefixList]:
    """The lists of both families."""
    return prefix_lists(config)


def lines(record: PrefixList, config: Config) -> list[Line]:
    """A line for its description and for each entry."""
    return prefix_list_lines(record, config, sectioned=False)


def render(have: PrefixList | None, want: PrefixList | None, config: Config) -> list[Line]:
    """The least change; an entry goes before another one takes its number."""
    if want is not None:
        refuse_lengths(want)
    return change(have, want, config, lines)


def canonical(record: PrefixList) -> PrefixList:
    """Entries by their numbers."""
    entries = tuple(sorted(record.entries, key=lambda entry: entry.sequence))
    return replace(record, description=one_line(record.description), entries=entries)


def screened(*outputs: str) -> list[PrefixList]:
    """What `show ip prefix-list` says, with and without its detail."""
    return policy_screens.prefix_lists(outputs)
