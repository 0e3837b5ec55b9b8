"""What peer groups and neighbors have in common on IOS: their settings as fields and as lines."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from netloom.errors import Unsupported
from netloom.model.bgp_neighbor import BgpNeighbor
from netloom.model.bgp_peer_group import BgpAddressFamily, BgpPeerGroup
from netloom.model.config import Config, Line, Tree
from netloom.platforms.bgp_lines import (
    FLAGS,
    MOST_HOPS,
    TIMERS,
    AnyPeer,
    Family,
    Peer,
    Said,
    allow_as_in_texts,
    family_said,
    first_number,
    local_as,
    own_family,
    policy_texts,
    route_texts,
    says,
    session,
    stated,
)
from netloom.platforms.cisco_ios.bgp_effects import IPV4, IPV6, NO_DEFAULT, active_by_default, peers
from netloom.platforms.cisco_ios.bgp_instance import Instance
from netloom.platforms.line_words import existing, number, value

_COMMUNITIES = {"send-community": "standard"} | {
    f"send-community {kind}": kind for kind in ("standard", "extended", "both")
}


def settings(said: Said) -> dict[str, Any]:
    """The fields that neighbors and groups share."""
    lines = said.lines
    hidden = (value(lines, "password ") or "").split(" ", 1)
    typed = len(hidden) == 2 and hidden[0].isdigit()
    return {
        **session(lines),
        "ebgp_multihop": first_number(lines, "ebgp-multihop", MOST_HOPS),
        "local_as": local_as(lines),
        "password": hidden[1] if typed else value(lines, "password "),
        "password_type": hidden[0] if typed else None,
        "bfd": says(lines, "fall-over bfd"),
        "advertisement_interval_s": _interval(said),
        "address_families": stated(_family(name, texts) for name, texts in said.families.items()),
    }


def setting_lines(record: AnyPeer, name: str, config: Config, place: Instance) -> list[Line]:
    """The lines of those fields."""
    home = place.home(name)
    start, present = f"neighbor {name}", config.section(*home)
    found = [Line(text, home) for text in _session_texts(record, start, present)]
    interval = record.advertisement_interval_s
    families = {family.name: family for family in record.address_families}
    for family_name, path in place.families.items():
        family = families.get(family_name, BgpAddressFamily(family_name))
        texts = _family_texts(family, start, config.section(*path))
        texts += _activation(record, name, family, (config, place))
        if interval is not None and family_name == own_family(name):
            texts.append(f"{start} advertisement-interval {interval}")
        found += [Line(text, path) for text in texts]
    return found


def refuse(record: AnyPeer, name: str) -> None:
    """Raise Unsupported for what IOS cannot do."""
    for field in ("connect_retry_s", "bfd_profile"):
        if getattr(record, field) is not None:
            raise Unsupported(f"BGP neighbor {name}: IOS has no {field} of a neighbor", device="")
    if isinstance(record, BgpNeighbor) and record.unnumbered:
        raise Unsupported(f"BGP neighbor {name}: IOS has no sessions by interface", device="")
    for family in record.address_families:
        if family.send_community in ("large", "all"):
            message = f"BGP neighbor {name}: IOS has no send_community {family.send_community}"
            raise Unsupported(message, device="", hint="use standard, extended or both")
        if record.vrf != "default" and family.name != own_family(name):
            raise Unsupported(f"BGP neighbor {name}: {family.name} needs a neighbor of that family in a VRF", device="")


def canonical_settings(record: Peer) -> Peer:
    """Both timers where one is set, families in order and without empty ones."""
    keepalive, hold_time = _timers(record)
    return replace(
        record,
        keepalive_s=keepalive,
        hold_time_s=hold_time,
        address_families=stated(record.address_families),
    )


def _timers(record: AnyPeer) -> tuple[int | None, int | None]:
    """Keepalive and hold time: both where one is set."""
    keepalive, hold_time = record.keepalive_s, record.hold_time_s
    if keepalive is not None or hold_time is not None:
        hold_time = TIMERS[1] if hold_time is None else hold_time
        keepalive = min(TIMERS[0], hold_time // 3) if keepalive is None else keepalive
    return keepalive, hold_time


def _session_texts(record: AnyPeer, start: str, present: Tree) -> list[str]:
    keepalive, hold_time = _timers(record)
    texts = [f"{start} description {record.description}"] if record.description else []
    if record.update_source:
        texts.append(f"{start} update-source {record.update_source}")
    if record.ebgp_multihop is not None:
        plain = f"{start} ebgp-multihop"
        texts.append(
            plain if plain in present and record.ebgp_multihop == MOST_HOPS else f"{plain} {record.ebgp_multihop}"
        )
    if record.local_as is not None:
        texts.append(existing(present, f"{start} local-as {record.local_as}"))
    if record.password is not None:
        kind = f"{record.password_type} " if record.password_type else ""
        texts.append(f"{start} password {kind}{record.password}")
    if hold_time is not None:
        texts.append(existing(present, f"{start} timers {keepalive} {hold_time}"))
    if record.bfd:
        texts.append(existing(present, f"{start} fall-over bfd"))
    if not record.enabled:
        texts.append(existing(present, f"{start} shutdown"))
    return texts


def _family(name: Family, lines: Tree) -> BgpAddressFamily:
    communities = next((_COMMUNITIES[text] for text in lines if text in _COMMUNITIES), None)
    flags = {field: says(lines, flag) for field, flag in FLAGS.items()}
    return family_said(name, lines, send_community=communities, **flags)


def _family_texts(record: BgpAddressFamily, start: str, section: Tree) -> list[str]:
    texts = [existing(section, f"{start} {flag}") for field, flag in FLAGS.items() if getattr(record, field)]
    texts += [f"{start} {text}" for text in policy_texts(record)]
    if record.send_community:
        kind = "" if record.send_community == "standard" else f" {record.send_community}"
        texts.append(f"{start} send-community{kind}")
    return texts + [
        f"{start} {text}" for text in (*route_texts(record, section, f"{start} "), *allow_as_in_texts(record))
    ]


def _activation(record: AnyPeer, name: str, family: BgpAddressFamily, where: tuple[Config, Instance]) -> list[str]:
    """The line about taking part in a family, where one is record."""
    config, place = where
    bgp = config.section(place.header)
    path = place.families[family.name]
    line, wanted = f"neighbor {name} activate", family.activate
    if isinstance(record, BgpPeerGroup):
        return [line] if wanted else [f"no {line}"] if f"no {line}" in config.section(*path) else []
    if place.vrf != "default":
        stated = line in config.section(*path) or wanted is None
        own = family.name == own_family(name)
        return [line] if own and (wanted or (wanted is None and stated)) else []
    if family.name == "ipv6-unicast":
        return [line] if wanted else []
    if wanted is None and name in peers(bgp) and not {line, f"no {line}"} & config.section(*path).keys():
        return []
    default = active_by_default(bgp, name)
    active = default if wanted is None else wanted
    sectioned = active or not {IPV4, IPV6}.isdisjoint(bgp) or default
    return [line] if active else [f"no {line}"] if sectioned and NO_DEFAULT not in bgp else []


def _interval(said: Said) -> int | None:
    for texts in (said.lines, *said.families.values()):
        if (found := number(texts, "advertisement-interval ")) is not None:
            return found
    return None
