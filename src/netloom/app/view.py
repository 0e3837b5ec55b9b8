"""The network as last seen, from the store and the inventory, for maps and paths."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, TypeVar

from netloom.model.bgp_session import BgpSessionState
from netloom.model.device import DeviceState
from netloom.model.host import Host
from netloom.model.interface import InterfaceState
from netloom.model.neighbor import NeighborState
from netloom.model.noun import Record
from netloom.model.route import RouteState
from netloom.store.store import Store
from netloom.topology.view import DeviceView, NetworkView

T = TypeVar("T", bound=Record)


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
    views = {}
    for host in hosts:
        devices = _of(seen[DeviceState].get(host.name, ()), DeviceState)
        views[host.name] = DeviceView(
            name=host.name,
            platform=_text(host.variables.get("netloom_platform")),
            role=_text(host.variables.get("role", host.variables.get("label_role"))),
            tier=_number(host.variables.get("tier", host.variables.get("label_tier"))),
            management_address=_text(host.variables.get("netloom_address", host.variables.get("ansible_host"))),
            device=devices[0] if devices else None,
            interfaces=_of(seen[InterfaceState].get(host.name, ()), InterfaceState),
            neighbors=_of(seen[NeighborState].get(host.name, ()), NeighborState),
            bgp_sessions=_of(seen[BgpSessionState].get(host.name, ()), BgpSessionState),
            routes=_of(seen[RouteState].get(host.name, ()), RouteState),
        )
    return NetworkView(views)


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
