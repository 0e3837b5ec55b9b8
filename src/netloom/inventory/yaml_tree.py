"""Ansible's YAML inventories: groups with `hosts`, `vars` and `children`."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Any

from netloom.codecs.marked_yaml import Document, Path
from netloom.inventory.ranges import expand
from netloom.inventory.tree import Layer, Notice, Position, Tree

SECTIONS = ("vars", "children", "hosts")


def read_yaml(document: Document, tree: Tree) -> None:
    """Add a YAML inventory to the tree; raises SourceError."""
    data = document.data
    if data is None:
        tree.notices.append(Notice("the inventory is empty", document.name))
        return
    if not isinstance(data, dict):
        raise document.error((), f"expected a mapping of groups, got {_kind(data)}")
    if "plugin" in data:
        hint = f"write what it finds into a file: ansible-inventory -i {document.name} --list --export > FILE.json"
        raise document.error(("plugin",), "this configures an Ansible plugin; it is no inventory", hint=hint)
    reader = _Reader(document, tree)
    for name, body in data.items():
        if name in SECTIONS:
            reader.notice((name,), f"{name!r} at the top is read as a group's name", 'put it below "all:"')
        reader.group(str(name), body, (name,))


class _Reader:
    def __init__(self, document: Document, tree: Tree) -> None:
        self.document = document
        self.tree = tree

    def group(self, name: str, body: Any, path: Path) -> None:
        if body is not None and not isinstance(body, dict):
            self.notice(path, f"{_dotted(path)}: expected a group (hosts, vars, children), got {_kind(body)}; skipped")
            return
        self.tree.group(name)
        if not body:
            return
        for key in body:  # in the order written: of a host's variables set twice the later ones hold
            below = (*path, key)
            if key == "vars":
                self.vars(name, self.section(body, key, path), below)
            elif key == "children":
                for child, group in self.section(body, key, path).items():
                    self.child(name, str(child), group, (*below, child))
            elif key == "hosts":
                for pattern, variables in self.section(body, key, path).items():
                    self.hosts(name, str(pattern), variables, (*below, pattern))
            else:
                self.unexpected(below)

    def section(self, body: dict[str, Any], key: str, path: Path) -> dict[Any, Any]:
        section = body.get(key)
        if isinstance(section, str):
            return {section: None}
        if section is not None and not isinstance(section, dict):
            raise self.document.error(
                (*path, key), f"{_dotted((*path, key))}: expected a mapping, got {_kind(section)}", hint=_hint(section)
            )
        return section or {}

    def vars(self, name: str, values: dict[str, Any], path: Path) -> None:
        if values:
            self.tree.set_variables(name, self.layer(f"group {name}", values, path))

    def child(self, name: str, child: str, body: Any, path: Path) -> None:
        self.group(child, body, path)
        if child in self.tree.groups:
            self.tree.add_child(name, child, (self.document.name, *self.document.place(path, at_key=True)))

    def hosts(self, group: str, pattern: str, variables: Any, path: Path) -> None:
        if variables is not None and not isinstance(variables, dict):
            message = f"{_dotted(path)}: expected a mapping of variables, got {_kind(variables)}"
            raise self.document.error(path, message)
        try:
            names, port = expand(pattern)
        except ValueError as exc:
            raise self.document.error(path, str(exc), at_key=True) from exc
        if not names:
            self.notice(path, f"host range {pattern!r} stands for no host")
        layer = self.layer(f"host {pattern}", variables or {}, path)
        for name in names:
            new = name not in self.tree.hosts
            host = self.tree.host(name, group)
            if new and port is not None:
                host.layers.append(self.layer(f"host {name}", {"ansible_port": port}, path))
            if variables:
                host.layers.append(layer)

    def layer(self, scope: str, values: dict[str, Any], path: Path) -> Layer:
        document = self.document

        def place(name: str) -> Position:
            return document.place((*path, name), at_key=True)

        return Layer(document.name, scope, values, place)

    def unexpected(self, path: Path) -> None:
        key = str(path[-1])
        near = get_close_matches(key, SECTIONS, n=1)
        hint = (
            f'did you mean "{near[0]}"?'
            if near
            else "a group has hosts, vars and children; groups stand below children"
        )
        self.notice(path, f"{_dotted(path)}: unexpected key, ignored", hint)

    def notice(self, path: Path, message: str, hint: str | None = None) -> None:
        line, column = self.document.place(path, at_key=True)
        self.tree.notices.append(Notice(message, self.document.name, line, column, hint))


def _dotted(path: Path) -> str:
    return ".".join(str(part) for part in path)


def _kind(value: Any) -> str:
    names = {
        list: "a list",
        dict: "a mapping",
        str: "a text",
        bool: "true or false",
        int: "a number",
        float: "a number",
    }
    return names.get(type(value), type(value).__name__)


def _hint(section: Any) -> str | None:
    if isinstance(section, list) and section and all(isinstance(item, str) for item in section):
        return f'end each name with a colon and leave out the dashes: "{section[0]}:"'
    return None
