"""Which variables are in force for a host: Ansible's precedence, as an order of layers.

Lowest first (docs.ansible.com, «Understanding variable precedence»): inventory variables of `all`, of the other groups
from the top down, group_vars/all, group_vars of the other groups, inventory variables of the host, host_vars. Groups
equally deep go by ansible_group_priority, then by name. Of several sources the later wins within each step.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from netloom.inventory.tree import Layer, Tree
from netloom.inventory.vars_files import VarsFiles


class Merger:
    """Orders layers and merges their values; what groups share is merged once."""

    def __init__(self, tree: Tree, files: Sequence[VarsFiles]) -> None:
        self._tree = tree
        self._files = files
        self._group_files = {name: [source.group(name) for source in files] for name in tree.groups}
        self._host_files = {name: _host_files(name, files) for name in tree.hosts}
        self._merged: dict[tuple[str, ...], dict[str, Any]] = {}
        self._above: dict[tuple[str, ...], tuple[str, ...]] = {}

    def groups_of(self, host: str) -> tuple[str, ...]:
        """Every group a host is in, without `all`, the weakest first."""
        direct = tuple(self._tree.hosts[host].groups)
        if direct not in self._above:
            found = set(direct)
            waiting = list(direct)
            while waiting:
                new = self._tree.groups[waiting.pop()].parents.keys() - found
                found |= new
                waiting += new
            groups = [self._tree.groups[name] for name in found - {"all"}]
            groups.sort(key=lambda group: (group.depth, group.priority, group.name))
            self._above[direct] = tuple(group.name for group in groups)
        return self._above[direct]

    def variables(self, host: str) -> dict[str, Any]:
        """All variables in force for a host."""
        groups = self.groups_of(host)
        if groups not in self._merged:
            shared: dict[str, Any] = {}
            for layer in self._group_layers(groups):
                shared.update(layer.values)
            self._merged[groups] = shared
        found = dict(self._merged[groups])
        for layer in self._tree.hosts[host].layers:
            found.update(layer.values)
        for layer in self._host_files[host]:
            found.update(layer.values)
        return found

    def layers(self, host: str) -> list[Layer]:
        """The layers that make up a host's variables, the weakest first."""
        return [*self._group_layers(self.groups_of(host)), *self._tree.hosts[host].layers, *self._host_files[host]]

    def all_layers(self) -> list[Layer]:
        """Every layer of the inventory, once."""
        found = [layer for group in self._tree.groups.values() for layer in group.layers]
        found += [layer for sources in self._group_files.values() for layers in sources for layer in layers]
        # The layer of a range is shared by its hosts.
        found += {id(layer): layer for host in self._tree.hosts.values() for layer in host.layers}.values()
        found += [layer for layers in self._host_files.values() for layer in layers]
        return found

    def _group_layers(self, groups: tuple[str, ...]) -> list[Layer]:
        found = list(self._tree.groups["all"].layers)
        found += [layer for name in groups for layer in self._tree.groups[name].layers]
        found += [layer for layers in self._group_files["all"] for layer in layers]
        for source in range(len(self._files)):
            found += [layer for name in groups for layer in self._group_files[name][source]]
        return found


def _host_files(name: str, files: Sequence[VarsFiles]) -> list[Layer]:
    return [layer for source in files for layer in source.host(name)]
