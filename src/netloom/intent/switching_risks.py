"""The rules about VLANs and the ports that carry them."""

from __future__ import annotations

from collections.abc import Iterator

from netloom.intent.planned import Risk
from netloom.intent.situation import Situation
from netloom.intent.steer import words
from netloom.model.noun import Record
from netloom.model.switchport import Switchport
from netloom.model.text import vlan_ranges, vlan_tags
from netloom.model.vlan import Vlan

SHOWN = 5
"""VLANs told in one message."""


def vlans_removed(situation: Situation) -> Iterator[Risk]:
    """VLANs go or are suspended; worse where a port is in one, or where most of them go."""
    there = [record for record in situation.before.get("vlan", {}).values() if isinstance(record, Vlan)]
    gone = [record.id for record in there if record.enabled and not _works(situation, record)]
    if not gone:
        return
    ports = [record for record in situation.after.get("switchport", {}).values() if isinstance(record, Switchport)]
    used = [vlan for vlan in gone if any(vlan in _named(port) for port in ports)]
    most = len(gone) > 1 and len(gone) * 2 > len(there)
    told = f"VLANs removed: {_few(gone)}" + (f"; ports are in {_few(used)}" if used else "")
    yield Risk("vlans_removed", "high" if used or most else "medium", told)


def trunk_narrowed(situation: Situation) -> Iterator[Risk]:
    """A trunk carries VLANs no more, or another untagged one."""
    for noun, key, before, after in situation.changed():
        if not isinstance(before, Switchport) or before.mode != "trunk":
            continue
        title, lost = words(noun, key), sorted(carried(before) - carried(after))
        if not isinstance(after, Switchport) or after.mode != "trunk":
            now = after.mode if isinstance(after, Switchport) and after.mode is not None else "as the system has it"
            yield Risk("trunk_narrowed", "high", f"{title}: the trunk becomes {now}, and its VLANs go")
        elif not carried(after):
            yield Risk("trunk_narrowed", "high", f"{title}: the trunk carries no VLAN any more")
        elif lost:
            yield Risk("trunk_narrowed", "medium", f"{title}: the trunk no longer carries {_few(lost)}")
        if isinstance(after, Switchport) and after.mode == "trunk" and after.native_vlan != before.native_vlan:
            change = f"from {before.native_vlan or 1} to {after.native_vlan or 1}"
            yield Risk(
                "trunk_narrowed", "medium", f"{title}: the native VLAN changes {change}: the other end's must too"
            )


def carried(record: Record | None) -> frozenset[int]:
    """The VLANs that pass a port."""
    if not isinstance(record, Switchport) or record.mode in ("routed", None):
        return frozenset()
    if record.mode == "access":
        return frozenset({record.access_vlan or 1})
    return vlan_tags(record.allowed_vlans)


def _named(record: Switchport) -> set[int]:
    """The VLANs that a port names one by one; a range only lets through what is there."""
    if record.mode == "routed":
        return set()
    tags = {record.access_vlan, record.voice_vlan} if record.mode != "trunk" else {record.native_vlan}
    return {tag for tag in tags if tag is not None}


def _works(situation: Situation, record: Vlan) -> bool:
    after = situation.after.get("vlan", {}).get(record.key)
    return isinstance(after, Vlan) and after.enabled


def _few(vlans: list[int]) -> str:
    told = vlan_ranges(set(vlans)).split(",")
    more = f" and {len(told) - SHOWN} more" if len(told) > SHOWN else ""
    return ",".join(told[:SHOWN]) + more
