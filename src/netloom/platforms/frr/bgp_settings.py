"""What peer groups and neighbors have in common on FRR: their settings as fields and as lines."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal, TypeVar, cast

from netloom.model.bgp_neighbor import BgpNeighbor
from netloom.model.bgp_peer_group import BgpAddressFamily, BgpPeerGroup
from netloom.model.config import Line, Tree
from netloom.platforms.frr.bgp_effects import active_by_default, is_active
from netloom.platforms.frr.bgp_instance import FAMILIES, Said
from netloom.platforms.frr.words import one_line, timer_pair
from netloom.platforms.line_words import existing, number, value, word
from netloom.platforms.refusals import refuse

Peer = TypeVar("Peer", BgpNeighbor, BgpPeerGroup)

_NUMBERS = {
    "ebgp_multihop": "ebgp-multihop",
    "connect_retry_s": "timers connect",
    "advertisement_interval_s": "advertisement-interval",
}
_WORDS = {"update_source": "update-source", "bfd_profile": "bfd profile"}
_POLICIES = {
    "policy_in": ("route-map", "in"),
    "policy_out": ("route-map", "out"),
    "prefix_list_in": ("prefix-list", "in"),
    "prefix_list_out": ("prefix-list", "out"),
}
_FLAGS = {
    "next_hop_self": "next-hop-self",
    "route_reflector_client": "route-reflector-client",
    "soft_reconfiguration_inbound": "soft-reconfiguration inbound",
}
_ALLOW_AS_IN = 3
_UNWRITTEN = ("local_as", "password", "password_type")


def remote_as(text: str | None) -> int | Literal["external", "internal"] | None:
    """What `remote-as` says."""
    if text is None or text.isdigit():
        return int(text) if text else None
    return cast("Literal['external', 'internal']", text) if text in ("external", "internal") else None


def settings(said: Said) -> dict[str, Any]:
    """The fields that neighbors and groups share."""
    found: dict[str, Any] = {name: number(said.lines, f"{start} ") for name, start in _NUMBERS.items()}
    found |= {name: word(said.lines, f"{start} ") for name, start in _WORDS.items()}
    timers = next((text.split()[1:] for text in said.lines if text.startswith("timers ") and text[7].isdigit()), [])
    if len(timers) == 2:
        found |= {"keepalive_s": int(timers[0]), "hold_time_s": int(timers[1])}
    families = [_family(name, said.families[header]) for name, header in FAMILIES.items() if header in said.families]
    return found | {
        "description": value(said.lines, "description "),
        "enabled": not any(text.split(" ", 1)[0] == "shutdown" for text in said.lines),
        "bfd": any(text == "bfd" or text.startswith("bfd ") for text in said.lines),
        "address_families": tuple(family for family in families if family != BgpAddressFamily(family.name)),
    }


def setting_lines(record: BgpNeighbor | BgpPeerGroup, name: str, bgp: Tree, header: str) -> list[Line]:
    """The lines of those fields."""
    start = f"neighbor {name}"
    texts = [f"{start} description {description}"] if (description := one_line(record.description)) else []
    for field, words in (_NUMBERS | _WORDS).items():
        if (found := getattr(record, field)) is not None:
            texts.append(f"{start} {words} {found}")
    if timers := timer_pair(record.keepalive_s, record.hold_time_s):
        texts.append(f"{start} timers {timers[0]} {timers[1]}")
    if not record.enabled:
        texts.append(existing(bgp, f"{start} shutdown"))
    if record.bfd or record.bfd_profile:
        plain = existing(bgp, f"{start} bfd")
        texts.append(f"{start} bfd" if plain.startswith(f"{start} bfd profile ") else plain)
    group = record.peer_group if isinstance(record, BgpNeighbor) else None
    found_lines = [Line(text, (header,)) for text in texts if not _inherited(text, name, group, bgp)]
    for family in record.address_families:
        section = FAMILIES[family.name]
        texts = _family_lines(family, start, bgp.get(section, {}))
        kept = [text for text in texts if not _inherited(text, name, group, bgp.get(section, {}))]
        if (active := _activation(family, start, group, bgp)) is not None:
            kept.append(active)
        found_lines += [Line(text, (header, section)) for text in kept]
    return found_lines


def canonical_settings(record: Peer) -> Peer:
    """Without what FRR does not show, both timers where one is set, families in order."""
    keepalive, hold_time = timer_pair(record.keepalive_s, record.hold_time_s) or (None, None)
    stated = [family for family in record.address_families if family != BgpAddressFamily(family.name)]
    return replace(
        record,
        description=one_line(record.description),
        bfd=record.bfd or record.bfd_profile is not None,
        ebgp_multihop=None if record.ebgp_multihop == 1 else record.ebgp_multihop,
        address_families=tuple(sorted(stated, key=lambda family: family.name)),
        keepalive_s=keepalive,
        hold_time_s=hold_time,
    )


def refuse_ignored(record: BgpNeighbor | BgpPeerGroup, name: str, header: str) -> None:
    """Raise Unsupported for what is not written here, ValueError for what FRR takes without a word, and forgets."""
    hint = "write it by a template"
    refuse(record, _UNWRITTEN, f"BGP neighbor {name}", "netloom does not set, on FRR, its", hint=hint)
    for family in record.address_families:
        title = f"BGP neighbor {name}, {family.name}"
        refuse(family, ("send_community",), title, "netloom does not set, on FRR, its", hint=hint)
    own_as = int(header.split()[2])
    internal = record.remote_as in ("internal", own_as)
    ignored = []
    if isinstance(record, BgpNeighbor) and record.unnumbered:
        ignored += [(field, "a neighbor by interface") for field in ("ebgp_multihop", "update_source")]
    if internal:
        ignored.append(("ebgp_multihop", "a neighbor in the same AS"))
    for field, whose in ignored:
        if getattr(record, field) is not None:
            raise ValueError(f"BGP neighbor {name}: expected no {field} for {whose}, got {getattr(record, field)}")
    reflects = any(family.route_reflector_client for family in record.address_families)
    if reflects and record.remote_as is not None and not internal:
        raise ValueError(
            f"BGP neighbor {name}: expected a route_reflector_client in AS {own_as}, got {record.remote_as}"
        )


def _family(name: str, lines: Tree) -> BgpAddressFamily:
    found: dict[str, Any] = {field: flag in lines for field, flag in _FLAGS.items()}
    for field, (kind, direction) in _POLICIES.items():
        named = [text.split() for text in lines if text.startswith(f"{kind} ")]
        found[field] = next((words[1] for words in named if words[2:] == [direction]), None)
    limit = (value(lines, "maximum-prefix ") or "").split()
    own = value([f"{text} " for text in lines], "allowas-in ")
    return BgpAddressFamily(
        name=cast("Literal['ipv4-unicast', 'ipv6-unicast']", name),
        activate=True if "activate" in lines else False if "no activate" in lines else None,
        default_originate=any(text.split()[0] == "default-originate" for text in lines),
        maximum_prefix=int(limit[0]) if limit else None,
        allow_as_in=None if own is None or own == "origin " else int(own or _ALLOW_AS_IN),
        **found,
    )


def _family_lines(family: BgpAddressFamily, start: str, section: Tree) -> list[str]:
    texts = [f"{start} {flag}" for field, flag in _FLAGS.items() if getattr(family, field)]
    for field, (kind, direction) in _POLICIES.items():
        if name := getattr(family, field):
            texts.append(f"{start} {kind} {name} {direction}")
    if family.default_originate:
        texts.append(existing(section, f"{start} default-originate"))
    if family.maximum_prefix is not None:
        texts.append(existing(section, f"{start} maximum-prefix {family.maximum_prefix}"))
    if family.allow_as_in is not None:
        shown = "" if family.allow_as_in == _ALLOW_AS_IN else f" {family.allow_as_in}"
        texts.append(f"{start} allowas-in{shown}")
    return texts


def _activation(family: BgpAddressFamily, start: str, group: str | None, bgp: Tree) -> str | None:
    """FRR shows only what differs from the group's or the instance's default."""
    header = FAMILIES[family.name]
    follows = is_active(bgp, header, group) if group else active_by_default(bgp, header)
    if family.activate is None or family.activate == follows:
        return None
    return f"{start} activate" if family.activate else f"no {start} activate"


def _inherited(text: str, name: str, group: str | None, section: Tree) -> bool:
    """A member's line that its group has as well is not shown."""
    return group is not None and f"neighbor {group}{text.removeprefix(f'neighbor {name}')}" in section
