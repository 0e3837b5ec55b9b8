"""BGP on an IOS router: one AS number, an instance for each VRF."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import replace
from typing import Literal

from netloom.errors import Unsupported
from netloom.model.bgp import Bgp, BgpNetwork, BgpRedistribution
from netloom.model.config import Config, Line, Tree
from netloom.platforms.as_numbers import as_number
from netloom.platforms.cisco_ios.bgp_effects import NO_DEFAULT
from netloom.platforms.cisco_ios.bgp_instance import Instance, instance, instances, planned_instance
from netloom.platforms.cisco_ios.change import change
from netloom.platforms.cisco_ios.reading import apply_lines
from netloom.platforms.cisco_ios.words import is_classful, network, with_mask
from netloom.platforms.line_words import address_word, number

_NETWORK = re.compile(r"network (\d+\.\S+|[0-9A-Fa-f]*:\S*)(?: mask (\S+))?( backdoor)?(?: route-map (\S+))?")
_REDISTRIBUTE = re.compile(
    r"redistribute (\S+?)(?: (?!metric|route-map|match)(\S+))?((?: (?!route-map)\S+)*)(?: route-map (\S+))?"
)
_TIMERS = re.compile(r"timers bgp (\d+) (\d+)(?: \d+)?")
_WITH_PROCESS = ("ospf", "eigrp", "isis", "ospfv3")
_DEFAULT_TIMERS = (60, 180)
_RELAX = "bgp bestpath as-path multipath-relax"
_LOG = "bgp log-neighbor-changes"


def configured(config: Config) -> list[Bgp]:
    """The instance of every VRF."""
    return [_instance(place, config) for place in instances(config)]


def lines(record: Bgp, config: Config) -> list[Line]:
    """The instance's own lines and those of its address families."""
    shown = canonical(record)
    place = planned_instance(config, record.vrf, record.asn)
    known = as_number(place.header.removeprefix("router bgp "))
    header = place.header if known == record.asn else f"router bgp {record.asn}"
    default = record.vrf == "default"
    home = (header,) if default else (header, place.families["ipv4-unicast"][-1])
    section = config.section(*home)
    found = [Line(header)] if default else [Line(home[-1], (header,))]
    found += [Line(text, home) for text in _own_texts(shown, section)]
    for name, path in place.families.items():
        family = (header, *path[1:])
        texts = [_network(each, config.section(*family)) for each in shown.networks if _version(each.prefix) == name]
        texts += [_source(each, family, config) for each in shown.redistribute if f"{each.family}-unicast" == name]
        if name == "ipv4-unicast" and shown.maximum_paths is not None:
            texts.append(f"maximum-paths {shown.maximum_paths}")
        if family != home and config.section(header).get(family[1]) == {}:
            found.append(Line(family[1], (header,)))  # empty: others' lines in it account for it elsewhere
        found += [Line(text, family) for text in texts]
    return found


def render(have: Bgp | None, want: Bgp | None, config: Config) -> list[Line]:
    """The least change; another AS number makes the instance anew, with all that stands in it."""
    if want is not None:
        if want.ebgp_requires_policy:
            raise Unsupported("bgp: IOS accepts and sends without a policy", device="", hint="leave it out")
        _refuse_in_vrf(want)
        other = next((place.asn for place in instances(config)), want.asn)
        if want.vrf != "default" and other != want.asn:
            raise ValueError(f"bgp in VRF {want.vrf}: expected AS {other}, which IOS has for all VRFs, got {want.asn}")
    if want is None and have is not None and have.vrf != "default":
        header = planned_instance(config, have.vrf, have.asn).header
        gone = [path[1] for path in planned_instance(config, have.vrf, have.asn).families.values()]
        return [Line(f"no {text}", (header,)) for text in gone if text in config.section(header)]
    made = change(have, want, config, lines)
    if want is not None and want.log_neighbor_changes is False:
        predicted = apply_lines(config, made)
        place = instance(predicted, "default")
        if place is not None and _LOG in predicted.section(place.header):
            made.append(Line(f"no {_LOG}", (place.header,)))
    return made


def kept(record: Bgp, config: Config) -> Bgp:
    """An instance in a VRF, with the AS number that IOS has for all of them."""
    asn = next((place.asn for place in instances(config)), record.asn)
    return record if record.vrf == "default" else replace(record, asn=asn)


def canonical(record: Bgp) -> Bgp:
    """The system's defaults spelled out, both timers where one is set; networks and sources sorted."""
    default = record.vrf == "default"
    timers: tuple[int | None, int | None] = (record.keepalive_s, record.hold_time_s)
    if timers != (None, None):
        hold = record.hold_time_s if record.hold_time_s is not None else _DEFAULT_TIMERS[1]
        keep = record.keepalive_s if record.keepalive_s is not None else min(_DEFAULT_TIMERS[0], hold // 3)
        timers = (None, None) if (keep, hold) == _DEFAULT_TIMERS else (keep, hold)
    return replace(
        record,
        ebgp_requires_policy=record.ebgp_requires_policy or None,
        log_neighbor_changes=record.log_neighbor_changes is not False if default else None,
        default_ipv4_unicast=record.default_ipv4_unicast is not False if default else None,
        multipath_relax=bool(record.multipath_relax) if default else None,
        keepalive_s=timers[0],
        hold_time_s=timers[1],
        maximum_paths=None if record.maximum_paths == 1 else record.maximum_paths,
        networks=tuple(sorted(record.networks, key=lambda each: each.key)),
        redistribute=tuple(sorted(record.redistribute, key=lambda each: each.key)),
    )


def _refuse_in_vrf(record: Bgp) -> None:
    for field in ("log_neighbor_changes", "multipath_relax", "default_ipv4_unicast"):
        if record.vrf != "default" and getattr(record, field) is not None:
            raise Unsupported(f"bgp in VRF {record.vrf}: IOS has one {field} for all VRFs", device="")


def _instance(place: Instance, config: Config) -> Bgp:
    home = (
        config.section(*place.home("")) if place.vrf == "default" else config.section(*place.families["ipv4-unicast"])
    )
    timers = next((match for text in home if (match := _TIMERS.fullmatch(text))), None)
    networks: list[BgpNetwork] = []
    sources: list[BgpRedistribution] = []
    for name, path in place.families.items():
        family: Literal["ipv4", "ipv6"] = "ipv4" if name == "ipv4-unicast" else "ipv6"
        for text in config.section(*path):
            if found := _read_network(text):
                networks.append(found)
            elif (source := _read_source(text, family)) and source.key not in {each.key for each in sources}:
                sources.append(source)
    return canonical(
        Bgp(
            asn=place.asn,
            vrf=place.vrf,
            router_id=address_word(home, "bgp router-id "),
            log_neighbor_changes=_LOG in home,
            multipath_relax=_RELAX in home,
            default_ipv4_unicast=NO_DEFAULT not in home,
            keepalive_s=int(timers[1]) if timers else None,
            hold_time_s=int(timers[2]) if timers else None,
            maximum_paths=number(config.section(*place.families["ipv4-unicast"]), "maximum-paths "),
            networks=tuple(networks),
            redistribute=tuple(sources),
        )
    )


def _own_texts(record: Bgp, section: Tree) -> list[str]:
    texts = [f"bgp router-id {record.router_id}"] if record.router_id else []
    texts += [_LOG] if record.log_neighbor_changes else []
    texts += [_RELAX] if record.multipath_relax else []
    texts += [NO_DEFAULT] if record.default_ipv4_unicast is False else []
    if record.hold_time_s is not None:
        text = f"timers bgp {record.keepalive_s} {record.hold_time_s}"
        texts.append(next((stated for stated in section if stated.startswith(f"{text} ")), text))
    return texts


def _version(prefix: str) -> str:
    return "ipv6-unicast" if ":" in prefix else "ipv4-unicast"


def _read_network(text: str) -> BgpNetwork | None:
    match = _NETWORK.fullmatch(text) if text.startswith("network ") else None
    if match is None:
        return None
    prefix = match[1].lower() if ":" in match[1] else network(match[1], match[2])
    return BgpNetwork(str(ipaddress.ip_network(prefix)), match[4]) if prefix else None


def _network(record: BgpNetwork, section: Tree) -> str:
    """The line as the section spells it, with the options that no field holds."""
    policy = f" route-map {record.policy}" if record.policy else ""
    for text in section:
        if (found := _read_network(text)) and found.prefix == record.prefix:
            return text if found == record else text.partition(" route-map ")[0] + policy
    if ":" in record.prefix:
        return f"network {record.prefix.upper()}{policy}"
    address, mask = with_mask(record.prefix).split(" ")
    return f"network {address}{'' if is_classful(record.prefix) else f' mask {mask}'}{policy}"


def _read_source(text: str, family: Literal["ipv4", "ipv6"]) -> BgpRedistribution | None:
    match = _REDISTRIBUTE.fullmatch(text) if text.startswith("redistribute ") else None
    if match is None:
        return None
    process = match[2] if match[1] in _WITH_PROCESS else None
    return BgpRedistribution(family, match[1], match[4], process)


def _source(record: BgpRedistribution, path: tuple[str, ...], config: Config) -> str:
    """The line as the section spells it; a protocol with processes by the VRF's own."""
    policy = f" route-map {record.policy}" if record.policy else ""
    for text in config.section(*path):
        found = _read_source(text, record.family)
        if found and found.protocol == record.protocol and record.process in (None, found.process):
            same = found.policy == record.policy
            return text if same else text.partition(" route-map ")[0] + policy
    if record.protocol not in _WITH_PROCESS:
        return f"redistribute {record.protocol}{policy}"
    return f"redistribute {record.protocol} {record.process or _process(record.protocol, path, config)}{policy}"


def _process(protocol: str, path: tuple[str, ...], config: Config) -> str:
    vrf = path[-1].rpartition(" vrf ")[2] if " vrf " in path[-1] else ""
    for header, _ in config.sections(f"router {protocol} "):
        words = header.split(" ")
        if (words[3:] == ["vrf", vrf]) if vrf else len(words) == 3:
            return words[2]
    return "1"
