"""VLANs of switches, and bridge domains of routers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from netloom.errors import Unsupported
from netloom.model.config import Config, Line
from netloom.model.vlan import Vlan, VlanState
from netloom.platforms.contract import Read
from netloom.platforms.juniper_junos import show_vlan
from netloom.platforms.juniper_junos.delta import delta
from netloom.platforms.juniper_junos.draft import Draft
from netloom.platforms.juniper_junos.outputs import Forms
from netloom.platforms.juniper_junos.spelling import Words, join
from netloom.platforms.juniper_junos.statements import changed, lines_of, section, value

_HOMES = ("vlans", "bridge-domains")


def configured(config: Config) -> list[Vlan]:
    """Every VLAN with one number, the first of its name; ranges and domains without a number are left out."""
    found: dict[int, Vlan] = {}
    for _, name, tag in _vlans(config):
        found.setdefault(tag, Vlan(tag, name))
    return list(found.values())


def lines(record: Vlan, config: Config) -> list[Line]:
    """Its number."""
    return lines_of(_paths(record, config), config)


def render(have: Vlan | None, want: Vlan | None, config: Config) -> list[Line]:
    """The least change; a VLAN that is called otherwise takes all that is said of it along."""
    if want is None:
        return changed(config, [], [], [_home(have, config)] if have is not None else [])
    if not want.enabled:
        raise Unsupported(f"vlan {want.id}: Junos has no suspended VLANs", device="")
    there = next(((home, name) for home, name, tag in _vlans(config) if tag == want.id), None)
    if there is None or want.name in (None, there[1]):
        return changed(config, [], _paths(want, config))
    return _renamed(there, str(want.name), config)


def canonical(record: Vlan) -> Vlan:
    """A VLAN has a name in any case."""
    return record if record.name is not None else replace(record, name=f"vlan{record.id}")


def _vlans(config: Config) -> Iterator[tuple[str, str, int]]:
    for home in _HOMES:
        for name, below in section(config, home).items():
            tag = value(below, "vlan-id")
            if tag is not None and tag.isdigit():
                yield home, name, int(tag)


def _home(record: Vlan, config: Config) -> Words:
    for home, name, tag in _vlans(config):
        if tag == record.id:
            return home, name
    return ("bridge-domains" if section(config, "bridge-domains") else "vlans"), canonical(record).name or ""


def _paths(record: Vlan, config: Config) -> list[Words]:
    return [(*_home(record, config), "vlan-id", str(record.id))]


def _renamed(there: Words, name: str, config: Config) -> list[Line]:
    """A new name, and the ports that name it follow."""
    home, old = there
    if name in section(config, home):
        raise ValueError(f"vlan {name}: expected a name that is free, got that of another VLAN")
    rename = Line(f"rename {join((home, old))} to {join((name,))}")
    draft = Draft(config)
    draft.apply(rename)
    after = draft.config()
    target = Draft(after)
    for port, below in section(after, "interfaces").items():
        for unit, under in below.get("unit", {}).items():
            for family, node in under.get("family", {}).items():
                if old in node.get("vlan", {}).get("members", {}):
                    members = ("interfaces", port, "unit", unit, "family", family, "vlan", "members")
                    target.remove((*members, old))
                    target.put((*members, name))
    return [rename, *delta(after, target.config())]


READ = (
    Read("show vlans | display xml | no-more", rpc="<get-vlan-information/>"),
    Read("show bridge domain | display xml | no-more", rpc="<get-bridge-instance-information/>"),
)
COMPLEMENT = True

_FORMS: Forms[VlanState] = Forms(
    dict.fromkeys(
        ("vlan-information", "l2ng-l2ald-vlan-instance-information", "l2ald-bridge-instance-information"),
        show_vlan.vlans,
    ),
    show_vlan.SCREENS,
)


def observed(*outputs: str) -> list[VlanState]:
    """`show vlans` of switches old and new, `show bridge domain`."""
    return _FORMS.observed(outputs)
