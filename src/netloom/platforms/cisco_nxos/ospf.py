"""OSPFv2 instances of a Nexus."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from dataclasses import replace

from netloom.errors import Unsupported
from netloom.model.config import Config, Line, Tree
from netloom.model.ospf import Ospf, OspfRedistribution
from netloom.platforms.cisco_nxos.change import change
from netloom.platforms.cisco_nxos.redistribution import needs_policy, redistribution, sources
from netloom.platforms.line_words import address_word, existing, number

_HEADER = "router ospf "
_REFERENCE = re.compile(r"auto-cost reference-bandwidth (\d+)(?: ([GM])bps)?", re.IGNORECASE)
_DEFAULT_REFERENCE, _DEFAULT_PATHS = 40_000, 8
_LOG, _ORIGINATE = "log-adjacency-changes", "default-information originate"


def configured(config: Config) -> list[Ospf]:
    """The first process of each VRF: a record has room for one."""
    found: dict[str, Ospf] = {}
    for vrf, process, below in _instances(config):
        found.setdefault(vrf, _instance(vrf, process, below))
    return list(found.values())


def lines(record: Ospf, config: Config) -> list[Line]:
    """The process and, for another VRF, its section there."""
    process = record.process or process_of(config, record.vrf)
    path = (f"{_HEADER}{process}",) if record.vrf == "default" else (f"{_HEADER}{process}", f"vrf {record.vrf}")
    section = config.section(*path)
    texts = [f"router-id {record.router_id}"] if record.router_id else []
    if record.log_adjacency_changes:
        texts.append(existing(section, _LOG))
    if record.reference_bandwidth_mbps not in (None, _DEFAULT_REFERENCE):
        texts.append(_reference_text(record.reference_bandwidth_mbps or 0, section))
    if record.maximum_paths not in (None, _DEFAULT_PATHS):
        texts.append(f"maximum-paths {record.maximum_paths}")
    if record.passive_default:
        texts.append("passive-interface default")
    texts += [
        redistribution((source.protocol, source.process, source.policy), section) for source in record.redistribute
    ]
    if record.default_originate:
        texts.append(existing(section, _ORIGINATE))
    return [Line(path[0]), *(Line(header, path[:1]) for header in path[1:]), *(Line(text, path) for text in texts)]


def render(have: Ospf | None, want: Ospf | None, config: Config) -> list[Line]:
    """The least change; a process that other VRFs use loses its own lines only."""
    if want is not None:
        _check(have, want)
        return change(have, want, config, lines, "feature ospf")
    shared = have is not None and any(
        text.startswith("vrf ") for text in config.section(f"{_HEADER}{have.process}") if have.vrf == "default"
    )
    return change(have, want, config, _own if shared else _whole)


def canonical(record: Ospf) -> Ospf:
    """Sources sorted, defaults as None."""
    return replace(
        record,
        log_adjacency_changes=record.log_adjacency_changes or None,
        reference_bandwidth_mbps=_unless(record.reference_bandwidth_mbps, _DEFAULT_REFERENCE),
        maximum_paths=_unless(record.maximum_paths, _DEFAULT_PATHS),
        redistribute=tuple(sorted(record.redistribute, key=lambda source: source.key)),
    )


def process_of(config: Config, vrf: str) -> str:
    """The process of a VRF, else the first there is, else 1."""
    known = list(_instances(config))
    return next((process for found, process, _ in known if found == vrf), known[0][1] if known else "1")


def dotted(area: str) -> str:
    """An area as NX-OS shows it: 0.0.0.1."""
    return str(ipaddress.IPv4Address(int(area))) if area.isdigit() else area


def _instances(config: Config) -> Iterator[tuple[str, str, Tree]]:
    """VRF, process and section."""
    for header, below in config.sections(_HEADER):
        process = header.removeprefix(_HEADER)
        yield "default", process, below
        for text, section in below.items():
            if text.startswith("vrf "):
                yield text.removeprefix("vrf "), process, section


def _instance(vrf: str, process: str, below: Tree) -> Ospf:
    redistributed = (OspfRedistribution(name, policy=policy, process=of) for name, of, policy in sources(below))
    return canonical(
        Ospf(
            vrf=vrf,
            process=process,
            router_id=address_word(below, "router-id "),
            log_adjacency_changes=_LOG in below or f"{_LOG} detail" in below or None,
            reference_bandwidth_mbps=_reference(below),
            maximum_paths=number(below, "maximum-paths "),
            passive_default="passive-interface default" in below,
            redistribute=tuple(redistributed),
            default_originate=any(text.startswith(_ORIGINATE) for text in below),
        )
    )


def _reference(below: Tree) -> int | None:
    for text in below:
        if match := _REFERENCE.fullmatch(text):
            return int(match[1]) * (1000 if (match[2] or "").upper() == "G" else 1)
    return None


def _reference_text(mbps: int, section: Tree) -> str:
    """In Gbps where that is a whole number; as the configuration has it where it means the same."""
    if _reference(section) == mbps:
        return existing(section, "auto-cost reference-bandwidth")
    unit = f"{mbps // 1000} Gbps" if mbps % 1000 == 0 else f"{mbps} Mbps"
    return f"auto-cost reference-bandwidth {unit}"


def _whole(record: Ospf, config: Config) -> list[Line]:
    """What goes with an instance: in another VRF not the process."""
    found = lines(record, config)
    return found if record.vrf == "default" else found[1:]


def _own(record: Ospf, config: Config) -> list[Line]:
    return lines(record, config)[1:]


def _check(have: Ospf | None, want: Ospf) -> None:
    if want.networks:
        raise Unsupported(
            f"ospf {want.vrf}: NX-OS has no networks", device="", hint="say the area of each ospf_interface"
        )
    new = [source for source in want.redistribute if have is None or source not in have.redistribute]
    needs_policy((source.protocol, source.process, source.policy) for source in new)
    for source in new:
        if source.metric is not None or source.metric_type is not None:
            raise Unsupported(
                f"ospf {want.vrf}: NX-OS has no metric for {source.protocol}", device="", hint="set it in the policy"
            )


def _unless(found: int | None, default: int) -> int | None:
    return None if found == default else found
