"""What a line in an IOS interface changes beside itself: addresses that go with a VRF, `no ip address`, trunk VLANs."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

from netloom.model.config import Line, Tree
from netloom.platforms.rules import Sheet
from netloom.platforms.wording import stated_mark

ADDRESSES = re.compile(r"ip address\b.*|ipv6 (?:address|enable)\b.*")
_SECONDARY = re.compile(r"ip address .* secondary")
_SAYS = re.compile(r"ip address\b|switchport\b")
_VRF = re.compile(r"(?:ip )?vrf forwarding\b.*")
NO_ADDRESS = "no ip address"
SILENT = "interfaces that do not say that they have no address"
"""A mark of a configuration: people and some systems leave `no ip address` out."""
_UNSAID = "no ip address, unsaid"
_MUTE = "an interface that says nothing of its address"
_SPEAKS = re.compile(r"(?:no )?(?:ip address|switchport)\b")
_ON_ETHERNET = re.compile(r"interface (?:\S*Ethernet|\S*GigE|Port-channel)\S*\.\d")
"""Subinterfaces that have no address, and say nothing of it, before they have a tag (IEEE 802.1Q)."""
_TAG = re.compile(r"encapsulation\b.*")
_SWITCHED = re.compile(r"switchport(?: .*)?")


def effect(draft: Sheet, line: Line) -> Callable[[], None] | None:
    """What is to be done after a line."""
    if not line.path:
        return _new_section(draft, line) if line.text.startswith("interface ") else None
    if not line.path[0].startswith("interface ") or len(line.path) > 1:
        return None
    text = draft.rules.unsigned(line.text)
    after: Callable[[], None] | None = None
    if line.text == "shutdown":
        draft.drop(line.path, "no shutdown")  # a stated default gives way; it would not be there by itself
    elif text.startswith("ip address"):
        bare = line.text != text and text == "ip address"
        after = partial(_addresses, draft, line.path, every=bare)
    elif _SWITCHED.fullmatch(text) and text in {line.text, "switchport"}:
        after = partial(_switches, draft, line.path, routes=line.text != text)
    elif _TAG.fullmatch(text) and _ON_ETHERNET.match(line.path[0]):
        after = partial(_addresses, draft, line.path, every=False)
    elif _VRF.fullmatch(text):
        after = partial(_moved, draft, line.path, _vrf(draft, line.path))
    return after


def notes(header: str, below: Tree) -> frozenset[str]:
    """What one interface says of its address: that it has none, or nothing, or something unlike others."""
    if NO_ADDRESS in below:
        switches = "no switchport" not in below and any(map(_SWITCHED.fullmatch, below))
        return frozenset((NO_ADDRESS, stated_mark((header,), NO_ADDRESS)) if switches else (NO_ADDRESS,))
    if any(map(_SAYS.match, below)):
        return frozenset()
    return frozenset((_MUTE,) if any(map(_SPEAKS.match, below)) else (_MUTE, stated_mark((header,), _UNSAID)))


def marks(told: frozenset[str]) -> frozenset[str]:
    """What all interfaces together say of it: nothing, all of them, or some of them unlike others."""
    silent = _MUTE in told and NO_ADDRESS not in told
    return told - {_MUTE, NO_ADDRESS} | ({SILENT} if silent else set())


def _keeps_silent(draft: Sheet, header: str) -> bool:
    return SILENT in draft.marks or draft.stated((header,), _UNSAID)


def _new_section(draft: Sheet, line: Line) -> Callable[[], None] | None:
    """An interface that can have an address says that it has none."""
    if (
        line.text in draft.tree
        or _keeps_silent(draft, line.text)
        or not re.match(r"interface (?:Loopback|Vlan|Tunnel|BDI|\S+\.\d)", line.text)
        or _ON_ETHERNET.match(line.text)
    ):
        return None
    return lambda: draft.put((line.text,), NO_ADDRESS)


def _addresses(draft: Sheet, path: tuple[str, ...], *, every: bool) -> None:
    section = draft.section(path)
    if every:
        for text in [text for text in section if _SECONDARY.fullmatch(text)]:
            draft.drop(path, text)
    if any(text.startswith("ip address") for text in draft.section(path)):
        draft.drop(path, NO_ADDRESS)
    elif path[0] in draft.tree:
        _say_none(draft, path)


def _say_none(draft: Sheet, path: tuple[str, ...]) -> None:
    """An interface without an address says so, but for a port that switches."""
    section = draft.section(path)
    routes = "no switchport" in section or not any(map(_SWITCHED.fullmatch, section))
    untagged = _ON_ETHERNET.match(path[0]) and not any(map(_TAG.fullmatch, section))
    if routes and not untagged and not _keeps_silent(draft, path[0]):
        draft.put(path, NO_ADDRESS)
    else:
        _unsay(draft, path)


def _unsay(draft: Sheet, path: tuple[str, ...]) -> None:
    """Nothing is said of addresses any more, but where the device said it of this port."""
    if not draft.stated(path, NO_ADDRESS):
        draft.drop(path, NO_ADDRESS)
    elif not any(text.startswith("ip address") for text in draft.section(path)):
        draft.put(path, NO_ADDRESS)


def _switches(draft: Sheet, path: tuple[str, ...], *, routes: bool) -> None:
    """A port that begins to route says that it has no address, and one that switches says nothing of it."""
    section = draft.section(path)
    if routes and not any(text.startswith("ip address") for text in section):
        _say_none(draft, path)
    elif "no switchport" not in section:
        _unsay(draft, path)


def _vrf(draft: Sheet, path: tuple[str, ...]) -> str:
    return next((text for text in draft.section(path) if _VRF.fullmatch(text)), "")


def _moved(draft: Sheet, path: tuple[str, ...], before: str) -> None:
    """An interface that changes its VRF loses its addresses: IOS says so and takes them away."""
    if _vrf(draft, path) != before:
        strip(draft, path)


def strip(draft: Sheet, path: tuple[str, ...]) -> None:
    """Take all addresses away."""
    found = [text for text in draft.section(path) if ADDRESSES.fullmatch(text)]
    for text in found:
        draft.drop(path, text)
    if any(text.startswith("ip address") for text in found):
        _say_none(draft, path)
