"""What peer templates and neighbors have in common on a Nexus: their settings as fields and as lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, Literal, TypeVar, cast

from netloom.errors import Unsupported
from netloom.model.bgp_neighbor import BgpNeighbor
from netloom.model.bgp_peer_group import BgpAddressFamily, BgpPeerGroup
from netloom.model.config import Line, Tree
from netloom.platforms.cisco_nxos.bgp_instance import FAMILIES, Path
from netloom.platforms.cisco_nxos.words import one_line
from netloom.platforms.line_words import existing, number, value, word

Peer = TypeVar("Peer", BgpNeighbor, BgpPeerGroup)
AnyPeer = BgpNeighbor | BgpPeerGroup

_POLICIES = {
    "policy_in": ("route-map", "in"),
    "policy_out": ("route-map", "out"),
    "prefix_list_in": ("prefix-list", "in"),
    "prefix_list_out": ("prefix-list", "out"),
}
_FLAGS = {"next_hop_self": "next-hop-self", "route_reflector_client": "route-reflector-client"}
_STORED = ("soft-reconfiguration inbound", "soft-reconfiguration inbound always")
_COMMUNITIES = {"standard": ("send-community",), "extended": ("send-community extended",)}
_BOTH = (*_COMMUNITIES["standard"], *_COMMUNITIES["extended"])
_TYPED_BOTH = "send-community both"
"""As people type it; NX-OS shows two lines."""
_KEEPALIVE, _HOLD = 60, 180
_HIDDEN_PASSWORDS = ("3", "6", "7")
_LACKING = ("connect_retry_s", "advertisement_interval_s", "bfd_profile")


def remote_as(text: str | None) -> int | Literal["external", "internal"] | None:
    """What `remote-as` says; a route map or several numbers are more than a record holds."""
    if text is None or text.isdigit():
        return int(text) if text else None
    high, dot, low = text.partition(".")
    if dot and high.isdigit() and low.isdigit():
        return (int(high) << 16) + int(low)
    return cast("Literal['external', 'internal']", text) if text in ("external", "internal") else None


def settings(section: Tree) -> dict[str, Any]:
    """The fields that neighbors and templates share."""
    timers = (value(section, "timers ") or "").split()
    password = (value(section, "password ") or "").split()
    local = (value(section, "local-as ") or "").split()
    families = [_family(name, section[header]) for name, header in FAMILIES.items() if header in section]
    return {
        "description": one_line(value(section, "description ")),
        "enabled": "shutdown" not in section,
        "update_source": word(section, "update-source "),
        "ebgp_multihop": number(section, "ebgp-multihop "),
        "keepalive_s": int(timers[0]) if len(timers) == 2 else None,
        "hold_time_s": int(timers[1]) if len(timers) == 2 else None,
        "local_as": cast("int | None", remote_as(local[0])) if local else None,
        "password": password[-1] if len(password) in (1, 2) else None,
        "password_type": password[0] if len(password) == 2 else None,
        "bfd": "bfd" in section,
        "address_families": tuple(families),
    }


def setting_lines(record: Peer, section: Tree, path: Path) -> list[Line]:
    """The lines of those fields, in the words that the section has."""
    shown = canonical_settings(record)
    found = [Line(text, path) for text in _texts(shown, section)]
    for family in shown.address_families:
        header = FAMILIES[family.name]
        found.append(Line(header, path))
        found += [Line(text, (*path, header)) for text in _family_texts(family, section.get(header, {}))]
    return found


def canonical_settings(record: Peer) -> Peer:
    """Both timers where one is set; only address families that the peer takes part in."""
    keepalive, hold_time = timer_pair(record.keepalive_s, record.hold_time_s) or (None, None)
    families = [replace(family, activate=True) for family in record.address_families if family.activate is not False]
    return replace(
        record,
        description=one_line(record.description),
        ebgp_multihop=None if record.ebgp_multihop == 1 else record.ebgp_multihop,
        keepalive_s=keepalive,
        hold_time_s=hold_time,
        address_families=tuple(sorted(families, key=lambda family: family.name)),
    )


def timer_pair(seconds: int | None, hold_time: int | None) -> tuple[int, int] | None:
    """Keepalive and hold time, None where neither is set."""
    if seconds is None and hold_time is None:
        return None
    return _KEEPALIVE if seconds is None else seconds, _HOLD if hold_time is None else hold_time


def refuse(record: AnyPeer, name: str) -> None:
    """Raise Unsupported for what NX-OS does not have, ValueError for what it would show otherwise."""
    lacking = [field for field in _LACKING if getattr(record, field) is not None]
    if lacking:
        raise Unsupported(f"bgp_neighbor {name}: NX-OS has no {', '.join(lacking)} here", device="")
    if record.password is not None and record.password_type not in _HIDDEN_PASSWORDS:
        raise ValueError(
            f"expected password_type 3, 6 or 7 and the password as the device shows it, got {record.password_type!r}"
        )
    for family in record.address_families:
        if family.send_community not in (None, "both", *_COMMUNITIES):
            raise Unsupported(
                f"bgp_neighbor {name}: NX-OS does not send {family.send_community} communities", device=""
            )
        if family.activate is False and replace(family, activate=None) != BgpAddressFamily(family.name):
            raise ValueError(f"expected nothing else of {family.name} beside activate: false, got {family}")


def _texts(record: AnyPeer, section: Iterable[str]) -> Iterator[str]:
    if record.description:
        yield f"description {record.description}"
    for field, words in (("update_source", "update-source"), ("ebgp_multihop", "ebgp-multihop")):
        if (found := getattr(record, field)) is not None:
            yield f"{words} {found}"
    if timers := timer_pair(record.keepalive_s, record.hold_time_s):
        yield f"timers {timers[0]} {timers[1]}"
    if record.local_as is not None:
        same = (
            text for text in section if text.startswith("local-as ") and remote_as(text.split()[1]) == record.local_as
        )
        yield next(same, f"local-as {record.local_as}")
    if record.password is not None:
        yield " ".join(word for word in ("password", record.password_type, record.password) if word)
    if record.bfd:
        yield "bfd"
    if not record.enabled:
        yield "shutdown"


def _family(name: str, section: Tree) -> BgpAddressFamily:
    found: dict[str, Any] = {field: flag in section for field, flag in _FLAGS.items()}
    for field, (kind, direction) in _POLICIES.items():
        named = [text.split() for text in section if text.startswith(f"{kind} ")]
        found[field] = next((words[1] for words in named if words[2:] == [direction]), None)
    sent = [kind for kind, texts in _COMMUNITIES.items() if texts[0] in section or _TYPED_BOTH in section]
    limit = (value(section, "maximum-prefix ") or "").split()
    return BgpAddressFamily(
        name=cast("Literal['ipv4-unicast', 'ipv6-unicast']", name),
        activate=True,
        send_community=cast("Any", "both" if len(sent) == 2 else sent[0] if sent else None),
        soft_reconfiguration_inbound=any(text in section for text in _STORED),
        default_originate=any(text.split()[0] == "default-originate" for text in section),
        maximum_prefix=int(limit[0]) if limit else None,
        allow_as_in=number(section, "allowas-in "),
        **found,
    )


def _family_texts(family: BgpAddressFamily, section: Tree) -> Iterator[str]:
    for field, (kind, direction) in _POLICIES.items():
        if name := getattr(family, field):
            yield f"{kind} {name} {direction}"
    yield from (flag for field, flag in _FLAGS.items() if getattr(family, field))
    if family.send_community:
        both = (_TYPED_BOTH,) if _TYPED_BOTH in section else _BOTH
        yield from both if family.send_community == "both" else _COMMUNITIES[family.send_community]
    if family.soft_reconfiguration_inbound:
        yield from [text for text in _STORED if text in section] or _STORED[:1]
    if family.default_originate:
        yield existing(section, "default-originate")
    if family.maximum_prefix is not None:
        yield existing(section, f"maximum-prefix {family.maximum_prefix}")
    if family.allow_as_in is not None:
        yield f"allowas-in {family.allow_as_in}"
