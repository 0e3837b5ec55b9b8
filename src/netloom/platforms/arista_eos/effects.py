"""What a line changes on EOS beyond its own place, and lines whose negation is a statement of its own."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

from netloom.model.config import Line
from netloom.model.text import vlan_ranges, vlan_tags
from netloom.platforms.draft import Path
from netloom.platforms.rules import Sheet
from netloom.platforms.switchport_lines import ALLOWED, allowed_vlans
from netloom.platforms.wording import SPELLED

TWO_SIDED = re.compile(r"(?:ip routing|ipv6 unicast-routing) vrf \S+|neighbor \S+ activate")
"""Lines of which EOS shows either sign; `default` takes both away."""
OVERRIDE = re.compile(
    r"neighbor (\S+) (?:next-hop-self|route-reflector-client|send-community|bfd|shutdown|default-originate|"
    r"soft-reconfiguration inbound|allowas-in|remove-private-as|ebgp-multihop|passive)"
)
"""Lines whose negation EOS shows for a member of a peer group that has the line."""
_MEMBER = re.compile(r"neighbor (\S+) peer[ -]group (\S+)")
_VRF = re.compile(r"vrf(?: forwarding)? (\S+)")
_ADDRESS = re.compile(r"ip(?:v6)? address .*")
_USER = re.compile(
    r"username (?P<name>\S+)(?P<privilege> privilege \d+)?(?P<role> role \S+)?(?P<shell> shell \S+)?"
    r"(?P<secret> nopassword| secret .*)?"
)
_HIDDEN_PRIVILEGE = " privilege 1"
_USER_PARTS = ("privilege", "role", "shell", "secret")
_NEW_RULE = re.compile(r"(?:permit|deny|remark)\b.*")
_STEP = 10
_NEW_PEER = re.compile(r"neighbor (\S+) (?:peer[ -]group|remote-as \S+)")
_MAX_ROUTES = "maximum-routes 12000"
_MAX_LSA = "max-lsa 12000"

After = Callable[[], None]


def effect(draft: Sheet, line: Line) -> After | None:
    """What is to be done after a line; what has to be known of the time before it is looked up now."""
    positive = line.text.removeprefix("no ")
    if line.text.startswith("default "):
        return partial(_default, draft, line)
    if TWO_SIDED.fullmatch(positive) or OVERRIDE.fullmatch(positive):
        return partial(_two_sided, draft, line, positive)
    return _in_a_section(draft, line, positive) if line.path else _at_the_top(draft, line, positive)


def effect_before_4_24(draft: Sheet, line: Line) -> After | None:
    """Earlier releases show the limit of routes that holds by itself, of every group and of peers without one."""
    after, new = effect(draft, line), _NEW_PEER.fullmatch(line.text)
    if new is None or not line.path or not line.path[0].startswith("router bgp "):
        return after

    def both() -> None:
        if after is not None:
            after()
        section = draft.section(line.path)
        start = f"neighbor {new[1]} "
        if not any(
            text.startswith((f"{start}maximum-routes ", f"{start}peer")) for text in section if text != line.text
        ):
            draft.put(line.path, f"{start}{_MAX_ROUTES}")

    return both


def _in_a_section(draft: Sheet, line: Line, positive: str) -> After | None:
    header = line.path[0]
    if header.startswith("interface "):
        return _on_an_interface(draft, line, positive)
    if header.startswith("router ospf ") and positive.startswith("passive-interface "):
        return partial(_passive, draft, line, positive)
    if " access-list " in header and _NEW_RULE.fullmatch(line.text):
        return partial(_number, draft, line)
    return None


def _at_the_top(draft: Sheet, line: Line, positive: str) -> After | None:
    if positive.startswith("username "):
        before = next((text for text in draft.tree if _names(text, positive)), "")
        return partial(_merge_user, draft, line, before)
    if line.text.startswith("router ospf ") and line.text not in draft.tree:
        return lambda: draft.put((line.text,), _MAX_LSA)
    if line.text.startswith("vrf instance ") and line.text not in draft.tree:
        return lambda: _show_routing(draft, line.text.split()[2])
    return None


def unsaid_routing(vrf: str) -> str:
    """What a part of a configuration leaves out: that a VRF does not route."""
    return f"no ip routing vrf {vrf}, unsaid"


def _show_routing(draft: Sheet, vrf: str) -> None:
    """A VRF says that it does not route."""
    if f"ip routing vrf {vrf}" not in draft.tree and not draft.stated((), unsaid_routing(vrf)):
        draft.put((), f"no ip routing vrf {vrf}")


def _on_an_interface(draft: Sheet, line: Line, positive: str) -> After | None:
    section = draft.section(line.path)
    if _VRF.fullmatch(positive) or positive in ("vrf", "vrf forwarding"):
        before = next((match[1] for text in section if (match := _VRF.fullmatch(text))), None)
        return partial(_move, draft, line.path, before)
    if line.text.startswith((f"{ALLOWED} add ", f"{ALLOWED} remove ")):
        return partial(_adjust, draft, line, [text for text in section if text.startswith(ALLOWED)])
    return None


def _move(draft: Sheet, path: Path, before: str | None) -> None:
    """An interface that moves to another VRF loses its addresses."""
    after = next((match[1] for text in draft.section(path) if (match := _VRF.fullmatch(text))), None)
    if after != before:
        draft.drop_matching(path, _ADDRESS)


def _adjust(draft: Sheet, line: Line, before: list[str]) -> None:
    """VLANs that are added or removed are shown in the one line."""
    found = allowed_vlans([*before, line.text])
    draft.drop(line.path, line.text)
    for text in before:
        draft.drop(line.path, text)
    if found is not None and vlan_tags(found) != vlan_tags(None):
        draft.put(line.path, f"{ALLOWED} {vlan_ranges(vlan_tags(found))}")


def _two_sided(draft: Sheet, line: Line, positive: str) -> None:
    draft.drop(line.path, positive)
    draft.drop(line.path, f"no {positive}")
    if line.text == positive or _is_shown(draft, line, positive):
        draft.put(line.path, line.text)


def _is_shown(draft: Sheet, line: Line, positive: str) -> bool:
    """Whether a negation stands for itself."""
    override = OVERRIDE.fullmatch(positive)
    if override is None:
        return True
    depth = next((at for at, header in enumerate(line.path) if header.startswith("address-family ")), len(line.path))
    members = (match for text in draft.section(line.path[:depth]) if (match := _MEMBER.fullmatch(text)))
    group = next((match[2] for match in members if match[1] == override[1]), None)
    return group is not None and any(
        text.startswith(f"neighbor {group}{positive.removeprefix(f'neighbor {override[1]}')}")
        for text in draft.section(line.path)
    )


def _passive(draft: Sheet, line: Line, positive: str) -> None:
    """An interface is named where it differs from the instance's default."""
    section = draft.section(line.path)
    by_default = "passive-interface default" in section
    if positive == "passive-interface default":
        for text in [text for text in section if text.startswith(("no passive-interface ", "passive-interface "))]:
            if by_default != text.startswith("no ") and text != positive:
                draft.drop(line.path, text)
        return
    draft.drop(line.path, positive)
    draft.drop(line.path, f"no {positive}")
    if by_default == (line.text != positive):
        draft.put(line.path, line.text)


def _default(draft: Sheet, line: Line) -> None:
    """`default` takes away what was said, whatever its sign; a physical interface stays, empty."""
    positive = line.text.removeprefix("default ")
    draft.drop(line.path, line.text)
    if positive.startswith("interface ") and draft.section((positive,)):
        for text in list(draft.section((positive,))):
            draft.drop((positive,), text)
        return
    kind, unsigned = draft.rules.section(line.path), draft.rules.unsigned
    key = kind.key(positive)
    for text in list(draft.section(line.path)):
        if kind.key(unsigned(text)) == key:
            draft.drop(line.path, text)
    vrf = positive.removeprefix("ip routing vrf ")
    if vrf != positive and f"vrf instance {vrf}" in draft.tree:
        _show_routing(draft, vrf)


def _names(text: str, positive: str) -> bool:
    match = _USER.fullmatch(text)
    return match is not None and match["name"] == positive.split()[1]


def _merge_user(draft: Sheet, line: Line, before: str) -> None:
    """A line about a user changes what it says and keeps the rest; `no username X role` takes that alone."""
    old, words = _USER.fullmatch(before), line.text.split()
    if words[0] == "no":
        if old is not None and len(words) == 4 and words[3] in _USER_PARTS:
            draft.drop((), before)
            kept = "".join(old[part] or "" for part in _USER_PARTS if part != words[3])
            draft.put((), f"username {old['name']}{kept}")
        return
    new = _USER.fullmatch(line.text)
    if new is None:
        return
    said = "".join((new[part] or (old[part] if old is not None else None) or "") for part in _USER_PARTS)
    if new["privilege"] == _HIDDEN_PRIVILEGE and f"{SPELLED}{line.text}" not in draft.marks:
        said = said.replace(_HIDDEN_PRIVILEGE, "", 1)
    whole = f"username {new['name']}{said}"
    if whole != line.text:
        draft.put((), whole, instead_of=line.text)


def _number(draft: Sheet, line: Line) -> None:
    """A rule without a number takes the next one."""
    used = [int(match[0]) for text in draft.section(line.path) if (match := re.match(r"\d+", text))]
    draft.put(line.path, f"{max(used, default=0) + _STEP} {line.text}", instead_of=line.text)
