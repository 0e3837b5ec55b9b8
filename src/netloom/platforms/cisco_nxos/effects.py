"""What a line changes beyond its own slot on a Nexus: features, layers of a port, moves between VRFs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from netloom.model.config import Line, Tree
from netloom.platforms.cisco_nxos.ports import Defaults, can_switch, up_by_default
from netloom.platforms.draft import Path
from netloom.platforms.rules import Sheet

_LAYER_3 = re.compile(
    r"(?:ip|ipv6) (?!port |arp inspection|dhcp snooping|verify |source binding).*"
    r"|(?:vrf member|hsrp|vrrp|vrrpv3|bfd|encapsulation dot1q|fabric forwarding|isis) .*"
)
"""What goes when a port switches, and, but for the VRF itself, when it moves to another VRF."""
_LAYER_2 = re.compile(r"switchport .*|spanning-tree .*|storm-control .*|(?:ip|ipv6|mac) port .*|vpc (?:\d+|peer-link)")
_OF_FEATURE = {
    "bgp": re.compile(r"router bgp .*"),
    "ospf": re.compile(r"router ospf .*|ip (?:router )?ospf .*"),
    "interface-vlan": re.compile(r"interface Vlan\d+"),
    "hsrp": re.compile(r"hsrp .*"),
    "bfd": re.compile(r"(?:ip ospf )?bfd.*"),
}
"""What a feature takes along when it goes."""

_LOOKUP = "ip domain-lookup"
"""Shown whether it is on or off."""
SILENT = "names are looked up without a word"
"""A mark of a configuration that is but a part of what a device shows."""

After = Callable[[], None]


def effect(draft: Sheet, line: Line, *, defaults: Defaults, wiping: bool) -> After | None:
    """What is to be done after a line; what has to be known of the time before it is looked up now."""
    if line.path:
        inside = line.path[0].startswith("interface ") and len(line.path) == 1
        return _of_port(draft, line, defaults, wiping=wiping) if inside else None
    return _of_feature(draft, line) or _of_device(draft, line, wiping=wiping)


def _of_feature(draft: Sheet, line: Line) -> After | None:
    words = line.text.split()
    if words[:2] == ["no", "feature"] and words[2] in _OF_FEATURE:
        return lambda: draft.drop_matching((), _OF_FEATURE[words[2]])
    if line.text == "feature interface-vlan" and line.text not in draft.section(()):
        return lambda: draft.put((), "interface Vlan1")
    return None


def silent(tree: Tree) -> bool:
    """Whether nothing is said of names."""
    return _LOOKUP not in tree and f"no {_LOOKUP}" not in tree


def _of_device(draft: Sheet, line: Line, *, wiping: bool) -> After | None:
    words = line.text.split()
    if words[:1] in (["hostname"], ["switchname"]):
        return _renamed(draft, words[1])
    if line.text == _LOOKUP and SILENT not in draft.marks:
        return lambda: draft.put((), _LOOKUP)
    if line.text.startswith("no interface port-channel") and wiping:
        return _released(draft, _members(draft, words[2].removeprefix("port-channel")))
    return None


def _renamed(draft: Sheet, name: str) -> After | None:
    """The virtual device context that holds everything is called as the device."""
    old = next((text.split()[1] for text in draft.section(()) if text.startswith(("hostname ", "switchname "))), None)
    header = f"vdc {old} id "
    found = next((text for text in draft.section(()) if text.startswith(header)), None)
    if found is None:
        return None
    return lambda: draft.put((), f"vdc {name} id {found.removeprefix(header)}", instead_of=found)


def _of_port(draft: Sheet, line: Line, defaults: Defaults, *, wiping: bool) -> After | None:
    path, text = line.path, line.text
    name = path[0].removeprefix("interface ")
    positive = draft.rules.unsigned(text)
    if positive == "shutdown":
        return lambda: _show_state(draft, path, name, defaults, line=text)
    if positive == "switchport" and can_switch(name):
        return lambda: _change_layer(draft, path, name, defaults, routed=text != positive)
    if text.startswith("switchport trunk allowed vlan "):
        return lambda: _allow(draft, path, text)
    if text.startswith("channel-group "):
        return lambda: draft.put((), f"interface port-channel{text.split()[1]}")
    return _of_move(draft, line, positive) if wiping else None


def _of_move(draft: Sheet, line: Line, positive: str) -> After | None:
    """What is lost on the way to another VRF, and out of a port channel."""
    path, text = line.path, line.text
    if positive.startswith("vrf member "):
        there = text in draft.section(path) if text == positive else positive not in draft.section(path)
        return None if there else lambda: _wipe(draft, path, kept=text)
    return _released(draft, [path]) if text.startswith("no channel-group") else None


def _members(draft: Sheet, number: str) -> list[Path]:
    """The sections of the ports in a port channel."""
    joined = re.compile(rf"channel-group {number}(?: .*)?")
    top = draft.section(())
    return [(header,) for header, below in top.items() if any(joined.fullmatch(text) for text in below)]


def _released(draft: Sheet, paths: Iterable[Path]) -> After:
    """A port that leaves a port channel goes back to what it was before it joined, which nobody knows any more."""
    lost = [
        (path, text)
        for path in paths
        if any(line.startswith("channel-group ") for line in draft.section(path))
        for text in draft.section(path)
        if not text.startswith("description ")
    ]

    def after() -> None:
        for path, text in lost:
            draft.drop(path, text)

    return after


def _show_state(draft: Sheet, path: Path, name: str, defaults: Defaults, *, line: str) -> None:
    """A port's state is shown where it is not its default."""
    default = "no shutdown" if up_by_default(name, draft.section(path), defaults) else "shutdown"
    if line == default and not defaults.states_shown and not draft.stated(path, line):
        draft.drop(path, line)
    else:
        draft.put(path, line)


def _change_layer(draft: Sheet, path: Path, name: str, defaults: Defaults, *, routed: bool) -> None:
    """What belongs to the other layer goes; a state that is the default now is not shown."""
    wanted, other = ("no switchport", "switchport") if routed else ("switchport", "no switchport")
    draft.drop(path, other)
    if routed == defaults.switched or draft.stated(path, wanted):
        draft.put(path, wanted)
    pattern = _LAYER_2 if routed else _LAYER_3
    for text in list(draft.section(path)):
        if pattern.fullmatch(draft.rules.unsigned(text)):
            draft.drop(path, text)
    state = "no shutdown" if up_by_default(name, draft.section(path), defaults) else "shutdown"
    if not defaults.states_shown and not draft.stated(path, state):
        draft.drop(path, state)


def _wipe(draft: Sheet, path: Path, *, kept: str) -> None:
    for text in list(draft.section(path)):
        if text != kept and _LAYER_3.fullmatch(draft.rules.unsigned(text)):
            draft.drop(path, text)


def _allow(draft: Sheet, path: Path, text: str) -> None:
    """Continuations go with the line that they add to, and by `remove`."""
    words = text.split()
    added = [line for line in draft.section(path) if line.startswith("switchport trunk allowed vlan add ")]
    if words[4] == "remove":
        draft.drop(path, text)
        draft.drop(path, f"switchport trunk allowed vlan add {words[5]}")
    elif words[4] != "add":
        for line in added:
            draft.drop(path, line)
