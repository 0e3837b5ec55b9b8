"""One term of a routing policy as an entry of a route map; what an entry cannot hold stays in its other words."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from netloom.model.config import Config, Tree
from netloom.model.route_map import RouteMapEntry
from netloom.platforms.juniper_junos.prefix_list import EXACT, RANGED, kind_of
from netloom.platforms.juniper_junos.spelling import Words
from netloom.platforms.juniper_junos.statements import section
from netloom.platforms.juniper_junos.terms import Said, ends, said_words

_MATCH_WORDS = {
    "match_community": "community",
    "match_as_path": "as-path",
    "match_interface": "interface",
    "call": "policy",
}
_MATCH_NUMBERS = {"match_tag": "tag", "match_metric": "metric"}
_SET_NUMBERS = {"set_local_preference": "local-preference", "set_metric": "metric", "set_tag": "tag"}
_PROTOCOLS = {"direct": "connected"}
"""Junos' word for a source of routes → the record's."""
_ORIGINS = ("igp", "egp", "incomplete")


def read_term(entry: RouteMapEntry, term: Tree, config: Config) -> RouteMapEntry:
    """The entry of a term."""
    said = Said(term)
    found: dict[str, Any] = {"action": "permit"}
    if said.take("then", "reject"):
        found["action"] = "deny"
    elif not said.take("then", "accept") and (said.take("then", "next", "term") or not said.ends()):
        found["on_match"] = "next"
    found |= {field: said.only("from", word) for field, word in _MATCH_WORDS.items()}
    found |= {field: _number(said, "from", word) for field, word in _MATCH_NUMBERS.items()}
    found |= {field: _number(said, "then", word) for field, word in _SET_NUMBERS.items()}
    if source := said.only("from", "protocol"):
        found["match_source_protocol"] = _PROTOCOLS.get(source, source)
    found |= _read_list(said, term, config)
    found |= _read_next_hop(said)
    if said.values("then", "origin")[:1] in {(origin,) for origin in _ORIGINS}:
        found["set_origin"] = said.only("then", "origin")
    found["set_community"] = _read_communities(said)
    path = said.values("then", "as-path-prepend")
    if len(path) == 1 and all(part.isdigit() for part in path[0].split()):
        said.take("then", "as-path-prepend", path[0])
        found["set_as_path_prepend"] = tuple(map(int, path[0].split()))
    return replace(entry, **found, other=tuple(sorted(said.rest())))


def write_term(entry: RouteMapEntry, there: Tree | None, config: Config) -> list[Words]:
    """The statements of an entry, spelled as the term that is there spells them."""
    others = said_words(entry.other)
    found = [*_matches(entry, config), *_settings(entry)]
    found += [path for path in others if path not in found]
    if entry.action == "deny":
        found.append(("then", "reject"))
    elif entry.on_match is None and not ends(others):
        found.append(("then", "accept"))
    elif entry.on_match == "next" and "term" in (there or {}).get("then", {}).get("next", {}):
        found.append(("then", "next", "term"))
    return found


def _matches(entry: RouteMapEntry, config: Config) -> Iterator[Words]:
    for name in (entry.match_prefix_list, entry.match_ipv6_prefix_list):
        if name is not None:
            yield "from", kind_of(name, config), name
    for field, word in (_MATCH_WORDS | _MATCH_NUMBERS).items():
        if (value := getattr(entry, field)) is not None:
            yield "from", word, str(value)
    if entry.match_source_protocol is not None:
        shown = {meant: word for word, meant in _PROTOCOLS.items()}
        yield "from", "protocol", shown.get(entry.match_source_protocol, entry.match_source_protocol)


def _settings(entry: RouteMapEntry) -> Iterator[Words]:
    for field, word in _SET_NUMBERS.items():
        if (value := getattr(entry, field)) is not None:
            yield "then", word, str(value)
    if entry.set_origin is not None:
        yield "then", "origin", entry.set_origin
    for hop in (entry.set_next_hop, entry.set_ipv6_next_hop):
        if hop is not None:
            yield "then", "next-hop", hop
    if entry.set_as_path_prepend:
        yield "then", "as-path-prepend", " ".join(map(str, entry.set_as_path_prepend))
    names = [name for name in entry.set_community if name != "additive"]
    verb = "add" if entry.set_community[-1:] == ("additive",) else "set"
    for at, name in enumerate(names):
        yield "then", "community", verb if at == 0 else "add", name


def canonical_term(entry: RouteMapEntry) -> RouteMapEntry:
    """An entry as a term is read."""
    other = tuple(sorted(text.strip() for text in entry.other if text.strip()))
    source = entry.match_source_protocol
    return replace(entry, other=other, match_source_protocol=_PROTOCOLS.get(source, source) if source else None)


def _number(said: Said, *path: str) -> int | None:
    found = said.values(*path)
    if len(found) != 1 or not found[0].isdigit():
        return None
    said.take(*path, found[0])
    return int(found[0])


def _read_list(said: Said, term: Tree, config: Config) -> dict[str, Any]:
    """A list's family is that of its prefixes; a term with lists of both kinds keeps its words."""
    there = [word for word in (EXACT, RANGED) if word in term.get("from", {})]
    if len(there) != 1 or len(said.values("from", there[0])) != 1:
        return {}
    name = said.values("from", there[0])[0]
    if kind_of(name, config) != there[0]:
        return {}
    said.take("from", there[0], name)
    prefixes = section(config, "policy-options", there[0], name)
    ipv6 = bool(prefixes) and all(":" in text for text in prefixes)
    return {"match_ipv6_prefix_list" if ipv6 else "match_prefix_list": name}


def _read_next_hop(said: Said) -> dict[str, Any]:
    found = said.values("then", "next-hop")
    if len(found) != 1:
        return {}
    try:
        version = ipaddress.ip_address(found[0]).version
    except ValueError:
        return {}
    said.take("then", "next-hop", found[0])
    return {"set_next_hop" if version == 4 else "set_ipv6_next_hop": found[0]}


def _read_communities(said: Said) -> tuple[str, ...]:
    """One community that is set, or some that are added; both together stay words."""
    put = [verb for verb in ("set", "+", "=", "add", "-", "delete") if said.values("then", "community", verb)]
    if put in (["set"], ["="]) and len(said.values("then", "community", put[0])) == 1:
        return said.all("then", "community", put[0])
    if put == ["add"]:
        return (*sorted(said.all("then", "community", "add")), "additive")
    return ()
