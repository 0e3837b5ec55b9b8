"""What a line of `router bgp` changes elsewhere: activation by default, and what goes along with a neighbor or a group.

In the tree what belongs to IPv4 unicast stands in `address-family ipv4`, whichever way the system prints it
(`bgp_forms`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from netloom.model.config import Line, Tree
from netloom.platforms.cisco_ios.bgp_rules import ADDRESS
from netloom.platforms.rules import Sheet

IPV4, IPV6 = "address-family ipv4", "address-family ipv6"
NO_DEFAULT = "no bgp default ipv4-unicast"
_PEER = re.compile(rf"neighbor ({ADDRESS}) (?:remote-as|peer-group|inherit peer-session) \S+")
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
    if positive == "bgp default ipv4-unicast":
        active = _active(bgp)
        return lambda: _show(draft, instance, active)
    return _neighbor(draft, line, positive) if positive.startswith("neighbor ") else None


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
    shown = bgp.get(IPV4, {})
    found = {}
    for peer in peers(bgp):
        line = f"neighbor {peer} activate"
        stated = True if line in shown else False if f"no {line}" in shown else None
        found[peer] = active_by_default(bgp, peer) if stated is None else stated
    return found


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


def _neighbor(draft: Sheet, line: Line, positive: str) -> Callable[[], None] | None:
    words = positive.split()
    instance, bgp = line.path[:1], draft.section(line.path)
    if line.text != positive:
        return _removal(draft, line, words)
    if len(line.path) == 1 and _PEER.fullmatch(positive) and words[1] not in peers(bgp):
        on = active_by_default(bgp, words[1])
        return (lambda: _show(draft, instance, {words[1]: on})) if on or _is_sectioned(bgp) else None
    return None


def _is_sectioned(bgp: Tree) -> bool:
    return IPV4 in bgp or IPV6 in bgp


def _removal(draft: Sheet, line: Line, words: list[str]) -> Callable[[], None] | None:
    peer, section = words[1], draft.section(line.path)
    if words[2:] == ["activate"]:
        return lambda: _inactive(draft, line.path, peer)
    lost = list(_lost(section, peer, words))
    return (lambda: _forget(draft, line.path, lost)) if lost else None


def _inactive(draft: Sheet, path: Path, peer: str) -> None:
    """A neighbor's inactivity is shown where it could take part by itself; everywhere else it is the default."""
    bgp = draft.section(path[:1])
    draft.drop(path, f"neighbor {peer} activate")
    line = f"no neighbor {peer} activate"
    if path[-1] == IPV4 and NO_DEFAULT not in bgp and peer in peers(bgp):
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
