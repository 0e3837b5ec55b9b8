"""The VRFs of a Nexus."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from netloom.errors import Unsupported
from netloom.model.config import Config, Line, Tree
from netloom.model.vrf import Vrf, VrfState
from netloom.platforms.cisco_nxos import show_vrf
from netloom.platforms.cisco_nxos.change import change
from netloom.platforms.cisco_nxos.screens import telling
from netloom.platforms.cisco_nxos.words import one_line
from netloom.platforms.line_words import value, word
from netloom.platforms.replies import Reader, merged

READ = show_vrf.READ

_READERS = (
    Reader(show_vrf.KNOWS_REPLY, show_vrf.vrf_replies),
    Reader(show_vrf.KNOWS, show_vrf.vrfs),
)


_HEADER = "vrf context "
_TARGET = re.compile(r"route-target (import|export|both) (\S+)")
_FAMILIES = {"ipv4": "address-family ipv4 unicast", "ipv6": "address-family ipv6 unicast"}
_MANAGEMENT = "management"


def configured(config: Config) -> list[Vrf]:
    """Every `vrf context`; route targets are those of all its address families together."""
    found = []
    for header, below in config.sections(_HEADER):
        families = [name for name, section in _FAMILIES.items() if section in below]
        found.append(
            Vrf(
                name=header.removeprefix(_HEADER),
                description=one_line(value(below, "description ")),
                rd=word(below, "rd "),
                import_targets=_together(below, families, "import"),
                export_targets=_together(below, families, "export"),
                routing=tuple(families),
            )
        )
    return found


def lines(record: Vrf, config: Config) -> list[Line]:
    """Its section, route targets in every address family."""
    header = f"{_HEADER}{record.name}"
    section = config.section(header)
    found = [Line(header)]
    if description := one_line(record.description):
        found.append(Line(f"description {description}", (header,)))
    if record.rd:
        found.append(Line(f"rd {record.rd}", (header,)))
    said = {pair for name in _FAMILIES.values() for pair in _said(section.get(name, {}))}
    for family in canonical(record).routing:
        name = _FAMILIES[family]
        found.append(Line(name, (header,)))
        found += [Line(text, (header, name)) for text in _target_texts(record, section.get(name, {}), said)]
    return found


def render(have: Vrf | None, want: Vrf | None, config: Config) -> list[Line]:
    """The least change; the VRF of the management port is there by itself and stays."""
    if want is not None and want.name == "default":
        raise Unsupported("vrf default: the default VRF of NX-OS has no settings", device="")
    if want is None and have is not None and have.name == _MANAGEMENT:
        return change(have, Vrf(_MANAGEMENT), config, lines)
    return change(have, want, config, lines)


def canonical(record: Vrf) -> Vrf:
    """Targets in order; they stand in an address family, IPv4's where none is named."""
    usual = ("ipv4",) if record.import_targets or record.export_targets else ()
    return replace(
        record,
        description=one_line(record.description),
        import_targets=tuple(sorted(set(record.import_targets))),
        export_targets=tuple(sorted(set(record.export_targets))),
        routing=tuple(name for name in _FAMILIES if name in (record.routing or usual)),
    )


def _targets(section: Tree) -> Iterator[tuple[str, str, str]]:
    for text in section:
        if match := _TARGET.fullmatch(text):
            for direction in ("import", "export") if match[1] == "both" else (match[1],):
                yield direction, match[2], text


def _said(section: Tree) -> set[tuple[str, str]]:
    return {(direction, target) for direction, target, _ in _targets(section)}


def _together(below: Tree, families: list[str], direction: str) -> tuple[str, ...]:
    sections = [below[_FAMILIES[family]] for family in families]
    return tuple(sorted({target for section in sections for way, target, _ in _targets(section) if way == direction}))


def _target_texts(record: Vrf, section: Tree, elsewhere: set[tuple[str, str]]) -> list[str]:
    """One line says both directions where the configuration says it so; what another family alone says stays there."""
    wanted = {("import", target) for target in record.import_targets}
    wanted |= {("export", target) for target in record.export_targets}
    wanted -= elsewhere - _said(section)
    texts: dict[str, None] = {}
    for direction, target in sorted(wanted):
        both = f"route-target both {target}"
        of_both = both in section and {("import", target), ("export", target)} <= wanted
        texts[both if of_both else f"route-target {direction} {target}"] = None
    return list(texts)


def observed(*outputs: str) -> list[VrfState]:
    """Every VRF, with its interfaces."""
    return merged(telling(outputs), _READERS)
