"""OSPFv2 on a Junos device: one instance in the main routing table, and one in each VRF that has it."""

from __future__ import annotations

import re
from dataclasses import replace

from netloom.errors import Unsupported
from netloom.model.config import Config, Line, Tree
from netloom.model.ospf import Ospf
from netloom.platforms.juniper_junos.instances import home, tables
from netloom.platforms.juniper_junos.spelling import Words
from netloom.platforms.juniper_junos.statements import changed, lines_of, section, value

_CANNOT = {
    "process": "one process a VRF",
    "log_adjacency_changes": "a syslog of its own for that",
    "maximum_paths": "no such limit",
    "passive_default": "`passive` on interfaces only",
    "networks": "interfaces in areas (ospf_interfaces)",
    "redistribute": "export policies for that",
    "default_originate": "export policies for that",
}
_MULTIPLES = {"": 1, "k": 1_000, "m": 1_000_000, "g": 1_000_000_000}
_DEFAULT_REFERENCE = 100


def configured(config: Config) -> list[Ospf]:
    """Every instance; where BGP runs as well the router identifier is told by that noun."""
    found = []
    for vrf, base in tables(config):
        protocols = section(config, *base, "protocols")
        if "ospf" in protocols:
            options = section(config, *base, "routing-options")
            router_id = None if "bgp" in protocols else value(options, "router-id")
            found.append(
                canonical(Ospf(vrf, router_id=router_id, reference_bandwidth_mbps=_reference(protocols["ospf"])))
            )
    return found


def lines(record: Ospf, config: Config) -> list[Line]:
    """Its own statements; its interfaces are records of their own."""
    return lines_of(_paths(record, config), config)


def render(have: Ospf | None, want: Ospf | None, config: Config) -> list[Line]:
    """The least change; an instance stays while interfaces are in its areas, and with it the router's identifier."""
    if want is None:
        said = _paths(have, config) if have is not None else []
        areas = section(config, *said[0], "area") if said else {}
        used = any(area.get("interface") for area in areas.values())
        if used:
            return changed(config, [path for path in said[1:] if path[-2] != "router-id"], [])
        return changed(config, said[1:], [], said[:1])
    for field, instead in _CANNOT.items():
        if getattr(want, field):
            raise Unsupported(f"ospf {want.vrf}: {field} cannot be set; Junos has {instead}", device="")
    before = _paths(have, config) if have is not None else []
    return changed(config, before, _paths(want, config))


def canonical(record: Ospf) -> Ospf:
    """Without the default reference bandwidth."""
    default = record.reference_bandwidth_mbps == _DEFAULT_REFERENCE
    return replace(record, reference_bandwidth_mbps=None) if default else record


def _reference(below: Tree) -> int | None:
    match = re.fullmatch(r"(\d+)([kmg]?)", value(below, "reference-bandwidth") or "")
    return int(match[1]) * _MULTIPLES[match[2]] // _MULTIPLES["m"] if match else None


def _paths(record: Ospf, config: Config) -> list[Words]:
    base = (*home(record.vrf), "protocols", "ospf")
    there = section(config, *base)
    found: list[Words] = [base]
    if record.router_id is not None:
        found.append((*home(record.vrf), "routing-options", "router-id", record.router_id))
    spelled = value(there, "reference-bandwidth")
    if record.reference_bandwidth_mbps is None:
        kept = spelled is not None and _reference(there) == _DEFAULT_REFERENCE
        return [*found, (*base, "reference-bandwidth", str(spelled))] if kept else found
    mbps = record.reference_bandwidth_mbps
    shown = f"{mbps // 1000}g" if mbps % 1000 == 0 else f"{mbps}m"
    same = spelled is not None and _reference(there) == mbps
    return [*found, (*base, "reference-bandwidth", spelled if same and spelled else shown)]
