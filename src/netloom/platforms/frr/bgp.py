"""BGP instances of an FRR router."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from netloom.model.bgp import Bgp, BgpNetwork, BgpRedistribution
from netloom.model.config import Config, Line, Tree
from netloom.platforms.frr.bgp_instance import FAMILIES, instance, instances
from netloom.platforms.frr.change import change
from netloom.platforms.frr.words import timer_pair
from netloom.platforms.line_words import number, word
from netloom.platforms.refusals import refuse

_IPV4 = FAMILIES["ipv4-unicast"]
_NETWORK = re.compile(r"network (\S+)( .*?)??(?: route-map (\S+))?")
_REDISTRIBUTE = re.compile(r"redistribute (\S+)( metric \d+)?(?: route-map (\S+))?")
_EVERY_PATH = 256
"""The most paths that Debian's FRR is built for: not shown."""


@dataclass(frozen=True, slots=True)
class _Profile:
    """What holds by itself under `frr defaults`."""

    ebgp_requires_policy: bool
    log_neighbor_changes: bool
    timers: tuple[int, int]


_TRADITIONAL = _Profile(ebgp_requires_policy=True, log_neighbor_changes=False, timers=(60, 180))
_DATACENTER = _Profile(ebgp_requires_policy=False, log_neighbor_changes=True, timers=(3, 9))


def configured(config: Config) -> list[Bgp]:
    """Every instance but views."""
    profile = _profile(config)
    return [_instance(asn, vrf, below, profile) for asn, vrf, _, below in instances(config)]


def lines(record: Bgp, config: Config) -> list[Line]:
    """The instance's own lines and those of its address families."""
    header = f"router bgp {record.asn}" + ("" if record.vrf == "default" else f" vrf {record.vrf}")
    present = config.section(instance(config, record.vrf) or header)
    profile = _profile(config)
    texts = [f"bgp router-id {record.router_id}"] if record.router_id else []
    flags = (
        ("ebgp-requires-policy", record.ebgp_requires_policy, profile.ebgp_requires_policy),
        ("log-neighbor-changes", record.log_neighbor_changes, profile.log_neighbor_changes),
        ("bestpath as-path multipath-relax", record.multipath_relax, False),
        ("default ipv4-unicast", record.default_ipv4_unicast, True),
    )
    texts += [
        f"bgp {flag}" if wanted else f"no bgp {flag}"
        for flag, wanted, default in flags
        if wanted not in (None, default)
    ]
    if (timers := timer_pair(record.keepalive_s, record.hold_time_s)) and timers != profile.timers:
        texts.append(f"timers bgp {timers[0]} {timers[1]}")
    found = [Line(header), *(Line(text, (header,)) for text in texts)]
    for network in record.networks:
        family = FAMILIES["ipv6-unicast" if ":" in network.prefix else "ipv4-unicast"]
        found.append(Line(_network(network, present.get(family, {})), (header, family)))
    for source in record.redistribute:
        family = FAMILIES["ipv4-unicast" if source.family == "ipv4" else "ipv6-unicast"]
        found.append(Line(_redistribution(source, present.get(family, {})), (header, family)))
    if record.maximum_paths not in (None, _EVERY_PATH):
        found.append(Line(f"maximum-paths {record.maximum_paths}", (header, _IPV4)))
    return found


def render(have: Bgp | None, want: Bgp | None, config: Config) -> list[Line]:
    """The least change; another AS number makes the instance anew, with all that stands in it."""
    for source in want.redistribute if want is not None else ():
        refuse(source, ("process",), f"bgp: redistribute {source.protocol}", "FRR names no", hint="leave it out")
    return change(have, want, config, lines)


def canonical(record: Bgp) -> Bgp:
    """Both timers where one is set, none where they are the default; networks and sources sorted."""
    timers = timer_pair(record.keepalive_s, record.hold_time_s)
    keepalive, hold_time = (None, None) if timers in (None, _TRADITIONAL.timers) else timers
    return replace(
        record,
        keepalive_s=keepalive,
        hold_time_s=hold_time,
        maximum_paths=None if record.maximum_paths == _EVERY_PATH else record.maximum_paths,
        networks=tuple(sorted(record.networks, key=lambda network: network.key)),
        redistribute=tuple(sorted(record.redistribute, key=lambda source: source.key)),
    )


def _profile(config: Config) -> _Profile:
    return _DATACENTER if "frr defaults datacenter" in config.tree else _TRADITIONAL


def _instance(asn: int, vrf: str, below: Tree, profile: _Profile) -> Bgp:
    timers = word([text.replace(" ", "/") for text in below if text.startswith("timers bgp ")], "timers/bgp/")
    keepalive, _, hold = (timers or "").partition("/")
    networks, sources = [], []
    for name in FAMILIES:
        family: Literal["ipv4", "ipv6"] = "ipv4" if name == "ipv4-unicast" else "ipv6"
        for text in below.get(FAMILIES[name], {}):
            if match := _NETWORK.fullmatch(text):
                networks.append(BgpNetwork(match[1], match[3]))
            elif match := _REDISTRIBUTE.fullmatch(text):
                sources.append(BgpRedistribution(family, match[1], match[3]))
    return Bgp(
        asn=asn,
        vrf=vrf,
        router_id=word(below, "bgp router-id "),
        ebgp_requires_policy=_stated(below, "bgp ebgp-requires-policy", default=profile.ebgp_requires_policy),
        log_neighbor_changes=_stated(below, "bgp log-neighbor-changes", default=profile.log_neighbor_changes),
        multipath_relax=_stated(below, "bgp bestpath as-path multipath-relax", default=False),
        default_ipv4_unicast=_stated(below, "bgp default ipv4-unicast", default=True),
        keepalive_s=int(keepalive) if keepalive else None,
        hold_time_s=int(hold) if hold.isdigit() else None,
        maximum_paths=number(below.get(_IPV4, {}), "maximum-paths "),
        networks=tuple(sorted(networks, key=lambda network: network.key)),
        redistribute=tuple(sorted(sources, key=lambda source: source.key)),
    )


def _stated(below: Tree, flag: str, *, default: bool) -> bool:
    return True if flag in below else False if f"no {flag}" in below else default


def _network(network: BgpNetwork, present: Tree) -> str:
    """The line, with the options that the model does not know."""
    text = f"network {network.prefix}"
    for line in present:
        if line.startswith(text) and (match := _NETWORK.fullmatch(line)) and match[1] == network.prefix:
            text += match[2] or ""
    return text + (f" route-map {network.policy}" if network.policy else "")


def _redistribution(source: BgpRedistribution, present: Tree) -> str:
    text = f"redistribute {source.protocol}"
    for line in present:
        if (match := _REDISTRIBUTE.fullmatch(line)) and match[1] == source.protocol:
            text += match[2] or ""
    return text + (f" route-map {source.policy}" if source.policy else "")
