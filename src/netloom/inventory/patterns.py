"""Ansible's host patterns: `leaf*:&paris:!lab`, `~regex`, `@file`, `group[0:2]`.

Terms are joined by `,` or `:`; plain ones unite, then `&` keeps what both have, then `!` leaves out, whatever their
order (docs.ansible.com, «Patterns: targeting hosts and groups»). One thing is stricter: a plain name that no host and
no group has is an error, for a mistyped `!lab` would widen what is touched.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class _Term:
    text: str
    file: str | None = None
    line: int | None = None


def choose(pattern: str, names: Names) -> list[str]:
    """The hosts that a pattern stands for, possibly none; raises UsageError, SourceError."""
    if pattern.strip() in names.hosts:  # an IPv6 address is full of colons
        return [pattern.strip()]
    terms = [_Term(text) for text in split(pattern.strip())]
    if not terms:
        raise UsageError("the host pattern is empty", hint="write `all` for every host")
    return _evaluate(terms, names, ())


def split(pattern: str) -> list[str]:
    """The terms of a pattern."""
    if "," in pattern:
        return [term.strip() for term in pattern.split(",") if term.strip()]
    if pattern.startswith("@"):
        return [pattern]
    if re.search(r"[\[\]]", TERM.sub("", pattern)):
        raise UsageError(f"{pattern}: a bracket has no partner", hint="as in leaf[1:3] or ~leaf[ab]")
    return TERM.findall(pattern)


def _evaluate(terms: list[_Term], names: Names, files: tuple[str, ...]) -> list[str]:
    """Unite, intersect, exclude; `files` are the lists being read, outermost first."""
    plain = [term for term in terms if term.text[0] not in "&!"] or [_Term("all")]
    found = dict.fromkeys(name for term in plain for name in _hosts(term, term.text, names, files))
    for term in terms:
        if term.text[0] == "&":
            kept = set(_hosts(term, term.text[1:], names, files))
            found = {name: None for name in found if name in kept}
    for term in terms:
        if term.text[0] == "!":
            for name in _hosts(term, term.text[1:], names, files):
                found.pop(name, None)
    return list(found)


def _hosts(term: _Term, text: str, names: Names, files: tuple[str, ...]) -> list[str]:
    try:
        if text.startswith("@"):
            return _listed(text[1:], names, files)
        return _match(text, names)
    except UsageError as exc:
        if term.file is None:
            raise
        raise SourceError(exc.message, file=term.file, line=term.line, hint=exc.hint) from exc


def _listed(path: str, names: Names, files: tuple[str, ...]) -> list[str]:
    """What a file's lines stand for: together they are one pattern, as if in parentheses."""
    if path in files:
        raise UsageError(f"@{path} includes itself")
    lines = [line.strip() for line in _read(path).splitlines()]
    terms = [
        _Term(text, path, number)
        for number, line in enumerate(lines, 1)
        if not line.startswith("#")
        for text in ([line] if line in names.hosts else split(line))
    ]
    return _evaluate(terms, names, (*files, path)) if terms else []


def _read(path: str) -> str:
    try:
        return Path(path).expanduser().read_text(encoding="utf-8")
    except OSError as exc:
        raise UsageError(f"@{path}: the list of hosts cannot be read: {exc.strerror}") from exc
    except UnicodeDecodeError as exc:
        raise UsageError(f"@{path}: expected UTF-8 text") from exc


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
