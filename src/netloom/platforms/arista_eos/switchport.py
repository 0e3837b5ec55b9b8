"""How ports switch."""

from __future__ import annotations

import re

from netloom.errors import Unsupported
from netloom.model.config import Config, Line
from netloom.model.switchport import Switchport, SwitchportState
from netloom.platforms import lines as engine
from netloom.platforms.arista_eos import show_switchport
from netloom.platforms.arista_eos.change import change
from netloom.platforms.arista_eos.rules import rules_of
from netloom.platforms.switchport_lines import (
    SwitchportWords,
    canonical_switchport,
    leaves_mode,
    switchport,
    switchport_texts,
)

READ = show_switchport.READ

_WORDS = SwitchportWords(mode="access", voice="switchport phone vlan")
_ROUTES = ("ip address ", "ipv6 address ", "vrf ")
_PORT = re.compile(r"(?:Ethernet|Port-Channel|UnconnectedEthernet)[\d/]+")


def configured(config: Config) -> list[Switchport]:
    """Ports that say how they switch, or that they do not; all others switch, untagged in VLAN 1."""
    ports = ((header.split(" ", 1)[1], below) for header, below in config.sections("interface "))
    return [port for name, below in ports if (port := switchport(name, below, _WORDS)) is not None]


def lines(record: Switchport, config: Config) -> list[Line]:
    """The `switchport` lines of the interface's section."""
    header = f"interface {record.interface}"
    return [Line(text, (header,)) for text in switchport_texts(record, config.section(header), _WORDS)]


def render(have: Switchport | None, want: Switchport | None, config: Config) -> list[Line]:
    """The least change; the VLANs of a trunk change in one line."""
    if want is not None and not _PORT.fullmatch(want.interface) and lines(want, config):
        hint = "only Ethernet and Port-Channel interfaces do"
        raise Unsupported(f"switchport {want.interface}: this interface cannot switch", device="", hint=hint)
    if want is None and have is not None and have.mode == "routed":
        section = config.section(f"interface {have.interface}")
        if any(text.startswith(_ROUTES) for text in section):
            return []  # it has an address: that it routes goes without saying
    header = f"interface {want.interface}" if want is not None else ""
    if want is not None and (leave := leaves_mode(want, config.section(header))) is not None:
        first = Line(leave, (header,))
        return [first, *change(have, want, engine.apply_lines(config, [first], rules_of(config)), lines)]
    return change(have, want, config, lines)


def canonical(record: Switchport) -> Switchport:
    """Without the defaults; a port that switches and says no mode is an access port."""
    return canonical_switchport(record, _WORDS)


def observed(*outputs: str) -> list[SwitchportState]:
    """Every port that could switch, as eAPI or the command line tells."""
    return show_switchport.switchports(outputs)
