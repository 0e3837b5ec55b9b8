"""What peer groups and neighbors have in common on EOS: their settings as fields and as lines.

EOS says most of it once for all address families, above them: it stands in the records under the peer's own family,
IPv6 for a peer with such an address, else IPv4. Policies, `activate` and `default-originate` can be said of a family.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Literal, TypeVar, cast

from netloom.errors import Unsupported
from netloom.model.bgp_neighbor import BgpNeighbor
from netloom.model.bgp_peer_group import BgpAddressFamily, BgpPeerGroup
from netloom.model.config import Line, Tree
from netloom.platforms.arista_eos.bgp_instance import FAMILIES, Instance, Said
from netloom.platforms.as_numbers import as_number
from netloom.platforms.line_words import existing, value, word

Peer = TypeVar("Peer", BgpNeighbor, BgpPeerGroup)

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
_COMMUNITIES = {
    "send-community": "all",
    "send-community standard": "standard",
    "send-community extended": "extended",
    "send-community large": "large",
    "send-community standard extended": "both",
}
_COMMUNITY_TEXTS = {meaning: text for text, meaning in _COMMUNITIES.items()}
_PASSWORD = re.compile(r"password (?:(0|7|8a) )?(\S+)")
_TIMERS = re.compile(r"timers (\d+) (\d+)")
_FOR_ALL = (*_FLAGS, "send_community", "maximum_prefix", "allow_as_in")
_CANNOT = ("connect_retry_s", "advertisement_interval_s", "bfd_profile")
_MOST_ROUTES = 12_000
"""The limit that holds by itself, which older releases show."""
_ALLOW_AS_IN = 3
_MOST_HOPS = 255


def own_family(peer: str) -> str:
    """The address family that EOS means where it names none."""
    return "ipv6-unicast" if ":" in peer else "ipv4-unicast"


def remote_as(said: Said) -> int | None:
    """What `remote-as` says."""
    found = word(said.lines, "remote-as ")
    return as_number(found) if found is not None and found.replace(".", "", 1).isdigit() else None


def settings(said: Said, peer: str) -> dict[str, Any]:
    """The fields that neighbors and groups share."""
    timers = next((match for text in said.lines if (match := _TIMERS.fullmatch(text))), None)
    password = next((match for text in said.lines if (match := _PASSWORD.fullmatch(text))), None)
    hops = _first(said.lines, "ebgp-multihop", _MOST_HOPS)
    return {
        "description": value(said.lines, "description "),
        "enabled": not any(text.split(" ", 1)[0] == "shutdown" for text in said.lines),
        "update_source": word(said.lines, "update-source "),
        "ebgp_multihop": hops,
        "keepalive_s": int(timers[1]) if timers else None,
        "hold_time_s": int(timers[2]) if timers else None,
        "local_as": _local_as(said.lines),
        "password": password[2] if password else None,
        "password_type": password[1] if password else None,
        "bfd": "bfd" in said.lines,
        "address_families": tuple(_families(said, peer)),
    }


def setting_lines(record: BgpNeighbor | BgpPeerGroup, name: str, there: Instance) -> list[Line]:
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
        for field, (kind, direction) in _POLICIES.items():
            if policy := getattr(family, field):
                above = family.name == own and not _says(section, f"{start} {kind} ", direction)
                found.append(Line(f"{start} {kind} {policy} {direction}", there.path if above else path))
    return found


def canonical_settings(record: Peer) -> Peer:
    """Without what EOS does not show, both timers where one is set, families in order."""
    keepalive, hold_time = record.keepalive_s, record.hold_time_s
    if keepalive is not None or hold_time is not None:
        keepalive, hold_time = 60 if keepalive is None else keepalive, 180 if hold_time is None else hold_time
    families = (_canonical_family(family) for family in record.address_families)
    stated = [family for family in families if family != BgpAddressFamily(family.name)]
    return replace(
        record,
        description=record.description or None,
        keepalive_s=keepalive,
        hold_time_s=hold_time,
        address_families=tuple(sorted(stated, key=lambda family: family.name)),
    )


def refuse(record: BgpNeighbor | BgpPeerGroup, title: str, name: str) -> None:
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


def _first(lines: Tree, start: str, default: int) -> int | None:
    """The number after a word, its default where nothing follows; None without the word."""
    for text in lines:
        if text == start:
            return default
        if text.startswith(f"{start} ") and (found := text.removeprefix(f"{start} ").split()[0]).isdigit():
            return int(found)
    return None


def _local_as(lines: Tree) -> int | None:
    found = (value(lines, "local-as ") or "").split(" ", 1)[0]
    return as_number(found) if found.replace(".", "", 1).isdigit() else None


def _texts(record: BgpNeighbor | BgpPeerGroup, name: str, section: Tree) -> Iterator[str]:
    start = f"neighbor {name} "
    if record.description:
        yield f"description {record.description}"
    if not record.enabled:
        yield existing(section, f"{start}shutdown").removeprefix(start)
    if record.update_source:
        yield f"update-source {record.update_source}"
    if record.ebgp_multihop is not None:
        bare = record.ebgp_multihop == _MOST_HOPS and f"{start}ebgp-multihop" in section
        yield "ebgp-multihop" if bare else f"ebgp-multihop {record.ebgp_multihop}"
    if record.keepalive_s is not None or record.hold_time_s is not None:
        hold_time = 180 if record.hold_time_s is None else record.hold_time_s
        yield f"timers {60 if record.keepalive_s is None else record.keepalive_s} {hold_time}"
    if record.local_as is not None:
        plain = f"local-as {record.local_as} no-prepend replace-as"
        mine = [text.removeprefix(start) for text in section if text.startswith(f"{start}local-as ")]
        yield next((text for text in mine if _local_as({text: {}}) == record.local_as), plain)
    if record.password is not None:
        yield f"password {record.password_type + ' ' if record.password_type else ''}{record.password}"
    if record.bfd:
        yield "bfd"
    if not any(family.maximum_prefix for family in record.address_families):
        shown = f"{start}maximum-routes {_MOST_ROUTES}"
        yield from (text.removeprefix(start) for text in section if text == shown or text.startswith(f"{shown} "))


def _own_texts(family: BgpAddressFamily, start: str, section: Tree) -> Iterator[str]:
    yield from (text for field, text in _FLAGS.items() if getattr(family, field))
    if family.send_community is not None:
        yield _COMMUNITY_TEXTS[family.send_community]
    if family.maximum_prefix is not None:
        yield existing(section, f"{start} maximum-routes {family.maximum_prefix}").removeprefix(f"{start} ")
    if family.allow_as_in is not None:
        bare = family.allow_as_in == _ALLOW_AS_IN and f"{start} allowas-in" in section
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


def _family(name: str, lines: Tree, above: Tree) -> BgpAddressFamily:
    """What stands in the family's section, then what stands above it."""
    found: dict[str, Any] = {field: flag in above for field, flag in _FLAGS.items()}
    for field, (kind, direction) in _POLICIES.items():
        found[field] = _policy(lines, kind, direction) or _policy(above, kind, direction)
    community = next((_COMMUNITIES[text] for text in above if text in _COMMUNITIES), None)
    return BgpAddressFamily(
        name=cast("Literal['ipv4-unicast', 'ipv6-unicast']", name),
        activate=True if "activate" in lines else False if "no activate" in lines else None,
        send_community=cast("Literal['standard', 'extended', 'both', 'large', 'all'] | None", community),
        default_originate=any(text.split()[0] == "default-originate" for text in (*lines, *above) if text),
        maximum_prefix=_first(above, "maximum-routes", _MOST_ROUTES),
        allow_as_in=_first(above, "allowas-in", _ALLOW_AS_IN),
        **found,
    )


def _policy(lines: Tree, kind: str, direction: str) -> str | None:
    named = (text.split() for text in lines if text.startswith(f"{kind} "))
    return next((words[1] for words in named if words[2:] == [direction]), None)
