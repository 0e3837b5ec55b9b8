"""What collectors label with: the inventory and the last collected state, as one table of names and places."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Literal

from netloom.collectors.networks import read_networks
from netloom.collectors.site import Exporter, Network, Port, Site
from netloom.errors import SecretError, UsageError
from netloom.inventory.sources import NETWORKS
from netloom.inventory.substitute import substitute
from netloom.model.host import Host
from netloom.model.secret import Secret
from netloom.store.store import Store
from netloom.workspace import Workspace

Boundary = Literal["external", "internal"]
_ADDRESSES = ("netloom_address", "ansible_host", "ansible_ssh_host", "exporter_addresses")
_PLACES = {
    "site": ("site", "label_site", "sites"),
    "role": ("role", "label_role", "device_roles"),
    "tenant": ("tenant", "label_tenant", "tenants"),
}
"""What it is → the variables that tell it, lists as NetBox's inventory has them too."""
_COLUMNS = ("name", "ifindex", "description", "speed_bps", "addresses")


def site_of(hosts: Iterable[Host], store: Store, workspace: Workspace, *, geoip: Sequence[str] = ()) -> Site:
    """A site of hosts, of their interfaces as last seen, and of the workspace's networks; raises NetloomError.

    `geoip` are files, relative to the workspace.
    """
    devices = [_Device.of(host) for host in hosts]
    exporters = {address: device.exporter for device in devices for address in device.addresses}
    ports: dict[tuple[str, int], Port] = {}
    seen: dict[str, set[Exporter]] = {}
    if devices:
        named = {device.exporter.name: device for device in devices}
        for row in store.query("interface", hosts=list(named), columns=["hostname", *_COLUMNS]):
            device = named[row["hostname"]]
            if row["ifindex"] is not None:
                ports[row["hostname"], row["ifindex"]] = device.port(row)
            for address in row["addresses"] or ():
                if (text := _reachable(address)) is not None:
                    seen.setdefault(text, set()).add(device.exporter)
    for text, owners in seen.items():
        if len(owners) == 1:  # what several have, as gateways do, tells of none
            exporters.setdefault(text, next(iter(owners)))
    files = tuple(str(workspace.root / name) for name in geoip)
    return Site(exporters=exporters, ports=ports, networks=networks_of(workspace), geoip=files)


def networks_of(workspace: Workspace) -> tuple[Network, ...]:
    """What the files networks.csv beside the inventory's sources say; raises SourceError."""
    folders = dict.fromkeys(path if path.is_dir() else path.parent for path in workspace.inventory_paths)
    found: list[Network] = []
    for folder in folders:
        if (path := folder / NETWORKS).is_file():
            found += read_networks(path, _shown(path, workspace.root))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Device:
    """What the inventory says of one device."""

    exporter: Exporter
    addresses: tuple[str, ...]
    boundary: Boundary | None
    """Of interfaces that no pattern names."""
    names: tuple[str, ...]
    """Patterns of the names of interfaces that face outwards."""
    description: re.Pattern[str] | None
    """What their descriptions hold."""

    @classmethod
    def of(cls, host: Host) -> _Device:
        places = {kind: _first(_words(host, *names)) for kind, names in _PLACES.items()}
        found = (_address(text) for text in (host.name, *(each for name in _ADDRESSES for each in _words(host, name))))
        boundary = _boundary(host)
        names = tuple(_words(host, "external_interfaces"))
        description = _pattern(host)
        if boundary is None and (names or description):
            boundary = "internal"
        addresses = tuple(dict.fromkeys(text for text in found if text is not None))
        return cls(Exporter(host.name, **places), addresses, boundary, names, description)

    def port(self, row: Mapping[str, Any]) -> Port:
        """An interface as last seen."""
        name, description = row["name"], row["description"] or None
        external = any(fnmatchcase(name, pattern) for pattern in self.names)
        external = external or bool(self.description and description and self.description.search(description))
        return Port(name, description, row["speed_bps"] or None, "external" if external else self.boundary)


def _boundary(host: Host) -> Boundary | None:
    found = _first(_words(host, "boundary"))
    if found == "external":
        return "external"
    if found in ("internal", None):
        return "internal" if found else None
    raise UsageError(f"{host.name}: boundary: expected external or internal, got {found!r}")


def _pattern(host: Host) -> re.Pattern[str] | None:
    text = _first(_words(host, "external_description"))
    try:
        return re.compile(text, re.IGNORECASE) if text else None
    except re.error as exc:
        hint = "expected a regular expression"
        raise UsageError(f"{host.name}: external_description: {exc}, in {text!r}", hint=hint) from exc


def _words(host: Host, *names: str) -> list[str]:
    """The first of these variables that is set, as texts; what cannot be filled in without asking is left out."""
    for name in names:
        if (value := host.variables.get(name)) not in (None, "", [], ()):
            items = value if isinstance(value, list | tuple) else [value]
            return [text for item in items if (text := _text(item, host))]
    return []


def _text(value: Any, host: Host) -> str | None:
    try:
        value = substitute(value, host, _no_secret)
    except (SecretError, ValueError):
        return None
    if isinstance(value, Mapping):  # NetBox's objects
        value = value.get("slug", value.get("name"))
    return None if value is None or isinstance(value, Secret) else str(value)


def _no_secret(reference: str) -> Secret:
    raise SecretError(f"{reference}: labels are no secrets")


def _first(texts: Sequence[str]) -> str | None:
    return texts[0] if texts else None


def _address(text: str) -> str | None:
    """An address in its usual form; a name is none, and nobody is asked for its address."""
    try:
        address = ip_address(text.strip())
    except ValueError:
        return None
    return str(getattr(address, "ipv4_mapped", None) or address)


def _reachable(text: str) -> str | None:
    """An interface's address, if one can be told from others by it."""
    try:
        address = ip_address(text.partition("/")[0])
    except ValueError:
        return None
    return None if address.is_loopback or address.is_link_local or address.is_unspecified else str(address)


def _shown(path: Path, root: Path) -> str:
    return str(path.relative_to(root)) if path.is_relative_to(root) else str(path)
