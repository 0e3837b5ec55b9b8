"""What a line of `router bgp` changes elsewhere: inheritance from peer groups, activation, what implies what.

Watched on FRR 8.4: a member shows only what differs from its group; whether `activate` or `no … activate` is shown
depends on `bgp default ipv4-unicast`; a group's remote-as takes the place of its members'.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from netloom.model.config import Line, Tree
from netloom.platforms.draft import Path
from netloom.platforms.rules import Sheet

FAMILY_IPV4 = "address-family ipv4 unicast"
_MEMBER = re.compile(r"neighbor (\S+)(?: interface(?: v6only)?)? peer-group (\S+)")
_PEER = re.compile(r"neighbor (\S+) (?:remote-as|peer-group$|peer-group |interface\b).*")
_NO_DEFAULT = "no bgp default ipv4-unicast"


def effect(draft: Sheet, line: Line) -> Callable[[], None] | None:
    """What is to be done after a line; what has to be known of the time before it is looked up now."""
    inside = line.path and line.path[0].startswith("router bgp ")
    if not inside:
        return None
    instance, words = line.path[:1], line.text.removeprefix("no ").split()
    if words[:3] == ["bgp", "default", "ipv4-unicast"]:
        active = active_by_default(draft.section(instance), FAMILY_IPV4)
        return lambda: _flip(draft, instance, was=active)
    if words[0] != "neighbor" or len(words) < 2:
        return None
    if line.text.startswith("no "):
        return _after_removal(draft, line, words)
    return lambda: _after_setting(draft, line, words)


def members(bgp: Tree) -> dict[str, str]:
    """Peer → its group."""
    return {match[1]: match[2] for text in bgp if " peer-group " in text and (match := _MEMBER.fullmatch(text))}


def peers(bgp: Tree) -> set[str]:
    """Every neighbor's and every group's name."""
    return {match[1] for text in bgp if (match := _PEER.fullmatch(text))}


def active_by_default(bgp: Tree, family: str) -> bool:
    """Whether a neighbor without a word about it takes part in a family."""
    return family == FAMILY_IPV4 and _NO_DEFAULT not in bgp


def is_active(bgp: Tree, family: str, peer: str) -> bool:
    """Whether a neighbor or a group takes part in a family."""
    lines = bgp.get(family, {})
    if f"neighbor {peer} activate" in lines:
        return True
    if f"no neighbor {peer} activate" in lines:
        return False
    group = members(bgp).get(peer)
    return is_active(bgp, family, group) if group else active_by_default(bgp, family)


def _flip(draft: Sheet, instance: Path, *, was: bool) -> None:
    bgp = draft.section(instance)
    now = active_by_default(bgp, FAMILY_IPV4)
    if now == was:
        return
    path = (*instance, FAMILY_IPV4)
    grouped = members(bgp)
    for peer in sorted(peers(bgp) - set(grouped)):
        line, shown = f"neighbor {peer} activate", draft.section(path)
        if line in shown or f"no {line}" in shown:
            draft.drop(path, line)
            draft.drop(path, f"no {line}")
        else:
            draft.put(path, line if was else f"no {line}")


def _after_removal(draft: Sheet, line: Line, words: list[str]) -> Callable[[], None] | None:
    bgp, peer = draft.section(line.path[:1]), words[1]
    if words[-1] == "activate":
        return lambda: _activate(draft, line.path, peer, wanted=False)
    is_group = f"neighbor {peer} peer-group" in bgp
    if is_group and (len(words) == 2 or words[2:3] in (["peer-group"], ["remote-as"])):
        lost = [member for member, group in members(bgp).items() if group == peer]
        return lambda: _forget(draft, line.path[:1], lost)
    if is_group and words[2:3] == ["ebgp-multihop"]:
        return lambda: _after_setting(draft, line, words)
    return None


def _forget(draft: Sheet, instance: Path, lost: list[str]) -> None:
    for peer in lost:
        draft.drop_matching(instance, re.compile(rf"neighbor {re.escape(peer)} .*"))


def _after_setting(draft: Sheet, line: Line, words: list[str]) -> None:
    instance, peer, rest = line.path[:1], words[1], " ".join(words[2:])
    if rest == "activate":
        _activate(draft, line.path, peer, wanted=True)
        return
    if rest.startswith("bfd profile "):
        draft.put(line.path, f"neighbor {peer} bfd")
    bgp = draft.section(instance)
    grouped = members(bgp)
    if peer in grouped:
        group = grouped[peer]
        if " peer-group " in line.text:
            _join(draft, instance, peer, group)
        if f"neighbor {group} {rest}" in draft.section(line.path):
            draft.drop(line.path, line.text)
        return
    for member in _members_of(grouped, peer):
        if rest.startswith("ebgp-multihop"):
            draft.drop(line.path, _starting(bgp, f"neighbor {member} ebgp-multihop "))
        elif rest.startswith("remote-as "):
            draft.drop(instance, _starting(bgp, f"neighbor {member} remote-as "))
        else:
            draft.drop(line.path, f"neighbor {member} {rest}")


def _join(draft: Sheet, instance: Path, peer: str, group: str) -> None:
    """A new member takes over the group's remote-as and multihop, and takes part in its families."""
    own = "activate"
    for word in ("remote-as", "ebgp-multihop"):
        if _starting(draft.section(instance), f"neighbor {group} {word} "):
            own += f"|{word} .*"
    draft.drop_matching(instance, re.compile(rf"neighbor {re.escape(peer)} (?:{own})"))


def _members_of(grouped: dict[str, str], group: str) -> Iterator[str]:
    return (member for member, its_group in grouped.items() if its_group == group)


def _starting(tree: Tree, beginning: str) -> str:
    return next((text for text in tree if text.startswith(beginning)), "")


def _activate(draft: Sheet, path: Path, peer: str, *, wanted: bool) -> None:
    """Show a neighbor's activation only where it differs from what it follows, and so its members'."""
    bgp, family = draft.section(path[:1]), path[-1]
    grouped = members(bgp)
    line = f"neighbor {peer} activate"
    draft.drop(path, line)
    draft.drop(path, f"no {line}")
    if is_active(draft.section(path[:1]), family, peer) != wanted:
        draft.put(path, line if wanted else f"no {line}")
    for member in _members_of(grouped, peer):
        draft.drop(path, f"neighbor {member} activate" if wanted else f"no neighbor {member} activate")
