"""OSPFv2 on the interfaces of a Junos device: they stand in areas."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Literal, cast

from netloom.errors import Unsupported
from netloom.model.config import Config, Line, Tree
from netloom.model.ospf_interface import OspfInterface
from netloom.platforms.juniper_junos.instances import home, instances, tables
from netloom.platforms.juniper_junos.outputs import screen
from netloom.platforms.juniper_junos.spelling import Words
from netloom.platforms.juniper_junos.statements import changed, lines_of, moved, number, section, value
from netloom.platforms.ospf_interface_table import ospf_interfaces

_TYPES = {
    "p2p": "point-to-point",
    "broadcast": "broadcast",
    "nbma": "non-broadcast",
    "p2mp": "point-to-multipoint",
}
_NUMBERS = {
    "cost": "metric",
    "hello_interval_s": "hello-interval",
    "dead_interval_s": "dead-interval",
    "priority": "priority",
}
_BFD_INTERVAL = 300


def configured(config: Config) -> list[OspfInterface]:
    """Every interface of every area; `all` stands for the others and is one as well."""
    found: dict[str, OspfInterface] = {}
    for area, name, below, _ in _interfaces(config):
        shown = _TYPES.get(value(below, "interface-type") or "")
        numbers: dict[str, Any] = {field: number(below, word) for field, word in _NUMBERS.items()}
        found.setdefault(
            name,
            OspfInterface(
                interface=name,
                area=area,
                network_type=cast(
                    "Literal['point-to-point', 'broadcast', 'non-broadcast', 'point-to-multipoint'] | None", shown
                ),
                passive=True if "passive" in below else None,
                bfd="bfd-liveness-detection" in below,
                **numbers,
            ),
        )
    return list(found.values())


def lines(record: OspfInterface, config: Config) -> list[Line]:
    """Its statements in its area."""
    return lines_of(_paths(record, config), config)


def render(have: OspfInterface | None, want: OspfInterface | None, config: Config) -> list[Line]:
    """The least change; an interface that changes its area takes along what else is said of it."""
    if want is None:
        return changed(config, [], [], [_home(have, config)] if have is not None else [])
    title = f"ospf interface {want.interface}"
    if want.area is None:
        raise Unsupported(f"{title}: Junos puts interfaces into areas", device="", hint="state its area")
    for field in ("process", "mtu_ignore"):
        if getattr(want, field):
            raise Unsupported(f"{title}: Junos has no {field}", device="")
    before, after = _paths(have, config) if have is not None else [], _paths(want, config)
    if not before or before[0] == after[0]:
        return changed(config, before, after)
    return moved(config, before, after)


def canonical(record: OspfInterface) -> OspfInterface:
    """Areas as addresses; an interface that is not passive says nothing."""
    return replace(record, area=_area(record.area), passive=record.passive or None)


def _interfaces(config: Config) -> Iterator[tuple[str, str, Tree, Words]]:
    for _, base in tables(config):
        for area, under in section(config, *base, "protocols", "ospf", "area").items():
            for name, below in under.get("interface", {}).items():
                path = (*base, "protocols", "ospf", "area", area, "interface", name)
                yield _area(area) or area, name, below, path


def _area(text: str | None) -> str | None:
    """Junos shows areas as addresses."""
    return str(ipaddress.IPv4Address(int(text))) if text is not None and text.isdigit() else text


def _home(record: OspfInterface, config: Config) -> Words:
    for area, name, _, path in _interfaces(config):
        if name == record.interface and area == _area(record.area):
            return path
    vrfs = [vrf for vrf, _, below in instances(config) if record.interface in below.get("interface", {})]
    base = home(vrfs[0]) if vrfs else ()
    return (*base, "protocols", "ospf", "area", _area(record.area) or "", "interface", record.interface)


def _paths(record: OspfInterface, config: Config) -> list[Words]:
    base = _home(record, config)
    there = section(config, *base)
    found: list[Words] = [base]
    found += [
        (*base, word, str(said)) for field, word in _NUMBERS.items() if (said := getattr(record, field)) is not None
    ]
    if record.network_type is not None:
        found += [(*base, "interface-type", word) for word, meant in _TYPES.items() if meant == record.network_type]
    if record.passive:
        found.append((*base, "passive"))
    if record.bfd:
        path = (*base, "bfd-liveness-detection")
        interval = value(there.get(path[-1], {}), "minimum-interval")
        found.append(path)
        if interval is not None or path[-1] not in there:
            found.append((*path, "minimum-interval", interval or str(_BFD_INTERVAL)))
    return found


def screened(*outputs: str) -> list[OspfInterface]:
    """What `show ospf interface` says of each interface's settings."""
    return ospf_interfaces(map(screen, outputs), str)
