"""Ansible's INI inventories: sections of hosts, of child groups and of variables."""

from __future__ import annotations

import ast
import re
import shlex
import warnings
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from netloom.errors import SourceError
from netloom.inventory.ranges import expand
from netloom.inventory.tree import Layer, Notice, Position, Tree

SECTION = re.compile(r"\[([^:\]\s]+)(?::(\w+))?\]\s*(?:#.*)?")
CHILD = re.compile(r"([^:\]\s]+)\s*(?:#.*)?")
KINDS = ("hosts", "children", "vars")
PLAIN = re.compile(r"[A-Za-z_/][\w/.:@-]*")
"""Text that Python cannot take for a literal, but for the three words that it does."""
SIMPLE_WORD = re.compile(r"""(?:[^ \t\r\n"'\\#]|"[^"\\]*"|'[^']*')+""")
SIMPLE = re.compile(r"""(?:[^"'\\#]|"[^"\\]*"|'[^']*')*""")
"""Words with quotes, without escapes and comments."""
QUOTES = re.compile(r""""([^"]*)"|'([^']*)'""")
WORDS = {"True": True, "False": False, "None": None}


def read_ini(text: str, file: str, tree: Tree) -> None:
    """Add an INI inventory to the tree; raises SourceError."""
    reader = _Reader(file, tree)
    for number, line in enumerate(text.splitlines(), 1):
        reader.number, reader.line = number, line
        stripped = line.strip()
        if stripped and stripped[0] not in "#;":
            reader.take(stripped)
    reader.finish()


def literal(text: str) -> Any:
    """A value as Python would read it, or the text itself: Ansible's rule for INI."""
    if PLAIN.fullmatch(text):
        return WORDS.get(text, text)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SyntaxWarning)
            return ast.literal_eval(text)
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return text


def _words(line: str) -> list[str]:
    """The words of a line as a shell would split them; shlex itself is slow, and few lines need it."""
    if SIMPLE.fullmatch(line):
        return [QUOTES.sub(r"\1\2", word) for word in SIMPLE_WORD.findall(line)]
    return shlex.split(line, comments=True)


@dataclass(slots=True)
class _Assignments:
    """The variables of one section, with the lines that set them."""

    group: str
    number: int
    column: int
    values: dict[str, Any] = field(default_factory=dict)
    lines: dict[str, tuple[int, int]] = field(default_factory=dict)

    def place(self, name: str) -> Position:
        return self.lines.get(name, (self.number, self.column))


class _Reader:
    def __init__(self, file: str, tree: Tree) -> None:
        self.file = file
        self.tree = tree
        self.number = 0
        self.line = ""
        self.section = "ungrouped"
        self.kind = "hosts"
        self.declared: set[str] = set(tree.groups)
        self.pending: dict[str, list[tuple[str, int, int]]] = {}
        """Groups that are named but not declared yet: the parents that name them, with line and column."""
        self.assignments: list[_Assignments] = []
        self.members: set[tuple[str, str]] = set()

    def take(self, line: str) -> None:
        if line[0] == "[":
            found = SECTION.fullmatch(line)
            if found:
                self.open_section(found[1], found[2] or "hosts")
                return
            # Other lines may start with a bracketed IPv6 address or with a range.
            if line.endswith("]"):
                raise self.error(f"section {line}: expected [group], [group:children] or [group:vars], no spaces")
        if self.kind == "hosts":
            self.take_hosts(line)
        elif self.kind == "children":
            self.take_child(line)
        else:
            self.take_variable(line)

    def open_section(self, group: str, kind: str) -> None:
        if kind not in KINDS:
            near = get_close_matches(kind, KINDS, n=1)
            hint = f'did you mean "{near[0]}"?' if near else "expected hosts, children or vars"
            raise self.error(f"section [{group}:{kind}] is of an unknown kind {kind!r}", hint)
        self.section, self.kind = group, kind
        self.tree.group(group)
        if kind == "vars":
            self.assignments.append(_Assignments(group, self.number, self.column()))
        else:
            self.declared.add(group)
            for parent, number, column in self.pending.pop(group, ()):
                self.tree.add_child(parent, group, (self.file, number, column))

    def take_hosts(self, line: str) -> None:
        try:
            words = _words(line)
        except ValueError as exc:
            # The line itself is not repeated, here and below: it may hold a password.
            raise self.error(f"expected a host and its variables: {str(exc).lower()}") from exc
        if words[0] == "---":
            raise self.error("'---' opens a YAML file", "name the file .yml, or write INI")
        try:
            names, port = expand(words[0])
        except ValueError as exc:
            raise self.error(str(exc)) from exc
        if not names:
            self.notice(f"host range {words[0]!r} stands for no host")
        layer = Layer(self.file, f"host {words[0]}", self.inline(words[1:]), self.inline_place())
        for name in names:
            self.take_host(name, port, layer)

    def take_host(self, name: str, port: int | None, layer: Layer) -> None:
        if (self.section, name) in self.members:
            self.notice(f"host {name!r} is in [{self.section}] twice")
        self.members.add((self.section, name))
        new = name not in self.tree.hosts
        host = self.tree.host(name, self.section)
        if port is not None and new:
            host.layers.append(Layer(self.file, f"host {name}", {"ansible_port": port}, layer.place))
        if layer.values:
            host.layers.append(layer)

    def inline(self, words: list[str]) -> dict[str, Any]:
        found = {}
        for word in words:
            name, equals, value = word.partition("=")
            if not equals:
                raise self.error("expected variable=value after the host", "quote values that hold spaces", at=word)
            if name in found:
                self.notice(f"variable {name!r} is set twice on one line", at=name)
            found[name] = literal(value)
        return found

    def inline_place(self) -> Any:
        number, line = self.number, self.line

        def place(name: str) -> Position:
            found = re.search(rf"(?<=\s)[\"']?{re.escape(name)}=", line)
            return number, (found.start() if found else len(line) - len(line.lstrip())) + 1

        return place

    def take_child(self, line: str) -> None:
        found = CHILD.fullmatch(line)
        if not found:
            raise self.error(f"expected a group's name below [{self.section}:children], got {line!r}")
        child = found[1]
        if child in self.tree.groups:
            self.tree.add_child(self.section, child, (self.file, self.number, self.column()))
        else:
            self.pending.setdefault(child, []).append((self.section, self.number, self.column()))

    def take_variable(self, line: str) -> None:
        name, equals, value = line.partition("=")
        if not equals:
            raise self.error(f"expected variable = value below [{self.section}:vars]")
        name = name.strip()
        block = self.assignments[-1]
        if name in block.values:
            self.notice(f"variable {name!r} is set twice in [{self.section}:vars]; the last one holds")
        block.values[name] = literal(value.strip())
        block.lines[name] = (self.number, self.column())

    def finish(self) -> None:
        known = sorted(self.declared)
        for name, ((parent, number, column), *_) in self.pending.items():
            near = get_close_matches(name, known, n=1)
            hint = f'did you mean "{near[0]}"?' if near else f"declare it with [{name}]"
            message = f"[{parent}:children] names the group {name!r}, which is not declared"
            raise SourceError(message, file=self.file, line=number, column=column, hint=hint)
        for block in self.assignments:
            if block.group not in self.declared:
                near = get_close_matches(block.group, known, n=1)
                hint = f'did you mean "{near[0]}"?' if near else f"declare it with [{block.group}]"
                message = f"[{block.group}:vars] sets variables of a group that is not declared"
                raise SourceError(message, file=self.file, line=block.number, column=block.column, hint=hint)
            layer = Layer(self.file, f"group {block.group}", block.values, block.place)
            self.tree.set_variables(block.group, layer)

    def column(self, word: str | None = None) -> int:
        at = self.line.find(word) if word else -1
        return (at if at >= 0 else len(self.line) - len(self.line.lstrip())) + 1

    def error(self, message: str, hint: str | None = None, at: str | None = None) -> SourceError:
        return SourceError(message, file=self.file, line=self.number, column=self.column(at), hint=hint)

    def notice(self, message: str, at: str | None = None) -> None:
        self.tree.notices.append(Notice(message, self.file, self.number, self.column(at)))
