"""Junos' configuration as commands: `show configuration | display set`, or a file for `load set`."""

from __future__ import annotations

import re

from netloom.model.config import Tree
from netloom.platforms.juniper_junos.draft import Draft
from netloom.platforms.juniper_junos.spelling import split

_VERBS = (
    r"[ \t]*+(?:set|delete|deactivate|activate|protect|unprotect|insert|rename|copy|annotate|edit|top|up|exit)\b"
    r"(?![^\n]*[{;][ \t\r]*(?:\n|\Z))"
)
_COMMAND = re.compile(_VERBS)
_COMMANDS = re.compile(rf"\n{_VERBS}")
"""The newline before it is found faster than the beginning of a line."""
_NOISE = re.compile(r"\s*(?:#.*|/\*.*\*/|\{\w[\w:-]*\}|\[edit[^\]]*\]|[\w.-]+@[\w.-]+[>#%].*)?\s*")


def is_set_text(text: str) -> bool:
    """Whether a configuration is written as commands."""
    return _COMMAND.match(text) is not None or _COMMANDS.search(text) is not None


def read_set(text: str) -> Tree:
    """The trie of a text of commands; raises ValueError with the line."""
    draft = Draft()
    lines = joined_lines(text)
    for at, (number, line) in enumerate(lines):
        if _NOISE.fullmatch(line):
            continue
        following = lines[at + 1][1] if at + 1 < len(lines) else ""
        if not _COMMAND.match(line) and _indent(following) > _indent(line):
            continue  # the header of a template's section; commands name their whole path
        try:
            draft.command(split(line))
        except ValueError as exc:
            raise ValueError(f"line {number}: {exc}") from exc
    return draft.tree


def joined_lines(text: str) -> list[tuple[int, str]]:
    """The lines with their numbers; a quoted text that goes over several lines stays in one."""
    found: list[tuple[int, str]] = []
    open_quote = False
    for number, line in enumerate(text.splitlines(), 1):
        quotes = len(re.findall(r'(?<!\\)"', line))
        if open_quote:
            found[-1] = (found[-1][0], f"{found[-1][1]}\n{line}")
        else:
            found.append((number, line))
        open_quote = open_quote != bool(quotes % 2)
    return found


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
