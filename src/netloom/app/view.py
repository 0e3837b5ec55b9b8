"""The network as last seen, from the store and the inventory, for maps and paths."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from netloom.inventory.settings import is_simulated
from netloom.model.bgp_session import BgpSessionState
from netloom.model.device import DeviceState
from netloom.model.filter import Filter, parse_filter
from netloom.model.host import Host
from netloom.model.interface import InterfaceState
from netloom.model.neighbor import NeighborState
from netloom.model.noun import Record
from netloom.model.route import RouteState
from netloom.store.store import Store
from netloom.topology.view import DeviceView, NetworkView

T = TypeVar("T", bound=Record)

REMEMBERED = timedelta(days=1)
"""How long a neighbor on an interface that went down is still drawn, as a link that is down."""


def network_view(store: Store, hosts: Sequence[Host], *, at: datetime | None = None) -> NetworkView:
    """Every host with what was last seen of it; `at` is a moment in the past."""
    names = [host.name for host in hosts]
    seen = {
        kind: _by_host(store.query(noun, hosts=names, at=at).records())
        for noun, kind in (
            ("device", DeviceState),
            ("interface", InterfaceState),
            ("neighbor", NeighborState),
            ("bgp_session", BgpSessionState),
            ("route", RouteState),
        )
    }
    lost = _lost_neighbors(store, seen[InterfaceState], at or datetime.now(UTC))
    views = {}
    for host in hosts:
        devices = _of(seen[DeviceState].get(host.name, ()), DeviceState)
        interfaces = _of(seen[InterfaceState].get(host.name, ()), InterfaceState)
        neighbors = _of(seen[NeighborState].get(host.name, ()), NeighborState)
        views[host.name] = DeviceView(
            name=host.name,
            platform=_text(host.variables.get("netloom_platform")),
            role=_text(host.variables.get("role", host.variables.get("label_role"))),
            tier=_number(host.variables.get("tier", host.variables.get("label_tier"))),
            management_address=_text(host.variables.get("netloom_address", host.variables.get("ansible_host"))),
            simulated=is_simulated(host),
            device=devices[0] if devices else None,
            interfaces=interfaces,
            neighbors=_with_lost(neighbors, lost.get(host.name, {})),
            bgp_sessions=_of(seen[BgpSessionState].get(host.name, ()), BgpSessionState),
            routes=_of(seen[RouteState].get(host.name, ()), RouteState),
        )
    return NetworkView(views)


def _lost_neighbors(
    store: Store, interfaces: Mapping[str, Sequence[Record]], until: datetime
) -> dict[str, dict[str, NeighborState]]:
    """The latest neighbor within a day on each interface that is down: a link that goes down takes it away."""
    down = {host: _down(_of(records, InterfaceState)) for host, records in interfaces.items()}
    hosts = [host for host, names in down.items() if names]
    if not hosts:
        return {}
    found: dict[str, dict[str, NeighborState]] = {}
    seen = store.history(
        "neighbor", _on(set().union(*down.values())), since=until - REMEMBERED, until=until, hosts=hosts
    )
    for host, record in seen.records():
        if isinstance(record, NeighborState) and record.local_interface in down[host]:
            found.setdefault(host, {})[record.local_interface] = record
    return found


def _on(interfaces: Iterable[str]) -> Filter:
    """Asks for what was seen on these interfaces, so that a day of everything else is not read."""
    return parse_filter(f"local_interface in ({', '.join(json.dumps(name) for name in sorted(interfaces))})")


def _down(interfaces: Iterable[InterfaceState]) -> set[str]:
    return {item.name for item in interfaces if item.oper_status not in (None, "up", "unknown")}


def _with_lost(neighbors: tuple[NeighborState, ...], lost: Mapping[str, NeighborState]) -> tuple[NeighborState, ...]:
    """The neighbors, and those lately seen on interfaces that are down now."""
    present = {neighbor.local_interface for neighbor in neighbors}
    return neighbors + tuple(lost[name] for name in sorted(lost.keys() - present))


def _by_host(rows: Iterable[tuple[str, Record]]) -> dict[str, list[Record]]:
    found: dict[str, list[Record]] = {}
    for host, record in rows:
        found.setdefault(host, []).append(record)
    return found


def _of(records: Iterable[Record], kind: type[T]) -> tuple[T, ...]:
    return tuple(record for record in records if isinstance(record, kind))


def _text(value: Any) -> str | None:
    return str(value) if value is not None else None


def _number(value: Any) -> int | None:
    text = str(value)
    return int(text) if text.isdigit() else None
