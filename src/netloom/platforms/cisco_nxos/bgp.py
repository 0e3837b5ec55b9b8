"""BGP on a Nexus: one process, an instance a VRF."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Literal

from netloom.errors import Unsupported
from netloom.model.bgp import Bgp, BgpNetwork, BgpRedistribution
from netloom.model.config import Config, Line, Tree
from netloom.model.text import canonical_prefix
from netloom.platforms.bgp_lines import TIMERS, timer_pair
from netloom.platforms.cisco_nxos.bgp_instance import FAMILIES, Path, instances, path_in
from netloom.platforms.cisco_nxos.change import change
from netloom.platforms.cisco_nxos.redistribution import needs_policy, redistribution, sources
from netloom.platforms.line_words import address_word, number, value

_NETWORK = re.compile(r"network (\S+/\d+)(?: route-map (\S+))?")
_FLAGS = {
    "log_neighbor_changes": "log-neighbor-changes",
    "multipath_relax": "bestpath as-path multipath-relax",
}
_VERSIONS: dict[Literal["ipv4", "ipv6"], str] = {
    "ipv4": FAMILIES["ipv4-unicast"],
    "ipv6": FAMILIES["ipv6-unicast"],
}


def configured(config: Config) -> list[Bgp]:
    """The instance of each VRF."""
    return [_instance(asn, vrf, below) for asn, vrf, _, below in instances(config)]


def lines(record: Bgp, config: Config) -> list[Line]:
    """The instance's own lines and those of its address families."""
    known = {asn: path[0] for asn, _, path, _ in instances(config)}
    path = path_in(known.get(record.asn, f"router bgp {record.asn}"), record.vrf)
    section = config.section(*path)
    texts = [f"router-id {record.router_id}"] if record.router_id else []
    texts += [text for field, text in _FLAGS.items() if getattr(record, field)]
    timers = timer_pair(record.keepalive_s, record.hold_time_s)
    if timers and timers != TIMERS:
        texts.append(f"timers bgp {timers[0]} {timers[1]}")
    found = [Line(path[0]), *(Line(header, path[:1]) for header in path[1:]), *(Line(text, path) for text in texts)]
    for version, header in _VERSIONS.items():
        found += _family_lines(record, version, section.get(header, {}), (*path, header))
    return found


def render(have: Bgp | None, want: Bgp | None, config: Config) -> list[Line]:
    """The least change; another AS number makes the process anew, with all that stands in it."""
    if want is not None:
        _check(have, want)
        return change(have, want, config, lines, "feature bgp")
    shared = have is not None and have.vrf == "default" and any(vrf != "default" for _, vrf, _, _ in instances(config))
    return change(have, want, config, _own if shared else _whole)


def kept(record: Bgp, config: Config) -> Bgp:
    """An instance in a VRF, with the AS number of the one process."""
    asn = next((asn for asn, *_ in instances(config)), record.asn)
    return record if record.vrf == "default" else replace(record, asn=asn)


def canonical(record: Bgp) -> Bgp:
    """Both timers where one is set, none where they are the default; networks and sources sorted."""
    timers = timer_pair(record.keepalive_s, record.hold_time_s)
    keepalive, hold_time = (None, None) if timers in (None, TIMERS) else timers
    return replace(
        record,
        ebgp_requires_policy=record.ebgp_requires_policy or None,
        default_ipv4_unicast=record.default_ipv4_unicast or None,
        log_neighbor_changes=record.log_neighbor_changes or None,
        multipath_relax=record.multipath_relax or None,
        keepalive_s=keepalive,
        hold_time_s=hold_time,
        maximum_paths=None if record.maximum_paths == 1 else record.maximum_paths,
        networks=tuple(sorted(record.networks, key=lambda network: network.key)),
        redistribute=tuple(sorted(record.redistribute, key=lambda source: source.key)),
    )


def _instance(asn: int, vrf: str, below: Tree) -> Bgp:
    timers = (value(below, "timers bgp ") or "").split()
    networks, redistribute = [], []
    for version, header in _VERSIONS.items():
        section = below.get(header, {})
        networks += [network for network, _ in _networks(section)]
        redistribute += [
            BgpRedistribution(version, name, policy=policy, process=process)
            for name, process, policy in sources(section)
        ]
    return canonical(
        Bgp(
            asn=asn,
            vrf=vrf,
            router_id=address_word(below, "router-id "),
            log_neighbor_changes=_FLAGS["log_neighbor_changes"] in below,
            multipath_relax=_FLAGS["multipath_relax"] in below,
            keepalive_s=int(timers[0]) if len(timers) == 2 else None,
            hold_time_s=int(timers[1]) if len(timers) == 2 else None,
            maximum_paths=number(below.get(_VERSIONS["ipv4"], {}), "maximum-paths "),
            networks=tuple(networks),
            redistribute=tuple(redistribute),
        )
    )


def _family_lines(record: Bgp, version: Literal["ipv4", "ipv6"], section: Tree, path: Path) -> list[Line]:
    known = dict(_networks(section))
    texts = []
    for network in record.networks:
        if (":" in network.prefix) == (version == "ipv6"):
            policy = f" route-map {network.policy}" if network.policy else ""
            texts.append(known.get(network) or f"network {network.prefix}{policy}")
    texts += [
        redistribution((source.protocol, source.process, source.policy), section)
        for source in record.redistribute
        if source.family == version
    ]
    if version == "ipv4" and record.maximum_paths not in (None, 1):
        texts.append(f"maximum-paths {record.maximum_paths}")
    return [Line(text, path) for text in texts]


def _networks(section: Tree) -> Iterator[tuple[BgpNetwork, str]]:
    for text in section:
        if match := _NETWORK.fullmatch(text):
            with suppress(ValueError):  # host bits set: no record may hold it, and the device masks them
                yield BgpNetwork(canonical_prefix(match[1]), match[2]), text


def _whole(record: Bgp, config: Config) -> list[Line]:
    """What goes with an instance: in another VRF not the process."""
    found = lines(record, config)
    return found if record.vrf == "default" else found[1:]


def _own(record: Bgp, config: Config) -> list[Line]:
    """What goes while other VRFs still need the process."""
    return lines(record, config)[1:]


def _check(have: Bgp | None, want: Bgp) -> None:
    if want.ebgp_requires_policy:
        raise Unsupported(f"bgp {want.vrf}: NX-OS does not do what RFC 8212 asks", device="", hint="wish for policies")
    if want.default_ipv4_unicast:
        raise Unsupported(
            f"bgp {want.vrf}: neighbors of NX-OS take part only in the address_families that they name", device=""
        )
    new = [source for source in want.redistribute if have is None or source not in have.redistribute]
    needs_policy((source.protocol, source.process, source.policy) for source in new)
