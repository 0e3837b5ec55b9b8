"""The inventory: every host with its variables, chosen by patterns, each variable with its origin."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from netloom.errors import UsageError
from netloom.inventory.merge import Merger
from netloom.inventory.near import near
from netloom.inventory.patterns import choose
from netloom.inventory.tree import Group, Layer, Notice, Tree
from netloom.model.host import Host
from netloom.model.secret import Secret


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a variable's value comes from."""

    file: str
    line: int | None
    column: int | None
    scope: str
    """`host leaf1`, `group paris`, `group_vars paris`, `host_vars leaf1`."""
    value: Any
    overridden: tuple[Origin, ...] = ()
    """The places it wins over, the strongest first."""

    @property
    def place(self) -> str:
        """file:line:column."""
        return ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)


class Inventory:
    """Hosts and groups, read once and then unchanged."""

    def __init__(self, tree: Tree, merger: Merger) -> None:
        self._merger = merger
        self.groups: Mapping[str, Group] = tree.groups
        self.warnings: list[Notice] = tree.notices
        self.hosts: Mapping[str, Host] = {
            name: Host(name, merger.groups_of(name), merger.variables(name)) for name in tree.hosts
        }

    def __len__(self) -> int:
        return len(self.hosts)

    def __iter__(self) -> Iterator[Host]:
        return iter(self.hosts.values())

    def host(self, name: str) -> Host:
        """The host of this name; raises UsageError."""
        if name not in self.hosts:
            raise UsageError(f"no host is named {name!r}", hint=near(name, self.hosts))
        return self.hosts[name]

    def members(self, group: str) -> list[str]:
        """The names of the hosts of a group and of the groups in it."""
        found: dict[str, None] = {}
        seen = {group: None}
        found |= self.groups[group].hosts
        waiting = [group]
        while waiting:
            below = [child for name in waiting for child in self.groups[name].children if child not in seen]
            waiting = list(dict.fromkeys(below))
            seen |= dict.fromkeys(waiting)
            for name in waiting:
                found |= self.groups[name].hosts
        return list(found)

    def select(self, pattern: str = "all", where: str | None = None) -> list[Host]:
        """The hosts of an Ansible pattern that pass a filter; raises UsageError where there are none, SourceError."""
        chosen = [self.hosts[name] for name in choose(pattern, self)]
        if not chosen:
            raise UsageError(f"{pattern!r} matches no host", hint=self._hint(pattern))
        if where:
            from netloom.model.filter import parse_filter  # noqa: PLC0415 - only needed with a filter

            rows = [fields(host) for host in chosen]
            wanted = parse_filter(where, fields=sorted({name for row in rows for name in row}))
            chosen = [host for host, row in zip(chosen, rows, strict=True) if wanted.matches(row)]
            if not chosen:
                raise UsageError(f"{pattern!r} where {where} matches no host", hint="see `netloom inventory`")
        return chosen

    def origin(self, host: str, variable: str) -> Origin:
        """Where a host's variable comes from, and what it wins over; raises UsageError."""
        name = self.host(host).name
        found = [layer for layer in self._merger.layers(name) if variable in layer.values]
        if not found:
            hint = near(variable, self.hosts[name].variables)
            raise UsageError(f"{name} has no variable {variable!r}", hint=hint)
        origins = [_origin(layer, variable) for layer in reversed(found)]
        last = origins[0]
        return Origin(last.file, last.line, last.column, last.scope, last.value, tuple(origins[1:]))

    def _hint(self, pattern: str) -> str | None:
        if not self.hosts:
            return "the inventory has no hosts: write some in inventory/hosts.yml"
        return near(pattern, [*self.hosts, *self.groups])


def fields(host: Host) -> dict[str, Any]:
    """What `--where` can ask for: the variables, and `name`, `groups`, `address` and `platform`; no secrets."""
    variables = {str(name): value for name, value in host.variables.items() if not isinstance(value, Secret)}
    address = variables.get("netloom_address") or variables.get("ansible_host") or host.name
    platform = variables.get("netloom_platform") or variables.get("ansible_network_os")
    return {"address": address, "platform": platform, **variables, "name": host.name, "groups": host.groups}


def _origin(layer: Layer, variable: str) -> Origin:
    line, column = layer.place(variable)
    return Origin(layer.file, line, column, layer.scope, layer.values[variable])
