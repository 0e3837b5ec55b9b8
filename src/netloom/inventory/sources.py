"""Reads an inventory from its sources, each in the form it comes in."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path

from netloom.codecs.marked_yaml import Document
from netloom.errors import SecretError, SourceError, UsageError
from netloom.inventory.containerlab import is_topology_data, read_topology_data
from netloom.inventory.eapi_conf import is_eapi_conf, read_eapi_conf
from netloom.inventory.ini import read_ini
from netloom.inventory.inventory import Inventory
from netloom.inventory.list_json import is_list, read_list
from netloom.inventory.merge import Merger
from netloom.inventory.near import near
from netloom.inventory.settings import check_settings
from netloom.inventory.table import read_csv
from netloom.inventory.tree import Notice, Tree
from netloom.inventory.vars_files import VarsFiles, read_text
from netloom.inventory.vars_yaml import load_variables, repeated_keys
from netloom.inventory.vault import VaultPasswords
from netloom.inventory.yaml_tree import read_yaml
from netloom.model.secret import Secret

YAML_SUFFIXES = (".yml", ".yaml", ".json")
IGNORED_SUFFIXES = (
    *(".pyc", ".pyo", ".swp", ".bak", "~", ".rpm", ".md", ".txt", ".rst"),
    *(".orig", ".cfg", ".retry"),
)
"""What Ansible passes over in an inventory folder."""
VARS_FOLDERS = ("group_vars", "host_vars", "vars_plugins")
NETWORKS = "networks.csv"
"""A table of prefixes beside the devices: no source of any."""
LAB_INVENTORY = "inventory.yml"
LAB_MARK = "topology-data.json"
"""A folder with this and an inventory.yml is a lab's."""


def load_inventory(paths: Sequence[Path], *, vault: VaultPasswords | None = None) -> Inventory:
    """Read every source, the later ones on top of the earlier; raises SourceError, SecretError, UsageError."""
    vault = vault or VaultPasswords((), _no_reference)
    tree = Tree()
    folders: dict[Path, None] = {}
    for path in paths:
        if not path.exists():
            raise UsageError(f"the inventory {path} does not exist", hint=_beside(path))
        _read(path, tree, vault)
        folder = path if path.is_dir() else path.parent
        # A folder's files are read once, in the place of the last source beside them.
        folders.pop(folder.resolve(), None)
        folders[folder.resolve()] = None
    tree.settle()
    for name in tree.groups.keys() & tree.hosts.keys():
        tree.notices.append(Notice(f"{name!r} names a group and a host", str(paths[-1])))
    files = [VarsFiles(_shown(folder, paths), vault, tree.notices) for folder in folders]
    merger = Merger(tree, files)
    for source in files:
        tree.notices += source.unused(list(tree.groups), list(tree.hosts))
    tree.notices += check_settings(merger.all_layers())
    return Inventory(tree, merger)


def _read(path: Path, tree: Tree, vault: VaultPasswords) -> None:
    if path.is_dir():
        for source in _sources(path):
            _read(source, tree, vault)
        return
    text = read_text(path)
    if text.startswith("#!") and os.access(path, os.X_OK):
        hint = f"write what it prints into a file: {path} --list > FILE.json"
        raise SourceError("this is a program that makes an inventory", file=str(path), line=1, column=1, hint=hint)
    if path.suffix == ".csv":
        read_csv(text, str(path), tree)
    elif path.suffix not in YAML_SUFFIXES and is_eapi_conf(text):
        read_eapi_conf(text, str(path), tree)
    elif path.suffix in YAML_SUFFIXES:
        _read_yaml(load_variables(text, str(path), vault), tree)
    elif path.suffix or not _try_yaml(text, path, tree, vault):
        read_ini(text, str(path), tree)


def _read_yaml(document: Document, tree: Tree) -> None:
    tree.notices += repeated_keys(document)
    if is_list(document.data):
        read_list(document, tree)
    elif is_topology_data(document.data):
        read_topology_data(document, tree)
    else:
        read_yaml(document, tree)


def _try_yaml(text: str, path: Path, tree: Tree, vault: VaultPasswords) -> bool:
    """Read a file without a suffix as YAML where it is such; as Ansible does, YAML is tried before INI."""
    try:
        document = load_variables(text, str(path), vault)
    except SourceError:
        if _looks_like_ini(text):
            return False
        raise
    if not isinstance(document.data, dict):
        return False
    _read_yaml(document, tree)
    return True


def _looks_like_ini(text: str) -> bool:
    lines = [line.strip() for line in text.splitlines() if line.strip() and line.strip()[0] not in "#;"]
    return bool(lines) and (lines[0][0] == "[" or not re.match(r"---|[\w.-]+:(\s|$)", lines[0]))


def _sources(folder: Path) -> list[Path]:
    names = {path.name for path in folder.iterdir()}
    if {LAB_INVENTORY, LAB_MARK} <= names:
        return [folder / LAB_INVENTORY]
    return [
        path
        for path in sorted(folder.iterdir())
        if not path.name.startswith(".")
        and path.name not in (*VARS_FOLDERS, NETWORKS)
        and not path.name.endswith(IGNORED_SUFFIXES)
    ]


def _shown(folder: Path, paths: Sequence[Path]) -> Path:
    """A folder as the user wrote it."""
    for path in paths:
        written = path if path.is_dir() else path.parent
        if written.resolve() == folder:
            return written
    return folder


def _beside(path: Path) -> str | None:
    return near(path.name, (other.name for other in path.parent.iterdir())) if path.parent.is_dir() else None


def _no_reference(reference: str) -> Secret:
    raise SecretError(f"no vault password is given for {reference}")
