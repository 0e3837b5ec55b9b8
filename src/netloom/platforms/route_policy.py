"""Route maps and prefix lists as lines of Cisco-like systems, by each system's words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, Literal, cast

from netloom.model.config import Config, Line, Tree
from netloom.model.prefix_list import PrefixList, PrefixListEntry
from netloom.model.route_map import RouteMap, RouteMapEntry
from netloom.model.text import SEEN, canonical_address, canonical_prefix

_HEADER = re.compile(r"route-map (\S+) (permit|deny) (\d+)")
_LIST = re.compile(r"(ip|ipv6) prefix-list (\S+)(?: (description .*|seq \d+ .*))?")
_ENTRY = re.compile(
    r"(?:seq )?(\d+) (permit|deny) (\S+/\d+|any)(?: eq (?P<eq>\d+)|(?: ge (?P<ge>\d+))?(?: le (?P<le>\d+))?)"
)
_ORIGINS = ("igp", "egp", "incomplete")
_ADDRESSES = ("set_next_hop", "set_ipv6_next_hop")


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteMapWords:
    """How one system says what a term matches and sets."""

    words: Mapping[str, str]
    """Field → what stands before its one word."""
    numbers: Mapping[str, str]
    """Field → what stands before its number."""
    next: str = "continue"
    """`on_match` next."""
    goto: str = "continue "
    """`on_match` goto, before the number."""
    community: str = "set community "
    prepend: str = "set as-path prepend "
    keeps_other: bool = True
    """Lines that no field holds stand in `other`; False leaves them to the unmodelled."""
    _known: dict[str, tuple[str, bool]] = field(default_factory=dict, repr=False)

    def known(self) -> dict[str, tuple[str, bool]]:
        """What stands before a value → the field, and whether the value is a number."""
        if not self._known:
            self._known.update({f"{start} ": (name, False) for name, start in self.words.items()})
            self._known.update({f"{start} ": (name, True) for name, start in self.numbers.items()})
        return self._known


CISCO_WORDS = RouteMapWords(
    words={
        "match_prefix_list": "match ip address prefix-list",
        "match_ipv6_prefix_list": "match ipv6 address prefix-list",
        "match_community": "match community",
        "match_as_path": "match as-path",
        "match_interface": "match interface",
        "match_next_hop": "match ip next-hop prefix-list",
        "match_source_protocol": "match source-protocol",
        "set_origin": "set origin",
        "set_next_hop": "set ip next-hop",
        "set_ipv6_next_hop": "set ipv6 next-hop",
    },
    numbers={
        "match_tag": "match tag",
        "match_metric": "match metric",
        "set_local_preference": "set local-preference",
        "set_metric": "set metric",
        "set_weight": "set weight",
        "set_tag": "set tag",
    },
)
"""What most of these systems have in common."""


def route_maps(config: Config, words: RouteMapWords) -> list[RouteMap]:
    """Every route map, its entries by their numbers."""
    found: dict[str, list[RouteMapEntry]] = {}
    for header, below in config.sections("route-map "):
        if match := _HEADER.fullmatch(header):
            found.setdefault(match[1], []).append(_term(match[2], match[3], below, words))
    return [RouteMap(name, tuple(sorted(entries, key=lambda entry: entry.sequence))) for name, entries in found.items()]


def route_map_lines(record: RouteMap, config: Config, words: RouteMapWords) -> list[Line]:
    """A section for each entry; where the configuration spells a line otherwise, as it does."""
    found = []
    for entry in record.entries:
        header = f"route-map {record.name} {entry.action} {entry.sequence}"
        found.append(Line(header))
        present = {_meaning(text, words): text for text in config.section(header)}
        found += [Line(present.get(_meaning(text, words), text), (header,)) for text in _term_texts(entry, words)]
    return found


def _meaning(text: str, words: RouteMapWords) -> object:
    """What a line says, whatever its spelling."""
    return _statement(text, words) or text


def _statement(text: str, words: RouteMapWords) -> tuple[str, Any] | None:
    """The field that a line sets, and its value; None where no field holds it."""
    if text.startswith("description "):
        return "description", text.removeprefix("description ")
    if text == words.next or (text.startswith(words.goto) and text.removeprefix(words.goto).isdigit()):
        return "on_match", "next" if text == words.next else f"goto {text.removeprefix(words.goto)}"
    if text.startswith((words.community, words.prepend)):
        return _list_statement(text, words)
    start, _, value = text.rpartition(" ")
    name, is_number = words.known().get(f"{start} ", (None, False))
    if name is None:
        return None
    found = _value(name, value, is_number=is_number)
    return None if found is None else (name, found)


def _list_statement(text: str, words: RouteMapWords) -> tuple[str, Any] | None:
    if text.startswith(words.community):
        return "set_community", tuple(text.removeprefix(words.community).split())
    path = text.removeprefix(words.prepend).split()
    return ("set_as_path_prepend", tuple(map(int, path))) if path and all(map(str.isdigit, path)) else None


def _value(name: str, text: str, *, is_number: bool) -> int | str | None:
    if is_number:
        return int(text) if text.isdigit() else None
    if name == "set_origin":
        return text if text in _ORIGINS else None
    return _address(text) if name in _ADDRESSES else text


def _address(text: str) -> str | None:
    try:
        return canonical_address(text)
    except ValueError:  # a word such as `peer-address`
        return None


def _term(action: str, sequence: str, below: Tree, words: RouteMapWords) -> RouteMapEntry:
    fields: dict[str, Any] = {}
    others = []
    for text in below:
        statement = _statement(text, words)
        if statement is None or statement[0] in fields:
            others.append(text)
        else:
            fields[statement[0]] = statement[1]
    if words.keeps_other:
        fields["other"] = tuple(sorted(others))
    return RouteMapEntry(int(sequence), cast("Literal['permit', 'deny']", action), **fields)


def _term_texts(entry: RouteMapEntry, words: RouteMapWords) -> Iterator[str]:
    if entry.description:
        yield f"description {entry.description}"
    for name, start in (*words.words.items(), *words.numbers.items()):
        if (value := getattr(entry, name)) is not None:
            yield f"{start} {value}"
    if entry.on_match:
        yield words.next if entry.on_match == "next" else f"{words.goto}{entry.on_match.removeprefix('goto ')}"
    if entry.set_as_path_prepend:
        yield f"{words.prepend}{' '.join(map(str, entry.set_as_path_prepend))}"
    if entry.set_community:
        yield f"{words.community}{' '.join(entry.set_community)}"
    yield from entry.other


def in_order(record: RouteMap) -> RouteMap:
    """Entries by their numbers; what no field holds has no order of its own."""
    entries = sorted(record.entries, key=lambda entry: entry.sequence)
    return replace(record, entries=tuple(replace(entry, other=tuple(sorted(entry.other))) for entry in entries))


def unsaid(entry: RouteMapEntry, words: RouteMapWords) -> list[str]:
    """The fields of an entry that the system has no words for."""
    known = {*words.words, *words.numbers}
    fields = ("name", *CISCO_WORDS.words, *CISCO_WORDS.numbers, "match_acl", "call")
    found = [name for name in fields if name not in known and getattr(entry, name) is not None]
    return found if words.keeps_other or not entry.other else [*found, "other"]


def refuse_bad_goto(record: RouteMap) -> None:
    """Raise ValueError where an entry goes on to an earlier one, or to no such thing."""
    for entry in record.entries:
        goto = re.fullmatch(r"next|goto (\d+)", entry.on_match or "next")
        if goto is None or (goto[1] and int(goto[1]) <= entry.sequence):
            place = f"route map {record.name}, entry {entry.sequence}"
            raise ValueError(f"{place}: expected on_match `next` or `goto` a later entry, got {entry.on_match!r}")


def prefix_lists(config: Config) -> list[PrefixList]:
    """The lists of both families, written in a line each or in a section."""
    descriptions: dict[tuple[str, str], str] = {}
    entries: dict[tuple[str, str], list[PrefixListEntry]] = {}
    for header, below in config.tree.items():
        if " prefix-list " not in header or not (match := _LIST.fullmatch(header)):
            continue
        key = (match[1], match[2])
        for text in (match[3],) if match[3] else below:
            if text.startswith("description "):
                entries.setdefault(key, [])
                descriptions[key] = text.removeprefix("description ")
            elif (entry := prefix_list_entry(text)) is not None:
                entries.setdefault(key, []).append(entry)
        if match[3] is None:
            entries.setdefault(key, [])
    return [
        PrefixList(
            name,
            "ipv4" if family == "ip" else "ipv6",
            descriptions.get((family, name)),
            tuple(sorted(found, key=lambda entry: entry.sequence)),
        )
        for (family, name), found in entries.items()
    ]


@lru_cache(SEEN)
def prefix_list_entry(text: str) -> PrefixListEntry | None:
    """One rule, `seq 10 permit 10.0.0.0/8 le 24`; None where the line says more."""
    match = _ENTRY.fullmatch(text)
    prefix = _prefix(match[3]) if match is not None else None
    if match is None or prefix is None:
        return None
    limits = match.groupdict()
    ge, le = (limits["eq"] or limits[name] for name in ("ge", "le"))
    return PrefixListEntry(
        sequence=int(match[1]),
        action=cast("Literal['permit', 'deny']", match[2]),
        prefix=prefix,
        ge=int(ge) if ge else None,
        le=int(le) if le else None,
    )


def _prefix(text: str) -> str | None:
    try:
        return text if text == "any" else canonical_prefix(text)
    except ValueError:  # host bits set: no record may hold it
        return None


def prefix_list_lines(record: PrefixList, config: Config, *, sectioned: bool) -> list[Line]:
    """A line for each entry, or a section; where the configuration spells an entry otherwise, as it does."""
    header = f"{'ip' if record.family == 'ipv4' else 'ipv6'} prefix-list {record.name}"
    path = (header,) if sectioned else ()
    start = "" if sectioned else f"{header} "
    present = _present(config.section(*path), start)
    texts = [f"{start}description {record.description}"] if record.description else []
    texts += [present.get(entry) or f"{start}{_entry_text(entry)}" for entry in record.entries]
    return ([Line(header)] if sectioned else []) + [Line(text, path) for text in texts]


def _present(section: Iterable[str], start: str) -> dict[PrefixListEntry, str]:
    found = ((prefix_list_entry(text.removeprefix(start)), text) for text in section if text.startswith(start))
    return {entry: text for entry, text in found if entry is not None}


def _entry_text(entry: PrefixListEntry) -> str:
    text = f"seq {entry.sequence} {entry.action} {entry.prefix}"
    text += f" ge {entry.ge}" if entry.ge is not None else ""
    return text + (f" le {entry.le}" if entry.le is not None else "")


def refuse_lengths(record: PrefixList) -> None:
    """Raise ValueError where an entry's lengths cannot match anything."""
    most = 32 if record.family == "ipv4" else 128
    for entry in record.entries:
        length = 0 if entry.prefix == "any" else int(entry.prefix.partition("/")[2])
        limits = [limit for limit in (entry.ge, entry.le) if limit is not None]
        if [length, *limits, most] != sorted([length, *limits, most]) or (limits and entry.prefix == "any"):
            shown = f"{entry.prefix} ge {entry.ge} le {entry.le}"
            raise ValueError(
                f"prefix list {record.name}, entry {entry.sequence}: expected length <= ge <= le <= {most}, got {shown}"
            )


def refuse_twins(record: PrefixList, why: str) -> None:
    """Raise ValueError where two entries say the same, and `why` not."""
    seen: dict[PrefixListEntry, int] = {}
    for entry in record.entries:
        rule = replace(entry, sequence=0)
        if rule in seen:
            raise ValueError(
                f"prefix list {record.name}: expected different rules, got entry {entry.sequence} equal to entry "
                f"{seen[rule]}, {why}"
            )
        seen[rule] = entry.sequence
