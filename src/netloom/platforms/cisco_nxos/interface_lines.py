"""What an interface of a Nexus is, as lines of its section and as a record."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from netloom.model.config import Config, Line, Tree
from netloom.model.interface import Interface
from netloom.model.text import canonical_interface_address
from netloom.platforms.cisco_nxos.ports import Defaults, can_switch, defaults_of, is_routed, is_up, up_by_default
from netloom.platforms.cisco_nxos.words import one_line
from netloom.platforms.line_words import number, value, word

_IPV4 = re.compile(r"ip address (\S+/\d+|\S+ \d+\.\d+\.\d+\.\d+)( secondary)?(?: tag \d+)?")
_IPV6 = re.compile(r"ipv6 address (\S+/\d+)(?: tag \d+)?")
_BINDINGS = {
    "acl_in": ("ip", "access-group", "in"),
    "acl_out": ("ip", "access-group", "out"),
    "ipv6_acl_in": ("ipv6", "traffic-filter", "in"),
    "ipv6_acl_out": ("ipv6", "traffic-filter", "out"),
}
_MTU = 1500


def interfaces(config: Config) -> Iterator[Interface]:
    """Every interface section."""
    defaults = defaults_of(config.tree)
    for header, below in config.sections("interface "):
        name = header.removeprefix("interface ")
        if " " not in name:
            yield Interface(
                name=name,
                description=one_line(value(below, "description ")),
                vrf=word(below, "vrf member "),
                addresses=tuple(address for address, _ in _in_order(below)),
                mtu=number(below, "mtu "),
                enabled=is_up(name, below, defaults),
                vlan=number(below, "encapsulation dot1q "),
                **{field: _bound(below, *words) for field, words in _BINDINGS.items()},
            )


def interface_lines(record: Interface, config: Config) -> list[Line]:
    """The header and the lines of a section, in the words that the configuration has."""
    header = f"interface {record.name}"
    section = config.section(header)
    texts = [f"description {description}"] if (description := one_line(record.description)) else []
    if record.vrf:
        texts.append(f"vrf member {record.vrf}")
    if record.vlan is not None:
        texts.append(f"encapsulation dot1q {record.vlan}")
    if record.mtu is not None and (record.mtu != _MTU or f"mtu {_MTU}" in section):
        texts.append(f"mtu {record.mtu}")
    texts += _address_texts(record.addresses, section)
    defaults = defaults_of(config.tree)
    becoming = _becoming(record, section, defaults)
    switched = not is_routed(record.name, becoming, defaults)
    for field, words in _BINDINGS.items():
        if name := getattr(record, field):
            texts.append(_binding(name, words, section, switched=switched))
    if state := _state(record, becoming, defaults):
        texts.append(state)
    return [Line(header), *(Line(text, (header,)) for text in texts)]


def has_to_route(record: Interface) -> bool:
    """Whether a record wishes for what only a routing port does."""
    return can_switch(record.name) and bool(record.addresses or record.vrf)


def _becoming(record: Interface, section: Iterable[str], defaults: Defaults) -> list[str]:
    """The section once the port routes, where it has to."""
    if not has_to_route(record) or is_routed(record.name, section, defaults):
        return list(section)
    kept = [text for text in section if not text.startswith("switchport")]
    return [*kept, "no switchport"] if defaults.switched else kept


def _state(record: Interface, section: Iterable[str], defaults: Defaults) -> str | None:
    """A state is said where it is not the default, and kept where it is said already."""
    up = up_by_default(record.name, section, defaults)
    text = "no shutdown" if record.enabled else "shutdown"
    return text if record.enabled != up or text in section else None


def _in_order(section: Tree) -> list[tuple[str, str]]:
    """Addresses and their lines: IPv4 with the primary first, then IPv6."""
    found: dict[str, list[tuple[str, str]]] = {"primary": [], "secondary": [], "ipv6": []}
    for text in section:
        if match := _IPV4.fullmatch(text):
            kind = "secondary" if match[2] else "primary"
            found[kind].append((canonical_interface_address(match[1].replace(" ", "/")), text))
        elif match := _IPV6.fullmatch(text):
            found["ipv6"].append((canonical_interface_address(match[1]), text))
    return [*found["primary"], *found["secondary"], *found["ipv6"]]


def _address_texts(addresses: Iterable[str], section: Tree) -> Iterator[str]:
    present = {(address, " secondary" in text): text for address, text in _in_order(section)}
    first = True
    for address in addresses:
        if ":" in address:
            yield present.get((address, False), f"ipv6 address {address}")
            continue
        plain = f"ip address {address}"
        yield present.get((address, not first), plain if first else f"{plain} secondary")
        first = False


def _bound(section: Tree, family: str, verb: str, direction: str) -> str | None:
    """The list of a routing port, else of a switching one."""
    for start in (f"{family} {verb} ", f"{family} port {verb} "):
        for text in section:
            if text.startswith(start) and text.endswith(f" {direction}") and text.count(" ") == start.count(" ") + 1:
                return text.split()[-2]
    return None


def _binding(name: str, words: tuple[str, str, str], section: Tree, *, switched: bool) -> str:
    family, verb, direction = words
    texts = [f"{family} {port}{verb} {name} {direction}" for port in ("", "port ")]
    return next((text for text in texts if text in section), texts[1] if switched else texts[0])
