"""A prefix list: ordered rules over prefixes (openconfig-routing-policy)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from netloom.model.noun import Noun, Record
from netloom.model.text import FreeText, Prefix, Word


@dataclass(frozen=True, slots=True)
class PrefixListEntry(Record):
    """One rule; the lowest sequence number that matches decides."""

    IDENTITY = ("sequence",)

    sequence: int
    action: Literal["permit", "deny"]
    prefix: Prefix | Literal["any"]
    ge: int | None = None
    """Match lengths of at least this."""
    le: int | None = None
    """Match lengths of at most this."""


@dataclass(frozen=True, slots=True)
class PrefixList(Record):
    """A named list for one address family."""

    name: Word
    family: Literal["ipv4", "ipv6"] = "ipv4"
    description: FreeText | None = None
    entries: tuple[PrefixListEntry, ...] = ()

    IDENTITY = ("family", "name")


NOUN = Noun("prefix_list", "prefix_lists", record=PrefixList)
