"""What a line of `router bgp` changes elsewhere: activation by default, the two forms of an instance, what goes along.

An instance is printed in one of two forms: everything under `router bgp`, or each family's lines in its
`address-family`. Entering `address-family ipv4` or `ipv6` turns the first into the second.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from netloom.model.config import Line, Tree
from netloom.platforms.cisco_ios.bgp_rules import ADDRESS
from netloom.platforms.rules import Sheet

IPV4, IPV6 = "address-family ipv4", "address-family ipv6"
NO_DEFAULT = "no bgp default ipv4-unicast"
FAMILY_WORDS = (
    "activate|route-map|prefix-list|filter-list|distribute-list|next-hop-self|route-reflector-client|send-community|"
    "soft-reconfiguration|maximum-prefix|allowas-in|default-originate|weight|advertisement-interval|unsuppress-map|"
    "remove-private-as|as-override|next-hop-unchanged|advertise-map"
)
FAMILY_LINE = re.compile(
    rf"neighbor \S+ (?:{FAMILY_WORDS})\b.*"
    r"|(?:network|aggregate-address|redistribute|maximum-paths|distance|default-information|default-metric) .*"
    r"|auto-summary|synchronization|default-information originate"
)
"""What belongs to an address family, signed or not."""
_PEER = re.compile(rf"neighbor ({ADDRESS}) (?:remote-as|peer-group) \S+")
_MEMBER = re.compile(rf"neighbor ({ADDRESS}) peer-group (\S+)")

Path = tuple[str, ...]


def effect(draft: Sheet, line: Line) -> Callable[[], None] | None:
    """What is to be done after a line; what has to be known of the time before is looked up now."""
    if not line.path:
        new = line.text.startswith("router bgp ") and line.text not in draft.tree
        return (lambda: draft.put((line.text,), "bgp log-neighbor-changes")) if new else None
    if not line.path[0].startswith("router bgp "):
        return None
    instance, bgp = line.path[:1], draft.section(line.path[:1])
    positive = draft.rules.unsigned(line.text)
    if positive.startswith("address-family ") or len(line.path) > 1:
        family = line.path[1] if len(line.path) > 1 else line.text
        if family in (IPV4, IPV6) and not in_families(bgp):
            return lambda: _convert(draft, instance, {})
    if positive == "bgp default ipv4-unicast":
        active = _active(bgp)
        return lambda: _flip(draft, instance, active)
    if positive.startswith("neighbor "):
        return _neighbor(draft, line, positive)
    return None


def in_families(bgp: Tree) -> bool:
    """Whether an instance is printed with a section for each family."""
    return IPV4 in bgp or IPV6 in bgp


def active_by_default(bgp: Tree, peer: str) -> bool:
    """Whether a neighbor without a word about it takes part in IPv4 unicast."""
    return NO_DEFAULT not in bgp and ":" not in peer


def peers(bgp: Tree) -> list[str]:
    """Every neighbor's address."""
    return list(dict.fromkeys(match[1] for text in bgp if (match := _PEER.fullmatch(text))))


def members(bgp: Tree, group: str) -> list[str]:
    """The neighbors of a group."""
    return [match[1] for text in bgp if (match := _MEMBER.fullmatch(text)) and match[2] == group]


def _active(bgp: Tree) -> dict[str, bool]:
    """Every neighbor's activation for IPv4 unicast."""
    shown = bgp.get(IPV4, {}) if in_families(bgp) else bgp
    found = {}
    for peer in peers(bgp):
        line = f"neighbor {peer} activate"
        stated = True if line in shown else False if f"no {line}" in shown else None
        found[peer] = active_by_default(bgp, peer) if stated is None else stated
    return found


def _convert(draft: Sheet, instance: Path, active: dict[str, bool]) -> None:
    """Move what belongs to IPv4 unicast into its own section, and say who takes part."""
    bgp = draft.section(instance)
    active = active or _active({text: {} for text in bgp if not text.startswith("address-family ")})
    path = (*instance, IPV4)
    moved = [text for text in bgp if FAMILY_LINE.fullmatch(draft.rules.unsigned(text))]
    for text in moved:
        draft.drop(instance, text)
        draft.put(path, text)
    _show(draft, instance, active)


def _show(draft: Sheet, instance: Path, active: dict[str, bool]) -> None:
    bgp, path = draft.section(instance), (*instance, IPV4)
    for peer, on in active.items():
        line = f"neighbor {peer} activate"
        draft.drop(path, line)
        draft.drop(path, f"no {line}")
        if on:
            draft.put(path, line)
        elif NO_DEFAULT not in bgp:
            draft.put(path, f"no {line}")


def _flip(draft: Sheet, instance: Path, active: dict[str, bool]) -> None:
    bgp = draft.section(instance)
    if in_families(bgp):
        _show(draft, instance, active)
    elif active and NO_DEFAULT in bgp:
        _convert(draft, instance, active)


def _neighbor(draft: Sheet, line: Line, positive: str) -> Callable[[], None] | None:
    words = positive.split()
    instance, bgp = line.path[:1], draft.section(line.path)
    if line.text != positive:
        return _removal(draft, line, words)
    if len(line.path) == 1 and _PEER.fullmatch(positive) and in_families(bgp) and words[1] not in peers(bgp):
        activation = {words[1]: active_by_default(bgp, words[1])}
        return lambda: _show(draft, instance, activation)
    if positive == f"neighbor {words[1]} activate":
        return lambda: draft.drop(line.path, positive) if _implied(draft, line.path, words[1]) else None
    return None


def _implied(draft: Sheet, path: Path, peer: str) -> bool:
    """In the one-section form only what differs from the default is shown."""
    bgp = draft.section(path)
    return len(path) == 1 and active_by_default(bgp, peer)


def _removal(draft: Sheet, line: Line, words: list[str]) -> Callable[[], None] | None:
    peer, section = words[1], draft.section(line.path)
    if words[2:] == ["activate"]:
        return lambda: _inactive(draft, line.path, peer)
    lost = list(_lost(section, peer, words))
    return (lambda: _forget(draft, line.path, lost)) if lost else None


def _inactive(draft: Sheet, path: Path, peer: str) -> None:
    """A neighbor's inactivity is shown where it would take part by itself; everywhere else it is the default."""
    bgp = draft.section(path[:1])
    draft.drop(path, f"neighbor {peer} activate")
    line = f"no neighbor {peer} activate"
    is_ipv4 = len(path) == 1 or path[-1] == IPV4
    shown = is_ipv4 and NO_DEFAULT not in bgp and (len(path) > 1 or active_by_default(bgp, peer))
    if shown and peer in peers(bgp):
        draft.put(path, line)
    else:
        draft.drop(path, line)


def _lost(section: Tree, peer: str, words: list[str]) -> Iterator[str]:
    """The neighbors that go with a line."""
    is_group = f"neighbor {peer} peer-group" in section
    if is_group and (len(words) == 2 or words[2:] == ["peer-group"] or words[2:3] == ["remote-as"]):
        for member in members(section, peer):
            if words[2:3] != ["remote-as"] or not _own_as(section, member):
                yield member
    elif words[2:3] == ["peer-group"] and len(words) == 4 and not _own_as(section, peer):
        yield peer


def _own_as(section: Tree, peer: str) -> bool:
    return any(text.startswith(f"neighbor {peer} remote-as ") for text in section)


def _forget(draft: Sheet, path: Path, lost: list[str]) -> None:
    for peer in lost:
        draft.drop_matching(path, re.compile(rf"neighbor {re.escape(peer)} .*"))
