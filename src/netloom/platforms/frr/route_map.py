"""Route maps of an FRR router."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, Literal, cast

from netloom.model.config import Config, Line, Tree
from netloom.model.route_map import RouteMap, RouteMapEntry
from netloom.platforms.frr.change import change
from netloom.platforms.frr.communities import spelled
from netloom.platforms.frr.words import number, one_line, value, word

_HEADER = re.compile(r"route-map (\S+) (permit|deny) (\d+)")
_MOST = 4_294_967_295
_WORDS = {
    "call": "call",
    "match_as_path": "match as-path",
    "match_community": "match community",
    "match_interface": "match interface",
    "match_prefix_list": "match ip address prefix-list",
    "match_ipv6_prefix_list": "match ipv6 address prefix-list",
    "set_next_hop": "set ip next-hop",
    "set_origin": "set origin",
}
_NUMBERS = {
    "match_metric": "match metric",
    "match_tag": "match tag",
    "set_local_preference": "set local-preference",
    "set_metric": "set metric",
    "set_tag": "set tag",
    "set_weight": "set weight",
}


def configured(config: Config) -> list[RouteMap]:
    """Every route map with its entries in order."""
    found: dict[str, list[RouteMapEntry]] = {}
    for header, below in config.sections("route-map "):
        if match := _HEADER.fullmatch(header):
            found.setdefault(match[1], []).append(_entry(match[2], match[3], below))
    return [RouteMap(name, tuple(sorted(entries, key=lambda entry: entry.sequence))) for name, entries in found.items()]


def lines(record: RouteMap, config: Config) -> list[Line]:  # noqa: ARG001 - every noun's lines sees the configuration
    """A section for each entry."""
    found = []
    for entry in record.entries:
        header = f"route-map {record.name} {entry.action} {entry.sequence}"
        found += [Line(header), *(Line(text, (header,)) for text in _entry_lines(entry))]
    return found


def render(have: RouteMap | None, want: RouteMap | None, config: Config) -> list[Line]:
    """The least change; an entry's action changes in place. Raises ValueError for what FRR 8 chokes on."""
    for entry in want.entries if want is not None else ():
        _check(f"route map {want.name if want else ''}, entry {entry.sequence}", entry)
    return change(have, want, config, lines)


def canonical(record: RouteMap) -> RouteMap:
    """Entries by their numbers, communities as FRR sorts them."""
    entries = sorted(record.entries, key=lambda entry: entry.sequence)
    return replace(
        record,
        entries=tuple(
            replace(entry, description=one_line(entry.description), set_community=spelled(entry.set_community))
            for entry in entries
        ),
    )


def _check(place: str, entry: RouteMapEntry) -> None:
    # A refused metric leaves FRR 8.4's daemons with a transaction that never ends: nothing is taken any more.
    if entry.match_metric is not None and not 1 <= entry.match_metric <= _MOST:
        raise ValueError(f"{place}: expected match_metric 1–{_MOST}, got {entry.match_metric}")
    if entry.match_tag is not None and not 1 <= entry.match_tag <= _MOST:
        raise ValueError(f"{place}: expected match_tag 1–{_MOST}, got {entry.match_tag}")
    if entry.on_match is None:
        return
    if entry.action == "deny":
        raise ValueError(f"{place}: expected on_match with permit only, got deny")
    goto = re.fullmatch(r"next|goto (\d+)", entry.on_match)
    if goto is None or (goto[1] and int(goto[1]) <= entry.sequence):
        raise ValueError(f"{place}: expected on_match `next` or `goto` a later entry, got {entry.on_match!r}")


def _entry(action: str, sequence: str, below: Tree) -> RouteMapEntry:
    fields: dict[str, Any] = {name: word(below, f"{start} ") for name, start in _WORDS.items()}
    fields |= {name: number(below, f"{start} ") for name, start in _NUMBERS.items()}
    path = (value(below, "set as-path prepend ") or "").split()
    return RouteMapEntry(
        sequence=int(sequence),
        action=cast("Literal['permit', 'deny']", action),
        description=value(below, "description "),
        on_match=value(below, "on-match "),
        set_community=tuple((value(below, "set community ") or "").split()),
        set_as_path_prepend=tuple(map(int, path)) if all(part.isdigit() for part in path) else (),
        **fields,
    )


def _entry_lines(entry: RouteMapEntry) -> list[str]:
    texts = [f"description {description}"] if (description := one_line(entry.description)) else []
    for name, start in (_WORDS | _NUMBERS).items():
        if (found := getattr(entry, name)) is not None:
            texts.append(f"{start} {found}")
    if entry.on_match:
        texts.append(f"on-match {entry.on_match}")
    if entry.set_as_path_prepend:
        texts.append(f"set as-path prepend {' '.join(map(str, entry.set_as_path_prepend))}")
    if entry.set_community:
        texts.append(f"set community {' '.join(spelled(entry.set_community))}")
    return texts
