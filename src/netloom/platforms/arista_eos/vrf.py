"""VRFs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from netloom.errors import Unsupported
from netloom.model.config import Config, Line, Tree
from netloom.model.vrf import Vrf, VrfState
from netloom.platforms.arista_eos import show_vrf
from netloom.platforms.arista_eos.bgp_instance import OF_THE_VRF
from netloom.platforms.arista_eos.change import change
from netloom.platforms.arista_eos.syntax import vrf_header
from netloom.platforms.line_words import value, word

READ = show_vrf.READ

_ROUTING = {"ipv4": "ip routing vrf", "ipv6": "ipv6 unicast-routing vrf"}
_TARGET = re.compile(r"route-target (import|export) (?:(evpn|vpn-ipv4|vpn-ipv6) )?(\S+)")


def configured(config: Config) -> list[Vrf]:
    """Every VRF; BGP's section of it tells the route distinguisher and the targets since 4.22."""
    return [
        _vrf(header.split()[2], below, config)
        for header, below in config.sections("vrf ")
        if header.startswith(("vrf instance ", "vrf definition "))
    ]


def lines(record: Vrf, config: Config) -> list[Line]:
    """Its section, its routing, and what `router bgp` says of it."""
    header = vrf_header(config, record.name)
    found = [Line(header)]
    if record.description:
        found.append(Line(f"description {record.description}", (header,)))
    for family, start in _ROUTING.items():
        text = f"{start} {record.name}"
        if family in record.routing:
            found.append(Line(text))
        elif f"no {text}" in config.tree:
            found.append(Line(f"no {text}"))
    return found + list(_bgp_lines(record, header, config))


def render(have: Vrf | None, want: Vrf | None, config: Config) -> list[Line]:
    """The least change; targets need BGP."""
    if want is not None and (want.import_targets or want.export_targets or want.rd) and _needs_bgp(want, config):
        hint = "wish for an instance under `bgp:`"
        raise Unsupported(f"vrf {want.name}: rd and targets stand in `router bgp`; there is none", device="", hint=hint)
    return change(have, want, config, lines)


def canonical(record: Vrf) -> Vrf:
    """Targets and families sorted."""
    return Vrf(
        name=record.name,
        description=record.description or None,
        rd=record.rd,
        import_targets=tuple(sorted(set(record.import_targets))),
        export_targets=tuple(sorted(set(record.export_targets))),
        routing=tuple(sorted(set(record.routing))),
    )


def _vrf(name: str, below: Tree, config: Config) -> Vrf:
    _, bgp = _in_bgp(name, config)
    targets: dict[str, list[str]] = {"import": [], "export": []}
    for text in bgp:
        if match := _TARGET.fullmatch(text):
            targets[match[1]].append(match[3])
    return canonical(
        Vrf(
            name=name,
            description=value(below, "description "),
            rd=word(below, "rd ") or word(bgp, "rd "),
            import_targets=tuple(targets["import"]),
            export_targets=tuple(targets["export"]),
            routing=tuple(family for family, start in _ROUTING.items() if f"{start} {name}" in config.tree),
        )
    )


def _in_bgp(name: str, config: Config) -> tuple[tuple[str, ...], Tree]:
    """The path of a VRF's section in `router bgp`, empty without BGP, and what stands there."""
    header = next((header for header, _ in config.sections("router bgp ")), None)
    if header is None:
        return (), {}
    path = (header, f"vrf {name}")
    return path, config.section(*path)


def _bgp_lines(record: Vrf, header: str, config: Config) -> Iterator[Line]:
    path, present = _in_bgp(record.name, config)
    own = config.section(header)
    if path and (present or record.import_targets or record.export_targets) and _only_of_the_vrf(present):
        yield Line(path[1], path[:1])
    if record.rd is not None:
        here = f"rd {record.rd}" in own or (header.startswith("vrf definition ") and f"rd {record.rd}" not in present)
        yield Line(f"rd {record.rd}", (header,) if here or not path else path)
    spelled: dict[tuple[str, str], list[str]] = {}
    for text in present:
        if match := _TARGET.fullmatch(text):
            spelled.setdefault((match[1], match[3]), []).append(text)
    for direction, targets in (("import", record.import_targets), ("export", record.export_targets)):
        for target in targets:
            for text in spelled.get((direction, target), [f"route-target {direction} evpn {target}"]):
                yield Line(text, path)


def _only_of_the_vrf(present: Tree) -> bool:
    return all(text.startswith(OF_THE_VRF) for text in present)


def _needs_bgp(want: Vrf, config: Config) -> bool:
    path, _ = _in_bgp(want.name, config)
    header = vrf_header(config, want.name)
    in_definition = header.startswith("vrf definition ") and not (want.import_targets or want.export_targets)
    return not path and not in_definition and f"rd {want.rd}" not in config.section(header)


def observed(*outputs: str) -> list[VrfState]:
    """Every VRF, as eAPI or the command line tells."""
    return show_vrf.vrfs(outputs)
