"""BGP on a Junos device: one instance in the main routing table, and one in each VRF that has it."""

from __future__ import annotations

from dataclasses import replace

from netloom.errors import Unsupported
from netloom.model.bgp import Bgp
from netloom.model.config import Config, Line, Tree
from netloom.platforms.as_numbers import asn
from netloom.platforms.juniper_junos.bgp_peers import own_keepalive
from netloom.platforms.juniper_junos.instances import home, tables
from netloom.platforms.juniper_junos.spelling import Words
from netloom.platforms.juniper_junos.statements import changed, lines_of, number, section, value

_ROUTING = ("ospf", "ospf3", "isis", "ldp", "rsvp", "mpls", "pim")
"""Protocols that take the router identifier as well."""
_CANNOT = ("maximum_paths", "networks", "redistribute")


def configured(config: Config) -> list[Bgp]:
    """Every instance with an AS number; a VRF has the device's where it has none of its own."""
    found = []
    for vrf, base in tables(config):
        if "bgp" not in section(config, *base, "protocols"):
            continue
        bgp = section(config, *base, "protocols", "bgp")
        asn = as_number(vrf, config) or number(bgp, "local-as")
        if asn is not None:
            found.append(_instance(Bgp(asn, vrf), bgp, section(config, *base)))
    return found


def lines(record: Bgp, config: Config) -> list[Line]:
    """Its statements, and the AS number and router identifier among the routing options."""
    return lines_of(_paths(record, config), config)


def render(have: Bgp | None, want: Bgp | None, config: Config) -> list[Line]:
    """The least change; an instance goes with its peers, and with its AS number and identifier if nobody needs them."""
    if want is None:
        gone = [path for path in _paths(have, config) if not _is_shared(path, have, config)] if have is not None else []
        return changed(config, gone[1:], [], gone[:1])
    for field in _CANNOT:
        if getattr(want, field):
            hint = "let an export policy do it" if field != "maximum_paths" else None
            raise Unsupported(f"bgp {want.vrf}: Junos has no {field}", device="", hint=hint)
    if want.ebgp_requires_policy:
        raise Unsupported(f"bgp {want.vrf}: Junos peers without a policy as well", device="")
    if want.default_ipv4_unicast is False:
        raise Unsupported(f"bgp {want.vrf}: Junos leaves IPv4 out where a group names other families", device="")
    if own_keepalive(want) is not None:
        raise Unsupported(f"bgp {want.vrf}: Junos sends keepalives at a third of the hold time", device="")
    before = _paths(have, config) if have is not None else []
    if want.router_id is None:
        before = [path for path in before if not _is_shared(path, want, config)]
    return changed(config, before, _paths(want, config))


def canonical(record: Bgp) -> Bgp:
    """Without what Junos does by itself; a hold time tells the keepalive."""
    return replace(
        record,
        ebgp_requires_policy=record.ebgp_requires_policy or None,
        log_neighbor_changes=record.log_neighbor_changes or None,
        multipath_relax=record.multipath_relax or None,
        default_ipv4_unicast=None if record.default_ipv4_unicast else record.default_ipv4_unicast,
        keepalive_s=own_keepalive(record),
    )


def instance(vrf: str) -> Words:
    """Where an instance stands."""
    return (*home(vrf), "protocols", "bgp")


def as_number(vrf: str, config: Config) -> int | None:
    """A VRF's AS number: its own, or the device's."""
    own = _number(section(config, *home(vrf), "routing-options"))
    return own if own is not None else _number(section(config, "routing-options"))


def _is_shared(path: Words, record: Bgp, config: Config) -> bool:
    """Whether others than BGP need an AS number or a router identifier."""
    others = [name for name in section(config, *home(record.vrf), "protocols") if name in _ROUTING]
    if path[-2] == "router-id":
        return bool(others)
    return path[-2] == "autonomous-system" and record.vrf == "default" and len(configured(config)) > 1


def _number(options: Tree) -> int | None:
    return next((found for text in options.get("autonomous-system", {}) if (found := asn(text)) is not None), None)


def _instance(record: Bgp, bgp: Tree, table: Tree) -> Bgp:
    return replace(
        record,
        router_id=value(table.get("routing-options", {}), "router-id"),
        log_neighbor_changes="log-updown" in bgp or None,
        multipath_relax="multiple-as" in bgp.get("multipath", {}) or None,
        hold_time_s=number(bgp, "hold-time"),
    )


def _paths(record: Bgp, config: Config) -> list[Words]:
    options = (*home(record.vrf), "routing-options")
    base = instance(record.vrf)
    found: list[Words] = [base]
    own = _number(section(config, *options))
    if own == record.asn:
        spelled = next(text for text in section(config, *options, "autonomous-system") if text[:1].isdigit())
        found.append((*options, "autonomous-system", spelled))
    elif own is not None or as_number(record.vrf, config) != record.asn:
        found.append((*options, "autonomous-system", str(record.asn)))
    if record.router_id is not None:
        found.append((*options, "router-id", record.router_id))
    if record.log_neighbor_changes:
        found.append((*base, "log-updown"))
    if record.multipath_relax:
        found.append((*base, "multipath", "multiple-as"))
    if record.hold_time_s is not None:
        found.append((*base, "hold-time", str(record.hold_time_s)))
    return found
