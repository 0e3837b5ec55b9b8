"""OSPFv2 on the interfaces of an FRR router."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal, cast

from netloom.model.config import Config, Line, Tree
from netloom.model.ospf_interface import OspfInterface
from netloom.platforms.frr.change import change
from netloom.platforms.frr.interface import section_of
from netloom.platforms.line_words import number, word
from netloom.platforms.refusals import refuse

_NUMBERS = {
    "cost": "ip ospf cost",
    "hello_interval_s": "ip ospf hello-interval",
    "dead_interval_s": "ip ospf dead-interval",
    "priority": "ip ospf priority",
}
_NETWORKS = ("point-to-point", "broadcast", "non-broadcast", "point-to-multipoint")
_DEFAULTS = {"hello_interval_s": 10, "priority": 1, "network_type": "broadcast"}
"""Not shown; a dead interval is shown even where it is the default."""


def configured(config: Config) -> list[OspfInterface]:
    """Every interface with a line about OSPF; older releases keep passive ones under `router ospf`."""
    passive = {text.split()[1] for text in config.section("router ospf") if text.startswith("passive-interface ")}
    found = [(header.split()[1], below) for header, below in config.sections("interface ")]
    records = [_interface(name, below, passive=name in passive) for name, below in found]
    known = {name for name, _ in found} | {"default"}
    records += [OspfInterface(interface=name, passive=True) for name in sorted(passive - known)]
    return [record for record in records if record != OspfInterface(interface=record.interface)]


def lines(record: OspfInterface, config: Config) -> list[Line]:
    """The `ip ospf` lines of the interface's section."""
    path = (section_of(record.interface, config),)
    shown = canonical(record)
    texts = [f"ip ospf area {shown.area}"] if shown.area else []
    texts += [f"{start} {found}" for name, start in _NUMBERS.items() if (found := getattr(shown, name)) is not None]
    if shown.network_type:
        texts.append(f"ip ospf network {shown.network_type}")
    flags = {"ip ospf bfd": shown.bfd, "ip ospf mtu-ignore": shown.mtu_ignore, "ip ospf passive": shown.passive is True}
    texts += [text for text, on in flags.items() if on]
    if shown.passive is False:
        texts.append("no ip ospf passive")
    older = f"passive-interface {record.interface}"
    found_lines = [Line(text, path) for text in texts]
    if shown.passive and older in config.section("router ospf"):
        return [line for line in found_lines if line.text != "ip ospf passive"] + [Line(older, ("router ospf",))]
    return found_lines


def render(have: OspfInterface | None, want: OspfInterface | None, config: Config) -> list[Line]:
    """The least change."""
    if want is not None:
        refuse(want, ("process",), f"OSPF on {want.interface}", "FRR has one instance a VRF, without a")
    return change(have, want, config, lines)


def canonical(record: OspfInterface) -> OspfInterface:
    """Without what FRR does not show."""
    return replace(
        record,
        hello_interval_s=None if record.hello_interval_s == _DEFAULTS["hello_interval_s"] else record.hello_interval_s,
        priority=None if record.priority == _DEFAULTS["priority"] else record.priority,
        network_type=None if record.network_type == _DEFAULTS["network_type"] else record.network_type,
    )


def _interface(name: str, below: Tree, *, passive: bool) -> OspfInterface:
    numbers: dict[str, Any] = {field: number(below, f"{start} ") for field, start in _NUMBERS.items()}
    network = word(below, "ip ospf network ")
    stated = True if "ip ospf passive" in below or passive else None
    return OspfInterface(
        interface=name,
        area=word(below, "ip ospf area "),
        network_type=cast(
            "Literal['point-to-point', 'broadcast', 'non-broadcast', 'point-to-multipoint'] | None",
            network if network in _NETWORKS else None,
        ),
        passive=False if "no ip ospf passive" in below else stated,
        bfd="ip ospf bfd" in below,
        mtu_ignore="ip ospf mtu-ignore" in below,
        **numbers,
    )
