"""OSPFv2 on the interfaces of a Nexus."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from netloom.errors import Unsupported
from netloom.model.config import Config, Line, Tree
from netloom.model.ospf_interface import OspfInterface
from netloom.platforms.cisco_nxos.change import change
from netloom.platforms.cisco_nxos.ospf import dotted, process_of
from netloom.platforms.interface_names import CISCO_NXOS
from netloom.platforms.line_words import number, word
from netloom.platforms.ospf_interface_table import ospf_interfaces

_AREA = re.compile(r"ip router ospf (\S+) area (\S+)( secondaries none)?")
_NUMBERS = {
    "cost": "ip ospf cost",
    "hello_interval_s": "ip ospf hello-interval",
    "dead_interval_s": "ip ospf dead-interval",
    "priority": "ip ospf priority",
}
_NETWORKS = ("point-to-point", "broadcast")
_DEFAULTS = {"hello_interval_s": 10, "priority": 1, "network_type": "broadcast"}
_PASSIVE = "ip ospf passive-interface"


def configured(config: Config) -> list[OspfInterface]:
    """Every interface with a line about OSPF."""
    found = [_interface(header.removeprefix("interface "), below) for header, below in config.sections("interface ")]
    return [record for record in found if record != OspfInterface(interface=record.interface)]


def lines(record: OspfInterface, config: Config) -> list[Line]:
    """The lines about OSPF in the interface's section."""
    path = (f"interface {record.interface}",)
    section = config.section(*path)
    shown = canonical(record)
    texts = [_area_text(shown, section, config)] if shown.area else []
    for name, start in _NUMBERS.items():
        value = getattr(shown, name)
        stated = f"{start} {_DEFAULTS.get(name)}"
        if value is not None or stated in section:
            texts.append(f"{start} {value}" if value is not None else stated)
    network = f"ip ospf network {_DEFAULTS['network_type']}"
    if shown.network_type:
        texts.append(f"ip ospf network {shown.network_type}")
    elif network in section:
        texts.append(network)
    flags = {"ip ospf bfd": shown.bfd, "ip ospf mtu-ignore": shown.mtu_ignore, _PASSIVE: shown.passive is True}
    texts += [text for text, on in flags.items() if on]
    if shown.passive is False:
        texts.append(f"no {_PASSIVE}")
    return [Line(text, path) for text in texts]


def render(have: OspfInterface | None, want: OspfInterface | None, config: Config) -> list[Line]:
    """The least change."""
    if want is not None and want.network_type not in (None, *_NETWORKS):
        raise Unsupported(f"ospf_interface {want.interface}: NX-OS has no network_type {want.network_type}", device="")
    features = ["feature ospf", *(["feature bfd"] if want is not None and want.bfd else [])]
    return change(have, want, config, lines, *features)


def canonical(record: OspfInterface) -> OspfInterface:
    """Without the defaults; areas as addresses."""
    changed: dict[str, Any] = {name: None for name, default in _DEFAULTS.items() if getattr(record, name) == default}
    area = dotted(record.area) if record.area else None
    return replace(record, area=area, process=record.process if area else None, **changed)


def _interface(name: str, below: Tree) -> OspfInterface:
    area = next((match for text in below if (match := _AREA.fullmatch(text))), None)
    numbers: dict[str, Any] = {field: number(below, f"{start} ") for field, start in _NUMBERS.items()}
    network: Any = word(below, "ip ospf network ")
    return canonical(
        OspfInterface(
            interface=name,
            process=area[1] if area else None,
            area=area[2] if area else None,
            network_type=network if network in _NETWORKS else None,
            passive=True if _PASSIVE in below else False if f"no {_PASSIVE}" in below else None,
            bfd="ip ospf bfd" in below,
            mtu_ignore="ip ospf mtu-ignore" in below,
            **numbers,
        )
    )


def _area_text(record: OspfInterface, section: Tree, config: Config) -> str:
    """With the process of the interface's VRF, where none is named; as the configuration spells it."""
    present = next((match for text in section if (match := _AREA.fullmatch(text))), None)
    process = record.process or (
        present[1] if present else process_of(config, word(section, "vrf member ") or "default")
    )
    if present is not None and (present[1], dotted(present[2])) == (process, record.area):
        return present[0]
    return f"ip router ospf {process} area {record.area}"


def screened(*outputs: str) -> list[OspfInterface]:
    """What `show ip ospf interface brief` says of each interface's settings."""
    return ospf_interfaces(outputs, CISCO_NXOS.long)
