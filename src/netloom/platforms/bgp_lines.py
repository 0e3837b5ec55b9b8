"""BGP's neighbors and groups in the lines of Cisco-like systems: the words that these have in common."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar, cast

from netloom.model.bgp_neighbor import BgpNeighbor
from netloom.model.bgp_peer_group import BgpAddressFamily, BgpPeerGroup
from netloom.model.config import Tree
from netloom.platforms.as_numbers import asn
from netloom.platforms.line_words import existing, value, word

AnyPeer = BgpNeighbor | BgpPeerGroup
Peer = TypeVar("Peer", BgpNeighbor, BgpPeerGroup)
Family = Literal["ipv4-unicast", "ipv6-unicast"]

UNICAST_HEADERS: dict[Family, str] = {
    "ipv4-unicast": "address-family ipv4 unicast",
    "ipv6-unicast": "address-family ipv6 unicast",
}
"""The families' headers where they name unicast."""
FLAGS = {
    "next_hop_self": "next-hop-self",
    "route_reflector_client": "route-reflector-client",
    "soft_reconfiguration_inbound": "soft-reconfiguration inbound",
}
"""What a family's line says without a value."""
POLICIES = {
    "policy_in": ("route-map", "in"),
    "policy_out": ("route-map", "out"),
    "prefix_list_in": ("prefix-list", "in"),
    "prefix_list_out": ("prefix-list", "out"),
}
"""What a family's line names, and for which direction."""
ALLOW_AS_IN = 3
"""What `allowas-in` means alone."""
MOST_HOPS = 255
"""What `ebgp-multihop` means alone."""
TIMERS = (60, 180)
"""Keepalive and hold time where nobody says them (RFC 4271, section 10)."""
_TIMERS = re.compile(r"timers (\d+) (\d+)(?: \d+)?")


@dataclass(slots=True)
class Said:
    """What is said of one peer or group, without its name."""

    lines: Tree = field(default_factory=dict)
    families: dict[Family, Tree] = field(default_factory=dict)
    """Lines that begin with `no` keep it."""


def said(above: Iterable[str], families: Mapping[Family, Iterable[str]]) -> dict[str, Said]:
    """What is said of every peer and group, above the address families and in each of them."""
    found: dict[str, Said] = {}
    for text in above:
        if text.startswith("neighbor "):
            _, peer, *rest = text.split(" ", 2)
            found.setdefault(peer, Said()).lines[rest[0] if rest else ""] = {}
    for name, texts in families.items():
        for text in texts:
            negative = text.startswith("no neighbor ")
            if negative or text.startswith("neighbor "):
                _, peer, *rest = text.removeprefix("no ").split(" ", 2)
                stated = f"{'no ' if negative else ''}{rest[0] if rest else ''}"
                found.setdefault(peer, Said()).families.setdefault(name, {})[stated] = {}
    return found


def own_family(peer: str) -> Family:
    """The family that is meant where none is named: IPv6 for a peer with such an address, else IPv4."""
    return "ipv6-unicast" if ":" in peer else "ipv4-unicast"


def remote_as(text: str | None) -> int | Literal["external", "internal"] | None:
    """What `remote-as` says; more than a number or one of the words is none."""
    if text in ("external", "internal"):
        return cast("Literal['external', 'internal']", text)
    return asn(text)


def lacks_remote_as(record: BgpNeighbor) -> bool:
    """Whether nothing that a record holds gives the AS number; a session template may."""
    return record.remote_as is None and record.peer_group is None


def remote_as_text(section: Iterable[str], wanted: int | str, start: str = "") -> str:
    """The line of an AS number, as the section spells it after `start`."""
    shown = word(section, f"{start}remote-as ")
    return f"{start}remote-as {shown if remote_as(shown) == wanted else wanted}"


def local_as(lines: Iterable[str]) -> int | None:
    """The number of `local-as`, whatever follows it."""
    return asn((value(lines, "local-as ") or "").partition(" ")[0])


def session(lines: Tree) -> dict[str, Any]:
    """The fields of a session that every one of these systems says alike."""
    timers = next((match for text in lines if (match := _TIMERS.fullmatch(text))), None)
    return {
        "remote_as": remote_as(word(lines, "remote-as ")),
        "description": value(lines, "description "),
        "enabled": not says(lines, "shutdown"),
        "update_source": word(lines, "update-source "),
        "keepalive_s": int(timers[1]) if timers else None,
        "hold_time_s": int(timers[2]) if timers else None,
    }


def says(lines: Iterable[str], start: str) -> bool:
    """Whether a line says this, and maybe more."""
    return any(text == start or text.startswith(f"{start} ") for text in lines)


def first_number(lines: Iterable[str], start: str, default: int | None = None) -> int | None:
    """The number after a word, its default where nothing follows; None without the word."""
    for text in lines:
        if text == start:
            return default
        if text.startswith(f"{start} ") and (found := text.removeprefix(f"{start} ").split()[0]).isdigit():
            return int(found)
    return None


def policy(lines: Iterable[str], kind: str, direction: str) -> str | None:
    """The name of a route map or a prefix list for one direction."""
    named = (text.split() for text in lines if text.startswith(f"{kind} "))
    return next((words[1] for words in named if words[2:] == [direction]), None)


def family_said(name: Family, lines: Tree, **others: Any) -> BgpAddressFamily:
    """What these lines say of an address family; `others` are fields that the platform says in its own way."""
    found: dict[str, Any] = {
        "activate": True if "activate" in lines else False if "no activate" in lines else None,
        "default_originate": says(lines, "default-originate"),
        "maximum_prefix": first_number(lines, "maximum-prefix"),
        "allow_as_in": first_number(lines, "allowas-in", ALLOW_AS_IN),
    }
    found |= {name: flag in lines for name, flag in FLAGS.items()}
    found |= {name: policy(lines, kind, direction) for name, (kind, direction) in POLICIES.items()}
    return BgpAddressFamily(**{"name": name, **found, **others})


def policy_texts(record: BgpAddressFamily) -> Iterator[str]:
    """The lines of policies and prefix lists."""
    for name, (kind, direction) in POLICIES.items():
        if policy := getattr(record, name):
            yield f"{kind} {policy} {direction}"


def route_texts(record: BgpAddressFamily, section: Tree, start: str = "") -> Iterator[str]:
    """The lines of default and most routes, as the section spells them after `start`."""
    wanted = ["default-originate"] if record.default_originate else []
    wanted += [f"maximum-prefix {record.maximum_prefix}"] if record.maximum_prefix is not None else []
    yield from (existing(section, f"{start}{text}").removeprefix(start) for text in wanted)


def allow_as_in_texts(record: BgpAddressFamily) -> Iterator[str]:
    """The line of own AS numbers that are taken, without the number that is meant alone."""
    if record.allow_as_in is not None:
        yield "allowas-in" if record.allow_as_in == ALLOW_AS_IN else f"allowas-in {record.allow_as_in}"


def stated(families: Iterable[BgpAddressFamily]) -> tuple[BgpAddressFamily, ...]:
    """The families of which something is said, in order."""
    return tuple(sorted((each for each in families if each != BgpAddressFamily(each.name)), key=lambda each: each.name))


def timer_pair(seconds: int | None, hold_time: int | None) -> tuple[int, int] | None:
    """Keepalive and hold time, None where neither is set."""
    if seconds is None and hold_time is None:
        return None
    return TIMERS[0] if seconds is None else seconds, TIMERS[1] if hold_time is None else hold_time
