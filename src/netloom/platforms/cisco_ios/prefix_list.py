"""Prefix lists of an IOS router."""

from __future__ import annotations

from dataclasses import replace

from netloom.model.config import Config, Line
from netloom.model.prefix_list import PrefixList, PrefixListEntry
from netloom.platforms import policy_screens
from netloom.platforms.cisco_ios.change import change
from netloom.platforms.route_policy import prefix_list_lines, prefix_lists, refuse_lengths, refuse_twins

_ANY = {"ipv4": "0.0.0.0/0", "ipv6": "::/0"}


def configured(config: Config) -> list[PrefixList]:
    """The lists of both families."""
    return prefix_lists(config)


def lines(record: PrefixList, config: Config) -> list[Line]:
    """Its description and its entries."""
    return [Line(_spelled(line.text)) for line in prefix_list_lines(canonical(record), config, sectioned=False)]


def render(have: PrefixList | None, want: PrefixList | None, config: Config) -> list[Line]:
    """The least change; an entry whose number is taken comes after the old one went."""
    if want is not None:
        refuse_lengths(want)
        refuse_twins(canonical(want), "which IOS refuses")
    return change(have, want, config, lines)


def canonical(record: PrefixList) -> PrefixList:
    """Entries by their numbers; IOS knows no `any`."""
    entries = sorted(record.entries, key=lambda entry: entry.sequence)
    return replace(record, entries=tuple(_without_any(entry, record.family) for entry in entries))


def _without_any(entry: PrefixListEntry, family: str) -> PrefixListEntry:
    if entry.prefix != "any":
        return entry
    return replace(entry, prefix=_ANY[family], le=32 if family == "ipv4" else 128)


def _spelled(text: str) -> str:
    """IOS writes IPv6 in capitals."""
    if not text.startswith("ipv6 prefix-list ") or " description " in text:
        return text
    return " ".join(word.upper() if ":" in word else word for word in text.split(" "))


def screened(*outputs: str) -> list[PrefixList]:
    """What `show ip prefix-list` says, with and without its detail."""
    return policy_screens.prefix_lists(outputs)
