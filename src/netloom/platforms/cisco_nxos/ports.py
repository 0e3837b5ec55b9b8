"""What a port of a Nexus does where its configuration says nothing: whether it switches, and whether it is up."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from netloom.model.config import Tree

_ETHERNET = re.compile(r"Ethernet\d+(?:/\d+)+")
_PHYSICAL = re.compile(r"Ethernet\d+(?:/\d+)+|mgmt\d+")
_SWITCHES = re.compile(r"Ethernet\d+(?:/\d+)+|port-channel\d+")
_UP = re.compile(r"loopback\d+|mgmt\d+|port-channel\d+")
_LAYER_3 = ("ip address ", "ipv6 address ", "ipv6 link-local ", "vrf member ")
_RELEASE = re.compile(r"version (\d+)\.\d+\(\d+[a-z]*\)([A-Z])?.*")
_ROUTING_TRAIN, _ROUTED_UP_TRAIN = "D", "N"
_FIRST_WITHOUT_TRAIN = 9


@dataclass(frozen=True, slots=True)
class Defaults:
    """What holds by itself on one device."""

    switched: bool = True
    """Ports switch (`system default switchport`)."""
    switched_up: bool = True
    """Switching ports are up (`no system default switchport shutdown`)."""
    routed_up: bool = False
    """Routing Ethernet ports are up: on the 5000 and 6000 series only."""
    states_shown: bool = False
    """A state that was set is shown even where it is the default: on the 7000 series."""


def defaults_of(tree: Tree) -> Defaults:
    """A configuration's defaults, by its lines and by its release."""
    release = next((match for text in tree if text.startswith("version ") if (match := _RELEASE.match(text))), None)
    train = release[2] if release else None
    if release is None:
        routing = any(_routes_unsaid(text, below) for text, below in tree.items())
    else:  # 7000 series: releases of the train D, and those before 9 that name no train
        routing = train == _ROUTING_TRAIN or (train is None and int(release[1]) < _FIRST_WITHOUT_TRAIN)
    return Defaults(
        switched=_stated(tree, "system default switchport", default=not routing),
        switched_up=not _stated(tree, "system default switchport shutdown", default=False),
        routed_up=train == _ROUTED_UP_TRAIN,
        states_shown=routing,
    )


def _stated(tree: Tree, flag: str, *, default: bool) -> bool:
    return True if flag in tree else False if f"no {flag}" in tree else default


def _routes_unsaid(header: str, section: Iterable[str]) -> bool:
    """Whether a port has what only a routing one has, without saying that it routes."""
    name = header.removeprefix("interface ")
    if name == header or not can_switch(name) or "no switchport" in section:
        return False
    return any(text.startswith(_LAYER_3) for text in section)


def is_physical(name: str) -> bool:
    """Whether a port is there by itself: it can be emptied and not be removed."""
    return _PHYSICAL.fullmatch(name) is not None


def can_switch(name: str) -> bool:
    """Whether a port may switch or route."""
    return _SWITCHES.fullmatch(name) is not None


def is_routed(name: str, section: Iterable[str], defaults: Defaults) -> bool:
    """Whether a port routes."""
    if not can_switch(name) or "no switchport" in section:
        return True
    if any(text.startswith(_LAYER_3) for text in section):
        return True
    return not defaults.switched and not any(text.startswith("switchport") for text in section)


def up_by_default(name: str, section: Iterable[str], defaults: Defaults) -> bool:
    """Whether a port without a word about it is up."""
    if _ETHERNET.fullmatch(name):
        return defaults.routed_up if is_routed(name, section, defaults) else defaults.switched_up
    return _UP.fullmatch(name) is not None


def is_up(name: str, section: Iterable[str], defaults: Defaults) -> bool:
    """Whether a port is up as far as its configuration goes."""
    if "shutdown" in section or "no shutdown" in section:
        return "no shutdown" in section
    return up_by_default(name, section, defaults)
