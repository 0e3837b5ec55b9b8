"""The interfaces of a Nexus."""

from __future__ import annotations

from dataclasses import replace

from netloom.model.config import Config, Line
from netloom.model.interface import Interface, InterfaceState
from netloom.platforms import if_mib
from netloom.platforms import lines as engine
from netloom.platforms.cisco_nxos import (
    interface_replies,
    show_counters,
    show_interface,
    show_interface_tables,
    show_ip_interface,
)
from netloom.platforms.cisco_nxos.change import change
from netloom.platforms.cisco_nxos.interface_lines import has_to_route, interface_lines, interfaces
from netloom.platforms.cisco_nxos.ports import can_switch, defaults_of, is_physical, is_routed, up_by_default
from netloom.platforms.cisco_nxos.rules import rules_of
from netloom.platforms.cisco_nxos.screens import telling
from netloom.platforms.cisco_nxos.words import one_line
from netloom.platforms.complement import complemented
from netloom.platforms.contract import Columns, Read
from netloom.platforms.replies import Reader, merged

READ = (
    Read("show interface | json"),
    Read("show ip interface vrf all | json"),
    Read("show ipv6 interface vrf all | json"),
)
WALK = if_mib.COLUMNS

_READERS = (
    Reader(interface_replies.KNOWS_IP, interface_replies.ip_interfaces),
    Reader(interface_replies.KNOWS, interface_replies.interfaces),
    Reader(show_counters.KNOWS, show_counters.interfaces),
    Reader(show_interface_tables.KNOWS, show_interface_tables.interfaces),
    Reader(show_ip_interface.KNOWS, show_ip_interface.interfaces),
    Reader(show_interface.KNOWS, show_interface.interfaces),
)


_FEATURES = {"Vlan": "feature interface-vlan", "Tunnel": "feature tunnel"}
_MTU = 1500


def configured(config: Config) -> list[Interface]:
    """Every interface section."""
    return list(interfaces(config))


def lines(record: Interface, config: Config) -> list[Line]:
    """Its section, as far as it is not another noun's."""
    return interface_lines(record, config)


def render(have: Interface | None, want: Interface | None, config: Config) -> list[Line]:
    """The least change; a port with an address stops switching first, and a physical one is emptied, never removed."""
    if want is None:
        stays = have is not None and (is_physical(have.name) or have.name == "Vlan1")
        return change(have, _emptied(have, config) if have and stays else None, config, lines)
    first = _routing(have, want, config)
    if first:
        config = engine.apply_lines(config, first, rules_of(config))
    features = [feature for start, feature in _FEATURES.items() if want.name.startswith(start)]
    rest = change(have, want, config, lines, *features)
    return [*first, *rest]


def canonical(record: Interface) -> Interface:
    """Without the usual MTU; secondary addresses in order."""
    ipv4 = [address for address in record.addresses if ":" not in address]
    ipv6 = [address for address in record.addresses if ":" in address]
    return replace(
        record,
        description=one_line(record.description),
        mtu=None if record.mtu == _MTU else record.mtu,
        addresses=(*ipv4[:1], *sorted(ipv4[1:]), *sorted(ipv6)),
    )


def _emptied(have: Interface, config: Config) -> Interface:
    """A port about which nothing is said."""
    section = config.section(f"interface {have.name}")
    return Interface(have.name, enabled=up_by_default(have.name, section, defaults_of(config.tree)))


def _routing(have: Interface | None, want: Interface, config: Config) -> list[Line]:
    """The lines that make a port, or a new subinterface's parent, route."""
    parent, dot, _ = want.name.partition(".")
    if not (has_to_route(want) or (dot and have is None and can_switch(parent))):
        return []
    header = f"interface {parent}"
    if is_routed(parent, config.section(header), defaults_of(config.tree)):
        return []
    return [Line("no switchport", (header,))]


def observed(*outputs: str) -> list[InterfaceState]:
    """Every interface, with what its state, its addresses and its counters tell."""
    apart = [merged([output], _READERS) for output in telling(outputs)]
    addresses: dict[str, list[str]] = {}
    for states in apart:
        for state in states:
            addresses.setdefault(state.name, []).extend(state.addresses)
    found: list[InterfaceState] = []
    for states in apart:
        found = complemented(found, states)
    return [replace(state, addresses=_once(addresses[state.name])) for state in found]


def _once(addresses: list[str]) -> tuple[str, ...]:
    """Each address once, with its length where any output tells it: briefs do not."""
    lengths = {text.partition("/")[0] for text in addresses if "/" in text}
    return tuple(dict.fromkeys(text for text in addresses if "/" in text or text not in lengths))


def walked(columns: Columns) -> list[InterfaceState]:
    """IF-MIB's view."""
    return if_mib.interfaces(columns)
