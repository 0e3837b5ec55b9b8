"""The VRFs of a Cisco IOS device."""

from __future__ import annotations

import re
from dataclasses import replace

from netloom.errors import Unsupported
from netloom.model.config import Config, Line, Tree
from netloom.model.vrf import Vrf, VrfState
from netloom.platforms.cisco_ios import screen, show_vrf
from netloom.platforms.cisco_ios.change import change
from netloom.platforms.contract import Read
from netloom.platforms.line_words import value, word

READ = Read("show vrf detail")
_FAMILY = re.compile(r"address-family (ipv[46])(?: unicast)?")
_TARGET = "route-target"


def configured(config: Config) -> list[Vrf]:
    """VRFs of both kinds: `vrf definition`, and `ip vrf` for IPv4 alone."""
    new = [_vrf(header.split(" ")[2], below, old=False) for header, below in config.sections("vrf definition ")]
    olds = [(header, below) for header, below in config.sections("ip vrf ") if header.count(" ") == 2]
    return new + [_vrf(header.split(" ")[2], below, old=True) for header, below in olds]


def lines(record: Vrf, config: Config) -> list[Line]:
    """Its section, and one for each address family."""
    header = _header(record.name, config)
    section = config.section(header)
    texts = [f"description {record.description}"] if record.description else []
    texts += [f"rd {record.rd}"] if record.rd else []
    found = [Line(header), *(Line(text, (header,)) for text in texts)]
    routing = _routing(record, config)
    paths: list[tuple[str, ...]] = [(header,)]
    if not header.startswith("ip "):
        paths = [(header, _family(name, section)) for name in routing]
        found += [Line(path[-1], (header,)) for path in paths]
    for kind, targets in (("import", record.import_targets), ("export", record.export_targets)):
        for target in targets:
            text = f"{_TARGET} {kind} {target}"
            present = [path for path in ((header,), *paths) if text in config.section(*path)]
            found += [Line(text, path) for path in dict.fromkeys(present or paths)]
    return found


def render(have: Vrf | None, want: Vrf | None, config: Config) -> list[Line]:
    """The least change."""
    if want is not None and _header(want.name, config).startswith("ip ") and "ipv6" in want.routing:
        raise Unsupported(
            f"vrf {want.name}: a VRF of the old kind routes IPv4 alone", device="", hint="run `vrf upgrade-cli` first"
        )
    return change(have, want, config, lines)


def canonical(record: Vrf) -> Vrf:
    """Targets in order; IPv4 where nothing is said, for a VRF without a family takes no address."""
    return replace(
        record,
        import_targets=tuple(sorted(record.import_targets)),
        export_targets=tuple(sorted(record.export_targets)),
        routing=tuple(sorted(record.routing)) or ("ipv4",),
    )


def _vrf(name: str, below: Tree, *, old: bool) -> Vrf:
    families = {match[1]: text for text in below if (match := _FAMILY.fullmatch(text))}
    sections = [below, *(below[text] for text in families.values())]
    targets: dict[str, list[str]] = {"import": [], "export": []}
    for text in (text for section in sections for text in section):
        if text.startswith(f"{_TARGET} ") and text.count(" ") == 2:
            targets.setdefault(text.split(" ")[1], []).append(text.split(" ")[2])
    return Vrf(
        name=name,
        description=value(below, "description "),
        rd=word(below, "rd "),
        import_targets=tuple(sorted(set(targets["import"]))),
        export_targets=tuple(sorted(set(targets["export"]))),
        routing=("ipv4",) if old else tuple(sorted(families)),
    )


def _header(name: str, config: Config) -> str:
    """The old kind where the VRF, or every VRF that there is, is of it."""
    if f"vrf definition {name}" in config.tree:
        return f"vrf definition {name}"
    new = any(text.startswith("vrf definition ") for text in config.tree)
    old = any(text.startswith("ip vrf ") for text in config.tree)
    return f"ip vrf {name}" if f"ip vrf {name}" in config.tree or (old and not new) else f"vrf definition {name}"


def _routing(record: Vrf, config: Config) -> tuple[str, ...]:
    """IPv4 where nothing is said, but for a VRF that is configured without a family."""
    section = config.tree.get(f"vrf definition {record.name}")
    bare = section is not None and not any(map(_FAMILY.fullmatch, section))
    return tuple(sorted(record.routing)) or (() if bare else ("ipv4",))


def _family(name: str, section: Tree) -> str:
    spelled = f"address-family {name} unicast"
    return spelled if spelled in section else f"address-family {name}"


def observed(*outputs: str) -> list[VrfState]:
    """Every VRF and its interfaces."""
    return screen.records(outputs, show_vrf.READERS, unite=("interfaces",))
