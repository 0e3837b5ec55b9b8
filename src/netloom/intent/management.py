"""The rule that keeps people from sawing off the branch: does a change touch the way by which we reach the device?"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator

from netloom.intent.bindings import FIELDS
from netloom.intent.management_path import beneath, filters
from netloom.intent.merge import differing
from netloom.intent.planned import Risk
from netloom.intent.situation import Situation
from netloom.intent.steer import words
from netloom.model.bgp_neighbor import BgpNeighbor
from netloom.model.interface import Interface
from netloom.model.noun import Record
from netloom.model.static_route import StaticRoute

CODE = "management_path"

ROUTING = ("bgp", "bgp_neighbor", "bgp_peer_group", "ospf", "ospf_interface")
"""Nouns that may carry the route back to us."""

_ACCESS = re.compile(r"\b(ssh|telnet|vty|aaa|tacacs|radius|username|access-class|access-group|management|mgmt)\b")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def management_path(situation: Situation) -> Iterator[Risk]:
    """The interface, address, route or session through which we reach the device is touched."""
    yield from _access_lines(situation)
    if situation.management is None:
        return
    address, source = _address(situation.management.address), _address(situation.management.source)
    if address is None:
        return
    near = any(
        _on_link(record, address, source)
        for record in situation.before.get("interface", {}).values()
        if isinstance(record, Interface)
    )
    for noun, key, before, after in situation.changed():
        title = words(noun, key)
        if isinstance(before or after, Interface):
            yield from _interface(title, before, after, address)
            if key == (situation.management.interface,):
                yield from _seen_there(title, before, after, address)
        elif source is not None and isinstance(before or after, StaticRoute):
            yield from _route(title, before, after, source)
        elif source is not None and noun in ROUTING:
            yield from _routing(title, before, after, source, near=near)
    names = set(_holders(situation, address))
    if situation.management.interface is not None:
        names.add(situation.management.interface)
    yield from beneath(situation, names)
    yield from filters(situation, names)
    yield from _lines(situation, address, source)


def _holders(situation: Situation, address: Address) -> Iterator[str]:
    """The interfaces that are configured with the address."""
    for record in situation.before.get("interface", {}).values():
        if isinstance(record, Interface) and _holds(record, address):
            yield record.name


def _interface(title: str, before: Record | None, after: Record | None, address: Address) -> Iterator[Risk]:
    if not isinstance(before, Interface) or not _holds(before, address):
        return
    if not isinstance(after, Interface) or not _holds(after, address):
        yield Risk(CODE, "high", f"{title} loses {address}, by which we reach the device")
    elif before.enabled and not after.enabled:
        yield Risk(CODE, "high", f"{title} is shut down: it holds {address}, by which we reach the device")
    elif before.vrf != after.vrf or before.vlan != after.vlan:
        name = "VRF" if before.vrf != after.vrf else "VLAN"
        yield Risk(CODE, "high", f"{title} moves to another {name}: it holds {address}, by which we reach the device")
    else:
        names = [name for name in differing(before, after) if name not in ("description", *FIELDS)]
        if names:
            message = f"{title} changes its {', '.join(names)}: it holds {address}, by which we reach the device"
            yield Risk(CODE, "medium", message)


def _seen_there(title: str, before: Record | None, after: Record | None, address: Address) -> Iterator[Risk]:
    """The configuration does not say that the interface holds the address, yet it was seen there."""
    if isinstance(before, Interface) and _holds(before, address):
        return
    if isinstance(after, Interface) and not after.enabled:
        yield Risk(CODE, "high", f"{title} is shut down: {address} was seen on it, by which we reach the device")
    elif isinstance(after, Interface) and after.addresses != (
        before.addresses if isinstance(before, Interface) else ()
    ):
        yield Risk(CODE, "medium", f"{title} changes its addresses: {address} was seen on it")


def _route(title: str, before: Record | None, after: Record | None, source: Address) -> Iterator[Risk]:
    route = before or after
    assert isinstance(route, StaticRoute)  # noqa: S101 - asked by the caller
    if source not in ipaddress.ip_network(route.prefix):
        return
    does = "is removed" if after is None else "changes" if before is not None else "is new"
    yield Risk(CODE, "high", f"{title} {does}: it covers {source}, where we come from")


def _routing(title: str, before: Record | None, after: Record | None, source: Address, *, near: bool) -> Iterator[Risk]:
    if isinstance(before, BgpNeighbor) and before.peer == str(source):
        yield Risk(CODE, "high", f"{title} changes: it is the session with {source}, where we come from")
        return
    down = before is not None and (
        after is None or (getattr(before, "enabled", True) and not getattr(after, "enabled", True))
    )
    if down and not near:
        yield Risk(CODE, "high", f"{title} goes: it may carry the route to {source}, where we come from")


def _lines(situation: Situation, address: Address, source: Address | None) -> Iterator[Risk]:
    """Lines nobody models that name either end."""
    ends = [re.compile(rf"(?<![\w.:]){re.escape(str(end))}(?![\w.:])") for end in (address, source) if end is not None]
    for line in situation.unmodelled_lost:
        if any(end.search(str(line)) for end in ends):
            yield Risk(
                CODE,
                "high",
                f"{situation.shown(line)!r} is removed: it names an end of the way by which we reach the device",
            )


def _access_lines(situation: Situation) -> Iterator[Risk]:
    for line in situation.unmodelled_lost:
        found = _ACCESS.search(str(line).lower())
        if found:
            yield Risk(CODE, "medium", f"{situation.shown(line)!r} is removed: it has to do with access to the device")
    new = [line for line in situation.gained if _ACCESS.search(str(line).lower())]
    for line in situation.unmodelled_gained(new):
        yield Risk(CODE, "medium", f"{situation.shown(line)!r} is new: it has to do with access to the device")


def _on_link(record: Interface, address: Address, source: Address | None) -> bool:
    """Whether we reach the device without a router between."""
    return _holds(record, address) and any(
        source is not None and source in ipaddress.ip_interface(held).network for held in record.addresses
    )


def _holds(record: Interface, address: Address) -> bool:
    return any(ipaddress.ip_interface(held).ip == address for held in record.addresses)


def _address(text: str | None) -> Address | None:
    """An address; None for a name, which says nothing about the device's own configuration."""
    try:
        return ipaddress.ip_address(text) if text else None
    except ValueError:
        return None
