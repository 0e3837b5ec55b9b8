"""What `ansible-inventory --list` prints, kept in a file: the way in for Ansible's dynamic inventories."""

from __future__ import annotations

from typing import Any

from netloom.codecs.marked_yaml import Document, Path
from netloom.inventory.tree import Layer, Position, Tree


def is_list(data: Any) -> bool:
    """Whether a document is in that form."""
    return isinstance(data, dict) and isinstance(data.get("_meta"), dict) and "hostvars" in data["_meta"]


def read_list(document: Document, tree: Tree) -> None:
    """Add the groups, hosts and variables to the tree; raises SourceError."""
    groups = {name: body for name, body in document.data.items() if name != "_meta"}
    for name in groups:
        tree.group(name)
    for name, body in groups.items():
        _group(document, tree, name, body)
    hostvars = _mapping(document, ("_meta", "hostvars"), document.data["_meta"]["hostvars"])
    for host, values in hostvars.items():
        if host not in tree.hosts:
            tree.host(host, "all")
        path = ("_meta", "hostvars", host)
        if _mapping(document, path, values):
            tree.hosts[host].layers.append(_layer(document, f"host {host}", values, path))


def _group(document: Document, tree: Tree, name: str, body: Any) -> None:
    _mapping(document, (name,), body)
    for host in _names(document, (name, "hosts"), body.get("hosts")):
        tree.host(host, name)
    for at, child in enumerate(_names(document, (name, "children"), body.get("children"))):
        tree.group(child)
        tree.add_child(name, child, (document.name, *document.place((name, "children", at))))
    values = _mapping(document, (name, "vars"), body.get("vars") or {})
    if values:
        tree.set_variables(name, _layer(document, f"group {name}", values, (name, "vars")))


def _names(document: Document, path: Path, value: Any) -> list[str]:
    if value is not None and not isinstance(value, list):
        raise document.error(path, f"{'.'.join(map(str, path))}: expected a list of names")
    return [str(item) for item in value or ()]


def _mapping(document: Document, path: Path, value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise document.error(path, f"{'.'.join(map(str, path))}: expected a mapping")
    return value


def _layer(document: Document, scope: str, values: dict[str, Any], path: Path) -> Layer:
    def place(name: str) -> Position:
        return document.place((*path, name), at_key=True)

    return Layer(document.name, scope, values, place)
