"""OSPFv2 processes of an IOS router."""

from __future__ import annotations

import re
from dataclasses import replace

from netloom.model.config import Config, Line, Tree
from netloom.model.ospf import Ospf, OspfNetwork, OspfRedistribution
from netloom.platforms.cisco_ios.change import change
from netloom.platforms.cisco_ios.words import version, wildcard_network, with_wildcard
from netloom.platforms.line_words import address_word, existing, number

_HEADER = re.compile(r"router ospf (\d+)(?: vrf (\S+))?")
_NETWORK = re.compile(r"network (\S+) (\S+) area (\S+)")
_REDISTRIBUTE = re.compile(r"redistribute (\S+?)(?: (?!metric|subnets|route-map|tag|match)(\S+))?((?: \S+)*)")
_METRIC, _TYPE, _MAP = re.compile(r" metric (\d+)"), re.compile(r" metric-type (\d)"), re.compile(r" route-map (\S+)")
_WITH_PROCESS = ("ospf", "eigrp", "isis", "bgp")
_DEFAULT_REFERENCE = 100
_DEFAULT_PATHS = 4
_LOGS = "log-adjacency-changes"


def configured(config: Config) -> list[Ospf]:
    """The first process of every VRF; others are left to the unmodelled."""
    found: dict[str, Ospf] = {}
    for header, below in config.sections("router ospf "):
        if match := _HEADER.fullmatch(header):
            vrf = match[2] or "default"
            found.setdefault(vrf, _instance(vrf, match[1], below))
    return list(found.values())


def lines(record: Ospf, config: Config) -> list[Line]:
    """Its section, spelled as the configuration does."""
    header = header_of(record, config)
    section = config.section(header)
    shown = canonical(record)
    texts = [f"router-id {shown.router_id}"] if shown.router_id else []
    texts += _logging(shown.log_adjacency_changes, section, config)
    if shown.reference_bandwidth_mbps is not None:
        texts.append(f"auto-cost reference-bandwidth {shown.reference_bandwidth_mbps}")
    if shown.maximum_paths is not None:
        texts.append(f"maximum-paths {shown.maximum_paths}")
    if shown.passive_default:
        texts.append("passive-interface default")
    texts += [f"network {with_wildcard(each.prefix)} area {each.area}" for each in shown.networks]
    texts += [_redistribution(source, section, config) for source in shown.redistribute]
    if shown.default_originate:
        texts.append(existing(section, "default-information originate"))
    return [Line(header), *(Line(text, (header,)) for text in texts)]


def render(have: Ospf | None, want: Ospf | None, config: Config) -> list[Line]:
    """The least change; another process number makes the instance anew."""
    return change(have, want, config, lines)


def canonical(record: Ospf) -> Ospf:
    """Networks and sources sorted, defaults as None."""
    reference, paths = record.reference_bandwidth_mbps, record.maximum_paths
    return replace(
        record,
        reference_bandwidth_mbps=None if reference == _DEFAULT_REFERENCE else reference,
        maximum_paths=None if paths == _DEFAULT_PATHS else paths,
        networks=tuple(sorted(record.networks, key=lambda network: network.key)),
        redistribute=tuple(
            replace(source, metric_type=None if source.metric_type == 2 else source.metric_type)
            for source in sorted(record.redistribute, key=lambda source: source.key)
        ),
    )


def header_of(record: Ospf, config: Config) -> str:
    """The section of an instance: the VRF's own where no process is named, else the next free number."""
    vrf = "" if record.vrf == "default" else f" vrf {record.vrf}"
    taken = {match[1]: match[2] or "default" for header in config.tree if (match := _HEADER.fullmatch(header))}
    process = record.process or next((number for number, owner in taken.items() if owner == record.vrf), None)
    if process is None:
        process = next(str(number) for number in range(1, 65536) if str(number) not in taken)
    return f"router ospf {process}{vrf}"


def _instance(vrf: str, process: str, below: Tree) -> Ospf:
    networks = [
        OspfNetwork(prefix, match[3])
        for text in below
        if (match := _NETWORK.fullmatch(text)) and (prefix := wildcard_network(match[1], match[2]))
    ]
    sources = {source.key: source for text in below if (source := _source(text))}
    logs = any(text.startswith(_LOGS) for text in below)
    return canonical(
        Ospf(
            vrf=vrf,
            process=process,
            router_id=address_word(below, "router-id "),
            log_adjacency_changes=True if logs else False if f"no {_LOGS}" in below else None,
            reference_bandwidth_mbps=number(below, "auto-cost reference-bandwidth "),
            maximum_paths=number(below, "maximum-paths "),
            passive_default="passive-interface default" in below,
            networks=tuple(networks),
            redistribute=tuple(sources.values()),
            default_originate=any(text.startswith("default-information originate") for text in below),
        )
    )


def _logging(wanted: bool | None, section: Tree, config: Config) -> list[str]:
    """Since release 15 it is on by default, and not shown."""
    if wanted is None:
        return []
    release = version(config)
    if not wanted:
        return [f"no {_LOGS}"]
    stated = existing(section, _LOGS)
    return [] if release is not None and release >= (15, 0) and stated not in section else [stated]


def _source(text: str) -> OspfRedistribution | None:
    match = _REDISTRIBUTE.fullmatch(text) if text.startswith("redistribute ") else None
    if match is None:
        return None
    metric, kind, policy = (pattern.search(match[3]) for pattern in (_METRIC, _TYPE, _MAP))
    return OspfRedistribution(
        match[1],
        policy=policy[1] if policy else None,
        metric=int(metric[1]) if metric else None,
        metric_type=int(kind[1]) if kind and kind[1] != "2" else None,
        process=match[2] if match[1] in _WITH_PROCESS else None,
    )


def _redistribution(source: OspfRedistribution, section: Tree, config: Config) -> str:
    """The line as the section spells it; new ones take subnets along, which IOS would leave out."""
    process, subnets = source.process or "", " subnets"
    for text in section:
        found = _source(text)
        if found is not None and found.protocol == source.protocol and source.process in (None, found.process):
            if found == replace(source, process=found.process):
                return text
            process = found.process or ""
            subnets = " subnets" if " subnets" in text else ""
    if not process and source.protocol in _WITH_PROCESS:
        process = next((header.split(" ")[2] for header, _ in config.sections(f"router {source.protocol} ")), "1")
    text = f"redistribute {source.protocol}" + (f" {process}" if process else "")
    text += f" metric {source.metric}" if source.metric is not None else ""
    text += f" metric-type {source.metric_type}" if source.metric_type is not None else ""
    text += subnets
    return text + (f" route-map {source.policy}" if source.policy else "")
