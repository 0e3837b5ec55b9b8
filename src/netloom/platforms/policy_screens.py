"""Prefix lists and route maps as Cisco-like screens print them (`show ip prefix-list`, `show route-map`)."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from typing import Literal

from netloom.model.config import Config, Tree
from netloom.model.prefix_list import PrefixList, PrefixListEntry
from netloom.platforms.saved_screen import apart

_LIST = re.compile(r" *(?P<family>ip|ipv6) prefix-list (?P<name>\S+?)(?::.*)?\s*")
_ENTRY = re.compile(
    r"\s+(?:seq )?(?P<sequence>\d+) (?P<action>permit|deny) (?P<prefix>any|[0-9A-Fa-f.:]+/\d+)"
    r"(?P<lengths>(?: (?:ge|le|eq) \d+)*)(?:\s*\(.*\))?\s*"
)
_DESCRIPTION = re.compile(r"\s+Description: *(\S.*?)\s*", re.IGNORECASE)
_LENGTH = re.compile(r"(ge|le|eq) (\d+)")
_MAP = re.compile(r" *route-map (?P<name>[^\s,]+),? (?P<action>permit|deny),?(?: sequence)? (?P<sequence>\d+)\b.*")
_PART = re.compile(r"\s*(?P<part>Match|Set) clauses:?\s*")
_OTHER_PART = re.compile(r"\s*(?:Policy routing matches|SubRouteMap|Description|Continue|Call)\b.*")
_FILTERED = re.compile(r"\s*\([^()]*(?:filter|access-lists)\)")
_LISTS = re.compile(r"\bprefix-lists\b")
_COLON = re.compile(r"^((?:ipv6 )?[a-z][a-z -]*?)\s*:\s*(?=\S)")


def prefix_lists(outputs: Iterable[str]) -> list[PrefixList]:
    """Every list of the screens; raises ValueError for what holds none."""
    found: list[PrefixList] = []
    for text in apart(outputs):
        before = len(found)
        for line in text.splitlines():
            if head := _LIST.fullmatch(line):
                found.append(PrefixList(head["name"], "ipv6" if head["family"] == "ipv6" else "ipv4"))
            elif len(found) > before and (row := _ENTRY.fullmatch(line)):
                last = found.pop()
                found.append(PrefixList(last.name, last.family, last.description, (*last.entries, _entry(row))))
            elif len(found) > before and (told := _DESCRIPTION.fullmatch(line)):
                last = found.pop()
                found.append(PrefixList(last.name, last.family, told[1], last.entries))
        if len(found) == before:
            raise ValueError(f"expected prefix lists, got {' '.join(text.split())[:80]!r}")
    return found


def _entry(row: re.Match[str]) -> PrefixListEntry:
    lengths = {word: int(length) for word, length in _LENGTH.findall(row["lengths"])}
    prefix = row["prefix"]
    action: Literal["permit", "deny"] = "permit" if row["action"] == "permit" else "deny"
    return PrefixListEntry(
        sequence=int(row["sequence"]),
        action=action,
        prefix="any" if prefix == "any" else str(ipaddress.ip_network(prefix, strict=False)),
        ge=lengths.get("ge", lengths.get("eq")),
        le=lengths.get("le", lengths.get("eq")),
    )


def route_map_config(outputs: Iterable[str]) -> Config:
    """The running configuration that the screens tell of; raises ValueError for what holds no route map."""
    tree: Tree = {}
    for text in apart(outputs):
        section: Tree | None = None
        verb = ""
        for line in text.splitlines():
            if head := _MAP.fullmatch(line):
                section = tree.setdefault(f"route-map {head['name']} {head['action']} {head['sequence']}", {})
                verb = ""
            elif part := _PART.fullmatch(line):
                verb = part["part"].lower()
            elif _OTHER_PART.fullmatch(line):
                verb = ""
            elif section is not None and verb and line.strip():
                section[_clause(verb, line.strip())] = {}
        if section is None:
            raise ValueError(f"expected route maps, got {' '.join(text.split())[:80]!r}")
    return Config(tree)


def _clause(verb: str, words: str) -> str:
    """As it is typed: `ip address prefix-lists: PL` is `match ip address prefix-list PL`."""
    if words.startswith(f"{verb} "):
        return words
    typed = _COLON.sub(r"\1 ", _LISTS.sub("prefix-list", _FILTERED.sub("", words)))
    return " ".join(f"{verb} {typed}".split())
