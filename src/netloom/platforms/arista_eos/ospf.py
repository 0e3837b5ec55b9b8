"""OSPFv2 instances of an EOS switch."""

from __future__ import annotations

import re
from dataclasses import replace

from netloom.errors import Unsupported
from netloom.model.config import Config, Line, Tree, once
from netloom.model.ospf import Ospf, OspfNetwork, OspfRedistribution
from netloom.model.text import canonical_prefix
from netloom.platforms.arista_eos.change import change
from netloom.platforms.arista_eos.rules_interface import dotted
from netloom.platforms.line_words import address_word, existing, number
from netloom.platforms.refusals import refuse

_HEADER = re.compile(r"router ospf (\d+)(?: vrf (\S+))?")
_NETWORK = re.compile(r"network (\S+/\d+) area (\S+)")
_REDISTRIBUTE = re.compile(r"redistribute (\S+)((?: (?!route-map |match )\S+)*)(?: route-map (\S+))?")
_DEFAULT_REFERENCE = 100
_LOG = "log-adjacency-changes"
_MAX_LSA = "max-lsa 12000"


def configured(config: Config) -> list[Ospf]:
    """Every instance, one a VRF."""
    found: dict[str, Ospf] = {}
    for process, vrf, _, below in _instances(config):
        found.setdefault(vrf, _instance(process, vrf, below))
    return list(found.values())


def lines(record: Ospf, config: Config) -> list[Line]:
    """Its section."""
    shown = canonical(record)
    header = _header_for(shown, config)
    section = config.section(header)
    texts = [f"router-id {shown.router_id}"] if shown.router_id else []
    if shown.log_adjacency_changes is False:
        texts.append(f"no {_LOG}")
    elif (log := existing(section, _LOG)) in section:
        texts.append(log)
    if shown.reference_bandwidth_mbps is not None:
        texts.append(f"auto-cost reference-bandwidth {shown.reference_bandwidth_mbps}")
    if shown.maximum_paths is not None:
        texts.append(f"maximum-paths {shown.maximum_paths}")
    if shown.passive_default:
        texts.append("passive-interface default")
    texts += [_network(network, section) for network in shown.networks]
    texts += [_redistribution(source, section) for source in shown.redistribute]
    if shown.default_originate:
        texts.append(existing(section, "default-information originate"))
    texts += [_MAX_LSA] if _MAX_LSA in section else []
    return [Line(header), *(Line(text, (header,)) for text in texts)]


def render(have: Ospf | None, want: Ospf | None, config: Config) -> list[Line]:
    """The least change; another process number makes the instance anew."""
    for source in want.redistribute if want is not None else ():
        refuse(source, ("process",), f"ospf: redistribute {source.protocol}", "EOS names no", hint="leave it out")
        if source.metric is not None or source.metric_type is not None:
            hint = "set them in its route map"
            title = f"ospf: redistribute {source.protocol}"
            raise Unsupported(f"{title}: EOS takes neither metric nor metric_type there", device="", hint=hint)
    return change(have, want, config, lines)


def canonical(record: Ospf) -> Ospf:
    """Networks and sources sorted, areas as addresses, defaults as None."""
    reference = record.reference_bandwidth_mbps
    networks = (replace(network, area=dotted(network.area)) for network in record.networks)
    return replace(
        record,
        log_adjacency_changes=False if record.log_adjacency_changes is False else None,
        reference_bandwidth_mbps=None if reference == _DEFAULT_REFERENCE else reference,
        networks=tuple(sorted(networks, key=lambda network: network.key)),
        redistribute=tuple(sorted(record.redistribute, key=lambda source: source.protocol)),
    )


def header_of(vrf: str, config: Config) -> str | None:
    """The header of a VRF's instance."""
    return next((header for _, found, header, _ in _instances(config) if found == vrf), None)


@once
def _instances(config: Config) -> list[tuple[str, str, str, Tree]]:
    found = ((_HEADER.fullmatch(header), below) for header, below in config.sections("router ospf "))
    return [(match[1], match[2] or "default", match[0], below) for match, below in found if match is not None]


def _header_for(record: Ospf, config: Config) -> str:
    present = header_of(record.vrf, config)
    if present is not None and record.process in (None, present.split()[2]):
        return present
    taken = {int(process) for process, *_ in _instances(config)}
    process = record.process or str(next(number for number in range(1, 65536) if number not in taken))
    return f"router ospf {process}" + (f" vrf {record.vrf}" if record.vrf != "default" else "")


def _instance(process: str, vrf: str, below: Tree) -> Ospf:
    networks = (match for text in below if (match := _NETWORK.fullmatch(text)))
    sources: dict[str, OspfRedistribution] = {}
    for text in below:
        if match := _REDISTRIBUTE.fullmatch(text):
            sources.setdefault(match[1], OspfRedistribution(match[1], policy=match[3]))
    return canonical(
        Ospf(
            vrf=vrf,
            process=process,
            router_id=address_word(below, "router-id "),
            log_adjacency_changes=False if f"no {_LOG}" in below else None,
            reference_bandwidth_mbps=number(below, "auto-cost reference-bandwidth "),
            maximum_paths=number(below, "maximum-paths "),
            passive_default="passive-interface default" in below,
            networks=tuple(OspfNetwork(canonical_prefix(match[1]), match[2]) for match in networks),
            redistribute=tuple(sources.values()),
            default_originate=any(text.startswith("default-information originate") for text in below),
        )
    )


def _network(network: OspfNetwork, section: Tree) -> str:
    found = ((text, match) for text in section if (match := _NETWORK.fullmatch(text)))
    same = (text for text, match in found if (match[1], dotted(match[2])) == (network.prefix, network.area))
    return next(same, f"network {network.prefix} area {network.area}")


def _redistribution(source: OspfRedistribution, section: Tree) -> str:
    """The line, with the options that the model does not know."""
    found = (match for text in section if (match := _REDISTRIBUTE.fullmatch(text)))
    options = next((match[2] for match in found if match[1] == source.protocol), "")
    return f"redistribute {source.protocol}{options}" + (f" route-map {source.policy}" if source.policy else "")
