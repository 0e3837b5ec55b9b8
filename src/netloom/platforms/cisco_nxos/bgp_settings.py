"""What peer templates and neighbors have in common on a Nexus: their settings as fields and as lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from netloom.errors import Unsupported
from netloom.model.bgp_peer_group import BgpAddressFamily
from netloom.model.config import Line, Tree
from netloom.platforms.bgp_lines import (
    FLAGS,
    AnyPeer,
    Family,
    Peer,
    family_said,
    local_as,
    policy_texts,
    route_texts,
    session,
    timer_pair,
)
from netloom.platforms.cisco_nxos.bgp_instance import FAMILIES, Path
from netloom.platforms.cisco_nxos.words import one_line
from netloom.platforms.line_words import number, value

_FLAGS = ("next_hop_self", "route_reflector_client")
_STORED = ("soft-reconfiguration inbound", "soft-reconfiguration inbound always")
_COMMUNITIES = {"standard": ("send-community",), "extended": ("send-community extended",)}
_BOTH = (*_COMMUNITIES["standard"], *_COMMUNITIES["extended"])
_TYPED_BOTH = "send-community both"
"""As people type it; NX-OS shows two lines."""
_HIDDEN_PASSWORDS = ("3", "6", "7")
_LACKING = ("connect_retry_s", "advertisement_interval_s", "bfd_profile")


def settings(section: Tree) -> dict[str, Any]:
    """The fields that neighbors and templates share."""
    password = (value(section, "password ") or "").split()
    families = [_family(name, section[header]) for name, header in FAMILIES.items() if header in section]
    return {
        **session(section),
        "description": one_line(value(section, "description ")),
        "ebgp_multihop": number(section, "ebgp-multihop "),
        "local_as": local_as(section),
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
        same = (text for text in section if local_as((text,)) == record.local_as)
        yield next(same, f"local-as {record.local_as}")
    if record.password is not None:
        yield " ".join(word for word in ("password", record.password_type, record.password) if word)
    if record.bfd:
        yield "bfd"
    if not record.enabled:
        yield "shutdown"


def _family(name: Family, section: Tree) -> BgpAddressFamily:
    sent = [kind for kind, texts in _COMMUNITIES.items() if texts[0] in section or _TYPED_BOTH in section]
    return family_said(
        name,
        section,
        activate=True,
        send_community="both" if len(sent) == 2 else sent[0] if sent else None,
        soft_reconfiguration_inbound=any(text in section for text in _STORED),
        allow_as_in=number(section, "allowas-in "),
    )


def _family_texts(family: BgpAddressFamily, section: Tree) -> Iterator[str]:
    yield from policy_texts(family)
    yield from (FLAGS[field] for field in _FLAGS if getattr(family, field))
    if family.send_community:
        both = (_TYPED_BOTH,) if _TYPED_BOTH in section else _BOTH
        yield from both if family.send_community == "both" else _COMMUNITIES[family.send_community]
    if family.soft_reconfiguration_inbound:
        yield from [text for text in _STORED if text in section] or _STORED[:1]
    yield from route_texts(family, section)
    if family.allow_as_in is not None:
        yield f"allowas-in {family.allow_as_in}"
