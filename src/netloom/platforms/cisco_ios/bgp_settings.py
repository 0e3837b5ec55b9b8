"""What peer groups and neighbors have in common on IOS: their settings as fields and as lines."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal, TypeVar, cast

from netloom.errors import Unsupported
from netloom.model.bgp_neighbor import BgpNeighbor
from netloom.model.bgp_peer_group import BgpAddressFamily, BgpPeerGroup
from netloom.model.config import Config, Line, Tree
from netloom.platforms.as_numbers import as_number
from netloom.platforms.cisco_ios.bgp_effects import IPV4, IPV6, NO_DEFAULT, active_by_default, peers
from netloom.platforms.cisco_ios.bgp_instance import Family, Instance, Said
from netloom.platforms.line_words import existing, number, value, word

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
_ALLOW_AS_IN = 3
_MULTIHOP = 255
_KEEPALIVE, _HOLD = 60, 180
_COMMUNITIES = {None: None, "send-community": "standard"} | {
    f"send-community {kind}": kind for kind in ("standard", "extended", "both")
}


def settings(said: Said) -> dict[str, Any]:
    """The fields that neighbors and groups share."""
    lines = said.lines
    timers = [text.split()[1:3] for text in lines if text.startswith("timers ")]
    hidden = (value(lines, "password ") or "").split(" ", 1)
    typed = len(hidden) == 2 and hidden[0].isdigit()
    found: dict[str, Any] = {
        "description": value(lines, "description "),
        "enabled": not any(text.split(" ", 1)[0] == "shutdown" for text in lines),
        "update_source": word(lines, "update-source "),
        "ebgp_multihop": number(lines, "ebgp-multihop "),
        "local_as": _first_number(value(lines, "local-as ")),
        "password": hidden[1] if typed else value(lines, "password "),
        "password_type": hidden[0] if typed else None,
        "bfd": any(text.startswith("fall-over bfd") for text in lines),
        "advertisement_interval_s": _interval(said),
    }
    if "ebgp-multihop" in lines:
        found["ebgp_multihop"] = _MULTIHOP
    if timers and all(part.isdigit() for part in timers[0]) and len(timers[0]) == 2:
        found |= {"keepalive_s": int(timers[0][0]), "hold_time_s": int(timers[0][1])}
    families = [_family(name, texts) for name, texts in said.families.items()]
    stated = [family for family in families if family != BgpAddressFamily(family.name)]
    return found | {"address_families": tuple(sorted(stated, key=lambda family: family.name))}


def setting_lines(record: BgpNeighbor | BgpPeerGroup, name: str, config: Config, place: Instance) -> list[Line]:
    """The lines of those fields."""
    home = place.home(name)
    start, present = f"neighbor {name}", config.section(*home)
    found = [Line(text, home) for text in _session_texts(record, start, present)]
    interval = record.advertisement_interval_s
    families = {family.name: family for family in record.address_families}
    for family_name, path in place.families.items():
        section = config.section(*path)
        family = families.get(family_name, BgpAddressFamily(family_name))
        texts = _family_texts(family, start, section)
        texts += _activation(record, name, family, (config, place))
        if interval is not None and family_name == _own_family(name):
            texts.append(f"{start} advertisement-interval {interval}")
        found += [Line(text, path) for text in texts]
    return found


def refuse(record: BgpNeighbor | BgpPeerGroup, name: str) -> None:
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
        if record.vrf != "default" and family.name != _own_family(name):
            raise Unsupported(f"BGP neighbor {name}: {family.name} needs a neighbor of that family in a VRF", device="")


def canonical_settings(record: Peer) -> Peer:
    """Both timers where one is set, families in order and without empty ones."""
    stated = [family for family in record.address_families if family != BgpAddressFamily(family.name)]
    keepalive, hold_time = _timers(record)
    return replace(
        record,
        keepalive_s=keepalive,
        hold_time_s=hold_time,
        address_families=tuple(sorted(stated, key=lambda family: family.name)),
    )


def _timers(record: BgpNeighbor | BgpPeerGroup) -> tuple[int | None, int | None]:
    """Keepalive and hold time: both where one is set."""
    keepalive, hold_time = record.keepalive_s, record.hold_time_s
    if keepalive is not None or hold_time is not None:
        hold_time = _HOLD if hold_time is None else hold_time
        keepalive = min(_KEEPALIVE, hold_time // 3) if keepalive is None else keepalive
    return keepalive, hold_time


def remote_as(text: str | None) -> int | Literal["external", "internal"] | None:
    """What `remote-as` says."""
    if text in ("external", "internal"):
        return cast("Literal['external', 'internal']", text)
    return as_number(text) if text and text.replace(".", "").isdigit() else None


def _session_texts(record: BgpNeighbor | BgpPeerGroup, start: str, present: Tree) -> list[str]:
    keepalive, hold_time = _timers(record)
    texts = [f"{start} description {record.description}"] if record.description else []
    if record.update_source:
        texts.append(f"{start} update-source {record.update_source}")
    if record.ebgp_multihop is not None:
        plain = f"{start} ebgp-multihop"
        texts.append(
            plain if plain in present and record.ebgp_multihop == _MULTIHOP else f"{plain} {record.ebgp_multihop}"
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
    found: dict[str, Any] = {
        field: any(text == flag or text.startswith(f"{flag} ") for text in lines) for field, flag in _FLAGS.items()
    }
    for field, (kind, direction) in _POLICIES.items():
        named = [text.split() for text in lines if text.startswith(f"{kind} ")]
        found[field] = next((words[1] for words in named if words[2:] == [direction]), None)
    communities = [text for text in lines if text in _COMMUNITIES]
    own = value([f"{text} " for text in lines], "allowas-in ")
    return BgpAddressFamily(
        name=name,
        activate=True if "activate" in lines else False if "no activate" in lines else None,
        send_community=cast("Any", _COMMUNITIES[communities[0]] if communities else None),
        default_originate=any(text.split()[0] == "default-originate" for text in lines),
        maximum_prefix=_first_number(value(lines, "maximum-prefix ")),
        allow_as_in=None if own is None else int(own or _ALLOW_AS_IN),
        **found,
    )


def _family_texts(family: BgpAddressFamily, start: str, section: Tree) -> list[str]:
    texts = [existing(section, f"{start} {flag}") for field, flag in _FLAGS.items() if getattr(family, field)]
    for field, (kind, direction) in _POLICIES.items():
        if name := getattr(family, field):
            texts.append(f"{start} {kind} {name} {direction}")
    if family.send_community:
        kind = "" if family.send_community == "standard" else f" {family.send_community}"
        texts.append(f"{start} send-community{kind}")
    if family.default_originate:
        texts.append(existing(section, f"{start} default-originate"))
    if family.maximum_prefix is not None:
        texts.append(existing(section, f"{start} maximum-prefix {family.maximum_prefix}"))
    if family.allow_as_in is not None:
        shown = "" if family.allow_as_in == _ALLOW_AS_IN else f" {family.allow_as_in}"
        texts.append(f"{start} allowas-in{shown}")
    return texts


def _activation(
    record: BgpNeighbor | BgpPeerGroup, name: str, family: BgpAddressFamily, where: tuple[Config, Instance]
) -> list[str]:
    """The line about taking part in a family, where one is record."""
    config, place = where
    bgp = config.section(place.header)
    path = place.families[family.name]
    line, wanted = f"neighbor {name} activate", family.activate
    if isinstance(record, BgpPeerGroup):
        return [line] if wanted else [f"no {line}"] if f"no {line}" in config.section(*path) else []
    if place.vrf != "default":
        stated = line in config.section(*path) or wanted is None
        own = family.name == _own_family(name)
        return [line] if own and (wanted or (wanted is None and stated)) else []
    if family.name == "ipv6-unicast":
        return [line] if wanted else []
    if wanted is None and name in peers(bgp) and not {line, f"no {line}"} & config.section(*path).keys():
        return []
    default = active_by_default(bgp, name)
    active = default if wanted is None else wanted
    sectioned = active or not {IPV4, IPV6}.isdisjoint(bgp) or default
    return [line] if active else [f"no {line}"] if sectioned and NO_DEFAULT not in bgp else []


def _own_family(name: str) -> Family:
    return "ipv6-unicast" if ":" in name else "ipv4-unicast"


def _first_number(text: str | None) -> int | None:
    first = (text or "").split(" ", 1)[0]
    return as_number(first) if first.replace(".", "").isdigit() else None


def _interval(said: Said) -> int | None:
    for texts in (said.lines, *said.families.values()):
        if (found := number(texts, "advertisement-interval ")) is not None:
            return found
    return None
