"""The access lists of a Nexus."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from netloom.errors import Unsupported
from netloom.model.acl import Acl, AclEntry, AclState
from netloom.model.config import Config, Line, Tree
from netloom.platforms.acl_text import Dialect, canonical_rule, read_rule, write_rule
from netloom.platforms.cisco_nxos import show_access_lists
from netloom.platforms.cisco_nxos.change import change
from netloom.platforms.cisco_nxos.screens import telling
from netloom.platforms.refusals import refuse
from netloom.platforms.replies import Reader, merged

READ = show_access_lists.READ

_READERS = (
    Reader(show_access_lists.KNOWS_REPLY, show_access_lists.list_replies),
    Reader(show_access_lists.KNOWS, show_access_lists.lists),
)


_HEADER = re.compile(r"(ip|ipv6) access-list (\S+)")
_ENTRY = re.compile(r"(\d+) (.*)")
_DIALECT = Dialect(host=False, group="addrgroup")


def configured(config: Config) -> list[Acl]:
    """The IPv4 and IPv6 lists, their rules by number."""
    return [
        Acl(
            match[2],
            "ipv4" if match[1] == "ip" else "ipv6",
            entries=tuple(entry for entry, _ in _entries(below, match[1])),
        )
        for header, below in config.tree.items()
        if (match := _HEADER.fullmatch(header))
    ]


def lines(record: Acl, config: Config) -> list[Line]:
    """The list's section; a rule that the configuration spells otherwise keeps its spelling."""
    word = "ip" if record.family == "ipv4" else "ipv6"
    header = f"{word} access-list {record.name}"
    present = {canonical_rule(entry, record): text for entry, text in _entries(config.section(header), word)}
    found = [Line(header)]
    for entry in record.entries:
        text = present.get(canonical_rule(entry, record)) or f"{entry.sequence} {write_rule(entry, record, _DIALECT)}"
        found.append(Line(text, (header,)))
    return found


def render(have: Acl | None, want: Acl | None, config: Config) -> list[Line]:
    """The least change, rule by rule."""
    if want is not None and want.type == "standard":
        raise Unsupported(f"acl {want.name}: NX-OS has no standard lists", device="", hint="leave its type out")
    for entry in want.entries if want is not None else ():
        refuse(entry, ("name",), f"acl, entry {entry.sequence}", "NX-OS' rules have no", hint="a remark may tell it")
    return change(have, want, config, lines)


def canonical(record: Acl) -> Acl:
    """Rules by their numbers, names in one spelling."""
    entries = sorted(record.entries, key=lambda entry: entry.sequence)
    return replace(record, entries=tuple(canonical_rule(entry, record) for entry in entries))


def _entries(section: Tree, word: str) -> Iterator[tuple[AclEntry, str]]:
    family = Acl("", "ipv4" if word == "ip" else "ipv6")
    found = [(int(match[1]), match[2], text) for text in section if (match := _ENTRY.fullmatch(text))]
    for sequence, rule, text in sorted(found):
        yield _rule(rule, sequence, family), text


@lru_cache(maxsize=65536)
def _rule(text: str, sequence: int, family: Acl) -> AclEntry:
    """Lists are read again for each object that changes: their rules are not."""
    return read_rule(text, sequence, family)


def observed(*outputs: str) -> list[AclState]:
    """Every list, with the matches of its rules."""
    return merged(telling(outputs), _READERS)
