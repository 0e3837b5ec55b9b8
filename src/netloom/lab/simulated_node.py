"""What a topology file says of a simulated device, and the spec that comes of it."""

from __future__ import annotations

import pkgutil
from collections.abc import Mapping
from functools import cache
from typing import Any

import netloom.lab.simulation.vendors
from netloom.codecs.marked_yaml import Document, Path
from netloom.lab.accounts import PASSWORD, USER
from netloom.lab.services import COMMUNITY, SNMP_AUTH, SNMP_PRIVACY, SNMP_USER
from netloom.lab.simulation.spec import PORTS, Cable, SnmpAccount, Spec
from netloom.lab.topology import SERVICES, SIMULATED, Simulation, Topology

MACHINES_KEYS = ("binds", "env", "exec")
"""What a definition asks of a real machine."""
MACHINES_OWN_KEYS = ("daemons", "addresses", "routes", "flow", "sflow", "files")
OWN_KEYS = ("latency", "hurry", "enable-password")


@cache
def simulated_kinds() -> tuple[str, ...]:
    """The kinds of simulated devices there are."""
    found = pkgutil.iter_modules(netloom.lab.simulation.vendors.__path__)
    return tuple(sorted(f"{SIMULATED}{info.name}" for info in found))


def usual_services(platform: str) -> frozenset[str]:
    """What a vendor's simulated devices serve unless told otherwise."""
    from netloom.lab.simulation.vendor import load_vendor  # noqa: PLC0415 - labs without them need no vendors

    return frozenset(load_vendor(platform).services)


def check_simulated(document: Document, name: str, entries: Mapping[str, Any]) -> None:
    """Raises SourceError where a simulated device is asked for what only a machine has, or the reverse."""
    simulated = entries["kind"].startswith(SIMULATED)
    path: Path = ("topology", "nodes", name)
    foreign = (*MACHINES_OWN_KEYS, *(set(SERVICES) - set(PORTS))) if simulated else (*OWN_KEYS, *_apis())
    for key in (*(MACHINES_KEYS if simulated else ()), *foreign):
        if key in entries:
            place = _place(document, path, key)
            kind = "a simulated device has no machine beneath it" if simulated else "only simulated devices have this"
            raise document.error(place, f"{name}: {key} has no meaning for kind {entries['kind']}", hint=kind)


def services_of(entries: Mapping[str, Any]) -> frozenset[str]:
    """What a simulated device serves: what its vendor's do, and what is switched on or off."""
    usual = usual_services(entries["kind"].removeprefix(SIMULATED))
    return frozenset(name for name in PORTS if entries.get(name, name in usual))


def simulation_of(entries: Mapping[str, Any]) -> Simulation:
    """How it differs from others."""
    return Simulation(
        latency_s=entries.get("latency", 0.0),
        hurry=entries.get("hurry", 1.0),
        enable_password=entries.get("enable-password"),
    )


def specs_of(topology: Topology, host_keys: Mapping[str, str], certificate: str) -> list[Spec]:
    """What the simulation is told of the nodes; the keys by their names."""
    platforms = {node.name: node.simulates or "" for node in topology.nodes}
    cables: dict[str, list[Cable]] = {name: [] for name in platforms}
    for link in topology.links:
        for near, far in ((link.a, link.b), (link.b, link.a)):
            cables[near.node].append(Cable(near.interface, far.node, far.interface, platforms[far.node]))
    account = SnmpAccount(name=SNMP_USER, auth_password=SNMP_AUTH, privacy_password=SNMP_PRIVACY)
    return [
        Spec(
            name=node.name,
            platform=node.simulates or "",
            address=str(node.mgmt_ipv4),
            ports={name: port for name, port in PORTS.items() if name in node.services},
            config=node.config,
            username=USER,
            password=PASSWORD,
            enable_password=node.simulation.enable_password,
            cables=tuple(cables[node.name]),
            latency_s=node.simulation.latency_s,
            hurry=node.simulation.hurry,
            host_key=host_keys[node.name],
            certificate=certificate,
            snmp_community=COMMUNITY,
            snmp_account=account,
        )
        for node in topology.simulated
    ]


def _apis() -> list[str]:
    return [name for name in PORTS if name not in SERVICES]


def _place(document: Document, path: Path, key: str) -> Path:
    """Where a key stands: in the node itself, below `netloom`, or in what the node inherits from."""
    for place in ((*path, key), (*path, "netloom", key)):
        value = document.data
        for step in place:
            value = value.get(step) if isinstance(value, dict) else None
        if value is not None:
            return place
    return path
