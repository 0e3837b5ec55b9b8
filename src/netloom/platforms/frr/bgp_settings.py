"""What peer groups and neighbors have in common on FRR: their settings as fields and as lines."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from netloom.model.bgp_neighbor import BgpNeighbor
from netloom.model.bgp_peer_group import BgpAddressFamily
from netloom.model.config import Line, Tree
from netloom.platforms.bgp_lines import (
    FLAGS,
    AnyPeer,
    Peer,
    Said,
    allow_as_in_texts,
    family_said,
    policy_texts,
    route_texts,
    says,
    session,
    stated,
)
from netloom.platforms.frr.bgp_effects import active_by_default, is_active
from netloom.platforms.frr.bgp_instance import FAMILIES
from netloom.platforms.frr.words import one_line, timer_pair
from netloom.platforms.line_words import existing, number, word
from netloom.platforms.refusals import refuse

_NUMBERS = {
    "ebgp_multihop": "ebgp-multihop",
    "connect_retry_s": "timers connect",
    "advertisement_interval_s": "advertisement-interval",
}
_WORDS = {"update_source": "update-source", "bfd_profile": "bfd profile"}
_UNWRITTEN = ("local_as", "password", "password_type")


def settings(said: Said) -> dict[str, Any]:
    """The fields that neighbors and groups share."""
    found: dict[str, Any] = {name: number(said.lines, f"{start} ") for name, start in _NUMBERS.items()}
    found |= {name: word(said.lines, f"{start} ") for name, start in _WORDS.items()}
    families = (family_said(name, lines) for name, lines in said.families.items())
    return found | session(said.lines) | {"bfd": says(said.lines, "bfd"), "address_families": stated(families)}


def setting_lines(record: AnyPeer, name: str, bgp: Tree, header: str) -> list[Line]:
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
    return replace(
        record,
        description=one_line(record.description),
        bfd=record.bfd or record.bfd_profile is not None,
        ebgp_multihop=None if record.ebgp_multihop == 1 else record.ebgp_multihop,
        address_families=stated(record.address_families),
        keepalive_s=keepalive,
        hold_time_s=hold_time,
    )


def refuse_ignored(record: AnyPeer, name: str, header: str) -> None:
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


def _family_lines(family: BgpAddressFamily, start: str, section: Tree) -> list[str]:
    texts = [flag for field, flag in FLAGS.items() if getattr(family, field)]
    texts += [*policy_texts(family), *route_texts(family, section, f"{start} "), *allow_as_in_texts(family)]
    return [f"{start} {text}" for text in texts]


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
