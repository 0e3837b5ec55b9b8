"""What peer groups and neighbors have in common on EOS: their settings as fields and as lines.

EOS says most of it once for all address families, above them: it stands in the records under the peer's own family,
IPv6 for a peer with such an address, else IPv4. Policies, `activate` and `default-originate` can be said of a family.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Literal, cast

from netloom.errors import Unsupported
from netloom.model.bgp_peer_group import BgpAddressFamily
from netloom.model.config import Line, Tree
from netloom.platforms.arista_eos.bgp_instance import FAMILIES, Instance
from netloom.platforms.bgp_lines import (
    ALLOW_AS_IN,
    FLAGS,
    MOST_HOPS,
    POLICIES,
    AnyPeer,
    Family,
    Peer,
    Said,
    family_said,
    first_number,
    local_as,
    own_family,
    session,
    stated,
    timer_pair,
)
from netloom.platforms.line_words import existing

_COMMUNITIES = {
    "send-community": "all",
    "send-community standard": "standard",
    "send-community extended": "extended",
    "send-community large": "large",
    "send-community standard extended": "both",
}
_COMMUNITY_TEXTS = {meaning: text for text, meaning in _COMMUNITIES.items()}
_PASSWORD = re.compile(r"password (?:(0|7|8a) )?(\S+)")
_FOR_ALL = (*FLAGS, "send_community", "maximum_prefix", "allow_as_in")
_CANNOT = ("connect_retry_s", "advertisement_interval_s", "bfd_profile")
_MOST_ROUTES = 12_000
"""The limit that holds by itself, which older releases show."""


def settings(said: Said, peer: str) -> dict[str, Any]:
    """The fields that neighbors and groups share."""
    password = next((match for text in said.lines if (match := _PASSWORD.fullmatch(text))), None)
    return {
        **session(said.lines),
        "ebgp_multihop": first_number(said.lines, "ebgp-multihop", MOST_HOPS),
        "local_as": local_as(said.lines),
        "password": password[2] if password else None,
        "password_type": password[1] if password else None,
        "bfd": "bfd" in said.lines,
        "address_families": tuple(_families(said, peer)),
    }


def setting_lines(record: AnyPeer, name: str, there: Instance) -> list[Line]:
    """The lines of those fields."""
    start = f"neighbor {name}"
    texts = [f"{start} {text}" for text in _texts(record, name, there.section)]
    own = own_family(name)
    found = [Line(text, there.path) for text in texts]
    for family in record.address_families:
        path = (*there.path, FAMILIES[family.name])
        section = there.section.get(FAMILIES[family.name], {})
        if family.name == own:
            found += [Line(f"{start} {text}", there.path) for text in _own_texts(family, start, there.section)]
        if family.activate is not None:
            found.append(Line(f"{start} activate" if family.activate else f"no {start} activate", path))
        if family.default_originate:
            above = family.name == own and existing(section, f"{start} default-originate") not in section
            place = there.path if above else path
            found.append(Line(existing(there.section if above else section, f"{start} default-originate"), place))
        for field, (kind, direction) in POLICIES.items():
            if policy := getattr(family, field):
                above = family.name == own and not _says(section, f"{start} {kind} ", direction)
                found.append(Line(f"{start} {kind} {policy} {direction}", there.path if above else path))
    return found


def canonical_settings(record: Peer) -> Peer:
    """Without what EOS does not show, both timers where one is set, families in order."""
    keepalive, hold_time = timer_pair(record.keepalive_s, record.hold_time_s) or (None, None)
    return replace(
        record,
        description=record.description or None,
        keepalive_s=keepalive,
        hold_time_s=hold_time,
        address_families=stated(map(_canonical_family, record.address_families)),
    )


def refuse(record: AnyPeer, title: str, name: str) -> None:
    """Raise Unsupported for what EOS cannot do, or not for one address family alone."""
    for field in _CANNOT:
        if getattr(record, field) is not None:
            raise Unsupported(f"{title}: EOS has no {field}", device="")
    if isinstance(record.remote_as, str):
        raise Unsupported(f"{title}: EOS needs a number as remote_as, got {record.remote_as!r}", device="")
    if record.password is not None and record.password_type is None:
        hint = "give it as the switch shows it, with password_type: 7"
        raise Unsupported(f"{title}: EOS hides passwords, so that this one could not be verified", device="", hint=hint)
    own = own_family(name)
    for family in record.address_families:
        for field in _FOR_ALL:
            if family.name != own and getattr(family, field) not in (None, False):
                raise Unsupported(f"{title}: EOS has one {field} for all families", device="", hint=f"say it of {own}")


def _canonical_family(family: BgpAddressFamily) -> BgpAddressFamily:
    return replace(family, maximum_prefix=None if family.maximum_prefix == _MOST_ROUTES else family.maximum_prefix)


def _texts(record: AnyPeer, name: str, section: Tree) -> Iterator[str]:
    start = f"neighbor {name} "
    if record.description:
        yield f"description {record.description}"
    if not record.enabled:
        yield existing(section, f"{start}shutdown").removeprefix(start)
    if record.update_source:
        yield f"update-source {record.update_source}"
    if record.ebgp_multihop is not None:
        bare = record.ebgp_multihop == MOST_HOPS and f"{start}ebgp-multihop" in section
        yield "ebgp-multihop" if bare else f"ebgp-multihop {record.ebgp_multihop}"
    if timers := timer_pair(record.keepalive_s, record.hold_time_s):
        yield f"timers {timers[0]} {timers[1]}"
    if record.local_as is not None:
        plain = f"local-as {record.local_as} no-prepend replace-as"
        mine = [text.removeprefix(start) for text in section if text.startswith(f"{start}local-as ")]
        yield next((text for text in mine if local_as({text: {}}) == record.local_as), plain)
    if record.password is not None:
        yield f"password {record.password_type + ' ' if record.password_type else ''}{record.password}"
    if record.bfd:
        yield "bfd"
    if not any(family.maximum_prefix for family in record.address_families):
        shown = f"{start}maximum-routes {_MOST_ROUTES}"
        yield from (text.removeprefix(start) for text in section if text == shown or text.startswith(f"{shown} "))


def _own_texts(family: BgpAddressFamily, start: str, section: Tree) -> Iterator[str]:
    yield from (text for field, text in FLAGS.items() if getattr(family, field))
    if family.send_community is not None:
        yield _COMMUNITY_TEXTS[family.send_community]
    if family.maximum_prefix is not None:
        yield existing(section, f"{start} maximum-routes {family.maximum_prefix}").removeprefix(f"{start} ")
    if family.allow_as_in is not None:
        bare = family.allow_as_in == ALLOW_AS_IN and f"{start} allowas-in" in section
        yield "allowas-in" if bare else f"allowas-in {family.allow_as_in}"


def _says(section: Tree, start: str, direction: str) -> bool:
    return any(text.startswith(start) and text.endswith(f" {direction}") for text in section)


def _families(said: Said, peer: str) -> Iterator[BgpAddressFamily]:
    own = own_family(peer)
    for name in FAMILIES:
        lines = said.families.get(name, {})
        above = said.lines if name == own else {}
        family = _family(name, lines, above)
        if family != BgpAddressFamily(family.name):
            yield family


def _family(name: Family, lines: Tree, above: Tree) -> BgpAddressFamily:
    """What stands in the family's section, then what stands above it."""
    own, told = family_said(name, above), family_said(name, lines)
    community = next((_COMMUNITIES[text] for text in above if text in _COMMUNITIES), None)
    return replace(
        own,
        activate=told.activate,
        send_community=cast("Literal['standard', 'extended', 'both', 'large', 'all'] | None", community),
        default_originate=own.default_originate or told.default_originate,
        maximum_prefix=first_number(above, "maximum-routes", _MOST_ROUTES),
        **{field: getattr(told, field) or getattr(own, field) for field in POLICIES},
    )
