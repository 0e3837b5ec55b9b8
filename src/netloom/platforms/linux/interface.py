"""The interfaces of a Linux host."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from dataclasses import replace

from netloom.model.config import Config, Line
from netloom.model.interface import Interface, InterfaceState
from netloom.platforms import if_mib, iproute2
from netloom.platforms import lines as engine
from netloom.platforms.contract import Columns
from netloom.platforms.linux.rules import RULES
from netloom.platforms.refusals import refuse

READ = (replace(iproute2.INTERFACES, where="cli"), replace(iproute2.SPEEDS, where="cli"))
WALK = if_mib.COLUMNS
COMPLEMENT = True

_CANNOT = ("vrf", "vlan", "acl_in", "acl_out", "ipv6_acl_in", "ipv6_acl_out")
_DEFAULT_MTU = {"lo": 65536}


def configured(config: Config) -> list[Interface]:
    """Every interface that is not at its defaults; the order of addresses is not kept."""
    found: dict[str, Interface] = {}
    for text in config.tree:
        words = text.split(" ", 5)
        if text.startswith("link set dev "):
            known = found.get(words[3]) or Interface(words[3])
            found[words[3]] = _with_setting(known, words[4], text.split(" ", 5)[5:])
        elif text.startswith("address add ") and len(words) == 5:
            known = found.get(words[4]) or Interface(words[4])
            found[words[4]] = replace(known, addresses=(*known.addresses, words[2]))
    return [replace(record, addresses=_sorted(record.addresses)) for record in found.values()]


def lines(record: Interface, config: Config) -> list[Line]:  # noqa: ARG001 - every noun's lines sees the configuration
    """What differs from the defaults."""
    start = f"link set dev {record.name}"
    texts = [f"{start} alias {record.description}"] if record.description else []
    if record.mtu not in (None, _DEFAULT_MTU.get(record.name, 1500)):
        texts.append(f"{start} mtu {record.mtu}")
    if not record.enabled:
        texts.append(f"{start} down")
    texts += [f"address add {address} dev {record.name}" for address in record.addresses]
    return [Line(text) for text in texts]


def render(have: Interface | None, want: Interface | None, config: Config) -> list[Line]:
    """The least change."""
    if want is not None:
        hint = "set it up by other means, such as the system's own files"
        refuse(want, _CANNOT, f"interface {want.name}", "netloom does not set, on Linux, its", hint=hint)
    before = lines(have, config) if have is not None else []
    after = lines(want, config) if want is not None else []
    return engine.change(config, before, after, RULES)


def canonical(record: Interface) -> Interface:
    """Addresses sorted, the default MTU as None."""
    default = _DEFAULT_MTU.get(record.name, 1500)
    return replace(
        record,
        description=record.description or None,
        addresses=_sorted(record.addresses),
        mtu=None if record.mtu == default else record.mtu,
    )


def _with_setting(record: Interface, name: str, value: list[str]) -> Interface:
    if name == "alias":
        return replace(record, description=value[0] if value else None)
    if name == "mtu":
        return replace(record, mtu=int(value[0]))
    return replace(record, enabled=name != "down")


def _sorted(addresses: Iterable[str]) -> tuple[str, ...]:
    found = sorted((ipaddress.ip_interface(text) for text in addresses), key=lambda each: (each.version, each))
    return tuple(dict.fromkeys(map(str, found)))


def observed(links: str, speeds: str = "") -> list[InterfaceState]:
    """Interfaces from `ip address`, their speeds from sysfs."""
    return iproute2.interfaces(links, speeds)


def walked(columns: Columns) -> list[InterfaceState]:
    """Interfaces from IF-MIB."""
    return if_mib.interfaces(columns)
