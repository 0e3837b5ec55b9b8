"""How the ports of a Cisco IOS switch switch."""

from __future__ import annotations

from netloom.model.config import Config, Line
from netloom.model.switchport import Switchport, SwitchportState
from netloom.platforms.cisco_ios import screen, show_switchport
from netloom.platforms.cisco_ios.change import change
from netloom.platforms.cisco_ios.interface_headers import interface_header, interface_sections
from netloom.platforms.contract import Read
from netloom.platforms.switchport_lines import SwitchportWords, canonical_switchport, switchport, switchport_texts

READ = Read("show interfaces switchport")
WORDS = SwitchportWords()


def configured(config: Config) -> list[Switchport]:
    """Every interface that says something of switching."""
    found = [switchport(name, below, WORDS) for name, below in interface_sections(config)]
    return [record for record in found if record is not None]


def lines(record: Switchport, config: Config) -> list[Line]:
    """Its lines in the interface's section."""
    header = interface_header(record.interface, config)
    return [Line(text, (header,)) for text in switchport_texts(record, config.section(header), WORDS)]


def render(have: Switchport | None, want: Switchport | None, config: Config) -> list[Line]:
    """The least change; the VLANs of a trunk change in one step."""
    return change(have, want, config, lines)


def canonical(record: Switchport) -> Switchport:
    """Without the defaults."""
    return canonical_switchport(record, WORDS)


def observed(*outputs: str) -> list[SwitchportState]:
    """One record a port."""
    return screen.records(outputs, show_switchport.READERS)
