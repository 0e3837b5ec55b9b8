"""BGP instances of an EOS switch: `router bgp`, and a section of it for each VRF."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, Literal

from netloom.model.bgp import Bgp, BgpNetwork, BgpRedistribution
from netloom.model.config import Config, Line, Tree
from netloom.model.text import canonical_prefix
from netloom.platforms import lines as engine
from netloom.platforms.arista_eos.bgp_instance import (
    FAMILIES,
    OF_THE_VRF,
    Instance,
    instance_for,
    instances,
)
from netloom.platforms.arista_eos.rules import rules_of
from netloom.platforms.as_numbers import as_number
from netloom.platforms.bgp_lines import TIMERS, timer_pair
from netloom.platforms.draft import Draft
from netloom.platforms.line_words import address_word, word
from netloom.platforms.refusals import refuse

_NETWORK = re.compile(r"network (\S+/\d+)( .*?)??(?: route-map (\S+))?")
_REDISTRIBUTE = re.compile(r"redistribute (\S+)((?: (?!route-map |match )\S+)*)(?: route-map (\S+))?")
_PATHS = re.compile(r"maximum-paths (\d+)(?: ecmp \d+)?")
_TIMERS = re.compile(r"timers bgp (\d+) (\d+)( .*)?")
_MISSING = tuple(f"bgp missing-policy direction {direction} action deny" for direction in ("in", "out"))
_FLAGS = {
    "log_neighbor_changes": "bgp log-neighbor-changes",
    "multipath_relax": "bgp bestpath as-path multipath-relax",
    "default_ipv4_unicast": "bgp default ipv4-unicast",
}
"""All hold by themselves."""

Family = Literal["ipv4", "ipv6"]


def configured(config: Config) -> list[Bgp]:
    """The default instance and those of VRFs; a VRF that only says what it is for EVPN has none."""
    return [_instance(found) for found in instances(config) if not found.bare]


def lines(record: Bgp, config: Config) -> list[Line]:
    """The instance's own lines and those of its address families."""
    shown = canonical(record)
    there = _place(shown, config)
    path, section = there.path, there.section
    found = [Line(header, path[:depth]) for depth, header in enumerate(path)]
    if there.mixed:
        found.pop()
    texts = [f"local-as {shown.asn}"] if shown.asn != there.asn else []
    texts += [f"router-id {shown.router_id}"] if shown.router_id else []
    for name, text in _FLAGS.items():
        wanted = getattr(shown, name)
        texts += [f"no {text}"] if wanted is False else [text] if text in section else []
    texts += _MISSING if shown.ebgp_requires_policy else ()
    if (timers := _pair(shown)) is not None:
        texts.append(_like(section, _TIMERS, timers) or f"timers bgp {timers[0]} {timers[1]}")
    elif (stated := _like(section, _TIMERS, TIMERS)) is not None:
        texts.append(stated)
    paths = shown.maximum_paths or 1
    same = (text for text in section if (match := _PATHS.fullmatch(text)) and int(match[1]) == paths)
    texts += [found for found in (next(same, f"maximum-paths {paths}"),) if paths > 1 or found in section]
    found += [Line(text, path) for text in texts]
    return [*found, *_origin_lines(shown, there)]


def render(have: Bgp | None, want: Bgp | None, config: Config) -> list[Line]:
    """The least change; another AS number makes everything anew, and a VRF has its own by `local-as`."""
    if want is None and have is not None and have.vrf != "default":
        return _without(have.vrf, config)
    for source in want.redistribute if want is not None else ():
        refuse(source, ("process",), f"bgp: redistribute {source.protocol}", "EOS names no", hint="leave it out")
    before = lines(have, config) if have is not None else []
    return engine.change(config, before, lines(want, config) if want is not None else [], rules_of(config))


def canonical(record: Bgp) -> Bgp:
    """Both timers where one is set, none where they are the default; networks and sources sorted."""
    keepalive, hold_time = _pair(record) or (None, None)
    flags: dict[str, Any] = {name: None if getattr(record, name) else getattr(record, name) for name in _FLAGS}
    return replace(
        record,
        keepalive_s=keepalive,
        hold_time_s=hold_time,
        maximum_paths=None if record.maximum_paths == 1 else record.maximum_paths,
        ebgp_requires_policy=bool(record.ebgp_requires_policy),
        networks=tuple(sorted(record.networks, key=lambda network: network.key)),
        redistribute=tuple(sorted(record.redistribute, key=lambda source: source.key)),
        **flags,
    )


def _without(vrf: str, config: Config) -> list[Line]:
    """A VRF's instance goes with its neighbors; what the VRF itself says there stays."""
    there = instance_for(config, vrf)
    if there is None:
        return []
    target = Draft(config, rules_of(config))
    if not there.mixed:
        target.drop(there.path[:-1], there.path[-1])
    for text in [text for text in there.section if not text.startswith(OF_THE_VRF)]:
        target.drop(there.path, text)
    return engine.delta(config, target.config(), rules_of(config))


def _pair(record: Bgp) -> tuple[int, int] | None:
    timers = timer_pair(record.keepalive_s, record.hold_time_s)
    return None if timers == TIMERS else timers


def _place(record: Bgp, config: Config) -> Instance:
    """Where the instance stands, or will."""
    there = instance_for(config, record.vrf)
    header = f"router bgp {record.asn}"
    if there is None:
        path = (header,) if record.vrf == "default" else (header, f"vrf {record.vrf}")
        return Instance(record.asn, record.vrf, path, {})
    if record.vrf == "default" and there.asn != record.asn:
        return Instance(record.asn, record.vrf, (header,), there.section)
    return there


def _instance(found: Instance) -> Bgp:
    section = found.section
    local = word(section, "local-as ") if found.vrf != "default" else None
    timers = next((match for text in section if (match := _TIMERS.fullmatch(text))), None)
    paths = next((match for text in section if (match := _PATHS.fullmatch(text))), None)
    flags: dict[str, Any] = {
        name: False if f"no {text}" in section else True if text in section else None for name, text in _FLAGS.items()
    }
    return Bgp(
        asn=as_number(local) if local else found.asn,
        vrf=found.vrf,
        router_id=address_word(section, "router-id "),
        ebgp_requires_policy=all(text in section for text in _MISSING),
        keepalive_s=int(timers[1]) if timers else None,
        hold_time_s=int(timers[2]) if timers else None,
        maximum_paths=int(paths[1]) if paths else None,
        networks=tuple(sorted(_networks(section), key=lambda network: network.key)),
        redistribute=tuple(sorted(_sources(section), key=lambda source: source.key)),
        **flags,
    )


def _like(section: Iterable[str], pattern: re.Pattern[str], numbers: tuple[int, int]) -> str | None:
    """The line of a section that says these numbers, and maybe more."""
    found = ((text, match) for text in section if (match := pattern.fullmatch(text)))
    return next((text for text, match in found if (int(match[1]), int(match[2])) == numbers), None)


def _places(section: Tree) -> Iterator[tuple[Family, tuple[str, ...], Tree]]:
    """Where routes are originated: in the address families, and for IPv4 above them too."""
    yield "ipv4", (FAMILIES["ipv4-unicast"],), section.get(FAMILIES["ipv4-unicast"], {})
    yield "ipv6", (FAMILIES["ipv6-unicast"],), section.get(FAMILIES["ipv6-unicast"], {})
    yield "ipv4", (), section


def _networks(section: Tree) -> Iterator[BgpNetwork]:
    seen: set[str] = set()
    for _, _, tree in _places(section):
        for text in tree:
            if match := _NETWORK.fullmatch(text):
                prefix = canonical_prefix(match[1])
                if prefix not in seen:
                    seen.add(prefix)
                    yield BgpNetwork(prefix, match[3])


def _sources(section: Tree) -> Iterator[BgpRedistribution]:
    seen: set[tuple[Family, str]] = set()
    for family, _, tree in _places(section):
        for text in tree:
            if (match := _REDISTRIBUTE.fullmatch(text)) and (family, match[1]) not in seen:
                seen.add((family, match[1]))
                yield BgpRedistribution(family, match[1], match[3])


def _origin_lines(record: Bgp, there: Instance) -> Iterator[Line]:
    """Where a line for the prefix or the source stands already it stays, with the options that nobody models."""
    for network in record.networks:
        family: Family = "ipv6" if ":" in network.prefix else "ipv4"
        yield _line(there, family, f"network {network.prefix}", _NETWORK, network.policy)
    for source in record.redistribute:
        yield _line(there, source.family, f"redistribute {source.protocol}", _REDISTRIBUTE, source.policy)


def _line(there: Instance, family: Family, start: str, pattern: re.Pattern[str], policy: str | None) -> Line:
    path: tuple[str, ...] = (FAMILIES["ipv6-unicast"],) if family == "ipv6" else ()
    options = ""
    for its_family, below, tree in _places(there.section):
        same = [match for text in tree if text.startswith(start) and (match := pattern.fullmatch(text))]
        same = [match for match in same if match[0].split(" ", 2)[:2] == start.split(" ")]
        if its_family == family and same:
            path, options = below, same[0][2] or ""
            break
    return Line(f"{start}{options}" + (f" route-map {policy}" if policy else ""), (*there.path, *path))
