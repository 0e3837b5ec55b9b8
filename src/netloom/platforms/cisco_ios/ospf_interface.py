"""OSPFv2 on the interfaces of an IOS router."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Literal, cast

from netloom.errors import Unsupported
from netloom.model.config import Config, Line, Tree
from netloom.model.ospf_interface import OspfInterface
from netloom.platforms.cisco_ios.change import change
from netloom.platforms.cisco_ios.interface_headers import interface_header, interface_sections
from netloom.platforms.interface_names import CISCO_IOS
from netloom.platforms.line_words import number, value, word
from netloom.platforms.ospf_interface_table import ospf_interfaces

_AREA = re.compile(r"ip ospf (\d+) area (\S+)")
_PASSIVE = re.compile(r"(no )?passive-interface (?!default$)(.+)")
_HEADER = re.compile(r"router ospf (\d+)(?: vrf (\S+))?")
_NUMBERS = {
    "cost": "ip ospf cost",
    "hello_interval_s": "ip ospf hello-interval",
    "dead_interval_s": "ip ospf dead-interval",
    "priority": "ip ospf priority",
}
_NETWORKS = ("point-to-point", "broadcast", "non-broadcast", "point-to-multipoint")


def configured(config: Config) -> list[OspfInterface]:
    """Every interface with a line about OSPF, there or under `router ospf`."""
    passive = {name: stated for _, name, stated in _passive(config)}
    found = []
    for name, below in interface_sections(config):
        record = _interface(name, below, passive.pop(name, None))
        if record != OspfInterface(interface=name):
            found.append(record)
    return found + [OspfInterface(interface=name, passive=stated) for name, stated in passive.items()]


def lines(record: OspfInterface, config: Config) -> list[Line]:
    """The `ip ospf` lines of the interface's section, and what its process says of it."""
    path = (interface_header(record.interface, config),)
    section = config.section(*path)
    shown = canonical(record)
    texts = []
    if shown.area is not None:
        texts.append(f"ip ospf {_process(record, config)} area {shown.area}")
    texts += [f"{start} {found}" for field, start in _NUMBERS.items() if (found := getattr(shown, field)) is not None]
    if shown.network_type:
        texts.append(f"ip ospf network {shown.network_type}")
    texts += [text for text, on in {"ip ospf bfd": shown.bfd, "ip ospf mtu-ignore": shown.mtu_ignore}.items() if on]
    found_lines = [Line(text, path) for text in texts]
    if shown.passive is not None:
        stated = [header for header, name, _ in _passive(config) if name == record.interface]
        header = stated[0] if stated else _router(record, section, config)
        text = f"passive-interface {record.interface}"
        found_lines.append(Line(text if shown.passive else f"no {text}", (header,)))
    return found_lines


def render(have: OspfInterface | None, want: OspfInterface | None, config: Config) -> list[Line]:
    """The least change."""
    if want is not None and want.passive is not None and not any(map(_HEADER.fullmatch, config.tree)):
        raise Unsupported(
            f"ospf interface {want.interface}: there is no OSPF process to say that it is passive", device=""
        )
    return change(have, want, config, lines)


def canonical(record: OspfInterface) -> OspfInterface:
    """Without the priority that is the default."""
    return replace(record, priority=None if record.priority == 1 else record.priority)


def _passive(config: Config) -> list[tuple[str, str, bool]]:
    """Process's header, interface, and whether it is passive."""
    return [
        (header, match[2], not match[1])
        for header, below in config.sections("router ospf ")
        for text in below
        if (match := _PASSIVE.fullmatch(text))
    ]


def _interface(name: str, below: Tree, passive: bool | None) -> OspfInterface:
    area = next((match for text in below if (match := _AREA.fullmatch(text))), None)
    numbers = {field: number(below, f"{start} ") for field, start in _NUMBERS.items()}
    network = word(below, "ip ospf network ")
    return OspfInterface(
        interface=name,
        process=area[1] if area else None,
        area=area[2] if area else None,
        network_type=cast(
            "Literal['point-to-point', 'broadcast', 'non-broadcast', 'point-to-multipoint'] | None",
            network if network in _NETWORKS else None,
        ),
        passive=passive,
        bfd="ip ospf bfd" in below,
        mtu_ignore="ip ospf mtu-ignore" in below,
        **numbers,
    )


def _process(record: OspfInterface, config: Config) -> str:
    """The process named, the one that is there, or the one of the interface's VRF."""
    if record.process:
        return record.process
    section = config.section(interface_header(record.interface, config))
    stated = next((match[1] for text in section if (match := _AREA.fullmatch(text))), None)
    return stated or _router(record, section, config).split(" ")[2]


def _router(record: OspfInterface, section: Tree, config: Config) -> str:
    """The header of the process that an interface belongs to."""
    vrf = value(section, "vrf forwarding ") or value(section, "ip vrf forwarding ") or "default"
    found = [(header, match) for header in config.tree if (match := _HEADER.fullmatch(header))]
    if record.process is not None:
        named = [header for header, match in found if match[1] == record.process]
        return named[0] if named else f"router ospf {record.process}"
    own = [header for header, match in found if (match[2] or "default") == vrf]
    return own[0] if own else "router ospf 1"


def screened(*outputs: str) -> list[OspfInterface]:
    """What `show ip ospf interface brief` says of each interface's settings."""
    return ospf_interfaces(outputs, CISCO_IOS.long)
