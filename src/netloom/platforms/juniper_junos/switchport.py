"""How a switch's ports switch."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Literal

from netloom.errors import Unsupported
from netloom.model.config import Config, Line, Tree
from netloom.model.switchport import Switchport, SwitchportState
from netloom.model.text import vlan_ranges, vlan_tags
from netloom.platforms.contract import Read
from netloom.platforms.juniper_junos import show_switchport
from netloom.platforms.juniper_junos.interface import place
from netloom.platforms.juniper_junos.outputs import Forms
from netloom.platforms.juniper_junos.spelling import Words
from netloom.platforms.juniper_junos.statements import changed, lines_of, section, value

_FAMILIES = ("ethernet-switching", "bridge")
_VOICE = (
    ("switch-options", "voip", "interface"),
    ("ethernet-switching-options", "voip", "interface"),
)


def configured(config: Config) -> list[Switchport]:
    """Every unit that switches."""
    return [
        _port(f"{name}.{unit}", node, below, config)
        for name, below in section(config, "interfaces").items()
        for unit, under in below.get("unit", {}).items()
        for family in _FAMILIES
        if (node := under.get("family", {}).get(family)) is not None
    ]


def lines(record: Switchport, config: Config) -> list[Line]:
    """Its statements; names of VLANs that are not configured are nobody's."""
    return lines_of(_paths(record, config), config)


def render(have: Switchport | None, want: Switchport | None, config: Config) -> list[Line]:
    """The least change; a member stays as it is written while all of its VLANs are wanted."""
    if want is not None and "." not in want.interface:
        hint = f"state it of a unit, such as {want.interface}.0"
        raise Unsupported(f"switchport {want.interface}: Junos switches on units", device="", hint=hint)
    before = _paths(have, config) if have is not None else _left(want, config)
    if want is None or want.mode == "routed":
        return changed(config, before, [], before[:1])
    return changed(config, before, _paths(want, config))


def canonical(record: Switchport) -> Switchport:
    """An access port's tag, or a trunk's: Junos has one list of members for both."""
    if record.mode == "trunk":
        return replace(record, access_vlan=None)
    if record.mode == "routed":
        return Switchport(record.interface, mode="routed")
    return replace(record, allowed_vlans=None)


def _port(name: str, node: Tree, physical: Tree, config: Config) -> Switchport:
    shown = value(node, "interface-mode") or value(node, "port-mode")
    mode: Literal["access", "trunk"] | None = "access" if shown == "access" else "trunk" if shown else None
    members = dict(_members(node, config))
    tags = {tag for found in members.values() for tag in found}
    every = "all" in members
    native = value(physical, "native-vlan-id") or value(node, "native-vlan-id")
    voices = [section(config, *path, name) for path in _VOICE]
    return Switchport(
        interface=name,
        mode=mode,
        access_vlan=min(tags) if tags and mode != "trunk" and not every else None,
        native_vlan=_tag(native, config),
        allowed_vlans=vlan_ranges(tags) if mode == "trunk" and not every else None,
        voice_vlan=next((tag for voice in voices if (tag := _tag(value(voice, "vlan"), config))), None),
    )


def _left(want: Switchport | None, config: Config) -> list[Words]:
    """What a port that switched before left behind outside of its unit."""
    if want is None:
        return []
    physical = section(config, *place(want.interface)[:2])
    left = _port(want.interface, {}, physical, config)
    return [path for path in _paths(left, config) if path[-2:-1] == ("native-vlan-id",) or path[0] != "interfaces"]


def _members(node: Tree, config: Config) -> Iterator[tuple[str, frozenset[int]]]:
    """Each member as written, with its VLANs; `all` has none of its own."""
    for text in (*node.get("vlan", {}).get("members", {}), *node.get("vlan-id-list", {}), *node.get("vlan-id", {})):
        if text == "all":
            yield text, frozenset()
        elif text[:1].isdigit():
            yield text, vlan_tags(text)
        elif (tag := _tag(text, config)) is not None:
            yield text, frozenset({tag})


def _tag(text: str | None, config: Config) -> int | None:
    """A VLAN's number, by number or by name."""
    if text is None or text.isdigit():
        return int(text) if text else None
    tag = value(section(config, "vlans", text), "vlan-id")
    return int(tag) if tag is not None and tag.isdigit() else None


def _paths(record: Switchport, config: Config) -> list[Words]:
    """The statements, the family first."""
    unit = place(record.interface)
    base = (*unit, "family", _family(unit, config))
    node = section(config, *base)
    found: list[Words] = [base]
    if record.mode in ("access", "trunk"):
        found.append((*base, _mode_word(node, config), record.mode))
    known = dict(_members(node, config))
    found += [(*base, *_member_words(base[-1], record), text) for text in _wanted(record, known)]
    if record.native_vlan is not None:
        found.append(_native(record.native_vlan, base, config))
    if record.voice_vlan is not None:
        where = _VOICE[1] if _is_older(config) else _VOICE[0]
        there = value(section(config, *where, record.interface), "vlan")
        same = there is not None and _tag(there, config) == record.voice_vlan
        found.append((*where, record.interface))
        found.append((*where, record.interface, "vlan", there if same and there else str(record.voice_vlan)))
    return found


def _wanted(record: Switchport, known: dict[str, frozenset[int]]) -> Iterator[str]:
    """The members to have: those that are there and wanted whole, then the rest as ranges."""
    if record.mode == "trunk" and record.allowed_vlans is None:
        yield "all"
        return
    if record.mode == "trunk":
        wanted = set(vlan_tags(record.allowed_vlans))
    else:
        wanted = {record.access_vlan} if record.access_vlan is not None else set()
    for text, tags in known.items():
        if tags and tags <= wanted:
            yield text
            wanted -= tags
    if wanted:
        yield from vlan_ranges(wanted).split(",")


def _member_words(family: str, record: Switchport) -> Words:
    if family == "bridge":
        return ("vlan-id-list",) if record.mode == "trunk" else ("vlan-id",)
    return ("vlan", "members")


def _native(tag: int, base: Words, config: Config) -> Words:
    for place_of in (base[:2], base):
        there = value(section(config, *place_of), "native-vlan-id")
        if there is not None:
            return (*place_of, "native-vlan-id", there if _tag(there, config) == tag else str(tag))
    return (*(base if _is_older(config) else base[:2]), "native-vlan-id", str(tag))


def _family(unit: Words, config: Config) -> str:
    there = section(config, *unit).get("family", {})
    for family in _FAMILIES:
        if family in there:
            return family
    return "bridge" if section(config, "bridge-domains") else "ethernet-switching"


def _mode_word(node: Tree, config: Config) -> str:
    for word in ("interface-mode", "port-mode"):
        if word in node:
            return word
    return "port-mode" if _is_older(config) else "interface-mode"


def _is_older(config: Config) -> bool:
    """Whether the switch has the software before ELS, which says `port-mode`."""
    return bool(section(config, "ethernet-switching-options")) or "port-mode" in _mode_words(config)


def _mode_words(config: Config) -> Iterable[str]:
    for below in section(config, "interfaces").values():
        for unit in below.get("unit", {}).values():
            yield from unit.get("family", {}).get("ethernet-switching", {})


READ = Read(
    "show ethernet-switching interface | display xml | no-more", rpc="<get-ethernet-switching-interface-information/>"
)

_FORMS: Forms[SwitchportState] = Forms(
    dict.fromkeys(
        ("switching-interface-information", "l2ng-l2ald-iff-interface-information"), show_switchport.switchports
    ),
    show_switchport.SCREENS,
)


def observed(*outputs: str) -> list[SwitchportState]:
    """`show ethernet-switching interface` of switches old and new."""
    return _FORMS.observed(outputs)
