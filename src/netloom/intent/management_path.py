"""What the way to a device leads through beneath its address: ports, trunks, VLANs and aggregates, and its filters."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from netloom.intent.acl_risks import only_adds_permits
from netloom.intent.bindings import FIELDS
from netloom.intent.planned import Risk
from netloom.intent.situation import Situation
from netloom.intent.steer import words
from netloom.intent.switching_risks import carried
from netloom.model.acl import Acl
from netloom.model.interface import Interface
from netloom.model.lag import Lag
from netloom.model.noun import Record
from netloom.model.switchport import Switchport
from netloom.model.vlan import Vlan

CODE = "management_path"

_OF_VLAN = re.compile(r"(?i)(?:vlan|irb\.)(\d+)")
_GUARDED = re.compile(r"line |management |control-plane|system ")
"""Headers of sections that say who may come in."""

_NAMED_IN = re.compile(r"(?:\S+ )*?access-(?:class|group) (?P<name>[\w.-]+)(?: .*)?")


def beneath(situation: Situation, names: Collection[str]) -> Iterator[Risk]:
    """What carries these interfaces changes."""
    vlans = {int(match[1]) for name in names if (match := _OF_VLAN.fullmatch(name))}
    below = _carriers(situation, names)
    for noun, key, before, after in situation.changed():
        told: Iterator[str] = iter(())
        if noun == "interface" and key[0] in below - set(names):
            told = _port(before, after)
        elif isinstance(before or after, Switchport):
            told = _switching(before, after, vlans, on_path=key[0] in below)
        elif isinstance(before or after, Lag) and key[0] in below:
            told = _aggregate(before, after)
        elif noun == "lag":
            told = _taken(after, below, before)
        elif isinstance(before, Vlan) and before.id in vlans:
            told = _vlan(before, after)
        for does in told:
            yield Risk(CODE, "high", f"{words(noun, key)} {does}: the way by which we reach the device leads over it")


def filters(situation: Situation, names: Collection[str]) -> Iterator[Risk]:
    """What lets us in changes: a list on these interfaces, or one that lines about access name."""
    bound: dict[tuple[str, ...], str] = {}
    # Junos: what loopback 0 filters is what reaches the routing engine by any way
    for name in (*names, "lo0.0"):
        before, after = (_interface(objects.get("interface", {}), name) for objects in _both(situation))
        for field, family in FIELDS.items():
            was, will = getattr(before, field, None), getattr(after, field, None)
            if will is not None:
                bound[family, will] = f"interface {name}"
            if will is not None and was != will:
                message = f"interface {name}: {field} becomes {will}: we reach the device through it"
                yield Risk(CODE, "high", message)
    guarded = [line for line in situation.base.lines() if line.path and _GUARDED.match(line.path[0])]
    for line in guarded:
        if match := _NAMED_IN.fullmatch(line.text):
            for family in ("ipv4", "ipv6"):
                bound.setdefault((family, match["name"]), f"'{situation.shown(line)}'")
    for noun, key, old, new in situation.changed():
        if noun == "acl" and key in bound and not _harmless(old, new):
            does = "is removed" if new is None else "is new" if old is None else "changes"
            message = f"{words(noun, key)} {does}: {bound[key]} names it, and we reach the device through it"
            yield Risk(CODE, "high", message)


def _harmless(before: Record | None, after: Record | None) -> bool:
    return isinstance(before, Acl) and isinstance(after, Acl) and only_adds_permits(before, after)


def _both(situation: Situation) -> tuple[dict[str, dict[tuple[str, ...], Record]], ...]:
    return situation.before, situation.after


def _interface(records: dict[tuple[str, ...], Record], name: str) -> Record | None:
    return records.get((name,))


def _carriers(situation: Situation, names: Collection[str]) -> set[str]:
    """The interfaces, the ports that they stand on, and the members of those that are aggregates."""
    found = set(names) | {name.rpartition(".")[0] for name in names if "." in name and not _OF_VLAN.fullmatch(name)}
    for key, record in situation.before.get("lag", {}).items():
        if isinstance(record, Lag) and key[0] in found:
            found |= set(record.members)
    return found


def _port(before: Record | None, after: Record | None) -> Iterator[str]:
    """The port beneath a subinterface, or a member of an aggregate."""
    if isinstance(after, Interface) and not after.enabled and getattr(before, "enabled", True):
        yield "is shut down"


def _switching(before: Record | None, after: Record | None, vlans: set[int], *, on_path: bool) -> Iterator[str]:
    was, will = getattr(before, "mode", None), getattr(after, "mode", None)
    if on_path and was != will:
        yield f"becomes {will or 'as the system has it'}"
        return
    lost = sorted(vlans & (carried(before) - carried(after)))
    if lost:
        yield f"no longer carries VLAN {', '.join(map(str, lost))}"


def _aggregate(before: Record | None, after: Record | None) -> Iterator[str]:
    if not isinstance(before, Lag):
        return
    if not isinstance(after, Lag):
        yield "is removed"
    elif not after.members and before.members:
        yield "loses every member"
    elif before.mode != after.mode:
        yield f"turns from mode {before.mode or 'off'} to {after.mode or 'off'}"
    elif len(after.members) < (after.min_links or 0):
        yield f"keeps fewer members than the {after.min_links} it needs"


def _taken(after: Record | None, below: set[str], before: Record | None) -> Iterator[str]:
    """Another aggregate takes a port that we reach the device by."""
    members = set(getattr(after, "members", ())) - set(getattr(before, "members", ()))
    if members & below:
        yield f"takes {', '.join(sorted(members & below))}"


def _vlan(before: Vlan, after: Record | None) -> Iterator[str]:
    if not isinstance(after, Vlan):
        yield "is removed"
    elif before.enabled and not after.enabled:
        yield "is suspended"
