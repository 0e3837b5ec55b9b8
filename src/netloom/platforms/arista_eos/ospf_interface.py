"""OSPFv2 on the interfaces of an EOS switch."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal, cast

from netloom.errors import Unsupported
from netloom.model.config import Config, Line, once
from netloom.model.ospf_interface import OspfInterface
from netloom.platforms.arista_eos.change import change
from netloom.platforms.arista_eos.ospf import header_of
from netloom.platforms.arista_eos.rules_interface import dotted
from netloom.platforms.arista_eos.syntax import vrf_of
from netloom.platforms.interface_names import ARISTA_EOS
from netloom.platforms.line_words import number, word
from netloom.platforms.ospf_interface_table import ospf_interfaces

_NUMBERS = {
    "cost": "ip ospf cost",
    "hello_interval_s": "ip ospf hello-interval",
    "dead_interval_s": "ip ospf dead-interval",
    "priority": "ip ospf priority",
}
_AREA = "ip ospf area "
_NETWORKS = ("point-to-point", "broadcast", "non-broadcast", "point-to-multipoint")
_DEFAULTS = {"hello_interval_s": 10, "dead_interval_s": 40, "priority": 1, "network_type": "broadcast"}
_STATED_DEFAULTS = tuple(f"{_NUMBERS.get(name, 'ip ospf network')} {default}" for name, default in _DEFAULTS.items())
_BFD = ("ip ospf neighbor bfd", "ip ospf bfd")


def configured(config: Config) -> list[OspfInterface]:
    """Every interface with a line about OSPF, there or in its VRF's instance."""
    names = [header.split(" ", 1)[1] for header, _ in config.sections("interface ")]
    for header, _ in config.sections("router ospf "):
        passive = (text.rsplit(" ", 1)[1] for text in config.section(header) if "passive-interface " in text)
        names += [name for name in passive if name not in names and name != "default"]
    found = [_interface(name, config) for name in names]
    return [record for record in found if record != OspfInterface(record.interface)]


def lines(record: OspfInterface, config: Config) -> list[Line]:
    """The `ip ospf` lines of the interface's section, and whether it is passive in its VRF's instance."""
    header = f"interface {record.interface}"
    section, shown = config.section(header), canonical(record)
    texts = [f"ip ospf area {shown.area}"] if shown.area else []
    same = (text for text in section if text.startswith(_AREA) and dotted(text.removeprefix(_AREA)) == shown.area)
    texts = [next(same, text) for text in texts]
    texts += [f"{start} {found}" for name, start in _NUMBERS.items() if (found := getattr(shown, name)) is not None]
    if shown.network_type:
        texts.append(f"ip ospf network {shown.network_type}")
    texts += [text for text in _STATED_DEFAULTS if text in section and _slot(text) not in set(map(_slot, texts))]
    if shown.bfd:
        texts.append(next((text for text in _BFD if text in section), _BFD[0]))
    if shown.mtu_ignore:
        texts.append("ip ospf mtu-ignore")
    found = [Line(text, (header,)) for text in texts]
    instance = _instance_of(record.interface, config)
    if shown.passive is not None and instance is not None:
        sign = "" if shown.passive else "no "
        found.append(Line(f"{sign}passive-interface {record.interface}", (instance,)))
    return found


def render(have: OspfInterface | None, want: OspfInterface | None, config: Config) -> list[Line]:
    """The least change."""
    if want is not None:
        title = f"ospf_interface {want.interface}"
        if want.process is not None:
            raise Unsupported(f"{title}: EOS names no process on interfaces", device="", hint="its VRF decides")
        instance = _instance_of(want.interface, config)
        if want.passive is not None and instance is None:
            hint = "wish for an instance under `ospf:`"
            raise Unsupported(f"{title}: passive stands in its VRF's instance; there is none", device="", hint=hint)
        if want.passive is False and instance and "passive-interface default" not in config.section(instance):
            want = replace(want, passive=None)
    return change(have, want, config, lines)


def canonical(record: OspfInterface) -> OspfInterface:
    """Areas as addresses, without the defaults."""
    found: dict[str, Any] = {name: None for name, default in _DEFAULTS.items() if getattr(record, name) == default}
    return replace(record, area=dotted(record.area) if record.area else None, **found)


def _instance_of(interface: str, config: Config) -> str | None:
    """The header of the instance that the interface belongs to."""
    return _passive(config).get(interface) or header_of(vrf_of(config, interface), config)


def _slot(text: str) -> str:
    return text.rsplit(" ", 1)[0]


@once
def _passive(config: Config) -> dict[str, str]:
    """The instance that says whether an interface is passive."""
    found: dict[str, str] = {}
    for header, below in config.sections("router ospf "):
        for text in below:
            interface = text.removeprefix("no ").removeprefix("passive-interface ")
            if text in (f"passive-interface {interface}", f"no passive-interface {interface}"):
                found.setdefault(interface, header)
    return found


def _interface(name: str, config: Config) -> OspfInterface:
    below = config.section(f"interface {name}")
    instance = config.section(_instance_of(name, config) or "")
    text = f"passive-interface {name}"
    numbers: dict[str, Any] = {field: number(below, f"{start} ") for field, start in _NUMBERS.items()}
    network = word(below, "ip ospf network ")
    return canonical(
        OspfInterface(
            interface=name,
            area=word(below, "ip ospf area "),
            network_type=cast(
                "Literal['point-to-point', 'broadcast', 'non-broadcast', 'point-to-multipoint'] | None",
                network if network in _NETWORKS else None,
            ),
            passive=True if text in instance else False if f"no {text}" in instance else None,
            bfd=any(text in below for text in _BFD),
            mtu_ignore="ip ospf mtu-ignore" in below,
            **numbers,
        )
    )


def screened(*outputs: str) -> list[OspfInterface]:
    """What `show ip ospf interface brief` says of each interface's settings."""
    return ospf_interfaces(outputs, ARISTA_EOS.long)
