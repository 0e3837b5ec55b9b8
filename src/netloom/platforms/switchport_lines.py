"""Switch ports as lines of Cisco-like systems: `switchport mode trunk` and its kin."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal, cast

from netloom.model.config import Tree
from netloom.model.switchport import Switchport
from netloom.model.text import canonical_vlan_set, vlan_ranges, vlan_tags

Mode = Literal["access", "trunk", "routed"]

ALLOWED = "switchport trunk allowed vlan"
_ALLOWED = re.compile(rf"{ALLOWED} (?:(add|remove|except) )?([\d,\s-]+|all|none)")
_EVERY = "1-4094"
_MODES = ("access", "trunk")


@dataclass(frozen=True, slots=True, kw_only=True)
class SwitchportWords:
    """How one system says it, and what holds where it says nothing."""

    mode: Mode | None = None
    """Of a port that switches and says no mode; None where that is more than a word here can tell."""
    voice: str = "switchport voice vlan"
    switched: bool = False
    """A port that switches says `switchport` for itself: ports route by default."""


def switchport(interface: str, section: Tree, words: SwitchportWords) -> Switchport | None:
    """What the lines of an interface say; None where they say nothing of switching."""
    modes = [text.removeprefix("switchport mode ") for text in section if text.startswith("switchport mode ")]
    routed, stated = "no switchport" in section, "switchport" in section
    if modes and modes[0] not in _MODES and words.mode is not None and not routed:
        return None  # a tunnel, an extender's link: what no mode here says, and the default does not either
    mode = modes[0] if modes and modes[0] in _MODES else None if modes else words.mode
    found = Switchport(
        interface,
        mode=cast("Mode | None", "routed" if routed else mode),
        access_vlan=_vlan(section, "switchport access vlan"),
        native_vlan=_vlan(section, "switchport trunk native vlan"),
        allowed_vlans=allowed_vlans(section),
        voice_vlan=_vlan(section, words.voice),
    )
    says = routed or stated or (modes and modes[0] in _MODES) or replace(found, mode=None) != Switchport(interface)
    return canonical_switchport(found, words) if says else None


def leaves_mode(wanted: Switchport, section: Tree) -> str | None:
    """What ends a mode that no record holds, where the one that is wished for would not be said."""
    modes = [text.removeprefix("switchport mode ") for text in section if text.startswith("switchport mode ")]
    return "no switchport mode" if modes and modes[0] not in _MODES and wanted.mode in (None, "access") else None


def switchport_texts(record: Switchport, section: Tree, words: SwitchportWords) -> list[str]:
    """The lines of a port; where the section spells the allowed VLANs in several lines that mean the same, those."""
    shown = canonical_switchport(record, words)
    texts = []
    if shown.mode == "routed":
        texts.append("no switchport")
    elif words.switched or "switchport" in section:
        texts.append("switchport")
    if shown.mode in _MODES:
        texts.append(f"switchport mode {shown.mode}")
    pairs = (
        ("switchport access vlan", shown.access_vlan),
        ("switchport trunk native vlan", shown.native_vlan),
        (words.voice, shown.voice_vlan),
    )
    texts += [f"{start} {vlan or 1}" for start, vlan in pairs if vlan is not None or f"{start} 1" in section]
    if shown.allowed_vlans is not None or allowed_vlans(section) == _EVERY:
        texts += allowed_texts(shown.allowed_vlans or _EVERY, section)
    hidden = f"switchport mode {words.mode}"
    return [text for text in texts if text != hidden or text in section]


def canonical_switchport(record: Switchport, words: SwitchportWords) -> Switchport:
    """Without the defaults: VLAN 1, and every VLAN on a trunk."""
    return replace(
        record,
        mode=record.mode or words.mode,
        access_vlan=None if record.access_vlan == 1 else record.access_vlan,
        native_vlan=None if record.native_vlan == 1 else record.native_vlan,
        allowed_vlans=None if record.allowed_vlans == _EVERY else record.allowed_vlans,
    )


def allowed_vlans(section: Iterable[str]) -> str | None:
    """The VLANs of a trunk, by one line or several that add to one another."""
    stated: frozenset[int] | None = None
    for text in section:
        match = _ALLOWED.fullmatch(text) if text.startswith(ALLOWED) else None
        if match is None:
            continue
        tags = vlan_tags(None if match[2] == "all" else canonical_vlan_set(match[2]))
        if match[1] == "add":
            stated = (stated or frozenset()) | tags
        elif match[1] == "remove":
            stated = vlan_tags(None) - tags if stated is None else stated - tags
        else:
            stated = vlan_tags(None) - tags if match[1] == "except" else tags
    return None if stated is None else vlan_ranges(stated)


def allowed_texts(vlans: str, section: Iterable[str]) -> list[str]:
    """The lines for the VLANs of a trunk: those of the section where they mean the same, else one."""
    present = [text for text in section if text.startswith(f"{ALLOWED} ")]
    if present and allowed_vlans(present) == vlans:
        return present
    return [f"{ALLOWED} {vlans}"]


def _vlan(section: Iterable[str], start: str) -> int | None:
    for text in section:
        if text.startswith(f"{start} ") and text[len(start) + 1 :].isdigit():
            return int(text[len(start) + 1 :])
    return None
