"""An inventory written out: as a tree, as JSON, and as YAML for a new workspace. No secret is in any of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import yaml

from netloom.errors import SecretError
from netloom.inventory.inventory import Inventory
from netloom.inventory.settings import SECRETS, is_plain
from netloom.inventory.table import rows
from netloom.model.host import Host
from netloom.model.secret import Secret

PLACEHOLDER = "<secret>"
SECRET_NAME = re.compile(
    r"(?i)(^|_)(pass|passwd|password|passphrase|pwd|secret|token|community|psk|(api|private|auth)_?key)$"
)
"""Variables of the user's own that hold secrets, by their names."""
PRIVATE_KEY = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----")


def graph_text(inventory: Inventory, top: str = "all") -> str:
    """The groups and hosts below a group as a tree."""
    return "\n".join(_branches(inventory, top, 0)) + "\n"


def as_json(inventory: Inventory) -> dict[str, Any]:
    """The inventory as `ansible-inventory --list` prints it, with a placeholder for every secret."""
    found: dict[str, Any] = {
        "_meta": {"hostvars": {host.name: hide(host.variables) for host in inventory if host.variables}}
    }
    for name, group in inventory.groups.items():
        hosts = list(group.hosts) if name != "all" else []
        parts = {"children": list(group.children), "hosts": hosts}
        body = {key: value for key, value in parts.items() if value}
        if body:
            found[name] = body
    return found


def hide(variables: Mapping[str, Any]) -> dict[str, Any]:
    """Variables that may be shown: plain data, with a placeholder for every secret."""
    return {str(name): shown(value, str(name)) for name, value in variables.items()}


def shown(value: Any, name: str = "") -> Any:
    """A value of the variable `name` that may be shown."""
    if isinstance(value, Secret):
        return PLACEHOLDER
    if isinstance(value, Mapping):
        return {str(key): shown(item, str(key)) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [shown(item, name) for item in value]
    if (name in SECRETS or SECRET_NAME.search(name)) and is_plain(value) and not isinstance(value, bool):
        return PLACEHOLDER
    if isinstance(value, str):
        return PLACEHOLDER if PRIVATE_KEY.search(value) else str(value)
    return value if value is None or isinstance(value, (bool, int, float)) else str(value)


def _branches(inventory: Inventory, name: str, depth: int) -> Iterator[str]:
    group = inventory.groups[name]
    yield _line(f"@{name}:", depth)
    for child in group.children:
        yield from _branches(inventory, child, depth + 1)
    if name != "all":
        for host in group.hosts:
            yield _line(host, depth + 1)


def _line(text: str, depth: int) -> str:
    return f"{'  |' * depth}--{text}" if depth else text


class _Dumper(yaml.SafeDumper):
    """Leaves what is empty empty, and indents lists."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - people edit the file: no anchors in it
        return True


def _nothing(dumper: yaml.SafeDumper, _value: None) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:null", "")


_Dumper.add_representer(type(None), _nothing)


def from_csv(text: str, file: str = "table") -> str:
    """A table's devices as a YAML inventory; raises SourceError."""
    return hosts_yaml([Host(row.name, row.groups, row.variables) for row in rows(text, file)])


def hosts_yaml(hosts: Sequence[Host]) -> str:
    """Hosts with their groups and variables as a YAML inventory; what all of them share is said once.

    Secrets are not written: give references such as `env:NET_PASSWORD`; raises SecretError.
    """
    common = _common(hosts)
    everything: dict[str, Any] = {"vars": common} if common else {}
    everything["hosts"] = {host.name: _own(host, common) or None for host in hosts}
    groups: dict[str, dict[str, None]] = {}
    for host in hosts:
        for group in host.groups:
            if group not in ("all", "ungrouped"):
                groups.setdefault(group, {})[host.name] = None
    if groups:
        everything["children"] = {name: {"hosts": members} for name, members in sorted(groups.items())}
    return yaml.dump({"all": everything}, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=120)


def _common(hosts: Sequence[Host]) -> dict[str, Any]:
    if len(hosts) < 2:
        return {}
    first = hosts[0].variables
    return {
        name: _plain(value, name)
        for name, value in first.items()
        if all(name in host.variables and host.variables[name] == value for host in hosts)
    }


def _own(host: Host, common: Mapping[str, Any]) -> dict[str, Any]:
    found = {name: value for name, value in host.variables.items() if name not in common}
    return {name: _plain(value, f"{host.name}: {name}") for name, value in found.items()}


def _plain(value: Any, what: str) -> Any:
    if isinstance(value, Secret):
        raise SecretError(f"{what} holds a secret", hint="give a reference, such as env:NET_PASSWORD")
    if isinstance(value, Mapping):
        return {key: _plain(item, what) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item, what) for item in value]
    return str(value) if isinstance(value, str) else value
