"""From settings and inventory to what is looked at: each host of each pattern, by each module."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from netloom.collectors.probe.permits import Resolve, address_of
from netloom.collectors.probe.settings import Module, ProbeSettings, Target
from netloom.errors import NetloomError
from netloom.inventory.patterns import choose
from netloom.inventory.substitute import substitute
from netloom.model.host import Host

LIMIT = 200_000
"""So many looks are planned at most."""


@dataclass(frozen=True, slots=True)
class Task:
    """One service that is looked at again and again."""

    hostname: str
    name: str
    """The module's."""
    module: Module
    target: str
    interval_s: float

    @property
    def key(self) -> tuple[str, str, str]:
        """What tells it from others."""
        return self.hostname, self.name, self.target


class Names:
    """Hosts and their groups, as host patterns ask for them."""

    def __init__(self, hosts: Iterable[Host]) -> None:
        self.hosts: Mapping[str, Host] = {host.name: host for host in hosts}
        found: dict[str, list[str]] = {"all": list(self.hosts)}
        for host in self.hosts.values():
            for group in host.groups:
                if group != "all":
                    found.setdefault(group, []).append(host.name)
        self.groups: Mapping[str, Any] = found

    def members(self, group: str) -> list[str]:
        """The hosts of a group."""
        return list(self.groups[group])


def tasks_of(
    settings: ProbeSettings, hosts: Iterable[Host], resolve: Resolve, complain: Callable[[str], None]
) -> list[Task]:
    """Everything that is to be looked at; what cannot be is complained of. A host without a variable is left out."""
    names = Names(hosts)
    found: dict[tuple[str, str, str], Task] = {}
    for target in settings.targets:
        try:
            chosen = choose(target.hosts, names)
        except NetloomError as exc:
            complain(f"targets: hosts: {exc}")
            continue
        for name in chosen:
            for text in _texts(target, names.hosts[name], resolve, complain):
                for each in target.module:
                    module = settings.module(each)
                    if module is not None and text and len(found) < LIMIT:
                        task = Task(name, each, module, text, target.interval_s)
                        found.setdefault(task.key, task)
    return list(found.values())


def _texts(target: Target, host: Host, resolve: Resolve, complain: Callable[[str], None]) -> list[str]:
    """What is looked at of a host: a variable may hold several."""
    if not target.target or target.target[0] in ":/":
        address = address_of(host, resolve)
        return [f"[{address}]{target.target}" if ":" in address and target.target else f"{address}{target.target}"]
    try:
        value = substitute(target.target, host, _no_secrets)
    except (ValueError, NetloomError) as exc:
        if "there is no variable" not in str(exc):
            complain(f"{host.name}: {target.target}: {exc}")
        return []
    values = value if isinstance(value, list | tuple) else [value]
    return [text for text in values if isinstance(text, str)]


def _no_secrets(reference: str) -> Any:
    raise ValueError(f"{reference}: a target is no place for a secret")
