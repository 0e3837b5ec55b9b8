"""Groups and hosts as the sources build them, before variables are merged.

Each group and host keeps its variables as layers, one for each place that sets some: what is in force, and where it
comes from, follows from their order alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from netloom.errors import SourceError

Position = tuple[int, int] | tuple[int, None] | tuple[None, None]
"""Line and column, counted from one; None where a format has none."""
Place = tuple[str, int | None, int | None]
"""File, line, column."""

PRIORITY = "ansible_group_priority"


@dataclass(frozen=True, slots=True)
class Notice:
    """Something in a file that is accepted but probably not meant."""

    message: str
    file: str
    line: int | None = None
    column: int | None = None
    hint: str | None = None

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)
        return f"{place} {self.message}; {self.hint}" if self.hint else f"{place} {self.message}"


@dataclass(frozen=True, slots=True)
class Layer:
    """Variables that one place sets for one group or host."""

    file: str
    scope: str
    """`group all` or `host leaf1`; a file of group_vars or host_vars says so: `group_vars paris`."""
    values: Mapping[str, Any]
    place: Callable[[str], Position]
    """Where a variable of it stands."""

    def error(self, name: str, message: str, hint: str | None = None) -> SourceError:
        """An error that points at one of its variables."""
        line, column = self.place(name)
        return SourceError(message, file=self.file, line=line, column=column, hint=hint)

    def notice(self, name: str, message: str, hint: str | None = None) -> Notice:
        """A notice that points at one of its variables."""
        line, column = self.place(name)
        return Notice(message, self.file, line, column, hint)


@dataclass(slots=True, eq=False)
class Group:
    """Hosts and groups under one name."""

    name: str
    hosts: dict[str, None] = field(default_factory=dict)
    """The hosts directly in it, in the order in which they were met."""
    children: dict[str, None] = field(default_factory=dict)
    parents: dict[str, None] = field(default_factory=dict)
    layers: list[Layer] = field(default_factory=list)
    priority: int = 1
    """`ansible_group_priority`: of two groups equally deep the higher one wins."""
    depth: int = 0
    """The longest way down from `all`."""


@dataclass(slots=True, eq=False)
class HostEntry:
    """A host as the sources describe it."""

    name: str
    groups: dict[str, None] = field(default_factory=dict)
    """The groups that name it directly."""
    layers: list[Layer] = field(default_factory=list)


class Tree:
    """The groups and hosts of an inventory while its sources are read."""

    def __init__(self) -> None:
        self.groups = {"all": Group("all"), "ungrouped": Group("ungrouped")}
        self.hosts: dict[str, HostEntry] = {}
        self.notices: list[Notice] = []

    def group(self, name: str) -> Group:
        """The group of this name, made where it is new."""
        found = self.groups.get(name)
        if found is None:
            found = self.groups[name] = Group(name)
        return found

    def host(self, name: str, group: str) -> HostEntry:
        """The host of this name, made where it is new, as a member of a group."""
        found = self.hosts.get(name)
        if found is None:
            found = self.hosts[name] = HostEntry(name)
        found.groups[group] = None
        self.group(group).hosts[name] = None
        return found

    def add_child(self, parent: str, child: str, place: Place) -> None:
        """Put a group into another; raises SourceError where that closes a circle."""
        if parent == child:
            raise _at(place, f"group {child!r} cannot be its own child")
        if child in self.groups[parent].children:
            return
        way = self.way(child, parent)
        if way:
            circle = " > ".join([parent, *way])
            raise _at(place, f"group {child!r} as a child of {parent!r} closes a circle: {circle}")
        self.groups[parent].children[child] = None
        self.groups[child].parents[parent] = None

    def way(self, above: str, below: str) -> list[str]:
        """The names on a way down from one group to another, both included; empty where there is none."""
        ways = {above: [above]}
        waiting = [above]
        while waiting:
            name = waiting.pop()
            if name == below:
                return ways[name]
            for child in self.groups[name].children:
                if child not in ways:
                    ways[child] = [*ways[name], child]
                    waiting.append(child)
        return []

    def set_variables(self, group: str, layer: Layer) -> None:
        """Add variables to a group; its priority is none of them."""
        if PRIORITY in layer.values:
            self.groups[group].priority = _priority(layer)
            rest = {name: value for name, value in layer.values.items() if name != PRIORITY}
            layer = Layer(layer.file, layer.scope, rest, layer.place)
        self.groups[group].layers.append(layer)

    def settle(self) -> None:
        """Give every host and group its place below `all`, and every group its depth."""
        everything, ungrouped = self.groups["all"], self.groups["ungrouped"]
        for name, host in self.hosts.items():
            if host.groups.keys() - {"all", "ungrouped"}:
                ungrouped.hosts.pop(name, None)
                host.groups.pop("ungrouped", None)
            elif "ungrouped" not in host.groups:
                host.groups["ungrouped"] = None
                ungrouped.hosts[name] = None
        # `ungrouped` comes first, as it does for Ansible.
        everything.children = {"ungrouped": None} | everything.children
        ungrouped.parents = {"all": None} | ungrouped.parents
        for name, group in self.groups.items():
            if not group.parents and name != "all":
                everything.children[name] = None
                group.parents["all"] = None
        for group in self.top_down():
            for child in group.children:
                self.groups[child].depth = max(self.groups[child].depth, group.depth + 1)

    def top_down(self) -> Iterator[Group]:
        """Every group after all of its parents."""
        waiting = {name: len(group.parents) for name, group in self.groups.items()}
        ready = [name for name, count in waiting.items() if count == 0]
        while ready:
            group = self.groups[ready.pop()]
            yield group
            for child in group.children:
                waiting[child] -= 1
                if waiting[child] == 0:
                    ready.append(child)


def _priority(layer: Layer) -> int:
    value = layer.values[PRIORITY]
    try:
        return int(value)
    except (TypeError, ValueError) as exc:
        raise layer.error(PRIORITY, f"{PRIORITY}: expected a number, got {value!r}") from exc


def _at(place: Place, message: str) -> SourceError:
    return SourceError(message, file=place[0], line=place[1], column=place[2])
