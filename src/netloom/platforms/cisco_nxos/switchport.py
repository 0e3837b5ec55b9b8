"""How the ports of a Nexus switch."""

from __future__ import annotations

from collections.abc import Iterable

from netloom.errors import Unsupported
from netloom.model.config import Config, Line
from netloom.model.switchport import Switchport, SwitchportState
from netloom.platforms import lines as engine
from netloom.platforms.cisco_nxos import show_switchport
from netloom.platforms.cisco_nxos.change import change
from netloom.platforms.cisco_nxos.ports import can_switch, defaults_of
from netloom.platforms.cisco_nxos.rules import rules_of
from netloom.platforms.cisco_nxos.screens import telling
from netloom.platforms.contract import Read
from netloom.platforms.replies import Reader, merged
from netloom.platforms.switchport_lines import (
    SwitchportWords,
    canonical_switchport,
    leaves_mode,
    switchport,
    switchport_texts,
)

READ = Read("show interface switchport | json")

_READERS = (
    Reader(show_switchport.KNOWS_REPLY, show_switchport.port_replies),
    Reader(show_switchport.KNOWS, show_switchport.ports),
)


_ROUTES = ("ip address ", "ipv6 address ", "vrf member ")


def configured(config: Config) -> list[Switchport]:
    """Every port about whose switching something is said."""
    words = _words(config)
    ports = [(header.removeprefix("interface "), below) for header, below in config.sections("interface ")]
    found = (switchport(name, below, words) for name, below in ports if can_switch(name))
    return [record for record in found if record is not None]


def lines(record: Switchport, config: Config) -> list[Line]:
    """The `switchport` lines of the port's section."""
    path = (f"interface {record.interface}",)
    section, words = config.section(*path), _words(config)
    texts = switchport_texts(canonical(record), section, words)
    if words.switched and "no switchport" not in section:
        texts = [text for text in texts if text != "no switchport"]
    return [Line(text, path) for text in texts]


def render(have: Switchport | None, want: Switchport | None, config: Config) -> list[Line]:
    """The least change; a port that has an address keeps routing when nobody speaks of its switching."""
    section = config.section(f"interface {(want or have or Switchport('')).interface}")
    if want is None:
        keeps = have is not None and have.mode == "routed" and _has_to_route(section)
        return [] if keeps else change(have, want, config, _unless_default)
    if not can_switch(want.interface):
        raise Unsupported(f"switchport {want.interface}: NX-OS switches on Ethernet and port-channel only", device="")
    if (leave := leaves_mode(want, section)) is not None:
        first = Line(leave, (f"interface {want.interface}",))
        return [first, *change(have, want, engine.apply_lines(config, [first], rules_of(config)), lines)]
    return change(have, want, config, lines)


def canonical(record: Switchport) -> Switchport:
    """Without the defaults: access mode, VLAN 1, and every VLAN on a trunk; a routed port has no VLANs."""
    if record.mode == "routed":
        return Switchport(record.interface, "routed")
    return canonical_switchport(record, SwitchportWords(mode="access"))


def _unless_default(record: Switchport, config: Config) -> list[Line]:
    """Without the line that says what holds by itself: its negation would say the contrary."""
    default = "switchport" if defaults_of(config.tree).switched else "no switchport"
    return [line for line in lines(record, config) if line.text != default]


def _words(config: Config) -> SwitchportWords:
    return SwitchportWords(mode="access", switched=not defaults_of(config.tree).switched)


def _has_to_route(section: Iterable[str]) -> bool:
    return any(text.startswith(_ROUTES) for text in section)


def observed(*outputs: str) -> list[SwitchportState]:
    """Every port that can switch."""
    return merged(telling(outputs), _READERS)
