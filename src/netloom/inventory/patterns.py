"""Ansible's host patterns: `leaf*:&paris:!lab`, `~regex`, `@file`, `group[0:2]`.

Terms are joined by `,` or `:`; plain ones unite, then `&` keeps what both have, then `!` leaves out, whatever their
order (docs.ansible.com, «Patterns: targeting hosts and groups»). One thing is stricter: a plain name that no host and
no group has is an error, for a mistyped `!lab` would widen what is touched.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from fnmatch import translate
from pathlib import Path
from typing import Any, Protocol

from netloom.errors import SourceError, UsageError
from netloom.inventory.near import near

TERM = re.compile(r"(?:[^\s:\[\]]|\[[^\]]*\])+")
"""Between colons; brackets may hold some: group[0:2], leaf[ab]."""
SUBSCRIPT = re.compile(r"(.+)\[(?:(-?[0-9]+)|([0-9]+)[:-]([0-9]*))\]")
GLOB = re.compile(r"[.?*\[]")


class Names(Protocol):
    """What patterns are matched against."""

    @property
    def hosts(self) -> Mapping[str, Any]:
        """Every host by name."""
        ...

    @property
    def groups(self) -> Mapping[str, Any]:
        """Every group by name."""
        ...

    def members(self, group: str) -> list[str]:
        """The hosts of a group and of those in it."""
        ...


def choose(pattern: str, names: Names) -> list[str]:
    """The hosts that a pattern stands for, possibly none; raises UsageError."""
    terms = list(_terms(pattern))
    if not terms:
        raise UsageError("the host pattern is empty", hint="write `all` for every host")
    plain = [term for term in terms if term[0] not in "&!"]
    found = dict.fromkeys(name for term in plain or ["all"] for name in _match(term, names))
    for term in terms:
        if term[0] == "&":
            kept = set(_match(term[1:], names))
            found = {name: None for name in found if name in kept}
    for term in terms:
        if term[0] == "!":
            for name in _match(term[1:], names):
                found.pop(name, None)
    return list(found)


def split(pattern: str) -> list[str]:
    """The terms of a pattern."""
    if "," in pattern:
        return [term.strip() for term in pattern.split(",") if term.strip()]
    if pattern.startswith("@"):
        return [pattern]
    return TERM.findall(pattern)


def _terms(pattern: str, seen: tuple[str, ...] = ()) -> Iterable[str]:
    for term in split(pattern.strip()):
        if not term.startswith("@"):
            yield term
            continue
        path = term[1:]
        if path in seen:
            raise UsageError(f"@{path} includes itself")
        for number, line in enumerate(_lines(path), 1):
            text = line.strip()
            if text and not text.startswith("#"):
                try:
                    yield from _terms(text, (*seen, path))
                except UsageError as exc:
                    raise SourceError(exc.message, file=path, line=number, hint=exc.hint) from exc


def _lines(path: str) -> list[str]:
    try:
        return Path(path).expanduser().read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as exc:
        raise UsageError(f"@{path}: the list of hosts cannot be read: {exc}") from exc


def _match(term: str, names: Names) -> list[str]:
    if term in names.hosts:
        return [term]
    if not term:
        raise UsageError("the host pattern has an empty term", hint="write the name after & or !")
    if term.startswith("~"):
        return _matching(_regex(term[1:]), names)
    base, subscript = _subscript(term, names)
    if base in names.groups and not GLOB.search(base):
        return _slice(names.members(base), subscript)
    found = _matching(re.compile(translate(base)), names)
    if not found and not GLOB.search(base):
        raise UsageError(f"no host and no group is named {base!r}", hint=near(base, [*names.groups, *names.hosts]))
    return _slice(found, subscript)


def _matching(pattern: re.Pattern[str], names: Names) -> list[str]:
    groups = [name for name in names.groups if pattern.match(name)]
    found = dict.fromkeys(host for group in groups for host in names.members(group))
    found |= dict.fromkeys(host for host in names.hosts if pattern.match(host))
    return list(found)


def _regex(text: str) -> re.Pattern[str]:
    try:
        return re.compile(text)
    except re.error as exc:
        raise UsageError(f"~{text} is no regular expression: {exc}") from exc


Subscript = tuple[int, int | None] | None
"""First and last, both included; the last None where open."""


def _subscript(term: str, names: Names) -> tuple[str, Subscript]:
    found = SUBSCRIPT.fullmatch(term)
    if not found or term in names.groups:
        return term, None
    if found[2] is not None:
        return found[1], (int(found[2]), int(found[2]))
    return found[1], (int(found[3]), int(found[4]) if found[4] else None)


def _slice(hosts: list[str], subscript: Subscript) -> list[str]:
    if subscript is None:
        return hosts
    first, last = subscript
    if first == last:
        return hosts[first:][:1] if -len(hosts) <= first < len(hosts) else []
    return hosts[first : None if last is None else last + 1]
