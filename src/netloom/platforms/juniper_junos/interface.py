"""The interfaces of a Junos device, physical and logical."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Any

from netloom.errors import Unsupported
from netloom.model.config import Config, Line, Tree
from netloom.model.interface import Interface, InterfaceState
from netloom.platforms import if_mib
from netloom.platforms.contract import Columns, Read
from netloom.platforms.juniper_junos import show_instance, show_interface, show_interface_screen
from netloom.platforms.juniper_junos.delta import delta
from netloom.platforms.juniper_junos.draft import Draft
from netloom.platforms.juniper_junos.instances import instances
from netloom.platforms.juniper_junos.outputs import Forms
from netloom.platforms.juniper_junos.spelling import Words
from netloom.platforms.juniper_junos.statements import (
    change_draft,
    changed,
    lines_of,
    number,
    section,
    text,
    text_path,
    value,
)
from netloom.platforms.juniper_junos.tree import below, is_mark

_NONE = frozenset({"interface-range", "interface-set", "traceoptions", "apply-groups", "apply-groups-except"})
"""What stands among the interfaces and is none."""
_FILTERS = {
    "acl_in": ("inet", "input"),
    "acl_out": ("inet", "output"),
    "ipv6_acl_in": ("inet6", "input"),
    "ipv6_acl_out": ("inet6", "output"),
}
_TAGGING = ("vlan-tagging", "flexible-vlan-tagging")


def configured(config: Config) -> list[Interface]:
    """Every physical interface and every unit."""
    vrfs = {name: vrf for vrf, _, inside in instances(config) for name in inside.get("interface", {})}
    found = []
    for name, physical in section(config, "interfaces").items():
        if name in _NONE:
            continue
        found.append(_settings(Interface(name), physical, number(physical, "mtu")))
        for unit, under in physical.get("unit", {}).items():
            found.append(_unit(f"{name}.{unit}", under, vrfs.get(f"{name}.{unit}")))
    return found


def lines(record: Interface, config: Config) -> list[Line]:
    """The statements of the interface or unit, its place in an instance, and the tagging that its VLAN needs."""
    paths = _paths(record, config)
    if record.vlan is not None:
        physical = section(config, *paths[0][:2])
        paths += [(*paths[0][:2], word) for word in _TAGGING if word in physical]
    return lines_of(paths, config)


def render(have: Interface | None, want: Interface | None, config: Config) -> list[Line]:
    """The least change; an interface stays where others than this noun say something of it."""
    before = _paths(have, config) if have is not None else []
    if want is not None:
        _refuse(want)
        after = _paths(want, config)
        if want.vlan is not None and not any(word in section(config, *after[0][:2]) for word in _TAGGING):
            after.append((*after[0][:2], "vlan-tagging"))
        return changed(config, before, after)
    return _without(before, config) if before else []


def canonical(record: Interface) -> Interface:
    """IPv4 before IPv6, of each family the primary address first and then the others in order."""
    found: list[str] = []
    for family in _by_family(record.addresses).values():
        found += [family[0], *sorted(family[1:], key=_rank)]
    return replace(record, addresses=tuple(dict.fromkeys(found)))


def _without(said: list[Words], config: Config) -> list[Line]:
    """Without these statements; what is empty then goes as well."""
    home, *others = said
    draft = Draft(config)
    change_draft(draft, others, [])
    for family in ("inet", "inet6"):
        if below(draft.tree, (*home, "family", family)) == {}:
            draft.remove((*home, "family", family))
    if all(is_mark(word) for word in below(draft.tree, home) or {}):
        draft.remove(home)
    return delta(config, draft.config())


def place(name: str) -> Words:
    """Where an interface stands: `ge-0/0/0` or `ge-0/0/0.0`."""
    physical, dot, unit = name.rpartition(".")
    return ("interfaces", physical, "unit", unit) if dot else ("interfaces", name)


def _settings(record: Interface, said: Tree, mtu: int | None) -> Interface:
    return replace(record, description=text(said, "description"), mtu=mtu, enabled="disable" not in said)


def _unit(name: str, said: Tree, vrf: str | None) -> Interface:
    families = said.get("family", {})
    filters: dict[str, Any] = {
        field: value(families.get(family, {}).get("filter", {}), way) for field, (family, way) in _FILTERS.items()
    }
    addresses = [each for family in ("inet", "inet6") for each in _addresses(families.get(family, {}))]
    return replace(
        _settings(Interface(name), said, number(families.get("inet", {}), "mtu")),
        vrf=vrf,
        addresses=tuple(addresses),
        vlan=number(said, "vlan-id"),
        **filters,
    )


def _addresses(family: Tree) -> Iterator[str]:
    """The primary one first: the lowest, unless another is said to be it."""
    found = [(said, more) for said, more in family.get("address", {}).items() if _canonical(said)]
    for said, _ in sorted(found, key=lambda item: ("primary" not in item[1], _rank(item[0]))):
        yield _canonical(said)


@lru_cache(maxsize=10_000)
def _canonical(said: str) -> str:
    try:
        return str(ipaddress.ip_interface(said))
    except ValueError:
        return ""


@lru_cache(maxsize=10_000)
def _rank(address: str) -> tuple[int, int, int]:
    """A sort key: by address, then by length."""
    found = ipaddress.ip_interface(address)
    return found.version, int(found.ip), found.network.prefixlen


def _by_family(addresses: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {"inet": [], "inet6": []}
    for address in addresses:
        found["inet6" if ":" in address else "inet"].append(address)
    return {family: texts for family, texts in found.items() if texts}


def _paths(record: Interface, config: Config) -> list[Words]:
    """The statements, the one that names the interface first."""
    home = place(record.name)
    there = section(config, *home)
    found: list[Words] = [home]
    if record.description is not None:
        found.append(text_path(config, (*home, "description"), record.description))
    if not record.enabled:
        found.append((*home, "disable"))
    if len(home) == 2:
        return found + ([(*home, "mtu", str(record.mtu))] if record.mtu is not None else [])
    if record.mtu is not None:
        found.append((*home, "family", "inet", "mtu", str(record.mtu)))
    if record.vlan is not None:
        found.append((*home, "vlan-id", str(record.vlan)))
    if record.vrf is not None:
        found.append(("routing-instances", record.vrf, "interface", record.name))
    for field, (family, way) in _FILTERS.items():
        if name := getattr(record, field):
            found.append((*home, "family", family, "filter", way, name))
    families = there.get("family", {})
    found += [(*home, "family", family) for family in ("inet", "inet6") if family in families and not families[family]]
    for family, texts in _by_family(record.addresses).items():
        found += _address_paths((*home, "family", family, "address"), texts, families.get(family, {}))
    return found


def _address_paths(base: Words, addresses: list[str], there: Tree) -> Iterator[Words]:
    spelled = {_canonical(said): said for said in there.get("address", {})}
    lowest = min(addresses, key=_rank)
    for at, address in enumerate(addresses):
        shown = spelled.get(address, address)
        marked = "primary" in there.get("address", {}).get(shown, {})
        yield (*base, shown)
        if at == 0 and (marked or address != lowest):
            yield (*base, shown, "primary")


def _refuse(want: Interface) -> None:
    """Raise Unsupported for what belongs to a unit."""
    if "." in want.name:
        return
    for field in ("addresses", "vrf", "vlan", *_FILTERS):
        if getattr(want, field):
            hint = f"state it of a unit, such as {want.name}.0"
            raise Unsupported(
                f"interface {want.name}: Junos has no {field} on a physical interface", device="", hint=hint
            )


READ = (
    Read(
        "show interfaces extensive | display xml | no-more",
        rpc="<get-interface-information><extensive/></get-interface-information>",
    ),
    show_instance.READ,
)
WALK = if_mib.COLUMNS

_FORMS: Forms[InterfaceState] = Forms(
    {
        "interface-information": show_interface.interfaces,
        "instance-information": show_instance.interface_vrfs,
    },
    show_interface_screen.SCREENS,
)


def observed(*outputs: str) -> list[InterfaceState]:
    """`show interfaces` in any depth, and the VRFs of logical interfaces from `show route instance detail`."""
    return _FORMS.observed(outputs)


def walked(columns: Columns) -> list[InterfaceState]:
    """IF-MIB's view."""
    return if_mib.interfaces(columns)
