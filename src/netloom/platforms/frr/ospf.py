"""OSPFv2 instances of an FRR router."""

from __future__ import annotations

import re
from dataclasses import replace

from netloom.model.config import Config, Line, Tree
from netloom.model.ospf import Ospf, OspfNetwork, OspfRedistribution
from netloom.platforms.frr.change import change
from netloom.platforms.line_words import existing, number, word
from netloom.platforms.refusals import refuse

_HEADER = re.compile(r"router ospf(?: vrf (\S+))?")
_NETWORK = re.compile(r"network (\S+) area (\S+)")
_REDISTRIBUTE = re.compile(r"redistribute (\S+)(?: metric (\d+))?(?: metric-type (\d))?(?: route-map (\S+))?")
_DEFAULT_REFERENCE = 100_000


def configured(config: Config) -> list[Ospf]:
    """Every instance without a number."""
    return [
        _instance(match[1] or "default", below)
        for header, below in config.sections("router ospf")
        if (match := _HEADER.fullmatch(header))
    ]


def lines(record: Ospf, config: Config) -> list[Line]:
    """Its section."""
    header = "router ospf" if record.vrf == "default" else f"router ospf vrf {record.vrf}"
    section = config.section(header)
    texts = [f"ospf router-id {record.router_id}"] if record.router_id else []
    if record.log_adjacency_changes:
        texts.append(existing(section, "log-adjacency-changes"))
    if record.reference_bandwidth_mbps not in (None, _DEFAULT_REFERENCE):
        texts.append(f"auto-cost reference-bandwidth {record.reference_bandwidth_mbps}")
    if record.maximum_paths is not None:
        texts.append(f"maximum-paths {record.maximum_paths}")
    if record.passive_default:
        texts.append("passive-interface default")
    texts += [f"network {network.prefix} area {network.area}" for network in record.networks]
    texts += [_redistribution(source) for source in record.redistribute]
    if record.default_originate:
        texts.append(existing(section, "default-information originate"))
    return [Line(header), *(Line(text, (header,)) for text in texts)]


def render(have: Ospf | None, want: Ospf | None, config: Config) -> list[Line]:
    """The least change."""
    if want is not None:
        refuse(want, ("process",), f"ospf {want.vrf}", "FRR has one instance a VRF, without a", hint="leave it out")
        for source in want.redistribute:
            refuse(source, ("process",), f"ospf {want.vrf}: redistribute {source.protocol}", "FRR names no")
    return change(have, want, config, lines)


def canonical(record: Ospf) -> Ospf:
    """Networks and sources sorted, defaults as None."""
    reference = record.reference_bandwidth_mbps
    return replace(
        record,
        reference_bandwidth_mbps=None if reference == _DEFAULT_REFERENCE else reference,
        networks=tuple(sorted(record.networks, key=lambda network: network.key)),
        redistribute=tuple(
            replace(source, metric_type=None if source.metric_type == 2 else source.metric_type)
            for source in sorted(record.redistribute, key=lambda source: source.protocol)
        ),
    )


def _instance(vrf: str, below: Tree) -> Ospf:
    networks = [OspfNetwork(match[1], match[2]) for text in below if (match := _NETWORK.fullmatch(text))]
    sources = [
        OspfRedistribution(
            match[1],
            policy=match[4],
            metric=int(match[2]) if match[2] else None,
            metric_type=int(match[3]) if match[3] else None,
        )
        for text in below
        if (match := _REDISTRIBUTE.fullmatch(text))
    ]
    return canonical(
        Ospf(
            vrf=vrf,
            router_id=word(below, "ospf router-id "),
            log_adjacency_changes=any(text.startswith("log-adjacency-changes") for text in below),
            reference_bandwidth_mbps=number(below, "auto-cost reference-bandwidth "),
            maximum_paths=number(below, "maximum-paths "),
            passive_default="passive-interface default" in below,
            networks=tuple(networks),
            redistribute=tuple(sources),
            default_originate=any(text.startswith("default-information originate") for text in below),
        )
    )


def _redistribution(source: OspfRedistribution) -> str:
    text = f"redistribute {source.protocol}"
    if source.metric is not None:
        text += f" metric {source.metric}"
    if source.metric_type not in (None, 2):
        text += f" metric-type {source.metric_type}"
    return text + (f" route-map {source.policy}" if source.policy else "")
